"""The pages of the desk: what a form does to the store, and what is shown to whom."""

import json
import re
from hashlib import sha256

import pytest
from desk_client import PORT, Browser, hidden, hire, make_desk, make_store, posts, seated
from report_run import make_run, post
from tiny_roster import POSTS, ROSTER

from netralitas_nlp.report.levels import level_words, score_words
from netralitas_nlp.report.page import write_report
from netralitas_nlp.review.desk import Desk
from netralitas_nlp.review.dossiers import dossier_maker
from netralitas_nlp.review.journal import entries
from netralitas_nlp.review.judging import record, verdicts_of
from netralitas_nlp.review.queue import next_post
from netralitas_nlp.review.remaining import remaining
from netralitas_nlp.review.store import ReviewStore
from netralitas_nlp.review.words import desk_words
from netralitas_nlp.scoring.run import RunFolder
from netralitas_nlp.text.rosters import Rosters

W = desk_words("id")
LABELS = ("candidate_support", "hate_speech", "hoax")


@pytest.fixture
def desk(tmp_path):
    return make_desk(tmp_path, posts(6))


def current(page: str) -> str:
    return hidden(page, "row_id")


def judge(browser, row_id, *, swap=True, **fields):
    return browser.post("/verdict", {"row_id": row_id, "order": "likely", **fields}, swap=swap)


def said(desk, row_id):
    return [(row.label, row.verdict, row.kind) for row in verdicts_of(desk.store, row_id)]


def team(tmp_path, **settings):
    desk = make_desk(tmp_path, posts(3), alone=False, **settings)
    desk.store.set_setting("double", 1.0, who="uji")
    browsers = []
    for name, role in (("Budi", "reviewer"), ("Citra", "reviewer"), ("Dewi", "adjudicator")):
        hire(desk, name, role)
        browsers.append(Browser(desk).enter())
        assert browsers[-1].login(name).status_code == 303
    return desk, *browsers


def test_name_is_asked_once_and_stands_beside_every_verdict(desk):
    browser = seated(desk, "Sari Wulandari")
    row_id = current(browser.get("/queue").text)
    judge(browser, row_id, act="none")
    assert {row.reviewer for row in verdicts_of(desk.store, row_id)} == {"Sari Wulandari"}
    later = Browser(desk).enter()
    assert later.get("/").headers["location"] == "/queue"
    assert "Sari Wulandari" in later.get("/queue").text


def test_saving_records_what_was_chosen_and_no_for_the_rest(desk):
    browser = seated(desk)
    row_id = current(browser.get("/queue").text)
    answer = judge(
        browser,
        row_id,
        act="save",
        candidate_support="yes",
        hoax="unsure",
        note="cek lagi",
        seconds="2.5",
    )
    assert answer.status_code == 200
    rows = verdicts_of(desk.store, row_id)
    assert [(row.label, row.verdict) for row in rows] == list(
        zip(LABELS, ("yes", "no", "unsure"), strict=True)
    )
    assert {row.note for row in rows} == {"cek lagi"}
    assert {row.seconds for row in rows} == {2.5}
    assert not any(row.blind for row in rows)


def test_answer_to_a_swap_is_a_part_of_the_page_with_another_post(desk):
    browser = seated(desk)
    first = current(browser.get("/queue").text)
    answer = judge(browser, first, act="none").text
    assert "<html" not in answer
    assert answer.lstrip().startswith('<div id="bench"')
    assert current(answer) not in ("", first)


def test_without_script_the_same_form_leads_back_to_the_queue(desk):
    browser = seated(desk)
    row_id = current(browser.get("/queue").text)
    answer = judge(browser, row_id, swap=False, act="none")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/queue?order=likely&account="
    assert len(said(desk, row_id)) == 3


def test_none_and_unsure_answer_for_every_label_that_was_not_chosen(desk):
    browser = seated(desk)
    first = current(browser.get("/queue").text)
    second = current(judge(browser, first, act="none", hoax="yes").text)
    judge(browser, second, act="unsure", hoax="no")
    assert [v for _, v, _ in said(desk, first)] == ["no", "no", "no"]
    assert [v for _, v, _ in said(desk, second)] == ["unsure", "unsure", "no"]


def test_saving_nothing_records_nothing_and_says_what_to_press(desk):
    browser = seated(desk)
    row_id = current(browser.get("/queue").text)
    answer = judge(browser, row_id, act="save", hoax="mungkin")
    assert answer.status_code == 400
    assert answer.headers["hx-retarget"] == "#trouble"
    assert "atau 0" in answer.text
    assert said(desk, row_id) == []


