"""Hoax style on what training never saw: texts from other collectors, and later years.

Models that tell hoax from news learn the publisher. Here both classes of the test are posts that
circulated, read and labelled by us (``source``), or posts of later years than any in training
beside everyday posts of a set that training never saw (``time``).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd

from netralitas_nlp.evaluation.metrics import auc
from netralitas_nlp.evaluation.protocols.folds import (
    Fold,
    judged,
    sampled,
    summary,
    without_copies_of,
)
from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.training.dataset import load_constructed, load_public
from netralitas_nlp.training.relabelled import load_relabelled

LABEL: Final[Label] = "hoax"
CIRCULATED: Final = "hoax_posts"
EVERYDAY: Final = "emotion_tweets"
"""Real posts without a label that the fold ``time`` never trains on."""

LAST_YEAR_OF_TRAINING: Final = 2021
FIRST_YEAR_OF_TEST: Final = 2023


def unseen_hoaxes(
    data: Path, base: Path, *, own: Path, relabel: Path, out: Path, seed: int = 13
) -> dict[str, Any]:
    """Return AUC on unseen sources and on later years, ready for JSON; see ``support``."""
    posts = load_constructed(own)
    rows = pd.concat(
        [
            load_public(data),
            posts[posts["split"] == "train"],
            load_relabelled(data, relabel),
        ],
        ignore_index=True,
    )
    rows = rows[rows[LABEL].notna()].reset_index(drop=True)
    dev = posts[posts["split"] == "dev"].reset_index(drop=True)
    folds = (
        Fold(name, sampled(without_copies_of(test, train), seed=seed), dev, test)
        for name, train, test in by_origin(rows)
    )
    figures = judged(folds, label=LABEL, measure=auc, base=base, out=out, seed=seed)
    return summary("unseen-hoaxes", base, figures, measure="AUC")


def by_origin(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame, pd.DataFrame]]:
    """Yield ``(fold, training rows, test rows)`` of the folds ``source`` and ``time``."""
    source = rows["source"].str.removeprefix("relabelled:")
    ours = rows["source"].str.startswith("relabelled:")
    yield "source", rows[source != CIRCULATED], rows[ours & (source == CIRCULATED)]
    year = pd.to_numeric(rows["date"].str.extract(r"(20\d\d)")[0], errors="coerce")
    circulated = (source == CIRCULATED) & (rows[LABEL] == 1)
    everyday = (source == EVERYDAY) & (rows[list(LABELS)].fillna(0) == 0).all(axis=1)
    late = circulated & (year >= FIRST_YEAR_OF_TEST)
    # A text without a date may be late: it does not train.
    early = ~circulated | (year <= LAST_YEAR_OF_TRAINING)
    yield "time", rows[early & (source != EVERYDAY)], rows[late | everyday]
