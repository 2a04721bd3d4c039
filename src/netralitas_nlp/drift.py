"""How far the posts of a run lie from those that a model was fitted on: statistics of two samples.

Pure functions over cumulative distributions and counts; ``profiles.py`` makes them from runs and
bundles.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netralitas_nlp.evaluation.metrics import Rate, clopper_pearson

Floats = NDArray[np.float64]
Level = Literal["none", "some", "large"]

BIN_LEVELS: Final = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
"""Quantiles of the reference between the bins of the stability index: fine at the top, where
flags are decided."""

SOME: Final = 0.1
LARGE: Final = 0.25
"""Rule of thumb for the population stability index (Siddiqi 2006, *Credit Risk Scorecards*)."""

SMIRNOV_95: Final = 1.358
"""Asymptotic 95 % point of the two-sample Kolmogorov-Smirnov statistic, times sqrt(1/n + 1/m)."""

MIN_POSTS: Final = 50
"""Fewest posts of a run about which anything is said."""

RARE: Final = 0.005
"""A kind of post below this share on both sides is counted with the others."""


@dataclass(frozen=True, slots=True)
class Cdf:
    """A distribution, known at some points.

    Attributes:
        points: (k,) increasing values.
        levels: (k,) share of the sample at or below each of them, in (0, 1].
        n: Size of the sample.
        counted: Whether every value of the sample is among the points.
    """

    points: Floats
    levels: Floats
    n: int
    counted: bool = True

    @classmethod
    def of_counts(cls, points: ArrayLike, counts: ArrayLike) -> "Cdf":
        """Return the distribution of counted values; ``points`` increase."""
        where, n = np.asarray(points, dtype=np.float64), np.asarray(counts, dtype=np.int64)
        held = n > 0
        total = int(n.sum())
        return cls(where[held], np.cumsum(n[held]) / max(total, 1), total)

    @classmethod
    def of_quantiles(cls, quantiles: Mapping[float, float], n: int) -> "Cdf":
        """Return the distribution that a table of quantiles (level to value) describes."""
        # Of equal values the highest level is the share at or below them.
        highest: dict[float, float] = {}
        for level, value in sorted(quantiles.items()):
            highest[value] = level
        points = np.array(sorted(highest), dtype=np.float64)
        return cls(points, np.array([highest[p] for p in points.tolist()]), n, counted=False)

    def at(self, values: ArrayLike) -> Floats:
        """Return the share of the sample at or below each value."""
        place = np.searchsorted(self.points, np.asarray(values, dtype=np.float64), side="right")
        return np.concatenate(([0.0], self.levels))[place]

    def quantiles(self, levels: ArrayLike) -> Floats:
        """Return the smallest known value at or below which at least that share lies."""
        place = np.searchsorted(self.levels, np.asarray(levels) - 1e-12, side="left")
        return self.points[np.minimum(place, len(self.points) - 1)]


@dataclass(frozen=True, slots=True)
class Shift:
    """How one quantity moved.

    Attributes:
        psi: Population stability index, 0 (the same) upwards.
        psi_chance: What two samples of these sizes from one source stay below 95 times in 100.
        ks: Largest distance of the two cumulative distributions seen at the known points, in
            [0, 1]; where the reference is a table of quantiles the true one may be larger.
        ks_chance: As ``psi_chance``. With thousands of posts even a trifle exceeds it, and posts
            of one author or topic are not independent: it shows noise, it proves no drift.
        level: ``none`` (below 0.1 or within chance), ``some``, ``large`` (0.25 and more).
        n: Posts of the run.
        n_reference: Posts of the reference.
    """

    psi: float
    psi_chance: float
    ks: float
    ks_chance: float
    level: Level
    n: int
    n_reference: int


@dataclass(frozen=True, slots=True)
class ShareChange:
    """A share of posts beside its expectation, each with its exact 95 % interval.

    Attributes:
        found: Of the run.
        expected: Of the reference.
        differs: Whether the two intervals lie apart.
    """

    found: Rate
    expected: Rate
    differs: bool


@dataclass(frozen=True, slots=True)
class MixChange:
    """How the kinds of posts moved.

    Attributes:
        psi: As in ``Shift``, over the kinds.
        level: As in ``Shift``.
        shares: Kind to (share of the reference, share of the run), largest change first.
    """

    psi: float
    level: Level
    shares: Mapping[str, tuple[float, float]]


def stability_index(expected: ArrayLike, found: ArrayLike) -> float:
    """Return the population stability index of two counted samples over the same bins.

    Sum of (p - q) ln(p / q), the symmetric Kullback-Leibler (Jeffreys) divergence; half a count is
    added to each bin, so that an empty one does not make it infinite.
    """
    left, right = (np.asarray(a, dtype=np.float64) + 0.5 for a in (expected, found))
    p, q = left / left.sum(), right / right.sum()
    return float(np.sum((p - q) * np.log(p / q)))


def index_by_chance(bins: int, n: int, m: int) -> float:
    """Return the 95 % point of the index for two samples of one source.

    The index is distributed as (1/n + 1/m) times chi-square of ``bins`` - 1 degrees (Yurdakul and
    Naranjo 2020); the chi-square point is that of Wilson and Hilferty (1931).
    """
    degrees = max(bins - 1, 1)
    spread = 2 / (9 * degrees)
    point = degrees * (1 - spread + 1.644854 * math.sqrt(spread)) ** 3
    return point * (1 / max(n, 1) + 1 / max(m, 1))


def shift(reference: Cdf, found: Cdf) -> Shift:
    """Return how a quantity of the run moved against the reference.

    Raises:
        ValueError: One of the samples is empty.
    """
    if not (len(reference.points) and len(found.points)):
        raise ValueError("an empty sample has no distribution")
    edges = np.unique(reference.quantiles(BIN_LEVELS))
    expected = _binned(reference, edges) * reference.n
    observed = _binned(found, edges) * found.n
    psi = stability_index(expected, observed)
    chance = index_by_chance(len(edges) + 1, found.n, reference.n)
    gap = np.abs(found.at(reference.points) - reference.levels)
    return Shift(
        psi=psi,
        psi_chance=chance,
        ks=float(gap.max()),
        ks_chance=SMIRNOV_95 * math.sqrt(1 / found.n + 1 / reference.n),
        level=level_of(psi, chance),
        n=found.n,
        n_reference=reference.n,
    )


def level_of(psi: float, chance: float) -> Level:
    """Return what an index means, in one of three words."""
    if psi < SOME or psi <= chance:
        return "none"
    return "some" if psi < LARGE else "large"


def share_change(k: int, n: int, *, expected: float, n_expected: int) -> ShareChange:
    """Return a counted share beside its expectation (Clopper and Pearson 1934, both sides).

    Args:
        k: Posts of the run that count.
        n: Posts of the run, at least 1.
        expected: Share in the reference, in [0, 1].
        n_expected: Posts of the reference, at least 1.
    """
    found = _rate(k, n)
    wanted = _rate(round(expected * n_expected), n_expected)
    apart = found.low > wanted.high or found.high < wanted.low
    return ShareChange(found, wanted, apart)


def mix_change(reference: Mapping[str, int], found: Mapping[str, int]) -> MixChange:
    """Return how the kinds of posts moved; rare kinds count as one, named ``…``.

    Raises:
        ValueError: One of the samples is empty.
    """
    n, m = sum(reference.values()), sum(found.values())
    if not (n and m):
        raise ValueError("an empty sample has no kinds")
    pooled: dict[str, list[int]] = {}
    for kind in sorted({*reference, *found}):
        pair = (reference.get(kind, 0), found.get(kind, 0))
        rare = pair[0] / n < RARE and pair[1] / m < RARE
        counts = pooled.setdefault("…" if rare else kind, [0, 0])
        counts[0] += pair[0]
        counts[1] += pair[1]
    left, right = zip(*pooled.values(), strict=True)
    psi = stability_index(left, right)
    shares = {kind: (a / n, b / m) for kind, (a, b) in pooled.items()}
    in_order = dict(sorted(shares.items(), key=lambda one: -abs(one[1][0] - one[1][1])))
    return MixChange(psi, level_of(psi, index_by_chance(len(pooled), m, n)), in_order)


def _rate(k: int, n: int) -> Rate:
    return Rate(k / n, *clopper_pearson(k, n), k, n)


def _binned(sample: Cdf, edges: Floats) -> Floats:
    return np.diff(np.concatenate(([0.0], sample.at(edges), [1.0])))
