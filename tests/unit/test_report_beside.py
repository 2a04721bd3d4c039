"""What the page says of checked claims and of chains: never more than is known."""

from datetime import date
from pathlib import Path

import pytest
from report_run import Row, make_run, post
from test_report_page import Reader

from netralitas_nlp.policy.policies import load_policy, released_policy
from netralitas_nlp.policy.stages import stage_code
from netralitas_nlp.report.page import write_report
from netralitas_nlp.scoring.chains import write_chains
from netralitas_nlp.scoring.run import RunFolder

DEBUNKED = "cocok dengan klaim yang sudah dibantah"
UNVERIFIED = "belum diverifikasi, perlu cek fakta"
HOAX = (0.1, 0.1, 0.9)
CLAIM = {
    "claim_title": "[SALAH] Server KPU diatur dari luar negeri",
    "claim_url": "https://periksa.example/1",
    "claim_similarity": 0.8,
    "claim_stance": "asserts",
    "claim_verdict": "false",
    "claim_date": "2024-02-20",
}
RUMOUR = "Server penghitungan suara Rantau Selasih sudah diatur dari luar negeri sejak bulan lalu"


def page_of(folder, rows: list[Row], *, lang="id", **config: object) -> Reader:
    path = make_run(folder / "run", rows)
    run = RunFolder.open(path)
    write_chains(run)
    run.manifest["config"] |= config
    run.save()
    write_report(path, out=folder / "r.html", lang=lang)
    return Reader((folder / "r.html").read_text(encoding="utf-8"))


def test_an_asserted_claim_that_was_found_false_is_called_debunked(tmp_path):
    page = page_of(tmp_path, [post(RUMOUR, HOAX, **CLAIM)])
    assert DEBUNKED in page.words
    assert UNVERIFIED not in page.words
    for said in ("salah, 20\xa0Feb\xa02024", "menyatakan", "Server KPU diatur", "0,80"):
        assert " ".join(said.split()) in page.words
    assert "https://periksa.example/1" in [a.get("href") for a in page.named("a")]


@pytest.mark.parametrize(
    "change",
    [
        {"claim_stance": "denies"}, {"claim_stance": "asks"}, {"claim_stance": "reports"},
        {"claim_stance": None}, {"claim_stance": "asserts "}, {"claim_verdict": "true"},
        {"claim_verdict": None}, {"claim_verdict": "[salah]"}, {"claim_similarity": 0.49},
        {"claim_similarity": None}, {"claim_title": None},
    ],
)  # fmt: skip
def test_anything_less_is_unverified(tmp_path, change):
    page = page_of(tmp_path, [post(RUMOUR, HOAX, **CLAIM | change)])
    assert DEBUNKED not in page.words
    assert UNVERIFIED in page.words


def test_the_threshold_of_the_run_counts_where_it_is_higher_and_not_where_it_is_lower(tmp_path):
    row = post(RUMOUR, HOAX, **CLAIM | {"claim_similarity": 0.6})
    for number, (threshold, debunked) in enumerate([(0.7, False), (0.1, True), ("x", True)]):
        folder = tmp_path / str(number)
        folder.mkdir()
        page = page_of(folder, [row], claims={"threshold": threshold})
        assert (DEBUNKED in page.words) is debunked
    weak = tmp_path / "lemah"
    weak.mkdir()
    page = page_of(weak, [post(RUMOUR, HOAX, **CLAIM | {"claim_similarity": 0.3})],
                   claims={"threshold": 0.1})  # fmt: skip
    assert DEBUNKED not in page.words


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://a@b.example/", "periksa:77", "data:text/html,x", ""]
)
def test_an_address_that_is_not_one_to_open_is_no_link(tmp_path, url):
    page = page_of(tmp_path, [post(RUMOUR, HOAX, **CLAIM | {"claim_url": url})])
    assert not [a for a in page.named("a") if not str(a.get("href")).startswith("#")]


def test_markup_in_a_title_is_text(tmp_path):
    title = "<script>alert(1)</script>\u202e" + "panjang " * 200
    page = page_of(tmp_path, [post(RUMOUR, HOAX, **CLAIM | {"claim_title": title})])
    assert len(page.named("script")) == 1
    assert "<script>alert(1)</script>" in page.words
    assert page.words.count("panjang") < 60


def test_a_chain_is_shown_once_with_its_first_poster_count_accounts_and_spread(tmp_path):
    near = RUMOUR.replace("bulan", "pekan")
    rows = [
        post(near, (0.1, 0.1, 0.7), account="dua", posted_at="2024-09-03T08:00:00+07:00"),
        post(RUMOUR, HOAX, account="warga_pertama", posted_at="2024-09-01T08:00:00+07:00"),
        post(RUMOUR, HOAX, account="dua", posted_at="2024-09-05T08:00:00+07:00"),
        post("Kabar lain tentang pupuk", HOAX, account="tiga"),
    ]
    page = page_of(tmp_path, rows)
    said = "3 unggahan hampir sama, dari 2 akun, dalam 4 hari. Pertama: Akun"
    assert page.words.count(said.replace("Akun", "")) == 1
    assert page.words.count("sejak bulan lalu") + page.words.count("sejak pekan lalu") == 1
    assert "warga_pertama" not in page.words
    assert len([a for a in page.named("article") if "id" in a]) == 2
    english = tmp_path / "en"
    english.mkdir()
    assert (
        "3 near-identical posts, by 2 accounts, within 4 days"
        in page_of(english, rows, lang="en").words
    )


