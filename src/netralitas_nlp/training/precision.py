"""Whether the int8 form of a model may stand for the model: what it loses, counted on posts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from netralitas_nlp.evaluation.metrics import average_precision, detection, macro
from netralitas_nlp.labels import LABELS

FloatArray = npt.NDArray[np.float64]
Precision = Literal["int8", "fp32"]

MOST_LOST: Final = 0.003
"""Macro-F1 and mean average precision that rounding may cost: 0.3 points of a hundred."""


class PrecisionError(ValueError):
    """The int8 form loses more than ``MOST_LOST``."""


@dataclass(frozen=True, slots=True)
class Rounding:
    """What int8 changes against fp32, calibration and thresholds being the same.

    Attributes:
        posts: On which it was counted.
        f1_lost: Macro-F1 of fp32 less that of int8; negative where int8 happens to be better.
        average_precision_lost: The same of the mean average precision.
        decisions: Posts that are flagged, reviewed or passed over otherwise than in fp32.
        largest_shift: Of a calibrated score, in [0, 1].
    """

    posts: int
    f1_lost: float
    average_precision_lost: float
    decisions: int
    largest_shift: float

    @property
    def acceptable(self) -> bool:
        """Whether neither loss exceeds ``MOST_LOST``."""
        return max(self.f1_lost, self.average_precision_lost) <= MOST_LOST

    def require(self) -> None:
        """Raise ``PrecisionError`` unless acceptable; the message tells the losses."""
        if not self.acceptable:
            raise PrecisionError(
                f"int8 loses {100 * self.f1_lost:.2f} points of macro-F1 and "
                f"{100 * self.average_precision_lost:.2f} of average precision on {self.posts} "
                f"posts ({self.decisions} decisions differ); {100 * MOST_LOST:.1f} are allowed. "
                "Release it in fp32 instead."
            )

    def as_json(self) -> dict[str, Any]:
        """Return the figures for ``evaluation.json``."""
        return asdict(self)


def rounding(
    whole: FloatArray,
    rounded: FloatArray,
    truth: FloatArray,
    point: Mapping[str, Mapping[str, Any]],
) -> Rounding:
    """Return what rounding changes.

    Both forms are judged with the same calibration and thresholds: thresholds fitted anew would
    add their own chance to the difference, which is larger than it.

    Args:
        whole: Scores in fp32, shape (posts, labels), labels in the order of ``LABELS``.
        rounded: Scores in int8, the same shape.
        truth: Shape (posts, labels), 1, 0 or NaN.
        point: ``{label: {"flag", "review"}}``.
    """
    known = [j for j in range(len(LABELS)) if (truth[:, j] == 1).any()]

    def figures(scores: FloatArray) -> tuple[float, float]:
        flags = [point[label]["flag"] for label in LABELS]
        return (
            macro([detection(truth[:, j], scores[:, j] >= flags[j]).f1 for j in known]),
            macro([average_precision(truth[:, j], scores[:, j]) for j in known]),
        )

    (f1, ranking), (f1_rounded, ranking_rounded) = figures(whole), figures(rounded)
    moved = _decisions(whole, point) != _decisions(rounded, point)
    return Rounding(
        posts=len(truth),
        f1_lost=f1 - f1_rounded if known else 0.0,
        average_precision_lost=ranking - ranking_rounded if known else 0.0,
        decisions=int(moved.sum()),
        largest_shift=float(np.abs(whole - rounded).max()) if len(truth) else 0.0,
    )


def _decisions(scores: FloatArray, point: Mapping[str, Mapping[str, Any]]) -> npt.NDArray[np.int_]:
    """Return 2 where a post is flagged, 1 where it is reviewed, else 0, shape (posts,)."""
    reached = [
        (scores >= [point[label][band] for label in LABELS]).any(axis=1)
        for band in ("flag", "review")
    ]
    flagged, reviewed = reached
    return np.where(flagged, 2, np.where(reviewed, 1, 0))