def test_skipped_post_comes_back_at_the_end(desk):
    browser = seated(desk)
    first = current(browser.get("/queue").text)
    answer = judge(browser, first, act="skip").text
    seen = [first]
    while row_id := current(answer):
        seen.append(row_id)
        answer = judge(browser, row_id, act="none").text
        if len(seen) > 10:
            break
    assert seen[0] == seen[-1]
    assert len(set(seen)) == 6


def test_every_button_and_order_says_what_it_does(desk):
    browser = seated(desk)
    page = browser.get("/queue").text
    acts = re.findall(r'<button[^>]*data-act="(\w+)"([^>]*)>', page.split('class="acts"')[1])
    assert [name for name, _ in acts] == ["save", "none", "unsure", "skip", "undo"]
    for _, rest in acts:
        assert len(re.search(r'title="([^"]+)"', rest)[1]) > 15
    orders = re.findall(r'href="/queue\?order=\w+" title="([^"]+)"', page)
    assert len(set(orders)) == 4
    assert "Label yang tidak dipilih dicatat Tidak." in page
    assert page.count("Kode ini menggantikan nama akun") == 1
    assert "setelah sedikitnya 30 unggahan audit acak dinilai" in page


def clear(store, order, who, *, leave=0):
    """Judge an order until ``leave`` posts wait, and hand the next one out."""
    while (queued := next_post(store, reviewer=who, order=order)) is not None:
        if remaining(store, reviewer=who, order=order).count <= leave:
            return
        record(store, queued.row_id, dict.fromkeys(LABELS, "no"), reviewer=who)


def test_empty_queue_says_why_and_where_to_go_on(tmp_path):
    run = make_run(tmp_path / "hasil", posts(60))
    with ReviewStore.open(tmp_path / "reviews.db") as store:
        store.add_run(run, audit=10, seed=1)
        store.set_setting("seeded", 0.0, who="uji")
        desk = Desk(store=store, port=PORT, alone=True)
        browser = seated(desk)
        clear(store, "random", "Sari")
        page = browser.get("/queue?order=random").text
        assert "Semua unggahan di urutan ini sudah Anda nilai atau sudah diputuskan." in page
        left = remaining(store, reviewer="Sari", order="likely").count
        assert f'<a href="/queue?order=likely">Paling mungkin</a>: {left} menunggu Anda' in page
        for address in ("/overview", "/accounts"):
            assert f'<li><a href="{address}">' in page
        assert '<li><a href="/conflicts">Perbedaan</a>:' not in page, "nothing waits there"
        hire(desk, "Budi")
        clear(store, "likely", "Budi", leave=1)
        page = browser.get("/queue").text
        assert "Masih ada 1 unggahan yang sedang dibuka rekan" in page
        assert "sudah Anda nilai atau sudah diputuskan" not in page


def test_agreement_of_nobody_says_how_to_get_some(desk):
    browser = seated(desk)
    for path in ("/agreement", "/overview"):
        page = browser.get(path).text
        assert "Belum ada unggahan yang dinilai dua orang." in page
        assert "Kappa" not in page


def test_undo_adds_rows_and_shows_the_post_again(desk):
    browser = seated(desk)
    first = current(browser.get("/queue").text)
    judge(browser, first, act="none")
    answer = browser.post("/undo", {"order": "likely"}, swap=True).text
    assert current(answer) == first
    assert "ditarik" in answer
    assert [v for _, v, _ in said(desk, first)] == ["no"] * 3 + ["withdrawn"] * 3


def test_undo_of_nothing_says_so(desk):
    answer = seated(desk).post("/undo", {"order": "likely"}, swap=True)
    assert answer.status_code == 400
    assert answer.headers["hx-retarget"] == "#trouble"


@pytest.mark.parametrize("seconds", ["", "nan", "inf", "-1", "1e99", "dua"])
def test_time_that_is_no_time_is_unknown(desk, seconds):
    browser = seated(desk)
    row_id = current(browser.get("/queue").text)
    judge(browser, row_id, act="none", seconds=seconds)
    assert {row.seconds for row in verdicts_of(desk.store, row_id)} == {None}


def test_note_that_is_too_long_is_refused_and_nothing_is_recorded(desk):
    browser = seated(desk)
    row_id = current(browser.get("/queue").text)
    assert judge(browser, row_id, act="none", note="a" * 2001).status_code == 400
    assert said(desk, row_id) == []


