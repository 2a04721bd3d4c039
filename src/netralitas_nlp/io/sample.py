"""The first records of a table, on which its meaning is decided."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from netralitas_nlp.io.paths import items_at, present, value_at
from netralitas_nlp.io.tables import RawRecord, RawTable
from netralitas_nlp.schema import JsonValue

SAMPLE_ROWS: Final = 300
"""Records that are looked at before a table is read: enough to see past a screenful of blanks,
few enough to open a file of millions at once."""

MAX_DEPTH: Final = 4
MAX_PATHS: Final = 2_000
"""How far, and at how many places, unknown nested records are searched."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The head of a table.

    Attributes:
        columns: Names of the table, empty for lists inside documents.
        format: Format of the container.
        documents: The first records.
        links: Columns whose cells carry an address.
    """

    columns: tuple[str, ...]
    format: str
    documents: tuple[Mapping[str, JsonValue], ...]
    links: frozenset[str] = frozenset()

    @property
    def nested(self) -> bool:
        """Whether any value is itself a list or an object."""
        return any(isinstance(v, list | dict) for d in self.documents for v in d.values())

    def has(self, path: str) -> bool:
        """Say whether a column or path exists, filled or not."""
        if path in self.columns or path.replace(".", "/") in self.columns:
            return True
        return any(path in d or _below(d, path) for d in self.documents)

    def values(self, path: str) -> list[JsonValue]:
        """Return what lies at a path, one value per record."""
        return [value_at(document, path) for document in self.documents]

    def paths(self) -> tuple[str, ...]:
        """Return the columns, and the dotted paths of values inside objects."""
        found: Counter[str] = Counter()
        for column in self.columns:
            found[column] += 1
        for document in self.documents:
            for path in islice(_scalar_paths(document, "", 0), MAX_PATHS):
                found[path] += 1
        return tuple(islice(found, MAX_PATHS * 5))


def sample_of(raw: RawTable) -> Sample:
    """Read the head of a table; broken records are passed over here and reported later."""
    records = list(islice((r for r in raw.read() if isinstance(r, RawRecord)), SAMPLE_ROWS))
    links = frozenset(column for record in records for column in record.links)
    return Sample(raw.columns, raw.format, tuple(record.fields for record in records), links)


def inner_sample(sample: Sample, path: str) -> Sample:
    """Return the sample of the list of records that lies at a path of each document."""
    members = (m for d in sample.documents for m in items_at(d, path) if isinstance(m, dict))
    return Sample((), sample.format, tuple(islice(members, SAMPLE_ROWS)))


def list_paths(sample: Sample) -> tuple[str, ...]:
    """Return the paths of lists of objects, such as ``result.posts[]``."""
    found: dict[str, None] = {}
    for document in sample.documents[:20]:
        for path in _list_paths(document, "", 0):
            found.setdefault(path)
    return tuple(found)


def _below(document: Mapping[str, JsonValue], path: str) -> bool:
    if value_at(document, path) is not None:
        return True
    # Lists are looked through member by member: the first may lack the path.
    return "[" in path and any(present(item) for item in items_at(document, path))


def _scalar_paths(value: Mapping[str, JsonValue], above: str, depth: int) -> Iterator[str]:
    for key, inner in value.items():
        if not key or (depth and not _plain(key)):
            continue
        path = f"{above}{key}"
        if isinstance(inner, dict):
            if depth + 1 < MAX_DEPTH and _plain(key):
                yield from _scalar_paths(inner, f"{path}.", depth + 1)
        else:
            yield path


def _list_paths(value: Mapping[str, JsonValue], above: str, depth: int) -> Iterator[str]:
    for key, inner in value.items():
        if not _plain(key):
            continue
        if isinstance(inner, list) and any(isinstance(item, dict) for item in inner[:5]):
            yield f"{above}{key}[]"
        elif isinstance(inner, dict) and depth + 1 < MAX_DEPTH:
            yield from _list_paths(inner, f"{above}{key}.", depth + 1)


def _plain(key: str) -> bool:
    return bool(key) and not any(sign in key for sign in ".[]+*^")