def test_the_most_urgent_post_stands_for_a_chain_although_the_list_is_full(tmp_path):
    near = RUMOUR.replace("bulan", "pekan")
    rows = [
        post(near, (0.1, 0.1, 0.4)),
        *(post(f"Kabar {n} tentang pupuk", (0.1, 0.1, 0.7 + n / 1000)) for n in range(40)),
        post(RUMOUR, (0.1, 0.1, 0.95)),
        post(near, (0.1, 0.1, 0.5)),
    ]
    path = make_run(tmp_path / "run", rows)
    run = RunFolder.open(path)
    write_chains(run)
    run.save()
    write_report(path, out=tmp_path / "r.html", limit=5)
    page = Reader((tmp_path / "r.html").read_text(encoding="utf-8"))
    listed = [a for a in page.named("article") if "id" in a]
    assert len(listed) == 5
    assert "sejak bulan lalu" in page.words
    assert page.words.count("3 unggahan hampir sama") == 1


CITED_DAY = date(2024, 1, 15)
CITED = {
    "posted_at": "2024-01-15T08:00:00+07:00",
    "clause": "Langkat 2;Langkat 3",
    "stage": stage_code(CITED_DAY),
}
SUPPORT = (0.9, 0.1, 0.9)


def policy_facts(**facts: object) -> dict[str, object]:
    asked = {"district": None, "column": None, "accounts_sha256": ""}
    return {"version": released_policy().version} | asked | facts


def pledges_in(page: Reader) -> int:
    return sum(a.get("class") == "pledge" for a in page.named("div"))


@pytest.mark.parametrize(
    "told", [{"district": "Langkat"}, {"column": "daerah"}, {"accounts_sha256": "ab"}]
)
def test_a_listed_post_shows_point_wording_and_stage(tmp_path, told):
    rows = [post("Ayo menangkan nomor dua", SUPPORT, **CITED), post("Apel pagi", **CITED)]
    page = page_of(tmp_path, rows, policy=policy_facts(**told))
    assert pledges_in(page) == 2
    assert "Poin ikrar yang dikutip: Langkat 2" in page.words
    assert "tidak memihak kepada pasangan calon tertentu" in page.words
    assert "tidak menyebarkan ujaran kebencian dan berita bohong" in page.words
    assert "penandatanganan pakta integritas" in page.words
    assert page.words.count("Tahap pada hari itu: ") == 1
    assert "ampanye" in page.words.split("Tahap pada hari itu: ")[1][:80]


@pytest.mark.parametrize(
    ("clause", "said"),
    [
        ("?district", "tidak punya berkas kebijakan"),
        ("?no_date", "Tanggal unggahan tidak diketahui"),
        ("?before", "belum ada ikrar yang tercatat"),
        ("?after", "sudah berakhir"),
        ("Langkat 2;?not_covered", "Tidak ada poin ikrar yang mencakup label ini"),
        (None, "Daerah unggahan ini tidak diketahui"),
        ("?lain", "Tidak ada poin ikrar yang dikutip."),
    ],
)
def test_what_cannot_be_cited_says_why_and_only_where_districts_were_given(tmp_path, clause, said):
    row = post("Ayo menangkan nomor dua", SUPPORT, **CITED | {"clause": clause})
    page = page_of(tmp_path, [row], policy=policy_facts(column="daerah"))
    assert "Tidak ada poin ikrar yang dikutip" in page.words
    assert said in page.words
    for number, config in enumerate(({"policy": policy_facts()}, {})):
        folder = tmp_path / str(number)
        folder.mkdir()
        silent = page_of(folder, [row], **config)
        assert pledges_in(silent) == 0
        assert said not in silent.words


def test_wordings_of_a_policy_that_the_run_did_not_use_are_not_shown(tmp_path):
    row = post("Ayo menangkan nomor dua", SUPPORT, **CITED)
    page = page_of(tmp_path, [row], policy=policy_facts(version="lain", district="Langkat"))
    assert "Poin ikrar yang dikutip: Langkat 2" in page.words
    assert "tidak memihak" not in page.words
    assert "Bunyinya tidak dapat ditampilkan" in page.words
    assert CITED["stage"] in page.words


def test_wordings_of_the_users_own_policy_are_shown_and_not_trusted(tmp_path):
    (tmp_path / "kebijakan" / "pledges").mkdir(parents=True)
    made = (Path(__file__).parents[2] / "data/policy/pledges/langkat.toml").read_text("utf-8")
    made = made.replace("Menghindari konflik", "<script>x</script> \u202eMenghindari konflik")
    (tmp_path / "kebijakan" / "pledges" / "langkat.toml").write_text(made, "utf-8")
    policy = load_policy(tmp_path / "kebijakan")
    row = post("Ayo", SUPPORT, **CITED | {"clause": "Langkat 2;<img src=x> 3"})
    run = RunFolder.open(make_run(tmp_path / "run", [row]))
    run.manifest["config"]["policy"] = policy_facts(version=policy.version, district="Langkat")
    run.save()
    write_report(run.path, out=tmp_path / "r.html", policy=policy)
    page = Reader((tmp_path / "r.html").read_text(encoding="utf-8"))
    assert len(page.named("script")) == 1
    assert page.named("img") == []
    assert "<script>x</script>" in page.words
    assert "\u202e" not in page.words
