"""Which rows belong together: near copies of one text, and the posts of one author."""

import hashlib
import itertools
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

import numpy as np
import numpy.typing as npt

SHINGLE = 5
PERMUTATIONS = 32
BAND = 4
"""Rows of a band: copies that share 80 % of their shingles meet in some band 98 times in 100."""

LIKENESS = 0.7
"""Jaccard share of five-letter shingles from which two texts count as copies."""

OPENING_WORDS = 8
LONGEST = 400
"""Letters of a text that are compared."""

DEV_SHARE = 10
"""One group in so many is kept for development."""

_SEED = 20240214  # the day of the election of 2024: any fixed number does


def group_ids(keys: Sequence[str], texts: Sequence[str], authors: Sequence[str]) -> list[str]:
    """Return one id per row, equal for near copies and for posts of one author.

    Args:
        keys: ``letters_key`` of each text.
        texts: The texts, for their first eight words.
        authors: Author of each; empty where unknown.

    The id is that of the first row of the group, so it depends on what was loaded, not on chance.
    """
    sets = _Sets(len(keys))
    _join(sets, authors)
    _join(sets, keys)
    _join(sets, [" ".join(_opening(text)) for text in texts])
    for left, right in near_pairs(keys):
        sets.join(left, right)
    return [_digest(keys[sets.root(row)]) for row in range(len(keys))]


def deal(groups: Sequence[str], folds: int) -> npt.NDArray[np.intp]:
    """Return the fold of each row, (rows,): groups stay whole, the largest are dealt first.

    Raises:
        ValueError: There are fewer groups than folds.
    """
    sizes = Counter(groups)
    if len(sizes) < folds:
        raise ValueError(f"{folds} folds need as many groups, not {len(sizes)}")
    load = np.zeros(folds, dtype=int)
    fold_of: dict[str, int] = {}
    for group, size in sizes.most_common():
        fold_of[group] = int(load.argmin())
        load[load.argmin()] += size
    return np.array([fold_of[group] for group in groups], dtype=np.intp)


def split_of(group: str) -> str:
    """Return ``dev`` for one group in ten and ``train`` for the others, always the same."""
    return "dev" if int(_digest("split " + group), 16) % DEV_SHARE == 0 else "train"


def near_any(keys: Sequence[str], others: Collection[str]) -> set[int]:
    """Return the rows that equal, or are near copies of, one of the other keys."""
    kept_apart = set(others)
    if not kept_apart:
        return set()
    near = {row for row, key in enumerate(keys) if key in kept_apart}
    pairs = near_pairs([*keys, *sorted(kept_apart)], across=len(keys))
    return near | {left for left, _ in pairs}


def near_pairs(keys: Sequence[str], *, across: int | None = None) -> list[tuple[int, int]]:
    """Return pairs of rows whose shingles are alike, found by MinHash and verified exactly.

    Args:
        keys: Letters of each text; those shorter than twelve are compared by equality elsewhere.
        across: Compare only rows before this one with rows from it on; otherwise each row of a
            bucket with its first, which is enough for groups.
    """
    rows = [row for row, key in enumerate(keys) if len(key) >= 12]
    if len(rows) < 2:
        return []
    shingles = [_shingles(keys[row]) for row in rows]
    signatures = _signatures(shingles)
    found: set[tuple[int, int]] = set()
    for start in range(0, PERMUTATIONS, BAND):
        for bucket in _buckets(signatures[:, start : start + BAND]):
            lefts, rights = bucket[:1], bucket[1:]
            if across is not None:
                border = np.searchsorted(bucket, np.searchsorted(rows, across))
                lefts, rights = bucket[:border], bucket[border:]
            for pair in itertools.product(lefts.tolist(), rights.tolist()):
                if pair not in found and _likeness(*(shingles[row] for row in pair)) >= LIKENESS:
                    found.add(pair)
    return [(rows[left], rows[right]) for left, right in sorted(found)]


def _shingles(key: str) -> npt.NDArray[np.uint64]:
    codes = np.frombuffer(key[:LONGEST].encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    length = len(codes) - SHINGLE + 1
    mixed = np.zeros(length, dtype=np.uint64)
    for offset in range(SHINGLE):
        mixed = mixed * np.uint64(1_000_003) + codes[offset : offset + length]
    return np.unique(mixed)


def _signatures(shingles: list[npt.NDArray[np.uint64]]) -> npt.NDArray[np.uint64]:
    """Return the smallest hash of each text under each permutation (rows, PERMUTATIONS)."""
    draw = np.random.default_rng(_SEED)
    factors = draw.integers(1, 2**63, PERMUTATIONS, dtype=np.uint64) | np.uint64(1)
    shifts = draw.integers(0, 2**63, PERMUTATIONS, dtype=np.uint64)
    signatures = np.empty((len(shingles), PERMUTATIONS), dtype=np.uint64)
    for first in range(0, len(shingles), 5000):
        part = shingles[first : first + 5000]
        flat = np.concatenate(part)
        starts = np.cumsum([0, *(len(s) for s in part[:-1])])
        for column in range(PERMUTATIONS):
            hashed = flat * factors[column] + shifts[column]
            hashed ^= hashed >> np.uint64(32)
            hashed *= np.uint64(0x9E3779B97F4A7C15)
            signatures[first : first + len(part), column] = np.minimum.reduceat(hashed, starts)
    return signatures


def _buckets(band: npt.NDArray[np.uint64]) -> Iterable[npt.NDArray[np.intp]]:
    _, bucket_of = np.unique(np.ascontiguousarray(band), axis=0, return_inverse=True)
    bucket_of = bucket_of.reshape(-1)
    order = np.argsort(bucket_of, kind="stable")
    edges = np.flatnonzero(np.diff(bucket_of[order])) + 1
    return (part for part in np.split(order, edges) if len(part) > 1)


def _likeness(left: npt.NDArray[np.uint64], right: npt.NDArray[np.uint64]) -> float:
    shared = len(np.intersect1d(left, right, assume_unique=True))
    return shared / (len(left) + len(right) - shared)


def _opening(text: str) -> list[str]:
    words = [word for word in text.lower().split() if word[0] not in "@#" and word != "httpurl"]
    return words[:OPENING_WORDS] if len(words) >= OPENING_WORDS else []


def _join(sets: "_Sets", names: Sequence[str]) -> None:
    first: dict[str, int] = {}
    for row, name in enumerate(names):
        if name:
            sets.join(first.setdefault(name, row), row)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


class _Sets:
    """Disjoint sets of rows; the root of a set is its first row."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def root(self, row: int) -> int:
        while self._parent[row] != row:
            self._parent[row] = self._parent[self._parent[row]]
            row = self._parent[row]
        return row

    def join(self, left: int, right: int) -> None:
        first, second = sorted((self.root(left), self.root(right)))
        self._parent[second] = first
