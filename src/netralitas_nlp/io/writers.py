"""Scored files made from the parts of a run: all formats in one pass, each file whole or absent."""

import contextlib
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final, Protocol

import pyarrow as pa

from netralitas_nlp.errors import UsageError
from netralitas_nlp.io.durable import TEMPORARY, whole_file
from netralitas_nlp.io.view_layout import ViewLayout
from netralitas_nlp.io.view_rows import ViewRows
from netralitas_nlp.io.view_tables import ParquetView, TypeMismatchError, XlsxView
from netralitas_nlp.io.view_text import CsvView, JsonlView
from netralitas_nlp.schema import SCORED_SCHEMA

FORMATS: Final = ("csv", "xlsx", "jsonl", "parquet")
VIEW_COLUMNS: Final = ("input", "text", *SCORED_SCHEMA.names)
"""Columns of a part that a scored file is made from."""

Batches = Callable[[], Iterator[pa.RecordBatch]]


class View(Protocol):
    """A scored file that is being written."""

    def write(self, rows: ViewRows) -> None:
        """Append rows."""

    def close(self) -> None:
        """Finish the file; it is complete afterwards."""


def known_formats(formats: Iterable[str]) -> tuple[str, ...]:
    """Return the formats in our order, each once.

    Raises:
        UsageError: One of them is unknown.
    """
    wanted = {name.strip().lower() for name in formats} - {""}
    for name in sorted(wanted - set(FORMATS)):
        raise UsageError("format_unknown", format=name, formats=", ".join(FORMATS))
    return tuple(name for name in FORMATS if name in wanted)


def write_views(
    folder: Path,
    formats: Sequence[str],
    *,
    layout: ViewLayout,
    batches: Batches,
    advance: Callable[[int], None] = lambda rows: None,
) -> Counter[str]:
    """Write ``scored.<format>`` for each format, reading the rows once and in order.

    Args:
        folder: Where the files go; older ones are replaced once the new ones are complete.
        formats: From ``FORMATS``.
        layout: Names of the columns.
        batches: Starts a pass over the rows, with ``VIEW_COLUMNS``.
        advance: Called with the number of rows of each batch written.

    Returns:
        Message codes of what a format could not hold, counted (``xlsx_cells_cut`` …).

    Raises:
        OSError: The disk is full or read-only.
    """
    if not formats:
        return Counter()
    while True:
        try:
            return _write_once(folder, formats, layout, batches, advance)
        except TypeMismatchError as mismatch:
            kept = {c: t for c, t in layout.types.items() if c != mismatch.column}
            layout = ViewLayout(layout.inputs, layout.outputs, kept)


def write_jsonl(file: BinaryIO, *, layout: ViewLayout, batches: Batches) -> None:
    """Write the rows as JSON lines to an open file, such as standard output."""
    view = JsonlView(file, layout)
    for rows in _rows(batches, parsed=False):
        view.write(rows)
    view.close()


def _write_once(
    folder: Path,
    formats: Sequence[str],
    layout: ViewLayout,
    batches: Batches,
    advance: Callable[[int], None],
) -> Counter[str]:
    notes: Counter[str] = Counter()
    with contextlib.ExitStack() as stack:
        views: list[View] = []
        for name in formats:
            file = stack.enter_context(whole_file(folder / f"scored.{name}"))
            views.append(_view(name, file, layout, notes, stack, folder))
        for rows in _rows(batches, parsed=set(formats) != {"jsonl"}):
            for view in views:
                view.write(rows)
            advance(rows.scored.num_rows)
        for view in views:
            view.close()
    return notes


def _view(
    name: str,
    file: BinaryIO,
    layout: ViewLayout,
    notes: Counter[str],
    stack: contextlib.ExitStack,
    folder: Path,
) -> View:
    if name == "csv":
        return CsvView(file, layout)
    if name == "jsonl":
        return JsonlView(file, layout)
    if name == "parquet":
        view = ParquetView(file, layout)
        stack.callback(view.abandon)
        return view
    # XlsxWriter keeps finished rows in files of its own: beside the result, not in a shared /tmp.
    room = stack.enter_context(
        tempfile.TemporaryDirectory(dir=folder, prefix=TEMPORARY, ignore_cleanup_errors=True)
    )
    book = XlsxView(file, layout, room=room, notes=notes)
    stack.callback(book.abandon)
    return book


def _rows(batches: Batches, *, parsed: bool) -> Iterator[ViewRows]:
    for batch in batches():
        texts = batch.column("input").to_pylist()
        inputs = [json.loads(text) for text in texts] if parsed else []
        posts = batch.column("text").to_pylist()
        yield ViewRows(texts, inputs, batch.select(SCORED_SCHEMA.names), posts)
