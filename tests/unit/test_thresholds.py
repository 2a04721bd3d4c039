"""Decisions follow the thresholds, and the operating points keep what they promise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from netralitas_nlp.binomial import lower_bound, lower_tail, upper_bound
from netralitas_nlp.labels import LABELS
from netralitas_nlp.thresholds import (
    NEVER,
    PREVALENCES,
    Targets,
    decide,
    fit_points,
    precision_at,
    review_threshold,
    uncalibrated,
)

POINT = {label: {"flag": 0.8, "review": 0.4} for label in LABELS}


def posts(
    n: int = 4000, *, signal: float = 3.0, share: float = 0.1, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    truth = (draw.random((n, 3)) < share).astype(float)
    logits = draw.normal(-4, 1.2, (n, 3)) + signal * 2 * truth
    return 1 / (1 + np.exp(-logits)), truth


@pytest.mark.parametrize(
    ("scores", "decision", "labels"),
    [
        ((0.8, 0.0, 0.0), "flag", ("candidate_support",)),
        ((0.9, 0.1, 0.95), "flag", ("candidate_support", "hoax")),
        ((0.79, 0.4, 0.0), "review", ()),
        ((0.0, 0.4, 0.0), "review", ()),
        ((0.39, 0.39, 0.39), "clear", ()),
    ],
)
def test_a_score_at_its_threshold_counts(
    scores: tuple[float, ...], decision: str, labels: tuple[str, ...]
) -> None:
    assert decide(dict(zip(LABELS, scores, strict=True)), POINT) == (decision, labels)


def test_labels_are_named_in_their_fixed_order_whatever_order_the_scores_have() -> None:
    scores = dict.fromkeys(reversed(LABELS), 0.9)
    assert decide(scores, POINT)[1] == LABELS


def test_without_measured_thresholds_half_is_the_mark_and_there_is_no_band() -> None:
    point = uncalibrated(LABELS)
    assert decide(dict.fromkeys(LABELS, 0.49), point)[0] == "clear"
    assert decide(dict.fromkeys(LABELS, 0.5), point)[0] == "flag"


def test_balanced_flags_at_most_one_in_a_hundred_neutral_posts_by_all_labels_together() -> None:
    scores, truth = posts(signal=0.8)
    fitted = fit_points(scores, truth)
    flags = [fitted["operating_points"]["balanced"][label]["flag"] for label in LABELS]
    neutral = scores[truth.sum(1) == 0]
    assert (neutral >= flags).any(axis=1).mean() <= 0.01
    assert fitted["figures"]["balanced"]["neutral_flagged"]["rate"] <= 0.01
    assert fitted["figures"]["balanced"]["neutral_flagged"]["rate_upper"] > 0.005


def test_balanced_is_the_largest_f1_where_the_promise_does_not_bind() -> None:
    scores, truth = posts(signal=3.0)
    flag = fit_points(scores, truth)["operating_points"]["balanced"]["hoax"]["flag"]
    y = truth[:, 2] == 1

    def f1(threshold: float) -> float:
        flagged = scores[:, 2] >= threshold
        return 2 * (flagged & y).sum() / (flagged.sum() + y.sum())

    assert f1(flag) == pytest.approx(max(f1(t) for t in np.unique(scores[:, 2])), abs=1e-3)


def test_precision_keeps_its_promise_at_the_stated_prevalence() -> None:
    scores, truth = posts(20_000)
    fitted = fit_points(scores, truth)
    for j, label in enumerate(LABELS):
        figures = fitted["figures"]["precision"][label]
        flagged = scores[:, j] >= fitted["operating_points"]["precision"][label]["flag"]
        recall = flagged[truth[:, j] == 1].mean()
        fpr = flagged[truth[:, j] == 0].mean()
        assert recall * 0.02 / (recall * 0.02 + fpr * 0.98) >= 0.90
        assert figures["reached"]
        assert figures["fpr"] <= figures["fpr_upper"]
        assert set(figures["precision_at"]) == {"0.002", "0.01", "0.02", "0.03", "0.1"}


def test_a_label_that_cannot_be_precise_says_so_and_flags_nothing() -> None:
    scores, truth = posts(6000)
    scores[:, 1] = np.random.default_rng(1).random(6000)
    scores[np.argmax(scores[:, 1]), 1] = 0.5
    truth[np.argmax(scores[:, 1]), 1] = 0
    order = np.argsort(-scores[:, 1])[:200]
    truth[order, 1] = np.tile([0, 1], 100)
    fitted = fit_points(scores, truth)
    figures = fitted["figures"]["precision"]["hate_speech"]
    assert not figures["reached"]
    assert figures["threshold"] == NEVER
    assert figures["precision"] is None
    assert fitted["figures"]["precision"]["hoax"]["reached"]


def test_real_negatives_raise_the_threshold_they_disprove() -> None:
    scores, truth = posts()
    alone = fit_points(scores, truth)["operating_points"]["precision"]["hoax"]["flag"]
    loud = np.full((5000, 3), 0.01)
    loud[:100, 2] = min(0.999, alone + 1e-3)
    with_them = fit_points(scores, truth, negatives=loud)
    assert with_them["operating_points"]["precision"]["hoax"]["flag"] > alone
    assert with_them["figures"]["precision"]["hoax"]["negatives"] == 5000 + int(
        (truth[:, 2] == 0).sum()
    )


def test_recall_flags_nearly_all_posts_with_the_label() -> None:
    scores, truth = posts(signal=1.0)
    point = fit_points(scores, truth)["operating_points"]["recall"]
    for j, label in enumerate(LABELS):
        own = scores[truth[:, j] == 1, j]
        assert (own >= point[label]["flag"]).mean() >= 0.95
        assert (own >= point[label]["flag"] + 0.02).mean() < 0.97


def test_posts_whose_label_is_unknown_count_neither_way() -> None:
    scores, truth = posts()
    more_scores = np.vstack((scores, np.full((500, 3), 0.99)))
    unknown = np.vstack((truth, np.full((500, 3), np.nan)))
    assert fit_points(more_scores, unknown) == fit_points(scores, truth)


def test_no_review_threshold_lies_above_its_flag_threshold() -> None:
    for signal in (0.2, 1.0, 3.0):
        fitted = fit_points(*posts(signal=signal))
        for point in fitted["operating_points"].values():
            assert all(0 <= t["review"] <= t["flag"] <= 1 for t in point.values())


def test_the_review_band_misses_at_most_a_tenth_of_new_posts_on_average() -> None:
    draw = np.random.default_rng(8)
    missed = []
    for _ in range(400):
        known, new = draw.beta(2, 2, 60), draw.beta(2, 2, 500)
        missed.append((new < review_threshold(known, miss_rate=0.10)).mean())
    assert np.mean(missed) <= 0.105
    assert np.mean(missed) >= 0.06


@given(st.lists(st.floats(0, 1), min_size=1, max_size=300), st.sampled_from([0.05, 0.1, 0.2]))
def test_the_bound_of_conformal_risk_control_holds_on_any_scores(
    scores: list[float], miss_rate: float
) -> None:
    threshold = review_threshold(scores, miss_rate=miss_rate)
    misses = sum(score < threshold for score in scores)
    assert threshold == 0 or (misses + 1) / (len(scores) + 1) <= miss_rate + 1e-9


def test_too_few_posts_send_everything_to_review() -> None:
    assert review_threshold([0.9] * 8, miss_rate=0.10) == 0.0


def test_a_label_without_posts_cannot_be_fitted() -> None:
    scores, truth = posts()
    truth[:, 1] = 0
    with pytest.raises(ValueError, match="hate_speech"):
        fit_points(scores, truth)


def test_the_promises_can_be_changed() -> None:
    scores, truth = posts(signal=1.0)
    strict = fit_points(scores, truth, targets=Targets(max_neutral_flagged=0.001))
    loose = fit_points(scores, truth, targets=Targets(max_neutral_flagged=0.05))
    rate = [x["figures"]["balanced"]["neutral_flagged"]["rate"] for x in (strict, loose)]
    assert rate[0] <= 0.001 < rate[1] <= 0.05


def test_precision_at_a_prevalence_is_bayes_rule() -> None:
    # The example of the project's own figures: recall .5 and 1.4 % false positives.
    found = [precision_at(0.5, 0.014, share) for share in (0.01, 0.02, 0.03)]
    assert found == pytest.approx([0.265, 0.422, 0.525], abs=0.002)
    assert len(PREVALENCES) == 5


@given(st.integers(1, 20_000), st.data())
@settings(deadline=None)
def test_exact_bounds_agree_with_the_beta_distribution(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, min(n, 500)))
    wanted = 1.0 if k == n else stats.beta.ppf(0.95, k + 1, n - k)
    assert upper_bound(k, n) == pytest.approx(wanted, rel=1e-7)
    below = 0.0 if k == 0 else stats.beta.ppf(0.05, k, n - k + 1)
    assert lower_bound(k, n) == pytest.approx(below, rel=1e-5, abs=1e-9)


@given(st.integers(1, 3000), st.floats(0, 1), st.data())
def test_the_lower_tail_is_that_of_the_binomial(n: int, p: float, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    assert lower_tail(k, n, p) == pytest.approx(stats.binom.cdf(k, n, p), abs=1e-9)


def test_nothing_seen_in_five_thousand_bounds_the_rate_by_the_rule_of_three() -> None:
    assert upper_bound(0, 5000) == pytest.approx(3 / 5000, rel=0.01)
    with pytest.raises(ValueError, match="of"):
        upper_bound(6, 5)
