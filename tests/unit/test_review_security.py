"""What the desk refuses, and what every answer carries."""

import logging
import re
import stat

import pytest
from desk_client import ORIGIN, PASSWORD, PORT, Browser, hire, make_desk, make_store, posts, seated
from report_run import post

from netralitas_nlp.evidence import Span, to_json
from netralitas_nlp.review import security
from netralitas_nlp.review.app import PAGES
from netralitas_nlp.review.desk import Desk
from netralitas_nlp.review.security import MAX_BODY, LoginLimit
from netralitas_nlp.review.sessions import Sessions

POSTS = [page.path for page in PAGES if page.method == "POST"]
GETS = [page.path.format(row_id="x", account="x") for page in PAGES if page.method == "GET"]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with make_store(tmp_path_factory.mktemp("meja"), posts(4)) as store:
        yield store


@pytest.fixture
def desk(store):
    return Desk(store=store, port=PORT, alone=True)


@pytest.mark.parametrize("path", GETS)
def test_page_without_session_is_refused(desk, path):
    answer = Browser(desk).get(path)
    assert answer.status_code == 401
    assert "tautan" in answer.text


@pytest.mark.parametrize("path", POSTS)
def test_post_without_session_is_refused(desk, path):
    answer = Browser(desk).client.post(path, data={"csrf": ""}, headers={"origin": ORIGIN})
    assert answer.status_code == 401


def test_wrong_token_opens_nothing_and_the_right_one_opens_once(desk):
    link = desk.link.removeprefix(ORIGIN)
    assert Browser(desk).get("/open?token=salah").status_code == 401
    assert Browser(desk).get("/open").status_code == 401
    assert Browser(desk).get(link).status_code == 200
    assert Browser(desk).get(link).status_code == 401
    assert desk.link.removeprefix(ORIGIN) != link


def test_session_cookie_is_out_of_reach_of_scripts_and_other_sites(desk):
    cookie = Browser(desk).get(desk.link.removeprefix(ORIGIN)).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/" in cookie
    assert "domain" not in cookie


def test_secrets_are_compared_in_constant_time(desk, monkeypatch):
    compared = []
    monkeypatch.setattr(
        security.hmac, "compare_digest", lambda a, b: (compared.append((a, b)), a == b)[1]
    )
    token = desk.sessions.token
    Browser(desk).get("/open?token=salah")
    assert compared == [(b"salah", token.encode())]


@pytest.mark.parametrize("path", POSTS)
def test_post_without_the_secret_of_the_session_is_refused(desk, path):
    browser = seated(desk)
    for secret in ({}, {"csrf": "salah"}, {"csrf": ""}):
        answer = browser.client.post(path, data=secret, headers={"origin": ORIGIN})
        assert answer.status_code == 403


def test_secret_of_another_session_is_refused(desk):
    one, two = seated(desk), seated(desk)
    assert one.csrf != two.csrf
    answer = one.client.post("/logout", data={"csrf": two.csrf}, headers={"origin": ORIGIN})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "origin",
    [
        "https://jahat.example",
        "http://127.0.0.1:1",
        "http://localhost:8123",
        "https://127.0.0.1:8123",
    ],
)
@pytest.mark.parametrize("path", ["/queue", "/static/desk.css", "/open?token=x"])
def test_foreign_origin_is_refused_on_every_path(desk, origin, path):
    browser = seated(desk)
    assert browser.get(path, origin=origin).status_code == 403
    assert browser.post("/logout", origin=origin).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_request_that_another_site_started_is_refused(desk, site):
    browser = seated(desk)
    assert browser.get("/queue", **{"sec-fetch-site": site}).status_code == 403
    assert browser.get("/static/desk.js", **{"sec-fetch-site": site}).status_code == 403


def test_own_form_without_named_origin_passes_only_on_the_word_of_the_browser(desk):
    browser = seated(desk)
    assert browser.post("/logout", origin="null").status_code == 403
    passed = browser.post("/logout", origin="null", **{"sec-fetch-site": "same-origin"})
    assert passed.status_code == 303


