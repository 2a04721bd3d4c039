"""Exact bounds of a share that was counted."""

import math
from typing import Final

import numpy as np

_STEPS: Final = 100
"""Halvings of the unit interval: a double is exhausted earlier."""


def upper_bound(k: int, n: int, *, confidence: float = 0.95) -> float:
    """Return the one-sided upper bound of a share of which ``k`` of ``n`` cases were seen.

    Clopper and Pearson (1934): the largest share under which ``k`` or fewer cases still have a
    probability of 1 - ``confidence``. Assumes independent cases.

    Args:
        k: Cases seen, 0 ≤ k ≤ n.
        n: Cases looked at.
        confidence: In (0, 1).

    Returns:
        In [0, 1]; 1 where nothing was looked at.
    """
    if not 0 <= k <= n:
        raise ValueError(f"count {k} of cases lies outside 0 to {n}")
    if k == n:
        return 1.0
    low, high = k / n, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if lower_tail(k, n, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def lower_bound(k: int, n: int, *, confidence: float = 0.95) -> float:
    """Return the one-sided lower bound of a share; see ``upper_bound``."""
    return 1 - upper_bound(n - k, n, confidence=confidence)


def lower_tail(k: int, n: int, p: float) -> float:
    """Return the probability of at most ``k`` cases among ``n``, each of probability ``p``."""
    if p <= 0 or k >= n:
        return 1.0
    if p >= 1:
        return 0.0
    i = np.arange(1, k + 1, dtype=np.float64)
    # Logarithm of the binomial coefficients, from one to the next.
    choose = np.concatenate(([0.0], np.cumsum(np.log((n - i + 1) / i))))
    places = np.arange(k + 1, dtype=np.float64)
    logs = choose + places * math.log(p) + (n - places) * math.log1p(-p)
    peak = float(logs.max())
    return min(1.0, math.exp(peak) * float(np.exp(logs - peak).sum()))
