"""What a confirmed post is held against: pledge clause, stage, acts of the joint decree, rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from netralitas_nlp.errors import UsageError
from netralitas_nlp.labels import Label, TextKind
from netralitas_nlp.policy.clauses import Clause, clause_for
from netralitas_nlp.policy.policies import Policy
from netralitas_nlp.policy.rules import rules_on
from netralitas_nlp.policy.shapes import Act, Rule
from netralitas_nlp.policy.stages import StageAnswer, stages_on

ACTS: Final[dict[TextKind, Act]] = {
    "own": "post",
    "unknown": "post",
    "share": "share",
    "quote": "share",
    "repost": "share",
    "reply": "comment",
}
"""The act on social media, in the words of the joint decree (SKB 22 September 2022)."""


@dataclass(frozen=True, slots=True)
class Provisions:
    """What applies to one post on its day.

    Attributes:
        clauses: One per confirmed label; none where district or day is unknown.
        stages: Elections in whose calendar the day lies.
        acts: Entries of the joint decree that name this kind of act.
        rules: Other rules in force that concern the confirmed labels.
    """

    clauses: tuple[Clause, ...]
    stages: tuple[StageAnswer, ...]
    acts: tuple[Rule, ...]
    rules: tuple[Rule, ...]


def provisions(
    labels: Sequence[Label],
    *,
    kind: TextKind,
    district: str | None,
    on: date | None,
    policy: Policy,
) -> Provisions:
    """Return what applies to a post.

    Args:
        labels: Those that a human confirmed.
        kind: Whose words the post holds.
        district: Name or alias; nothing where it is unknown.
        on: The Indonesian day of the post.
        policy: Wordings, calendars and rules.
    """
    if on is None:
        return Provisions((), (), (), ())
    stages = stages_on(on, policy=policy)
    act = ACTS.get(kind, "post")
    named = [
        rule
        for rule in rules_on(on, labels=labels, election=_election(stages), policy=policy)
        if not rule.acts or act in rule.acts
    ]
    return Provisions(
        clauses=_clauses(labels, district, on, policy),
        stages=stages,
        acts=tuple(rule for rule in named if rule.kind == "joint_decree"),
        rules=tuple(rule for rule in named if rule.kind != "joint_decree"),
    )


def cited_district(clause: str | None, otherwise: str | None) -> str | None:
    """Return the district that a row was held against.

    Args:
        clause: Column ``clause``: ``Luwu Utara 3;Luwu Utara 2``, or why nothing was cited.
        otherwise: The district given for the whole run.
    """
    for entry in (clause or "").split(";"):
        name, _, point = entry.rpartition(" ")
        if name and point.isdigit():
            return name
    return otherwise


def _clauses(
    labels: Sequence[Label], district: str | None, on: date, policy: Policy
) -> tuple[Clause, ...]:
    if district is None:
        return ()
    try:
        return tuple(clause_for(label, district, on, policy=policy) for label in labels)
    except UsageError:  # a run may have been scored with policy files that are not given now
        return ()


def _election(stages: Sequence[StageAnswer]) -> Literal["pemilu", "pilkada"] | None:
    kinds = {answer.election.split("-")[0] for answer in stages}
    if kinds == {"pemilu"}:
        return "pemilu"
    return "pilkada" if kinds == {"pilkada"} else None
