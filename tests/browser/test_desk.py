"""The review desk in a real browser: by keyboard, by two people, on a phone, for every eye."""

import re
from types import SimpleNamespace

import pytest
from desk_client import PASSWORD, make_store, posts
from desk_server import Served
from report_run import post

from netralitas_nlp.review.chain import check
from netralitas_nlp.review.journal import entries
from netralitas_nlp.review.people import add_person
from netralitas_nlp.review.store import ReviewStore

pytestmark = pytest.mark.browser

PAGES = ("/queue", "/conflicts", "/accounts", "/overview", "/agreement")
EVIL = "document.title='jebol'"
HOSTILE = post(
    f'</blockquote><script>{EVIL}</script><img src=x onerror="{EVIL}"><form action=https://jahat.example>'
    "<button hx-get=/verdicts.jsonl hx-trigger=load>klik</button></form>" + "tanpaspasi" * 60,
    (0.999, 0.0, 0.0),
    account=f"<script>{EVIL}</script>",
    url=f"javascript:{EVIL}",
    parent_text="<style>*{display:none}</style>" + "Z\u0351\u036b" * 200,
)  # fmt: skip


@pytest.fixture
def opened(tmp_path, browser):
    """Start desks and open pages on them; whatever goes wrong on a page fails the test."""
    served, contexts, troubles = [], [], []

    def open_desk(rows, *options, people=()):
        with make_store(tmp_path, rows) as store:
            for name, role in people:
                add_person(store, name, role, PASSWORD, who="uji")
        desk = Served(tmp_path / "reviews.db", *options)
        served.append(desk)
        return SimpleNamespace(
            page=lambda **settings: open_page(desk, **settings),
            store=lambda: ReviewStore.open(tmp_path / "reviews.db", create=False),
            served=desk,
        )

    def open_page(desk, *, width=1280, height=800, quiet=False, **settings):
        link = desk.link()
        origin = link.split("/open")[0]
        context = browser.new_context(viewport={"width": width, "height": height}, **settings)
        contexts.append(context)

        def watch(route):
            if not route.request.url.startswith(origin + "/"):
                troubles.append(f"request: {route.request.url}")
                return route.abort()
            return route.continue_()

        context.route("**/*", watch)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
        if not quiet:
            page.on("console", lambda message: troubles.append(f"console: {message.text}"))
        page.on("popup", lambda popup: troubles.append(f"popup: {popup.url}"))
        page.on("dialog", lambda dialog: (troubles.append("dialog"), dialog.dismiss()))
        page.goto(link)
        page.wait_for_url(re.compile(re.escape(origin) + "/(?!open).*"))
        return page

    yield open_desk
    for context in contexts:
        context.close()
    errors = [desk.close() for desk in served]
    assert troubles == []
    assert all("Traceback" not in error for error in errors), errors


def sit(page, name="Sari Wulandari"):
    """Give the name that is asked once."""
    page.fill("#name", name)
    page.keyboard.press("Enter")
    page.wait_for_selector("#bench")
    page.wait_for_load_state("load")  # the script listens from here on
    return page


def login(page, name):
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".top")
    page.wait_for_load_state("load")
    return page


def current(page):
    return page.get_attribute('#answer [name="row_id"]', "value")


def press(page, *keys):
    """Press keys, and wait until another post lies on the bench, or none."""
    before = page.evaluate("document.getElementById('bench').dataset.seen = 'yes'")
    assert before == "yes"
    page.wait_for_timeout(220)  # the guard of the script: nobody reads faster
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_selector("#bench:not([data-seen])")


def answers(store, row_id):
    from netralitas_nlp.review.judging import verdicts_of

    return [(row.label, row.verdict) for row in verdicts_of(store, row_id)]


def test_twenty_posts_are_reviewed_by_keyboard_alone(opened):
    desk = opened(posts(22))
    page = sit(desk.page())
    judged = []
    for n in range(20):
        judged.append(current(page))
        press(page, *(("1", "Enter"), ("0",), ("3", "3", "Enter"), ("2", "1", "Enter"))[n % 4])
    assert len(set(judged)) == 20
    with desk.store() as store:
        said = [[v for _, v in answers(store, row_id)] for row_id in judged[:4]]
        assert said == [
            ["yes", "no", "no"],
            ["no", "no", "no"],
            ["no", "no", "unsure"],
            ["yes", "yes", "no"],
        ]
        assert check(store).ok


