"""Two votes on each post: complete, explained where they differ, and measured."""

import pytest
from test_labeled_schema import post

from netralitas_nlp.labeled.votes import agreement, problems

POSTS = [
    post(1), post(2, hoax="1", group_id="a90:lain"), post(3), post(4, hoax="1"),
]  # fmt: skip


def vote(number: int, first: str, second: str, **changes: str) -> dict[str, str]:
    row = {
        "id": f"a90-{number:04d}", "first": first, "second": second, "final": first,
        "second_borderline": "0", "vote_batch": "p01", "note": "" if first == second else "ruling",
    }  # fmt: skip
    return row | changes


VOTES = [vote(1, "000", "000"), vote(2, "001", "001"), vote(3, "000", "000"), vote(4, "001", "001")]


def test_complete_votes_have_no_problem() -> None:
    assert list(problems(VOTES, POSTS)) == []


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (vote(4, "001", "0x1"), "not_allowed"),
        (vote(4, "001", "000", note=""), "vote_note"),
        (vote(4, "001", "001", final="000"), "vote_final"),
        (vote(9, "000", "000"), "vote_unknown"),
        (vote(3, "000", "000"), "repeated"),
    ],
)
def test_each_slip_is_found(row: dict[str, str], code: str) -> None:
    assert code in {p.code for p in problems([*VOTES[:3], row], POSTS)}


def test_a_post_without_votes_is_named() -> None:
    assert [(p.code, p.value) for p in problems(VOTES[:3], POSTS)] == [("vote_missing", "a90-0004")]


def test_agreement_is_measured_on_the_votes_and_not_on_the_final_labels() -> None:
    assert agreement(VOTES, POSTS)["hoax"].value == 1
    apart = [*VOTES[:3], vote(4, "001", "000")]
    assert agreement(apart, POSTS)["hoax"].value < 0.7
