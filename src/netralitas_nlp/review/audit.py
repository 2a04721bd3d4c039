"""The random sample of a run, in the order in which people judge it."""

import math
import secrets
import sqlite3
from typing import Any

from netralitas_nlp.report.levels import Thresholds
from netralitas_nlp.sampling import COLUMNS, MIN_ROWS, Sample, draw
from netralitas_nlp.scoring.run import RunFolder


def draw_sample(run: RunFolder, n: int, seed: int | None) -> Sample | None:
    """Return an audit sample of a run (see ``sampling.draw``), or nothing where ``n`` is 0.

    Args:
        run: A finished run.
        n: Rows; raised to the fewest that ``sampling`` allows.
        seed: Of the draw; random where ``None``.
    """
    if n <= 0 or not run.counts()["scored"]:
        return None
    return draw(
        lambda: run.batches(COLUMNS),
        purpose="audit",
        n=max(n, MIN_ROWS["audit"]),
        seed=secrets.randbits(32) if seed is None else seed,
        thresholds=thresholds_of(run),
    )


def thresholds_of(run: RunFolder) -> Thresholds:
    """Return the thresholds that a run was decided by."""
    found: Any = run.manifest["bundle"].get("thresholds") or {}
    return dict(found)


def keep_sample(base: sqlite3.Connection, run: int, sample: Sample) -> int:
    """Write a sample into the store; return how many of its posts the store holds.

    The strata follow one another in the largest score of a post, so that their bounds can be read
    from the sorted scores.
    """
    place = {stratum.name: i for i, stratum in enumerate(sample.strata)}
    kept = 0
    for row in sample.rows:
        found = base.execute(
            "SELECT id FROM posts WHERE row_id = ? AND run = ?", (row.row_id, run)
        ).fetchone()
        if found:
            values = (run, kept, found[0], place[row.stratum.name], row.stratum.weight)
            base.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?)", values)
            kept += 1
    low, below = -math.inf, 0
    for i, stratum in enumerate(sample.strata):
        below += stratum.size
        high = _edge(base, run, below) if i + 1 < len(sample.strata) else math.inf
        base.execute(
            "INSERT INTO strata VALUES (?, ?, ?, ?, ?, ?, 0)",
            (run, i, stratum.size, stratum.drawn, low, high),
        )
        low = high
    return kept


def _edge(base: sqlite3.Connection, run: int, below: int) -> float:
    """Return the largest score of the post that stands above ``below`` others."""
    found = base.execute(
        "SELECT top FROM posts WHERE run = ? AND state = 0 ORDER BY top LIMIT 1 OFFSET ?",
        (run, below),
    ).fetchone()
    return float(found[0]) if found else math.inf
