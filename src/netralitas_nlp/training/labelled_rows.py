"""A researcher's own labelled posts, read from whatever table they were labelled in."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from netralitas_nlp.errors import InputError, phrase
from netralitas_nlp.io.readers import open_export
from netralitas_nlp.io.tables import Overrides, Table
from netralitas_nlp.io.view_cells import as_text, original
from netralitas_nlp.labels import LABELS
from netralitas_nlp.schema import Post, Reject

AUTHOR_COLUMNS: Final = ("author_batch", "account")
"""Columns that tell who wrote a post, the first one present counts."""

_VALUES: Final = {
    "1": 1.0, "1.0": 1.0, "true": 1.0, "0": 0.0, "0.0": 0.0, "false": 0.0, "": math.nan,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """One labelled post.

    Attributes:
        number: Place in its file, from 1, header not counted.
        row_id: Its ``id`` (or ``row_id``); the number where there is none.
        text: As its author wrote it, never empty.
        parent_text: What it answers or shares; empty where unknown.
        labels: 1, 0 or NaN (not labelled) per label, in the order of ``LABELS``.
        author: Account or batch of the author; empty where unknown.
        group: ``group_id``; empty where unknown.
    """

    number: int
    row_id: str
    text: str
    parent_text: str
    labels: tuple[float, ...]
    author: str
    group: str


@dataclass(frozen=True, slots=True)
class LabelledTable:
    """The labelled rows of a file.

    Attributes:
        rows: Those with a text and at least one label.
        unlabelled: Rows without any label yet; left out.
        empty: Labelled rows without a text; left out.
    """

    rows: tuple[LabelledRow, ...]
    unlabelled: int
    empty: int

    @property
    def truth(self) -> npt.NDArray[np.float64]:
        """The labels, (rows, labels), of 1, 0 or NaN."""
        return np.array([row.labels for row in self.rows], dtype=np.float64).reshape(-1, 3)


def read_labelled(path: Path) -> LabelledTable:
    """Return the labelled posts of a table (CSV, XLSX, JSONL, Parquet, any separator or encoding).

    Args:
        path: With a column ``text`` and one per label, holding 1, 0 or nothing (not labelled);
            ``id``, ``parent_text``, ``author_batch`` or ``account``, and ``group_id`` are read
            where present.

    Raises:
        InputError: The file or a column is missing, a label is none of these, a row cannot be
            read, an id occurs twice, or nothing is labelled.
    """
    rows: list[LabelledRow] = []
    unlabelled = empty = 0
    seen: dict[str, int] = {}
    for number, post in enumerate(_posts(path), start=1):
        labels = tuple(_label(post, name, path, number) for name in LABELS)
        if all(math.isnan(value) for value in labels):
            unlabelled += 1
            continue
        if not original(post.text).strip():
            empty += 1
            continue
        cells = {name: as_text(value) for name, value in post.fields.items()}
        row_id = cells.get("id") or cells.get("row_id") or str(number)
        if seen.setdefault(row_id, number) != number:
            raise InputError("rows_id_twice", file=path.name, row=number, value=row_id)
        author = next((cells[name] for name in AUTHOR_COLUMNS if cells.get(name)), "")
        parent = original(cells.get("parent_text", ""))
        group = cells.get("group_id", "")
        rows.append(LabelledRow(number, row_id, original(post.text), parent, labels, author, group))
    if not rows:
        raise InputError("rows_none", file=path.name, unlabelled=unlabelled)
    return LabelledTable(tuple(rows), unlabelled, empty)


def _posts(path: Path) -> Iterator[Post]:
    if not path.is_file():
        raise InputError("rows_missing", file=path)
    for row in _table(path).rows():
        if isinstance(row, Reject):
            reason = phrase(row.code, "text", lang="id", **row.values)
            raise InputError("rows_reject", file=path.name, row=row.source_row, reason=reason)
        yield row


def _table(path: Path) -> Table:
    tables = open_export(str(path), overrides=Overrides(text_col="text"))
    columns = tables[0].raw.columns
    for name in LABELS:
        if name not in columns:
            wanted, shown = ", ".join(("text", *LABELS)), ", ".join(columns[:40])
            raise InputError("rows_column", file=path.name, column=name, wanted=wanted, seen=shown)
    return tables[0]


def _label(post: Post, name: str, path: Path, number: int) -> float:
    cell = as_text(post.fields.get(name)).strip()
    if cell.lower() not in _VALUES:
        raise InputError("rows_value", file=path.name, row=number, column=name, value=cell)
    return _VALUES[cell.lower()]