def test_unknown_row_is_refused(desk):
    browser = seated(desk)
    assert judge(browser, "tidak-ada", act="none").status_code == 400
    assert browser.get("/context/tidak-ada").status_code == 400


def test_post_stands_in_its_context(desk):
    browser = seated(desk)
    page = browser.get("/queue").text
    assert (
        '<mark class="candidate_support" title="kepentingan calon">menangkan nomor dua</mark>'
        in page
    )
    assert "Menggunakan media sosial secara bijak" in page
    assert "https://x.com/i/status/" in page
    assert "09.30 WIB" in page
    around = browser.get(f"/context/{current(page)}").text
    assert "Apel pagi jam tujuh" in around
    assert "termasuk yang netral" in around


def copied(n: int, **values) -> list:
    first = post("Menangkan nomor dua", (0.9, 0, 0), account="a0", row_id="c0", **values)
    copies = [
        post(
            f"Menangkan nomor dua {'!' * i}",
            (0.9, 0, 0),
            account=f"a{i % 3}",
            duplicate_of="c0",
            row_id=f"c{i}",
            posted_at=f"2024-10-01T{i % 24:02d}:30:00+07:00",
        )
        for i in range(n - 1, 0, -1)
    ]
    return [*copies, first]


def test_copies_are_counted_told_and_listed_to_a_bound(tmp_path):
    rows = copied(24, posted_at="2024-10-01T00:30:00+07:00")
    browser = seated(make_desk(tmp_path, rows))
    row_id = current(browser.get("/queue").text)
    around = browser.get(f"/context/{row_id}").text.split("Unggahan lain dari akun ini")[0]
    plain = around.replace("\xa0", " ")
    assert "Teks yang hampir sama di 23 unggahan lain" in plain
    assert (
        "Rantai salinan: 24 unggahan hampir sama, dari 3 akun, "
        "sejak 1 Okt 2024, 00.30 WIB sampai 1 Okt 2024, 23.30 WIB." in plain
    )
    assert plain.count('<li class="line') == 20
    assert "Ditampilkan 20 yang paling awal dari 23." in plain
    times = re.findall(r"2024, (\d\d)\.30 WIB</time>", plain)
    assert times == sorted(times)
    assert len(set(re.findall(r"<bdi>(A-[^<]+|[^<]+)</bdi>", plain))) == 3
    assert not re.search(r"\ba\d\b", plain), "no name of an account"


def test_copies_of_one_moment_and_of_no_known_time_say_so(tmp_path):
    once = make_desk(
        tmp_path / "a",
        [row | {"posted_at": "2024-10-01T08:00:00+07:00", "account": ""} for row in copied(2)],
    )
    undated = make_desk(tmp_path / "b", [row | {"posted_at": ""} for row in copied(2)])
    told = []
    for desk in (once, undated):
        around = seated(desk).get("/context/c0").text.replace("\xa0", " ")
        told.append(re.search(r'<p class="chain">([^<]*)', around)[1])
    assert told == [
        "Rantai salinan: 2 unggahan hampir sama, dari akun tidak diketahui, "
        "pada 1 Okt 2024, 08.00 WIB.",
        "Rantai salinan: 2 unggahan hampir sama, dari 2 akun, waktunya tidak diketahui.",
    ]


def rostered(folder, rows, *, tampered=False):
    """Return a finished run that was scored with a roster, and maybe names another one now."""
    run = RunFolder.open(make_run(folder, rows))
    rosters = Rosters.load([ROSTER]).facts()
    digests = {one["roster"]: one["sha256"] for one in rosters}
    run.manifest["config"]["rosters"] = digests
    if tampered:
        content = rosters[0]["content"].replace("Lembuwangi", "Bukanlembuwangi")
        rosters[0] |= {"content": content, "sha256": sha256(content.encode()).hexdigest()}
    run.manifest["rosters"] = rosters
    run.save()
    return run.path


