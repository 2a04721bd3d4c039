"""What the answers about a post amount to: which of them stand, and what state the post is in."""

import hashlib
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.verdicts import Answer

State = Literal[0, 1, 2, 3]
WAITS: Final = 0
SECOND: Final = 1
CONFLICT: Final = 2
DECIDED: Final = 3

INDEPENDENT: Final = frozenset({"first", "second", "import"})
"""Kinds that are one person's own judgement of a post."""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that stands: ``seq`` of its row, who gave it, what it says."""

    seq: int
    reviewer: str
    kind: str
    label: Label
    answer: Answer


@dataclass(frozen=True, slots=True)
class Standing:
    """The answers about one text that have not been withdrawn or replaced.

    Attributes:
        reviewers: Reviewer to label to answer, in the order of the first answers.
        decision: Of adjudicators, per label; the last one counts.
        checks: Answers of those to whom the post was shown as a known case.
    """

    reviewers: Mapping[str, Mapping[Label, Given]] = field(default_factory=dict)
    decision: Mapping[Label, Given] = field(default_factory=dict)
    checks: Mapping[str, Mapping[Label, Given]] = field(default_factory=dict)

    def final(self) -> dict[Label, Answer]:
        """Return the answers that count: the adjudicator's, else those all reviewers share."""
        if self.decision:
            return {label: given.answer for label, given in self.decision.items()}
        shared: dict[Label, Answer] = {}
        for label in LABELS:
            said = {of[label].answer for of in self.reviewers.values() if label in of}
            if len(said) == 1:
                shared[label] = said.pop()
        return shared

    def of(self, reviewer: str) -> dict[Label, Answer]:
        """Return the last answers of one person, in whatever role they were given."""
        given = [
            *self.reviewers.get(reviewer, {}).values(),
            *self.checks.get(reviewer, {}).values(),
            *(one for one in self.decision.values() if one.reviewer == reviewer),
        ]
        return {one.label: one.answer for one in sorted(given, key=lambda one: one.seq)}


def standing_of(base: sqlite3.Connection, head: int) -> Standing:
    """Return what stands about a text, whichever of its copies was shown."""
    rows = base.execute(
        "SELECT seq, reviewer, kind, label, verdict, previous FROM verdicts WHERE head = ?"
        " ORDER BY seq",
        (head,),
    ).fetchall()
    withdrawn = {row[5] for row in rows if row[2] == "undo"}
    reviewers: dict[str, dict[Label, Given]] = {}
    checks: dict[str, dict[Label, Given]] = {}
    decision: dict[Label, Given] = {}
    for seq, reviewer, kind, label, verdict, _ in rows:
        if kind == "undo" or seq in withdrawn:
            continue
        given = Given(seq, reviewer, kind, label, verdict)
        if kind == "adjudication":
            decision[label] = given
        else:
            of = checks if kind == "check" else reviewers
            of.setdefault(reviewer, {})[label] = given
    return Standing(reviewers, decision, checks)


def state_of(standing: Standing, *, twice: bool) -> tuple[State, str, int | None]:
    """Return the state of a post, who gave its only judgement, and whether it violates.

    Args:
        standing: Its answers.
        twice: It is one of those that two people judge.

    Returns:
        State; the reviewer in state ``SECOND``, else empty; 1, 0 or, where nothing final is
        known, ``None``.
    """
    said = [{label: g.answer for label, g in of.items()} for of in standing.reviewers.values()]
    final = standing.final()
    if standing.decision:
        return DECIDED, "", _outcome(final)
    if not said:
        return WAITS, "", None
    doubtful = any("unsure" in of.values() for of in said)
    if len(said) == 1:
        if twice or doubtful:
            return SECOND, next(iter(standing.reviewers)), None
        return DECIDED, "", _outcome(final)
    if doubtful or any(of != said[0] for of in said):
        return CONFLICT, "", None
    return DECIDED, "", _outcome(final)


def judged_twice(row_id: str, key: bytes, share: float) -> bool:
    """Return whether a post is among the share that two people judge.

    Drawn by a keyed hash, so that nobody can tell, and the same on every call.
    """
    if share <= 0:
        return False
    raw = hashlib.blake2b(row_id.encode(), key=key[:64], digest_size=8).digest()
    return int.from_bytes(raw, "big") < share * 2**64


def _outcome(final: Mapping[Label, Answer]) -> int | None:
    if "yes" in final.values():
        return 1
    return 0 if all(final.get(label) == "no" for label in LABELS) else None
