"""Paired statistics: what they show, and what they refuse to show."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netralitas_nlp.evaluation.compare import (
    Difference,
    f1,
    holm,
    mcnemar,
    one_of_each,
    paired_bootstrap,
    precision_area,
    share,
    verdict,
)


def difference(value: float, p: float) -> Difference:
    return Difference(0.5, 0.5 + value, value, value - 0.1, value + 0.1, p)


def test_equal_models_show_no_difference() -> None:
    draw = np.random.default_rng(1)
    truth = (draw.random(200) < 0.3).astype(float)
    flagged = draw.random(200) < 0.4
    found = paired_bootstrap(f1, truth, flagged, flagged, groups=np.arange(200), repeats=200)
    assert (found.value, found.low, found.high, found.p) == (0.0, 0.0, 0.0, 1.0)


def test_a_model_that_is_right_far_more_often_is_shown_to_be_better() -> None:
    draw = np.random.default_rng(2)
    truth = (draw.random(400) < 0.5).astype(float)
    poor = draw.random(400) < 0.5
    good = truth == 1
    found = paired_bootstrap(f1, truth, poor, good, groups=np.arange(400), repeats=400)
    assert found.second == 1.0
    assert found.low > 0.3
    assert found.p == pytest.approx(1 / 401)


def test_noise_is_called_a_difference_about_as_rarely_as_promised() -> None:
    draw = np.random.default_rng(3)
    small = 0
    for seed in range(60):
        truth = (draw.random(150) < 0.5).astype(float)
        first, second = (np.where(draw.random(150) < 0.3, 1 - truth, truth) == 1 for _ in "ab")
        found = paired_bootstrap(
            f1, truth, first, second, groups=np.arange(150), repeats=150, seed=seed
        )
        small += found.p < 0.05
    # At most one in twenty is expected; more than nine of sixty would come once in a thousand.
    assert small <= 9


def test_copies_of_one_post_do_not_make_a_difference_surer() -> None:
    truth = np.array([1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0])
    first = np.array([1, 0, 1, 0, 1, 0, 0, 0], dtype=bool)
    second = truth == 1
    rows = np.repeat(np.arange(8), 50)
    grouped = paired_bootstrap(f1, truth[rows], first[rows], second[rows], groups=rows, repeats=300)
    loose = paired_bootstrap(
        f1, truth[rows], first[rows], second[rows], groups=np.arange(400), repeats=300
    )
    assert grouped.low == 0.0 < loose.low
    assert grouped.p > 0.05 > loose.p


def test_a_label_without_positives_has_no_difference_and_no_p_value() -> None:
    truth, flags = np.zeros(10), np.ones(10, dtype=bool)
    found = paired_bootstrap(f1, truth, flags, ~flags, groups=np.arange(10), repeats=20)
    assert math.isnan(found.value)
    assert math.isnan(found.p)
    assert math.isnan(precision_area(truth, np.linspace(0, 1, 10)))


def test_share_counts_neutral_rows_alone() -> None:
    assert share(np.array([1, 1, 0, 0]), np.array([True, False, True, True])) == 0.5
    assert math.isnan(share(np.zeros(3), np.ones(3, dtype=bool)))


def test_mcnemar_is_the_exact_binomial_test() -> None:
    first = np.array([True] * 9 + [False] * 1 + [True] * 20)
    second = np.array([False] * 9 + [True] * 1 + [True] * 20)
    found = mcnemar(first, second)
    assert (found.only_first, found.only_second) == (9, 1)
    # 2 · P(X ≤ 1), X ~ B(10, ½) = 2 · 11 / 1024
    assert found.p == pytest.approx(22 / 1024)
    assert mcnemar(first, first).p == 1.0


def test_mcnemar_stays_exact_for_thousands_of_rows() -> None:
    first = np.array([True] * 5000 + [False] * 5000)
    assert mcnemar(first, ~first).p == pytest.approx(1.0)
    assert mcnemar(np.ones(3000, dtype=bool), np.zeros(3000, dtype=bool)).p == 0.0


def test_holm_multiplies_the_smallest_by_their_number_and_keeps_the_order() -> None:
    found = holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": math.nan})
    assert found["a"] == pytest.approx(0.03)
    assert found["c"] == pytest.approx(0.06)
    assert found["b"] == pytest.approx(0.06)
    assert math.isnan(found["d"])


@given(st.dictionaries(st.text(max_size=4), st.floats(0, 1), max_size=8))
def test_adjusted_values_never_fall_below_the_raw_ones(p_values: dict[str, float]) -> None:
    found = holm(p_values)
    assert all(p <= found[name] <= 1 for name, p in p_values.items())


def test_the_verdict_names_what_is_shown_and_says_so_when_nothing_is() -> None:
    nothing = {"f1:hoax": difference(0.2, 0.3), "ap:hoax": difference(0.1, 0.04)}
    assert verdict(nothing) == ("no_difference", (), ())
    gain = {"f1:hoax": difference(0.2, 0.001), "ap:hoax": difference(0.1, 0.4)}
    assert verdict(gain) == ("better", ("f1:hoax",), ())
    both = gain | {"neutral_flagged": difference(0.2, 0.001)}
    assert verdict(both, lower_is_better=["neutral_flagged"]) == (
        "mixed", ("f1:hoax",), ("neutral_flagged",),
    )  # fmt: skip
    fewer = {"neutral_flagged": difference(-0.2, 0.001)}
    assert verdict(fewer, lower_is_better=["neutral_flagged"])[0] == "better"


def test_one_row_of_each_group_is_the_first() -> None:
    assert one_of_each(np.array(["b", "a", "b", "c", "a"])).tolist() == [0, 1, 3]