def test_skip_undo_note_and_unsure_have_their_keys(opened):
    desk = opened(posts(5))
    page = sit(desk.page())
    first = current(page)
    press(page, "l")
    second = current(page)
    assert second != first
    page.wait_for_timeout(220)
    page.keyboard.press("c")
    page.keyboard.type("salam 1 2 0 ? u")
    assert current(page) == second
    page.keyboard.press("Escape")
    press(page, "r")
    press(page, "u")
    assert current(page) == second
    with desk.store() as store:
        from netralitas_nlp.review.judging import verdicts_of

        rows = verdicts_of(store, second)
        assert [row.verdict for row in rows] == ["unsure"] * 3 + ["withdrawn"] * 3
        assert rows[0].note == "salam 1 2 0 ? u"
        assert 0 < rows[0].seconds < 60


def test_help_opens_with_a_question_mark_and_keys_can_be_switched_off(opened):
    desk = opened(posts(3))
    page = sit(desk.page())
    first = current(page)
    page.wait_for_timeout(220)
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    assert page.evaluate("document.activeElement.id") == "help-title"
    page.keyboard.press("0")
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    assert page.locator("#help").is_hidden()
    page.keyboard.press("0")
    page.wait_for_timeout(400)
    assert current(page) == first
    page.reload()
    page.wait_for_timeout(400)
    page.keyboard.press("0")
    page.wait_for_timeout(400)
    assert current(page) == first


def test_key_held_or_struck_twice_judges_one_post(opened):
    desk = opened(posts(6))
    page = sit(desk.page())
    first = current(page)
    page.wait_for_timeout(220)
    page.evaluate(
        "for (let i = 0; i < 5; i++) document.dispatchEvent("
        "new KeyboardEvent('keydown', {key: '0', bubbles: true, repeat: i > 1}))"
    )
    page.wait_for_selector(f'#answer [name=row_id]:not([value="{first}"])', state="attached")
    page.wait_for_timeout(500)
    with desk.store() as store, store.base.read() as base:
        assert base.execute("SELECT count(DISTINCT row_id) FROM verdicts").fetchone()[0] == 1


def test_focus_follows_to_the_next_post_and_the_result_is_said(opened):
    page = sit(opened(posts(3)).page())
    page.wait_for_timeout(220)
    before = page.locator("#answer").bounding_box()
    page.keyboard.press("2")
    assert page.locator("#spoken").inner_text() == "ujaran kebencian: Ya"
    assert page.locator("#answer").bounding_box() == before
    press(page, "0")
    assert page.evaluate("document.activeElement.id") == "case-title"
    assert page.locator(".said").inner_text() == "Tersimpan."


def test_mouse_and_touch_work_as_the_keys_do(opened):
    desk = opened(posts(3))
    page = sit(desk.page(width=360, height=740, has_touch=True))
    first = current(page)
    page.locator("label[for='hoax-yes']").tap()
    page.locator('[data-act="save"]').tap()
    page.wait_for_selector(f'#answer [name=row_id]:not([value="{first}"])', state="attached")
    with desk.store() as store:
        assert [v for _, v in answers(store, first)] == ["no", "no", "yes"]


def test_without_script_a_verdict_is_one_load(opened):
    desk = opened(posts(3))
    page = desk.page(java_script_enabled=False)
    page.fill("#name", "Sari")
    page.click("button.primary")
    first = current(page)
    page.click("label[for='candidate_support-yes']")
    page.click('[data-act="save"]')
    assert current(page) != first
    with desk.store() as store:
        assert [v for _, v in answers(store, first)] == ["yes", "no", "no"]


