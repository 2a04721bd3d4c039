"""What a score means beside its thresholds: flagged, near, clear, and how urgent."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from netralitas_nlp.labels import LABELS, Decision, Label

Thresholds = Mapping[Label, Mapping[str, float | None]]
"""``flag`` and ``review`` per label; ``None`` where a label cannot reach its goal."""


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
