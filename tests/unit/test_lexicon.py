"""The lexicon gives hints with their places; entries of the user come on top."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netralitas_nlp.datafiles import data_folder
from netralitas_nlp.errors import InputError
from netralitas_nlp.text.lexicon import load_lexicon, released_lexicon

LEXICON = released_lexicon()
TERMS = [(name, term) for name, entry in LEXICON.entries.items() for term in entry.terms]


@pytest.mark.parametrize(("name", "term"), TERMS)
def test_every_term_is_found_by_itself(name: str, term: str) -> None:
    assert name in {hint.entry for hint in LEXICON.find(f"kata {term} kata")}


@pytest.mark.parametrize(
    ("text", "entry", "group"),
    [
        ("dasar K4DRUUUN kalian", "kadrun", "camp_slur"),
        ("m3nyal4 pak camat", "menyala", "coded_support"),
        ("liburan ✌🏽", "dua-jari", "gesture"),
        ("LANJUT  DUA periode", "lanjutkan", "coded_support"),
    ],
)
def test_alay_spelling_and_case_are_seen_through(text: str, entry: str, group: str) -> None:
    (hint,) = LEXICON.find(text)
    assert (hint.entry, hint.group) == (entry, group)
    assert hint.text == text[hint.start : hint.end]


def test_part_of_a_word_is_no_term() -> None:
    assert LEXICON.find("kampretnya? tidak: kampretan, gaspolin, kadruns") == []


@given(st.text() | st.lists(st.sampled_from([term for _, term in TERMS])).map(" ".join))
def test_hints_lie_inside_the_text(text: str) -> None:
    for hint in LEXICON.find(text):
        assert 0 <= hint.start < hint.end <= len(text)
        assert hint.text == text[hint.start : hint.end]


@pytest.mark.parametrize(
    ("form", "word"),
    [("pslon", "paslon"), ("NMR", "nomor"), ("jgn", "jangan"), ("apel", "apel"), ("a b", "a b")],
)
def test_everyday_spellings_have_a_standard_word(form: str, word: str) -> None:
    assert LEXICON.standard(form) == word


def test_every_entry_has_a_note_in_both_languages() -> None:
    for file in data_folder("lexicon").glob("*.toml"):
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        for entry in (*table.get("entry", ()), *table.get("variant", ()), *table.get("number", ())):
            assert set(entry["note"]) == {"id", "en"}
            assert all(entry["note"].values())


def test_a_folder_of_the_user_adds_and_replaces(tmp_path: Path) -> None:
    (tmp_path / "kami.toml").write_text(
        'revised = 2026-11-21\ngroup = "lokal"\n'
        '[[entry]]\nid = "kadrun"\nterms = ["kadrunesia"]\nnote = { id = "a", en = "b" }\n'
        '[[entry]]\nid = "baru"\nterms = ["semboyan rekaan"]\nnote = { id = "a", en = "b" }\n',
        encoding="utf-8",
    )
    lexicon = load_lexicon(tmp_path)
    hints = lexicon.find("semboyan rekaan kadrun kadrunesia cebong")
    assert [(h.entry, h.group) for h in hints] == [
        ("baru", "lokal"), ("kadrun", "lokal"), ("cebong", "camp_slur"),
    ]  # fmt: skip


def test_a_bad_lexicon_file_is_refused_with_file_and_key(tmp_path: Path) -> None:
    (tmp_path / "salah.toml").write_text(
        'revised = 2026-11-21\ngroup = "x"\n[[entry]]\nid = "a"\nterms = ["a"]\n', encoding="utf-8"
    )
    with pytest.raises(InputError) as caught:
        load_lexicon(tmp_path)
    assert "salah.toml" in str(caught.value)
    assert "entry[1].note" in str(caught.value)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="tiada"):
        load_lexicon(tmp_path / "tiada")
