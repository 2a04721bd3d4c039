"""What a roster is worth: average precision with and without its contestants marked.

Meant for posts of an election whose names training never saw, where a mark may stand in for what
the model does not know. A difference whose interval holds 0 shows nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from netralitas_nlp.errors import UsageError
from netralitas_nlp.evaluation.metrics import Interval, average_precision, cluster_bootstrap
from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.predictor import Scorer
from netralitas_nlp.text.marks import mark_spans, with_marks
from netralitas_nlp.text.rosters import Rosters

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gain:
    """Average precision of one label over the same posts, read in two ways.

    Attributes:
        posts: Posts whose label is known.
        positives: Those that carry it.
        plain: Average precision, 0 to 1, of the posts as they are, with its 95 % interval.
        marked: The same with contestants marked.
        difference: ``marked`` less ``plain``; its interval draws the same posts for both.
    """

    posts: int
    positives: int
    plain: Interval
    marked: Interval
    difference: Interval


def gain(
    truth: FloatArray, plain: FloatArray, marked: FloatArray, *, groups: Sequence[str]
) -> Gain:
    """Return the gain of one label.

    Args:
        truth: 1, 0 or NaN where unknown, shape (posts,).
        plain: Scores or logits of the posts as they are, shape (posts,).
        marked: The same with marks.
        groups: Cluster of each post, such as its election or its group of near copies.
    """
    names = np.asarray(groups)

    def difference(t: FloatArray, p: FloatArray, m: FloatArray) -> float:
        return average_precision(t, m) - average_precision(t, p)

    return Gain(
        posts=int((~np.isnan(truth)).sum()),
        positives=int((truth == 1).sum()),
        plain=cluster_bootstrap(average_precision, truth, plain, groups=names),
        marked=cluster_bootstrap(average_precision, truth, marked, groups=names),
        difference=cluster_bootstrap(difference, truth, plain, marked, groups=names),
    )


def roster_gain(
    plain: Scorer,
    marked: Scorer,
    posts: Sequence[tuple[str, str | None]],
    truth: Mapping[Label, FloatArray],
    *,
    groups: Sequence[str],
) -> dict[str, Any]:
    """Return the gain of each label over posts that name a contestant, ready for JSON.

    Args:
        plain: A model without a roster.
        marked: The same model with rosters.
        posts: Texts and their parents.
        truth: Per label 1, 0 or NaN where unknown, shape (posts,).
        groups: Cluster of each post.

    Raises:
        UsageError: The model never learnt the mark, or no post names a contestant.
    """
    if not marked.marks_contestants:
        raise UsageError("roster_gain_unmarked", bundle=marked.bundle.name)
    named = [
        place
        for place, parts in enumerate(posts)
        if any(marked.rosters.find(part) for part in parts if part)
    ]
    if not named:
        raise UsageError("roster_gain_nobody", n=len(posts))
    asked = [posts[place] for place in named]
    said = {
        name: list(scorer.score_stream(asked)) for name, scorer in (("p", plain), ("m", marked))
    }
    clusters = [groups[place] for place in named]
    gains = {}
    for label in LABELS:
        known = truth[label][named]
        if (known == 1).any() and (known == 0).any():
            both = (np.array([one.scores.get(label, 0.0) for one in said[k]]) for k in ("p", "m"))
            gains[label] = asdict(gain(known, *both, groups=clusters))
    return {"posts": len(posts), "named": len(named), "labels": gains}


def marked_texts(texts: Sequence[str], rosters: Rosters) -> list[str]:
    """Return texts with marks written out, for a model in training (``finetune.encoder``)."""
    return [
        with_marks(text, mark_spans(text, (one.match for one in rosters.find(text))))
        for text in texts
    ]
