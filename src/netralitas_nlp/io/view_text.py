"""Scored files made of text: CSV that Excel opens and never runs, and JSON lines."""

import csv
import io
import json
from typing import Any, BinaryIO, Final

import pyarrow as pa

from netralitas_nlp.io.view_cells import as_text, harmless, utf8
from netralitas_nlp.io.view_layout import ViewLayout
from netralitas_nlp.io.view_rows import ViewRows
from netralitas_nlp.schema import SCORED_SCHEMA, JsonValue

BOM: Final = b"\xef\xbb\xbf"
"""Without it Excel takes UTF-8 for the code page of the machine."""

_TEXT_OUTPUTS: Final = tuple(pa.types.is_string(field.type) for field in SCORED_SCHEMA)


class CsvView:
    """``scored.csv``: UTF-8 with a mark, comma, RFC 4180 quoting.

    Text that a spreadsheet would run gets a leading ``'``; numbers stay numbers.
    """

    def __init__(self, file: BinaryIO, layout: ViewLayout) -> None:
        self._file = file
        self._keys = list(layout.inputs)
        file.write(BOM)
        self._put([[harmless(name) for name in layout.header]])

    def write(self, rows: ViewRows) -> None:
        """Append rows."""
        outputs = [
            [_text_cell(v) for v in values] if is_text else [as_text(v) for v in values]
            for values, is_text in zip(rows.columns(), _TEXT_OUTPUTS, strict=True)
        ]
        keys = self._keys
        self._put(
            [
                [*[_input_cell(row.get(key)) for key in keys], *cells]
                for row, cells in zip(rows.inputs, zip(*outputs, strict=True), strict=True)
            ]
        )

    def _put(self, lines: list[list[str]]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(lines)
        self._file.write(utf8(text.getvalue()))

    def close(self) -> None:
        """Nothing is left to write."""


class JsonlView:
    """``scored.jsonl``: one object per row, input values exactly as read, then ours."""

    def __init__(self, file: BinaryIO, layout: ViewLayout) -> None:
        self._file = file
        self._names = list(layout.outputs.values())
        self._encode = json.JSONEncoder(ensure_ascii=True).encode

    def write(self, rows: ViewRows) -> None:
        """Append rows."""
        names = self._names
        lines = [
            self._line(text, dict(zip(names, values, strict=True)))
            for text, values in zip(rows.texts, zip(*rows.columns(), strict=True), strict=True)
        ]
        self._file.write("".join(lines).encode("ascii"))

    def _line(self, text: str, outputs: dict[str, Any]) -> str:
        ours = self._encode(outputs)
        return f"{ours}\n" if text == "{}" else f"{text[:-1]}, {ours[1:]}\n"

    def close(self) -> None:
        """Nothing is left to write."""


def _text_cell(value: str | None) -> str:
    return "" if value is None else harmless(value)


def _input_cell(value: JsonValue) -> str:
    return harmless(value) if isinstance(value, str) else as_text(value)
