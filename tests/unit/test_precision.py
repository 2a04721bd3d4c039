"""What int8 costs is counted with the same thresholds, and too much of it is refused."""

import numpy as np
import pytest

from netralitas_nlp.labels import LABELS
from netralitas_nlp.training.precision import MOST_LOST, PrecisionError, rounding

POINT = {label: {"flag": 0.5, "review": 0.2} for label in LABELS}
TRUTH = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0], [np.nan, 0, 0]] * 4, dtype=float)
WHOLE = np.where(np.nan_to_num(TRUTH) == 1, 0.9, 0.1)


def test_equal_scores_lose_nothing() -> None:
    found = rounding(WHOLE, WHOLE.copy(), TRUTH, POINT)
    assert found.acceptable
    assert (found.posts, found.f1_lost, found.average_precision_lost) == (20, 0, 0)
    assert (found.decisions, found.largest_shift) == (0, 0)
    found.require()


def test_a_flag_that_is_lost_is_counted_and_refused() -> None:
    rounded = WHOLE.copy()
    rounded[0, 0] = 0.4
    found = rounding(WHOLE, rounded, TRUTH, POINT)
    # One of four: recall 3/4, F1 6/7, a third of its loss in the mean of three labels.
    assert found.f1_lost == pytest.approx((1 - 6 / 7) / 3)
    assert found.decisions == 1
    assert found.largest_shift == pytest.approx(0.5)
    assert not found.acceptable
    with pytest.raises(PrecisionError, match=r"4\.76 points of macro-F1.*1 decisions"):
        found.require()


def test_a_worse_order_is_refused_even_where_no_decision_moves() -> None:
    rounded = WHOLE.copy()
    rounded[3, 0], rounded[0, 0] = 0.19, 0.9
    whole = WHOLE.copy()
    whole[0, 0] = rounded[0, 0] = 0.15
    found = rounding(whole, rounded, TRUTH, POINT)
    assert found.decisions == 0
    assert found.f1_lost == 0
    assert found.average_precision_lost > MOST_LOST
    assert not found.acceptable


def test_a_form_that_happens_to_be_better_is_accepted() -> None:
    whole = WHOLE.copy()
    whole[0, 0] = 0.3
    found = rounding(whole, WHOLE, TRUTH, POINT)
    assert found.f1_lost < 0
    assert found.acceptable


def test_a_label_nobody_knows_counts_for_nothing() -> None:
    truth = TRUTH.copy()
    truth[:, 2] = np.nan
    rounded = WHOLE.copy()
    rounded[:, 2] = 0.0
    found = rounding(WHOLE, rounded, truth, POINT)
    assert (found.f1_lost, found.average_precision_lost) == (0, 0)
    assert found.decisions == 4