def test_link_may_be_followed_from_a_terminal_or_a_file(desk):
    path = desk.link.removeprefix(ORIGIN)
    assert Browser(desk).get(path, **{"sec-fetch-site": "cross-site"}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "jahat.example",
        "127.0.0.1",
        f"127.0.0.1:{PORT}.jahat.example",
        "127.0.0.1:1",
        f"[::1]:{PORT}",
        "",
    ],
)
def test_foreign_host_is_refused(desk, host):
    assert Browser(desk).get("/static/desk.css", host=host).status_code == 421
    assert Browser(desk).get(desk.link.removeprefix(ORIGIN), host=host).status_code == 421


def test_looking_at_the_link_does_not_spend_it(desk):
    path = desk.link.removeprefix(ORIGIN)
    assert Browser(desk).client.head(path).status_code == 405
    assert Browser(desk).get(path).status_code == 200


def test_localhost_is_another_name_of_this_machine(desk):
    assert Browser(desk).get("/static/desk.css", host=f"LocalHost:{PORT}").status_code == 200


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_other_methods_are_refused(desk, method):
    assert Browser(desk).client.request(method, "/queue").status_code == 405


def test_large_body_is_refused_before_it_is_read(desk):
    answer = seated(desk).post("/verdict", {"note": "a" * (MAX_BODY + 1)})
    assert answer.status_code == 413


def test_body_without_length_is_refused(desk):
    browser = seated(desk)

    def pieces():
        yield b"csrf="

    answer = browser.client.post("/logout", content=pieces(), headers={"origin": ORIGIN})
    assert answer.status_code == 411


@pytest.mark.parametrize(
    "path",
    [
        "/queue",
        "/tidak-ada",
        "/static/desk.css",
        "/static/tidak-ada",
        "/open?token=x",
        "/login",
        "/verdicts.jsonl",
    ],
)
def test_every_answer_carries_the_protecting_headers(desk, path):
    headers = seated(desk).get(path).headers
    policy = dict(
        part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["cross-origin-opener-policy"] == "same-origin"


def test_refusals_carry_them_too(desk):
    answer = Browser(desk).get("/queue", host="jahat.example")
    assert answer.headers["x-frame-options"] == "DENY"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "name",
    [
        "../app.py",
        "..%2fapp.py",
        "%2e%2e/app.py",
        "..%5capp.py",
        "LICENSES.txt",
        "desk.css%00",
        "/etc/passwd",
        ".",
    ],
)
def test_no_path_leads_out_of_the_served_files(desk, name):
    answer = seated(desk).get(f"/static/{name}")
    assert answer.status_code == 404
    assert "import" not in answer.text


HOSTILE = (
    "</blockquote><script>document.title='jebol'</script><img src=x onerror=alert(1)>"
    "<form action=https://jahat.example><button hx-get='/verdicts.jsonl'>klik</button></form>"
    "{{ 7 * 7 }} \u202eterbalik"
)


