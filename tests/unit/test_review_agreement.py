"""Agreement of reviewers, drift against known cases, and the counts of the desk."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from review_desk import NO, UNSURE, YES, desk, posts, rid

from netralitas_nlp.review.agreement import agreement, cohen_kappa, drift_of
from netralitas_nlp.review.judging import mark_known, record, undo
from netralitas_nlp.review.overview import districts_of, overview
from netralitas_nlp.review.queue import next_post


def test_kappa_is_the_textbook_figure() -> None:
    # Cohen's worked form: 20 yes-yes, 15 no-no, 5 yes-no, 10 no-yes: p_o .7, p_e .5, kappa .4.
    first = np.array([1.0] * 20 + [0.0] * 15 + [1.0] * 5 + [0.0] * 10)
    second = np.array([1.0] * 20 + [0.0] * 15 + [0.0] * 5 + [1.0] * 10)
    assert cohen_kappa(first, second) == pytest.approx(0.4)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=30))
def test_kappa_never_exceeds_one_and_is_one_only_for_perfect_agreement(
    pairs: list[tuple[int, int]],
) -> None:
    first, second = np.array(pairs, dtype=np.float64).T
    kappa = cohen_kappa(first, second)
    assert kappa <= 1
    assert (kappa == 1) == bool((first == second).all())


def test_agreement_counts_only_posts_of_two_people(tmp_path: Path) -> None:
    with desk(tmp_path, posts(30), double=1.0) as store:
        assert math.isnan(agreement(store)["hoax"].alpha)
        for i in range(10):
            record(store, rid(i), YES if i < 5 else NO, reviewer="adi")
        for i in range(8):
            record(store, rid(i), YES if i < 4 else NO, reviewer="budi")
        found = agreement(store)
    assert found["hoax"].n == 8
    assert found["hoax"].percent == pytest.approx(7 / 8)
    assert found["hoax"].kappa == pytest.approx(0.75)
    assert found["hoax"].low <= found["hoax"].alpha <= found["hoax"].high
    assert found["hate_speech"].percent == 1.0


def test_three_people_have_no_single_kappa(tmp_path: Path) -> None:
    with desk(tmp_path, double=1.0) as store:
        for name in ("adi", "budi", "ratu"):
            record(store, rid(0), UNSURE if name == "adi" else NO, reviewer=name)
        found = agreement(store)["hate_speech"]
    assert found.kappa is None
    assert (found.n, found.percent) == (1, pytest.approx(1 / 3))


def test_drift_compares_answers_with_known_cases(tmp_path: Path) -> None:
    with desk(tmp_path, posts(30)) as store:
        for i in (2, 5):
            mark_known(store, rid(i), NO, who="ratu", note="")
        assert drift_of(store, "adi") == []
        for answers in (NO, YES):
            queued = next_post(store, reviewer="adi", order="checks")
            assert queued is not None
            record(store, queued.row_id, answers, reviewer="adi")
        total, month = drift_of(store, "adi")
        assert (total.month, total.n, total.agree) == ("", 6, 5)
        assert (month.n, len(month.month)) == (6, 7)
        assert total.low < total.share < total.high
        undo(store, reviewer="adi")
        assert drift_of(store, "adi")[0].agree == 3


def test_the_overview_counts_posts_and_names_no_person(tmp_path: Path) -> None:
    with desk(tmp_path, double=1.0) as store:
        record(store, rid(1), YES, reviewer="adi")
        record(store, rid(1), YES, reviewer="budi")
        record(store, rid(3), YES, reviewer="adi")
        found = overview(store)
    total = found.total
    assert (total.waiting, total.second, total.conflict) == (6, 1, 0)
    assert (total.decided, total.confirmed) == (1, 1)
    assert set(found.districts) == {"", "Luwu Utara"}
    assert found.districts["Luwu Utara"].decided == 1
    assert found.labels["candidate_support"].waiting == 3
    assert list(found.days) == sorted(found.days)
    assert sum(found.progress.values()) == 3
    assert "warga" not in repr(found)


@pytest.mark.parametrize(
    ("clause", "districts"),
    [
        ("Luwu Utara 3", ["Luwu Utara"]),
        ("Luwu Utara 3;Luwu Utara 4", ["Luwu Utara"]),
        ("?district", [""]),
        ("Kota Palu 3;?no_date", ["Kota Palu"]),
        ("", [""]),
    ],
)
def test_the_district_is_the_clause_without_its_point(clause: str, districts: list[str]) -> None:
    assert districts_of(clause) == districts
