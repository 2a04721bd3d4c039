"""What the page says of checked claims and of chains: never more than is known."""

import pytest
from report_run import Row, make_run, post
from test_report_page import Reader

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