def test_contestants_of_the_runs_roster_are_named_beside_a_post_as_in_the_report(tmp_path):
    rows = [post(text, (0.9 - i / 10, 0, 0)) for i, text in enumerate(POSTS[:3])]
    run = rostered(tmp_path / "hasil", rows)
    report = tmp_path / "report.html"
    write_report(run, out=report)
    with ReviewStore.open(tmp_path / "reviews.db") as store:
        store.add_run(run, audit=0)
        browser = seated(Desk(store=store, port=PORT, alone=True))
        page, told = browser.get("/queue").text, []
        for _ in rows:
            case = page.split('<article class="case"')[1]
            told.append(
                re.findall(r"Menyebut peserta: «<bdi>(.*?)</bdi>» → <bdi>(.*?)</bdi>", case)
            )
            page = judge(browser, current(page), act="none").text
    assert [found[0][0] for found in told[:2]] == ["Lembuwangi", "Tirtabuana"]
    assert told[0][0][1].startswith("2. Ir. Baskoro Lembuwangi / ")
    assert told[2] == [], "a text that names nobody has no such line"
    for words in told[0][0]:
        assert f"<bdi>{words}</bdi>" in report.read_text(encoding="utf-8")


def test_roster_other_than_the_run_was_scored_with_names_nobody(tmp_path):
    run = rostered(tmp_path / "hasil", [post(POSTS[0], (0.9, 0, 0))], tampered=True)
    with ReviewStore.open(tmp_path / "reviews.db") as store:
        store.add_run(run, audit=0)
        page = seated(Desk(store=store, port=PORT, alone=True)).get("/queue").text
    assert POSTS[0] in page
    assert "Menyebut peserta" not in page


def test_store_without_rosters_gets_them_when_the_run_is_named_again(tmp_path):
    run = rostered(tmp_path / "hasil", [post(POSTS[0], (0.9, 0, 0))])
    with ReviewStore.open(tmp_path / "reviews.db") as store:
        store.add_run(run, audit=0)
        with store.base.write() as base:
            base.execute("UPDATE runs SET rosters = '[]'")
        browser = seated(Desk(store=store, port=PORT, alone=True))
        assert "Menyebut peserta" not in browser.get("/queue").text
        assert not store.add_run(run).new
        assert "Menyebut peserta" in browser.get("/queue").text


def test_blind_review_points_at_no_contestant_before_the_verdict(tmp_path):
    run = rostered(tmp_path / "hasil", [post(POSTS[0], (0.9, 0, 0))])
    with ReviewStore.open(tmp_path / "reviews.db") as store:
        store.add_run(run, audit=0)
        browser = seated(Desk(store=store, port=PORT, alone=True, blind=True))
        page = browser.get("/queue").text
        assert POSTS[0] in page
        assert "Menyebut peserta" not in page
        assert "ambang" not in page.split("<article", 1)[1].split("</article>")[0]
        assert "Menyebut peserta" in judge(browser, current(page), act="none").text


SCORES = (
    (0.83, "skor 0,83 · mencapai ambang tandai 0,71"),
    (0.32, "skor 0,32 · mencapai ambang tinjau 0,32"),
    (0.7096, "skor 0,709 · mencapai ambang tinjau 0,32"),
    (0.002, "skor &lt; 0,01 · di bawah ambang tinjau 0,32"),
)


@pytest.mark.parametrize(("score", "words"), SCORES)
def test_threshold_stands_beside_every_score_in_the_words_of_the_report(tmp_path, score, words):
    desk = make_desk(tmp_path, [post("Ayo", (score, 0.9, 0.1))])
    page = seated(desk).get("/queue").text
    assert words in page
    assert "skor 0,90 · mencapai ambang tandai 0,83" in page
    assert "skor 0,10 · di bawah ambang tinjau 0,38" in page
    assert "Ambang menurut titik kerja <code>balanced</code>: seimbang antara" in page
    write_report(tmp_path / "hasil", out=tmp_path / "report.html")
    report = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert words.split(" · ")[1] in report


def test_threshold_is_never_rounded_down_to_a_score_that_misses_it():
    at = {"hoax": {"flag": 0.7149, "review": 0.4149}}
    for score in (0.4101, 0.4146, 0.41489):
        shown = float(score_words(score, at, "hoax", W).replace(",", "."))
        said = level_words(score, at, "hoax", W).removeprefix("di bawah ambang tinjau ")
        assert shown < float(said.replace(",", "."))
    assert level_words(0.9, {"hoax": {"flag": None, "review": None}}, "hoax", W) == (
        "ambang tidak dipakai: sasaran tidak tercapai"
    )
    assert level_words(0.9, {}, "hoax", W) == ""


