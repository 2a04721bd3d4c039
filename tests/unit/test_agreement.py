"""Krippendorff's alpha, against the worked examples of its author and against chance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netralitas_nlp.evaluation.agreement import alpha_interval, krippendorff_alpha

NAN = float("nan")


def test_the_worked_example_of_two_annotators_and_binary_data() -> None:
    """Krippendorff 2011, section A: ten units, two observers, alpha = 0.095."""
    first = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    second = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    votes = np.array([first, second], dtype=float).T
    assert krippendorff_alpha(votes) == pytest.approx(0.095, abs=0.0005)


def test_the_worked_example_with_missing_votes_and_four_annotators() -> None:
    """Krippendorff 2011, section C: nominal data, four observers, alpha = 0.743."""
    rows = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
        [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    ]
    assert krippendorff_alpha(np.array(rows).T) == pytest.approx(0.743, abs=0.0005)


def test_equal_votes_are_perfect_and_opposite_votes_are_worse_than_chance() -> None:
    ones = np.array([[0, 0], [1, 1], [1, 1], [0, 0]], dtype=float)
    assert krippendorff_alpha(ones) == 1
    assert krippendorff_alpha(np.array([[0, 1], [1, 0], [0, 1], [1, 0]], dtype=float)) < 0


def test_votes_that_never_vary_leave_nothing_to_disagree_on() -> None:
    assert krippendorff_alpha(np.zeros((5, 2))) == 1
    assert np.isnan(krippendorff_alpha(np.array([[1.0, NAN], [NAN, 0.0]])))


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=2, max_size=60))
def test_alpha_does_not_depend_on_the_order_of_annotators_or_units(
    pairs: list[tuple[int, int]],
) -> None:
    votes = np.array(pairs, dtype=float)
    found = krippendorff_alpha(votes)
    assert found <= 1
    assert krippendorff_alpha(votes[:, ::-1]) == pytest.approx(found)
    assert krippendorff_alpha(votes[::-1]) == pytest.approx(found)


def test_the_interval_holds_the_value_and_is_wider_where_units_come_in_clusters() -> None:
    draw = np.random.default_rng(3)
    truth = draw.integers(0, 2, 60)
    other = np.where(draw.random(60) < 0.15, 1 - truth, truth)
    votes = np.repeat(np.stack([truth, other], axis=1).astype(float), 5, axis=0)
    alone = alpha_interval(votes, [str(i) for i in range(300)], repeats=300)
    clustered = alpha_interval(votes, [str(i // 5) for i in range(300)], repeats=300)
    assert alone.low < alone.value < alone.high
    assert clustered.high - clustered.low > 1.5 * (alone.high - alone.low)
    assert alpha_interval(votes, ["x"] * 300, repeats=3) == alpha_interval(
        votes, ["x"] * 300, repeats=3
    )
