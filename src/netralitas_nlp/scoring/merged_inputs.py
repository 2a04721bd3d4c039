"""What the manifest of a merged run says about its inputs, added up from the shards."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from netralitas_nlp.errors import RunError
from netralitas_nlp.scoring.inputs import problem_facts
from netralitas_nlp.scoring.manifest import InputFacts, Manifest, PartialFacts, TableFacts

_SAME: Final = ("name", "sheet", "format", "encoding", "preset", "columns", "column_types")
_ADDED: Final = ("n_records", "n_rejects", "n_empty_text")


def merged_inputs(shards: Sequence[Manifest]) -> list[InputFacts]:
    """Return the facts of the inputs as a run on one machine would have them.

    Args:
        shards: Manifests of all shards of a run, with the same inputs.

    Raises:
        RunError: Two shards understood a table in different ways, or a manifest lacks something.
    """
    try:
        return [_input(shards, place) for place in range(len(shards[0]["inputs"]))]
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise RunError("merge_manifest", error=repr(error)) from None


def _input(shards: Sequence[Manifest], place: int) -> InputFacts:
    inputs = [shard["inputs"][place] for shard in shards]
    first = inputs[0]
    for one, shard in zip(inputs, shards, strict=True):
        if len(one["tables"]) != len(first["tables"]):
            found = f"{len(first['tables'])} -> {len(one['tables'])}"
            raise _read_otherwise(shard, first["file"], "tables", found)
    tables = []
    for number in range(len(first["tables"])):
        same = [one["tables"][number] for one in inputs]
        _require_same(same, shards, first["file"])
        tables.append(_table(same))
    return {**first, "tables": tables}


def _require_same(tables: Sequence[TableFacts], shards: Sequence[Manifest], file: str) -> None:
    first: Any = tables[0]
    for table, shard in zip(tables, shards, strict=True):
        other: Any = table
        for key in _SAME:
            if other[key] != first[key]:
                raise _read_otherwise(shard, file, key, f"{first[key]!r} -> {other[key]!r}")


def _read_otherwise(shard: Manifest, file: str, key: str, found: str) -> RunError:
    told = shard["shard"]
    values = {"number": told["number"], "of": told["of"], "file": file}
    return RunError("merge_read_otherwise", **values, key=key, differs=found)


def _table(tables: Sequence[TableFacts]) -> TableFacts:
    partials = [table["partial"] for table in tables]
    made: Any = dict(tables[0])
    del made["partial"]
    plain: Sequence[Any] = tables
    for key in _ADDED:
        made[key] = sum(table[key] for table in plain)
    made["column_names"] = _columns(partials) or tables[0]["column_names"]
    # What was noticed on opening the file was noticed in every shard, and counts once.
    opened = partials[0]["opened"]
    total = Counter(opened)
    values: dict[str, dict[str, str | int]] = {}
    for table, partial in zip(tables, partials, strict=True):
        values = {**partial["values"], **values}
        for problem in table["problems"]:
            total[problem["code"]] += problem["count"] - opened.get(problem["code"], 0)
    made["problems"] = problem_facts(total, values)
    facts: TableFacts = made
    return facts


def _columns(partials: Sequence[PartialFacts]) -> list[str]:
    """Return the columns in the order in which they first appear in the whole table.

    A row is of one shard, which keeps the order of the columns that are new in it.
    """
    first: dict[str, tuple[int, int]] = {}
    for name, place in _seen(partials):
        first[name] = min(first.get(name, place), place)
    return sorted(first, key=lambda name: first[name])


def _seen(partials: Sequence[PartialFacts]) -> Iterator[tuple[str, tuple[int, int]]]:
    for partial in partials:
        for place, (name, row) in enumerate(partial["columns_seen"].items()):
            yield name, (row, place)
