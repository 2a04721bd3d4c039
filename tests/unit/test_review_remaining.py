"""When it is safe to stop: what the audit sample says of the posts nobody has decided."""

from pathlib import Path

import numpy as np
import pytest
from report_run import Row, post
from review_desk import NO, UNSURE, YES, desk, rid

from netralitas_nlp.review.judging import record
from netralitas_nlp.review.queue import next_post
from netralitas_nlp.review.remaining import MIN_JUDGED, remaining
from netralitas_nlp.review.store import ReviewStore


def population(n: int = 400, share: float = 0.1, seed: int = 3) -> tuple[list[Row], set[str]]:
    """Return posts, and the ids of those that violate: mostly, but not only, the likely ones."""
    chance = np.random.default_rng(seed)
    scores = chance.beta(0.5, 2, n)
    violating = {rid(i) for i in range(n) if chance.random() < min(1.0, 4 * share * scores[i])}
    rows = [
        post(f"unggahan {i}", (float(s), 0.001, 0.001), row_id=rid(i)) for i, s in enumerate(scores)
    ]
    return rows, violating


def judge(store: ReviewStore, violating: set[str], *, order: str, most: int) -> int:
    done = 0
    while done < most:
        queued = next_post(store, reviewer="adi", order=order, below=True)  # type: ignore[arg-type]
        if queued is None:
            break
        answers = YES if queued.row_id in violating else NO
        record(store, queued.row_id, answers, reviewer="adi")
        done += 1
    return done


def test_without_a_sample_nothing_is_claimed(tmp_path: Path) -> None:
    rows, violating = population()
    with desk(tmp_path, rows) as store:
        judge(store, violating, order="likely", most=40)
        left = remaining(store, reviewer="adi", order="likely")
    assert (left.expected_violations, left.low, left.high, left.may_stop) == (None,) * 3 + (False,)
    assert left.found > 0


def test_a_few_answers_are_too_few(tmp_path: Path) -> None:
    rows, violating = population()
    with desk(tmp_path, rows, audit=100) as store:
        judge(store, violating, order="random", most=MIN_JUDGED - 1)
        assert remaining(store, reviewer="adi", order="likely").expected_violations is None


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_interval_holds_what_is_really_left(tmp_path: Path, seed: int) -> None:
    rows, violating = population(seed=seed)
    with desk(tmp_path, rows, audit=150) as store:
        judge(store, violating, order="random", most=150)
        judge(store, violating, order="likely", most=60)
        left = remaining(store, reviewer="adi", order="likely")
        really = len(violating) - left.found
        assert left.low is not None
        assert left.high is not None
        assert left.expected_violations is not None
        assert left.low <= really <= left.high
        assert left.low <= left.expected_violations <= left.high


def test_the_desk_says_stop_once_all_is_judged_and_not_before(tmp_path: Path) -> None:
    rows, violating = population(120)
    with desk(tmp_path, rows, audit=60) as store:
        judge(store, violating, order="random", most=60)
        assert not remaining(store, reviewer="adi", order="likely").may_stop
        judge(store, violating, order="likely", most=1000)
        left = remaining(store, reviewer="adi", order="likely", below=True)
    assert (left.count, left.expected_violations, left.low, left.high) == (0, 0, 0, 0)
    assert left.found == len(violating)
    assert left.may_stop


def test_what_nobody_could_decide_widens_the_interval(tmp_path: Path) -> None:
    rows, _ = population(200)
    widths = {}
    for name, answers in (("no", NO), ("unsure", UNSURE)):
        (tmp_path / name).mkdir()
        with desk(tmp_path / name, rows, audit=60) as store:
            for i in range(60):
                queued = next_post(store, reviewer="adi", order="random")
                assert queued is not None
                said = answers if i % 5 == 0 else NO
                record(store, queued.row_id, said, reviewer="adi")
                if said is UNSURE:
                    # Two who are unsure go to the adjudicator, who may be unsure as well.
                    record(store, queued.row_id, said, reviewer="budi")
                    settle_unsure(store, queued.row_id)
            left = remaining(store, reviewer="adi", order="likely")
            assert left.high is not None
            widths[name] = left.high
    assert widths["unsure"] > widths["no"]


def test_a_conflict_in_the_sample_stands_in_the_way_of_no_estimate(tmp_path: Path) -> None:
    rows, _ = population(200)
    with desk(tmp_path, rows, audit=60, double=1.0) as store:
        for i in range(60):
            queued = next_post(store, reviewer="adi", order="random")
            assert queued is not None
            record(store, queued.row_id, NO, reviewer="adi")
            record(store, queued.row_id, YES if i == 5 else NO, reviewer="budi")
        left = remaining(store, reviewer="adi", order="likely")
    assert left.expected_violations == 0
    assert left.high is not None
    assert left.high > 1
    assert not left.may_stop


def settle_unsure(store: ReviewStore, row_id: str) -> None:
    from netralitas_nlp.review.judging import adjudicate

    adjudicate(store, row_id, UNSURE, adjudicator="ratu", note="tidak dapat diputuskan")