def test_markup_of_strangers_is_shown_as_text_everywhere(tmp_path):
    row = post(
        HOSTILE,
        (0.99, 0.9, 0.9),
        account="<script>alert(3)</script>",
        url="javascript:alert(4)",
        parent_text=HOSTILE,
        clause="<b>Luwu Utara 3</b>",
        stage="<i>tahap</i>",
        claim_title=HOSTILE,
        claim_url="javascript:alert(5)",
        claim_stance="<u>",
        evidence=to_json([Span("hoax", 0, 20, HOSTILE[:20], 1.0)]),
    )
    desk = make_desk(
        tmp_path, [row, post(HOSTILE + "2", (0.9, 0, 0), account="<script>alert(3)</script>")]
    )
    browser = seated(desk, "<b>Sari</b>")
    page = browser.get("/queue").text
    row_id = re.search(r'name="row_id" value="([^"]+)"', page)[1]
    pages = [page, browser.get(f"/context/{row_id}").text, browser.get("/accounts").text]
    pages.append(browser.get(re.search(r'href="(/accounts/[^"?]+)"', pages[0])[1]).text)
    pages.append(
        browser.post(
            "/verdict", {"row_id": row_id, "act": "save", "hoax": "yes", "note": HOSTILE}, swap=True
        ).text
    )
    pages.append(browser.get("/overview").text)
    for text in pages:
        body = text.split("<body>")[-1]
        for wrong in (
            "<script",
            "<img",
            "onerror=alert(1)>",
            "<b>Sari",
            "<b>Luwu",
            "<i>tahap",
            "<s>",
            "<u>",
            'javascript:alert(4)"',
            'href="javascript',
            "49 ",
        ):
            assert wrong not in body, wrong
        assert "\u202e" not in body
    assert "&lt;script&gt;document.title" in pages[0]


def test_links_of_strangers_open_nothing_of_ours(desk):
    page = seated(desk).get("/queue").text
    links = re.findall(r'<a [^>]*href="https?://[^>]*>', page)
    assert links
    for link in links:
        assert 'rel="noopener noreferrer"' in link
        assert 'target="_blank"' in link


def test_pages_name_no_foreign_address_and_no_inline_code(desk):
    browser = seated(desk)
    for path in ("/queue", "/accounts", "/overview", "/agreement", "/conflicts"):
        page = browser.get(path).text
        assert not re.search(r"<style|style=|\son[a-z]+=|<script(?! src=\"/static/)", page)
        assert not re.search(r'(src|action|formaction)="(?!/)', page)
        assert not re.search(r'<link[^>]+href="(?!/static/)', page)


