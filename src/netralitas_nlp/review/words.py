"""The words of the desk: its own beside those that it shares with the report."""

from datetime import timedelta, timezone
from functools import cache

from netralitas_nlp.errors import catalogue
from netralitas_nlp.labels import Language
from netralitas_nlp.report.moments import moment
from netralitas_nlp.report.words import Words, words
from netralitas_nlp.review.sessions import ZONES, Zone


@cache
def desk_words(lang: Language) -> Words:
    """Return the words of a language; the desk's own win over those of the report."""
    return Words(lang, {**words(lang).entries, **catalogue()["desk"][lang]})


def time_words(posted_at: str | None, w: Words, *, zone: Zone = "WIB") -> str:
    """Return a time in one of the three zones, such as ``21 Sep 2024, 09.00 WITA``.

    A time without zone is shown as written, and says so.
    """
    when = moment(posted_at)
    if when is None:
        return w.plain("time_unknown")
    if not (when.zoned and when.timed):
        return w.moment(when)
    at = when.at.astimezone(timezone(timedelta(hours=ZONES[zone])))
    clock = at.strftime("%H.%M" if w.lang == "id" else "%H:%M")
    return f"{w.day(at)}, {clock} {zone}"
