"""Rows of a run on their way into scored files."""

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from netralitas_nlp.schema import JsonValue


@dataclass(frozen=True, slots=True)
class ViewRows:
    """A batch of rows.

    Attributes:
        texts: Each input row as one JSON object, in ASCII.
        inputs: The same, parsed; empty where no view needs it.
        scored: Columns of ``SCORED_SCHEMA``.
        posts: What was scored of each row: the text that places of evidence refer to.
    """

    texts: list[str]
    inputs: list[dict[str, JsonValue]]
    scored: pa.RecordBatch
    posts: list[str | None]
    _columns: dict[str, list[JsonValue]] = field(default_factory=dict)

    def input_column(self, key: str) -> list[JsonValue]:
        """Return the values of an input column; ``None`` where a row does not have it."""
        column = self._columns.get(key)
        if column is None:
            column = self._columns[key] = [row.get(key) for row in self.inputs]
        return column

    def columns(self) -> list[list[Any]]:
        """Return the values of ``SCORED_SCHEMA``, a list per column."""
        return [column.to_pylist() for column in self.scored.columns]
