"""Delimited text: commas, semicolons, tabs or any other sign, quoted or not, ragged or torn."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from netralitas_nlp.errors import InputError
from netralitas_nlp.io.encodings import Encoding, open_text
from netralitas_nlp.io.layout import Layout, layout_of
from netralitas_nlp.io.lines import limited_lines
from netralitas_nlp.io.records import RecordReader, is_well_formed, plain_cells
from netralitas_nlp.io.sources import Source
from netralitas_nlp.io.tables import Overrides, RawRecord, RawTable
from netralitas_nlp.io.tails import without_cut_tail
from netralitas_nlp.schema import MAX_RAW, Reject

MAX_COLUMNS: Final = 100_000
"""Most columns of a table; six times what a spreadsheet can hold."""

MIN_SALVAGE: Final = 4
"""Fewest columns at which a single line of a torn record may be trusted to be a row itself."""

_NO_LINKS: Final[dict[str, str]] = {}


def delimited_table(source: Source, encoding: Encoding, overrides: Overrides) -> RawTable:
    """Return a delimited text as a table of string cells.

    Short rows are padded and counted. A row with filled cells beyond the header becomes a
    ``Reject``: its words could stand under the wrong account.

    Raises:
        InputError: The text cannot be decoded, or has more columns than any table.
    """
    layout = layout_of(source, encoding, overrides=overrides)
    if len(layout.columns) > MAX_COLUMNS:
        count = len(layout.columns)
        raise InputError("columns_too_many", file=source.name, count=count, limit=MAX_COLUMNS)
    table = RawTable(
        file=source.name,
        path=source.path,
        sheet=None,
        format="csv",
        encoding=encoding.name,
        delimiter=layout.delimiter,
        header_row=layout.header_row,
        columns=layout.columns,
        read=lambda: iter(()),
        preamble=layout.preamble,
        problems=layout.notes.copy(),
        notes=layout.notes,
    )

    def read() -> Iterator[RawRecord | Reject]:
        return _Pass(source, encoding, layout, table.begin_pass()).rows()

    table.read = read
    return table


class _Pass:
    """One pass over the rows of a delimited text."""

    def __init__(
        self, source: Source, encoding: Encoding, layout: Layout, problems: Counter[str]
    ) -> None:
        self._source = source
        self._encoding = encoding
        self._layout = layout
        self._columns = layout.columns
        self._width = len(layout.columns)
        self._problems = problems
        self._row = 0

    def rows(self) -> Iterator[RawRecord | Reject]:
        """Yield the rows; the last one of a stream that broke off is a reject."""
        with open_text(self._source, self._encoding, newline=self._layout.newline) as stream:
            lines = limited_lines(stream, file=self._source.name)
            if self._source.seekable:
                yield from self._read(lines)
            else:
                yield from without_cut_tail(
                    self._read(lines), stream=stream.buffer, file=self._source.name
                )

    def _read(self, lines: Iterator[str]) -> Iterator[RawRecord | Reject]:
        layout, columns, width = self._layout, self._columns, self._width
        reader = RecordReader(lines, delimiter=layout.delimiter, loose=layout.loose)
        header, seen, quotes = list(layout.header), reader.seen, layout.quotes
        watched = self._encoding.damaged or self._encoding.foreign or self._encoding.nul
        for cells in islice(reader, layout.skipped, None):
            if watched:
                self._count_damage(seen)
            usual = len(seen) == 1 and seen[0].count('"') <= quotes
            if usual and len(cells) == width and cells != header:
                self._row += 1
                yield RawRecord(self._row, dict(zip(columns, cells, strict=True)), _NO_LINKS)
            elif not cells:
                self._problems["blank_lines"] += 1
            elif cells == header:
                self._problems["header_repeated"] += 1
            else:
                yield from self._unusual(cells, reader)

    def _unusual(self, cells: list[str], reader: RecordReader) -> Iterator[RawRecord | Reject]:
        """Yield a record that spans lines, holds many quotes, or has another width."""
        seen, width = reader.seen, self._width
        fits = len(cells) == width
        if width > 1:
            split = [plain_cells(line, self._layout.delimiter) for line in seen]
            each_fits = all(len(row) == width for row in split)
            if self._is_exact(cells, seen):
                doubtful = each_fits and len(seen) > 1 and width >= MIN_SALVAGE
                self._problems["lines_like_rows"] += doubtful
                yield self._fitted(cells, seen)
                return
            if split != [cells] and each_fits:
                # Each line is a row of its own: quotes inside a cell were not doubled.
                self._problems["quotes_repaired"] += len(split)
                for row in split:
                    yield self._record(row)
                return
            if not fits and len(seen) > 1:
                yield from self._torn(cells, split, reader)
                return
        yield self._fitted(cells, seen)

    def _is_exact(self, cells: list[str], seen: Sequence[str]) -> bool:
        """Say whether the quotes of a record tell its cells, whatever its lines look like.

        A cell may hold a line that would make a row; the standard leaves no doubt about it. Only
        where the row has the wrong number of cells may a stray quote have swallowed others.
        """
        width, layout = self._width, self._layout
        fits = len(cells) >= width and not any(cell.strip() for cell in cells[width:])
        if not fits and width >= MIN_SALVAGE:
            return False
        return is_well_formed("".join(seen), delimiter=layout.delimiter, loose=layout.loose)

    def _torn(
        self, cells: list[str], split: list[list[str]], reader: RecordReader
    ) -> Iterator[RawRecord | Reject]:
        """Yield what can be saved of a record that swallowed lines, the rest as rejects."""
        seen = list(reader.seen)
        whole = [len(row) == self._width for row in split]
        if not any(whole) or self._width < MIN_SALVAGE:
            if reader.open_quote():
                yield from self._rejects(seen, "reject_quote_open")
            else:
                yield self._fitted(cells, seen)
            return
        self._problems["quotes_torn"] += 1
        if reader.open_quote():
            if whole[0]:
                yield self._record(split[0])
            else:
                yield from self._rejects(seen[:1], "reject_quote_torn")
            reader.push_back(seen[1:])
            return
        waiting: list[str] = []
        for line, row, fits in zip(seen, split, whole, strict=True):
            if not fits:
                waiting.append(line)
                continue
            yield from self._rejects(waiting, "reject_quote_torn")
            waiting = []
            yield self._record(row)
        yield from self._rejects(waiting, "reject_quote_torn")

    def _fitted(self, cells: list[str], seen: Sequence[str]) -> RawRecord | Reject:
        """Return a row padded or cut to the width of the header."""
        width = self._width
        if len(cells) < width:
            self._problems["rows_short"] += 1
            return self._record(cells + [""] * (width - len(cells)))
        extra = cells[width:]
        if width == 1 and extra:
            # With one column there is no other account to accuse: the cell held the delimiter.
            self._problems["cells_rejoined"] += 1
            return self._record([self._layout.delimiter.join(cells)])
        if any(cell.strip() for cell in extra):
            self._row += 1
            values = {"found": len(cells), "expected": width}
            raw = "".join(seen)[:MAX_RAW]
            return Reject(self._source.name, self._row, "reject_row_wide", values=values, raw=raw)
        if extra:
            self._problems["cells_beyond"] += 1
        return self._record(cells[:width])

    def _record(self, cells: list[str]) -> RawRecord:
        self._row += 1
        return RawRecord(self._row, dict(zip(self._columns, cells, strict=True)), _NO_LINKS)

    def _rejects(self, lines: Sequence[str], code: str) -> Iterator[Reject]:
        """Yield lines as rejects, as many as it takes to lose none of them."""
        raw = ""
        for line in lines:
            if raw and len(raw) + len(line) > MAX_RAW:
                yield self._reject(raw, code)
                raw = ""
            raw += line
        if raw:
            yield self._reject(raw, code)

    def _reject(self, raw: str, code: str) -> Reject:
        self._row += 1
        return Reject(self._source.name, self._row, code, raw=raw[:MAX_RAW])

    def _count_damage(self, seen: Sequence[str]) -> None:
        text = "".join(seen)
        if "\0" in text:
            self._problems["nul_bytes"] += 1
        if "\ufffd" in text:
            self._problems["bytes_replaced"] += 1
        elif self._encoding.foreign and not text.isascii():
            self._problems["bytes_foreign"] += 1
