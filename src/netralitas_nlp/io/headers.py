"""Which row of a table holds the column names, and the names made unique."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from netralitas_nlp.io.vocabulary import folded, header_score

SEARCHED: Final = 50
"""Rows searched for the header; ExportComments puts it in row 6, media monitors lower."""

MAX_NAME: Final = 200
"""Longest cell that can be a column name, in characters."""

_NUMBER: Final = re.compile(r"[-+]?[\d.,:/\s%]+")
_NO_NAME: Final = re.compile(r"[@#!?…]|https?:|\.\s*$|\n")


@dataclass(frozen=True, slots=True)
class Header:
    """The row of names.

    Attributes:
        at: Place of the row in the list searched, from 0; ``None`` where the first row is data.
        score: How many known names it holds, weighted; 0 where it is told by its looks alone.
    """

    at: int | None
    score: float


def find_header(rows: Sequence[Sequence[str]], *, wanted: str | None = None) -> Header:
    """Return which of the first rows is the header.

    Args:
        rows: The first rows of a table as cells; blank rows may be empty.
        wanted: Column that the user named; a row that holds it is the header, and a number
            says that an unknown first row is data.
    """
    searched = rows[:SEARCHED]
    if wanted is not None and not wanted.isdecimal():
        name = folded(wanted)
        for at, row in enumerate(searched):
            if any(folded(cell) == name for cell in row if len(cell) <= MAX_NAME):
                return Header(at, max(header_score(row), 1.0))
    best = Header(None, 0.0)
    filled_above = 0
    for at, row in enumerate(searched):
        filled = sum(1 for cell in row if cell.strip())
        # Above a header stand titles and blank rows, which fill fewer cells than it does.
        if filled > filled_above and _could_name(row):
            score = header_score(row)
            if score > best.score:
                best = Header(at, score)
        filled_above = max(filled_above, filled)
    if best.at is not None:
        return best
    first = next((at for at, row in enumerate(searched) if any(c.strip() for c in row)), None)
    if first is None or (wanted is not None and wanted.isdecimal()):
        return best
    return Header(first, 0.0) if _looks_named(searched[first], searched[first + 1 :]) else best


def unique_names(cells: Sequence[str], *, width: int) -> tuple[tuple[str, ...], int, int]:
    """Return column names made unique, and how many were repeated and how many missing.

    A repeated name gets ``_2``, ``_3`` …; a missing one becomes ``column_N``, counted from 1.

    Args:
        cells: The header row.
        width: Least number of names.
    """
    given = [cell.strip().lstrip("\ufeff") for cell in cells]
    given += [""] * (width - len(given))
    taken = {name for name in given if name}
    names: list[str] = []
    used: set[str] = set()
    next_number: dict[str, int] = {}
    repeated = missing = 0
    for position, written in enumerate(given, start=1):
        name = written or f"column_{position}"
        missing += not written
        repeated += bool(written) and written in used
        unique, number = name, next_number.get(name, 2)
        # A made-up name must not take the place of one that is written further on.
        while unique in used or (unique != written and unique in taken):
            unique = f"{name}_{number}"
            number += 1
        next_number[name] = number
        used.add(unique)
        names.append(unique)
    return tuple(names), repeated, missing


def numbered(width: int) -> tuple[str, ...]:
    """Return the names of a table without header: its column numbers from 0."""
    return tuple(str(number) for number in range(width))


def _could_name(row: Sequence[str]) -> bool:
    return all(len(cell) <= MAX_NAME for cell in row)


def _looks_named(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Tell unknown names from data: short distinct words above cells of another kind."""
    names = [cell.strip() for cell in row]
    if not all(names) or len({folded(name) for name in names}) < len(names):
        return False
    if any(len(n.split()) > 4 or _NO_NAME.search(n) or _NUMBER.fullmatch(n) for n in names):
        return False
    data = [r for r in below if len(r) == len(row)]
    return bool(data) and any(
        _of_another_kind(name, [r[at] for r in data]) for at, name in enumerate(names)
    )


def _of_another_kind(name: str, cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    if not filled:
        return False
    numbers = sum(1 for cell in filled if _NUMBER.fullmatch(cell))
    mean = sum(map(len, filled)) / len(filled)
    return numbers > 0.9 * len(filled) or (mean > 25 and mean > 2 * len(name))
