"""HS1: the published folds of Indonesian hate speech, and their protected-group part.

Ibrohim & Budi 2019 (folds of Koto, Lau & Baldwin 2021, IndoBERTweet, EMNLP): F1 of the
positive class at 0.5, mean of five test folds. Its ``HS`` is not our ``hate_speech``: most of its
rows are insults to one person, so the narrower protected-group label stands beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from netralitas_nlp.evaluation.metrics import best_f1_threshold, detection
from netralitas_nlp.labels import LABELS
from netralitas_nlp.text.dedup import letters_key
from netralitas_nlp.training.baseline import fit_baseline
from netralitas_nlp.training.distil import bert_logits
from netralitas_nlp.training.finetune import FinetuneSettings, finetune
from netralitas_nlp.training.groups import near_any
from netralitas_nlp.training.sources.common import clean, read_table, without_stray_quote
from netralitas_nlp.training.wordpiece import text_settings

FloatArray = npt.NDArray[np.float64]

FOLDS: Final = 5
PROTECTED: Final = ("HS_Religion", "HS_Race", "HS_Gender")
SETTINGS: Final = FinetuneSettings(epochs=3, learning_rate=4e-4, layer_decay=0.95)

HS, GROUP = "hate_speech", "hoax"
"""The columns, of the three that a classifier here has, that carry HS and protected-group hate."""


def read_fold(data: Path, part: str, fold: int) -> pd.DataFrame:
    """Return one part of an HS1 fold in the shape of a training frame.

    Args:
        data: Folder of the public sets.
        part: ``train``, ``dev`` or ``test``.
        fold: 0 to 4.

    Raises:
        InputError: The file is missing or lacks a column.
    """
    path = data / f"benchmarks/hs1-folds/{part}{fold}.csv.gz"
    table = read_table(path, ["Tweet", "HS", *PROTECTED])
    text = without_stray_quote(table["Tweet"]).map(clean)
    hate = table["HS"] == "1"
    group = hate & (table[list(PROTECTED)] == "1").any(axis=1)
    frame = pd.DataFrame({"text": text, "parent_text": "", "weight": 1.0, "source": "hs1"})
    frame[list(LABELS)] = np.nan
    frame[HS], frame[GROUP] = hate.astype(float), group.astype(float)
    return frame.assign(group_id=[f"{part}{i}" for i in range(len(frame))])


def hs1(
    data: Path, base: Path, *, out: Path, folds: Sequence[int] = range(FOLDS), seed: int = 13
) -> dict[str, Any]:
    """Return the figures of each fold and their means, ready for JSON.

    Args:
        data: Folder of the public sets.
        base: Encoder with ``tokenizer.json`` and ``normalizer.json``.
        out: Where training keeps its state.
        folds: Which of the five.
        seed: Of training.
    """
    tokenizer, normalizer = text_settings(base)
    figures = []
    for fold in folds:
        train, dev, test = (read_fold(data, part, fold) for part in ("train", "dev", "test"))
        model = finetune(
            train,
            dev,
            base=base,
            out=out / f"fold{fold}",
            tokenizer=tokenizer,
            normalizer=normalizer,
            settings=replace(SETTINGS, seed=seed + fold),
        )
        said = bert_logits(model, test, tokenizer=tokenizer, normalizer=normalizer)
        floor = fit_baseline(train, pd.concat([dev, test], ignore_index=True)).scores
        figures.append(_fold(train, dev, test, said, floor))
    means = {name: float(np.mean([one[name] for one in figures])) for name in figures[0]}
    return {"protocol": "hs1", "base": base.name, "folds": figures, "mean": means}


def _fold(
    train: pd.DataFrame,
    dev: pd.DataFrame,
    test: pd.DataFrame,
    said: FloatArray,
    floor: Mapping[str, FloatArray],
) -> dict[str, float]:
    seen = set(train["text"].map(letters_key)) | set(dev["text"].map(letters_key))
    copies = near_any(test["text"].map(letters_key).tolist(), seen - {""})
    fresh = np.array([row not in copies for row in range(len(test))])
    found: dict[str, float] = {"test": len(test), "without_copies": int(fresh.sum())}
    for name, label in (("HS", HS), ("group", GROUP)):
        truth = test[label].to_numpy(dtype=float)
        flagged = said[:, LABELS.index(label)] >= 0
        cut = best_f1_threshold(dev[label].to_numpy(dtype=float), floor[label][: len(dev)])
        flagged_floor = floor[label][len(dev) :] >= cut
        found[f"{name}_f1"] = detection(truth, flagged).f1
        found[f"{name}_f1_without_copies"] = detection(truth[fresh], flagged[fresh]).f1
        found[f"{name}_floor_f1"] = detection(truth, flagged_floor).f1
    return found
