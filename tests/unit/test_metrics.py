"""The figures agree with scikit-learn and with counts made by hand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import (
    average_precision_score,
    precision_recall_fscore_support,
    roc_auc_score,
)

from netralitas_nlp.evaluation import metrics


def drawn(seed: int, rows: int = 500) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    truth = (draw.random(rows) < 0.2).astype(float)
    scores = np.round(np.clip(truth * 0.3 + draw.random(rows) * 0.7, 0, 1), 2)  # many ties
    return truth, scores


@pytest.mark.parametrize("seed", range(5))
def test_figures_agree_with_scikit_learn_ties_included(seed: int) -> None:
    truth, scores = drawn(seed)
    found = metrics.detection(truth, scores >= 0.5)
    precision, recall, f1, _ = precision_recall_fscore_support(
        truth, scores >= 0.5, average="binary"
    )
    assert (found.precision, found.recall, found.f1) == pytest.approx((precision, recall, f1))
    assert metrics.average_precision(truth, scores) == pytest.approx(
        average_precision_score(truth, scores)
    )
    assert metrics.auc(truth, scores) == pytest.approx(roc_auc_score(truth, scores))


def test_rows_of_unknown_label_change_no_figure() -> None:
    truth, scores = drawn(1)
    masked = np.concatenate([truth, np.full(100, np.nan)])
    more = np.concatenate([scores, np.linspace(0, 1, 100)])
    assert metrics.detection(masked, more >= 0.5) == metrics.detection(truth, scores >= 0.5)
    assert metrics.average_precision(masked, more) == metrics.average_precision(truth, scores)
    assert metrics.auc(masked, more) == metrics.auc(truth, scores)
    assert metrics.best_f1_threshold(masked, more) == metrics.best_f1_threshold(truth, scores)


def test_a_label_without_positives_has_no_ranking_figures_and_flags_nothing() -> None:
    truth, scores = np.zeros(4), np.array([0.1, 0.2, 0.3, 0.4])
    assert math.isnan(metrics.average_precision(truth, scores))
    assert math.isnan(metrics.auc(truth, scores))
    assert metrics.best_f1_threshold(truth, scores) == math.inf
    assert metrics.detection(truth, scores >= 1) == metrics.Detection(0, 0, 0, 0, 0, 4)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9)), min_size=1, max_size=40))
def test_no_other_threshold_has_a_larger_f1(rows: list[tuple[bool, int]]) -> None:
    truth = np.array([float(positive) for positive, _ in rows])
    scores = np.array([score / 10 for _, score in rows])
    best = metrics.detection(truth, scores >= metrics.best_f1_threshold(truth, scores)).f1
    for threshold in np.arange(0, 1.05, 0.05):
        assert metrics.detection(truth, scores >= threshold).f1 <= best + 1e-12


def test_precision_falls_with_prevalence_as_bayes_says() -> None:
    found = metrics.precision_at_prevalence(0.5, 0.014)
    assert list(found) == [0.002, 0.01, 0.02, 0.03, 0.1]
    assert found[0.02] == pytest.approx(0.5 * 0.02 / (0.5 * 0.02 + 0.014 * 0.98))
    assert all(math.isnan(value) for value in metrics.precision_at_prevalence(0, 0).values())


def test_precision_at_the_prevalence_of_the_sample_is_its_precision() -> None:
    truth, scores = drawn(3)
    found = metrics.detection(truth, scores >= 0.5)
    share = float(truth.mean())
    at = metrics.precision_at_prevalence(found.recall, found.false_positive_rate, [share])
    assert at[share] == pytest.approx(found.precision)


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(0, 100, 0.0, 0.036217), (1, 100, 0.000253, 0.054459), (50, 100, 0.398321, 0.601679)],
)
def test_the_exact_interval_agrees_with_published_values(
    count: int, total: int, low: float, high: float
) -> None:
    assert metrics.clopper_pearson(count, total) == pytest.approx((low, high), abs=2e-6)


@pytest.mark.parametrize(("count", "total"), [(13, 5000), (7, 8), (300, 60_000), (8, 8)])
def test_the_exact_interval_agrees_with_the_beta_quantiles(count: int, total: int) -> None:
    beta = pytest.importorskip("scipy.stats").beta
    low, high = metrics.clopper_pearson(count, total)
    assert low == pytest.approx(beta.ppf(0.025, count, total - count + 1), rel=1e-6)
    expected = 1.0 if count == total else beta.ppf(0.975, count + 1, total - count)
    assert high == pytest.approx(expected, rel=1e-6)


def test_false_flags_are_counted_with_their_interval() -> None:
    rate = metrics.false_flag_rate(np.array([True] + [False] * 99))
    assert (rate.value, rate.count, rate.total) == (0.01, 1, 100)
    assert rate.low < 0.01 < rate.high
    nothing = metrics.false_flag_rate(np.array([], dtype=bool))
    assert math.isnan(nothing.value)
    assert (nothing.low, nothing.high) == (0.0, 1.0)


def test_an_impossible_count_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        metrics.clopper_pearson(5, 4)


def mean(values: np.ndarray) -> float:
    return float(values.mean())


def test_the_bootstrap_draws_whole_groups_and_is_repeatable() -> None:
    values = np.repeat(np.random.default_rng(5).normal(size=40), 25)
    groups = np.repeat(np.arange(40), 25)
    clustered = metrics.cluster_bootstrap(mean, values, groups=groups)
    naive = metrics.cluster_bootstrap(mean, values, groups=np.arange(1000))
    assert clustered == metrics.cluster_bootstrap(mean, values, groups=groups)
    assert clustered.low < clustered.value < clustered.high
    assert clustered.high - clustered.low > 3 * (naive.high - naive.low)
    spread = float(np.repeat(values, 1).std()) / math.sqrt(40)
    assert clustered.high - clustered.low == pytest.approx(2 * 1.96 * spread, rel=0.15)


def test_groups_may_come_in_any_order() -> None:
    values, groups = np.arange(6.0), np.array(["b", "a", "b", "c", "a", "c"])
    seen = set()

    def members(drawn_values: np.ndarray) -> float:
        seen.update(map(int, drawn_values))
        counted = np.bincount(drawn_values.astype(int), minlength=6)
        assert counted[0] == counted[2]
        assert counted[1] == counted[4]
        assert counted[3] == counted[5]
        return 0.0

    metrics.cluster_bootstrap(members, values, groups=groups, repeats=50)
    assert seen == {0, 1, 2, 3, 4, 5}


def test_figures_of_all_labels_come_with_their_macro_mean() -> None:
    truth, scores = drawn(2)
    nothing = np.full(len(truth), np.nan)
    found = metrics.label_figures(
        {"a": truth, "b": nothing},
        {"a": scores, "b": scores},
        {"a": scores > 0.5, "b": scores > 0.5},
    )
    assert found["b"]["known"] == 0
    assert found["macro"]["f1"] == found["a"]["f1"]
    assert set(found["a"]["precision_at_prevalence"]) == {"0.002", "0.01", "0.02", "0.03", "0.1"}
