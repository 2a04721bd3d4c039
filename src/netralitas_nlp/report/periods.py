"""Counts per day, gathered into the days, weeks, months or years that a chart can show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from netralitas_nlp.labels import DECISIONS, Decision

Unit = Literal["day", "week", "month", "year"]
DayCounts = Mapping[date, Mapping[Decision, int]]

MAX_DAYS: Final = 62
MAX_WEEKS: Final = 78
MAX_MONTHS: Final = 120
"""Most columns that stay legible on a page 17 cm wide."""

TAIL: Final = 0.005
"""Share of posts at either end that may be left out when a few stray dates stretch the axis."""


@dataclass(frozen=True, slots=True)
class Period:
    """One column of the chart: first day and posts per decision."""

    start: date
    counts: Mapping[Decision, int]

    @property
    def total(self) -> int:
        """All scored posts of the period."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Timeline:
    """Periods without gaps.

    Attributes:
        unit: Length of each period.
        periods: In order; empty where no post has a date.
        first: First day drawn.
        last: Last day drawn.
        before: Posts dated before the first period, not drawn.
        after: Posts dated after the last period, not drawn.
    """

    unit: Unit
    periods: Sequence[Period]
    first: date
    last: date
    before: int = 0
    after: int = 0


def timeline(days: DayCounts) -> Timeline | None:
    """Return the periods that fit the span of ``days``, or ``None`` where there is no day."""
    if not days:
        return None
    first, last = _window(days)
    unit = _unit(first, last)
    sums: dict[date, dict[Decision, int]] = {}
    day = _start(first, unit)
    while day <= last:
        sums[day] = dict.fromkeys(DECISIONS, 0)
        day = _next(day, unit)
    before = after = 0
    for day, counts in days.items():
        if day < first:
            before += sum(counts.values())
        elif day > last:
            after += sum(counts.values())
        else:
            bucket = sums[_start(day, unit)]
            for decision, count in counts.items():
                bucket[decision] += count
    periods = [Period(start, counts) for start, counts in sums.items()]
    return Timeline(unit, periods, first, last, before, after)


def _window(days: DayCounts) -> tuple[date, date]:
    ordered = sorted(days)
    full = (ordered[0], ordered[-1])
    totals = [sum(days[day].values()) for day in ordered]
    allowed = int(sum(totals) * TAIL)
    low, high = _after_tail(totals, allowed), len(ordered) - 1 - _after_tail(totals[::-1], allowed)
    core = (ordered[low], ordered[high])
    # Stray dates are left out only where they would squeeze everything else into a corner.
    return core if (full[1] - full[0]) > 3 * max(core[1] - core[0], timedelta(1)) else full


def _after_tail(totals: Sequence[int], allowed: int) -> int:
    passed = 0
    for index, count in enumerate(totals):
        passed += count
        if passed > allowed:
            return index
    return 0


def _unit(first: date, last: date) -> Unit:
    span = (last - first).days + 1
    if span <= MAX_DAYS:
        return "day"
    if span <= MAX_WEEKS * 7:
        return "week"
    return "month" if span <= MAX_MONTHS * 30 else "year"


def _start(day: date, unit: Unit) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if unit == "year" else day


def _next(start: date, unit: Unit) -> date:
    if unit == "day":
        return start + timedelta(days=1)
    if unit == "week":
        return start + timedelta(days=7)
    return _start(start + timedelta(days=32 if unit == "month" else 370), unit)