def test_own_verdict_stands_beside_other_posts_of_the_account_and_no_one_elses(tmp_path):
    rows = [
        post("Menangkan nomor dua", (0.9, 0, 0), account="a"),
        post("Menangkan nomor dua lagi", (0.8, 0, 0), account="a"),
    ]
    desk = make_desk(tmp_path, rows)
    sari = seated(desk)
    first = current(sari.get("/queue").text)
    second = current(judge(sari, first, act="save", candidate_support="yes").text)
    assert second not in ("", first)
    around = sari.get(f"/context/{second}").text
    assert "Putusan Anda" in around
    assert "kepentingan calon: Ya" in around
    sari.post("/undo", {"order": "likely"}, swap=True)
    assert "Putusan Anda" not in sari.get(f"/context/{second}").text
    hire(desk, "Budi")
    record(desk.store, first, dict.fromkeys(LABELS, "no"), reviewer="Budi")
    assert "Putusan Anda" not in sari.get(f"/context/{second}").text


def test_answer_to_a_post_outside_the_export_says_so(tmp_path):
    rows = [
        post("Setuju", (0.9, 0, 0), text_kind="reply"),
        post("Sebarkan", (0.8, 0, 0), text_kind="share"),
        post("Amin", (0.7, 0, 0), text_kind="reply", parent_text="Kampanye malam ini"),
        post("Nomor dua", (0.6, 0, 0), text_kind="own"),
    ]
    browser = seated(make_desk(tmp_path, rows))
    page, shown = browser.get("/queue").text, []
    for _ in rows:
        shown.append(page)
        page = judge(browser, current(page), act="none").text
    cases = [page.split('<article class="case"')[1].split("<form")[0] for page in shown]
    assert "Unggahan yang dibalas tidak ada dalam ekspor; nilai teksnya saja." in cases[0]
    assert "Unggahan yang dibagikan tidak ada dalam ekspor; nilai teksnya saja." in cases[1]
    assert all("tidak ada dalam ekspor" not in case for case in cases[2:])
    assert "unggahan akun ini, bukan balasan" in cases[3]


def test_what_was_just_decided_stands_above_the_next_post(desk):
    browser = seated(desk)
    page = judge(browser, current(browser.get("/queue").text), act="none").text
    assert page.index("Baru diputuskan:") < page.index('<article class="case"')


def test_help_says_when_a_label_is_a_yes_and_how_a_note_is_saved(desk):
    page = seated(desk).get("/queue").text
    text = page.split('<dialog id="help"')[1].split("</dialog>")[0]
    assert "Kapan ya?" in text
    section = text.split('<dl class="when">')[1].split("</dl>")[0]
    named = re.findall(r"<dt>([^<]+)</dt>", section)
    assert named[:3] == ["kepentingan calon", "ujaran kebencian", "berita bohong"]
    assert named[-1] == "ragu"
    assert "Enter saja membuat baris baru" in text


def test_zone_is_chosen_once_and_holds(desk):
    browser = seated(desk)
    assert browser.post("/zone", {"zone": "WIT", "back": "/queue"}).headers["location"] == "/queue"
    assert "11.30 WIT" in browser.get("/queue").text
    browser.post("/zone", {"zone": "CET"})
    assert "11.30 WIT" in browser.get("/queue").text


def test_no_account_name_is_shown_unless_it_is_revealed(desk):
    browser = seated(desk)
    page = browser.get("/queue").text
    account = re.search(r'href="/accounts/([^"]+)"', page)[1]
    pages = [page, browser.get("/accounts").text, browser.get(f"/accounts/{account}").text]
    pages.append(browser.get(f"/context/{current(page)}").text)
    for text in pages:
        assert not re.search(r"akun_\d", text)
    assert browser.post("/reveal", {"account": account, "reason": "  "}).status_code == 400
    shown = browser.post("/reveal", {"account": account, "reason": "klarifikasi tertulis"}).text
    assert re.search(r'<bdi class="real">akun_\d</bdi>', shown)
    assert not re.search(r"akun_\d", browser.get(f"/accounts/{account}").text)
    acts = [(e.who, e.act, e.subject, e.reason) for e in entries(desk.store) if e.act == "reveal"]
    assert acts == [("Sari", "reveal", account, "klarifikasi tertulis")]


def test_forgetting_needs_a_tick_and_a_reason_and_removes_the_texts(desk):
    browser = seated(desk)
    page = browser.get("/queue").text
    account = re.search(r'href="/accounts/([^"]+)"', page)[1]
    fields = {"account": account, "reason": "permintaan pemilik"}
    assert browser.post("/forget", fields).status_code == 400
    assert browser.post("/forget", fields | {"reason": "", "sure": "yes"}).status_code == 400
    answer = browser.post("/forget", fields | {"sure": "yes"})
    assert answer.status_code == 303
    assert "dihapus" in browser.get(answer.headers["location"]).text
    assert browser.get(f"/accounts/{account}").status_code == 400
    assert account not in browser.get("/accounts").text


