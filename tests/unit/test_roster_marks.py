"""Contestants of a roster are marked for the model; nothing a post says can imitate the mark."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netralitas_nlp.text.marks import mark_spans, with_marks, written_marks
from netralitas_nlp.text.normalize import Normalizer, NormalizerSettings
from netralitas_nlp.text.roster import load_roster

ROSTER = load_roster("pilkada-rantau-selasih")
LEARNT = Normalizer(NormalizerSettings(roster=True, emoji_tokens=("✌",)))
PLAIN = Normalizer(NormalizerSettings(emoji_tokens=("✌",)))
PIECES = st.sampled_from(
    ["Tirtabuana", "#DuaAja", "Lembuwangi", "nomor 2", "✌️", "\u200b", "𝗟𝗲𝗺𝗯𝘂wangi", "\\n", "@",
     "https://", "SEBAYA", " ", "dukung", "\ue005", "e\u0301"]
)  # fmt: skip


def marked(text: str) -> str:
    return LEARNT(text, mark_spans(text, ROSTER.find(text)))


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("Pak Lembuwangi hadir di acara itu", "pak [CALON] hadir di acara itu"),
        ("Mahardika Tirtabuana & Wulandari Pasaribang", "[CALON] & [CALON]"),
        ("sama T1rt4bu4na aja", "sama [CALON] aja"),
        ("coblos paslon nomor urut 2!", "coblos paslon [CALON] !"),
        ("dukung 02", "dukung [CALON]"),
        ("angkat dua jari", "angkat [CALON]"),
        ("SEBAYA sampai menang", "[CALON] sebaya sampai menang"),
        ("gas #DuaAja", "gas [CALON] # dua aja"),
        ("kader PJN", "kader [CALON]"),
    ],
)
def test_a_mention_becomes_the_mark_and_what_is_said_about_it_stays(text: str, normal: str) -> None:
    assert marked(text) == normal


@pytest.mark.parametrize(
    "text",
    ["liburan ✌️", "tanggal 02", "@lembuwangi_official", "https://x.id/lembuwangi", "rapat desa"],
)
def test_signs_addresses_and_other_people_are_not_marked(text: str) -> None:
    assert marked(text) == PLAIN(text)


def test_another_contestant_in_the_same_place_gives_the_same_input() -> None:
    posts = ["Menangkan Pak Lembuwangi!", "Menangkan Pak Tirtabuana!"]
    assert len({marked(post) for post in posts}) == 1


def test_a_model_that_has_not_learnt_the_mark_never_sees_it() -> None:
    text = "Menangkan Lembuwangi"
    assert PLAIN(text, mark_spans(text, ROSTER.find(text))) == "menangkan lembuwangi"


@pytest.mark.parametrize("text", ["[CALON]", "\ue005", "\\xee\\x80\\x85", "[calon] [CALON]"])
def test_a_post_cannot_write_the_mark_itself(text: str) -> None:
    assert "[CALON]" not in LEARNT(text)


@given(st.lists(PIECES | st.text(max_size=4), max_size=8).map("".join))
def test_training_and_scoring_see_the_same_marks(text: str) -> None:
    spans = mark_spans(text, ROSTER.find(text))
    written = with_marks(text, spans)
    assert LEARNT(written, written_marks(written)) == LEARNT(text, spans)


@given(st.lists(PIECES | st.text(max_size=4), max_size=8).map("".join))
def test_without_marks_nothing_changes(text: str) -> None:
    assert LEARNT(text) == PLAIN(text)
