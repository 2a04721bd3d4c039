"""Which rules hold on a day, and who oversees then."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from netralitas_nlp.labels import Label
from netralitas_nlp.policy.policies import Policy, released_policy
from netralitas_nlp.policy.shapes import Institution, Rule


def rules_on(
    on: date,
    *,
    labels: Iterable[Label] | None = None,
    election: Literal["pemilu", "pilkada"] | None = None,
    policy: Policy | None = None,
) -> tuple[Rule, ...]:
    """Return the rules in force on a day, in the order of the files.

    Args:
        on: The day.
        labels: Keep rules that concern one of these; ``None`` keeps all, also those on
            handling and data.
        election: Leave out rules limited to the other kind of election.
        policy: Defaults to the packaged one.
    """
    wanted = None if labels is None else set(labels)
    return tuple(
        rule
        for rule in (policy or released_policy()).rules
        if rule.since <= on
        and (rule.until is None or on <= rule.until)
        and (wanted is None or wanted & set(rule.labels))
        and (election is None or not rule.elections or election in rule.elections)
    )


def doubtful(rule: Rule, on: date) -> bool:
    """Say whether the standing of a rule has to be checked by the reader on that day."""
    return not rule.since_certain or (rule.check_from is not None and on >= rule.check_from)


def overseers_on(on: date, *, policy: Policy | None = None) -> tuple[Institution, ...]:
    """Return the institutions that oversee on a day, in the order of the files."""
    return tuple(
        body
        for body in (policy or released_policy()).institutions
        if body.since <= on and (body.until is None or on <= body.until)
    )
