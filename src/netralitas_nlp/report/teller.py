"""How a dossier speaks: its language, its names for people, its times and addresses."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from netralitas_nlp.errors import phrase
from netralitas_nlp.labels import LABEL_NAMES, Label, Language
from netralitas_nlp.pseudonyms import bare_name, pseudonym
from netralitas_nlp.report.case import Case
from netralitas_nlp.report.moments import WIB, ZONES, moment
from netralitas_nlp.report.names import Names
from netralitas_nlp.report.untrusted import link
from netralitas_nlp.report.words import words


@dataclass(frozen=True, slots=True)
class Teller:
    """Puts the facts of a case into words.

    Attributes:
        case: The case.
        lang: Language of the paper.
        reveal: Show the name of the account.
        reviewer_names: Show the names of reviewers; otherwise they are numbered.
    """

    case: Case
    lang: Language
    reveal: bool = False
    reviewer_names: bool = False

    def say(self, key: str, **values: object) -> str:
        """Return words of the catalogue."""
        return phrase("dossier_doc", key, lang=self.lang, **values)

    def labels(self, labels: Iterable[Label]) -> str:
        """Return the names of labels."""
        return ", ".join(LABEL_NAMES[self.lang][label] for label in labels)

    def account(self, name: str) -> str:
        """Return how an account is called; accounts other than the case's keep a pseudonym."""
        if not name:
            return self.say("unknown")
        if self.reveal and bare_name(name) == self.case.account:
            return bare_name(name)
        return pseudonym(name, key=self.case.key)

    def reviewer(self, name: str) -> str:
        """Return how a reviewer is called."""
        if self.reviewer_names:
            return name
        return self.say("reviewer", n=self.case.reviewers.index(name) + 1)

    def hidden(self, text: str) -> str:
        """Return a short text with the name of the account taken out, unless it is revealed."""
        if self.reveal or not text:
            return text
        named = Names([self.case.account])
        if not named.within(text):
            return text
        rest = re.sub(re.escape(self.case.account), "…", text, flags=re.IGNORECASE)
        return "…" if named.within(rest) else rest

    def address(self, url: str | None) -> tuple[str, str]:
        """Return what is printed of an address, and what a click opens (or nothing)."""
        found = link(url or "", account=self.case.account, reveal=self.reveal)
        if found is None:
            return self.say("link_unknown"), ""
        if found.withheld:
            return self.say("link_hidden"), ""
        return found.shown, found.href

    def day(self, day: date) -> str:
        """Return a date such as ``21 Sep 2024``."""
        return words(self.lang).day(day)

    def at(self, when: datetime) -> str:
        """Return a moment to the minute, in WIB."""
        there = when.astimezone(WIB)
        return f"{self.day(there.date())}, {self._clock(there)} WIB"

    def times(self, posted_at: str | None) -> tuple[str, ...]:
        """Return a time in the three zones of Indonesia and in UTC, and as exported."""
        when = moment(posted_at)
        if when is None:
            if not posted_at:
                return (self.say("time_unknown"),)
            return self.say("time_unreadable"), self.say("time_exported", time=posted_at)
        if not when.timed:
            return (f"{self.day(when.day)} ({self.say('time_day_only')})",)
        if not when.zoned:
            clock = f"{self.day(when.day)}, {self._clock(when.at)}"
            return (f"{clock} ({self.say('time_no_zone')})",)
        told: list[str] = []
        shown: date | None = None
        for zone in ZONES:
            there = when.at.astimezone(zone)
            day = "" if there.date() == shown else f"{self.day(there.date())}, "
            told.append(f"{day}{self._clock(there)} {zone.tzname(None)}")
            shown = there.date()
        return " · ".join(told), self.say("time_exported", time=posted_at)

    def short_time(self, posted_at: str | None) -> str:
        """Return a time in one zone."""
        when = moment(posted_at)
        return words(self.lang).moment(when) if when else self.say("time_unknown")

    def score(self, score: float | None) -> str:
        """Return a probability to three digits, rounded down.

        Down, so that rounding lifts no score over a threshold that it does not reach.
        """
        if score is None:
            return self.say("unknown")
        return words(self.lang).decimal(math.floor(score * 1000) / 1000, 3)

    def number(self, number: float) -> str:
        """Return a number with two decimals."""
        return words(self.lang).decimal(number)

    def _clock(self, when: datetime) -> str:
        return when.strftime("%H.%M" if self.lang == "id" else "%H:%M")
