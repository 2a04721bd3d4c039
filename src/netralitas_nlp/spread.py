"""Texts that differ most from one another, found without a model and without scikit-learn."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from netralitas_nlp.text.dedup import letters_key

Floats = NDArray[np.float32]

DIMENSIONS: Final = 1024
GRAM: Final = 4
LONGEST: Final = 400
"""Letters of a text that are looked at."""

_MIX: Final = np.uint64(0x9E3779B97F4A7C15)


def letter_vectors(texts: Sequence[str]) -> Floats:
    """Return unit vectors of hashed four-letter runs, (texts, DIMENSIONS).

    Feature hashing with signs (Weinberger et al. 2009), logarithmic counts, and inverse document
    frequency per dimension over the texts given. A text of fewer than four letters or digits is
    the zero vector.
    """
    counts = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    for row, text in enumerate(texts):
        places, signs = _grams(letters_key(text)[:LONGEST])
        np.add.at(counts[row], places, signs)
    seen = (counts != 0).sum(axis=0)
    weight = np.log((1 + len(texts)) / (1 + seen)) + 1
    vectors = np.sign(counts) * np.log1p(np.abs(counts)) * weight.astype(np.float32)
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(length > 0, length, 1), dtype=np.float32)


def plus_plus(vectors: Floats, n: int, chance: np.random.Generator) -> list[int]:
    """Return ``n`` rows far from one another, in the order in which they were chosen.

    The seeding of k-means++ (Arthur and Vassilvitskii 2007): each row is drawn in proportion to
    its squared distance from the nearest one already chosen. Unlike farthest-first traversal
    (Gonzalez 1985) it is not led astray by single odd texts. Fewer rows come back where the rest
    equals rows already chosen.

    Args:
        vectors: (rows, dimensions), unit vectors.
        n: Rows wanted.
        chance: Source of the draws.
    """
    if not len(vectors) or n < 1:
        return []
    chosen = [int(chance.integers(len(vectors)))]
    gap = _distance(vectors, chosen[0])
    while len(chosen) < min(n, len(vectors)):
        total = float(gap.sum())
        if total <= 0:
            break
        edges = np.cumsum(gap)
        at = int(np.searchsorted(edges, chance.random() * edges[-1], side="right"))
        chosen.append(min(at, len(vectors) - 1))
        gap = np.minimum(gap, _distance(vectors, chosen[-1]))
        gap[chosen] = 0
    return chosen


def _distance(vectors: Floats, row: int) -> NDArray[np.float64]:
    gap = np.sum((vectors - vectors[row]) ** 2, axis=1, dtype=np.float64)
    # Rounding leaves a copy of the chosen row at some 1e-7.
    return np.where(gap > 1e-6, gap, 0.0)


def _grams(key: str) -> tuple[NDArray[np.intp], Floats]:
    codes = np.frombuffer(key.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    length = len(codes) - GRAM + 1
    if length < 1:
        return np.array([], dtype=np.intp), np.array([], dtype=np.float32)
    mixed = np.zeros(length, dtype=np.uint64)
    for offset in range(GRAM):
        mixed = (mixed ^ codes[offset : offset + length]) * _MIX
        mixed ^= mixed >> np.uint64(29)
    signs = np.where(mixed >> np.uint64(63), 1, -1).astype(np.float32)
    return (mixed % np.uint64(DIMENSIONS)).astype(np.intp), signs
