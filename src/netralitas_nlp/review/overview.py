"""Counts of the desk: what waits and what is decided. No score and no rank of a person."""

from collections.abc import Mapping
from dataclasses import dataclass

from netralitas_nlp.labels import Label
from netralitas_nlp.review.agreement import Agreement
from netralitas_nlp.review.store import ReviewStore


@dataclass(frozen=True, slots=True)
class Count:
    """Flagged and borderline posts (and others that were judged), copies counted once.

    Attributes:
        waiting: Nobody has judged them.
        second: Wait for a second reviewer.
        conflict: Wait for an adjudicator.
        decided: Finished.
        confirmed: Of these, with a yes on some label.
    """

    waiting: int = 0
    second: int = 0
    conflict: int = 0
    decided: int = 0
    confirmed: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    """The desk at a glance.

    Attributes:
        total: All posts.
        districts: By district of the clause; ``""`` where none is known.
        labels: By label that the model flagged; a post may count under several.
        days: By day of publication (``2024-09-21``), ``""`` where unknown, in order.
        progress: Posts judged by day of the judgement (UTC), in order.
        agreement: Per label.
    """

    total: Count
    districts: Mapping[str, Count]
    labels: Mapping[Label, Count]
    days: Mapping[str, Count]
    progress: Mapping[str, int]
    agreement: Mapping[Label, Agreement]


def overview(store: ReviewStore) -> Overview:
    """Return the counts of the desk."""
    raise NotImplementedError
