"""Scored files made of text: CSV that Excel opens and never runs, and JSON lines."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
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
        columns = [_text_cells(rows.input_column(key)) for key in self._keys]
        for values, is_text in zip(rows.scored.columns, _TEXT_OUTPUTS, strict=True):
            if values.null_count == len(values):
                columns.append([""] * len(values))
            elif is_text:
                columns.append(_text_cells(values.to_pylist()))
            else:
                columns.append([as_text(value) for value in values.to_pylist()])
        self._put(zip(*columns, strict=True))

    def _put(self, lines: Iterable[Sequence[str]]) -> None:
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


def _text_cells(values: Sequence[JsonValue]) -> list[str]:
    # Most cells begin with a letter or a digit, and nothing that does is ever a formula.
    return [
        (v if v[:1].isalnum() or not v else harmless(v)) if isinstance(v, str) else as_text(v)
        for v in values
    ]
