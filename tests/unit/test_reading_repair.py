"""Texts come back as their authors wrote them, or stay exactly as they are."""

import html

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from netralitas_nlp.io.kinds import is_bare_repost, is_like_row, kind_of_word
from netralitas_nlp.io.repair import is_cut, repaired

WORDS = st.text(alphabet="abcdefgh ijkl.,!?é'ñ😂🙏❤️–“”", min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        ("Setuju &amp; mantap", "Setuju & mantap"),
        ("a &lt;b&gt; &quot;c&quot; &#39;d&#39;", "a <b> \"c\" 'd'"),
        ("A &amp B", "A & B"),
        ("satu<br>dua<br />tiga", "satu\ndua\ntiga"),
        ('lihat <a href="https://contoh.invalid">0:12</a> ya', "lihat 0:12 ya"),
        ("mantap ðŸ˜‚", "mantap 😂"),
        ("tunggu â€¦", "tunggu …"),
        ("hati \u00e2\u009d\u00a4", "hati ❤"),
        ("5 < 6 dan R&D, AT&T; &salam", "5 < 6 dan R&D, AT&T; &salam"),
        ("Café Résumé", "Café Résumé"),
        ("half â€¦ and 😂 whole", "half â€¦ and 😂 whole"),
    ],
)
def test_a_text_is_repaired_only_where_the_whole_cell_allows(found: str, meant: str) -> None:
    assert repaired(found) == meant


@given(WORDS)
def test_facebook_escapes_are_undone_exactly(text: str) -> None:
    assume(any(ord(c) > 0x2000 for c in text))
    assert repaired(text.encode("utf-8").decode("latin-1")) == text


@given(WORDS)
def test_escaped_text_comes_back(text: str) -> None:
    assert repaired(html.escape(text + " & <x>")) == text + " & <x>"


@given(WORDS)
def test_sound_text_is_left_alone(text: str) -> None:
    assert repaired(text) == text


@given(st.text(max_size=300))
def test_repair_accepts_any_text_and_settles(text: str) -> None:
    assert isinstance(repaired(text), str)
    assert is_cut(text) in (True, False)


@pytest.mark.parametrize(
    "text", ["Jalan ditutup…", "Jalan ditutup… ", "Jalan… https://t.co/abc", "Jalan […]"]
)
def test_a_visible_cut_is_seen(text: str) -> None:
    assert is_cut(text)


@pytest.mark.parametrize("text", ["Tau ah...", "Jalan … ditutup", "", "Selesai."])
def test_a_trailing_thought_is_no_cut(text: str) -> None:
    assert not is_cut(text)


def test_three_stops_count_only_for_tools_that_write_them() -> None:
    assert is_cut("Kabar desa hari i...", dots=True)


def test_kinds_are_told_from_words_and_marks() -> None:
    assert kind_of_word("Komentar") == "reply"
    assert kind_of_word("bagikan") == "share"
    assert kind_of_word("suka") == "like"
    assert kind_of_word("lainnya") is None
    assert is_bare_repost("RT @rahma: selamat pagi")
    assert not is_bare_repost("Setuju. RT @rahma: selamat pagi")
    assert is_like_row("Akun budi menyukai kiriman Desa Sukamaju")
    assert not is_like_row("Warga menyukai taman baru itu")
