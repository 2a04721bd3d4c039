"""Answers, their withdrawal, second opinions and adjudication: nothing is ever changed in place."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_run import post
from review_desk import NO, UNSURE, YES, desk, posts, rid

from netralitas_nlp.errors import ReviewError
from netralitas_nlp.labels import LABELS
from netralitas_nlp.review.chain import check
from netralitas_nlp.review.judging import (
    MAX_NOTE,
    adjudicate,
    conflicts,
    record,
    undo,
    verdicts_of,
)
from netralitas_nlp.review.overview import overview
from netralitas_nlp.review.queue import next_post, post_of
from netralitas_nlp.review.standing import judged_twice
from netralitas_nlp.review.store import ReviewStore


def test_a_verdict_says_who_when_and_what_was_shown(tmp_path: Path) -> None:
    row = post("x", (0.9, 0, 0), row_id=rid(1), policy_version="1.4")
    with desk(tmp_path, [row]) as store:
        added = record(store, rid(1), YES, reviewer="adi", note=" jelas ", blind=True, seconds=4.25)
        assert [v.label for v in added] == list(LABELS)
        assert [v.verdict for v in added] == ["no", "no", "yes"]
        first = added[0]
        assert (first.seq, first.reviewer, first.kind, first.previous) == (1, "adi", "first", None)
        assert (first.bundle, first.policy_version) == ("netralitas-bert-4x256-v1", "1.4")
        assert (first.blind, first.seconds, first.note) == (True, 4.25, "jelas")
        assert first.decided_at.endswith("+00:00")
        assert verdicts_of(store, rid(1)) == added


def test_a_changed_mind_is_a_new_row_that_names_the_old_one(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        old = record(store, rid(0), YES, reviewer="adi")
        new = record(store, rid(0), NO, reviewer="adi")
        assert [v.previous for v in new] == [v.seq for v in old]
        assert verdicts_of(store, rid(0)) == [*old, *new]
        assert overview(store).total.confirmed == 0


def test_undo_withdraws_with_new_rows_and_hands_the_post_back(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        old = record(store, rid(0), YES, reviewer="adi")
        assert undo(store, reviewer="adi").row_id == rid(0)
        rows = verdicts_of(store, rid(0))
        assert rows[:3] == old
        assert [(v.verdict, v.kind) for v in rows[3:]] == [("withdrawn", "undo")] * 3
        assert [v.previous for v in rows[3:]] == [v.seq for v in old]
        queued = next_post(store, reviewer="adi", order="likely")
        assert queued is not None
        assert queued.row_id == rid(0)
        with pytest.raises(ReviewError, match="withdrawn"):
            undo(store, reviewer="adi")
        assert check(store).ok


def test_undo_of_a_changed_mind_brings_the_earlier_answer_back(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        record(store, rid(0), YES, reviewer="adi")
        record(store, rid(0), NO, reviewer="adi")
        undo(store, reviewer="adi")
        assert overview(store).total.confirmed == 1
        undo(store, reviewer="adi")
        assert overview(store).total.decided == 0


def test_undo_reaches_only_ones_own_answers(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        record(store, rid(0), YES, reviewer="adi")
        with pytest.raises(ReviewError):
            undo(store, reviewer="budi")


def test_unsure_calls_a_second_person(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        record(store, rid(0), UNSURE, reviewer="adi")
        assert overview(store).total.second == 1
        record(store, rid(0), NO, reviewer="budi")
        assert [c.post.row_id for c in conflicts(store)] == [rid(0)]


def test_two_who_agree_decide_and_two_who_differ_do_not(tmp_path: Path) -> None:
    with desk(tmp_path, double=1.0) as store:
        for row, answers in ((0, YES), (3, NO)):
            record(store, rid(row), YES, reviewer="adi", note="a")
            record(store, rid(row), answers, reviewer="budi")
        found = list(conflicts(store))
        assert [c.post.row_id for c in found] == [rid(3)]
        assert found[0].answers == {"adi": YES, "budi": NO}
        assert found[0].notes == {"adi": "a", "budi": ""}
        assert overview(store).total.decided == 1
        with pytest.raises(ReviewError, match="difference"):
            adjudicate(store, rid(0), NO, adjudicator="ratu", note="")
        rows = adjudicate(store, rid(3), YES, adjudicator="ratu", note="putusan")
        assert {v.kind for v in rows} == {"adjudication"}
        assert not list(conflicts(store))
        assert len(verdicts_of(store, rid(3))) == 9


def test_an_undone_adjudication_is_a_conflict_again(tmp_path: Path) -> None:
    with desk(tmp_path, double=1.0) as store:
        record(store, rid(0), YES, reviewer="adi")
        record(store, rid(0), NO, reviewer="budi")
        adjudicate(store, rid(0), NO, adjudicator="ratu", note="")
        undo(store, reviewer="ratu")
        assert len(list(conflicts(store))) == 1
        assert next_post(store, reviewer="adi", order="checks") is None


def test_only_adjudicators_adjudicate_and_readers_do_not_judge(tmp_path: Path) -> None:
    with desk(tmp_path, double=1.0) as store:
        with pytest.raises(ReviewError, match="reviewer"):
            record(store, rid(0), NO, reviewer="baca")
        record(store, rid(0), YES, reviewer="adi")
        record(store, rid(0), NO, reviewer="budi")
        with pytest.raises(ReviewError, match="adjudicator"):
            adjudicate(store, rid(0), NO, adjudicator="adi", note="")
        assert len(verdicts_of(store, rid(0))) == 6


def test_an_answer_after_the_decision_is_kept_and_may_open_it(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        record(store, rid(0), YES, reviewer="adi")
        record(store, rid(0), NO, reviewer="budi")
        assert len(list(conflicts(store))) == 1


@pytest.mark.parametrize(
    "answers",
    [{}, {"hoax": "yes"}, {**NO, "hoax": "withdrawn"}, {**NO, "lain": "no"}, {**NO, "hoax": None}],
)
def test_answers_are_whole_and_of_the_closed_list(tmp_path: Path, answers: Any) -> None:
    with desk(tmp_path) as store:
        with pytest.raises(ReviewError, match="one answer"):
            record(store, rid(0), answers, reviewer="adi")
        assert verdicts_of(store, rid(0)) == []


def test_unknown_posts_and_long_notes_are_refused(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        with pytest.raises(ReviewError):
            record(store, "tidak ada", NO, reviewer="adi")
        with pytest.raises(ReviewError):
            record(store, rid(0), NO, reviewer="adi", note="x" * (MAX_NOTE + 1))


def test_rows_of_the_chain_cannot_be_changed_or_removed(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        record(store, rid(0), NO, reviewer="adi")
    base = sqlite3.connect(tmp_path / "meja.db")
    for table in ("verdicts", "journal"):
        for act in (f"DELETE FROM {table}", f"UPDATE {table} SET hash = ''"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                base.execute(act)
    base.close()


def test_about_the_wanted_share_is_judged_twice_and_the_same_posts_every_time() -> None:
    key = b"k" * 32
    chosen = [judged_twice(rid(i), key, 0.2) for i in range(4000)]
    assert 700 < sum(chosen) < 900
    assert chosen == [judged_twice(rid(i), key, 0.2) for i in range(4000)]
    assert not any(judged_twice(rid(i), key, 0.0) for i in range(100))
    assert all(judged_twice(rid(i), key, 1.0) for i in range(100))


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["judge", "judge", "judge", "undo", "adjudicate"]),
        st.sampled_from(["adi", "budi", "ratu"]),
        st.integers(0, 3),
        st.sampled_from([NO, YES, UNSURE]),
        st.text(max_size=20),
    ),
    max_size=14,
)


@settings(max_examples=40)
@given(acts=ACTS, double=st.sampled_from([0.0, 0.5, 1.0]))
def test_whatever_people_do_the_chain_and_the_states_hold(
    tmp_path_factory: pytest.TempPathFactory, acts: list[Any], double: float
) -> None:
    with desk(tmp_path_factory.mktemp("meja"), posts(4), double=double) as store:
        added = 0
        for act, who, row, answers, note in acts:
            try:
                if act == "judge":
                    added += len(record(store, rid(row), answers, reviewer=who, note=note))
                elif act == "undo":
                    undo(store, reviewer=who)
                    added += 3
                else:
                    added += len(adjudicate(store, rid(row), answers, adjudicator=who, note=note))
            except ReviewError:
                continue
        report = check(store)
        assert report.ok, report
        assert report.verdicts == added
        total = overview(store).total
        assert sum_of(total) == 3 + judged_clear(store)


def sum_of(total: Any) -> int:
    return int(total.waiting + total.second + total.conflict + total.decided)


def judged_clear(store: ReviewStore) -> int:
    """Return 1 where the one post that the model cleared has an answer that stands."""
    assert post_of(store, rid(2)).decision == "clear"
    with store.base.read() as base:
        state = base.execute("SELECT state FROM posts WHERE row_id = ?", (rid(2),)).fetchone()[0]
    return int(state > 0)
