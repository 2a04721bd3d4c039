"""Words of raw text: exact places, whatever the text holds."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netralitas_nlp.text.raw_words import merged, raw_words, together, without

WILD = st.text(
    st.characters() | st.sampled_from("@#\\x -'.,:\u200d\ufe0f\u20e3✌👍🏽🇮🇩0123789nrt/\u0301")
)


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in raw_words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pilih nomor 2, menang!", ["Pilih", "nomor", "2", "menang"]),
        ("#PilihNomorDua @pak_camat07, ya", ["#PilihNomorDua", "@pak_camat07", "ya"]),
        ("orang-orang Jum'at jam 7.30 e-KTP", ["orang-orang", "Jum'at", "jam", "7.30", "e-KTP"]),
        ("salam ✌🏽✌🏽✌🏽🔥 menang✌️", ["salam", "✌🏽✌🏽✌🏽", "🔥", "menang", "✌️"]),
        ("keluarga 👨‍👩‍👧 🇮🇩🇮🇩 2️⃣", ["keluarga", "👨‍👩‍👧", "🇮🇩🇮🇩", "2️⃣"]),
        ("🇮🇩🇲🇾", ["🇮🇩", "🇲🇾"]),
        ("cafe\u0301 ke\u200bbo\u00adhongan", ["cafe\u0301", "ke\u200bbo\u00adhongan"]),
        ("cek https://contoh.test/a?b=1 ya", ["cek", "https://contoh.test/a?b=1", "ya"]),
        ("wa 0812 3456 7890 pak", ["wa", "0812 3456 7890", "pak"]),
        ("surel dinas@contoh.test ya", ["surel", "dinas@contoh.test", "ya"]),
        ("baris\\nkedua \\xf0\\x9f\\x91\\x8d", ["baris", "kedua", "\\xf0\\x9f\\x91\\x8d"]),
        ("𝗖𝗼𝗯𝗹𝗼𝘀 ② عربي 中文", ["𝗖𝗼𝗯𝗹𝗼𝘀", "②", "عربي", "中文"]),
        ("?! -- ... \ud800 \u200b", []),
        ("", []),
    ],
)
def test_words_are_what_a_reader_takes_for_one(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(WILD)
def test_words_lie_in_the_text_in_order_apart_and_are_never_blank(text: str) -> None:
    last = 0
    for start, end in raw_words(text):
        assert last <= start < end <= len(text)
        assert text[start:end].strip()
        last = end


@given(WILD, st.data())
def test_taking_words_out_leaves_all_else(text: str, data: st.DataObject) -> None:
    places = raw_words(text)
    chosen = [place for place in places if data.draw(st.booleans())]
    left = without(text, chosen)
    inside = {i for start, end in chosen for i in range(start, end)}
    assert len(left) == len(text) - len(inside) + len(chosen)
    kept = "".join(char for i, char in enumerate(text) if i not in inside)
    assert left.replace(" ", "") == kept.replace(" ", "")


def test_neighbours_become_one_span_but_not_across_a_sentence_or_another_word() -> None:
    text = "pilih nomor, dua. Menang besok"
    places = raw_words(text)
    spans = merged(places, [0, 1, 2, 3], text)
    assert [text[start:end] for start, end in spans] == ["pilih nomor, dua", "Menang"]
    assert merged(places, [0, 2], text) == [places[0], places[2]]
    assert merged(places, [], text) == []


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 5))))
def test_places_that_overlap_become_one(drawn: list[tuple[int, int]]) -> None:
    places = [(start, start + length) for start, length in drawn]
    found = together(places)
    assert {i for a, b in found for i in range(a, b)} == {i for a, b in places for i in range(a, b)}
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(found))
