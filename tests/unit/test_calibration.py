"""Calibration agrees with scikit-learn and keeps its promises on wild input."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss

from netralitas_nlp.calibration import (
    apply,
    brier,
    expected_calibration_error,
    fit,
    probability,
    reliability,
)


def sample(n: int, a: float, b: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    logits = draw.normal(-1, 3, n)
    truth = (draw.random(n) < 1 / (1 + np.exp(-(a * logits + b)))).astype(float)
    return logits, truth


@pytest.mark.parametrize(("a", "b"), [(1.0, 0.0), (0.4, -2.0), (2.5, 1.0)])
def test_the_line_behind_the_posts_is_found_again(a: float, b: float) -> None:
    logits, truth = sample(200_000, a, b, seed=1)
    found = fit(logits, truth)
    assert found == pytest.approx((a, b), rel=0.05, abs=0.05)


def test_the_line_is_that_of_logistic_regression_on_smoothed_targets() -> None:
    logits, truth = sample(3000, 0.8, -1.0, seed=2)
    n1, n0 = truth.sum(), (1 - truth).sum()
    target = np.where(truth == 1, (n1 + 1) / (n1 + 2), 1 / (n0 + 2))
    x = np.concatenate((logits, logits))[:, None]
    y = np.concatenate((np.ones_like(target), np.zeros_like(target)))
    w = np.concatenate((target, 1 - target))
    theirs = LogisticRegression(C=1e10, tol=1e-10, max_iter=1000).fit(x, y, sample_weight=w)
    a, b = fit(logits, truth)
    assert a == pytest.approx(theirs.coef_[0, 0], abs=1e-4)
    assert b == pytest.approx(theirs.intercept_[0], abs=1e-4)


def test_separable_posts_give_a_finite_line() -> None:
    a, b = fit([-3.0, -2.0, -1.0, 1.0, 2.0, 3.0], [0, 0, 0, 1, 1, 1])
    assert math.isfinite(a) and math.isfinite(b)
    assert a > 0


def test_a_ranking_turned_round_gives_no_positive_slope() -> None:
    logits, truth = sample(2000, 1.0, 0.0, seed=3)
    assert fit(-logits, truth)[0] < 0


def test_posts_of_unknown_label_and_of_weight_zero_do_not_count() -> None:
    logits, truth = sample(500, 1.0, -1.0, seed=4)
    alone = fit(logits, truth)
    more = np.concatenate((logits, [50.0, -50.0]))
    assert fit(more, np.concatenate((truth, [np.nan, np.nan]))) == pytest.approx(alone)
    weights = np.concatenate((np.ones(500), [0.0, 0.0]))
    weighted = fit(more, np.concatenate((truth, [0.0, 1.0])), weights=weights)
    assert weighted == pytest.approx(alone)


@pytest.mark.parametrize("truth", [[0, 0, 0], [1, 1, 1], [math.nan] * 3])
def test_one_class_alone_cannot_be_calibrated(truth: list[float]) -> None:
    with pytest.raises(ValueError, match="label"):
        fit([0.1, 0.2, 0.3], truth)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 100), st.floats(-100, 100))
def test_a_probability_lies_strictly_between_nothing_and_certainty(
    logit: float, a: float, b: float
) -> None:
    assert 0 < probability(logit, a, b) < 1


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=40), st.floats(0.1, 5), st.floats(-5, 5))
def test_many_logits_give_bit_for_bit_what_each_gives_alone(
    logits: list[float], a: float, b: float
) -> None:
    assert apply(logits, a, b).tolist() == [probability(value, a, b) for value in logits]


def test_brier_agrees_with_scikit_learn() -> None:
    draw = np.random.default_rng(5)
    p, y = draw.random(400), (draw.random(400) < 0.3).astype(float)
    assert brier(p, y) == pytest.approx(brier_score_loss(y, p))


def test_calibration_error_is_zero_where_scores_are_frequencies_and_grows_with_distance() -> None:
    scores = np.repeat([0.2, 0.6], 500)
    truth = np.concatenate((np.tile([1, 0, 0, 0, 0], 100), np.tile([1, 1, 1, 0, 0], 100)))
    assert expected_calibration_error(scores, truth, bins=2) == pytest.approx(0, abs=1e-12)
    assert expected_calibration_error(scores + 0.1, truth, bins=2) == pytest.approx(0.1)


def test_reliability_bins_hold_equally_many_posts() -> None:
    draw = np.random.default_rng(6)
    scores = draw.beta(0.3, 4, 1500)
    table = reliability(scores, (draw.random(1500) < scores).astype(float))
    assert table.shape == (15, 3)
    assert set(table[:, 2]) == {100}
    assert (np.diff(table[:, 0]) >= 0).all()


def test_shapes_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="shapes"):
        brier([0.1, 0.2], [1])
