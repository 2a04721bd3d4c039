"""The words of the page in two languages, and how numbers and dates are written in each."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from markupsafe import Markup, escape

from netralitas_nlp.labels import LABEL_NAMES, Label, Language
from netralitas_nlp.report.moments import Moment

_SEPARATORS: Final[dict[Language, tuple[str, str]]] = {"id": (".", ","), "en": (",", ".")}
"""Thousands and decimal signs."""

VERDICTS: Final = ("false", "true", "clarification", "scam", "satire")
"""What checkers of claims find, as the lists of claims have it."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language: ``words(key, name=value)``.

    Values are escaped; the words themselves are ours and may hold markup.
    """

    lang: Language
    entries: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> Markup:
        """Return the words under ``key`` with their values filled in; numbers are formatted."""
        shown = {
            name: escape(self.count(value) if isinstance(value, int) else value)
            for name, value in values.items()
        }
        return Markup(self.entries[key].format(**shown))  # noqa: S704 -- values are escaped above

    def plain(self, key: str, **values: object) -> str:
        """Return the words as text without markup, for attributes and charts."""
        return self(key, **values).striptags()

    def label(self, label: Label) -> str:
        """Return the name of a label."""
        return LABEL_NAMES[self.lang][label]

    def verdict(self, found: str) -> str:
        """Return the verdict of a checker in words; empty where the code is none of ours."""
        return self.plain(f"verdict_{found}") if found in VERDICTS else ""

    def count(self, number: int) -> str:
        """Return a whole number with its thousands apart."""
        return f"{number:,}".replace(",", _SEPARATORS[self.lang][0])

    def decimal(self, number: float, places: int = 2) -> str:
        """Return a number with ``places`` decimals."""
        return f"{number:.{places}f}".replace(".", _SEPARATORS[self.lang][1])

    def score(self, score: float) -> str:
        """Return a probability; never 0 or 1, which would read as certainty."""
        if score < 0.005:
            return "< " + self.decimal(0.01)
        return "> " + self.decimal(0.99) if score >= 0.995 else self.decimal(score)

    def percent(self, part: int, whole: int) -> str:
        """Return a share in per cent, one decimal."""
        if not whole:
            return "–"
        share = 100 * part / whole
        if part and share < 0.05:
            return "< " + self.decimal(0.1, 1) + "\u00a0%"
        return self.decimal(share, 1) + "\u00a0%"

    def size(self, n_bytes: int) -> str:
        """Return the size of a file."""
        size, unit = float(n_bytes), "B"
        for larger in ("kB", "MB", "GB"):
            if size >= 1000:
                size, unit = size / 1000, larger
        shown = self.decimal(size, 1) if unit != "B" and size < 10 else self.count(round(size))
        return f"{shown}\u00a0{unit}"

    def day(self, day: date) -> str:
        """Return a date such as ``21 Sep 2024``."""
        month = self.entries["months"].split()[day.month - 1]
        return f"{day.day}\u00a0{month}\u00a0{day.year}"

    def month(self, day: date) -> str:
        """Return a month such as ``Sep 2024``."""
        return f"{self.entries['months'].split()[day.month - 1]}\u00a0{day.year}"

    def moment(self, when: Moment) -> str:
        """Return a time with its zone, or with the words that the zone is unknown."""
        if not when.timed:
            return f"{self.day(when.at)} ({self.plain('time_of_day_unknown')})"
        clock = when.at.strftime("%H.%M" if self.lang == "id" else "%H:%M")
        zone = "WIB" if when.zoned else f"({self.plain('zone_unknown')})"
        return f"{self.day(when.at)}, {clock} {zone}"


@cache
def words(lang: Language, page: str = "words") -> Words:
    """Return the words of a language for one of the pages."""
    return Words(lang, {key: entry[lang] for key, entry in catalogue(page).items()})


@cache
def catalogue(page: str = "words") -> Mapping[str, Mapping[str, str]]:
    """Return ``{key: {language: words}}`` as written in ``words.toml``, or the file of a page."""
    source = files("netralitas_nlp.report").joinpath(f"{page}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))
