"""Workbooks: the sheets that hold posts, their header wherever it stands, their hyperlinks."""

import datetime as dt
import decimal
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TypeVar

import python_calamine as calamine

from netralitas_nlp.errors import InputError
from netralitas_nlp.io.archives import measure_workbook
from netralitas_nlp.io.headers import SEARCHED, find_header, numbered, unique_names
from netralitas_nlp.io.hyperlinks import SheetFacts, sheet_facts
from netralitas_nlp.io.sources import Source, spool
from netralitas_nlp.io.tables import Overrides, RawRecord, RawTable
from netralitas_nlp.schema import JsonValue, Reject

MAX_CELLS: Final = 200_000_000
"""Most cells of the rectangle around a sheet's contents: 1,048,576 rows of 190 columns."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A worksheet with its header found."""

    name: str
    score: float
    header_row: int | None
    columns: tuple[str, ...]
    preamble: tuple[tuple[str, ...], ...]
    height: int
    notes: Counter[str]
    facts: SheetFacts


def workbook_tables(source: Source, overrides: Overrides) -> list[RawTable]:
    """Return the tables of a workbook: the sheet whose header names most, and its equals.

    Sheets with the very same columns as the best one are tables too (one sheet per month or
    per account); other sheets with contents are named in the note ``sheets_left_out``.

    Raises:
        InputError: Damaged, locked, a bomb, no such sheet, or no sheet with contents.
    """
    whole = spool(source)
    measure_workbook(whole)
    facts = sheet_facts(whole)
    sheets = _sheets(whole, overrides, facts)
    if overrides.sheet is not None:
        chosen = [sheet for sheet in sheets if sheet.name.strip() == overrides.sheet.strip()]
        if not chosen:
            names = ", ".join(sheet.name for sheet in sheets)
            raise InputError("sheet_missing", file=source.name, sheet=overrides.sheet, names=names)
        left: list[_Sheet] = []
    else:
        filled = [sheet for sheet in sheets if sheet.height]
        if not filled:
            raise InputError("workbook_empty", file=source.name, names=len(sheets))
        best = max(filled, key=lambda sheet: (sheet.score, sheet.height))
        chosen = [s for s in filled if s is best or (best.score and s.columns == best.columns)]
        left = [sheet for sheet in filled if sheet not in chosen]
    tables = [_table(whole, sheet) for sheet in chosen]
    if left:
        tables[0].values["sheets_left_out"] = {"names": ", ".join(s.name for s in left)}
        tables[0].notes["sheets_left_out"] = len(left)
        tables[0].begin_pass()
    return tables


def _sheets(source: Source, overrides: Overrides, facts: Mapping[str, SheetFacts]) -> list[_Sheet]:
    book = _open(source)
    found = []
    for meta in book.sheets_metadata:
        if meta.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        known = facts.get(meta.name, SheetFacts())
        if known.cells > MAX_CELLS:
            raise InputError(
                "sheet_vast", file=source.name, sheet=meta.name, count=known.cells, limit=MAX_CELLS
            )
        found.append(_inspect(_sheet(book, meta.name, source.name), overrides, known))
    return found


def _inspect(sheet: calamine.CalamineSheet, overrides: Overrides, facts: SheetFacts) -> _Sheet:
    name = sheet.name
    height = sheet.end[0] + 1 if sheet.end else 0
    first = [[as_text(cell) for cell in row] for row in islice(sheet.iter_rows(), SEARCHED)]
    header = find_header(first, wanted=overrides.text_col)
    width = max(map(len, first), default=0)
    notes: Counter[str] = Counter()
    if header.at is None:
        notes["header_absent"] += bool(first)
        return _Sheet(name, 0.0, None, numbered(width), (), height, +notes, facts)
    columns, repeated, missing = unique_names(first[header.at], width=width)
    preamble = tuple(tuple(row) for row in first[: header.at])
    notes["columns_repeated"] += repeated
    notes["columns_nameless"] += missing
    notes["header_guessed"] += header.score == 0
    notes["preamble_rows"] += sum(1 for row in preamble if any(row))
    return _Sheet(name, header.score, header.at + 1, columns, preamble, height, +notes, facts)


def _table(source: Source, sheet: _Sheet) -> RawTable:
    table = RawTable(
        file=source.name,
        path=source.path,
        sheet=sheet.name,
        format="xlsx",
        encoding=None,
        delimiter=None,
        header_row=sheet.header_row,
        columns=sheet.columns,
        read=lambda: iter(()),
        preamble=sheet.preamble,
        problems=sheet.notes.copy(),
        notes=sheet.notes.copy(),
    )

    def read() -> Iterator[RawRecord | Reject]:
        return _records(source, sheet, table.begin_pass())

    table.read = read
    return table


def _records(source: Source, sheet: _Sheet, problems: Counter[str]) -> Iterator[RawRecord | Reject]:
    rows = _sheet(_open(source), sheet.name, source.name).iter_rows()
    skipped = sheet.header_row or 0
    names, links = sheet.columns, sheet.facts.links
    header = list(names) if sheet.header_row else None
    number = 0
    for at, row in enumerate(islice(rows, skipped, None), start=skipped):
        cells: list[JsonValue] = [as_text(cell) for cell in row]
        for column, formula in sheet.facts.formulas.get(at, {}).items():
            if column < len(cells) and not cells[column]:
                cells[column] = formula
                problems["formulas_as_text"] += 1
        if not any(cells) and at not in links:
            problems["blank_lines"] += 1
            continue
        if cells == header:
            problems["header_repeated"] += 1
            continue
        number += 1
        here = links.get(at, {})
        linked = {names[column]: link for column, link in here.items() if column < len(names)}
        yield RawRecord(number, dict(zip(names, cells, strict=False)), linked)


def as_text(cell: Any) -> str:
    """Return a cell as the text that a reader of the sheet would take it for.

    Whole numbers have no decimal point and every digit that the file holds; dates are ISO 8601.
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        # The shortest form that gives the same number has the digits of the file and no others.
        return format(decimal.Decimal(repr(cell)), "f").removesuffix(".0")
    if isinstance(cell, dt.datetime):
        # Excel stores days as fractions: what is nearer than a millisecond is rounding.
        nearest = cell + dt.timedelta(microseconds=500)
        nearest = nearest.replace(microsecond=nearest.microsecond // 1000 * 1000)
        return nearest.isoformat(timespec="milliseconds" if nearest.microsecond else "seconds")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def _open(source: Source) -> calamine.CalamineWorkbook:
    with source.open() as stream:
        data = io.BytesIO(stream.read())
    return _tried(lambda: calamine.CalamineWorkbook.from_filelike(data), source.name)


def _sheet(book: calamine.CalamineWorkbook, name: str, file: str) -> calamine.CalamineSheet:
    return _tried(lambda: book.get_sheet_by_name(name), file)


_T = TypeVar("_T")


def _tried(call: Callable[[], _T], file: str) -> _T:
    try:
        return call()
    except calamine.PasswordError:
        raise InputError("old_workbook", file=file, what="xlsx") from None
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise InputError("workbook_damaged", file=file, reason=str(error)) from None
    except BaseException as error:
        # A panic inside the Rust library is no ``Exception``; a damaged file must not end so.
        if type(error).__name__ != "PanicException":
            raise
        raise InputError("workbook_damaged", file=file, reason="panic") from None