def test_store_is_readable_by_its_owner_alone(desk):
    seated(desk).post("/undo")
    for file in desk.store.path.parent.glob(desk.store.path.name + "*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_no_secret_reaches_the_log(desk, caplog):
    caplog.set_level(logging.DEBUG)
    token = desk.sessions.token
    browser = seated(desk)
    browser.get("/queue")
    secrets = [token, desk.sessions.token, browser.csrf, *browser.client.cookies.values()]
    for record in caplog.records:
        if record.name.startswith(("netralitas", "starlette", "uvicorn")):
            assert not any(secret in record.getMessage() for secret in secrets)


class Clock:
    """A clock that is turned by hand."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_name_waits_after_five_failures_and_may_try_again_later():
    clock = Clock()
    limit = LoginLimit(clock=clock)
    assert [limit.begin("Budi ") for _ in range(5)] == [0] * 5
    assert limit.begin("budi") == 301
    assert limit.begin("sari") == 0
    clock.now = 300.5
    assert limit.begin("budi") == 0


def test_waiting_is_not_made_longer_by_trying():
    clock = Clock()
    limit = LoginLimit(clock=clock)
    for _ in range(5):
        limit.begin("budi")
    clock.now = 299
    assert limit.begin("budi") == 2
    clock.now = 301
    assert limit.begin("budi") == 0


def test_success_forgets_the_failures_of_that_name_alone():
    limit = LoginLimit(clock=Clock())
    for _ in range(5):
        limit.begin("budi")
        limit.begin("sari")
    limit.passed("Budi")
    assert limit.begin("budi") == 0
    assert limit.begin("sari") > 0


def test_many_names_together_have_to_wait_too():
    limit = LoginLimit(clock=Clock())
    assert [limit.begin(f"nama {n}") for n in range(30)] == [0] * 30
    assert limit.begin("orang lain") > 0


def test_login_is_limited_even_with_the_right_password(tmp_path):
    desk = make_desk(tmp_path, alone=False)
    hire(desk, "Budi")
    browser = Browser(desk).enter()
    for _ in range(5):
        assert browser.login("Budi", "salah sekali").status_code == 403
    refused = browser.login("Budi", PASSWORD)
    assert refused.status_code == 429
    assert "detik lagi" in refused.text
    assert browser.get("/queue").status_code == 303


def test_wrong_name_and_wrong_password_answer_alike(tmp_path):
    desk = make_desk(tmp_path, alone=False)
    hire(desk, "Budi")
    browser = Browser(desk).enter()
    wrong = [browser.login("Budi", "salah sekali"), browser.login("Tidak Ada", "salah sekali")]
    texts = [re.sub(r'name="csrf" value="[^"]*"', "", answer.text) for answer in wrong]
    assert texts[0] == texts[1]


def test_session_changes_at_login_and_ends_at_logout(tmp_path):
    desk = make_desk(tmp_path, alone=False)
    hire(desk, "Budi")
    browser = Browser(desk).enter()
    before = dict(browser.client.cookies)
    assert browser.login("Budi").status_code == 303
    after = dict(browser.client.cookies)
    assert before != after
    stale = Browser(desk)
    stale.client.cookies.update(before)
    assert stale.get("/queue").status_code == 401
    browser.post("/logout")
    old = Browser(desk)
    old.client.cookies.update(after)
    assert old.get("/queue").status_code == 401
    assert browser.get("/queue").status_code == 303


def test_session_ends_after_an_idle_while():
    clock = Clock()
    sessions = Sessions(idle=60, clock=clock)
    secret = sessions.enter(sessions.token)
    clock.now = 59
    assert sessions.find(secret) is not None
    clock.now = 59 + 61
    assert sessions.find(secret) is None


def test_person_shut_out_is_shut_out_at_once(tmp_path):
    from netralitas_nlp.review.people import disable

    desk = make_desk(tmp_path, alone=False)
    hire(desk, "Budi")
    browser = Browser(desk).enter()
    browser.login("Budi")
    assert browser.get("/queue").status_code == 200
    disable(desk.store, "Budi", who="uji")
    assert browser.get("/queue").status_code == 303
    assert browser.get("/overview").status_code in (303, 401)


@pytest.mark.parametrize(
    ("role", "closed"),
    [
        ("reader", ["/queue", "/conflicts"]),
        ("reviewer", ["/conflicts"]),
        ("adjudicator", []),
    ],
)
def test_role_opens_its_pages_and_no_other(tmp_path, role, closed):
    desk = make_desk(tmp_path, alone=False)
    hire(desk, "Budi", role)
    browser = Browser(desk).enter()
    browser.login("Budi")
    for path in ("/queue", "/conflicts", "/accounts", "/overview", "/agreement"):
        assert browser.get(path).status_code == (403 if path in closed else 200), path


@pytest.mark.parametrize("role", ["reader", "reviewer"])
@pytest.mark.parametrize("path", ["/reveal", "/forget", "/adjudicate", "/dossier"])
def test_acts_of_an_adjudicator_are_closed_to_others(tmp_path, role, path):
    desk = make_desk(tmp_path, alone=False)
    hire(desk, "Budi", role)
    browser = Browser(desk).enter()
    browser.login("Budi")
    assert browser.post(path, {"account": "x", "reason": "x", "sure": "yes"}).status_code == 403


@pytest.mark.parametrize(
    "back", ["//jahat.example", "/\\jahat.example", "https://jahat.example", "/\r\nx: y"]
)
def test_no_form_leads_to_another_site(desk, back):
    browser = seated(desk)
    answer = browser.post("/zone", {"zone": "WIT", "back": back})
    assert answer.headers["location"] == "/"


def test_fault_of_ours_shows_no_inside(desk, monkeypatch):
    from netralitas_nlp.review import bench

    def broken(*_, **__):
        raise RuntimeError("rahasia di dalam")

    monkeypatch.setattr(bench, "remaining", broken)
    answer = seated(desk).get("/queue")
    assert answer.status_code == 500
    assert "rahasia" not in answer.text
    assert answer.headers["x-frame-options"] == "DENY"
