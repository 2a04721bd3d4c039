"""Counts of the desk: what waits and what is decided. No score and no rank of a person."""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.review.agreement import Agreement, agreement_in
from netralitas_nlp.review.store import ReviewStore

_POINT: Final = re.compile(r"\s+\d+$")
"""End of a clause such as ``Luwu Utara 3``: the point of the pledge."""

_COUNTED: Final = "copy = 0 AND (raised = 1 OR state IN (1, 2, 3)) AND state >= 0"


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
    """Return the counts of the desk; one pass over the posts."""
    with store.base.read() as base:
        total: defaultdict[str, Count] = defaultdict(Count)
        districts: defaultdict[str, Count] = defaultdict(Count)
        labels: defaultdict[str, Count] = defaultdict(Count)
        days: defaultdict[str, Count] = defaultdict(Count)
        for state, confirmed, clause, named, day, n in base.execute(
            "SELECT state, coalesce(outcome, 0), clause, labels, coalesce(day, ''), count(*)"  # noqa: S608
            f" FROM posts WHERE {_COUNTED} GROUP BY 1, 2, 3, 4, 5"
        ):
            for table, keys in (
                (total, ("",)),
                (districts, districts_of(clause)),
                (labels, named.split(";") if named else ()),
                (days, (day,)),
            ):
                for key in keys:
                    table[key] = _plus(table[key], state, confirmed, n)
        return Overview(
            total=total[""],
            districts=dict(sorted(districts.items())),
            labels={label: labels[label] for label in LABELS},
            days=dict(sorted(days.items())),
            progress=_progress(base),
            agreement=agreement_in(base),
        )


def _plus(count: Count, state: int, confirmed: int, n: int) -> Count:
    if state == 0:
        return replace(count, waiting=count.waiting + n)
    if state == 1:
        return replace(count, second=count.second + n)
    if state == 2:
        return replace(count, conflict=count.conflict + n)
    return replace(count, decided=count.decided + n, confirmed=count.confirmed + confirmed * n)


def districts_of(clause: str) -> Sequence[str]:
    """Return the districts of a clause, each once; one empty name where none is cited."""
    named = [part.strip() for part in clause.split(";")]
    found = {_POINT.sub("", part) for part in named if part and not part.startswith("?")}
    return sorted(found) or [""]


def _progress(base: sqlite3.Connection) -> dict[str, int]:
    found = base.execute(
        "SELECT substr(decided_at, 1, 10), count(DISTINCT act) FROM verdicts"
        " WHERE kind <> 'undo' GROUP BY 1 ORDER BY 1"
    )
    return {day: int(n) for day, n in found}
