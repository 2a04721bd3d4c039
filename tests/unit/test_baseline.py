"""The TF-IDF floor learns what is there, ignores what is unknown, and repeats itself."""

import numpy as np
import pandas as pd
import pytest

from netralitas_nlp.training.baseline import cross_validate, fit_baseline


def posts(count: int, *, start: int = 0) -> pd.DataFrame:
    rows = []
    for i in range(start, start + count):
        support = float(i % 3 == 0)
        words = "coblos nomor dua menangkan" if support else "jadwal layanan kantor kelurahan"
        rows.append((f"{words} hari ke {i % 7} pak", support, 0.0, float("nan"), 1.0, f"g{i}"))
    names = ["text", "candidate_support", "hate_speech", "hoax", "weight", "group_id"]
    return pd.DataFrame(rows, columns=names)


def test_a_plain_difference_is_learnt_and_unknown_labels_are_left_alone() -> None:
    result = fit_baseline(posts(80), posts(40, start=80))
    assert result.figures["candidate_support"]["f1"] == 1.0
    assert result.figures["hoax"]["known"] == 0
    assert not result.scores["hate_speech"].any()


def test_the_same_rows_give_the_same_scores() -> None:
    first = fit_baseline(posts(60), posts(30, start=60), seed=3)
    again = fit_baseline(posts(60), posts(30, start=60), seed=3)
    assert np.array_equal(first.scores["candidate_support"], again.scores["candidate_support"])
    assert first.thresholds == again.thresholds


def test_rows_of_no_weight_teach_nothing() -> None:
    poison = posts(200).assign(weight=0.0)
    poison["candidate_support"] = 1 - poison["candidate_support"]
    train = pd.concat([posts(80), poison], ignore_index=True)
    result = fit_baseline(train, posts(40, start=80))
    assert result.figures["candidate_support"]["f1"] == 1.0


def test_stems_join_the_forms_of_a_word() -> None:
    train, dev = posts(80), posts(40, start=80)
    train["text"] = [
        ("dukung" if y else "tulis") + f" {i}" for i, y in enumerate(train["candidate_support"])
    ]
    dev["text"] = [
        ("mendukung" if y else "menulis") + f" {i}" for i, y in enumerate(dev["candidate_support"])
    ]
    result = fit_baseline(train, dev, stem=True)
    assert result.figures["candidate_support"]["average_precision"] == 1.0


def test_cross_validation_never_shows_a_group_to_its_own_judge() -> None:
    """What each author alone says gives their label away, but only to a model that read them."""
    rows = posts(120).assign(author=[f"a{i % 6}" for i in range(120)])
    rows["candidate_support"] = [float(i % 6 < 3) for i in range(120)]
    rows["text"] = [f"kata{i % 6} salam pagi {i % 5}" for i in range(120)]
    assert fit_baseline(rows, rows).figures["candidate_support"]["average_precision"] == 1.0
    honest = cross_validate(rows, by="author", folds=3)
    assert honest.figures["candidate_support"]["average_precision"] < 0.9
    assert cross_validate(posts(120), by="group_id").figures["candidate_support"]["f1"] > 0.9
    with pytest.raises(ValueError, match="folds"):
        cross_validate(rows, by="author", folds=7)
