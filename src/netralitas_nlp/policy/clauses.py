"""Which point of which pledge a label falls under, in one district on one day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.policy.policies import Policy, released_policy
from netralitas_nlp.policy.shapes import District, Placement, Pledge

Standing = Literal["found", "no_date", "before", "after", "not_covered"]
Caution = Literal["date_uncertain", "paraphrase", "unnumbered", "other_election"]


@dataclass(frozen=True, slots=True)
class Clause:
    """The answer for one label.

    Attributes:
        label: The label asked about.
        district: The district, as its file names it.
        standing: ``found``; ``no_date``: the day is unknown; ``before``: no pledge is on record
            by that day; ``after``: the last pledge has ended; ``not_covered``: no point of the
            pledge covers the label. Only ``found`` cites a point.
        pledge: The pledge that counted on that day.
        placement: Where the label falls in it.
        cautions: What the reader has to know about the source.
    """

    label: Label
    district: str
    standing: Standing
    pledge: Pledge | None = None
    placement: Placement | None = None
    cautions: tuple[Caution, ...] = ()

    @property
    def point(self) -> int | None:
        """The point that is cited; ``None`` where nothing is."""
        return self.placement.point if self.placement else None

    @property
    def wording(self) -> str:
        """The text of that point as reported; empty where nothing is cited."""
        if self.pledge is None or self.placement is None:
            return ""
        return self.pledge.wording(self.placement.point)

    @property
    def citation(self) -> str:
        """District and point, for example ``Luwu Utara 3``; empty where nothing is cited."""
        return f"{self.district} {self.point}" if self.placement else ""


def clause_for(
    label: Label, district: str, on: date | None, *, policy: Policy | None = None
) -> Clause:
    """Return the clause that a label falls under.

    Args:
        label: One of the three labels.
        district: Name or alias of a district.
        on: The day of the post; ``None`` if unknown, in which case nothing is cited.
        policy: Defaults to the packaged one.

    Raises:
        UsageError: The district is not known.
    """
    policy = policy or released_policy()
    found = policy.district(district)
    name = found.district
    if on is None:
        return Clause(label, name, "no_date")
    pledge = pledge_on(found, on)
    if pledge is None:
        standing: Standing = "before" if on < found.pledge[0].date else "after"
        return Clause(label, name, standing)
    placement = pledge.labels.get(label)
    if placement is None:
        return Clause(label, name, "not_covered", pledge)
    return Clause(label, name, "found", pledge, placement, _cautions(pledge, on, policy))


def pledge_on(district: District, on: date) -> Pledge | None:
    """Return the pledge that counts on a day: the latest one made by then, unless it has ended."""
    made = [pledge for pledge in district.pledge if pledge.date <= on]
    if not made or (made[-1].until and on > made[-1].until):
        return None
    return made[-1]


def citation(
    labels: Iterable[Label], district: str, on: date | None, *, policy: Policy | None = None
) -> str:
    """Return what a row cites for its labels, joined by ``;`` in the order of ``LABELS``.

    Each point stands once; empty where nothing is cited.

    Raises:
        UsageError: The district is not known.
    """
    wanted = set(labels)
    cited = [
        clause_for(label, district, on, policy=policy).citation
        for label in LABELS
        if label in wanted
    ]
    return ";".join(dict.fromkeys(filter(None, cited)))


def _cautions(pledge: Pledge, on: date, policy: Policy) -> tuple[Caution, ...]:
    found: list[Caution] = []
    if not pledge.date_certain:
        found.append("date_uncertain")
    if pledge.form == "paraphrase":
        found.append("paraphrase")
    if not pledge.numbered:
        found.append("unnumbered")
    if pledge.elections and not _names_a_running_election(pledge, on, policy):
        found.append("other_election")
    return tuple(found)


def _names_a_running_election(pledge: Pledge, on: date, policy: Policy) -> bool:
    for name in pledge.elections:
        stages = policy.elections[name].stage if name in policy.elections else ()
        if stages and min(s.start for s in stages) <= on <= max(s.end for s in stages):
            return True
    return False
