"""Distillation: teachers count alike, the student's targets mix what is known and what they say."""

import numpy as np
import pandas as pd
import pytest

from netralitas_nlp.labels import LABELS
from netralitas_nlp.training.baseline import fit_baseline
from netralitas_nlp.training.distil import FARTHEST, agreed, softened, tfidf_logits


def rows(number: int, *, start: int = 0) -> pd.DataFrame:
    table = []
    for i in range(start, start + number):
        support = float(i % 3 == 0)
        words = "coblos nomor dua menangkan" if support else "jadwal layanan kantor kelurahan"
        table.append(
            (f"{words} hari ke {i % 7} pak", support, float(i % 5 == 0), 0.0, f"g{i}", str(i))
        )
    frame = pd.DataFrame(table, columns=["text", *LABELS, "group_id", "row_key"])
    return frame.assign(source="buatan", weight=1.0, parent_text="")


def test_a_timid_teacher_counts_as_much_as_a_bold_one() -> None:
    draw = np.random.default_rng(0)
    truth = draw.integers(0, 2, (400, 3)).astype(float)
    bold = (truth - 0.5) * 8 + draw.normal(size=truth.shape) * 6
    other = (truth - 0.5) * 8 + draw.normal(size=truth.shape) * 6
    timid = (other, other / 100)
    pool, held = agreed([(bold, bold), (timid[1], timid[1])], truth)
    same, _ = agreed([(bold, bold), (other, other)], truth)
    assert np.allclose(pool, same, atol=0.05)
    assert np.abs(pool).max() <= FARTHEST

    def separation(logits: np.ndarray) -> float:
        return float(logits[truth == 1].mean() - logits[truth == 0].mean()) / float(logits.std())

    assert separation(held) > separation(bold)


def test_known_labels_are_mixed_in_and_unknown_ones_are_the_teachers_alone() -> None:
    frame = pd.DataFrame({"candidate_support": [1.0], "hate_speech": [0.0], "hoax": [np.nan]})
    soft = softened(frame, np.array([[0.0, 0.0, 2.0]]), hard=0.6)
    assert soft[list(LABELS)].to_numpy()[0] == pytest.approx([0.8, 0.2, 1 / (1 + np.exp(-2))])


def test_tfidf_never_judges_a_post_it_was_fitted_on() -> None:
    """A word that only one post has gives its label away to a model that saw it."""
    draw = np.random.default_rng(4)
    words = ["".join(draw.choice(list("abcdefghijklmnop"), 9)) for _ in range(30)]
    labels = draw.integers(0, 2, 30)
    train = rows(90)
    train["text"] = [f"salam pagi {words[i % 30]}" for i in range(90)]
    train["candidate_support"] = [float(labels[i % 30]) for i in range(90)]
    train["group_id"] = [f"g{i % 30}" for i in range(90)]
    truth = train["candidate_support"]
    told = fit_baseline(train, train).scores["candidate_support"]
    assert np.corrcoef(told, truth)[0, 1] > 0.9
    assert np.corrcoef(tfidf_logits(train, train)[:, 0], truth)[0, 1] < 0.5
    fresh = rows(9, start=60)
    assert tfidf_logits(rows(90), fresh)[:, 0][0] > tfidf_logits(rows(90), fresh)[:, 0][1]
