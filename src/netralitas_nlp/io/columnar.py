"""Parquet, batch by batch."""

import base64
import datetime as dt
import decimal
import math
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from netralitas_nlp.errors import InputError
from netralitas_nlp.io.headers import unique_names
from netralitas_nlp.io.sources import Source, spool
from netralitas_nlp.io.tables import RawRecord, RawTable
from netralitas_nlp.schema import JsonValue, Reject

BATCH: Final = 2_000
"""Rows held at a time."""


def parquet_table(source: Source) -> RawTable:
    """Return a Parquet file as a table; nested values stay nested, moments become ISO 8601.

    Raises:
        InputError: Not a whole Parquet file.
    """
    whole = spool(source)
    with whole.open() as stream:
        schema, count = _opened(stream, source.name)
    columns, repeated, missing = unique_names(schema, width=len(schema))
    notes = +Counter(columns_repeated=repeated, columns_nameless=missing)
    table = RawTable(
        file=source.name,
        path=source.path,
        sheet=None,
        format="parquet",
        encoding=None,
        delimiter=None,
        header_row=None,
        columns=columns,
        read=lambda: iter(()),
        problems=notes.copy(),
        notes=notes,
        n_rows=count,
    )

    def span(first: int, stop: int) -> Iterator[RawRecord | Reject]:
        table.begin_pass()
        return _records(whole, columns, count, first=first, stop=stop)

    table.span = span
    table.read = lambda: span(1, count + 1)
    return table


def _opened(stream: Any, file: str) -> tuple[list[str], int]:
    try:
        found = pq.ParquetFile(stream)
        return list(found.schema_arrow.names), int(found.metadata.num_rows)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError("parquet_damaged", file=file, reason=str(error)) from None


def _records(
    source: Source, columns: tuple[str, ...], count: int, *, first: int, stop: int
) -> Iterator[RawRecord | Reject]:
    with source.open() as stream:
        try:
            file = pq.ParquetFile(stream)
            sizes = [file.metadata.row_group(g).num_rows for g in range(file.num_row_groups)]
        except (pa.ArrowException, OSError, ValueError) as error:
            for number in range(first, min(stop, count + 1)):
                yield _damaged(source, number, error)
            return
        before = 0
        for group, size in enumerate(sizes):
            if before + size >= first and before + 1 < stop:
                for item in _group(file, group, source, columns, before, size):
                    row = item.source_row if isinstance(item, Reject) else item.row
                    if first <= row < stop:
                        yield item
            before += size


def _group(
    file: Any, group: int, source: Source, columns: tuple[str, ...], before: int, size: int
) -> Iterator[RawRecord | Reject]:
    """Yield the rows of a row group, always from its start: it breaks off at the same place."""
    row = before
    try:
        for batch in file.iter_batches(batch_size=BATCH, row_groups=[group]):
            values = [column.to_pylist() for column in batch.columns]
            for cells in zip(*values, strict=True):
                row += 1
                yield RawRecord(row, dict(zip(columns, map(plain, cells), strict=True)))
    except (pa.ArrowException, OSError, ValueError) as error:
        # The rows of a damaged group cannot be told apart: each is reported by its number.
        for number in range(row + 1, before + size + 1):
            yield _damaged(source, number, error)


def _damaged(source: Source, row: int, error: Exception) -> Reject:
    return Reject(source.name, row, "reject_parquet_damaged", {"reason": str(error)})


def plain(value: Any) -> JsonValue:
    """Return a value of Arrow as JSON can hold it."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return base64.b64encode(value).decode("ascii")
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return str(value) if not isinstance(value, decimal.Decimal) else format(value, "f")
