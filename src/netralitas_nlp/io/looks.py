"""What the values of a column look like: prose, numbers, times, addresses, copies of another."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from netralitas_nlp.io.paths import present
from netralitas_nlp.io.roles import text_of
from netralitas_nlp.io.times import is_relative, iso_time
from netralitas_nlp.schema import JsonValue

ENOUGH_ROWS: Final = 6
"""Fewest filled rows on which a column is judged by its values."""

_NUMBER: Final = re.compile(r"[+-]?\d[\d.,]*(?:[eE]\+?\d+)?%?")
_CLOCK: Final = re.compile(
    r"\s*\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\.\d+)?\s*(?:[ap]\.?m\.?|wib|wita|wit)?\s*", re.IGNORECASE
)
_MIDNIGHT: Final = re.compile(r"[T ]00:00(?::00(?:\.0+)?)?$")
_LIST: Final = re.compile(r"\s*[\[{].*[\]}]\s*", re.DOTALL)
_WORD: Final = re.compile(r"\w+")
_RAW_SIGNS: Final = re.compile(r"[A-Z@#!?\"'()\U0001f300-\U0001faff]|https?:")


@dataclass(frozen=True)
class Look:
    """The filled values of a column in the sample, as text.

    Attributes:
        path: Where they lie.
        cells: One per record, empty where blank.
    """

    path: str
    cells: tuple[str, ...]

    @cached_property
    def filled(self) -> tuple[str, ...]:
        """The cells that hold something."""
        return tuple(cell for cell in self.cells if cell)

    @cached_property
    def mean_words(self) -> float:
        """Words per filled cell."""
        return sum(len(cell.split()) for cell in self.filled) / max(1, len(self.filled))

    @cached_property
    def distinct(self) -> float:
        """Share of filled cells that differ, in [0, 1]; 1 for an empty column."""
        return len(set(self.filled)) / len(self.filled) if self.filled else 1.0

    @cached_property
    def repeats(self) -> bool:
        """Whether one value stands in many rows, as the address of a parent post does."""
        return len(self.filled) >= ENOUGH_ROWS and self.distinct < 0.5

    @cached_property
    def numeric(self) -> bool:
        """Whether nearly all cells are numbers."""
        return self._share(_NUMBER.fullmatch) > 0.8

    @cached_property
    def addresses(self) -> bool:
        """Whether nearly all cells are web addresses and nothing else."""
        return (
            self._share(lambda c: c.startswith(("http://", "https://")) and " " not in c.strip())
            > 0.8
        )

    @cached_property
    def clock_only(self) -> bool:
        """Whether cells hold a time of day without a date."""
        return self._share(_CLOCK.fullmatch) > 0.8

    @cached_property
    def date_only(self) -> bool:
        """Whether cells hold a date without a time of day; spreadsheets add midnight."""
        return self._share(lambda c: len(iso_time(_MIDNIGHT.sub("", c))) == 10) > 0.8

    @cached_property
    def times(self) -> bool:
        """Whether most cells can be read as a time, relative ones included."""
        return self._share(lambda c: iso_time(c) or is_relative(c)) > 0.5

    @cached_property
    def not_words(self) -> bool:
        """Whether this cannot be what people wrote: numbers, addresses, times, lists, codes."""
        if not self.filled:
            return False
        codes = len(self.filled) >= 20 and len(set(self.filled)) <= 3 and self.mean_words < 3
        lists = self._share(_LIST.fullmatch) > 0.5
        dates = self._share(lambda c: bool(iso_time(c))) > 0.8
        return self.numeric or self.addresses or codes or lists or dates

    @cached_property
    def rawness(self) -> float:
        """Share of cells with capitals, mentions, hashtags, marks, links or emoji."""
        return self._share(_RAW_SIGNS.search)

    def is_raw_of(self, copy: "Look") -> bool:
        """Say whether ``copy`` is this column cleaned: its words are here, its marks are gone."""
        pairs = [(a, b) for a, b in zip(self.cells, copy.cells, strict=True) if a and b]
        if len(pairs) < 2 or self.rawness <= copy.rawness + 0.2:
            return False
        kept = [_overlap(b, a) for a, b in pairs]
        longer = sum(len(a) for a, _ in pairs) >= sum(len(b) for _, b in pairs) * 0.9
        return longer and sum(kept) / len(kept) >= 0.6

    def _share(self, holds: Callable[[str], object]) -> float:
        if not self.filled:
            return 0.0
        return sum(bool(holds(cell)) for cell in self.filled) / len(self.filled)


def look_at(path: str, values: Sequence[JsonValue]) -> Look:
    """Return the look of a column."""
    return Look(path, tuple(text_of(v).strip() if present(v) else "" for v in values))


def _overlap(part: str, whole: str) -> float:
    words = set(_WORD.findall(part.casefold()))
    return len(words & set(_WORD.findall(whole.casefold()))) / len(words) if words else 0.0
