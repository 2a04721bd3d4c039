"""The rows of two runs side by side, in a private database that SQLite keeps on the disk."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import blake2b
from typing import Any, Final

import pyarrow as pa

from netralitas_nlp.labels import LABELS
from netralitas_nlp.scoring.run import RunFolder

COLUMNS: Final = (
    "row_id", "account", "text", "parent_text", "posted_at", *(f"score_{name}" for name in LABELS),
    "decision", "labels", "clause", "stage",
)  # fmt: skip
DECISIONS: Final = (None, "clear", "review", "flag")
"""Decision by its number; ``None`` is a row that was not scored."""

_SIDE: Final = (
    "CREATE TABLE {side} (n INTEGER PRIMARY KEY, row_id TEXT, post BLOB, said BLOB,"
    " s0 REAL, s1 REAL, s2 REAL, decision INTEGER, labels INTEGER,"
    " clause TEXT, stage TEXT)"
)
_BY_ID: Final = (
    "INSERT INTO pair SELECT one.n, two.n, 0 FROM one JOIN two ON two.row_id = one.row_id"
)
# Copies of one post are told apart by their order only: the n-th of one run meets the n-th.
_REST: Final = (
    "CREATE TABLE rest_{side} AS SELECT n, post,"
    " ROW_NUMBER() OVER (PARTITION BY post ORDER BY n) AS nth"
    " FROM {side} WHERE n NOT IN (SELECT {side} FROM pair)"
)
_BY_POST: Final = (
    "INSERT INTO pair SELECT a.n, b.n, 1 FROM rest_one a JOIN rest_two b"
    " ON b.post = a.post AND b.nth = a.nth"
)
_PAIRS: Final = (
    "SELECT by_post, one.said <> two.said,"
    " one.s0, one.s1, one.s2, two.s0, two.s1, two.s2,"
    " one.decision, one.labels, two.decision, two.labels,"
    " one.clause IS NOT two.clause, one.stage IS NOT two.stage"
    " FROM pair JOIN one ON one.n = pair.one JOIN two ON two.n = pair.two"
)
_ALONE: Final = (
    "SELECT decision, labels, COUNT(*) FROM {side}"
    " WHERE n NOT IN (SELECT {side} FROM pair) GROUP BY decision, labels"
)
_ALL: Final = "SELECT decision, labels, COUNT(*) FROM {side} GROUP BY decision, labels"

Tally = dict[tuple[int, int], int]
"""Number of rows by number of decision and by bits of labels."""


class Matched:
    """Rows of two runs, matched by ``row_id``, or else by account, text and time.

    Use ``matched``; memory does not grow with the rows.
    """

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def all(self, side: str) -> Tally:
        """Count every row of a side, ``one`` or ``two``."""
        return self._tally(_ALL.format(side=side))

    def alone(self, side: str) -> Tally:
        """Count the rows of a side that the other one does not have."""
        return self._tally(_ALONE.format(side=side))

    def pairs(self, *, size: int = 20_000) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the pairs in batches.

        A pair is: matched by post, text read otherwise, three scores each, decision and labels
        each, and whether clause and stage differ.
        """
        found = self._base.execute(_PAIRS)
        while batch := found.fetchmany(size):
            yield batch

    def _tally(self, query: str) -> Tally:
        return {(decision, labels): n for decision, labels, n in self._base.execute(query)}


@contextmanager
def matched(one: RunFolder, two: RunFolder) -> Iterator[Matched]:
    """Match the rows of two runs while the block runs.

    Raises:
        RunError: A part cannot be read.
    """
    with closing(sqlite3.connect("", isolation_level=None)) as base:
        # The database lives as long as this block: nothing of it has to survive a crash.
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("PRAGMA synchronous = OFF")
        for side, run in (("one", one), ("two", two)):
            base.execute(_SIDE.format(side=side))
            for batch in run.batches(COLUMNS):
                base.executemany(
                    f"INSERT INTO {side} VALUES (NULL,?,?,?,?,?,?,?,?,?,?)",  # noqa: S608
                    _rows(batch),
                )
        base.execute("CREATE INDEX two_id ON two (row_id)")
        base.execute("CREATE TABLE pair (one INTEGER, two INTEGER, by_post INTEGER)")
        base.execute(_BY_ID)
        for side in ("one", "two"):
            base.execute(_REST.format(side=side))
        base.execute("CREATE INDEX rest_post ON rest_two (post, nth)")
        base.execute(_BY_POST)
        yield Matched(base)


def bits_of(labels: str | None) -> int:
    """Return labels joined by ``;`` as one bit each, in the order of ``LABELS``."""
    named = (labels or "").split(";")
    return sum(1 << place for place, label in enumerate(LABELS) if label in named)


def _rows(batch: pa.RecordBatch) -> Iterator[tuple[Any, ...]]:
    columns = (batch[name].to_pylist() for name in COLUMNS)
    for row in zip(*columns, strict=True):
        row_id, account, text, parent, at, s0, s1, s2, decision, labels, *cited = row
        yield (
            row_id,
            _digest(account, text, at),
            _digest(text, parent),
            s0,
            s1,
            s2,
            DECISIONS.index(decision),
            bits_of(labels),
            *cited,
        )


def _digest(*values: str | None) -> bytes:
    digest = blake2b(digest_size=16)
    for value in values:
        raw = (value or "").encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(raw) + raw)
    return digest.digest()
