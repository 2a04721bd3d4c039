"""Which claims hold a word or a run of letters, and how much that says: BM25 over their fields.

SQLite's own full-text tables were tried first. A query there has to name few terms to be quick, and
with the 40 rarest trigrams of a post the title of its claim was among the best ten in 72 of 100
cases; with all its words and runs of four letters in 75, in half the time (earlier half of
``benchmarks/claims.py``).
"""

import math
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from netralitas_nlp.claims.words import COMMON, fourgrams

K1: Final = 1.2
B: Final = 0.75
"""Constants of BM25 (Robertson and Zaragoza, 2009); nearby values found the same claims."""

FIELDS: Final = ("title", "text", "note")
"""What a claim is known by: its line, what circulated, and what the checker wrote about it."""

NOTE_SHARE: Final = 0.5
"""How much the checker's explanation counts. It names what the title of many a claim leaves out,
but also what the claim is not about."""

WIDESPREAD: Final = 0.25
"""Runs of letters in a larger share of the claims tell nothing and cost time."""

SCHEMA: Final = """
CREATE TABLE postings (kind TEXT NOT NULL, term TEXT NOT NULL, claims BLOB NOT NULL,
  weights BLOB NOT NULL, PRIMARY KEY (kind, term)) WITHOUT ROWID;
"""
_NUMBER: Final = np.dtype("<u4")
_WEIGHT: Final = np.dtype("<f4")
_CACHED: Final = 4_096
"""Terms whose claims are kept in memory, some 10 kB each."""

_KINDS: Final = ("title words", "title grams", "text words", "text grams", "note words")
Scores = NDArray[np.float64]


def write_postings(base: sqlite3.Connection, fields: Mapping[str, Sequence[str]]) -> None:
    """Write the tables.

    Args:
        base: A database with ``SCHEMA``.
        fields: Folded words of every claim by field, joined by spaces, in the order of the numbers
            of the claims, which start at 1.
    """
    for kind in _KINDS:
        field = kind.split()[0]
        rows = _rows(fields[field], _terms_of(kind), grams=kind.endswith("grams"))
        base.executemany("INSERT INTO postings VALUES (?, ?, ?, ?)", ((kind, *row) for row in rows))


def _terms_of(kind: str) -> Callable[[str], Iterable[str]]:
    return fourgrams if kind.endswith("grams") else str.split


def _rows(
    texts: Sequence[str], terms: Callable[[str], Iterable[str]], *, grams: bool
) -> Iterator[tuple[str, bytes, bytes]]:
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    lengths = []
    for number, text in enumerate(texts, start=1):
        counts = Counter(terms(text))
        lengths.append(counts.total())
        for term, n in counts.items():
            found[term].append((number, n))
    filled = [length for length in lengths if length]
    mean = sum(filled) / max(1, len(filled))
    for term, holders in sorted(found.items()):
        rarity = math.log(1 + (len(filled) - len(holders) + 0.5) / (len(holders) + 0.5))
        if term in COMMON or (grams and len(holders) > max(4, WIDESPREAD * len(filled))):
            continue
        weights = [
            rarity * n * (K1 + 1) / (n + K1 * (1 - B + B * lengths[number - 1] / mean))
            for number, n in holders
        ]
        numbers = [number for number, _ in holders]
        yield term, np.array(numbers, _NUMBER).tobytes(), np.array(weights, _WEIGHT).tobytes()


class Postings:
    """The tables, opened for reading.

    Args:
        base: The database.
        n_claims: How many claims it holds.
    """

    def __init__(self, base: sqlite3.Connection, n_claims: int) -> None:
        self._base = base
        self._n = n_claims
        self._of = lru_cache(maxsize=_CACHED)(self._looked_up)

    def best(self, joined: str, *, limit: int) -> list[tuple[int, float]]:
        """Return the claims nearest to some folded words as (number, score), best first.

        Title and what circulated are two ways to say one claim: the better one counts. A score is
        from 0 to ``2 + NOTE_SHARE``; 1 is the best of a table.

        Args:
            joined: Folded words joined by spaces.
            limit: How many at most.

        Raises:
            ValueError: A row of the database is damaged; so ``IndexError`` and ``TypeError``.
        """
        words, grams = sorted(set(joined.split())), sorted(fourgrams(joined))
        by_word = [self._sums(f"{field} words", words) for field in FIELDS]
        by_gram = [self._sums(f"{field} grams", grams) for field in FIELDS[:2]]
        title, text = (
            _shares(w, of=by_word[:2]) + _shares(g, of=by_gram)
            for w, g in zip(by_word[:2], by_gram, strict=True)
        )
        total = np.maximum(title, text) + NOTE_SHARE * _shares(by_word[2], of=by_word[2:])
        found = np.flatnonzero(total)
        if len(found) > limit:
            least = np.partition(total[found], -limit)[-limit]
            found = found[total[found] >= least]
        ordered = found[np.lexsort((found, -total[found]))][:limit]
        return [(int(number), float(total[number])) for number in ordered]

    def _sums(self, kind: str, terms: Sequence[str]) -> Scores:
        sums = np.zeros(self._n + 1)
        # Always in one order, so that every process adds up to the last bit alike.
        for term in terms:
            numbers, weights = self._of(kind, term)
            sums[numbers] += weights
        return sums

    def _looked_up(self, kind: str, term: str) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
        query = "SELECT claims, weights FROM postings WHERE kind = ? AND term = ?"
        row = self._base.execute(query, (kind, term)).fetchone() or (b"", b"")
        numbers, weights = np.frombuffer(row[0], _NUMBER), np.frombuffer(row[1], _WEIGHT)
        if len(numbers) != len(weights):
            raise ValueError(term)
        return numbers, weights


def _shares(sums: Scores, *, of: Sequence[Scores]) -> Scores:
    """Return scores as shares of the largest one of some tables."""
    best = max(float(one.max()) for one in of)
    return sums / best if best > 0 else sums
