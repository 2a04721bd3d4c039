"""What travels inside the reading room: raw tables from containers, tables of posts."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from netralitas_nlp.schema import JsonValue, Post, Reject


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the user says about a file, which always wins over what is recognised.

    Column values are names, dotted paths, or numbers counted from 0 for a file without header.
    """

    text_col: str | None = None
    account_col: str | None = None
    time_col: str | None = None
    url_col: str | None = None
    id_col: str | None = None
    parent_col: str | None = None
    sheet: str | None = None
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record of a container, before anybody asks what it means.

    Attributes:
        row: Number of the record in its table, from 1; header and preamble not counted.
        fields: Column to value, in the order of the file. Cells of text tables are strings as
            written; JSON keeps its nesting, its integers (exact) and its nulls.
        links: Column to address, for spreadsheet cells that carry a hyperlink.
    """

    row: int
    fields: Mapping[str, JsonValue]
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a table.

    Attributes:
        holds: Whether a row is among them, by its number from 1.
        first: None of them stands before this one.
        stop: None of them stands at this one or after it; ``None`` where nobody knows.
    """

    holds: Callable[[int], bool]
    first: int = 1
    stop: int | None = None


@dataclass(slots=True)
class RawTable:
    """A table found in a file, not yet understood.

    Attributes:
        file: Name as the user gave it, with ``!member`` for a member of an archive.
        path: Where the bytes are; ``None`` for standard input.
        sheet: Name of the worksheet, if the container has sheets.
        format: ``csv``, ``json``, ``jsonl``, ``x-archive``, ``telegram``, ``whatsapp``, ``xlsx``,
            ``parquet`` ….
        encoding: Text encoding used, ``None`` for binary containers.
        delimiter: Of a text table, else ``None``.
        header_row: Number of the line or row that holds the header, from 1; ``None`` where the
            first row is data or the container needs none.
        columns: Names in order, made unique; for JSON the top-level keys of the first records.
        read: Starts a fresh pass over the records. Broken ones come as ``Reject``.
        preamble: Rows above the header, as cells.
        problems: Message code to count; grows while ``read`` is consumed.
        values: What the placeholders of the messages stand for, by message code.
        notes: Message code to count, found on opening; every pass starts ``problems`` with them.
        n_rows: How many records there are, where the container says so before it is read.
        span: As ``read`` for the records of some numbers, from the first to the one before the
            second; ``None`` where the container has to be read from its beginning.
    """

    file: str
    path: Path | None
    sheet: str | None
    format: str
    encoding: str | None
    delimiter: str | None
    header_row: int | None
    columns: tuple[str, ...]
    read: Callable[[], Iterator[RawRecord | Reject]]
    preamble: tuple[tuple[str, ...], ...] = ()
    problems: Counter[str] = field(default_factory=Counter)
    values: dict[str, dict[str, str | int]] = field(default_factory=dict)
    notes: Counter[str] = field(default_factory=Counter)
    n_rows: int | None = None
    span: Callable[[int, int], Iterator[RawRecord | Reject]] | None = None

    def begin_pass(self) -> Counter[str]:
        """Set ``problems`` back to what was found on opening, and return it."""
        self.problems.clear()
        self.problems.update(self.notes)
        return self.problems


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Which column plays which role: a source column, a dotted JSON path, or ``None``.

    Joined columns are written ``a+b``; ``name*`` means "taken from the address in that column".
    """

    text: str | None = None
    account: str | None = None
    posted_at: str | None = None
    url: str | None = None
    post_id: str | None = None
    parent_text: str | None = None


@dataclass(slots=True)
class Table:
    """A table whose columns are understood. Iterating starts a fresh pass over all rows.

    Attributes:
        raw: Where the rows come from.
        preset: Name of the tool that wrote the file, ``None`` where only the headers told.
        columns: The roles.
        problems: Message code to count; complete once an iteration has ended.
        n_rows: How many row numbers there are, where that is known before reading and rows can be
            reached without reading those before them.
    """

    raw: RawTable
    preset: str | None
    columns: ColumnMap
    rows: Callable[[Rows | None], Iterator[Post | Reject]]
    problems: Counter[str] = field(default_factory=Counter)
    n_rows: int | None = None

    def __iter__(self) -> Iterator[Post | Reject]:
        return self.rows(None)

    def some(self, rows: Rows) -> Iterator[Post | Reject]:
        """Start a fresh pass over some rows; the others are passed over at little cost.

        ``problems``, of the raw table too, then count what belongs to these rows alone, beside
        what was found on opening. What is noticed between two rows belongs to the later one, what
        is noticed after the last row to that one.
        """
        return self.rows(rows)
