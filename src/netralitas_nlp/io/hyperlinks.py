"""What the spreadsheet library leaves out: the addresses behind cells, and how wide a sheet is."""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from netralitas_nlp.errors import InputError
from netralitas_nlp.io.archives import part_chunks
from netralitas_nlp.io.formulas import formulas_without_result
from netralitas_nlp.io.sources import Source

MAX_LINKED_CELLS: Final = 1_000_000
"""Most cells that links may cover; Excel itself stops at 65,530 links on a sheet."""

_CELL: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_FAR: Final = re.compile(rb"""r\s*=\s*["'](?:([A-Z]{2,3})\d|(\d{5,7}))""")
_LINKS: Final = re.compile(rb"<(?:\w+:)?hyperlinks[\s>]")
_OVERLAP: Final = 64


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What the XML of a sheet tells.

    Attributes:
        cells: Size of the rectangle from A1 that holds every cell, roughly, never too small.
        links: Row to column to address, both from 0.
        formulas: Row to column to formula, for formulas without a stored result.
    """

    cells: int = 0
    links: Mapping[int, Mapping[int, str]] = field(default_factory=dict)
    formulas: Mapping[int, Mapping[int, str]] = field(default_factory=dict)


def sheet_facts(source: Source) -> dict[str, SheetFacts]:
    """Return the facts of every sheet of a workbook whose parts have been measured.

    Raises:
        InputError: The workbook's own lists are damaged.
    """
    try:
        targets = _relations(source, "xl/workbook.xml")
        return {
            name: _facts(source, targets[key])
            for name, key in _sheet_keys(source)
            if key in targets
        }
    except expat.ExpatError as error:
        raise InputError("workbook_damaged", file=source.name, reason=str(error)) from None


def _sheet_keys(source: Source) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "sheet" and "name" in attributes:
            key = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            found.append((attributes["name"], key))

    _parse(part_chunks(source, "xl/workbook.xml"), start)
    return found


def _relations(source: Source, part: str) -> dict[str, str]:
    folder, name = posixpath.split(part)
    found: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "Relationship" and "Id" in attributes:
            target = attributes.get("Target", "")
            if attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
            found[attributes["Id"]] = target

    _parse(part_chunks(source, f"{folder}/_rels/{name}.rels"), start)
    return found


def _facts(source: Source, part: str) -> SheetFacts:
    width, height, tail = _extent(part_chunks(source, part))
    formulas = formulas_without_result(lambda: part_chunks(source, part))
    if not tail:
        return SheetFacts(width * height, formulas=formulas)
    addresses = _relations(source, part)
    links: dict[int, dict[int, str]] = {}
    covered = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal covered
        key = next((v for k, v in attributes.items() if k.endswith(":id")), None)
        address = addresses.get(key or "", "")
        if _local(tag) != "hyperlink" or not address.startswith(("http://", "https://")):
            return
        for row, column in _cells(attributes.get("ref", "")):
            covered += 1
            if covered > MAX_LINKED_CELLS:
                return
            links.setdefault(row, {})[column] = address

    _parse(iter((b"<part>", tail, b"</part>")), start)
    return SheetFacts(width * height, links, formulas)


def _extent(chunks: Iterator[bytes]) -> tuple[int, int, bytes]:
    """Return the columns and rows that a sheet reaches at most, and its list of links."""
    # Up to Z and 9,999 nobody looks: such a rectangle is small.
    width, height = 26, 9_999
    tail = b""
    links: list[bytes] = []
    for chunk in chunks:
        if links:
            links.append(chunk)
            continue
        data = tail + chunk
        for match in _FAR.finditer(data):
            if match[1]:
                width = max(width, _column(match[1].decode()) + 1)
            else:
                height = max(height, int(match[2]))
        found = _LINKS.search(data)
        if found is not None:
            links.append(data[found.start() :])
        tail = data[-_OVERLAP:]
    if not links:
        return width, height, b""
    text = b"".join(links)
    end = re.search(rb"</(?:\w+:)?hyperlinks\s*>", text)
    return width, height, text[: end.end()] if end else b""


def _cells(reference: str) -> Iterator[tuple[int, int]]:
    corners = [match for match in map(_CELL.fullmatch, reference.split(":")) if match]
    if not corners:
        return
    first, last = corners[0], corners[-1]
    for row in range(int(first[2]) - 1, int(last[2])):
        for column in range(_column(first[1]), _column(last[1]) + 1):
            yield row, column


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _parse(chunks: Iterator[bytes], start: Callable[[str, dict[str, str]], None]) -> None:
    """Feed XML to a parser that refuses declarations, and so every kind of entity bomb."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    fed = False
    for chunk in chunks:
        parser.Parse(chunk, False)
        fed = True
    if fed:
        parser.Parse(b"", True)


def _refuse_doctype(*_: object) -> None:
    raise expat.ExpatError("document type declaration")
