"""Distillation: several teachers agree on soft labels, one student learns them.

Hinton, Vinyals & Dean 2015, Distilling the Knowledge in a Neural Network. The teachers' logits are
averaged; TF-IDF is a teacher like any other, since it sees spellings that word pieces cut apart.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from tokenizers import Tokenizer
from transformers import BertForSequenceClassification

from netralitas_nlp import calibration
from netralitas_nlp.labels import LABELS
from netralitas_nlp.text.normalize import Normalizer
from netralitas_nlp.training.baseline import fit_baseline
from netralitas_nlp.training.finetune import Collator, FinetuneSettings, encoder

FloatArray = npt.NDArray[np.float64]

FARTHEST = 8.0
"""Largest logit of a teacher: beyond it a probability says nothing more."""


def bert_logits(
    model: BertForSequenceClassification,
    frame: pd.DataFrame,
    *,
    tokenizer: Tokenizer,
    normalizer: Normalizer,
    batch_size: int = 64,
) -> FloatArray:
    """Return logits of shape (rows, labels); long posts by their first window.

    Args:
        model: A fine-tuned classifier.
        frame: Rows with ``text`` and ``parent_text``.
        tokenizer: Of the model.
        normalizer: Of the model.
        batch_size: Posts of similar length that are computed together.
    """
    encode = encoder(tokenizer, normalizer, FinetuneSettings())
    texts = zip(frame["text"], frame["parent_text"], strict=True)
    rows = [encode(text, parent if isinstance(parent, str) else "") for text, parent in texts]
    order = np.argsort([len(ids) for ids, _ in rows], kind="stable")
    collate = Collator(int(tokenizer.token_to_id("[PAD]") or 0))
    found = np.empty((len(rows), len(LABELS)))
    device = next(model.parameters()).device
    with torch.no_grad(), torch.autocast(device.type, torch.bfloat16):
        for start in range(0, len(order), batch_size):
            chosen = order[start : start + batch_size]
            batch = collate(
                [
                    {"input_ids": rows[i][0], "token_type_ids": rows[i][1], "labels": [0.0] * 3,
                     "weight": 1.0}
                    for i in chosen
                ]
            )  # fmt: skip
            inputs = {k: v.to(device) for k, v in batch.items() if k not in ("labels", "weight")}
            found[chosen] = model(**inputs).logits.float().cpu().numpy()
    return found


def tfidf_logits(train: pd.DataFrame, frame: pd.DataFrame) -> FloatArray:
    """Return the logits of TF-IDF and logistic regression, shape (rows, labels).

    Rows of ``frame`` that are in ``train`` (same ``source`` and ``row_key``) get the score of a
    model that did not see their group, so that the teacher never merely repeats a label.
    """
    found = _logit(fit_baseline(train, frame).matrix)
    place = {key: i for i, key in enumerate(zip(frame["source"], frame["row_key"], strict=True))}
    fold = pd.factorize(train["group_id"])[0] % 5
    for turn in range(5):
        held = train[fold == turn]
        known = [place.get(key) for key in zip(held["source"], held["row_key"], strict=True)]
        if any(i is not None for i in known):
            scores = _logit(fit_baseline(train[fold != turn], held).matrix)
            rows = [(i, row) for i, row in zip(known, scores, strict=True) if i is not None]
            found[[i for i, _ in rows]] = [row for _, row in rows]
    return found


def _logit(p: FloatArray) -> FloatArray:
    p = np.clip(p, 1e-4, 1 - 1e-4)
    return np.log(p / (1 - p))


def agreed(
    teachers: Sequence[tuple[FloatArray, FloatArray]], truth: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return what the teachers say together, of the pool and of the held-out rows.

    Each teacher is calibrated on held-out rows (Platt 1999), so that a timid one does not count
    for less; the mean of their logits is calibrated again.

    Args:
        teachers: Per teacher the logits of the pool and of the held-out rows, (rows, labels).
        truth: Labels of the held-out rows, (rows, labels), NaN where unknown.
    """
    lines = [_lines(held, truth) for _, held in teachers]
    pool, held = (
        np.mean([both[side] * a + b for both, (a, b) in zip(teachers, lines, strict=True)], axis=0)
        for side in (0, 1)
    )
    a, b = _lines(held, truth)
    return np.clip(pool * a + b, -FARTHEST, FARTHEST), np.clip(held * a + b, -FARTHEST, FARTHEST)


def _lines(logits: FloatArray, truth: FloatArray) -> tuple[FloatArray, FloatArray]:
    fitted = [calibration.fit(logits[:, j], truth[:, j]) for j in range(truth.shape[1])]
    return np.array([a for a, _ in fitted]), np.array([b for _, b in fitted])


def softened(frame: pd.DataFrame, logits: FloatArray, *, hard: float) -> pd.DataFrame:
    """Return the rows with soft labels: ``hard`` of the known label, the rest of the teachers.

    Args:
        frame: Rows with one column per label, 0, 1 or NaN.
        logits: Of the teachers, shape (rows, labels).
        hard: Share of the known label, 0 to 1; an unknown label is the teachers' alone.
    """
    soft = 1 / (1 + np.exp(-logits))
    truth = frame[list(LABELS)].to_numpy(dtype=np.float64)
    mixed = np.where(np.isnan(truth), soft, hard * np.nan_to_num(truth) + (1 - hard) * soft)
    return frame.assign(**{label: mixed[:, j] for j, label in enumerate(LABELS)})
