"""Several rosters of one run, and a scorer that reads contestants as one mark."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_roster import POSTS, ROSTER, with_marks_learnt

from netralitas_nlp.errors import InputError
from netralitas_nlp.predictor import Scorer
from netralitas_nlp.text.rosters import Rosters

BOTH = Rosters.load([ROSTER, "pilpres-nusa-sembilan"])


@pytest.fixture(scope="module")
def learnt(tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_marks_learnt(tiny_bundle, tmp_path_factory.mktemp("marks") / "tiny")


def test_a_number_means_a_contestant_of_each_roster_and_a_name_only_its_own() -> None:
    name, number = BOTH.find("Lembuwangi, nomor 2")
    assert name.who == ((ROSTER, 2),)
    assert number.who == ((ROSTER, 2), ("pilpres-nusa-sembilan", 2))


@given(
    st.lists(st.sampled_from([*POSTS, "Wirogeni", "nomor 2", " ", "x"]), max_size=6).map("".join)
)
def test_mentions_of_several_rosters_are_in_order_and_never_overlap(text: str) -> None:
    found = [mention.match for mention in BOTH.find(text)]
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(text[m.start : m.end] == m.text for m in found)


def test_what_the_manifest_keeps_finds_the_same() -> None:
    again = Rosters.from_facts(BOTH.facts())
    assert again.facts() == BOTH.facts()
    assert all(again.find(text) == BOTH.find(text) for text in POSTS)


def test_the_same_roster_twice_is_one() -> None:
    assert len(Rosters.load([ROSTER, ROSTER]).files) == 1


def test_a_roster_that_is_not_there_is_an_error_the_user_can_mend() -> None:
    with pytest.raises(InputError, match=r"hilang\.toml"):
        Scorer.from_pretrained(roster="hilang.toml")


def test_contestants_in_the_same_place_score_the_same(learnt: Path) -> None:
    scorer = Scorer.from_pretrained(learnt, roster=ROSTER)
    assert scorer.marks_contestants
    posts = [f"ayo coblos {name} besok" for name in ("Lembuwangi", "Tirtabuana", "nomor 3")]
    first, *others = scorer.score(posts)
    assert all(other.scores == first.scores for other in others)
    plain = Scorer.from_pretrained(learnt).score(posts)
    assert len({tuple(one.scores.values()) for one in plain}) == 3


def test_a_contestant_named_in_the_parent_is_marked_there_too(learnt: Path) -> None:
    scorer = Scorer.from_pretrained(learnt, roster=ROSTER)
    answers = scorer.score(["setuju"] * 2, ["Profil Lembuwangi", "Profil Tirtabuana"])
    assert answers[0].scores == answers[1].scores


def test_posts_that_name_nobody_score_as_without_a_roster(learnt: Path) -> None:
    texts = ["rapat desa pukul delapan", "liburan ✌️", "[CALON] menang"]
    assert Scorer.from_pretrained(learnt, roster=ROSTER).score(texts) == Scorer.from_pretrained(
        learnt
    ).score(texts)


def test_a_model_that_has_not_learnt_the_mark_scores_as_without_a_roster(tiny_bundle: Path) -> None:
    scorer = Scorer.from_pretrained(tiny_bundle, roster=ROSTER)
    assert not scorer.marks_contestants
    assert scorer.score(POSTS) == Scorer.from_pretrained(tiny_bundle).score(POSTS)


@pytest.mark.parametrize(
    "text",
    [
        "{name} hadir di acara itu",
        "Pak {name} hadir di acara itu",
        "{name} meninjau pasar pagi tadi",
        "Debat: {name} bicara soal pupuk",
    ],
)
@pytest.mark.parametrize("name", ["Lembuwangi", "Mahardika Tirtabuana", "calon nomor 3"])
def test_the_released_model_flags_nobody_for_being_named(
    released_bundle: Path, text: str, name: str
) -> None:
    post = text.format(name=name)
    plain = Scorer.from_pretrained(released_bundle).score(post)
    named = Scorer.from_pretrained(released_bundle, roster=ROSTER).score(post)
    assert named.decision != "flag" or plain.decision == "flag"
    if "acara" in text:
        assert named.decision != "flag"
