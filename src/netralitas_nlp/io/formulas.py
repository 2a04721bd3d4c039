"""Formula cells that hold no result: words that began with ``-`` or ``=`` when they were pasted.

Crawlers that write workbooks store such a comment as a formula nobody ever calculated. The
spreadsheet library reads it as empty, so the words would be lost.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

MAX_CHARACTERS: Final = 50_000_000
"""Most characters of such formulas that are kept; they are held in memory."""

_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s>/]")
_CELL: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_OVERLAP: Final = 64


def formulas_without_result(chunks: Callable[[], Iterator[bytes]]) -> dict[int, dict[int, str]]:
    """Return the formulas of a sheet that have no stored result, as the cell would show them.

    Args:
        chunks: Starts a pass over the XML of the sheet.

    Returns:
        Row to column to ``=formula``, both from 0.

    Raises:
        expat.ExpatError: The XML is damaged or declares a document type.
    """
    if not _has_formula(chunks()):
        return {}
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.words
    parser.StartDoctypeDeclHandler = _refuse_doctype
    for chunk in chunks():
        parser.Parse(chunk, False)
    parser.Parse(b"", True)
    return reader.found


@dataclass(slots=True)
class _Reader:
    found: dict[int, dict[int, str]] = field(default_factory=dict)
    cell: str = ""
    inside: str = ""
    formula: list[str] = field(default_factory=list)
    result: bool = False
    kept: int = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if name == "c":
            self.cell, self.formula, self.result = attributes.get("r", ""), [], False
        self.inside = name if name in ("f", "v", "t") else ""

    def words(self, text: str) -> None:
        if self.inside == "f":
            self.formula.append(text)
        elif self.inside:
            self.result = True

    def end(self, tag: str) -> None:
        self.inside = ""
        if not tag.endswith(" c") and tag != "c":
            return
        place = _CELL.fullmatch(self.cell)
        words = "".join(self.formula)
        if place and words and not self.result and self.kept + len(words) <= MAX_CHARACTERS:
            self.kept += len(words)
            column = 0
            for letter in place[1]:
                column = column * 26 + ord(letter) - ord("A") + 1
            self.found.setdefault(int(place[2]) - 1, {})[column - 1] = f"={words}"


def _has_formula(chunks: Iterator[bytes]) -> bool:
    tail = b""
    for chunk in chunks:
        data = tail + chunk
        if _FORMULA.search(data):
            return True
        tail = data[-_OVERLAP:]
    return False


def _refuse_doctype(*_: object) -> None:
    raise expat.ExpatError("document type declaration")
