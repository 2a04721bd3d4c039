"""The share of a population that a stratified random sample points to, with its interval."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Z95: Final = 1.959963984540054
_STEPS: Final = 50

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % interval, each in [0, 1]."""

    value: float
    low: float
    high: float


def stratified_share(sizes: ArrayLike, judged: ArrayLike, hits: ArrayLike) -> Share:
    """Return a share of a finite population from a stratified random sample.

    Estimate: sum of the strata's shares, each weighted by its part of the population. Interval:
    the shares that a score test does not reject, the variance taken at the likeliest stratum
    shares under the tested value (the restricted estimate of Miettinen & Nurminen 1985, for one
    weighted share; compare Yan & Su 2010, who also invert Wilson's test over strata), with the
    finite population correction of each stratum. Unlike a Wald interval or a bootstrap it stays
    open where a stratum shows no hit. Assumes simple random draws within strata.

    Args:
        sizes: (strata,) rows of the population, each at least 1.
        judged: (strata,) rows with an answer, 1 to ``sizes``.
        hits: (strata,) rows answered yes.

    Raises:
        ValueError: Counts that do not fit together.
    """
    size, n, x = (np.asarray(a, dtype=np.float64) for a in (sizes, judged, hits))
    if not ((size >= n) & (n >= 1) & (x >= 0) & (x <= n)).all() or not len(size):
        raise ValueError("each stratum needs 0 ≤ hits ≤ judged ≤ size and 1 ≤ judged")
    weight = size / size.sum()
    value = float(np.sum(weight * x / n))
    open_ = n < size  # a stratum judged in full is known and adds no doubt
    if not open_.any():
        return Share(value, value, value)
    known = float(np.sum((weight * x / n)[~open_]))
    w, n, x = weight[open_], n[open_], x[open_]
    left = (size[open_] - n) / (size[open_] - 1)
    most = float(w.sum())
    low, high = _bound(w, n, x, left, 1), _bound(w, n, x, left, -1)
    return Share(value, known + max(low, 0.0), known + min(high, most))


def _bound(w: Floats, n: Floats, x: Floats, left: Floats, side: int) -> float:
    """Return the share at which the test statistic reaches 1.96, below or above the estimate."""
    seen = float(np.sum(w * x / n))
    if (side > 0 and not x.any()) or (side < 0 and (x == n).all()):
        return 0.0 if side > 0 else float(w.sum())
    # The multiplier of the constraint moves the share from the estimate (0) to the end of the
    # range; it is searched on a logarithmic scale.
    small, large = -12.0, 12.0
    share = seen
    for _ in range(_STEPS):
        middle = (small + large) / 2
        p = _restricted(w, n, x, side * 10.0**middle * float(np.max(n / w)))
        share = float(np.sum(w * p))
        spread = math.sqrt(float(np.sum(w**2 * p * (1 - p) / n * left)))
        if abs(seen - share) > Z95 * spread:
            large = middle
        else:
            small = middle
    return share


def _restricted(w: Floats, n: Floats, x: Floats, multiplier: float) -> Floats:
    """Return the likeliest stratum shares under a constraint on their weighted sum.

    They solve x/p - (n - x)/(1 - p) = multiplier · w, a quadratic with one root in [0, 1].
    """
    a = multiplier * w
    root = np.sqrt(np.maximum((n + a) ** 2 - 4 * a * x, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.where(n + a > 0, 2 * x / (n + a + root), (n + a - root) / (2 * a))
    return np.asarray(np.clip(np.nan_to_num(p), 0.0, 1.0), dtype=np.float64)
