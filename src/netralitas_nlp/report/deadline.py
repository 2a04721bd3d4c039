"""The seven days within which a report has to be made."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from netralitas_nlp.errors import UsageError

DAYS: Final = 7
"""UU 7/2017 art. 454(6) and UU 1/2015 as amended, art. 134(4): a report is made within seven days
of becoming known. The first counts working days; calendar days are the safe reading of both."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when a report can be made.

    Attributes:
        known_on: The day on which the event became known to the reporter.
        last: Last day; the day after ``known_on`` is the first of the seven.
        left: Days from today to ``last``; 0 on the last day, negative once it has passed.
    """

    known_on: date
    last: date
    left: int


def deadline(known_on: date, *, today: date) -> Deadline:
    """Return the deadline that follows from the day of becoming known.

    Raises:
        UsageError: That day lies after ``today``.
    """
    if known_on > today:
        raise UsageError("dossier_known_later", value=known_on, today=today)
    try:
        last = known_on + timedelta(days=DAYS)
    except OverflowError:
        raise UsageError("dossier_known_later", value=known_on, today=today) from None
    return Deadline(known_on, last, (last - today).days)
