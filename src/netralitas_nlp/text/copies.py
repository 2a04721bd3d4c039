"""Near copies of a text: shingles, MinHash bands that find them, and how alike two texts are.

Broder, "On the resemblance and containment of documents" (1997); bands after Leskovec, Rajaraman
and Ullman, "Mining of Massive Datasets", chapter 3. ``datasketch`` does the same, but brings scipy:
143 MB on the disk, which the base installation can do without for the sixty lines below.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from itertools import pairwise
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

MIN_WORDS: Final = 6
"""Texts of fewer words are never copies of one another: many people write "mantap, lanjutkan"."""

MAX_WORDS: Final = 1_000
"""Words of a text that are compared; a longer text is known by its beginning."""

LIKENESS: Final = 0.7
"""Least share of common pairs of words among all: one word in thirteen may differ."""

LONG: Final = 20
LONG_LIKENESS: Final = 0.5
"""The same for texts of that many pairs: people forward a chain with a line of their own and a
place exchanged. In shorter texts half the pairs are also common to headlines of one event."""

BANDS: Final = 24
ROWS: Final = 3
"""Two texts of likeness .5 share a band with a chance of .96, of .7 with .9999, of .1 with .02."""

Shingles = NDArray[np.uint32]

_MIX: Final = np.uint64(0x9E37_79B9_7F4A_7C15)


def _constants(name: bytes, n: int) -> NDArray[np.uint64]:
    digests = [blake2b(name + b"%d" % i, digest_size=8).digest() for i in range(n)]
    return np.array([int.from_bytes(digest, "little") for digest in digests], np.uint64)


_FACTORS: Final = _constants(b"a", BANDS * ROWS) | np.uint64(1)
_OFFSETS: Final = _constants(b"b", BANDS * ROWS)


def shingles(words: Sequence[str], *, spelling: Mapping[str, str] | None = None) -> Shingles:
    """Return the digests of the pairs of neighbouring words, each once, in rising order.

    Args:
        words: Folded words of a text, in order.
        spelling: Short or everyday forms to the word that they stand for; ``utk`` is ``untuk``.
    """
    known = spelling or {}
    pairs = pairwise([known.get(word, word) for word in words[:MAX_WORDS]])
    found = {crc32(f"{one} {two}".encode("utf-8", "surrogatepass")) for one, two in pairs}
    return np.array(sorted(found), np.uint32)


def bands(texts: Sequence[Shingles]) -> NDArray[np.int64]:
    """Return the bands of some texts, ``(len(texts), BANDS)``.

    Near copies share at least one with high probability. The same texts have the same bands on
    every machine.

    Args:
        texts: Shingles, none of them empty.
    """
    if not texts:
        return np.zeros((0, BANDS), np.int64)
    starts = np.cumsum([0, *(len(text) for text in texts[:-1])])
    values = np.concatenate(texts).astype(np.uint64)
    # Multiply-shift hashing (Dietzfelbinger and others, 1997); the product wraps around.
    hashed = (values[:, None] * _FACTORS + _OFFSETS) >> np.uint64(32)
    least = np.minimum.reduceat(hashed, starts, axis=0).reshape(len(texts), BANDS, ROWS)
    mixed = np.broadcast_to(np.arange(BANDS, dtype=np.uint64), (len(texts), BANDS))
    for row in range(ROWS):
        mixed = (mixed ^ least[:, :, row]) * _MIX
        mixed = mixed ^ (mixed >> np.uint64(29))
    return mixed.view(np.int64)


def likeness(one: Shingles, two: Shingles) -> float:
    """Return the share of the shingles of two texts that both have (Jaccard), from 0 to 1."""
    both = len(np.intersect1d(one, two, assume_unique=True))
    either = len(one) + len(two) - both
    return both / either if either else 0.0


def are_near(one: Shingles, two: Shingles) -> bool:
    """Return whether two texts are near copies; the shorter one says how alike they must be."""
    least = LONG_LIKENESS if min(len(one), len(two)) >= LONG else LIKENESS
    return likeness(one, two) >= least
