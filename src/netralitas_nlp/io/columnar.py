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
    )

    def read() -> Iterator[RawRecord | Reject]:
        table.begin_pass()
        return _records(whole, columns, count)

    table.read = read
    return table


def _opened(stream: Any, file: str) -> tuple[list[str], int]:
    try:
        found = pq.ParquetFile(stream)
        return list(found.schema_arrow.names), int(found.metadata.num_rows)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError("parquet_damaged", file=file, reason=str(error)) from None


def _records(source: Source, columns: tuple[str, ...], count: int) -> Iterator[RawRecord | Reject]:
    row = 0
    with source.open() as stream:
        try:
            for batch in pq.ParquetFile(stream).iter_batches(batch_size=BATCH):
                values = [column.to_pylist() for column in batch.columns]
                for cells in zip(*values, strict=True):
                    row += 1
                    yield RawRecord(row, dict(zip(columns, map(plain, cells), strict=True)))
        except (pa.ArrowException, OSError, ValueError) as error:
            # The rows of a damaged group cannot be told apart: each is reported by its number.
            reason = str(error)
            for number in range(row + 1, count + 1):
                yield Reject(source.name, number, "reject_parquet_damaged", {"reason": reason})


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
