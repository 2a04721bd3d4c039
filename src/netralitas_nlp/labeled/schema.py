"""The form of ``data/labeled/posts.csv`` as ``schema.toml`` states it, checked row by row."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from netralitas_nlp.datafiles import Many, Name, Shape, read_shape
from netralitas_nlp.labels import LABELS

Row = Mapping[str, str]
Cells = Annotated[str, Field(max_length=2000)]


class Column(Shape):
    """One column: its type, whether it may be empty, and what it may hold.

    Attributes:
        type: ``flag`` is 0 or 1, ``choice`` one of ``values``, ``pattern`` a full match.
        aliases: Old or mistaken spellings and what replaces them; not valid themselves.
        number_alias: Pattern of spellings of a ballot number, for ``canonical``.
    """

    type: Literal["text", "flag", "choice", "pattern"]
    empty: bool
    meaning: Name
    unique: bool = False
    max_characters: int | None = None
    pattern: Name | None = None
    forbidden_prefixes: Many[str] = ()
    values: Mapping[str, Name] = Field(default_factory=dict)
    aliases: Mapping[str, Name] = Field(default_factory=dict)
    city_only: Many[Name] = ()
    number_alias: Name | None = None
    number_words: Mapping[str, int] = Field(default_factory=dict)

    @cached_property
    def _full(self) -> re.Pattern[str]:
        return re.compile(self.pattern or "")

    def wrong(self, cell: str) -> str:
        """Return the code of what is wrong with a cell, or nothing."""
        if not cell:
            return "" if self.empty else "empty"
        if self.max_characters is not None and len(cell) > self.max_characters:
            return "too_long"
        if self.type == "flag" and cell not in ("0", "1"):
            return "not_a_flag"
        if self.type == "choice" and cell not in self.values:
            return "not_allowed"
        if self.type == "pattern" and self.pattern and not self._full.fullmatch(cell):
            return "not_allowed"
        if cell.startswith(self.forbidden_prefixes):
            return "not_allowed"
        return "not_allowed" if cell in self.city_only or cell in self.aliases else ""

    def canonical(self, cell: str) -> str:
        """Return the valid spelling of a cell written in a known wrong way; others as they are."""
        cell = self.aliases.get(cell, cell.strip() if self.type != "text" else cell)
        for prefix in self.forbidden_prefixes:
            cell = cell.removeprefix(prefix).strip()
        if cell in self.city_only:
            return f"Kota {cell}"
        if self.number_alias and (found := re.fullmatch(self.number_alias, cell, re.IGNORECASE)):
            last = found.groups()[-1].lower()
            return f"nomor {self.number_words.get(last, last.lstrip('0'))}"
        return cell


class Rule(Shape):
    """A row to which every ``if`` applies must satisfy every ``then``."""

    name: Name
    when: Annotated[dict[str, Many[Cells]], Field(alias="if")]
    then: dict[str, Many[Cells]]


class Groups(Shape):
    """Rules between rows."""

    pair_size: int
    pair_differs_in_a_label: bool
    same_within_pair: Many[Name]
    same_within_group: Many[Name]
    same_within_author_batch: Many[Name]


class Goals(Shape):
    """What the data set must hold before it counts as finished.

    Attributes:
        least: Name of a count (``check.count``) and the least it may be.
        most_repeating_share: Share of the posts that may repeat a run of words.
        alpha: Least Krippendorff's alpha per label between the two votes.
    """

    least: dict[str, int]
    most_repeating_share: float
    alpha: float


class Schema(Shape):
    """The whole of ``schema.toml``."""

    version: Name
    guideline: Name
    order: Many[Name]
    columns: dict[str, Column]
    rules: Many[Rule]
    groups: Groups
    goals: Goals


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a table.

    Attributes:
        code: What it is; key of a message.
        row: Data row, from 1; 0 where it concerns the whole file.
        column: Where in the row; empty where it concerns several.
        value: What was found.
        expected: What would be right, where a few words say it.
    """

    code: str
    row: int = 0
    column: str = ""
    value: str = ""
    expected: str = ""


def load_schema(path: Path) -> Schema:
    """Return the schema.

    Raises:
        InputError: The file is missing or malformed; the message names the key.
    """
    return read_shape(path, Schema)


def canonical(row: Row, schema: Schema) -> dict[str, str]:
    """Return a row with known wrong spellings replaced."""
    return {
        name: schema.columns[name].canonical(cell) if name in schema.columns else cell
        for name, cell in row.items()
    }


def problems(header: Sequence[str], rows: Sequence[Row], schema: Schema) -> Iterator[Problem]:
    """Yield everything in which a table departs from its schema.

    Args:
        header: Columns of the file in order.
        rows: Its data rows, every cell a string.
        schema: What they must satisfy.
    """
    if list(header) != list(schema.order):
        yield Problem("header", value=", ".join(header), expected=", ".join(schema.order))
        return
    for number, row in enumerate(rows, start=1):
        yield from _of_row(number, row, schema)
    for name, column in schema.columns.items():
        if column.unique:
            yield from _repeated(name, rows)
    yield from _between(rows, schema)


def _of_row(number: int, row: Row, schema: Schema) -> Iterator[Problem]:
    for name, column in schema.columns.items():
        if code := column.wrong(row[name]):
            expected = ", ".join(column.values) or column.pattern or ""
            yield Problem(code, number, name, row[name], expected)
    for rule in schema.rules:
        if all(row[name] in allowed for name, allowed in rule.when.items()):
            for name, allowed in rule.then.items():
                if row[name] not in allowed:
                    yield Problem("rule", number, name, row[name], rule.name)
    batch = row["author_batch"]
    if not row["id"].startswith(f"{batch}-") or not row["group_id"].startswith(f"{batch}:"):
        yield Problem("rule", number, "author_batch", batch, "id_and_group_belong_to_batch")


def _repeated(name: str, rows: Sequence[Row]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        if first.setdefault(row[name], number) != number:
            yield Problem("repeated", number, name, row[name])


def _between(rows: Sequence[Row], schema: Schema) -> Iterator[Problem]:
    rules = schema.groups
    pairs = _by("pair_id", rows)
    for name, numbers in pairs.items():
        members = [rows[number - 1] for number in numbers]
        if len(members) != rules.pair_size:
            yield Problem("pair_size", numbers[0], "pair_id", name, str(rules.pair_size))
        elif rules.pair_differs_in_a_label and len({_labels(row) for row in members}) == 1:
            yield Problem("pair_same_labels", numbers[0], "pair_id", name)
    sameness = (
        ("pair_id", rules.same_within_pair),
        ("group_id", rules.same_within_group),
        ("author_batch", rules.same_within_author_batch),
    )
    for key, columns in sameness:
        for name, numbers in _by(key, rows).items():
            for column in columns:
                if len({rows[number - 1][column] for number in numbers}) > 1:
                    yield Problem("straddles", numbers[0], column, name)


def _by(column: str, rows: Iterable[Row]) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows, start=1):
        if row[column]:
            found[row[column]].append(number)
    return found


def _labels(row: Row) -> tuple[str, ...]:
    return tuple(row[label] for label in LABELS)
