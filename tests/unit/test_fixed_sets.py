"""Figures of a bundle on the fixed sets: by kind of row, and by slices of our test posts."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from fake_scorer import FLAG, REVIEW
from test_suite import Told

from netralitas_nlp.evaluation.fixed import FEWEST, evaluate_fixed, score_frame, slices
from netralitas_nlp.labels import LABELS

POINT = {label: {"flag": FLAG, "review": REVIEW} for label in LABELS}


class Judge(Told):
    """Knows ``pilih`` as support and ``usir`` as hate, and errs on ``ramai``."""

    def __init__(self) -> None:
        super().__init__(pilih=(0.95, 0, 0), usir=(0, 0.9, 0), ramai=(0.85, 0, 0))
        self.bundle = SimpleNamespace(  # type: ignore[assignment]
            name="uji", digest="ab", operating_points={"balanced": POINT}
        )


def rows(kind: str = "own") -> pd.DataFrame:
    texts = ["pilih nomor dua"] * 30 + ["usir mereka semua"] * 30 + ["rapat desa jadi"] * 30
    texts += ["ramai sekali pasar"] * 30
    frame = pd.DataFrame({"text": texts, "parent_text": "", "kind": kind, "source": "buatan"})
    frame["candidate_support"] = [1.0] * 30 + [0.0] * 90
    frame["hate_speech"] = [0.0] * 30 + [1.0] * 30 + [0.0] * 60
    frame["hoax"] = 0.0
    frame["group_id"] = frame.index.astype(str)
    frame["platform"] = ["x", "facebook"] * 60
    frame["register"] = frame["language"] = frame["election"] = frame["stage"] = "a"
    frame["text_kind"] = ["own"] * (120 - FEWEST + 1) + ["reply"] * (FEWEST - 1)
    frame["identity_target"] = ["none"] * 30 + ["religion"] * 15 + ["camp"] * 15 + ["none"] * 60
    return frame


def test_scores_keep_the_order_of_the_rows() -> None:
    scores = score_frame(Judge(), rows())  # type: ignore[arg-type]
    assert scores.shape == (120, 3)
    assert scores[0].tolist() == [0.95, 0, 0]
    assert scores[119].tolist() == [0.85, 0, 0]


def test_figures_stand_by_kind_of_row() -> None:
    both = pd.concat([rows(), rows("relabelled")], ignore_index=True)
    found = evaluate_fixed(Judge(), both)  # type: ignore[arg-type]
    own = found["sets"]["own"]["balanced"]
    assert own["candidate_support"]["precision"] == 0.5
    assert own["candidate_support"]["recall"] == 1.0
    assert own["hate_speech"]["f1"] == 1.0
    neutral = own["neutral_flagged"]
    assert (neutral["posts"], neutral["flagged"], neutral["share"]) == (60, 30, 0.5)
    assert set(found["reliability"]) == {"own", "relabelled"}
    assert set(found["sets"]) == {"own", "relabelled"}


def test_slices_show_where_the_model_errs_and_leave_tiny_ones_out() -> None:
    posts = rows()
    judge = Judge()
    found = slices(posts, score_frame(judge, posts), judge)  # type: ignore[arg-type]
    assert found["platform"]["x"]["posts"] == 60
    assert found["platform"]["x"]["neutral_flagged"] == 15
    assert set(found["text_kind"]) == {"own"}
    assert set(found["length"]) == {"0-9"}
    assert found["identity_target"]["camp"] == {"posts": 15, "recall": 1.0}
    assert np.isclose(found["platform"]["x"]["macro_f1"], (2 / 3 + 1) / 2)
