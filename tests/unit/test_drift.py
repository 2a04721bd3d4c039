"""Statistics of drift: known values, and what they say about samples that moved or did not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, ks_2samp

from netralitas_nlp.drift import (
    BIN_LEVELS,
    Cdf,
    index_by_chance,
    mix_change,
    share_change,
    shift,
    stability_index,
)


def counted(values: np.ndarray) -> Cdf:
    points, counts = np.unique(values, return_counts=True)
    return Cdf.of_counts(points, counts)


def test_the_index_is_the_symmetric_divergence_of_the_shares() -> None:
    p, q = np.array([0.2, 0.3, 0.5]), np.array([0.3, 0.3, 0.4])
    by_hand = float(np.sum((p - q) * np.log(p / q)))
    assert stability_index(p * 1e7, q * 1e7) == pytest.approx(by_hand, rel=1e-5)
    assert stability_index([10, 20], [10, 20]) == 0


def test_an_empty_bin_does_not_make_the_index_infinite() -> None:
    assert np.isfinite(stability_index([100, 0], [0, 100]))


def test_the_index_of_equal_sources_stays_below_its_chance_limit_as_often_as_promised() -> None:
    chance = np.random.default_rng(1)
    limit = index_by_chance(10, 400, 600)
    assert limit == pytest.approx(chi2.ppf(0.95, 9) * (1 / 400 + 1 / 600), rel=0.01)
    shares = np.full(10, 0.1)
    found = [
        stability_index(chance.multinomial(400, shares), chance.multinomial(600, shares))
        for _ in range(1000)
    ]
    assert 0.92 < np.mean(np.array(found) < limit) < 0.98


def test_the_distance_is_that_of_kolmogorov_and_smirnov() -> None:
    chance = np.random.default_rng(2)
    left, right = chance.beta(1, 9, 500).round(3), chance.beta(1, 6, 300).round(3)
    both = shift(counted(left), counted(right))
    # The largest gap lies at a point of either sample; ours looks at those of the reference.
    assert both.ks <= ks_2samp(left, right).statistic + 1e-12
    assert both.ks == pytest.approx(ks_2samp(left, right).statistic, abs=0.01)


def test_a_table_of_quantiles_gives_nearly_what_the_whole_sample_gives() -> None:
    chance = np.random.default_rng(3)
    reference, run = chance.beta(1, 9, 5000), chance.beta(2, 9, 800)
    table = {q: float(np.quantile(reference, q)) for q in (0, *BIN_LEVELS, 1)}
    whole, told = (
        shift(counted(reference), counted(run)),
        shift(Cdf.of_quantiles(table, 5000), counted(run)),
    )
    assert told.psi == pytest.approx(whole.psi, abs=0.02)
    assert told.ks <= whole.ks + 0.01
    assert whole.level == told.level == "large"


def test_two_samples_of_one_source_are_alike_and_the_same_sample_has_not_moved() -> None:
    chance = np.random.default_rng(4)
    reference = counted(chance.beta(1, 9, 5000))
    assert shift(reference, counted(chance.beta(1, 9, 500))).level == "none"
    assert shift(reference, reference).psi == pytest.approx(0)


def test_a_small_run_is_not_called_different_for_what_chance_gives() -> None:
    chance = np.random.default_rng(5)
    reference = counted(chance.beta(1, 9, 5000))
    levels = [shift(reference, counted(chance.beta(1, 9, 60))).level for _ in range(200)]
    assert levels.count("none") > 180


def test_shares_differ_only_where_their_intervals_lie_apart() -> None:
    assert not share_change(3, 100, expected=0.02, n_expected=7000).differs
    assert share_change(30, 100, expected=0.02, n_expected=7000).differs
    assert share_change(0, 5000, expected=0.02, n_expected=7000).differs


def test_rare_kinds_count_as_one_and_the_largest_change_comes_first() -> None:
    mix = mix_change({"own": 900, "reply": 100, "a": 1, "b": 1}, {"own": 500, "reply": 500, "c": 2})
    assert set(mix.shares) == {"own", "reply", "…"}
    assert next(iter(mix.shares)) in {"own", "reply"}
    assert mix.level == "large"


def test_an_empty_sample_is_refused() -> None:
    full, empty = Cdf.of_counts([0.1], [4]), Cdf.of_counts([0.1], [0])
    with pytest.raises(ValueError, match="empty"):
        shift(full, empty)
    with pytest.raises(ValueError, match="empty"):
        mix_change({}, {"own": 1})


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), st.lists(st.floats(0, 1), min_size=1))
def test_whatever_the_samples_the_figures_lie_in_their_ranges(
    left: list[float], right: list[float]
) -> None:
    found = shift(counted(np.array(left)), counted(np.array(right)))
    assert found.psi >= 0
    assert 0 <= found.ks <= 1
