"""Scored files made of tables: Parquet, and XLSX whose cells are text and never formulas."""

import contextlib
from collections import Counter
from datetime import UTC, datetime
from typing import Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.worksheet import Worksheet

from netralitas_nlp.evidence import from_json
from netralitas_nlp.io.marked_cells import MARKED, MarkedCells
from netralitas_nlp.io.view_cells import as_text, without_surrogates
from netralitas_nlp.io.view_layout import ViewLayout, unused_output
from netralitas_nlp.io.view_rows import ViewRows
from netralitas_nlp.schema import SCORED_SCHEMA, JsonValue

SHEET_ROWS: Final = 1_048_575
"""Rows of a worksheet under its header (Excel's limit is 1,048,576 in all)."""

SHEET_COLUMNS: Final = 16_384
CELL_UNITS: Final = 32_767
"""UTF-16 units of a cell (Excel, "specifications and limits")."""

_NO_DATE: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Same rows, same bytes: the file does not carry the moment of its making."""


class TypeMismatchError(Exception):
    """A value that does not fit the type its column has in the input.

    Attributes:
        column: The input column.
    """

    def __init__(self, column: str) -> None:
        super().__init__(column)
        self.column = column


class ParquetView:
    """``scored.parquet``: input columns as text or in their own type, then ours typed."""

    def __init__(self, file: BinaryIO, layout: ViewLayout) -> None:
        self._layout = layout
        self.schema = pa.schema(
            [
                *(
                    pa.field(name, layout.types.get(key, pa.string()))
                    for key, name in layout.inputs.items()
                ),
                *(pa.field(layout.outputs[f.name], f.type) for f in SCORED_SCHEMA),
            ]
        )
        self._writer = pq.ParquetWriter(file, self.schema, compression="zstd")

    def write(self, rows: ViewRows) -> None:
        """Append rows as one row group.

        Raises:
            TypeMismatchError: A value does not fit the type of its column.
        """
        columns = [self._column(key, rows.input_column(key)) for key in self._layout.inputs]
        arrays = [*columns, *rows.scored.columns]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self.schema))

    def _column(self, key: str, values: list[JsonValue]) -> pa.Array:
        kind = self._layout.types.get(key)
        if kind is None:
            return text_array(
                [v if v is None or isinstance(v, str) else as_text(v) for v in values]
            )
        try:
            if any(isinstance(v, str) for v in values):
                return pa.array(values, pa.string()).cast(kind)
            return pa.array(values, kind)
        except (pa.ArrowException, UnicodeEncodeError, TypeError, OverflowError):
            raise TypeMismatchError(key) from None

    def close(self) -> None:
        """Write the footer."""
        self._writer.close()

    def abandon(self) -> None:
        """Let go of the file after a failure, so that nothing is written to it any more."""
        with contextlib.suppress(OSError, pa.ArrowException, ValueError):
            self._writer.close()


class XlsxView:
    """``scored.xlsx``: text cells for everything read, numbers for our figures.

    A last column, ``marked_text``, repeats the text of rows with evidence, its words marked.

    Args:
        file: Where the workbook goes.
        layout: Names of the columns.
        room: Folder for the rows that wait for the workbook to be closed.
        notes: Counts what a worksheet cannot hold.
        sheet_rows: Rows per worksheet.
    """

    def __init__(
        self,
        file: BinaryIO,
        layout: ViewLayout,
        *,
        room: str,
        notes: Counter[str],
        sheet_rows: int = SHEET_ROWS,
    ) -> None:
        self._file = file
        self._notes = notes
        self._sheet_rows = sheet_rows
        most_inputs = SHEET_COLUMNS - len(layout.outputs) - 1
        self._keys = list(layout.inputs)[:most_inputs]
        if len(layout.inputs) > most_inputs:
            notes["xlsx_columns_left_out"] = len(layout.inputs) - most_inputs
        self._header = [layout.inputs[key] for key in self._keys] + list(layout.outputs.values())
        self._header.append(unused_output(MARKED, set(layout.header)))
        self._evidence = list(layout.outputs).index("evidence")
        options = {"constant_memory": True, "tmpdir": room, "use_zip64": True}
        self._book = xlsxwriter.Workbook(file, options)
        self._book.set_properties({"created": _NO_DATE})
        self._marked = MarkedCells(self._book)
        self._sheets = 0
        self._sheet: Worksheet = self._new_sheet()

    def _new_sheet(self) -> Worksheet:
        self._sheets += 1
        name = "scored" if self._sheets == 1 else f"scored {self._sheets}"
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(self._header):
            self._text(sheet, 0, column, title)
        self._row = 0
        return sheet

    def write(self, rows: ViewRows) -> None:
        """Append rows; a full worksheet is followed by another one."""
        outputs = zip(*rows.columns(), strict=True)
        for inputs, scored, post in zip(rows.inputs, outputs, rows.posts, strict=True):
            if self._row == self._sheet_rows:
                self._sheet = self._new_sheet()
            self._row += 1
            self._put([as_text(inputs.get(key)) for key in self._keys], scored)
            spans = from_json(scored[self._evidence], post or "")
            if spans:
                cell = self._row, len(self._header) - 1
                self._marked.write(self._sheet, *cell, self._fitting(post or ""), spans)

    def _put(self, inputs: list[str], scored: tuple[Any, ...]) -> None:
        row, sheet = self._row, self._sheet
        for column, text in enumerate(inputs):
            if text:
                self._text(sheet, row, column, text)
        for column, value in enumerate(scored, start=len(inputs)):
            if value is None or value == "":
                continue
            if isinstance(value, str):
                self._text(sheet, row, column, value)
            elif isinstance(value, bool):
                sheet.write_boolean(row, column, value)
            else:
                sheet.write_number(row, column, value)

    def _text(self, sheet: Worksheet, row: int, column: int, text: str) -> None:
        text = self._fitting(text)
        if text.startswith("<r>") and text.endswith("</r>"):
            # XlsxWriter takes such text for markup of its own and writes it as it stands.
            self._marked.write_plain(sheet, row, column, text)
        else:
            sheet.write_string(row, column, text)

    def _fitting(self, text: str) -> str:
        text = without_surrogates(text).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
        # A character is one or two UTF-16 units, so short texts need no counting.
        if 2 * len(text) <= CELL_UNITS or len(text.encode("utf-16-le")) <= 2 * CELL_UNITS:
            return text
        self._notes["xlsx_cells_cut"] += 1
        return text.encode("utf-16-le")[: 2 * CELL_UNITS].decode("utf-16-le", "ignore")

    def close(self) -> None:
        """Put the workbook together.

        Raises:
            OSError: The disk is full.
        """
        try:
            self._book.close()
        except FileCreateError as error:
            raise error.args[0] from None

    def abandon(self) -> None:
        """Let go of the workbook after a failure, so that nothing tries to finish it."""
        self._book.fileclosed = True


def text_array(values: list[str | None]) -> pa.Array:
    """Return a text column; half surrogate pairs, which Arrow cannot hold, become U+FFFD."""
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:
        return pa.array([v if v is None else without_surrogates(v) for v in values], pa.string())
