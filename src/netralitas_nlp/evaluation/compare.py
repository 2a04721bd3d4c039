"""Is one model better than another on the same posts? Paired statistics in numpy alone.

Words: ``truth`` holds 1, 0 or NaN (unknown, left out), ``first`` and ``second`` what two models
say of the same rows, ``groups`` the cluster of each row. A difference is always second − first.

Sources: Dietterich 1998, Approximate Statistical Tests for Comparing Supervised Classification
Learning Algorithms (McNemar's test where each model is trained once); Berg-Kirkpatrick, Burkett &
Klein 2012, An Empirical Investigation of Statistical Significance in NLP (the paired bootstrap);
Holm 1979, A Simple Sequentially Rejective Multiple Test Procedure.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from netralitas_nlp.evaluation.metrics import (
    average_precision,
    cluster_draws,
    detection,
    interval_of,
)

Array = npt.NDArray[Any]
Verdict = Literal["no_difference", "better", "worse", "mixed"]

ALPHA: Final = 0.05
"""Chance of seeing some difference where there is none, over all tests of a comparison."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of two models on the same rows.

    Attributes:
        first: Figure of the first model; NaN where it is undefined.
        second: Figure of the second model.
        value: second − first.
        low: Lower end of the 95 % interval of ``value``.
        high: Upper end.
        p: Chance of a difference at least as large if there were none, (0, 1]; NaN if undefined.
    """

    first: float
    second: float
    value: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True)
class McNemar:
    """Rows on which only one of two models is right.

    Attributes:
        only_first: Rows that the first alone gets right.
        only_second: Rows that the second alone gets right.
        p: Two-sided exact chance of a split at least as uneven, in (0, 1]; 1 without such rows.
    """

    only_first: int
    only_second: int
    p: float


def paired_bootstrap(
    statistic: Callable[[Array, Array], float],
    truth: Array,
    first: Array,
    second: Array,
    *,
    groups: Array,
    repeats: int = 1000,
    seed: int = 0,
) -> Difference:
    """Return the difference of a figure, its percentile interval and its p-value.

    Both models are judged on the same drawn groups. The draws centre on the observed difference,
    not on none, so the p-value counts draws that lie farther from it than it lies from zero
    (Berg-Kirkpatrick et al. 2012, there one-sided). Assumes that groups are independent.

    Args:
        statistic: Takes truth and what a model says, returns one number, NaN where undefined.
        truth: (rows,) 1, 0 or NaN.
        first: (rows, …) of the first model.
        second: (rows, …) of the second model.
        groups: (rows,) name of the cluster of each row.
        repeats: Draws; the p-value cannot fall below 1 / (repeats + 1).
        seed: Of the draws.
    """

    def both(t: Array, a: Array, b: Array) -> float:
        return statistic(t, b) - statistic(t, a)

    draws = cluster_draws(both, truth, first, second, groups=groups, repeats=repeats, seed=seed)
    one, other = statistic(truth, first), statistic(truth, second)
    value = other - one
    interval = interval_of(value, draws)
    defined = draws[~np.isnan(draws)]
    if math.isnan(value) or not len(defined):
        return Difference(one, other, value, math.nan, math.nan, math.nan)
    # Rounding must not make a draw equal to the observed difference seem nearer.
    farther = int((np.abs(defined - value) >= abs(value) - 1e-12).sum())
    p = (1 + farther) / (1 + len(defined))
    return Difference(one, other, value, interval.low, interval.high, p)


def mcnemar(first_right: Array, second_right: Array) -> McNemar:
    """Return McNemar's exact test of two models that judged the same rows.

    Assumes independent rows: give one row per group where rows come in copies. It says which
    model errs less on these rows, not how another training run would do (Dietterich 1998).

    Args:
        first_right: (rows,) boolean.
        second_right: (rows,) boolean.
    """
    first, second = np.asarray(first_right, dtype=bool), np.asarray(second_right, dtype=bool)
    only_first, only_second = int((first & ~second).sum()), int((second & ~first).sum())
    total, fewer = only_first + only_second, min(only_first, only_second)
    if total == 0:
        return McNemar(0, 0, 1.0)
    tail = math.fsum(math.exp(_log_half(total, k)) for k in range(fewer + 1))
    return McNemar(only_first, only_second, min(1.0, 2 * tail))


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Return p-values adjusted for being several (Holm 1979); undefined ones stay NaN."""
    known = sorted((p, name) for name, p in p_values.items() if not math.isnan(p))
    adjusted = dict.fromkeys(p_values, math.nan)
    largest = 0.0
    for place, (p, name) in enumerate(known):
        largest = max(largest, min(1.0, p * (len(known) - place)))
        adjusted[name] = largest
    return adjusted


def verdict(
    differences: Mapping[str, Difference],
    *,
    lower_is_better: Sequence[str] = (),
    alpha: float = ALPHA,
) -> tuple[Verdict, tuple[str, ...], tuple[str, ...]]:
    """Return what the tests together show, and which figures are better and worse.

    A difference counts where its adjusted p-value lies below ``alpha``. That none is shown does
    not prove that there is none: the posts may be too few.

    Args:
        differences: Name of the figure to its difference.
        lower_is_better: Names of figures that should be small, such as false flags.
        alpha: Chance of any false alarm over all figures.
    """
    adjusted = holm({name: one.p for name, one in differences.items()})
    shown = [name for name, p in adjusted.items() if p < alpha]
    gains = {
        name: -differences[name].value if name in lower_is_better else differences[name].value
        for name in shown
    }
    better = tuple(name for name in shown if gains[name] > 0)
    worse = tuple(name for name in shown if gains[name] < 0)
    if better and worse:
        return "mixed", better, worse
    if better or worse:
        return ("better" if better else "worse"), better, worse
    return "no_difference", (), ()


def f1(truth: Array, flagged: Array) -> float:
    """Return F1 of flags, (rows,) boolean; NaN where no positive is known."""
    found = detection(truth, flagged)
    return found.f1 if found.positives else math.nan


def precision_area(truth: Array, scores: Array) -> float:
    """Return average precision of scores, (rows,); NaN where no positive is known."""
    return average_precision(truth, scores)


def share(neutral: Array, flagged: Array) -> float:
    """Return the share of flagged rows among those where ``neutral`` is 1; NaN without any."""
    chosen = np.asarray(neutral) == 1
    return float(np.asarray(flagged)[chosen].mean()) if chosen.any() else math.nan


def one_of_each(groups: Array) -> npt.NDArray[np.intp]:
    """Return the position of the first row of each group, for tests of independent rows."""
    _, first = np.unique(np.asarray(groups), return_index=True)
    return np.sort(first)


def _log_half(n: int, k: int) -> float:
    """Return the logarithm of the chance of ``k`` heads in ``n`` fair tosses."""
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) - n * math.log(2)
