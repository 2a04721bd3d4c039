"""A bundle on the fixed sets: our test posts, relabelled real posts, official and everyday ones.

The sets never train, calibrate or choose a threshold. Every figure stands beside that of the
floor, TF-IDF with logistic regression on the same training rows.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from netralitas_nlp import calibration
from netralitas_nlp.evaluation.comparison import FEWEST, length_slice
from netralitas_nlp.evaluation.held_out import figures_of, is_neutral
from netralitas_nlp.evaluation.metrics import average_precision, detection, macro
from netralitas_nlp.labels import LABELS
from netralitas_nlp.predictor import Scorer
from netralitas_nlp.training.dataset import load_constructed

FloatArray = npt.NDArray[np.float64]

SLICES: Final = ("platform", "register", "language", "election", "stage", "text_kind", "length")


def score_frame(scorer: Scorer, frame: pd.DataFrame) -> FloatArray:
    """Return calibrated scores of shape (rows, labels), computed as users get them."""
    pairs = [
        (text, parent if isinstance(parent, str) and parent else None)
        for text, parent in zip(frame["text"], frame["parent_text"], strict=True)
    ]
    found = scorer.score_stream(pairs)
    return np.array([[one.scores.get(label, 0.0) for label in LABELS] for one in found])


def evaluate_fixed(
    scorer: Scorer, validate: pd.DataFrame, *, own: Path | None = None
) -> dict[str, Any]:
    """Return the figures of a bundle, ready for JSON.

    Args:
        scorer: The bundle at one operating point; the figures cover all of its points.
        validate: Rows as ``Frames.validate``: ``kind`` tells own, relabelled and public ones.
        own: ``posts.csv``, for the slices of its test split.
    """
    points: Mapping[str, Any] = scorer.bundle.operating_points
    scores = score_frame(scorer, validate)
    figures: dict[str, Any] = {
        "bundle": scorer.bundle.name,
        "digest": scorer.bundle.digest,
        "sets": figures_of(validate, scores, points),
        "reliability": _reliability(validate, scores),
    }
    if own is not None:
        posts = load_constructed(own)
        posts = posts[posts["split"] == "test"].reset_index(drop=True)
        figures["slices"] = slices(posts, score_frame(scorer, posts), scorer)
    return figures


def slices(posts: pd.DataFrame, scores: FloatArray, scorer: Scorer) -> dict[str, Any]:
    """Return figures of parts of the test posts at the scorer's operating point.

    Args:
        posts: Rows with the columns of ``posts.csv``.
        scores: Shape (rows, labels).
        scorer: For its thresholds.
    """
    flags = np.array([scorer.thresholds[label]["flag"] for label in LABELS])
    table = posts.assign(length=[length_slice(text) for text in posts["text"]])
    found: dict[str, Any] = {}
    for column in SLICES:
        parts = {
            str(value): _part(table.loc[rows], scores[table.index.get_indexer(rows)], flags)
            for value, rows in table.groupby(column, sort=True).groups.items()
            if len(rows) >= FEWEST
        }
        found[column] = parts
    found["identity_target"] = _targets(table, scores[:, LABELS.index("hate_speech")], flags[1])
    return found


def _part(part: pd.DataFrame, scores: FloatArray, flags: FloatArray) -> dict[str, Any]:
    truth = part[list(LABELS)].to_numpy(dtype=float)
    flagged = scores >= flags
    f1 = [detection(truth[:, j], flagged[:, j]) for j in range(len(LABELS))]
    neutral = is_neutral(part)
    return {
        "posts": len(part),
        "macro_f1": macro([one.f1 for one in f1 if one.positives]),
        "macro_average_precision": macro(
            [average_precision(truth[:, j], scores[:, j]) for j in range(len(LABELS))]
        ),
        "neutral": int(neutral.sum()),
        "neutral_flagged": int(flagged[neutral].any(axis=1).sum()),
    }


def _targets(table: pd.DataFrame, scores: FloatArray, flag: float) -> dict[str, Any]:
    hateful = (table["hate_speech"] == 1).to_numpy(dtype=bool)
    return {
        str(target): {"posts": int(rows.sum()), "recall": float((scores[rows] >= flag).mean())}
        for target in sorted(set(table.loc[hateful, "identity_target"]))
        if (rows := hateful & (table["identity_target"] == target).to_numpy(dtype=bool)).any()
    }


def _reliability(validate: pd.DataFrame, scores: FloatArray) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for kind in ("own", "relabelled"):
        chosen = (validate["kind"] == kind).to_numpy(dtype=bool)
        if chosen.any():
            found[kind] = {
                label: calibration.reliability(
                    scores[chosen, j], validate.loc[chosen, label].to_numpy(dtype=float)
                ).tolist()
                for j, label in enumerate(LABELS)
            }
    return found
