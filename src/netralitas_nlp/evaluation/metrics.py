"""Figures by which a model is judged, in numpy alone.

Words used throughout: ``truth`` holds 1, 0 or NaN (label unknown, row ignored), ``scores`` are in
[0, 1], ``flagged`` is boolean, ``groups`` names the cluster of each row (near copies, one author).
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from netralitas_nlp.binomial import lower_bound, upper_bound
from netralitas_nlp.thresholds import PREVALENCES, precision_at

FloatArray = npt.NDArray[np.float64]
Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Detection:
    """How well flags find the positives of one label.

    Attributes:
        precision: Share of flagged rows that are positive; 0 where nothing is flagged.
        recall: Share of positives that are flagged; 0 where there is none.
        f1: Harmonic mean of both; 0 where both are 0.
        false_positive_rate: Share of negatives that are flagged; 0 where there is none.
        positives: Rows whose label is 1.
        known: Rows whose label is known.
    """

    precision: float
    recall: float
    f1: float
    false_positive_rate: float
    positives: int
    known: int


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with the interval that holds it at the stated confidence."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of counted rows with its exact (Clopper-Pearson) interval."""

    value: float
    low: float
    high: float
    count: int
    total: int


def detection(truth: Array, flagged: Array) -> Detection:
    """Return precision, recall and F1 of one label.

    Args:
        truth: (rows,) 1, 0 or NaN.
        flagged: (rows,) boolean.
    """
    truth, flagged = _known(truth, np.asarray(flagged, dtype=bool))
    positive = truth == 1
    hits = int((flagged & positive).sum())
    precision = _share(hits, int(flagged.sum()))
    recall = _share(hits, int(positive.sum()))
    f1 = _share(2 * hits, int(flagged.sum() + positive.sum()))
    false_alarms = _share(int((flagged & ~positive).sum()), int((~positive).sum()))
    return Detection(precision, recall, f1, false_alarms, int(positive.sum()), len(truth))


def macro(values: Sequence[float]) -> float:
    """Return the plain mean over labels; NaN (a label without positives) is left out."""
    kept = [value for value in values if not math.isnan(value)]
    return float(np.mean(kept)) if kept else math.nan


def average_precision(truth: Array, scores: Array) -> float:
    """Return the area under the precision-recall steps: 1 is perfect, prevalence is chance.

    Rows of equal score count as one step. NaN where no positive is known.
    """
    truth, scores = _known(truth, np.asarray(scores, dtype=np.float64))
    if not (truth == 1).any():
        return math.nan
    hits, flagged = _steps(truth, scores)
    precision = hits / flagged
    return float(np.sum(np.diff(hits, prepend=0.0) * precision) / hits[-1])


def auc(truth: Array, scores: Array) -> float:
    """Return the chance that a positive outscores a negative, ties counting half: 0.5 is chance.

    NaN where one of the classes is absent.
    """
    truth, scores = _known(truth, np.asarray(scores, dtype=np.float64))
    positives, negatives = np.sort(scores[truth == 1]), np.sort(scores[truth == 0])
    if not len(positives) or not len(negatives):
        return math.nan
    below = np.searchsorted(negatives, positives, side="left")
    not_above = np.searchsorted(negatives, positives, side="right")
    return float((below + not_above).sum() / 2 / len(positives) / len(negatives))


def best_f1_threshold(truth: Array, scores: Array) -> float:
    """Return the lowest score of the cut with the largest F1; infinity without positives.

    Fit it on rows that the reported figures do not use.
    """
    truth, scores = _known(truth, np.asarray(scores, dtype=np.float64))
    if not (truth == 1).any():
        return math.inf
    hits, flagged = _steps(truth, scores)
    f1 = 2 * hits / (flagged + hits[-1])
    return float(np.unique(scores)[::-1][int(np.argmax(f1))])


def precision_at_prevalence(
    recall: float, false_positive_rate: float, prevalences: Sequence[float] = PREVALENCES
) -> dict[float, float]:
    """Return the precision that these rates give where so many posts are positive.

    precision = r·π / (r·π + FPR·(1 − π)). NaN where nothing would be flagged. It assumes that
    both rates hold whatever the prevalence.
    """
    return {share: precision_at(recall, false_positive_rate, share) for share in prevalences}


def false_flag_rate(flagged: Array, *, confidence: float = 0.95) -> Rate:
    """Return the share of neutral rows that are flagged, with its exact interval.

    Args:
        flagged: (rows,) boolean, of neutral rows only.
        confidence: Of the two-sided interval.
    """
    count, total = int(np.asarray(flagged, dtype=bool).sum()), len(flagged)
    low, high = clopper_pearson(count, total, confidence=confidence)
    return Rate(count / total if total else math.nan, low, high, count, total)


