"""The columns of a scored file: those of the input first, then ours, no name twice."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from netralitas_nlp.io.view_cells import without_surrogates
from netralitas_nlp.schema import SCORED_SCHEMA

PREFIX: Final = "netralitas_"


@dataclass(frozen=True, slots=True)
class ViewLayout:
    """Names of the columns of a scored file, in order.

    Attributes:
        inputs: Input column to its name in the file; they differ only where a name cannot be
            written (half of a surrogate pair).
        outputs: Column of ``SCORED_SCHEMA`` to its name in the file.
        types: Type of the input columns that are not text; only Parquet files keep it.
    """

    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    types: Mapping[str, pa.DataType]

    @property
    def header(self) -> list[str]:
        """All names in order."""
        return [*self.inputs.values(), *self.outputs.values()]


def view_layout(
    tables: Iterable[Sequence[str]], *, types: Iterable[Mapping[str, str]] = ()
) -> ViewLayout:
    """Return the columns of a file that holds the rows of several tables.

    Args:
        tables: Column names of each table; their union keeps the order of first appearance.
        types: Arrow type names of each table, by column; text where absent. A column keeps its
            type only if every table that has the column gives it the same one.
    """
    names = [list(table) for table in tables]
    inputs: dict[str, str] = {}
    taken: set[str] = set()
    for name in (name for table in names for name in table):
        if name not in inputs:
            inputs[name] = _unused(without_surrogates(name), taken)
            taken.add(inputs[name])
    outputs: dict[str, str] = {}
    for field in SCORED_SCHEMA:
        outputs[field.name] = unused_output(field.name, taken)
        taken.add(outputs[field.name])
    return ViewLayout(inputs, outputs, _shared_types(names, list(types)))


def unused_output(name: str, taken: set[str]) -> str:
    """Return the name of a column of ours beside columns that may have it already."""
    while name in taken:
        name = PREFIX + name
    return name


def _unused(name: str, taken: set[str]) -> str:
    shown, number = name, 2
    while shown in taken:
        shown, number = f"{name}_{number}", number + 1
    return shown


def _shared_types(names: list[list[str]], types: list[Mapping[str, str]]) -> dict[str, pa.DataType]:
    given: dict[str, set[str]] = {}
    for number, table in enumerate(names):
        known = types[number] if number < len(types) else {}
        for name in table:
            given.setdefault(name, set()).add(known.get(name, "string"))
    shared: dict[str, pa.DataType] = {}
    for name, kinds in given.items():
        kind = _type_named(kinds.pop()) if len(kinds) == 1 else None
        if kind is not None:
            shared[name] = kind
    return shared


def _type_named(name: str) -> pa.DataType | None:
    if name in {"string", "large_string", "string_view"}:
        return None
    try:
        return pa.type_for_alias(name)
    except ValueError:
        return None