def test_context_comes_without_a_reload_and_shows_neutral_posts(opened):
    rows = [
        post("Menangkan nomor dua" + "!" * i, (0.99, 0, 0), row_id=f"c{i}", account=f"akun_{i}",
             posted_at=f"2024-10-0{1 + i}T09:30:00+07:00", duplicate_of="c0" if i else None)
        for i in range(4)
    ]  # fmt: skip
    page = sit(opened([*rows, *posts(4)]).page())
    page.wait_for_selector(".context .chain")
    assert "4 unggahan hampir sama, dari 4 akun" in page.locator(".context .chain").inner_text()
    assert page.locator(".context .lines").first.locator(".line").count() == 3
    assert "skor 0,99 · mencapai ambang tandai 0,71" in page.locator(".scores").inner_text()
    press(page, "0")
    page.wait_for_selector(".context .line")
    assert "Apel pagi jam tujuh" in page.locator(".context").inner_text()
    assert page.locator("mark.candidate_support").first.inner_text() == "menangkan nomor dua"
    assert page.locator(".context .line:not(.flag, .review)").count() > 0


def test_markup_of_strangers_does_nothing(opened):
    page = sit(opened([HOSTILE, *posts(2)]).page())
    assert "</blockquote><script>" in page.locator(".words .text").inner_text()
    page.wait_for_selector(".context:not([hx-get])")
    press(page, "0")
    page.locator(".last summary").click()
    for path in PAGES:
        page.goto(
            page.url.split("/queue")[0].rstrip("/") + path
            if path == PAGES[0]
            else origin(page) + path
        )
        assert "jebol" not in page.title()
        assert page.locator("main img, main script, main style").count() == 0


def origin(page):
    return page.evaluate("location.origin")


def test_two_people_judge_blind_differ_and_a_third_decides(opened):
    people = (("Budi", "reviewer"), ("Citra", "reviewer"), ("Dewi", "adjudicator"))
    desk = opened(posts(3), "--double", people=people)
    # One after the other: a post that somebody has open is not handed out to a second person.
    for name, keys in (("Budi", ("1", "Enter")), ("Citra", ("0",))):
        page = login(desk.page(), name)
        for _ in range(3):
            shown = page.locator("article.case").inner_text()
            for hidden in ("0,9", "x.com", "WIB", "Luwu Utara", "Mengapa"):
                assert hidden not in shown
            assert page.locator("mark").count() == 0 or page.locator(".last mark").count()
            press(page, *keys)
        assert page.locator(".done").is_visible()
    page.locator(".last summary").click()
    after = page.locator(".last").inner_text()
    assert "Luwu Utara" in after
    assert "Budi" not in after
    dewi = login(desk.page(), "Dewi")
    dewi.goto(origin(dewi) + "/conflicts")
    assert dewi.locator("article.case").count() == 3
    first = dewi.locator("article.case").first
    assert "Budi" in first.inner_text()
    for label in ("candidate_support", "hate_speech", "hoax"):
        first.locator(f".choice.{label} label", has_text="Tidak").click()
    first.locator("textarea").fill("Bukan ajakan.")
    first.locator("button.primary").click()
    dewi.wait_for_selector(".said:not(:empty)")
    assert dewi.locator("article.case").count() == 2
    with desk.store() as store:
        kinds = {}
        with store.base.read() as base:
            for kind, blind, n in base.execute(
                "SELECT kind, blind, count(*) FROM verdicts GROUP BY kind, blind"
            ):
                kinds[kind, blind] = n
        assert kinds == {("first", 1): 9, ("second", 1): 9, ("adjudication", 0): 3}
        assert check(store).ok


