"""When a post was written: ISO 8601 in, the day in Western Indonesian Time and words out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Final

WIB: Final = timezone(timedelta(hours=7), "WIB")
ZONES: Final = (
    WIB,
    timezone(timedelta(hours=8), "WITA"),
    timezone(timedelta(hours=9), "WIT"),
    timezone(timedelta(0), "UTC"),
)
"""The three zones of Indonesia (Keppres 41/1987), and the one in which platforms write."""
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
"""Years outside this range are faults of an export (a zero timestamp, a wrong unit)."""

_DATE_ONLY = len("2024-09-21")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that could be read.

    Attributes:
        at: In WIB where the zone is known, else as written.
        zoned: Whether the export named the zone.
        timed: Whether the export named the time of day.
    """

    at: datetime
    zoned: bool
    timed: bool

    @property
    def day(self) -> date:
        """The day on which the post counts."""
        return self.at.date()


def moment(posted_at: str | None) -> Moment | None:
    """Return the moment that ``posted_at`` names, or ``None`` where it names none.

    Args:
        posted_at: ISO 8601, with or without zone, with or without time of day.
    """
    if not posted_at:
        return None
    try:
        at = datetime.fromisoformat(posted_at)
        zoned = at.tzinfo is not None
        if zoned:
            at = at.astimezone(WIB)
    except (ValueError, OverflowError):
        return None
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        return None
    return Moment(at=at, zoned=zoned, timed=len(posted_at) > _DATE_ONLY)
