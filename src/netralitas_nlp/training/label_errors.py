"""Labels that are probably wrong: confident learning on predictions out of the fold.

Northcutt, Jiang and Chuang, *Confident Learning* (2021), as implemented in cleanlab, one label at
a time; a row is as suspect as its most suspect label (Thyagarajan et al. 2022 order multi-label
rows by their worst labels too).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores

from netralitas_nlp.errors import InputError
from netralitas_nlp.labeled.rows import LabelledPosts
from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.text.dedup import letters_key
from netralitas_nlp.training.baseline import Floor
from netralitas_nlp.training.groups import deal, group_ids, near_any, near_pairs

FloatArray = npt.NDArray[np.float64]

MIN_ROWS: Final = 50
MIN_CLASS: Final = 5
"""Fewest rows that carry a label, and that do not, before anything is said about it."""

PARENT: Final = 300
"""Characters of a parent text that are read."""

_TINY: Final = 1e-6


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """One labelled post.

    Attributes:
        number: Place in its file, from 1, header not counted.
        row_id: What its file calls it; the number where there is no such column.
        text: As its author wrote it.
        parent_text: What it answers or shares; empty where unknown.
        labels: 1, 0 or NaN (not labelled) per label, in the order of ``LABELS``.
        author: Account or batch of the author; empty where unknown.
        group: ``group_id``; empty where unknown.
    """

    number: int
    row_id: str
    text: str
    parent_text: str
    labels: tuple[float, ...]
    author: str
    group: str


def labelled_rows(posts: LabelledPosts) -> list[LabelledRow]:
    """Return the posts that carry at least one label, one by one."""
    names = posts.ident or ("",) * len(posts)
    columns = (posts.row, names, posts.text, posts.parent, posts.labels, posts.account, posts.group)
    return [
        LabelledRow(number, name or str(number), text, parent, tuple(labels), author, group)
        for number, name, text, parent, labels, author, group in zip(*columns, strict=True)
        if not np.isnan(labels).all()
    ]


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """What models that did not see a row say about it.

    Attributes:
        scores: (rows, labels) probabilities; NaN where the label cannot be judged.
        fold: (rows,) fold in which each row was held out.
        floors: The model of each fold.
        grouped_by: ``author`` or ``copies``: what was kept in one fold.
    """

    scores: FloatArray
    fold: npt.NDArray[np.intp]
    floors: tuple[Floor, ...]
    grouped_by: str


@dataclass(frozen=True, slots=True)
class Suspect:
    """A row, as suspect as its most suspect label.

    Attributes:
        row: The row.
        label: Its most suspect label.
        given: Labels it carries.
        suggested: The same with the suspect label the other way round.
        quality: Probability of the given value of ``label``, in [0, 1]; low is suspect.
        score: Out-of-fold probability that the post carries ``label``.
        bundle_score: That of the bundle; ``None`` without one.
        likely: Whether confident learning counts it among the probable errors.
        words: Words that speak for the suggestion, strongest first.
        contradicted_by: Ids of near copies whose ``label`` has the suggested value.
    """

    row: LabelledRow
    label: Label
    given: tuple[Label, ...]
    suggested: tuple[Label, ...]
    quality: float
    score: float
    bundle_score: float | None
    likely: bool
    words: tuple[str, ...]
    contradicted_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LabelErrors:
    """Rows ordered by suspicion, the most suspect first.

    Attributes:
        suspects: At most as many as were asked for.
        rows: Rows looked at.
        likely: Per label, how many rows confident learning counts as probable errors.
        grouped_by: See ``OutOfFold``.
        unjudged: Labels with too few rows of one kind.
    """

    suspects: tuple[Suspect, ...]
    rows: int
    likely: dict[Label, int]
    grouped_by: str
    unjudged: tuple[Label, ...]


def find_label_errors(
    rows: Sequence[LabelledRow],
    *,
    folds: int = 5,
    most: int | None = None,
    bundle_scores: FloatArray | None = None,
    seed: int = 0,
) -> LabelErrors:
    """Return the rows whose labels are most doubtful.

    Args:
        rows: Labelled posts.
        folds: Parts; each is judged by a model of the others.
        most: Rows returned; a tenth of all by default.
        bundle_scores: (rows, labels) of a released model. A bundle that was trained on these rows
            repeats their labels, right or wrong; it then hides errors rather than shows them.
        seed: Of the solver. The same rows and options give the same result.

    Raises:
        InputError: Too few rows, or no label with enough of both kinds.
        ValueError: Fewer than two folds.
    """
    if folds < 2:
        raise ValueError("at least two folds are needed")
    if len(rows) < max(MIN_ROWS, folds):
        raise InputError("label_errors_few", n=len(rows), least=max(MIN_ROWS, folds))
    truth = np.array([row.labels for row in rows], dtype=np.float64)
    judged = [j for j in range(len(LABELS)) if _judgeable(truth[:, j])]
    if not judged:
        raise InputError("label_errors_one_sided", least=MIN_CLASS)
    found = out_of_fold(rows, truth, folds=folds, seed=seed)
    combined = found.scores if bundle_scores is None else _mean_odds(found.scores, bundle_scores)
    quality, likely = _quality(truth, combined, judged)
    order = np.argsort(np.nanmin(quality, axis=1), kind="stable")
    wanted = max(1, len(rows) // 10) if most is None else most
    near = _near(rows)
    suspects = tuple(
        _suspect(int(i), rows, truth, quality, likely, found, bundle_scores, near)
        for i in order[:wanted]
    )
    counts = {LABELS[j]: int(likely[:, j].sum()) for j in judged}
    unjudged = tuple(label for j, label in enumerate(LABELS) if j not in judged)
    return LabelErrors(suspects, len(rows), counts, found.grouped_by, unjudged)


def out_of_fold(
    rows: Sequence[LabelledRow], truth: FloatArray, *, folds: int, seed: int = 0
) -> OutOfFold:
    """Score every row by TF-IDF and logistic regression that saw neither it nor its like.

    All posts of one author stay in one fold, where that leaves no author with more than half of
    the rows; near copies of a held-out row leave the training rows of its fold.

    Args:
        rows: Labelled posts.
        truth: (rows, labels) of 1, 0 or NaN.
        folds: Parts.
        seed: Of the solver.
    """
    texts = [row.text for row in rows]
    keys = [letters_key(text) for text in texts]
    groups, grouped_by = _groups(rows, keys, texts, folds)
    fold = deal(groups, folds)
    scores = np.full(truth.shape, np.nan)
    floors = []
    for turn in range(folds):
        held = np.flatnonzero(fold == turn)
        others = np.flatnonzero(fold != turn)
        near = near_any([keys[i] for i in others], {keys[i] for i in held} - {""})
        seen = np.delete(others, sorted(near))
        if not len(seen):
            raise InputError("label_errors_copies")
        weight = np.ones(len(seen))
        floor = Floor.fit([_whole(rows[i]) for i in seen.tolist()], truth[seen], weight, seed=seed)
        scores[held] = floor.scores([_whole(rows[i]) for i in held.tolist()])
        floors.append(floor)
    return OutOfFold(scores, fold, tuple(floors), grouped_by)


def _whole(row: LabelledRow) -> str:
    """Return the text and the beginning of its parent: many a label lies in what is answered."""
    return f"{row.text} ¦ {row.parent_text[:PARENT]}" if row.parent_text else row.text


def _groups(
    rows: Sequence[LabelledRow], keys: Sequence[str], texts: Sequence[str], folds: int
) -> tuple[list[str], str]:
    authors = [row.author for row in rows]
    named = [author or f"row {row.number}" for author, row in zip(authors, rows, strict=True)]
    sizes = Counter(named)
    if any(authors) and max(sizes.values()) <= len(rows) / 2 and len(sizes) >= folds:
        return named, "author"
    groups = group_ids(keys, texts, [row.group for row in rows])
    if len(set(groups)) < folds:
        raise InputError("label_errors_copies")
    return groups, "copies"


def _judgeable(truth: FloatArray) -> bool:
    return min(int((truth == 1).sum()), int((truth == 0).sum())) >= MIN_CLASS


def _quality(
    truth: FloatArray, scores: FloatArray, judged: Sequence[int]
) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """Return the quality of each given label, NaN where there is none, and the probable errors."""
    quality = np.full(truth.shape, np.nan)
    likely = np.zeros(truth.shape, dtype=bool)
    for j in judged:
        known = ~np.isnan(truth[:, j])
        given = truth[known, j].astype(int)
        both = np.column_stack([1 - scores[known, j], scores[known, j]])
        quality[known, j] = get_label_quality_scores(given, both, method="self_confidence")
        likely[known, j] = find_label_issues(
            given, both, filter_by="prune_by_noise_rate", n_jobs=1, verbose=False
        )
    # A row without any judged label can never be suspect.
    quality[np.isnan(quality).all(axis=1)] = 1.0
    return quality, likely


def _mean_odds(left: FloatArray, right: FloatArray) -> FloatArray:
    held = [np.clip(scores, _TINY, 1 - _TINY) for scores in (left, right)]
    mean = sum(np.log(scores) - np.log1p(-scores) for scores in held) / 2
    return np.asarray(1 / (1 + np.exp(-mean)), dtype=np.float64)


def _near(rows: Sequence[LabelledRow]) -> dict[int, set[int]]:
    near: dict[int, set[int]] = {}
    for left, right in near_pairs([letters_key(row.text) for row in rows]):
        near.setdefault(left, set()).add(right)
        near.setdefault(right, set()).add(left)
    return near


def _suspect(
    i: int,
    rows: Sequence[LabelledRow],
    truth: FloatArray,
    quality: FloatArray,
    likely: npt.NDArray[np.bool_],
    found: OutOfFold,
    bundle_scores: FloatArray | None,
    near: dict[int, set[int]],
) -> Suspect:
    j = int(np.nanargmin(quality[i]))
    carries = truth[i, j] == 1
    given = {label for label, value in zip(LABELS, truth[i], strict=True) if value == 1}
    other = given ^ {LABELS[j]}
    sign = -1 if carries else 1
    moved = found.floors[int(found.fold[i])].words(_whole(rows[i]), j, most=12)
    contradicting = sorted(k for k in near.get(i, ()) if truth[k, j] == 1 - truth[i, j])
    return Suspect(
        row=rows[i],
        label=LABELS[j],
        given=_ordered(given),
        suggested=_ordered(other),
        quality=float(quality[i, j]),
        score=float(found.scores[i, j]),
        bundle_score=None if bundle_scores is None else float(bundle_scores[i, j]),
        likely=bool(likely[i, j]),
        words=tuple(word for word, size in moved if sign * size > 0)[:3],
        contradicted_by=tuple(rows[k].row_id for k in contradicting[:3]),
    )


def _ordered(labels: set[Any]) -> tuple[Label, ...]:
    return tuple(label for label in LABELS if label in labels)