def test_accounts_are_ordered_by_what_waits_and_show_no_score(tmp_path):
    rows = [post(f"Coblos dua ({i})", (0.9, 0, 0), account="ramai") for i in range(3)]
    rows += [post("Coblos satu", (0.99, 0, 0), account="sepi"), post("Apel pagi", account="netral")]
    page = seated(make_desk(tmp_path, rows)).get("/accounts").text
    cells = re.findall(r"<td>([\d.]+)</td>", page)
    assert cells == ["3", "0", "3", "1", "0", "1", "0", "0", "1"]
    assert "0,99" not in page
    assert "bukan menurut kesalahan" in page


def test_account_is_found_by_the_beginning_of_its_code(desk):
    browser = seated(desk)
    account = re.search(r'href="/accounts/([^"]+)"', browser.get("/accounts").text)[1]
    assert account in browser.get(f"/accounts?find={account[:3].lower()}").text
    assert "Tidak ada akun yang cocok" in browser.get("/accounts?find=%25").text
    for page in ("0", "-1", "x", "99999999999", "２"):
        assert browser.get(f"/accounts?page={page}").status_code == 200


def test_queue_of_one_account_holds_its_posts_alone(desk):
    browser = seated(desk)
    account = re.search(r'href="/accounts/([^"]+)"', browser.get("/accounts").text)[1]
    page = browser.get(f"/queue?order=account&account={account}").text
    assert "hanya akun" in page
    assert re.findall(r'href="/accounts/([^"]+)"', page)[0] == account


def test_verdicts_are_handed_out_as_the_other_commands_read_them(desk):
    browser = seated(desk)
    judge(browser, current(browser.get("/queue").text), act="none")
    answer = browser.get("/verdicts.jsonl")
    assert 'filename="verdicts.jsonl"' in answer.headers["content-disposition"]
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["verdict"] for line in lines] == ["no", "no", "no"]
    assert {line["reviewer"] for line in lines} == {"Sari"}
    assert any(e.who == "Sari" and "export" in e.act for e in entries(desk.store))


def test_dossier_shows_the_confirmed_posts_of_the_account_and_is_logged(tmp_path):
    store = make_store(tmp_path, posts(6))
    desk = Desk(
        store=store,
        port=PORT,
        alone=True,
        dossier=dossier_maker(store, {1: tmp_path / "hasil"}),
        folders={1: "hasil"},
    )
    browser = seated(desk)
    page = browser.get("/queue").text
    account = re.search(r'href="/accounts/([^"]+)"', page)[1]
    assert "/dossier" not in browser.get(f"/accounts/{account}").text
    judge(browser, current(page), act="save", candidate_support="yes")
    assert 'action="/dossier"' in browser.get(f"/accounts/{account}").text
    answer = browser.post("/dossier", {"account": account, "run": "1"})
    assert answer.headers["content-disposition"] == f'attachment; filename="dossier-{account}.html"'
    assert "menangkan nomor dua" in answer.text
    assert not re.search(r"akun_\d", answer.text)
    acts = [(e.who, e.act, e.subject) for e in entries(desk.store)]
    assert ("Sari", "dossier", f"{account} 1") in acts
    for run in ("2", "x", "", "１"):
        assert browser.post("/dossier", {"account": account, "run": run}).status_code == 400


def test_account_without_a_confirmed_post_has_no_dossier(tmp_path):
    store = make_store(tmp_path, posts(2))
    maker = dossier_maker(store, {1: tmp_path / "hasil"})
    browser = seated(Desk(store=store, port=PORT, alone=True, dossier=maker, folders={1: "hasil"}))
    page = browser.get("/queue").text
    account = re.search(r'href="/accounts/([^"]+)"', page)[1]
    judge(browser, current(page), act="none")
    answer = browser.post("/dossier", {"account": account, "run": "1"})
    assert answer.status_code == 400
    assert "attachment" not in answer.headers.get("content-disposition", "")


def test_without_the_folder_of_a_run_there_is_no_dossier(desk):
    browser = seated(desk)
    account = re.search(r'href="/accounts/([^"]+)"', browser.get("/accounts").text)[1]
    assert "/dossier" not in browser.get(f"/accounts/{account}").text
    assert browser.post("/dossier", {"account": account, "run": "1"}).status_code == 400


