"""Records of delimited text, line by line: cells of any size, quotes torn."""

import csv
from collections import deque
from collections.abc import Iterator
from typing import Final

MAX_RECORD: Final = 1 << 26
"""Most characters of one record (64 Mi): a quote that stays open longer than this is torn."""


class RecordReader:
    """Reads records and remembers the physical lines that each one came from.

    The standard ``csv`` reader does the work; where a cell exceeds its limit, which is a setting
    of the whole process and therefore left alone, the record is read again by ``_Record``.

    Attributes:
        seen: Physical lines of the record yielded last.
        unclosed: Whether a quote of that record was still open at the end.
    """

    def __init__(self, lines: Iterator[str], *, delimiter: str, loose: bool = False) -> None:
        self.seen: list[str] = []
        self.unclosed = False
        self._tap = _Tap(lines, self.seen)
        self._delimiter = delimiter
        self._loose = loose

    def __iter__(self) -> Iterator[list[str]]:
        reader = self._reader()
        while True:
            self.seen.clear()
            self.unclosed = False
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                cells = self._again()
                reader = self._reader()
            yield cells

    def push_back(self, lines: list[str]) -> None:
        """Give lines of the last record back, to be read as records of their own."""
        self._tap.pending.extendleft(reversed(lines))

    def open_quote(self) -> bool:
        """Say whether a quote of the last record was never closed."""
        if self.unclosed or len(self.seen) == 1:
            return self.unclosed
        record = _Record(self._delimiter, loose=self._loose)
        return not any(record.feed(line) for line in self.seen)

    def _reader(self) -> Iterator[list[str]]:
        return csv.reader(self._tap, delimiter=self._delimiter, skipinitialspace=self._loose)

    def _again(self) -> list[str]:
        record = _Record(self._delimiter, loose=self._loose)
        size = 0
        for number, line in enumerate(self.seen, start=1):
            size += len(line)
            if record.feed(line):
                # The csv reader stops where its limit is passed, which may be past the record.
                self.push_back(self.seen[number:])
                del self.seen[number:]
                return record.cells
        for line in self._tap:
            size += len(line)
            if record.feed(line):
                return record.cells
            if size > MAX_RECORD:
                break
        self.unclosed = True
        return record.closed_by_force()


class _Tap:
    """An iterator of lines that notes each line, and takes lines back."""

    __slots__ = ("_lines", "_seen", "pending")

    def __init__(self, lines: Iterator[str], seen: list[str]) -> None:
        self._lines = lines
        self._seen = seen
        self.pending: deque[str] = deque()

    def __iter__(self) -> "_Tap":
        return self

    def __next__(self) -> str:
        line = self.pending.popleft() if self.pending else next(self._lines)
        self._seen.append(line)
        return line


class _Record:
    """One record, fed line by line, by the rules of the csv module without its limit."""

    def __init__(self, delimiter: str, *, loose: bool) -> None:
        self.cells: list[str] = []
        self._delimiter = delimiter
        self._loose = loose
        self._parts: list[str] = []
        self._quoted = False
        self._fresh = True

    def feed(self, line: str) -> bool:
        """Add a line; return whether the record ends with it."""
        at, end = 0, len(line.rstrip("\r\n"))
        while True:
            if self._quoted:
                at = self._to_quote(line, at)
                if at < 0:
                    return False
                continue
            if self._fresh and self._loose:
                while line[at : at + 1] == " ":
                    at += 1
            if self._fresh and line[at : at + 1] == '"':
                self._quoted, self._fresh, at = True, False, at + 1
                continue
            stop = line.find(self._delimiter, at, end)
            self._parts.append(line[at : end if stop < 0 else stop])
            self.cells.append("".join(self._parts))
            self._parts, self._fresh = [], True
            if stop < 0:
                return True
            at = stop + 1

    def closed_by_force(self) -> list[str]:
        """Return the cells so far, the open one included."""
        return [*self.cells, "".join(self._parts)]

    def _to_quote(self, line: str, at: int) -> int:
        stop = line.find('"', at)
        if stop < 0:
            self._parts.append(line[at:])
            return -1
        self._parts.append(line[at:stop])
        if line[stop + 1 : stop + 2] == '"':
            self._parts.append('"')
            return stop + 2
        self._quoted = False
        return stop + 1


def is_well_formed(record: str, *, delimiter: str, loose: bool = False) -> bool:
    """Say whether a record is quoted as RFC 4180 asks, so that it can be read in one way only.

    Quotes stand around whole cells, are doubled inside them, and do not occur in bare cells.

    Args:
        record: Physical lines of the record, joined.
        delimiter: The sign between cells.
        loose: Whether blanks may follow the delimiter.
    """
    at, end = 0, len(record.rstrip("\r\n"))
    while True:
        while loose and record.startswith(" ", at):
            at += 1
        if record.startswith('"', at):
            at = _after_quoted(record, at + 1)
            if at < 0:
                return False
            if at >= end:
                return True
            if not record.startswith(delimiter, at):
                return False
        else:
            stop = record.find(delimiter, at, end)
            if record.find('"', at, end if stop < 0 else stop) >= 0:
                return False
            if stop < 0:
                return True
            at = stop
        at += 1


def _after_quoted(record: str, at: int) -> int:
    """Return the place behind the quote that closes a cell, -1 where none does."""
    while (stop := record.find('"', at)) >= 0:
        if not record.startswith('"', stop + 1):
            return stop + 1
        at = stop + 2
    return -1


def plain_cells(line: str, delimiter: str) -> list[str]:
    """Return the cells of a line cut at every delimiter, the quotes around a cell taken off.

    This reads rows of writers that quote a cell without doubling the quotes inside it.
    """
    return [_unquoted(cell) for cell in line.rstrip("\r\n").split(delimiter)]


def _unquoted(cell: str) -> str:
    if len(cell) < 2 or cell[0] != '"' or cell[-1] != '"':
        return cell
    inner = cell[1:-1]
    doubled = inner.count('""')
    return inner.replace('""', '"') if doubled and inner.count('"') == 2 * doubled else inner
