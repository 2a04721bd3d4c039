"""How far reviewers agree with one another, and each with known cases over time."""

from collections.abc import Mapping
from dataclasses import dataclass

from netralitas_nlp.labels import Label
from netralitas_nlp.review.store import ReviewStore


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement on one label, before adjudication; ``unsure`` counts as an answer of its own.

    Attributes:
        n: Posts that two or more people judged.
        percent: Share of pairs of answers that agree, in [0, 1]; NaN where ``n`` is 0.
        kappa: Cohen's kappa where exactly two people judged, else ``None``.
        alpha: Krippendorff's alpha (nominal); NaN where ``n`` is 0.
        low: Lower end of the 95 % bootstrap interval of ``alpha``, drawing whole accounts.
        high: Upper end.
    """

    n: int
    percent: float
    kappa: float | None
    alpha: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Drift:
    """Agreement of a reviewer with known cases in one month.

    Attributes:
        month: ``2024-11``; empty for all months together.
        n: Answers on labels of known cases.
        agree: Those that are as known.
        share: ``agree / n``.
        low: Lower end of the exact 95 % interval.
        high: Upper end.
    """

    month: str
    n: int
    agree: int
    share: float
    low: float
    high: float


def agreement(store: ReviewStore) -> Mapping[Label, Agreement]:
    """Return the agreement per label."""
    raise NotImplementedError


def drift_of(store: ReviewStore, reviewer: str) -> list[Drift]:
    """Return agreement with known cases, all months together first, then month by month.

    Empty where the reviewer has seen no known case.
    """
    raise NotImplementedError
