"""Columns that stand beside the parts of a run and not in them, joined while rows are read."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Self

import pyarrow as pa
import pyarrow.parquet as pq

from netralitas_nlp.schema import PART_SCHEMA

COPIES: Final = "copies.parquet"
"""Posts of chains: ``row`` (place in the run, from 0, rising), ``row_id``, ``chain``."""

COPIES_SCHEMA: Final = pa.schema(
    [("row", pa.int64()), ("row_id", pa.string()), ("chain", pa.string())]
)
CHAIN: Final = "chain"
"""Column that readers may ask for: row id of the first post of the chain, of its own row too;
null for a post of no chain. ``duplicate_of`` is the same without the first post itself."""

_DUPLICATE: Final = "duplicate_of"


class Beside:
    """Completes the batches of a run, in order.

    Args:
        copies: The file of the posts of chains; ``None`` where the run has none yet.
        columns: What the reader wants, of ``PART_SCHEMA`` and ``CHAIN``; all but the latter where
            ``None``.

    Raises:
        OSError: The file is damaged or missing; so ``pa.ArrowException``.
    """

    def __init__(self, copies: Path | None, columns: Sequence[str] | None) -> None:
        self.columns = list(PART_SCHEMA.names) if columns is None else list(columns)
        joins = {CHAIN, _DUPLICATE} & {*self.columns}
        self.stored = [c for c in self.columns if c != CHAIN]
        if joins and "row_id" not in self.stored:
            self.stored.append("row_id")
        self._file = pq.ParquetFile(copies) if copies is not None and joins else None
        self._batches = iter(self._file.iter_batches()) if self._file else iter(())
        self._waiting: Iterator[tuple[int, str]] = iter(())
        self._next: tuple[int, str] | None = None
        self._row = 0

    def completed(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the next batch with the wanted columns, in their order."""
        chains = self._chains(batch.num_rows) if self._file else None
        arrays = [self._column(name, batch, chains) for name in self.columns]
        return pa.RecordBatch.from_arrays(arrays, names=self.columns)

    def _column(
        self, name: str, batch: pa.RecordBatch, chains: list[str | None] | None
    ) -> pa.Array:
        if chains is not None and name == CHAIN:
            return pa.array(chains, pa.string())
        if chains is not None and name == _DUPLICATE:
            rows = batch.column("row_id").to_pylist()
            later = [c if c != row else None for c, row in zip(chains, rows, strict=True)]
            return pa.array(later, pa.string())
        if name in batch.schema.names:
            return batch.column(name)
        # A run of an older version has fewer columns.
        kind = pa.string() if name == CHAIN else PART_SCHEMA.field(name).type
        return pa.nulls(batch.num_rows, kind)

    def _chains(self, n: int) -> list[str | None]:
        chains: list[str | None] = [None] * n
        stop = self._row + n
        while (member := self._peek()) is not None and member[0] < stop:
            chains[member[0] - self._row] = member[1]
            self._next = None
        self._row = stop
        return chains

    def _peek(self) -> tuple[int, str] | None:
        while self._next is None:
            self._next = next(self._waiting, None)
            if self._next is None:
                batch: Any = next(self._batches, None)
                if batch is None:
                    return None
                rows, chains = batch.column("row").to_pylist(), batch.column("chain").to_pylist()
                self._waiting = iter(zip(rows, chains, strict=True))
        return self._next

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()
