"""Thresholds of a retrained model: fitted where the rows carry them, else those of the base."""

from pathlib import Path

import numpy as np
import pytest

from netralitas_nlp.model.bundle import Bundle
from netralitas_nlp.training.refit import FEWEST_EACH, refit

DRAW = np.random.default_rng(4)


def rows(number: int, *, positive: float = 0.15) -> tuple[np.ndarray, np.ndarray]:
    truth = (DRAW.random((number, 3)) < positive).astype(float)
    return (truth - 0.5) * 4 + DRAW.normal(size=truth.shape), truth


@pytest.fixture(scope="module")
def base(tiny_bundle: Path) -> Bundle:
    return Bundle.load(tiny_bundle)


def test_few_rows_keep_everything_of_the_base_and_say_so(base: Bundle) -> None:
    found = refit(*rows(60), base)
    assert found.points == {n: dict(p) for n, p in base.operating_points.items()}
    assert found.fitted == ()
    assert all(line["a"] == base.calibration[label].a for label, line in found.calibration.items())
    assert {one.what for one in found.kept} == {"calibration", "balanced", "precision", "recall"}
    assert all(one.instead == "base" and one.found < one.least for one in found.kept)


def test_many_rows_fit_all_but_the_precision_promise(base: Bundle) -> None:
    found = refit(*rows(2000), base)
    assert found.fitted == ("balanced", "recall")
    assert [one.what for one in found.kept] == ["precision"]
    assert found.points["precision"] == dict(base.operating_points["precision"])
    assert refit(*rows(8000), base).fitted == ("balanced", "precision", "recall")


def test_released_rows_calibrate_but_choose_no_threshold_of_a_bundle(base: Bundle) -> None:
    logits, truth = rows(2000)
    found = refit(logits, truth, base, of_user=60)
    assert found.points["balanced"] == dict(base.operating_points["balanced"])
    assert found.calibration["hoax"]["a"] != base.calibration["hoax"].a
    assert refit(logits, truth, None, of_user=60).fitted == ("balanced", "recall")


def test_without_a_base_nothing_is_invented() -> None:
    found = refit(*rows(60), None)
    assert list(found.points) == ["uncalibrated"]
    assert found.calibration["hoax"] == {"a": 1.0, "b": 0.0}
    assert {one.instead for one in found.kept} == {"none", "left_out"}


def test_logits_that_rank_backwards_are_never_calibrated(base: Bundle) -> None:
    logits, truth = rows(2000)
    found = refit(-logits, truth, base)
    assert all(line["a"] == base.calibration[label].a for label, line in found.calibration.items())


def test_a_label_that_is_unknown_counts_as_lacking(base: Bundle) -> None:
    logits, truth = rows(2000)
    truth[:, 1] = np.nan
    found = refit(logits, truth, base)
    lacking = next(one for one in found.kept if one.what == "balanced")
    assert (lacking.label, lacking.found, lacking.least) == ("hate_speech", 0, FEWEST_EACH)
