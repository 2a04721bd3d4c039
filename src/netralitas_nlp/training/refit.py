"""Calibration and operating points of a retrained model: fitted where rows allow it, else kept."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from netralitas_nlp import calibration, thresholds
from netralitas_nlp.labels import LABELS
from netralitas_nlp.model.bundle import Bundle

FloatArray = npt.NDArray[np.float64]

FEWEST_EACH: Final = 20
"""Posts with and without a label from which two calibration numbers are fitted, and from which
``recall`` can tell 95 % from 90 %."""

FEWEST_NEUTRAL: Final = 200
"""Neutral posts from which 1 % of them is more than one."""

FEWEST_PRECISION: Final = 5_000
"""Posts without the label from which 90 % precision at 2 % prevalence (two false flags in a
thousand) can be told from half of it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that was not fitted, because the rows are too few.

    Attributes:
        what: ``calibration`` or the name of an operating point.
        label: The label that lacks rows; empty where neutral posts lack.
        found: Rows there are.
        least: Rows it takes.
        instead: Whether the base's stands in its place, nothing does, or the point is left out.
    """

    what: str
    label: str
    found: int
    least: int
    instead: Literal["base", "none", "left_out"]


@dataclass(frozen=True, slots=True)
class Refit:
    """Calibration and thresholds of a bundle, and what they rest on.

    Attributes:
        calibration: Label to ``{"a", "b"}``.
        points: As ``thresholds.json`` holds them, at least one.
        figures: Of the fitted points, on the rows they were fitted on.
        fitted: Names of the points fitted here.
        kept: What was not.
    """

    calibration: dict[str, dict[str, float]]
    points: dict[str, Any]
    figures: dict[str, Any]
    fitted: tuple[str, ...]
    kept: tuple[Kept, ...]


def refit(
    logits: FloatArray, truth: FloatArray, base: Bundle | None, *, of_user: int | None = None
) -> Refit:
    """Return calibration and operating points.

    What the rows cannot carry is taken from the base; a base without figures of its own (an
    encoder of others) leaves calibration as it comes and the point out. Where no point remains
    there is ``uncalibrated``, 0.5, which users must ask for by name.

    Args:
        logits: Shape (posts, labels), labels in the order of ``LABELS``, of posts that chose
            neither the weights nor the time to stop.
        truth: Shape (posts, labels), 0, 1 or NaN.
        base: The bundle that training started from.
        of_user: How many of the rows, the first ones, are the user's; all where left out. The
            others serve calibration, and thresholds only where the base has none: it was fitted
            on more and on everyday posts (measured: F1 on old test posts 0.55 with the thresholds
            of the base, 0.44 with thresholds fitted on 1,487 mixed posts).
    """
    lines, kept = _calibration(logits, truth, base)
    scores = np.column_stack(
        [
            calibration.apply(logits[:, j], lines[label]["a"], lines[label]["b"])
            for j, label in enumerate(LABELS)
        ]
    )
    if base is not None and base.operating_points:
        scores, truth = scores[:of_user], truth[:of_user]
    lacking = _lacking(truth)
    points: dict[str, Any] = {}
    figures: dict[str, Any] = {}
    fitted: list[str] = []
    made = _fitted_points(scores, truth)
    for name in ("balanced", "precision", "recall"):
        if name not in lacking and made is not None:
            points[name] = made["operating_points"][name]
            figures[name] = made["figures"][name]
            fitted.append(name)
            continue
        label, found, least = lacking.get(name, ("", 0, 1))
        known = base is not None and name in base.operating_points
        if base is not None and known:
            points[name] = {label: dict(base.operating_points[name][label]) for label in LABELS}
        kept.append(Kept(name, label, found, least, "base" if known else "left_out"))
    if not points:
        points[thresholds.UNCALIBRATED] = thresholds.uncalibrated(LABELS)
    return Refit(lines, points, figures, tuple(fitted), tuple(kept))


def as_json(found: Refit) -> list[dict[str, Any]]:
    """Return what was kept, ready for JSON."""
    return [asdict(one) for one in found.kept]


def _calibration(
    logits: FloatArray, truth: FloatArray, base: Bundle | None
) -> tuple[dict[str, dict[str, float]], list[Kept]]:
    lines: dict[str, dict[str, float]] = {}
    kept: list[Kept] = []
    for j, label in enumerate(LABELS):
        fewer = min(_counts(truth, j))
        a = b = 0.0
        if fewer >= FEWEST_EACH:
            a, b = calibration.fit(logits[:, j], truth[:, j])
        if a > 0:
            lines[label] = {"a": a, "b": b}
        elif base is not None:
            line = base.calibration[label]
            lines[label] = {"a": line.a, "b": line.b}
            kept.append(Kept("calibration", label, fewer, FEWEST_EACH, "base"))
        else:
            lines[label] = {"a": 1.0, "b": 0.0}
            kept.append(Kept("calibration", label, fewer, FEWEST_EACH, "none"))
    return lines, kept


def _lacking(truth: FloatArray) -> dict[str, tuple[str, int, int]]:
    """Return, per point that cannot be fitted, the label, the rows there are and those it takes."""
    counts = {label: _counts(truth, j) for j, label in enumerate(LABELS)}
    neutral = int((truth == 0).all(axis=1).sum())
    lacking: dict[str, tuple[str, int, int]] = {}
    poorest = min(LABELS, key=lambda label: counts[label][0])
    if counts[poorest][0] < FEWEST_EACH:
        lacking = dict.fromkeys(
            ("balanced", "precision", "recall"), (poorest, counts[poorest][0], FEWEST_EACH)
        )
    elif neutral < FEWEST_NEUTRAL:
        lacking["balanced"] = ("", neutral, FEWEST_NEUTRAL)
    fewest = min(LABELS, key=lambda label: counts[label][1])
    if counts[fewest][1] < FEWEST_PRECISION:
        lacking["precision"] = (fewest, counts[fewest][1], FEWEST_PRECISION)
    return lacking


def _fitted_points(scores: FloatArray, truth: FloatArray) -> Mapping[str, Any] | None:
    enough = all(min(_counts(truth, j)) for j in range(len(LABELS)))
    return thresholds.fit_points(scores, truth) if enough else None


def _counts(truth: FloatArray, j: int) -> tuple[int, int]:
    return int((truth[:, j] == 1).sum()), int((truth[:, j] == 0).sum())
