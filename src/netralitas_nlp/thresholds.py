"""Thresholds: how a post is decided, and how the operating points of a bundle are chosen.

``fit_points`` turns scores of labelled posts into ``thresholds.json``; ``decide`` applies it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netralitas_nlp.binomial import upper_bound
from netralitas_nlp.labels import LABELS, Decision, Label

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

UNCALIBRATED: Final = "uncalibrated"
"""Operating point of a folder without measured thresholds; only on explicit request."""

NEVER: Final = 1.0
"""Threshold that no score reaches: calibrated scores stay strictly below 1."""

PREVALENCES: Final = (0.002, 0.01, 0.02, 0.03, 0.10)
"""Shares of posts with a label that real exports hold."""

DIGITS: Final = 6
"""Thresholds are chosen among scores rounded down to this many digits."""


class Threshold(TypedDict):
    """From which calibrated score on a label makes a post ``flag`` or ``review``; in [0, 1]."""

    flag: float
    review: float


@dataclass(frozen=True, slots=True)
class Targets:
    """What the operating points promise.

    Attributes:
        max_neutral_flagged: ``balanced``: largest share of neutral posts flagged, by any label.
        precision: ``precision``: smallest share of flagged posts that carry the label ...
        prevalence: ... where this share of all posts carries it.
        recall: ``recall``: smallest share of posts with the label that are flagged.
        miss_rate: Review band: largest expected share of posts with the label left ``clear``.
        confidence: Of the one-sided upper bound of the false-positive rate.
    """

    max_neutral_flagged: float = 0.01
    precision: float = 0.90
    prevalence: float = 0.02
    recall: float = 0.95
    miss_rate: float = 0.10
    confidence: float = 0.95


def decide(
    scores: Mapping[Label, float], point: Mapping[Label, Threshold]
) -> tuple[Decision, tuple[Label, ...]]:
    """Return the decision and the labels at or above their flag threshold.

    ``flag`` if any label is, else ``review`` if any score reaches its review threshold.
    """
    reached = (label for label in LABELS if label in scores)
    labels = tuple(label for label in reached if scores[label] >= point[label]["flag"])
    if labels:
        return "flag", labels
    if any(score >= point[label]["review"] for label, score in scores.items()):
        return "review", ()
    return "clear", ()


def uncalibrated(labels: tuple[Label, ...]) -> dict[Label, Threshold]:
    """Return thresholds of 0.5 without review band, for a model nobody has measured."""
    return {label: Threshold(flag=0.5, review=0.5) for label in labels}


def fit_points(
    scores: ArrayLike,
    truth: ArrayLike,
    *,
    negatives: ArrayLike | None = None,
    targets: Targets | None = None,
) -> dict[str, Any]:
    """Return ``operating_points`` and ``figures`` for ``thresholds.json``.

    Assumes that the posts resemble those to come, that they chose neither weights nor calibration,
    and that near-duplicates and one author's posts are not many: the bounds treat posts as
    independent.

    Args:
        scores: Calibrated, shape (posts, labels), labels in the order of ``LABELS``.
        truth: Shape (posts, labels), 0, 1 or NaN where unknown.
        negatives: Scores of further real posts without any label, shape (more posts, labels);
            they count for ``precision`` alone.
        targets: What to promise.

    Returns:
        ``{"operating_points": {name: {label: {"flag", "review"}}}, "figures": {name: {label:
        figures, "neutral_flagged": …}}}``. Where a promise cannot be kept, ``reached`` is false;
        ``precision`` then flags nothing by that label, which leaves it to the review band.
        ``assured`` says whether the precision promise holds at the upper bound of the
        false-positive rate as well.

    Raises:
        ValueError: Shapes differ, or a label has no positive or no negative post.
    """
    goals = targets or Targets()
    data = _Data.of(scores, truth, None)
    # Thousands of easy posts would let the neutral posts that resemble violations be flagged
    # freely, so only the rare-violation promise counts them.
    wider = _Data.of(scores, truth, negatives)
    indices = range(len(LABELS))
    review = [review_threshold(data.positives(j), miss_rate=goals.miss_rate) for j in indices]
    flags = {
        "balanced": _balanced(data, goals),
        "precision": [_precise(wider, j, goals) for j in indices],
        "recall": [_complete(data, j, goals) for j in indices],
    }
    points, figures = {}, {}
    for name, chosen in flags.items():
        points[name] = {
            label: Threshold(flag=flag, review=min(flag, band))
            for label, flag, band in zip(LABELS, chosen, review, strict=True)
        }
        seen = wider if name == "precision" else data
        figures[name] = _figures(seen, points[name], name, goals)
    return {"operating_points": points, "figures": figures, "targets": asdict(goals)}


def review_threshold(positives: ArrayLike, *, miss_rate: float) -> float:
    """Return the largest threshold that misses at most ``miss_rate`` of posts with a label.

    Conformal risk control (Angelopoulos et al. 2022): with the miss as loss, bounded by 1, the
    expected share of misses among exchangeable new posts is at most ``miss_rate`` if
    (misses + 1) / (n + 1) is. With too few posts that holds only at 0, where all are reviewed.

    Args:
        positives: Scores of posts that carry the label, shape (n,).
        miss_rate: In (0, 1).
    """
    ordered = np.sort(np.asarray(positives, dtype=np.float64))
    allowed = int(np.floor(miss_rate * (len(ordered) + 1) + 1e-9)) - 1
    return 0.0 if allowed < 0 else float(_floor(ordered[min(allowed, len(ordered) - 1)]))


def precision_at(recall: float, fpr: float, prevalence: float) -> float:
    """Return the share of flagged posts that carry the label, all arguments in [0, 1].

    NaN where nothing is flagged.
    """
    hits, errors = recall * prevalence, fpr * (1 - prevalence)
    return hits / (hits + errors) if hits + errors > 0 else float("nan")


@dataclass(frozen=True, slots=True)
class _Data:
    """Scores and truth, real negatives appended, and which posts are neutral."""

    scores: FloatArray
    truth: FloatArray
    neutral: BoolArray

    @classmethod
    def of(cls, scores: ArrayLike, truth: ArrayLike, negatives: ArrayLike | None) -> "_Data":
        s, y = np.asarray(scores, dtype=np.float64), np.asarray(truth, dtype=np.float64)
        extra = np.empty((0, len(LABELS)))
        if negatives is not None:
            extra = np.asarray(negatives, dtype=np.float64)
        width = (len(LABELS),)
        if s.ndim != 2 or s.shape != y.shape or not s.shape[1:] == extra.shape[1:] == width:
            raise ValueError(f"expected (posts, {width[0]}): {s.shape}, {y.shape}, {extra.shape}")
        s, y = np.vstack((s, extra)), np.vstack((y, np.zeros_like(extra)))
        for j, label in enumerate(LABELS):
            if not (y[:, j] == 1).any() or not (y[:, j] == 0).any():
                raise ValueError(f"{label}: thresholds need posts with and without the label")
        return cls(s, y, (y == 0).all(axis=1))

    def positives(self, j: int) -> FloatArray:
        chosen: FloatArray = self.scores[self.truth[:, j] == 1, j]
        return chosen

    def negatives(self, j: int) -> FloatArray:
        chosen: FloatArray = self.scores[self.truth[:, j] == 0, j]
        return chosen


@dataclass(frozen=True, slots=True)
class _Curve:
    """Counts of one label at every threshold worth considering, lowest threshold first."""

    thresholds: FloatArray
    hits: FloatArray
    errors: FloatArray
    n_positive: int
    n_negative: int

    @classmethod
    def of(cls, data: _Data, j: int) -> "_Curve":
        positive, negative = data.positives(j), data.negatives(j)
        thresholds = np.append(np.unique(_floor(np.concatenate((positive, negative)))), NEVER)
        return cls(
            thresholds,
            _at_least(positive, thresholds),
            _at_least(negative, thresholds),
            len(positive),
            len(negative),
        )

    @property
    def f1(self) -> FloatArray:
        result: FloatArray = 2 * self.hits / (self.hits + self.errors + self.n_positive)
        return result


def _balanced(data: _Data, goals: Targets) -> list[float]:
    """Return the thresholds of largest F1 whose union flags few enough neutral posts.

    The labels share one budget of neutral posts. It is spent one step at a time where a flagged
    neutral post buys the most F1, as long as the union keeps the promise.
    """
    curves = [_Curve.of(data, j) for j in range(len(LABELS))]
    neutral = data.scores[data.neutral]
    flagged = [_at_least(neutral[:, j], curve.thresholds) for j, curve in enumerate(curves)]
    allowed = int(np.floor(goals.max_neutral_flagged * len(neutral) + 1e-9))
    places = [_best(curve.f1, count, 0) for curve, count in zip(curves, flagged, strict=True)]
    while True:
        steps = []
        for j, curve in enumerate(curves):
            step = _next_step(curve.f1, flagged[j], places[j], allowed)
            if step is None:
                continue
            place, worth = step
            trial = [*places[:j], place, *places[j + 1 :]]
            cuts = [float(c.thresholds[i]) for c, i in zip(curves, trial, strict=True)]
            if (neutral >= cuts).any(axis=1).sum() <= allowed:
                steps.append((worth, j, place))
        if not steps:
            return [float(c.thresholds[i]) for c, i in zip(curves, places, strict=True)]
        _, j, place = max(steps)
        places[j] = place


def _best(f1: FloatArray, flagged: FloatArray, budget: float) -> int:
    """Return the place of the largest F1 among thresholds that flag at most ``budget``."""
    return int(np.argmax(np.where(flagged <= budget, f1, -1.0)))


def _next_step(
    f1: FloatArray, flagged: FloatArray, place: int, allowed: int
) -> tuple[int, float] | None:
    """Return the best lower threshold and what it gains per neutral post, if any gains."""
    spent = flagged[place]
    open_to = (flagged > spent) & (flagged <= allowed) & (f1 > f1[place])
    if not open_to.any():
        return None
    cost = np.where(open_to, flagged - spent, 1.0)
    worth = np.where(open_to, (f1 - f1[place]) / cost, -1.0)
    best = int(np.argmax(worth))
    return best, float(worth[best])


def _precise(data: _Data, j: int, goals: Targets) -> float:
    """Return the lowest threshold that keeps the precision promise, else ``NEVER``."""
    curve = _Curve.of(data, j)
    # precision >= goal, solved for the false-positive rate per unit of recall
    odds = goals.prevalence / (1 - goals.prevalence) * (1 - goals.precision) / goals.precision
    kept = curve.errors / curve.n_negative <= odds * curve.hits / curve.n_positive
    good = np.flatnonzero(kept & (curve.hits > 0))
    return float(curve.thresholds[good[0]]) if len(good) else NEVER


def _complete(data: _Data, j: int, goals: Targets) -> float:
    curve = _Curve.of(data, j)
    reached = np.flatnonzero(curve.hits >= goals.recall * curve.n_positive - 1e-9)
    return float(curve.thresholds[reached[-1]])


def _figures(
    data: _Data, point: Mapping[Label, Threshold], name: str, goals: Targets
) -> dict[str, Any]:
    """Return what one operating point does on the posts it was fitted on."""
    flags = np.array([point[label]["flag"] for label in LABELS])
    figures: dict[str, Any] = {
        label: _label_figures(data, j, point[label], name, goals) for j, label in enumerate(LABELS)
    }
    flagged = int((data.scores[data.neutral] >= flags).any(axis=1).sum())
    n = int(data.neutral.sum())
    figures["neutral_flagged"] = {
        "posts": n,
        "flagged": flagged,
        "rate": flagged / n if n else None,
        "rate_upper": upper_bound(flagged, n, confidence=goals.confidence),
    }
    return figures


def _label_figures(
    data: _Data, j: int, threshold: Threshold, name: str, goals: Targets
) -> dict[str, Any]:
    positive, negative = data.positives(j), data.negatives(j)
    hits, errors = (
        int((positive >= threshold["flag"]).sum()),
        int((negative >= threshold["flag"]).sum()),
    )
    recall, fpr = hits / len(positive), errors / len(negative)
    bound = upper_bound(errors, len(negative), confidence=goals.confidence)
    promised = {
        "balanced": threshold["flag"] < NEVER,
        "precision": threshold["flag"] < NEVER,
        "recall": recall >= goals.recall,
    }
    return {
        "threshold": threshold["flag"],
        "review": threshold["review"],
        "reached": promised[name],
        "positives": len(positive),
        "negatives": len(negative),
        "recall": recall,
        "precision": hits / (hits + errors) if hits + errors else None,
        "f1": 2 * hits / (hits + errors + len(positive)),
        "fpr": fpr,
        "fpr_upper": bound,
        "precision_at": _precisions(recall, fpr),
        "precision_at_upper": _precisions(recall, bound),
        "assured": precision_at(recall, bound, goals.prevalence) >= goals.precision,
        "missed_by_review": float((positive < threshold["review"]).mean()),
    }


def _precisions(recall: float, fpr: float) -> dict[str, float | None]:
    """Return the precision per prevalence; the keys are the prevalences as text."""
    values = {f"{share:g}": precision_at(recall, fpr, share) for share in PREVALENCES}
    return {share: None if np.isnan(value) else value for share, value in values.items()}


def _at_least(scores: FloatArray, thresholds: FloatArray) -> FloatArray:
    """Return how many scores reach each threshold, shape (thresholds,)."""
    below = np.searchsorted(np.sort(scores), thresholds, side="left")
    return (len(scores) - below).astype(np.float64)


def _floor(scores: ArrayLike) -> FloatArray:
    result: FloatArray = np.floor(np.asarray(scores, dtype=np.float64) * 10**DIGITS) / 10**DIGITS
    return result
