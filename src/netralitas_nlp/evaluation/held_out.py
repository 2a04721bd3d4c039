"""Figures of one model on rows that neither training nor thresholds have seen."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from netralitas_nlp import calibration
from netralitas_nlp.evaluation.metrics import (
    cluster_bootstrap,
    detection,
    false_flag_rate,
    label_figures,
)
from netralitas_nlp.labels import LABELS

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

KINDS: Final = ("own", "relabelled", "public")
"""Posts written for the project, real posts with our labels, public rows with mapped labels."""


def figures_of(
    frame: pd.DataFrame, scores: FloatArray, points: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return figures by kind of row and operating point, ready for JSON.

    Args:
        frame: Rows with the labels (1, 0 or NaN), ``kind`` (own, relabelled, public) and
            ``group_id``.
        scores: Shape (rows, labels).
        points: Operating points as ``thresholds.json`` holds them.
    """
    kinds = {kind: (frame["kind"] == kind).to_numpy(dtype=bool) for kind in KINDS}
    figures: dict[str, Any] = {
        kind: {
            "rows": int(chosen.sum()),
            "calibration": _calibration(frame[chosen], scores[chosen]),
            **{name: _at(frame[chosen], scores[chosen], point) for name, point in points.items()},
        }
        for kind, chosen in kinds.items()
        if chosen.any()
    }
    if "public" in figures and "balanced" in points:
        figures["public"]["neutral_by_source"] = neutral_by_source(
            frame, scores, points["balanced"]
        )
    return figures


def neutral_by_source(
    frame: pd.DataFrame, scores: FloatArray, point: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """Return, per public source, how many of its rows without any label are flagged.

    Args:
        frame: As for ``figures_of``.
        scores: Shape (rows, labels).
        point: One operating point.
    """
    flags = np.array([point[label]["flag"] for label in LABELS])
    anything: BoolArray = np.asarray((scores >= flags).any(axis=1), dtype=bool)
    neutral = is_neutral(frame)
    sources = frame["source"].to_numpy()
    return {
        source: _rate(anything[neutral & (sources == source)])
        for source in sorted(
            set(sources[neutral & (frame["kind"] == "public").to_numpy(dtype=bool)])
        )
    }


def is_neutral(frame: pd.DataFrame) -> BoolArray:
    """Return which rows are known to carry none of the labels, shape (rows,)."""
    return np.asarray((frame[list(LABELS)] == 0).all(axis=1), dtype=bool)


def _rate(flagged: BoolArray) -> dict[str, Any]:
    rate = false_flag_rate(flagged)
    return {
        "posts": rate.total,
        "flagged": rate.count,
        "share": rate.value,
        "interval": [rate.low, rate.high],
    }


def _at(frame: pd.DataFrame, scores: FloatArray, point: Mapping[str, Any]) -> dict[str, Any]:
    flagged = {label: scores[:, j] >= point[label]["flag"] for j, label in enumerate(LABELS)}
    truth = {label: frame[label].to_numpy(dtype=float) for label in LABELS}
    known = [label for label in LABELS if (truth[label] == 1).any()]
    figures: dict[str, Any] = label_figures(
        {label: truth[label] for label in known},
        {label: scores[:, j] for j, label in enumerate(LABELS) if label in known},
        {label: flagged[label] for label in known},
    )
    groups = frame["group_id"].to_numpy()
    for label in known:
        interval = cluster_bootstrap(_f1, truth[label], flagged[label], groups=groups)
        figures[label]["f1_interval"] = [interval.low, interval.high]
    neutral = is_neutral(frame)
    anything = np.logical_or.reduce(list(flagged.values()))
    figures["neutral_flagged"] = _rate(anything[neutral])
    return figures


def _f1(truth: FloatArray, flagged: BoolArray) -> float:
    return detection(truth, flagged).f1


def _calibration(frame: pd.DataFrame, scores: FloatArray) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for j, label in enumerate(LABELS):
        truth = frame[label].to_numpy(dtype=float)
        if (truth == 1).any():
            found[label] = {
                "expected_calibration_error": calibration.expected_calibration_error(
                    scores[:, j], truth
                ),
                "brier": calibration.brier(scores[:, j], truth),
            }
    return found
