"""How a delimited text is laid out: its delimiter, its header, what stands above it."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import Final

from netralitas_nlp.io.encodings import Encoding, decoded_head
from netralitas_nlp.io.headers import SEARCHED, Header, find_header, numbered, unique_names
from netralitas_nlp.io.sources import Source
from netralitas_nlp.io.tables import Overrides

COMMON: Final = (",", ";", "\t", "|")
"""Delimiters in the order in which a tie is settled."""

SAMPLE: Final = 1 << 18
"""Characters at the start of a file that decide its layout, if they hold two rows."""

MAX_SAMPLE: Final = 1 << 25
"""Characters looked at where a single row is longer than ``SAMPLE``."""

EVEN: Final = 0.8
"""Least share of rows of one width for a delimiter that no known name speaks for."""

_LONE_CR: Final = re.compile(r"\r(?!\r*\n)")
_NEVER: Final = frozenset(" _-./\"'()#@:&+*\r\n\0")
"""Signs that occur inside names and so cannot be told to part them."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a delimited file is laid out.

    Attributes:
        delimiter: The sign between cells.
        loose: Whether a blank follows the delimiter before a quote.
        quotes: Most quotes that a row of plain cells holds; more call for a closer look.
        skipped: Records before the first row of data.
        header_row: Number of the header's line, from 1; ``None`` without header.
        header: Cells of the header, empty without one.
        columns: Names made unique.
        preamble: Rows above the header.
        newline: What ends a line, as ``open`` takes it: a lone CR too if empty.
        notes: Message code to count, found on opening.
    """

    delimiter: str
    loose: bool
    quotes: int
    skipped: int
    header_row: int | None
    header: tuple[str, ...]
    columns: tuple[str, ...]
    preamble: tuple[tuple[str, ...], ...]
    newline: str
    notes: Counter[str]


@dataclass(frozen=True, slots=True)
class _Trial:
    """The first rows under one delimiter, and the number of the line where each starts."""

    rows: list[list[str]]
    lines: list[int]
    header: Header


def layout_of(source: Source, encoding: Encoding, *, overrides: Overrides) -> Layout:
    """Return the layout that the beginning of a text shows.

    The delimiter is the one under which a row holds the most known column names; where no name
    is known, the one that cuts the rows most evenly.

    Raises:
        InputError: The bytes cannot be decoded.
    """
    size = SAMPLE
    while True:
        text = decoded_head(source, encoding, size=size)
        cut = len(text) == size
        newline = _newline(text)
        if newline:
            # The csv module stops at a lone CR; what stands in its place decides nothing here.
            text = _LONE_CR.sub(" ", text)
        told = _told(text)
        candidates = (told,) if told else _candidates(text)
        trials = {
            sign: _trial(text, newline, sign, overrides.text_col, cut=cut) for sign in candidates
        }
        best = max(candidates, key=lambda sign: trials[sign].header.score)
        if not cut or len(trials[best].rows) > 1 or size >= MAX_SAMPLE:
            break
        size *= 8
    if trials[best].header.score == 0:
        best = _evenest({sign: trials[sign].rows for sign in candidates})
    return _layout(best, trials[best], text, newline)


def _layout(sign: str, trial: _Trial, text: str, newline: str) -> Layout:
    loose = _is_loose(text, sign)
    notes: Counter[str] = Counter()
    rows, at = trial.rows, trial.header.at
    if at is None:
        notes["header_absent"] += 1
        skipped = 1 if rows and _is_separator_note(rows[0]) else 0
        columns = numbered(max(map(len, rows[skipped:]), default=0))
        return Layout(sign, loose, 2, skipped, None, (), columns, (), newline, notes)
    columns, repeated, missing = unique_names(rows[at], width=len(rows[at]))
    notes["columns_repeated"] += repeated
    notes["columns_nameless"] += missing
    notes["header_guessed"] += trial.header.score == 0
    preamble = tuple(tuple(row) for row in rows[:at])
    notes["preamble_rows"] += sum(1 for row in preamble if any(row))
    line = next(islice(io.StringIO(text, newline=newline), trial.lines[at] - 1, None), "")
    return Layout(
        delimiter=sign,
        loose=loose,
        quotes=max(2, line.count('"')),
        skipped=at + 1,
        header_row=trial.lines[at],
        header=tuple(rows[at]),
        columns=columns,
        preamble=preamble,
        newline=newline,
        notes=+notes,
    )


def _trial(text: str, newline: str, sign: str, wanted: str | None, *, cut: bool) -> _Trial:
    rows: list[list[str]] = []
    lines: list[int] = []
    reader = csv.reader(
        io.StringIO(text, newline=newline), delimiter=sign, skipinitialspace=_is_loose(text, sign)
    )
    start = 1
    try:
        for row in reader:
            rows.append(row)
            lines.append(start)
            start = reader.line_num + 1
            if len(rows) >= SEARCHED:
                break
    except csv.Error:
        # A cell beyond the limit of the csv module: the rows before it decide.
        cut = False
    if cut and 1 < len(rows) < SEARCHED:
        rows.pop()
    return _Trial(rows, lines, find_header(rows, wanted=wanted))


def _newline(text: str) -> str:
    """Tell whether a lone CR ends a line, as in files of old Macs, or belongs to its cell.

    Writers that end lines with LF may leave a CR inside a cell unquoted, as pandas does.
    """
    head, end, rest = text.partition("\n")
    return "\n" if end and "\n" in rest and "\r" not in head.rstrip("\r") else ""


def _told(text: str) -> str | None:
    """Return the delimiter of the line ``sep=;`` that Excel writes and reads."""
    line = text.lstrip("\ufeff").partition("\n")[0].rstrip("\r")
    return line[4] if line[:4].lower() == "sep=" and len(line) == 5 and line[4] != '"' else None


def _is_separator_note(row: list[str]) -> bool:
    return bool(row) and row[0].lower().startswith("sep=")


def _candidates(text: str) -> tuple[str, ...]:
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    others = (c for c in first if c.isascii() and not c.isalnum() and c not in _NEVER)
    return tuple(dict.fromkeys((*COMMON, *others)))


def _is_loose(text: str, sign: str) -> bool:
    """Say whether a blank stands before the quotes, as some hand-made files have it."""
    quotes = 0
    for piece in text.partition("\n")[0].split(f'{sign} "')[:-1]:
        quotes += piece.count('"')
        # After an odd number of quotes the blank stands inside a quoted cell.
        if quotes % 2 == 0:
            return True
        quotes += 1
    return False


def _evenest(trials: dict[str, list[list[str]]]) -> str:
    """Return the delimiter that cuts the rows into one width above one, without known names."""
    even = {sign: _evenness(rows) for sign, rows in trials.items() if sign in COMMON}
    best = max(even, key=lambda sign: even[sign], default=next(iter(trials)))
    if best not in even or even[best][0] >= EVEN:
        return best
    # Prose in a single column: the sign that leaves it whole.
    return next((s for s in even if all(len(row) <= 1 for row in trials[s])), best)


def _evenness(rows: list[list[str]]) -> tuple[float, int]:
    widths = Counter(len(row) for row in rows if row)
    if not widths:
        return 0.0, 0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return (count / sum(widths.values()), width) if width > 1 else (0.0, 0)
