"""Whether evidence carries the score: what happens without it, and with nothing else.

DeYoung et al. (2020), "ERASER: A Benchmark to Evaluate Rationalized NLP Models", ACL: a rationale
is comprehensive where the score falls without it, sufficient where it alone keeps the score.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from netralitas_nlp.evaluation.metrics import cluster_bootstrap
from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.predictor import Scorer
from netralitas_nlp.text.raw_words import Place, raw_words, without

DRAWS: Final = 5
"""Random choices of as many words, averaged."""

FIGURES: Final = ("comprehensiveness", "sufficiency")


@dataclass(frozen=True, slots=True)
class Faithful:
    """Figures of one label of one post; every drop is of the calibrated score, in [-1, 1].

    Attributes:
        label: Which score.
        text: The post, for intervals over copies.
        words: Words of the post.
        marked: Of those, in the evidence of the label; 0 where there is none.
        comprehensiveness: Drop without the evidence; higher is better.
        sufficiency: Drop with nothing but the evidence; lower is better.
        random_comprehensiveness: As above, mean of as many words drawn by chance.
        random_sufficiency: As above, mean of as many words drawn by chance.
    """

    label: Label
    text: str
    words: int
    marked: int
    comprehensiveness: float = 0.0
    sufficiency: float = 0.0
    random_comprehensiveness: float = 0.0
    random_sufficiency: float = 0.0


@dataclass(frozen=True, slots=True)
class _Case:
    text: str
    parent: str | None
    label: Label
    score: float
    places: tuple[Place, ...]
    marked: frozenset[int]


def faithfulness(
    items: Sequence[tuple[str, str | None]], scorer: Scorer, *, seed: int = 0
) -> list[Faithful]:
    """Return a figure per label and post that reaches its review threshold.

    Args:
        items: Texts and the posts that they answer.
        scorer: The model at one operating point.
        seed: Of the random words.
    """
    chance = random.Random(seed)  # noqa: S311 - a comparison, not a secret
    cases = list(_cases(items, scorer))
    choices = [[case.marked, *_draws(case, chance)] if case.marked else [] for case in cases]
    asked = [
        (variant, case.parent)
        for case, chosen in zip(cases, choices, strict=True)
        for some in chosen
        for variant in (_removed(case, some), _kept(case, some))
    ]
    scores = scorer.score_stream(asked)
    found = []
    for case, chosen in zip(cases, choices, strict=True):
        drops = [
            case.score - next(scores).scores.get(case.label, 0.0) for _ in range(2 * len(chosen))
        ]
        given = (case.label, case.text, len(case.places), len(case.marked))
        if not chosen:
            found.append(Faithful(*given))
            continue
        by_chance = float(np.mean(drops[2::2])), float(np.mean(drops[3::2]))
        found.append(Faithful(*given, drops[0], drops[1], *by_chance))
    return found


def summary(found: Sequence[Faithful]) -> dict[str, dict[str, Any]]:
    """Return the means per label and over all, with 95 % intervals over posts, ready for JSON."""
    groups: dict[str, list[Faithful]] = {"all": list(found)}
    groups |= {label: [one for one in found if one.label == label] for label in LABELS}
    return {name: _means(group) for name, group in groups.items() if group}


def _means(group: Sequence[Faithful]) -> dict[str, Any]:
    explained = [one for one in group if one.marked]
    figures: dict[str, Any] = {
        "labels_explained": len(explained),
        "labels_without_evidence": len(group) - len(explained),
        "share_of_words": _mean([one.marked / one.words for one in explained]),
    }
    texts = np.array([one.text for one in explained], dtype=object).astype(str)
    for name in (*FIGURES, *(f"random_{name}" for name in FIGURES)):
        values = np.array([getattr(one, name) for one in explained], dtype=np.float64)
        if not len(values):
            continue
        interval = cluster_bootstrap(_mean, values, groups=texts)
        figures[name] = interval.value
        figures[f"{name}_interval"] = [interval.low, interval.high]
    return figures


def _mean(values: Any) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


def _cases(items: Sequence[tuple[str, str | None]], scorer: Scorer) -> Iterator[_Case]:
    texts, parents = [text for text, _ in items], [parent for _, parent in items]
    for (text, parent), one in zip(items, scorer.explain(texts, parent=parents), strict=True):
        if one.prediction.decision == "clear":
            continue
        places = tuple(raw_words(text))
        for label, score in one.prediction.scores.items():
            if score < scorer.thresholds[label]["review"]:
                continue
            spans = [span for span in one.spans if span.label == label]
            inside = frozenset(
                index
                for index, (start, end) in enumerate(places)
                if any(span.start <= start and end <= span.end for span in spans)
            )
            yield _Case(text, parent, label, score, places, inside)


def _draws(case: _Case, chance: random.Random) -> list[frozenset[int]]:
    indices = range(len(case.places))
    return [frozenset(chance.sample(indices, len(case.marked))) for _ in range(DRAWS)]


def _removed(case: _Case, chosen: frozenset[int]) -> str:
    return without(case.text, [case.places[i] for i in sorted(chosen)])


def _kept(case: _Case, chosen: frozenset[int]) -> str:
    return " ".join(case.text[slice(*case.places[i])] for i in sorted(chosen))
