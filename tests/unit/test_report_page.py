"""The report is one file that loads nothing, trusts no post and says the same in two languages."""

import base64
import hashlib
import os
import re
import string
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_run import EVALUATION, THRESHOLDS, batch, campaign, make_run, manifest_of, post

from netralitas_nlp.errors import RunError
from netralitas_nlp.labels import DECISIONS, LABELS, TEXT_KINDS
from netralitas_nlp.pseudonyms import pseudonym, run_key
from netralitas_nlp.report.aggregate import aggregate
from netralitas_nlp.report.page import render, write_report
from netralitas_nlp.report.untrusted import link, shorten, visible
from netralitas_nlp.report.words import catalogue, words
from netralitas_nlp.text.rosters import Rosters

KEY = bytes(32)
VOID = {"meta", "input", "link", "img", "br", "hr"}


class Reader(HTMLParser):
    """Reads a page the way a browser does: tags, attributes, and the text of each tag."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        self.text.setdefault(self.open[-1] if self.open else "", []).append(data)

    def named(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]

    @property
    def words(self):
        parts = [
            p for tag, some in self.text.items() if tag not in ("script", "style") for p in some
        ]
        return " ".join("".join(parts).split())


def page_of(rows, *, lang="id", reveal=False, limit=300, **bundle):
    totals = aggregate([batch(rows)], THRESHOLDS, limit=limit)
    return render(manifest_of(rows, **bundle), totals, key=KEY, lang=lang, reveal=reveal)


@pytest.fixture(scope="module")
def full_page():
    return page_of(campaign(200), evaluation=EVALUATION)


def test_page_refers_to_nothing_outside_itself(full_page):
    page = Reader(full_page)
    assert not {tag for tag, _ in page.tags} & {"img", "link", "iframe", "object", "embed", "base"}
    for tag, attrs in page.tags:
        assert not set(attrs) & {"src", "srcset", "action", "formaction", "background", "ping"}
        if "href" in attrs:
            assert tag == "a"
    style = "".join(page.text["style"])
    assert "@import" not in style
    assert re.findall(r"url\(([^)]*)\)", style) == ["#hatch"]


def test_policy_allows_exactly_the_style_and_the_script_of_the_page(full_page):
    (policy,) = (m["content"] for m in Reader(full_page).named("meta") if "http-equiv" in m)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert set(rules) == {"default-src", "base-uri", "form-action", "style-src", "script-src"}
    for tag in ("style", "script"):
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", full_page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert rules[f"{tag}-src"] == f"'sha256-{digest}'"


def test_page_has_no_inline_style_and_no_event_handler(full_page):
    for _, attrs in Reader(full_page).tags:
        assert not [name for name in attrs if name == "style" or name.startswith("on")]


wild = st.text(max_size=200) | st.sampled_from(
    [
        "<script>alert(1)</script>",
        "</blockquote></article><img src=x onerror=alert(1)>",
        "{{ 7 * 7 }} {% for x in y %}",
        '" onmouseover="alert(1)',
        "</style><script>alert(1)</script>",
        "<!-- --><![CDATA[",
        "javascript:alert(1)",
        "\u202e\u2066terbalik\u2069\u202c",
        "\x00\x1b[31m\r\n\t",
        "😀👩‍👩‍👧‍👦🇮🇩",
        "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔",
    ]
)
postable = wild.filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text))


@settings(max_examples=60, deadline=None)
@given(text=postable, parent=postable, account=postable, url=postable, file=postable, when=postable)
def test_no_text_of_a_post_becomes_markup(text, parent, account, url, file, when):
    harmless = post("biasa", (0.9, 0, 0), parent_text="biasa", url="contoh", posted_at="entah")
    hostile = post(
        "a" + text,
        (0.9, 0, 0),
        parent_text="a" + parent,
        account=account or "a",
        url="a" + url,
        source_file=file,
        posted_at=when,
    )
    expected = Reader(page_of([harmless], reveal=True))
    page = Reader(page_of([hostile], reveal=True))
    allowed = {"span"}  # control characters are written out in a span of ours
    assert [t for t, _ in page.tags if t not in allowed] == [
        t for t, _ in expected.tags if t not in allowed
    ]
    assert not [a for _, attrs in page.tags for a in attrs if a.startswith("on")]


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_shown_text_holds_no_invisible_control_character(text):
    shown = str(visible(text))
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u200b\ufeff]", shown)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", shown)
    assert "<" not in re.sub(r'<span class="ctl" title="U\+[0-9A-F]+">[^<]*</span>', "", shown)


def test_bidi_control_is_named_where_it_stands():
    assert visible("a\u202eb") == 'a<span class="ctl" title="U+202E">RLO</span>b'


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//contoh.id/x",
        "https://x.com@jahat.id/",
        "https://x.com\\@jahat.id/",
        "https://contoh.id/\u202egpj",
        "https://contoh.id/a b",
        'https://contoh.id/"onclick="x',
        "https://[::1",
        "https://contoh.id:x/",
        "https://contoh.id/" + "a" * 3_000,
        "http:",
    ],
)
def test_address_that_is_not_plainly_http_is_not_made_a_link(url):
    assert link(url).href == ""
    page = Reader(page_of([post("teks", (0.9, 0, 0), url=url)]))
    assert all(a["href"].startswith("#") for a in page.named("a"))


def test_links_open_without_telling_where_the_reader_comes_from():
    page = Reader(page_of([post("teks", (0.9, 0, 0), url="https://contoh.id/u/1?a=1&b=2")]))
    (opened,) = (a for a in page.named("a") if not a["href"].startswith("#"))
    assert opened["href"] == "https://contoh.id/u/1?a=1&b=2"
    assert set(opened["rel"].split()) >= {"noopener", "noreferrer"}


def test_host_that_imitates_another_is_shown_in_ascii():
    assert link("https://х.com/a/1").host.startswith("xn--")


def test_accounts_are_pseudonyms_unless_revealed():
    rows = [
        post("satu", (0.9, 0, 0), account="sri_w", url="https://twitter.com/sri_w/status/18"),
        post("dua", (0.9, 0, 0), account="sri_w"),
        post("tiga", (0.9, 0, 0), account="joko_p"),
    ]
    hidden = page_of(rows)
    assert "sri_w" not in hidden
    names = re.findall(r'<bdi class="account">([^<]+)</bdi>', hidden)
    assert names[0] == names[1] != names[2]
    assert "https://x.com/i/status/18" in hidden
    shown = page_of(rows, reveal=True)
    assert shown.count(">sri_w<") == 2
    assert "https://twitter.com/sri_w/status/18" in shown


def test_page_uses_the_pseudonyms_of_the_run_and_does_not_hold_their_key(tmp_path):
    run = make_run(tmp_path / "run", [post("satu", (0.9, 0, 0), account="@sri_w")])
    write_report(run, out=tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    key = run_key(run)
    assert f'<bdi class="account">{pseudonym("sri_w", key=key)}</bdi>' in page
    assert key.hex() not in page
    assert pseudonym("a", key=b"1") != pseudonym("a", key=b"2")


def test_page_that_shows_names_needs_no_key(tmp_path):
    run = make_run(tmp_path / "run", [post("satu", (0.9, 0, 0), account="sri_w")])
    write_report(run, out=tmp_path / "r.html", reveal=True)
    assert ">sri_w<" in (tmp_path / "r.html").read_text(encoding="utf-8")
    assert not (run / "pseudonym.key").exists()


def test_very_long_text_is_shortened_with_a_note():
    page = page_of([post("kata " * 2_000_000, (0.9, 0, 0))])
    assert len(page) < 150_000
    assert "dari 10.000.000 karakter" in Reader(page).words


@given(st.text(max_size=400), st.integers(1, 300))
def test_shortening_keeps_a_beginning_within_the_limit(text, limit):
    short = shorten(text, limit)
    assert len(short) <= limit
    assert text.startswith(short)
    assert short == text or len(text) > limit


def test_page_says_how_many_posts_are_not_listed():
    rows = [post(f"teks {n}", (0.8 + n / 10_000, 0, 0)) for n in range(1_500)]
    assert "1.488 baris lain" in Reader(page_of(rows, limit=12)).words
    assert "1,488 more rows" in Reader(page_of(rows, limit=12, lang="en")).words


def test_every_listed_post_says_that_a_human_must_look(full_page):
    articles = re.findall(r'<article class="post [^"]*" id=.*?</article>', full_page, re.DOTALL)
    assert len(articles) > 50
    assert all("perlu ditinjau manusia" in article for article in articles)


def test_hoax_mark_always_asks_for_a_fact_check():
    assert Reader(page_of([post("kabar", (0, 0, 0.9))])).words.count("perlu cek fakta") == 2
    assert Reader(page_of([post("ayo", (0.9, 0, 0))])).words.count("perlu cek fakta") == 1


def test_page_tells_what_was_scored_and_by_which_model(full_page):
    said = Reader(full_page).words
    for fact in (
        "ekspor.csv",
        "tweet-harvest",
        "full_text",
        "dipulihkan dari tautan",
        "netralitas-bert-4x256-v1",
        "balanced",
        "0,710",
        "akun terpisah dari data latih",
        "2 tidak dapat dibaca",
    ):
        assert fact in said


def test_notes_on_reading_tell_each_count_once():
    manifest = manifest_of([post("a")])
    note = {"code": "x", "count": 1_200, "text_id": "1200 teks dipulihkan.", "text_en": ""}
    manifest["inputs"][0]["tables"][0]["problems"].append(note)
    page = render(manifest, aggregate([batch([post("a")])], THRESHOLDS, limit=5), key=KEY)
    assert "<li>1200 teks dipulihkan. </li>" in page
    assert '<span class="share">14×</span>' in page


def test_measured_figures_are_those_of_the_operating_point_of_the_run():
    cells = re.sub(r"\s|<[^>]*>", "", page_of([post("a")], evaluation=EVALUATION))
    assert "kepentingancalon0,860,790,81%412" in cells
    assert "beritabohong0,770,69–187" in cells
    other = EVALUATION | {"labels": {"hoax": {"precision": 0.5}}}
    page = page_of([post("a")], evaluation=other, operating_point="recall")
    assert "<td>0,50</td>" in page
    assert "<td>0,86</td>" not in page


def test_page_without_measured_figures_says_so():
    assert "tidak memuat angka ukur" in Reader(page_of([post("a")])).words
    assert "tidak memuat angka ukur" in Reader(page_of([post("a")], evaluation={"x": 1})).words


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "Tidak ada unggahan yang dapat dinilai."),
        ([post("", None)], "Tidak ada unggahan yang dapat dinilai."),
        ([post("biasa")], "tidak ada yang ditandai"),
        ([post("biasa", posted_at="")], "sebaran waktu tidak dapat digambar"),
    ],
)
def test_empty_states_have_their_own_words(rows, said):
    assert said in Reader(page_of(rows)).words


def test_numbers_that_read_as_certainty_are_not_shown():
    said = Reader(page_of([post("ayo", (0.9999, 0.0001, 0.5))])).words
    assert "> 0,99" in said
    assert "< 0,01" in said


def test_rounding_does_not_lift_a_score_over_its_threshold():
    values = re.findall(r'class="value">([^<]*)<', page_of([post("ayo", (0.7096, 0.0, 0.0))]))
    assert values[0] == "0,709"


def test_time_is_shown_with_its_zone_or_the_words_that_it_is_unknown():
    rows = [
        post("a", (0.9, 0, 0), posted_at="2024-09-21T23:30:00+00:00"),
        post("b", (0.8, 0, 0), posted_at="2024-09-21T23:30:00"),
        post("c", (0.75, 0, 0), posted_at=""),
    ]
    said = Reader(page_of(rows)).words
    assert "22 Sep 2024, 06.30 WIB" in said
    assert "21 Sep 2024, 23.30 (zona tidak diketahui)" in said
    assert "waktu tidak diketahui" in said


def test_both_languages_have_every_word_with_the_same_placeholders():
    fields = string.Formatter().parse
    for key, entry in catalogue().items():
        assert set(entry) == {"id", "en"}, key
        assert all(entry.values()), key
        named = [{field for _, field, _, _ in fields(text) if field} for text in entry.values()]
        assert named[0] == named[1], key


def test_every_kind_and_decision_has_words_and_every_word_is_used(request):
    keys = set(catalogue())
    assert {f"kind_{kind}" for kind in TEXT_KINDS} <= keys
    assert {f"decision_{decision}" for decision in DECISIONS} <= keys
    room = request.config.rootpath / "src/netralitas_nlp/report"
    source = "".join(f.read_text() for f in [*room.glob("*.py"), *room.glob("templates/*")])
    built = r"(kind|decision|level|role|point|limit|period|over_time_intro|figure)_"
    built += r"|(stance|verdict|spread|clause)_"
    unused = [k for k in keys if f'"{k}"' not in source and f"'{k}'" not in source]
    assert [key for key in unused if not re.match(built, key)] == []


def test_english_page_has_no_indonesian_heading():
    page = page_of(campaign(60), lang="en", evaluation=EVALUATION)
    assert '<html lang="en">' in page
    said = Reader(page).words
    for key, entry in catalogue().items():
        if entry["id"] != entry["en"] and " " in entry["id"] and "{" not in entry["id"]:
            assert words("id").plain(key) not in said, key


def test_charts_have_a_table_and_words_for_screen_readers(full_page):
    page = Reader(full_page)
    charts = [a for a in page.named("svg") if a.get("role") == "img"]
    assert len(charts) == 2 * (1 + len(LABELS))
    assert all(a["aria-label"] for a in charts)
    assert all(a.get("aria-hidden") == "true" for a in page.named("svg") if a not in charts)
    assert full_page.count('<details class="figures">') == 2


def test_report_of_a_run_is_written_whole_and_private(tmp_path):
    run = make_run(tmp_path / "run", campaign(120), rows_per_part=50)
    out = run / "report.html"
    out.write_text("lama")
    write_report(run, out=out)
    page = out.read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert page.rstrip().endswith("</html>")
    assert sorted(f.name for f in run.iterdir()) == [
        ".lock",
        "manifest.json",
        "parts",
        "pseudonym.key",
        "report.html",
    ]
    if os.name == "posix":
        assert out.stat().st_mode & 0o077 == 0
    write_report(run, out=out)
    assert out.read_text(encoding="utf-8") == page


def test_report_that_cannot_be_written_says_what_to_do(tmp_path):
    run = make_run(tmp_path / "run", [post("a")])
    with pytest.raises(RunError):
        write_report(run, out=tmp_path / "tiada" / "report.html")
    with pytest.raises(RunError):
        write_report(tmp_path, out=tmp_path / "report.html")


def test_contestants_are_listed_in_ballot_order_and_their_names_are_not_trusted():
    rosters = Rosters.load(["pilkada-rantau-selasih"])
    content = rosters.facts()[0]["content"].replace("Ir. Baskoro Lembuwangi", "<script>x</script>")
    rows = [post("dukung Lembuwangi nomor 3")]
    manifest = manifest_of(rows)
    manifest["rosters"] = [{"roster": "r", "sha256": "0", "content": content}]
    manifest["views"]["contestants"] = {"posts": 1, "each": {"pilkada-rantau-selasih": {"2": 1}}}
    page = render(manifest, aggregate([batch(rows)], THRESHOLDS, limit=9), key=KEY)
    assert "<script>x" not in page
    read = Reader(page).words
    places = [read.index(name) for name in ("Tirtabuana", "<script>x</script>", "Ulurimba")]
    assert places == sorted(places)
    assert "Menyebut peserta: «<bdi>Lembuwangi</bdi>» → <bdi>2. &lt;script&gt;" in page
    assert "Menyebut peserta bukan mendukung" in read
