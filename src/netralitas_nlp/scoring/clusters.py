"""Chains of near copies among the posts of a run, found on the disk and not in memory.

The earliest post of each text stands for it. In order of time, a text joins the chain of the
earlier first post that it is most like, where they are alike enough; else it starts a chain of its
own. So every copy is alike to the first post of its chain, and chains do not drift.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Final, Self

import numpy as np

from netralitas_nlp.io.durable import PRIVATE_FILE
from netralitas_nlp.report.moments import moment
from netralitas_nlp.text.copies import (
    MIN_WORDS,
    Shingles,
    are_near,
    bands,
    likeness,
    shingles,
)
from netralitas_nlp.text.dedup import own_words
from netralitas_nlp.text.lexicon import released_lexicon

COMPARED: Final = 16
"""First posts that a text is compared with: those that share most bands with it."""

BATCH: Final = 500
CACHE_KILOBYTES: Final = 64_000
_CACHED_TEXTS: Final = 4_096

_EPOCH: Final = datetime(1970, 1, 1)

_SCHEMA: Final = """
CREATE TABLE post (row INTEGER PRIMARY KEY, at INTEGER, key INTEGER NOT NULL, name TEXT NOT NULL,
  account TEXT, posted_at TEXT, shingles BLOB NOT NULL);
CREATE TABLE text (id INTEGER PRIMARY KEY, first INTEGER NOT NULL, key INTEGER NOT NULL,
  leader INTEGER);
CREATE TABLE band (hash INTEGER NOT NULL, text INTEGER NOT NULL);
CREATE TABLE near (text INTEGER PRIMARY KEY);
CREATE TABLE leading (hash INTEGER, text INTEGER, PRIMARY KEY (hash, text)) WITHOUT ROWID;
CREATE TABLE chain (leader INTEGER PRIMARY KEY, n INTEGER NOT NULL);
"""
_FIRSTS: Final = """
INSERT INTO text (first, key) SELECT row, key FROM
  (SELECT row, key, at, ROW_NUMBER() OVER (PARTITION BY key ORDER BY at IS NULL, at, row) AS place
   FROM post) WHERE place = 1 ORDER BY at IS NULL, at, row
"""
_NEAR: Final = """
INSERT INTO near SELECT DISTINCT text FROM band
  WHERE hash IN (SELECT hash FROM band GROUP BY hash HAVING COUNT(*) > 1)
"""
_CHAINS: Final = """
INSERT INTO chain SELECT COALESCE(text.leader, text.id) AS own, COUNT(*) AS n
  FROM post JOIN text ON text.key = post.key GROUP BY own HAVING n > 1
"""
_FOLLOWED: Final = """
FROM post CROSS JOIN text ON text.key = post.key
  CROSS JOIN chain ON chain.leader = COALESCE(text.leader, text.id)
  CROSS JOIN text AS head ON head.id = chain.leader
  CROSS JOIN post AS first ON first.row = head.first