def test_revealed_name_is_logged_and_forgotten_account_is_gone(opened):
    desk = opened(posts(4))
    page = sit(desk.page())
    page.goto(origin(page) + "/accounts")
    link = page.locator("tbody a").first
    account = link.inner_text()
    link.click()
    assert not re.search(r"akun_\d", page.content())
    page.locator("summary", has_text="Tampilkan nama akun").click()
    page.fill("#reveal-reason", "klarifikasi tertulis")
    page.click("text=Tampilkan dan catat")
    page.wait_for_selector(".revealed")
    assert re.search(r"akun_\d", page.locator(".revealed").inner_text())
    page.locator("summary", has_text="Hapus data akun ini").click()
    page.fill("#forget-reason", "permintaan pemilik")
    page.check("#sure")
    page.click("text=Hapus dan catat")
    page.wait_for_url("**/accounts?said=forgotten")
    assert account not in page.content()
    with desk.store() as store:
        acts = [(e.who, e.act, e.subject, e.reason) for e in entries(store)]
        assert ("Sari Wulandari", "reveal", account, "klarifikasi tertulis") in acts
        assert ("Sari Wulandari", "forget", account, "permintaan pemilik") in acts
        assert check(store).ok


def prepared(opened, **settings):
    """A desk with something on every page: a conflict, verdicts, a note."""
    people = (("Budi", "reviewer"), ("Citra", "reviewer"), ("Dewi", "adjudicator"))
    desk = opened([HOSTILE, *posts(6)], "--double", "--no-blind", people=people)
    for name, keys in (("Budi", ("1", "Enter")), ("Citra", ("0",))):
        page = login(desk.page(), name)
        for _ in range(3):
            press(page, *keys)
    return login(desk.page(**settings), "Dewi")


def every_page(page):
    home = origin(page)
    page.goto(home + "/accounts")
    account = page.locator("tbody a").first.get_attribute("href")
    for path in (*PAGES, account):
        page.goto(home + path)
        if path == "/queue":
            page.wait_for_selector(".context:not([hx-get])")
        for details in page.locator("main details").all():
            details.evaluate("d => d.setAttribute('open', '')")
        yield path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault_on_any_page(opened, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = prepared(opened, color_scheme=scheme)
    faults = {}
    for path in every_page(page):
        found = axe.run(page).response["violations"]
        faults[path] = [
            (fault["id"], [node["html"][:120] for node in fault["nodes"]][:3])
            for fault in found
            if fault["impact"] in ("serious", "critical")
        ]
    page.goto(origin(page) + "/queue")
    page.wait_for_timeout(220)
    page.keyboard.press("?")
    found = axe.run(page).response["violations"]
    faults["help"] = [f["id"] for f in found if f["impact"] in ("serious", "critical")]
    page.keyboard.press("Escape")
    page.locator(".who summary").click()
    page.click("text=Keluar")
    page.wait_for_selector("#password")
    found = axe.run(page).response["violations"]
    faults["login"] = [f["id"] for f in found if f["impact"] in ("serious", "critical")]
    assert len(faults) == 8
    assert {path: found for path, found in faults.items() if found} == {}


@pytest.mark.parametrize("width", [360, 320, 800])
def test_no_page_scrolls_sideways_on_a_phone(opened, width):
    page = prepared(opened, width=width, height=740)
    for path in every_page(page):
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        rows = page.locator("tbody th:visible").all()
        assert all(row.bounding_box()["height"] < 120 for row in rows), f"a name in pieces: {path}"


def test_verdict_stays_under_the_thumb_and_leaves_room_for_the_text(opened):
    page = sit(opened(posts(4)).page(width=360, height=740))
    page.wait_for_selector(".context .line")
    panel = page.locator("#answer").bounding_box()
    assert panel["y"] + panel["height"] <= 740 + 1
    assert panel["height"] < 0.45 * 740
    text = page.locator(".words .text").bounding_box()
    assert text["y"] + 60 < panel["y"]
    for button in page.locator("#answer .acts button").all():
        assert button.bounding_box()["height"] >= 44
        assert button.evaluate("b => b.scrollWidth <= b.clientWidth"), button.inner_text()
    page.locator('[data-act="help"]').click()
    assert "Kapan ya?" in page.locator("#help").inner_text()


def test_desk_that_has_closed_says_that_nothing_was_saved(opened):
    desk = opened(posts(3))
    page = sit(desk.page(quiet=True))
    desk.served.close()
    desk.served.close = lambda: ""
    page.wait_for_timeout(220)
    page.keyboard.press("0")
    page.wait_for_selector("#lost:visible")
    assert "belum tersimpan" in page.locator("#lost").inner_text()