@pytest.mark.parametrize(
    "url",
    [
        "https://www.facebook.com/sekar.uji/posts/12",
        "https://www.tiktok.com/@orang.lain/video/12",
        "https://kabar.example/penulis/SEKAR%2Euji/12",
    ],
)
def test_link_that_names_an_account_is_withheld_and_the_row_is_told(tmp_path, url):
    row = post("Ayo menangkan nomor dua", (0.97, 0.1, 0.2), account="sekar.uji", url=url)
    row = dict(row) | {"row_id": "a" * 16}
    page = seated(make_desk(tmp_path, [row])).get("/queue").text
    assert "tautan memuat nama akun; lihat scored.csv, row_id " + "a" * 16 in page
    for name in ("sekar", "orang.lain", "posts/12", "video/12", "penulis"):
        assert name not in page.casefold()


def test_blind_review_shows_the_text_and_what_it_answers_and_nothing_else(tmp_path):
    row = post(
        "Setuju, menangkan nomor dua", (0.97, 0.1, 0.2), account="akun_1",
        url="https://x.com/akun_1/status/1", parent_text="Kampanye ditutup malam ini",
        clause="Luwu Utara 3", evidence="[]", claim_title="klaim lama",
        stage="pilkada-2024 kampanye",
    )  # fmt: skip
    desk = make_desk(tmp_path, [row, post("Apel pagi", account="akun_1")], blind=True)
    browser = seated(desk)
    page = browser.get("/queue").text
    assert "Setuju, menangkan nomor dua" in page
    assert "Kampanye ditutup malam ini" in page
    case = page.split("<article", 1)[1].split("</article>")[0]
    for hidden_words in (
        "0,97",
        "Luwu Utara",
        "x.com",
        "klaim lama",
        "<mark",
        "08.00 WIB",
        "ditandai",
        'href="/accounts/',
        "pilkada-2024",
    ):
        assert hidden_words not in case, hidden_words
    for elsewhere in ("0,97", "Luwu Utara", "x.com", "klaim lama", 'href="/accounts/', "Per akun"):
        assert elsewhere not in page, elsewhere
    row_id = current(page)
    assert browser.get(f"/context/{row_id}").status_code == 400
    after = judge(browser, row_id, act="save", candidate_support="yes").text
    for shown in ("0,97", "Luwu Utara", "x.com", "klaim lama", "08.00 WIB"):
        assert shown in after, shown
    assert all(row.blind for row in verdicts_of(desk.store, row_id))
    assert browser.get(f"/context/{row_id}").status_code == 200


def test_second_look_after_the_reveal_is_no_longer_blind(tmp_path):
    desk = make_desk(tmp_path, posts(2), blind=True)
    browser = seated(desk)
    row_id = current(browser.get("/queue").text)
    judge(browser, row_id, act="none")
    again = browser.post("/undo", {"order": "likely"}, swap=True).text
    assert current(again) == row_id
    assert "09.30 WIB" in again
    browser = Browser(desk).enter()
    judge(browser, row_id, act="save", hoax="yes")
    assert [row.blind for row in verdicts_of(desk.store, row_id) if row.kind != "undo"] == [
        True
    ] * 3 + [False] * 3


def test_adjudicator_who_read_the_account_page_is_not_blind(tmp_path):
    desk = make_desk(tmp_path, posts(1), blind=True)
    browser = seated(desk)
    account = re.search(r'href="/accounts/([^"]+)"', browser.get("/accounts").text)[1]
    browser.get(f"/accounts/{account}")
    page = browser.get("/queue").text
    assert "09.30 WIB" in page
    judge(browser, current(page), act="none")
    assert not any(row.blind for row in verdicts_of(desk.store, current(page)))


def test_blind_reviewer_cannot_look_accounts_up(tmp_path):
    _, budi, _, dewi = team(tmp_path, blind=True)
    assert budi.get("/accounts").status_code == 403
    assert dewi.get("/accounts").status_code == 200


def test_what_others_answered_is_for_those_who_do_not_judge(tmp_path):
    desk, budi, _, dewi = team(tmp_path, blind=False)
    hire(desk, "Eka", "reader")
    eka = Browser(desk).enter()
    eka.login("Eka")
    judge(dewi, current(dewi.get("/queue").text), act="none")
    assert budi.get("/verdicts.jsonl").status_code == 403
    assert "verdicts.jsonl" not in budi.get("/overview").text
    account = re.search(r'href="(/accounts/[^"]+)"', budi.get("/accounts").text)[1]
    assert "menunggu" not in budi.get(account).text.split('<ul class="lines">')[1]
    for browser in (dewi, eka):
        assert browser.get("/verdicts.jsonl").status_code == 200
        assert "menunggu" in browser.get(account).text.split('<ul class="lines">')[1]