def clopper_pearson(count: int, total: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """Return the exact binomial interval of a share; (0, 1) where nothing was counted.

    Args:
        count: Rows with the property, 0 to ``total``.
        total: Rows.
        confidence: Of the two-sided interval.

    Raises:
        ValueError: ``count`` is outside 0 to ``total``.
    """
    if total == 0 and count == 0:
        return 0.0, 1.0
    # Two one-sided bounds, each of which may be missed half as often.
    side = 1 - (1 - confidence) / 2
    low = lower_bound(count, total, confidence=side)
    return low, upper_bound(count, total, confidence=side)


def cluster_draws(
    statistic: Callable[..., float],
    *arrays: Array,
    groups: Array,
    repeats: int = 1000,
    seed: int = 0,
) -> FloatArray:
    """Return the figure of each bootstrap sample, shape (repeats,), NaN where it is undefined.

    Whole groups are drawn with replacement: copies of one post stand or fall together.

    Args:
        statistic: Takes the arrays, returns one number.
        arrays: (rows, …) each, of equal length.
        groups: (rows,) name of the cluster of each row.
        repeats: Draws.
        seed: Of the draws.
    """
    _, group_of = np.unique(np.asarray(groups), return_inverse=True)
    order = np.argsort(group_of, kind="stable")
    sizes = np.bincount(group_of)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    draw = np.random.default_rng(seed)
    figures = []
    for _ in range(repeats):
        drawn = draw.integers(0, len(sizes), len(sizes))
        lengths = sizes[drawn]
        # Positions of all rows of the drawn groups, without a loop over groups.
        shift = np.repeat(starts[drawn] - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
        rows = order[np.arange(int(lengths.sum())) + shift]
        figures.append(statistic(*(array[rows] for array in arrays)))
    return np.asarray(figures, dtype=np.float64)


def cluster_bootstrap(
    statistic: Callable[..., float],
    *arrays: Array,
    groups: Array,
    repeats: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Return a figure with its percentile interval, drawing whole groups with replacement.

    Drawing rows would make the interval too narrow. Draws whose figure is undefined are left out.

    Args:
        statistic: As for ``cluster_draws``, like the arguments below.
        arrays: (rows, …) each, of equal length.
        groups: (rows,) name of the cluster of each row.
        repeats: Draws.
        confidence: Of the interval.
        seed: Of the draws.
    """
    draws = cluster_draws(statistic, *arrays, groups=groups, repeats=repeats, seed=seed)
    return interval_of(float(statistic(*arrays)), draws, confidence=confidence)


def interval_of(value: float, draws: FloatArray, *, confidence: float = 0.95) -> Interval:
    """Return a figure with the percentile interval of its bootstrap draws."""
    defined = draws[~np.isnan(draws)]
    if not len(defined):
        return Interval(value, math.nan, math.nan)
    tail = (1 - confidence) / 2
    low, high = np.quantile(defined, [tail, 1 - tail])
    return Interval(value, float(low), float(high))


def label_figures(
    truth: Mapping[str, Array], scores: Mapping[str, Array], flagged: Mapping[str, Array]
) -> dict[str, dict[str, Any]]:
    """Return the figures of each label and their macro means, ready for JSON.

    Args:
        truth: Label to (rows,) 1, 0 or NaN.
        scores: Label to (rows,) scores.
        flagged: Label to (rows,) boolean.
    """
    figures: dict[str, dict[str, Any]] = {}
    for label, values in truth.items():
        found = detection(values, flagged[label])
        at = precision_at_prevalence(found.recall, found.false_positive_rate)
        figures[label] = {
            "precision": found.precision,
            "recall": found.recall,
            "f1": found.f1,
            "average_precision": average_precision(values, scores[label]),
            "auc": auc(values, scores[label]),
            "false_positive_rate": found.false_positive_rate,
            "precision_at_prevalence": {f"{share:g}": value for share, value in at.items()},
            "positives": found.positives,
            "known": found.known,
        }
    names = ("precision", "recall", "f1", "average_precision", "auc")
    with_positives = [part for part in figures.values() if part["positives"]]
    means = {name: macro([part[name] for part in with_positives]) for name in names}
    return {**figures, "macro": means}


def _known(truth: Array, values: Array) -> tuple[FloatArray, Array]:
    truth = np.asarray(truth, dtype=np.float64)
    known = ~np.isnan(truth)
    return truth[known], values[known]


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _steps(truth: FloatArray, scores: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return hits and flagged rows at each distinct score, from the highest down."""
    order = np.argsort(-scores, kind="stable")
    last = np.flatnonzero(np.diff(scores[order], append=np.nan) != 0)
    hits = np.cumsum(truth[order] == 1)[last]
    return hits.astype(np.float64), (last + 1).astype(np.float64)
