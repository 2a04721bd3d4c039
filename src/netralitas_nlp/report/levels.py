"""What a score means beside its thresholds: flagged, near, clear, how urgent, and in words."""

import math
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from netralitas_nlp.labels import LABELS, Decision, Label
from netralitas_nlp.report.words import Words

Thresholds = Mapping[Label, Mapping[str, float | None]]
"""``flag`` and ``review`` per label; ``None`` where a label cannot reach its goal."""

MOST_PLACES: Final = 5
"""Decimals at which a threshold is told from any score worth telling it from."""


def urgency(
    scores: Mapping[Label, NDArray[np.float64]], thresholds: Thresholds
) -> NDArray[np.float64]:
    """Return how far each row stands above its thresholds, the largest label counting.

    1 to 2 between the flag threshold and certainty, 0 to 1 inside the review band, below 0
    under it, so that labels with different thresholds share one order.
    """
    highest = np.full(len(scores[LABELS[0]]), -np.inf)
    for label in LABELS:
        flag, review = limits(thresholds, label)
        score = np.nan_to_num(scores[label], nan=-1.0)
        band = (score - review) / max(flag - review, 1e-9)
        above = 1 + (score - flag) / max(1 - flag, 1e-9)
        highest = np.maximum(highest, np.where(score >= flag, above, np.minimum(band, 1)))
    return highest


def limits(thresholds: Thresholds, label: Label) -> tuple[float, float]:
    """Return the flag and review threshold of a label; above 1 means "never reached"."""
    pair = thresholds.get(label, {})
    flag = pair.get("flag")
    flag = 1.01 if flag is None else float(flag)
    review = pair.get("review")
    return flag, flag if review is None else min(float(review), flag)


def level(score: float, thresholds: Thresholds, label: Label) -> Decision:
    """Return what one label's score would mean alone."""
    flag, review = limits(thresholds, label)
    if score >= flag:
        return "flag"
    return "review" if score >= review else "clear"


def score_words(score: float, thresholds: Thresholds, label: Label, w: Words) -> str:
    """Return a score with two decimals, or three where rounding would lift it over a threshold."""
    value, places = _rounded(score, thresholds, label)
    return w.score(score) if places == 2 else w.decimal(value, places)


def level_words(score: float, thresholds: Thresholds, label: Label, w: Words) -> str:
    """Return where a score stands, with the threshold that says so: reached, or not reached.

    Nothing where the thresholds are not known.
    """
    if label not in thresholds:
        return ""
    flag, review = limits(thresholds, label)
    found = level(score, thresholds, label)
    at = flag if found == "flag" else review
    if at > 1:
        return w.plain("level_none")
    shown = _rounded(score, thresholds, label)[0] if found == "clear" else 0.0
    # Beside a score that does not reach it, a threshold is not rounded down to that score.
    places = next((n for n in range(2, MOST_PLACES) if round(at, n) > shown), MOST_PLACES)
    return w.plain(f"level_{found}", at=w.decimal(at, places))


def _rounded(score: float, thresholds: Thresholds, label: Label) -> tuple[float, int]:
    value = round(score, 2)
    if level(value, thresholds, label) == level(score, thresholds, label):
        return value, 2
    return math.floor(score * 1000) / 1000, 3
