"""What marks are worth is a difference over the same posts, with its interval."""

from pathlib import Path

import numpy as np
import pytest
from tiny_roster import ROSTER, with_marks_learnt

from netralitas_nlp.errors import UsageError
from netralitas_nlp.evaluation.roster_gain import gain, marked_texts, roster_gain
from netralitas_nlp.labels import LABELS
from netralitas_nlp.predictor import Scorer
from netralitas_nlp.text.rosters import Rosters

TEXTS = [f"{verb} {name}" for verb in ("coblos", "rapat") for name in ("Lembuwangi", "Tirtabuana")]
TRUTH = {label: np.array([1.0, 1.0, 0.0, 0.0, 0.0]) for label in LABELS}
GROUPS = ["a", "b", "c", "d", "e"]
ASKED = [(text, None) for text in [*TEXTS, "tidak menyebut siapa pun"]]


def test_marks_that_sort_posts_better_gain_and_the_same_scores_gain_nothing() -> None:
    truth = np.array([1.0, 0.0] * 40)
    groups = [str(i // 2) for i in range(80)]
    right, wrong = truth.copy(), 1 - truth
    better = gain(truth, wrong, right, groups=groups)
    assert (better.marked.value, better.difference.low > 0.3) == (1.0, True)
    assert better.difference.value == better.marked.value - better.plain.value
    same = gain(truth, wrong, wrong, groups=groups).difference
    assert (same.value, same.low, same.high) == (0.0, 0.0, 0.0)


def test_unknown_labels_are_left_out() -> None:
    truth = np.array([1.0, 0.0, np.nan])
    found = gain(truth, truth, np.array([0.9, 0.1, 0.5]), groups=list("abc"))
    assert (found.posts, found.positives, found.marked.value) == (2, 1, 1.0)


def test_posts_that_name_a_contestant_are_scored_with_and_without_marks(
    tiny_bundle: Path, tmp_path: Path
) -> None:
    plain = Scorer.from_pretrained(with_marks_learnt(tiny_bundle, tmp_path / "tiny"))
    marked = plain.with_roster(ROSTER)
    found = roster_gain(plain, marked, ASKED, TRUTH, groups=GROUPS)
    assert (found["posts"], found["named"]) == (5, 4)
    label = found["labels"]["candidate_support"]
    said = [one.scores["candidate_support"] for one in marked.score(TEXTS)]
    assert said[0] == said[1]
    assert (label["posts"], label["positives"]) == (4, 2)
    assert label["marked"]["value"] == pytest.approx(1.0 if said[0] > said[2] else 0.5)


def test_a_model_without_marks_and_posts_without_names_are_refused(
    tiny_bundle: Path, tmp_path: Path
) -> None:
    plain = Scorer.from_pretrained(tiny_bundle)
    with pytest.raises(UsageError, match="trained with marked contestants"):
        roster_gain(plain, plain.with_roster(ROSTER), ASKED, TRUTH, groups=GROUPS)
    learnt = Scorer.from_pretrained(with_marks_learnt(tiny_bundle, tmp_path / "tiny"))
    nobody = {label: TRUTH[label][4:] for label in LABELS}
    with pytest.raises(UsageError, match="None of 1 posts"):
        roster_gain(learnt, learnt.with_roster(ROSTER), ASKED[4:], nobody, groups=["e"])


def test_marks_are_written_out_for_models_in_training() -> None:
    assert marked_texts(TEXTS[:2], Rosters.load([ROSTER])) == ["coblos [CALON]"] * 2