"""
_MEMBERS: Final = f"SELECT post.row, post.name, first.name {_FOLLOWED} ORDER BY post.row"
_SUMMARY: Final = f"""
SELECT first.name, first.account, first.posted_at, chain.n, COUNT(DISTINCT post.account),
  MIN(post.at), MAX(post.at), COUNT(post.at) {_FOLLOWED}
  GROUP BY chain.leader ORDER BY chain.n DESC, chain.leader
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A post on its way in.

    Attributes:
        row: Its place in the run, from 0.
        name: Its row id.
        account: Author, or empty.
        posted_at: As exported, or empty.
        text: What its author wrote.
    """

    row: int
    name: str
    account: str
    posted_at: str
    text: str


@dataclass(frozen=True, slots=True)
class Chain:
    """A text and its near copies.

    Attributes:
        first_row: Row id of its earliest post: by ``posted_at``, undated posts last, then by row.
        first_account: Author of that post; empty where unknown.
        first_at: Its ``posted_at`` as exported; empty where unknown.
        count: Posts of the chain, the first one counted.
        accounts: Different authors among them; posts without author are not counted.
        spread: Seconds between its earliest and its latest post; ``None`` where fewer than two of
            them have a time.
    """

    first_row: str
    first_account: str
    first_at: str
    count: int
    accounts: int
    spread: float | None


class Clusters:
    """Takes posts in, then gives chains back.

    While it works it needs some 900 bytes of disk per post of twenty words, and memory for its
    caches alone (189 MB for the whole process at 200,000 posts).

    Args:
        path: Database of its own, made here and removed by ``close``.

    Raises:
        OSError: It cannot be made.
        sqlite3.Error: Later, where the disk is full.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE_FILE))
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;"
            f"PRAGMA cache_size = -{CACHE_KILOBYTES};" + _SCHEMA
        )
        self._base.execute("BEGIN")
        self._shingles = lru_cache(maxsize=_CACHED_TEXTS)(self._stored)

    def add(self, entries: Iterable[Entry]) -> None:
        """Take posts in; those of too few words are passed over."""
        insert = "INSERT INTO post VALUES (?, ?, ?, ?, ?, ?, ?)"
        self._base.executemany(insert, (row for entry in entries if (row := _row(entry))))

    def settle(self) -> None:
        """Find the chains, once everything is in."""
        self._base.execute(_FIRSTS)
        self._base.execute("CREATE UNIQUE INDEX text_key ON text (key)")
        self._write_bands()
        self._base.execute("CREATE INDEX band_hash ON band (hash, text)")
        self._base.execute(_NEAR)
        for (text,) in self._base.execute("SELECT text FROM near ORDER BY text"):
            self._place(text)
        self._base.execute(_CHAINS)

    def members(self) -> Iterator[tuple[int, str, str]]:
        """Yield row, row id and row id of the first post for each post of a chain, by row."""
        yield from self._base.execute(_MEMBERS)

    def chains(self) -> Iterator[Chain]:
        """Yield the chains, longest first, then earliest first."""
        for name, account, posted_at, n, accounts, low, high, dated in self._base.execute(_SUMMARY):
            spread = (high - low) / 1e6 if dated > 1 else None
            yield Chain(name, account or "", posted_at or "", n, accounts, spread)

    def _write_bands(self) -> None:
        read = self._base.execute(
            "SELECT text.id, shingles FROM text JOIN post ON row = first ORDER BY text.id"
        )
        while some := read.fetchmany(BATCH):
            found = bands([_unpacked(packed) for _, packed in some]).tolist()
            rows = [(h, text) for (text, _), own in zip(some, found, strict=True) for h in {*own}]
            self._base.executemany("INSERT INTO band VALUES (?, ?)", rows)

    def _place(self, text: int) -> None:
        """Let a text join an earlier first post, or lead."""
        own = self._shingles(text)
        hashes = sorted({*bands([own])[0].tolist()})
        marks = ",".join("?" * len(hashes))
        likely = self._base.execute(
            f"SELECT text FROM leading WHERE hash IN ({marks}) "  # noqa: S608 - question marks
            f"GROUP BY text ORDER BY COUNT(*) DESC, text LIMIT {COMPARED}",
            hashes,
        ).fetchall()
        near = [t for (t,) in likely if are_near(own, self._shingles(t))]
        if near:
            best = max(near, key=lambda t: (likeness(own, self._shingles(t)), -t))
            self._base.execute("UPDATE text SET leader = ? WHERE id = ?", (best, text))
        else:
            rows = ((h, text) for h in hashes)
            self._base.executemany("INSERT INTO leading VALUES (?, ?)", rows)

    def _stored(self, text: int) -> Shingles:
        query = "SELECT shingles FROM text JOIN post ON row = first WHERE text.id = ?"
        return _unpacked(self._base.execute(query, (text,)).fetchone()[0])

    def close(self) -> None:
        """Remove the database."""
        self._base.close()
        self._path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _row(entry: Entry) -> tuple[int, int | None, int, str, str | None, str | None, bytes] | None:
    words = own_words(entry.text)
    if len(words) < MIN_WORDS:
        return None
    digest = blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    when = moment(entry.posted_at)
    # A time without zone is read as Western Indonesian Time, for the order alone.
    at = (when.at.replace(tzinfo=None) - _EPOCH) // timedelta(microseconds=1) if when else None
    return (
        entry.row,
        at,
        int.from_bytes(digest, "big", signed=True),
        entry.name,
        entry.account or None,
        entry.posted_at or None,
        shingles(words, spelling=released_lexicon().spelling).astype("<u4").tobytes(),
    )


def _unpacked(packed: bytes) -> Shingles:
    return np.frombuffer(packed, "<u4")
