"""Rows of a run on their way into scored files."""

from dataclasses import dataclass
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
    """

    texts: list[str]
    inputs: list[dict[str, JsonValue]]
    scored: pa.RecordBatch

    def columns(self) -> list[list[Any]]:
        """Return the values of ``SCORED_SCHEMA``, a list per column."""
        return [column.to_pylist() for column in self.scored.columns]
