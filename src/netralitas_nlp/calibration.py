"""Calibrated probabilities: a straight line through the logit of each label, and how well it fits.

Platt (1999), "Probabilistic outputs for support vector machines"; the targets are smoothed as he
proposes, and the Newton steps follow Lin, Lin and Weng (2007).
"""

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

MAX_LOGIT: Final = 36.0
"""Beyond it a double can no longer tell the probability from 0 or 1."""

_MAX_STEPS: Final = 100
_RIDGE: Final = 1e-10


def probability(logit: float, a: float, b: float) -> float:
    """Return sigmoid(a · logit + b), strictly between 0 and 1.

    One value at a time, by the scalar ``exp``: the result cannot depend on what stands beside it.
    """
    z = min(MAX_LOGIT, max(-MAX_LOGIT, a * logit + b))
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    return math.exp(z) / (1 + math.exp(z))


def apply(logits: ArrayLike, a: float, b: float) -> FloatArray:
    """Return the probabilities of many logits, of the same shape, exactly as ``probability``."""
    values = np.asarray(logits, dtype=np.float64)
    flat = [probability(value, a, b) for value in values.ravel().tolist()]
    return np.array(flat, dtype=np.float64).reshape(values.shape)


def fit(
    logits: ArrayLike, truth: ArrayLike, *, weights: ArrayLike | None = None
) -> tuple[float, float]:
    """Return ``a`` and ``b`` of one label by maximum likelihood.

    Args:
        logits: Shape (posts,), of posts that chose neither weights nor stopping time of the model.
        truth: Shape (posts,), 0 or 1; NaN where unknown, such posts are left out.
        weights: Shape (posts,), each ≥ 0; all 1 if left out.

    Returns:
        ``a`` is above 0 if the model ranks at all well. A value of 0 or below means that its
        logits carry no signal for this label, and must not be released.

    Raises:
        ValueError: Shapes differ, or one of the two classes is absent.
    """
    x, y, w = _known(logits, truth, weights)
    positive, negative = float(w[y == 1].sum()), float(w[y == 0].sum())
    if positive == 0 or negative == 0:
        raise ValueError("calibration needs posts with and without the label")
    target = np.where(y == 1, (positive + 1) / (positive + 2), 1 / (negative + 2))
    # Newton on standardised logits: the scale of the model does not matter.
    centre, scale = float(np.average(x, weights=w)), float(x.std()) or 1.0
    z = (x - centre) / scale
    design = np.column_stack((z, np.ones_like(z)))
    theta = np.array([0.0, math.log(positive / negative)])
    loss = _loss(theta, design, target, w)
    for _ in range(_MAX_STEPS):
        p = _sigmoid(design @ theta)
        gradient = design.T @ (w * (p - target))
        curvature = (design * (w * p * (1 - p))[:, None]).T @ design + _RIDGE * np.eye(2)
        step: FloatArray = np.linalg.solve(curvature, gradient).astype(np.float64)
        theta, loss, moved = _descend(theta, step, loss, design, target, w)
        if not moved or np.abs(step).max() < 1e-10:
            break
    a = float(theta[0]) / scale
    return a, float(theta[1]) - a * centre


def brier(scores: ArrayLike, truth: ArrayLike, *, weights: ArrayLike | None = None) -> float:
    """Return the mean squared distance of scores from the truth, in [0, 1]; 0 is perfect.

    Brier (1950). Unknown truth (NaN) is left out.
    """
    p, y, w = _known(scores, truth, weights)
    return float(np.average((p - y) ** 2, weights=w))


def expected_calibration_error(scores: ArrayLike, truth: ArrayLike, *, bins: int = 15) -> float:
    """Return the mean distance of score and observed frequency, in [0, 1]; 0 is perfect.

    Bins hold equally many posts, as Nixon et al. (2019) advise for skewed scores. With few posts
    the value is biased upwards. Unknown truth (NaN) is left out.
    """
    table = reliability(scores, truth, bins=bins)
    share = table[:, 2] / table[:, 2].sum()
    return float((share * np.abs(table[:, 0] - table[:, 1])).sum())


def reliability(scores: ArrayLike, truth: ArrayLike, *, bins: int = 15) -> FloatArray:
    """Return mean score, observed frequency and number of posts per bin of equal mass.

    Args:
        scores: Shape (posts,).
        truth: Shape (posts,), 0, 1 or NaN.
        bins: At most this many; fewer where there are fewer posts.

    Returns:
        Shape (bins, 3), lowest scores first.
    """
    p, y, _ = _known(scores, truth, None)
    order = np.argsort(p, kind="stable")
    parts = np.array_split(order, min(bins, len(order)))
    return np.array([(p[part].mean(), y[part].mean(), len(part)) for part in parts])


def _known(
    values: ArrayLike, truth: ArrayLike, weights: ArrayLike | None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    x, y = np.asarray(values, dtype=np.float64), np.asarray(truth, dtype=np.float64)
    w = np.ones_like(x) if weights is None else np.asarray(weights, dtype=np.float64)
    if x.ndim != 1 or x.shape != y.shape or x.shape != w.shape:
        raise ValueError(f"shapes differ: {x.shape}, {y.shape}, {w.shape}")
    known = ~np.isnan(y)
    if not known.any():
        raise ValueError("no post has a known label")
    return x[known], y[known], w[known]


def _sigmoid(z: FloatArray) -> FloatArray:
    result: FloatArray = 0.5 * (1 + np.tanh(0.5 * z))
    return result


def _loss(theta: FloatArray, design: FloatArray, target: FloatArray, w: FloatArray) -> float:
    z = design @ theta
    return float((w * (np.logaddexp(0, z) - target * z)).sum())


def _descend(
    theta: FloatArray,
    step: FloatArray,
    loss: float,
    design: FloatArray,
    target: FloatArray,
    w: FloatArray,
) -> tuple[FloatArray, float, bool]:
    """Return the point after the longest of the halved steps that does not raise the loss."""
    for halvings in range(30):
        candidate = theta - step * 0.5**halvings
        value = _loss(candidate, design, target, w)
        if value <= loss:
            return candidate, value, True
    return theta, loss, False
