"""One fold of a protocol: train on what it allows, judge on the rest, with the floor beside it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from netralitas_nlp.evaluation.metrics import cluster_bootstrap
from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.text.dedup import letters_key
from netralitas_nlp.training.baseline import fit_baseline
from netralitas_nlp.training.dataset import CONSTRUCTED
from netralitas_nlp.training.distil import bert_logits
from netralitas_nlp.training.finetune import FinetuneSettings, finetune
from netralitas_nlp.training.groups import near_any
from netralitas_nlp.training.wordpiece import text_settings

FloatArray = npt.NDArray[np.float64]
Measure = Callable[[FloatArray, FloatArray], float]
"""Of truth (0 or 1) and scores, both of shape (rows,)."""

MOST_PUBLIC: Final = 10_000
"""Public rows a fold trains on beside ours: more of them drown our labels and cost hours."""

SETTINGS: Final = FinetuneSettings(epochs=2, learning_rate=4e-4, layer_decay=0.95)


@dataclass(frozen=True)
class Fold:
    """What a fold trains on and is judged by.

    Attributes:
        name: What it leaves out.
        train: Rows to train on; ``without_copies_of`` has taken out what the test holds.
        dev: For the figures printed while it trains.
        test: Rows to judge, all with the label known.
    """

    name: str
    train: pd.DataFrame
    dev: pd.DataFrame
    test: pd.DataFrame


def without_copies_of(test: pd.DataFrame, train: pd.DataFrame) -> pd.DataFrame:
    """Return the training rows that are no copy or near copy of a test row."""
    keys = set(test["text"].map(letters_key)) - {""}
    copies = near_any(train["text"].map(letters_key).tolist(), keys)
    return train.reset_index(drop=True).drop(index=sorted(copies)).reset_index(drop=True)


def sampled(rows: pd.DataFrame, *, seed: int, most: int = MOST_PUBLIC) -> pd.DataFrame:
    """Return all rows with our labels and at most ``most`` public ones, drawn at random."""
    ours = rows["source"].str.startswith("relabelled:") | (rows["source"] == CONSTRUCTED)
    public = rows[~ours]
    drawn = public.sample(min(most, len(public)), random_state=seed)
    return pd.concat([rows[ours], drawn], ignore_index=True)


def judged(
    folds: Iterable[Fold], *, label: Label, measure: Measure, base: Path, out: Path, seed: int
) -> list[dict[str, Any]]:
    """Return the figures of each fold: the model's, the floor's, both with a 95 % interval.

    Args:
        folds: Made one at a time.
        label: What is judged.
        measure: Such as average precision.
        base: Encoder with ``tokenizer.json`` and ``normalizer.json``.
        out: Where training keeps its state.
        seed: Of training; the number of the fold is added to it.
    """
    tokenizer, normalizer = text_settings(base)
    figures = []
    for number, fold in enumerate(folds):
        model = finetune(
            fold.train,
            fold.dev,
            base=base,
            out=out / fold.name,
            tokenizer=tokenizer,
            normalizer=normalizer,
            settings=replace(SETTINGS, seed=seed + number),
        )
        said = bert_logits(model, fold.test, tokenizer=tokenizer, normalizer=normalizer)
        floor = fit_baseline(fold.train, fold.test).scores[label]
        figures.append(_figures(fold, said[:, LABELS.index(label)], floor, label, measure))
    return figures


def _figures(
    fold: Fold, said: FloatArray, floor: FloatArray, label: Label, measure: Measure
) -> dict[str, Any]:
    truth = fold.test[label].to_numpy(dtype=float)
    groups = fold.test["group_id"].to_numpy()
    found: dict[str, Any] = {
        "left_out": fold.name,
        "train": len(fold.train),
        "test": len(truth),
        "positive": int(truth.sum()),
    }
    for name, scores in (("model", said), ("floor", floor)):
        interval = cluster_bootstrap(measure, truth, scores, groups=groups)
        found[name] = measure(truth, scores)
        found[f"{name}_interval"] = [interval.low, interval.high]
    return found


def summary(
    protocol: str, base: Path, figures: list[dict[str, Any]], *, measure: str
) -> dict[str, Any]:
    """Return the figures of a protocol with the means over its folds, ready for JSON."""
    return {
        "protocol": protocol,
        "base": base.name,
        "measure": measure,
        "folds": figures,
        "mean": {
            name: float(np.mean([fold[name] for fold in figures])) for name in ("model", "floor")
        },
    }
