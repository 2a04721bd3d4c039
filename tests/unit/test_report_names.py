"""No link and no file name on the page tells who wrote a post; texts stay as written."""

import re
from html.parser import HTMLParser
from urllib.parse import quote, unquote

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from report_run import THRESHOLDS, batch, manifest_of, post

from netralitas_nlp.report.aggregate import aggregate
from netralitas_nlp.report.names import Names
from netralitas_nlp.report.page import render
from netralitas_nlp.report.untrusted import link

FLAG = (0.9, 0.1, 0.1)
CLAIM = {"claim_title": "Kabar itu tidak benar", "claim_similarity": 0.9, "claim_verdict": "false"}


class Shown(HTMLParser):
    """Collects what a reader sees of a page, and what its links hold."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.said: list[str] = []
        self.hidden = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.hidden = tag in ("script", "style")
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.said += [value or "" for name, value in attrs if name in ("title", "aria-label")]

    def handle_endtag(self, tag):
        self.hidden = False

    def handle_data(self, data):
        if not self.hidden:
            self.said.append(data)

    @property
    def all(self) -> str:
        return "\n".join([*self.links, *self.said])


def page_of(*rows, reveal=False, files=("ekspor.csv",)):
    manifest = manifest_of(rows)
    facts = manifest["inputs"][0]
    table = facts["tables"][0]
    manifest["inputs"] = [
        {**facts, "file": file, "tables": [{**table, "name": file}]} for file in files
    ]
    totals = aggregate([batch(rows)], THRESHOLDS, limit=50)
    return Shown(render(manifest, totals, key=bytes(32), reveal=reveal))


handles = st.from_regex(r"[a-z][a-z0-9_.]{4,18}[a-z0-9]", fullmatch=True)


@st.composite
def spelled(draw, handle):
    """Write a name as links do: other case, percent-encoded once or twice, ``@`` before it."""
    name = draw(st.sampled_from([handle, handle.upper(), handle.title()]))
    encoded = "".join(f"%{ord(c):02X}" if draw(st.booleans()) else c for c in name)
    return draw(st.sampled_from([name, encoded, encoded.lower(), quote(encoded)]))


FORMS = (
    "https://x.com/{n}/status/184003643642",
    "https://x.com/{n}/status/184003643642/photo/1?s=20&t=" + "a" * 400,
    "https://x.com//{n}/status/184003643642",
    "https://mobile.twitter.com/{n}/statuses/184003643642#{n}",
    "https://twitter.com/#!/{n}/status/184003643642",
    "https://X.com/{n}",
    "https://x.com/intent/user?screen_name={n}",
    "https://x.com/{n}/status/184003643642?" + "a=1&" * 600,
    "x.com/{n}/status/184003643642",
    "//x.com/{n}/status/184003643642",
    "https://m.facebook.com/{n}/posts/pfbid02abc",
    "https://web.facebook.com/groups/12345/posts/678/?__cft__={n}",
    "https://www.facebook.com/photo.php?fbid=12345&set=a.{n}",
    "https://www.facebook.com/permalink.php?story_fbid=12345&id={n}",
    "https://www.facebook.com/watch/?v=12345&ref={n}",
    "https://www.instagram.com/{n}/p/C1a_b-2/",
    "https://www.instagram.com/p/C1a_b-2/?taken-by={n}",
    "https://www.instagram.com/stories/{n}/12345/",
    "https://www.tiktok.com/@{n}/video/7301234567890123456?lang=id",
    "https://www.tiktok.com/%40{n}/video/7301234567890123456",
    "https://www.youtube.com/@{n}",
    "https://www.youtube.com/c/{n}/videos",
    "https://www.youtube.com/user/{n}",
    "https://www.youtube.com/watch?v=a1b2c3d4e5f&ab_channel={n}",
    "https://www.threads.net/@{n}/post/C1a_b-2",
    "https://t.me/s/{n}/12",
    "https://bsky.app/profile/{n}.bsky.social/post/3kabc",
    "at://{n}/app.bsky.feed.post/3kabc",
    "https://www.linkedin.com/posts/{n}_netralitas-activity-712345",
    "https://mastodon.example/@{n}/112233",
    "https://{n}.blog.example/2024/10/kabar",
    "https://forum.example/u?name={n}",
    "https://forum.example/a#by-{n}",
    "mailto:{n}@surel.example",
    "Tautan: https://x.com/{n}/status/1",
)


@settings(max_examples=150, deadline=None)
@given(st.data(), handles, st.sampled_from(FORMS), st.sampled_from([True, False]))
def test_name_of_an_account_stands_in_no_link_and_in_no_word_of_the_page(data, handle, form, at):
    url = form.replace("{n}", data.draw(spelled(handle)))
    account = "@" + handle if at else handle
    row = post("Ayo pilih nomor dua", FLAG, account=account, url=url)
    copy = post("Ayo pilih nomor dua", FLAG, account=account + "_b", url=url + handle + "_b")
    checked = post("Kabar resah", FLAG, account=account, claim_url=url, **CLAIM)
    other = page_of(*(post(r["text"], FLAG, account="orang") for r in (row, checked)))
    assume(handle not in other.all.casefold())
    assume(not any(handle in value for value in ("184003643642", "c1a_b-2", "pfbid02abc")))
    page = page_of(row, copy, checked)
    said = page.all.casefold()
    assert handle not in said
    assert handle not in unquote(unquote(unquote(said)))


@settings(max_examples=100, deadline=None)
@given(handles, st.sampled_from(FORMS))
def test_profiles_of_platforms_stay_hidden_where_the_author_is_not_known(handle, form):
    host = form.partition("{n}")[0]
    assume(not any(site in host + form for site in ("forum.example", ".blog.example")))
    shown = link(form.replace("{n}", handle))
    assert shown is not None
    assume(handle not in "www.instagram.com/facebook/status/groups/posts/photo.php/watch")
    assert handle not in shown.href + shown.shown


@settings(max_examples=100, deadline=None)
@given(handles, st.sampled_from(FORMS))
@example("sri_wahyuni", FORMS[0])
def test_revealed_page_keeps_addresses_as_they_are(handle, form):
    url = form.replace("{n}", handle)
    shown = link(url, account=handle, reveal=True)
    assert shown is not None
    assert not shown.withheld
    assert url.startswith(shown.shown)


@given(st.text(max_size=60), st.text(max_size=12))
def test_any_name_and_any_address_can_be_compared(text, name):
    assert isinstance(Names([name]).within(text), bool)
    if len([c for c in name if c.isascii() and c.isalpha()]) >= 4:
        assert Names([name]).within(text + "%" + name)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://twitter.com/sri_w/status/18?s=20", "https://x.com/i/status/18"),
        ("https://x.com/i/web/status/18", "https://x.com/i/status/18"),
        ("https://www.instagram.com/sri_w/reel/Cab-1_/", "https://www.instagram.com/reel/Cab-1_/"),
        ("https://instagram.com/p/Cab-1_/c/17", "https://www.instagram.com/p/Cab-1_/"),
        (
            "https://www.youtube.com/watch?v=a-1&ab_channel=Sri",
            "https://www.youtube.com/watch?v=a-1",
        ),
        ("https://youtube.com/watch?lc=Ug.9&v=a-1", "https://www.youtube.com/watch?v=a-1&lc=Ug.9"),
        ("https://youtu.be/a-1?si=x", "https://youtu.be/a-1"),
        ("https://m.facebook.com/watch/?v=12&ref=x", "https://www.facebook.com/watch/?v=12"),
        (
            "https://facebook.com/groups/77/permalink/12/?x=1",
            "https://www.facebook.com/groups/77/posts/12/",
        ),
        ("https://vt.tiktok.com/ZSab1/", "https://vt.tiktok.com/ZSab1/"),
        ("https://kabar.example/berita/12?a=1&b=2", "https://kabar.example/berita/12?a=1&b=2"),
    ],
)
def test_address_that_opens_a_post_without_its_author_is_kept(url, shown):
    found = link(url, account="Sri_W")
    assert found is not None
    assert (found.href, found.shown, found.withheld) == (shown, shown, False)


def test_short_name_hides_a_link_only_where_it_stands_alone():
    assert link("https://kabar.example/oleh/BUD/12", account="bud").withheld
    assert not link("https://kabar.example/kebudayaan/12", account="bud").withheld
    assert link("https://kabar.example/oleh/budi-santoso", account="Budi Santoso").withheld


def test_name_in_other_writing_is_the_same_name():
    assert Names(["Bágus.Santoso"]).within("https://a.example/BAGUS_santoso")
    assert Names(["ｂａｇｕｓ"]).within("https://a.example/%62agus")
    assert not Names(["", "@", "  "]).within("https://a.example/@")


def test_withheld_link_says_where_to_look():
    url = "https://www.facebook.com/sri.wahyuni/posts/12"
    rows = [post("pilih dua", FLAG, account="Sri Wahyuni", url=url, source_row=37)]
    assert "tautan memuat nama akun; lihat scored.csv, source_row 37" in page_of(*rows).all
    assert url in page_of(*rows, reveal=True).links


def test_fact_check_on_a_platform_stays_reachable():
    url = "https://www.facebook.com/pemeriksa.fakta/posts/12"
    rows = [post("kabar", FLAG, account="sri_w", claim_url=url, **CLAIM)]
    assert url in page_of(*rows).links
    rows = [post("kabar", FLAG, account="pemeriksa_fakta", claim_url=url, **CLAIM)]
    assert "tautan cek fakta memuat nama akun" in page_of(*rows).all


def test_input_named_after_an_account_is_shown_by_its_number():
    files = ("ekspor.csv", "unduhan/sri_w_2024.csv")
    rows = [post("pilih dua", FLAG, account="sri_w", source_file=files[1], source_row=3)]
    page = page_of(*rows, files=files)
    assert "sri_w" not in page.all
    assert "berkas masukan 2 (namanya memuat nama akun)" in page.said
    assert "ekspor.csv" in page.said
    assert files[1] in page_of(*rows, files=files, reveal=True).said


def test_mentions_in_texts_stay_as_written():
    text = "Ayo ikut @sri_w dan @joko_p, https://x.com/sri_w/status/18"
    rows = [post(text, FLAG, account="sri_w", parent_text="kata @sri_w begini")]
    page = page_of(*rows)
    assert text in page.said
    assert "kata @sri_w begini" in page.said
    assert not [address for address in page.links if re.search("sri_w", address)]
    assert "Teks ditampilkan apa adanya" in page.all
