"""The honest floor: TF-IDF of words and letters with one logistic regression per label."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion

from netralitas_nlp.evaluation.metrics import best_f1_threshold, label_figures
from netralitas_nlp.labels import LABELS
from netralitas_nlp.text.normalize import Normalizer
from netralitas_nlp.training.groups import deal

FloatArray = npt.NDArray[np.float64]

MIN_ROWS: Final = 3
"""A word or run of letters seen in fewer rows is a name or an accident."""

WORD: Final = r"(?u)[\w@#]+"
MAX_LETTERS: Final = 300_000
LONGEST: Final = 1000
"""Letters of a post that are read: the floor needs no more, and long hoaxes would swamp it."""

MAX_ITERATIONS: Final = 400


@dataclass(frozen=True, slots=True)
class BaselineResult:
    """What the floor reaches.

    Attributes:
        scores: Label to probabilities of the rows of ``dev``, in their order.
        thresholds: Label to the score with the largest F1 on all of ``dev``.
        figures: Figures on ``dev``. Flags are cross-fitted: each half of the groups is judged by
            the threshold of the other half, so that no row chooses its own threshold.
    """

    scores: Mapping[str, FloatArray]
    thresholds: Mapping[str, float]
    figures: Mapping[str, Any]

    @property
    def matrix(self) -> FloatArray:
        """The scores as an array of shape (rows, labels), labels in the order of ``LABELS``."""
        return np.column_stack([self.scores[label] for label in LABELS])


def fit_baseline(
    train: pd.DataFrame, dev: pd.DataFrame, *, stem: bool = False, seed: int = 0
) -> BaselineResult:
    """Fit on one frame, judge on the other.

    Args:
        train: Rows with ``text``, the labels (1, 0 or NaN) and ``weight``.
        dev: The same with ``group_id``; no group of it occurs in ``train``.
        stem: Reduce words to their Sastrawi stems first.
        seed: Of the solver. The same frames and options give the same scores.
    """
    truth = train[list(LABELS)].to_numpy(dtype=np.float64)
    floor = Floor.fit(train["text"], truth, train["weight"].to_numpy(), stem=stem, seed=seed)
    matrix = floor.scores(dev["text"])
    scores: dict[str, FloatArray] = {label: matrix[:, j] for j, label in enumerate(LABELS)}
    truths: dict[str, FloatArray] = {
        label: dev[label].to_numpy(dtype=np.float64) for label in LABELS
    }
    half = _halves(dev["group_id"])
    flagged: dict[str, npt.NDArray[np.bool_]] = {
        label: _cross_fitted(truths[label], scores[label], half) for label in LABELS
    }
    thresholds: dict[str, float] = {
        label: best_f1_threshold(truths[label], scores[label]) for label in LABELS
    }
    return BaselineResult(scores, thresholds, label_figures(truths, scores, flagged))


def cross_validate(
    frame: pd.DataFrame, *, by: str, folds: int = 5, stem: bool = False
) -> BaselineResult:
    """Judge every row by a model that saw no row of its group, as ``fit_baseline`` does.

    Args:
        frame: Rows as for ``fit_baseline``.
        by: Column of the groups, such as the batch of the author.
        folds: Parts into which the groups are dealt, the largest first.
        stem: Reduce words to their Sastrawi stems first.

    Raises:
        ValueError: There are fewer groups than folds.
    """
    fold = deal(frame[by].astype(str).tolist(), folds)
    scores: dict[str, FloatArray] = {label: np.empty(len(frame)) for label in LABELS}
    for turn in range(folds):
        found = fit_baseline(frame[fold != turn], frame[fold == turn], stem=stem).scores
        for label in LABELS:
            scores[label][fold == turn] = found[label]
    truths: dict[str, FloatArray] = {
        label: frame[label].to_numpy(dtype=np.float64) for label in LABELS
    }
    half = fold % 2 == 0
    flagged: dict[str, npt.NDArray[np.bool_]] = {
        label: _cross_fitted(truths[label], scores[label], half) for label in LABELS
    }
    thresholds: dict[str, float] = {
        label: best_f1_threshold(truths[label], scores[label]) for label in LABELS
    }
    return BaselineResult(scores, thresholds, label_figures(truths, scores, flagged))


@dataclass(frozen=True, slots=True)
class Floor:
    """A fitted floor.

    Attributes:
        features: What turns prepared texts into columns.
        models: One per label, in their order; a number where training saw one class only.
        stem: Whether words are reduced to their stems first.
    """

    features: FeatureUnion
    models: tuple[LogisticRegression | float, ...]
    stem: bool

    @classmethod
    def fit(
        cls,
        texts: Iterable[str],
        truth: FloatArray,
        weight: FloatArray,
        *,
        stem: bool = False,
        seed: int = 0,
    ) -> "Floor":
        """Fit on labelled texts.

        Args:
            texts: As their authors wrote them.
            truth: (rows, labels) of 1, 0 or NaN (unknown: the row is ignored for that label).
            weight: (rows,) confidence in the labels, 0 to 1.
            stem: Reduce words to their Sastrawi stems first.
            seed: Of the solver.
        """
        features = _features()
        seen = features.fit_transform(_prepared(texts, stem=stem))
        models = tuple(_model(seen, truth[:, j], weight, seed=seed) for j in range(len(LABELS)))
        return cls(features, models, stem)

    def scores(self, texts: Iterable[str]) -> FloatArray:
        """Return probabilities, (rows, labels), in the order of the texts and of ``LABELS``."""
        seen = self.features.transform(_prepared(texts, stem=self.stem))
        columns = [
            np.full(seen.shape[0], model)
            if isinstance(model, float)
            else np.asarray(model.predict_proba(seen)[:, 1], dtype=np.float64)
            for model in self.models
        ]
        return np.column_stack(columns)

    def words(self, text: str, index: int, *, most: int = 3) -> list[tuple[str, float]]:
        """Return the words and pairs of words that move one label's log-odds most, as signed sums.

        Args:
            text: As its author wrote it.
            index: Place of the label in ``LABELS``.
            most: Words returned, the largest first by size.
        """
        model = self.models[index]
        if isinstance(model, float):
            return []
        words: TfidfVectorizer = self.features.transformer_list[0][1]
        (row,) = words.transform(_prepared([text], stem=self.stem))
        weights = model.coef_[0]
        names = words.get_feature_names_out()
        moved = [
            (str(names[i]), float(value * weights[i]))
            for i, value in zip(row.indices, row.data, strict=True)
        ]
        return sorted(moved, key=lambda one: -abs(one[1]))[:most]


def _features() -> FeatureUnion:
    words = TfidfVectorizer(
        token_pattern=WORD, ngram_range=(1, 2), min_df=MIN_ROWS, sublinear_tf=True,
        dtype=np.float32,
    )  # fmt: skip
    letters = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), min_df=MIN_ROWS, sublinear_tf=True,
        max_features=MAX_LETTERS, dtype=np.float32,
    )  # fmt: skip
    return FeatureUnion([("words", words), ("letters", letters)])


def _model(
    seen: Any, truth: FloatArray, weight: FloatArray, *, seed: int
) -> LogisticRegression | float:
    known = np.flatnonzero(~np.isnan(truth) & (weight > 0))
    classes = np.unique(truth[known])
    if len(classes) < 2:
        return float(classes[0]) if len(classes) else 0.0
    model = LogisticRegression(C=4.0, max_iter=MAX_ITERATIONS, random_state=seed)
    return model.fit(seen[known], truth[known].astype(int), sample_weight=weight[known])


def _prepared(texts: Iterable[str], *, stem: bool) -> list[str]:
    normalise = Normalizer()
    prepared = [normalise(text[:LONGEST]) for text in texts]
    if not stem:
        return prepared
    stem_of = _stemmer()
    return [" ".join(map(stem_of, text.split())) for text in prepared]


def _stemmer() -> Any:
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

    # Sastrawi takes half a second a post; words repeat, so each is stemmed once.
    return cache(StemmerFactory().create_stemmer(False).stem)


def _halves(groups: "pd.Series[str]") -> npt.NDArray[np.bool_]:
    codes, _ = pd.factorize(groups)
    return np.asarray(codes % 2 == 0)


def _cross_fitted(
    truth: FloatArray, scores: FloatArray, half: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    flagged = np.zeros(len(truth), dtype=bool)
    for part in (half, ~half):
        if part.any() and (~part).any():
            flagged[part] = scores[part] >= best_f1_threshold(truth[~part], scores[~part])
    return flagged
