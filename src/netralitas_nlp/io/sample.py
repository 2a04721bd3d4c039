"""The first records of a table, on which its meaning is decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from netralitas_nlp.io.paths import items_at, present, value_at
from netralitas_nlp.io.tables import RawRecord, RawTable
from netralitas_nlp.schema import JsonValue

SAMPLE_ROWS = 300
"""Records that are looked at before a table is read: enough to see past a screenful of blanks,
few enough to open a file of millions at once."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The head of a raw table.

    Attributes:
        raw: The table.
        documents: Its first records.
    """

    raw: RawTable
    documents: tuple[RawRecord, ...]

    @property
    def nested(self) -> bool:
        """Whether any value is itself a list or an object."""
        return any(isinstance(v, list | dict) for d in self.documents for v in d.fields.values())

    def has(self, path: str) -> bool:
        """Say whether a column or path exists, filled or not."""
        if path in self.raw.columns or path.replace(".", "/") in self.raw.columns:
            return True
        return any(path in d.fields or self._below(d.fields, path) for d in self.documents)

    def values(self, path: str) -> list[JsonValue]:
        """Return what lies at a path, one value per record."""
        return [value_at(document.fields, path) for document in self.documents]

    def _below(self, document: Mapping[str, JsonValue], path: str) -> bool:
        if value_at(document, path) is not None:
            return True
        # Lists are looked through member by member: the first may lack the path.
        return "[]" in path and any(present(item) for item in items_at(document, path))


def sample_of(raw: RawTable) -> Sample:
    """Read the head of a table; broken records are passed over here and reported later."""
    records = (item for item in raw.read() if isinstance(item, RawRecord))
    return Sample(raw=raw, documents=tuple(islice(records, SAMPLE_ROWS)))
