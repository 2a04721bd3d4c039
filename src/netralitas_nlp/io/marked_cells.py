"""Cells of a worksheet whose text shows its evidence: bold, underlined, a colour for each label."""

import re
from collections.abc import Sequence
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from netralitas_nlp.evidence import Span, segments
from netralitas_nlp.labels import Label

MARKED: Final = "marked_text"
"""Name of the column; only worksheets have it."""

_SINGLE, _DOUBLE = 1, 2
_LOOKS: Final[dict[tuple[Label, ...], dict[str, object]]] = {
    ("candidate_support",): {"underline": _SINGLE, "font_color": "#1A4B94"},
    ("hate_speech",): {"underline": _DOUBLE, "font_color": "#A32020"},
    ("hoax",): {"italic": True, "font_color": "#7A4B00"},
}
"""Told apart without colour: one line, two lines, slanted."""

_SEVERAL: Final[dict[str, object]] = {"underline": _DOUBLE, "italic": True, "font_color": "#5B2A86"}

_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f]")
_ESCAPE: Final = re.compile("_(?=x[0-9a-fA-F]{4}_)")


class MarkedCells:
    """Writes such cells into one workbook. They are text and never formulas.

    Args:
        book: That holds the formats.
    """

    def __init__(self, book: Workbook) -> None:
        self._plain: Format = book.add_format({})
        self._several: Format = book.add_format({"bold": True, **_SEVERAL})
        self._looks: dict[tuple[Label, ...], Format] = {
            labels: book.add_format({"bold": True, **look}) for labels, look in _LOOKS.items()
        }

    def write(
        self, sheet: Worksheet, row: int, column: int, text: str, spans: Sequence[Span]
    ) -> None:
        """Write a text with its spans marked.

        Args:
            sheet: Where to.
            row: From 0.
            column: From 0.
            text: At most what a cell holds; spans behind its end are left out.
            spans: Of the text.
        """
        parts: list[tuple[Format, str]] = [
            (self._look(part.labels), part.text) for part in segments(_shown(text), spans)
        ]
        if len(parts) == 1:
            look, whole = parts[0]
            sheet.write_string(row, column, whole, look)
        elif parts:
            sheet.write_rich_string(row, column, *(piece for part in parts for piece in part))

    def write_plain(self, sheet: Worksheet, row: int, column: int, text: str) -> None:
        """Write a text of at least two characters in two pieces that look alike."""
        sheet.write_rich_string(row, column, text[:1], self._plain, text[1:])

    def _look(self, labels: tuple[Label, ...]) -> Format:
        if not labels:
            return self._plain
        return self._looks.get(labels, self._several)


def _shown(text: str) -> str:
    """Return a text of the same length without what XlsxWriter would escape twice."""
    pictures = _CONTROL.sub(lambda m: chr(0x2400 + ord(m[0])), text)
    return _ESCAPE.sub("\N{FULLWIDTH LOW LINE}", pictures)
