"""How many violating posts are still undecided: when it is safe to stop."""

import sqlite3
from typing import Final

import numpy as np
from numpy.typing import NDArray

from netralitas_nlp.review.known import count_known
from netralitas_nlp.review.shapes import Queue, Remaining
from netralitas_nlp.review.store import ReviewStore
from netralitas_nlp.stratified import stratified_share

RECALL_GOAL: Final = 0.95
"""Share of the violating posts that must have been found before the desk says "may stop"."""

MIN_JUDGED: Final = 30
"""Fewest judged posts of an audit sample, unless it is smaller."""

Counts = NDArray[np.int64]


def remaining(
    store: ReviewStore,
    *,
    reviewer: str,
    order: Queue,
    account: str | None = None,
    below: bool = False,
) -> Remaining:
    """Return what is left for a reviewer in an order, and the violations expected among it.

    The estimate rests on the audit samples alone: of each, the posts up to the first one in
    random order that nobody has judged, so that what was judged in another order cannot bend it.
    In each stratum the undecided posts are taken to violate as often as the sampled ones whose
    score does not exceed theirs, for those above were judged because they were likelier. Where
    people judged in another order than that of the scores, this errs on the side of more to come.
    The interval is that of ``stratified.stratified_share``.
    """
    with store.base.read() as base:
        count = _count(base, reviewer, order, account, below)
        found = base.execute("SELECT count(*) FROM posts WHERE outcome = 1").fetchone()[0]
        estimate = _estimate(base)
    if estimate is None:
        return Remaining(count, None, None, None, int(found), may_stop=False)
    expected, low, high = estimate
    safe = high < 1 or found >= RECALL_GOAL * (found + high)
    return Remaining(count, expected, low, high, int(found), may_stop=bool(safe))


def _count(
    base: sqlite3.Connection, me: str, order: Queue, account: str | None, below: bool
) -> int:
    if order == "checks":
        return count_known(base, me)
    if order == "random":
        query = (
            "SELECT count(DISTINCT p.head) FROM audit u CROSS JOIN posts p ON p.id = u.post"
            " WHERE p.state IN (0, 1) AND p.first_by <> ?"
        )
        return _number(base, query, me)
    if order == "disagreements":
        return _number(base, "SELECT total(n) FROM tally WHERE state = 2")
    if order == "account" and account is not None:
        query = (
            "SELECT count(DISTINCT p.head) FROM posts p JOIN accounts a ON a.id = p.account"
            " WHERE a.key = ? AND p.raised = 1 AND p.state IN (0, 1) AND p.first_by <> ?"
        )
        return _number(base, query, account, me)
    query = "SELECT total(n) FROM tally WHERE state IN (0, 1) AND first_by <> ? AND raised >= ?"
    return _number(base, query, me, 0 if below else 1)


def _number(base: sqlite3.Connection, query: str, *values: object) -> int:
    return int(base.execute(query, values).fetchone()[0])


def _estimate(base: sqlite3.Connection) -> tuple[float, float, float] | None:
    """Return the expected number of undecided violating posts with its 95 % interval."""
    runs = base.execute("SELECT id FROM runs ORDER BY id").fetchall()
    parts = [_run_counts(base, run) for (run,) in runs]
    if not parts or any(part is None for part in parts):
        return None
    rows = np.array([row for part in parts if part for row in part], dtype=np.int64)
    if not len(rows):
        return 0.0, 0.0, 0.0
    left, yes, no, unsure = rows.T
    plain = _bounds(left, yes + no, yes)
    if plain is None:
        return None
    # A post nobody could decide may or may not violate: each end takes it the other way.
    judged = yes + no + unsure
    least, most = _bounds(left, judged, yes), _bounds(left, judged, yes + unsure)
    low = min(plain[1], least[1]) if least else plain[1]
    high = max(plain[2], most[2]) if most else plain[2]
    return plain[0], low, high


def _bounds(left: Counts, judged: Counts, hits: Counts) -> tuple[float, float, float] | None:
    """Return what ``hits`` of ``judged`` posts of each stratum say of the ``left`` others."""
    some = left > 0
    if not some.any():
        return 0.0, 0.0, 0.0
    left, judged, hits = left[some], judged[some], hits[some]
    if not judged.all():
        return None
    sizes = left + judged
    share = stratified_share(sizes, judged, hits)
    seen, total = float(hits.sum()), float(sizes.sum())
    expected = float(np.sum(left * hits / judged))
    low = max(share.low * total - seen, 0.0)
    high = min(max(share.high * total - seen, expected), float(left.sum()))
    return expected, min(low, expected), high


def _run_counts(base: sqlite3.Connection, run: int) -> list[tuple[int, int, int, int]] | None:
    """Return per stratum the undecided posts and the sampled yes, no and unsure ones."""
    strata = base.execute(
        "SELECT open, low, high FROM strata WHERE run = ? ORDER BY stratum", (run,)
    ).fetchall()
    if not strata:
        scored = "SELECT count(*) FROM posts WHERE run = ? AND state IN (0, 1, 2)"
        return [] if _number(base, scored, run) == 0 else None
    size, judged = (
        _number(base, "SELECT count(*) FROM audit WHERE run = ?", run),
        _judged(base, run),
    )
    if len(judged) < min(MIN_JUDGED, size):
        return None
    found = []
    for i, (left, low, high) in enumerate(strata):
        inside = [(top, outcome) for stratum, top, outcome in judged if stratum == i]
        end = _highest(base, run, low, high) if left else None
        like = [outcome for top, outcome in inside if end is None or top <= end]
        # None of the sample is that low: those above it say at least that it is not more often.
        said = like or [outcome for _, outcome in inside]
        found.append((left, said.count(1), said.count(0), said.count(None)))
    return found


def _judged(base: sqlite3.Connection, run: int) -> list[tuple[int, float, int | None]]:
    """Return stratum, score and outcome of the sampled posts before the first unjudged one.

    What waits for a second person or an adjudicator has no outcome yet, as what stayed unsure.
    """
    found = []
    drawn = base.execute(
        "SELECT u.stratum, p.top, p.state, p.outcome FROM audit u"
        " CROSS JOIN posts p ON p.id = u.post WHERE u.run = ? ORDER BY u.place",
        (run,),
    )
    for stratum, top, state, outcome in drawn:
        if state == -1:
            continue  # forgotten before anybody could judge it
        if state == 0:
            break
        found.append((stratum, top, outcome if state == 3 else None))
    return found


def _highest(base: sqlite3.Connection, run: int, low: float, high: float) -> float | None:
    """Return the largest score of an undecided post of a stratum."""
    query = "SELECT max(top) FROM posts WHERE run = ? AND state = ? AND top >= ? AND top < ?"
    tops = [base.execute(query, (run, state, low, high)).fetchone()[0] for state in (0, 1, 2)]
    return max((top for top in tops if top is not None), default=None)