def test_signing_in_again_does_not_make_a_judgement_blind(tmp_path):
    _, _, _, dewi = team(tmp_path, blind=True)
    account = re.search(r'href="(/accounts/[^"]+)"', dewi.get("/accounts").text)[1]
    dewi.get(account)
    dewi.post("/logout")
    dewi.login("Dewi")
    shown = [current(dewi.get("/queue").text)]
    assert shown[0]
    while row_id := shown[-1]:
        shown.append(current(judge(dewi, row_id, act="none").text))
    blind = {row.blind for row_id in shown[:-1] for row in verdicts_of(dewi.desk.store, row_id)}
    assert blind == {True, False}


def test_two_reviewers_see_nothing_of_one_another_and_an_adjudicator_decides(tmp_path):
    desk, budi, citra, dewi = team(tmp_path, blind=True)
    seen = set()
    page = budi.get("/queue").text
    while row_id := current(page):
        seen.add(row_id)
        page = judge(budi, row_id, act="save", candidate_support="yes", note="catatan Budi").text
    page = citra.get("/queue").text
    assert current(page) in seen
    while row_id := current(page):
        assert "Budi" not in page
        page = judge(citra, row_id, act="none").text
    conflicts = dewi.get("/conflicts").text
    assert conflicts.count('action="/adjudicate"') == 3
    assert "Budi" in conflicts
    assert "catatan Budi" in conflicts
    row_id = current(conflicts)
    fields = {"row_id": row_id, **dict.fromkeys(LABELS, "no"), "note": "bukan ajakan"}
    assert dewi.post("/adjudicate", fields | {"note": " "}, swap=True).status_code == 400
    assert dewi.post("/adjudicate", {**fields, "hoax": ""}, swap=True).status_code == 400
    answer = dewi.post("/adjudicate", fields, swap=True)
    assert answer.text.count('action="/adjudicate"') == 2
    assert [k for _, _, k in said(desk, row_id)].count("adjudication") == 3
    agreed = dewi.get("/agreement").text
    assert "<td>3</td>" in agreed


def test_desk_speaks_english_when_asked(tmp_path):
    desk = make_desk(tmp_path, posts(1), lang="en")
    page = seated(desk).get("/queue").text
    assert '<html lang="en">' in page
    assert "Why it was flagged" in page
    assert "Antrean" not in page


CLAIM = {
    "claim_title": "[SALAH] Server KPU diatur dari luar negeri",
    "claim_url": "https://periksa.example/1",
    "claim_similarity": 0.8,
    "claim_stance": "asserts",
    "claim_verdict": "false",
    "claim_date": "2024-02-20",
}


@pytest.mark.parametrize(
    ("change", "debunked"),
    [
        ({}, True),
        ({"claim_stance": "denies"}, False),
        ({"claim_verdict": "true"}, False),
        ({"claim_verdict": None}, False),
        ({"claim_similarity": 0.49}, False),
        ({"claim_similarity": 0.6}, False),
        ({"claim_similarity": None}, False),
    ],
)
def test_desk_and_report_say_the_same_of_a_claim(tmp_path, change, debunked):
    said = "cocok dengan klaim yang sudah dibantah"
    row = post("Server KPU diatur dari luar negeri", (0.1, 0.1, 0.97), **CLAIM | change)
    folder = make_run(tmp_path / "hasil", [row])
    run = RunFolder.open(folder)
    run.manifest["config"]["claims"] = {"threshold": 0.7}
    run.save()
    write_report(folder, out=tmp_path / "r.html")
    report = (tmp_path / "r.html").read_text(encoding="utf-8")
    store = ReviewStore.open(tmp_path / "meja.db")
    store.add_run(folder, who="uji", audit=0)
    desk = Desk(store=store, port=PORT, alone=True)
    page = seated(desk).get("/queue").text
    assert (said in report) is (said in page.casefold()) is debunked
    assert ("erlu cek fakta" in page) is not debunked
    assert "Buka pemeriksaan di periksa.example" in page
    assert "Buka unggahan di periksa" not in page
    if debunked:
        facts = (
            "Putusan pemeriksa fakta: salah, 20\xa0Feb\xa02024. Sikap unggahan: <b>menyatakan</b>"
        )
        assert facts in page
        assert facts in report
