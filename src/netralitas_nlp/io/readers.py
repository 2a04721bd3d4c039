"""Exports as tables of posts: whatever the container, whatever the tool, no configuration."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Final

from netralitas_nlp.errors import InputError
from netralitas_nlp.io.columns import likeliest_text, meaning_by_words
from netralitas_nlp.io.containers import open_tables
from netralitas_nlp.io.ids import clean_id, column_is_rounded
from netralitas_nlp.io.mapping import column_map, with_overrides
from netralitas_nlp.io.meaning import Meaning
from netralitas_nlp.io.posts import Plan, entries_of, posts_of
from netralitas_nlp.io.presets import nested_presets, preset_for
from netralitas_nlp.io.roles import Entry, value_of
from netralitas_nlp.io.sample import SAMPLE_ROWS, Sample, inner_sample, list_paths, sample_of
from netralitas_nlp.io.tables import ColumnMap, Overrides, RawTable, Rows, Table
from netralitas_nlp.io.times import is_month_first, is_slashed
from netralitas_nlp.schema import Post, Reject

PROOF_ROWS: Final = 100_000
"""Records searched for a date that tells day from month where the first ones do not."""

NO_OVERRIDES: Final = Overrides()


def open_export(path: str, *, overrides: Overrides = NO_OVERRIDES) -> list[Table]:
    """Return the tables of posts in an export; nothing but their heads is read yet.

    Args:
        path: File as the user gave it, ``-`` for standard input.
        overrides: What the user says about it, which wins over what is recognised.

    Returns:
        One table per table found: the sheets, archive members and lists of posts of the file.

    Raises:
        InputError: The file cannot be read at all, or lacks a column that ``overrides`` names.
    """
    return [
        table for raw in open_tables(path, overrides=overrides) for table in _tables(raw, overrides)
    ]


def require_text_column(table: Table, overrides: Overrides = NO_OVERRIDES) -> None:
    """Make sure that the text of a table is known before it is scored.

    Raises:
        InputError: No column holds text, or the table has no header and the user named none.
    """
    if knows_text(table, overrides):
        return
    seen = ", ".join(table.raw.columns[:40]) or "-"
    name = name_of(table.raw)
    if is_headerless(table.raw):
        raise InputError("header_missing", file=name, count=len(table.raw.columns))
    guess = likeliest_text(sample_of(table.raw))
    code = "text_column_missing" if guess else "text_column_unknown"
    raise InputError(code, file=name, seen=seen, guess=guess or "-")


def knows_text(table: Table, overrides: Overrides = NO_OVERRIDES) -> bool:
    """Say whether a table can be scored: its text column is named, by the file or the user."""
    if overrides.text_col is not None:
        return True
    return table.columns.text is not None and not is_headerless(table.raw)


def name_of(raw: RawTable) -> str:
    """Return the name that the rows of a table carry, ``table.xlsx#Sheet1`` for a sheet."""
    return f"{raw.file}#{raw.sheet}" if raw.sheet is not None else raw.file


def is_headerless(raw: RawTable) -> bool:
    """Say whether the first row of a table is already data, its columns being numbers."""
    numbers = tuple(str(number) for number in range(len(raw.columns)))
    return raw.header_row is None and bool(numbers) and raw.columns == numbers


def _tables(raw: RawTable, overrides: Overrides) -> Iterator[Table]:
    sample = sample_of(raw)
    if is_headerless(raw):
        first = Meaning(columns={"text": ("0",)}, default_kind="unknown")
    else:
        first = preset_for(sample) or _unknown(sample)
    yield _table(raw, sample, first, overrides, named=None)
    for meaning in nested_presets(first, sample):
        yield _table(raw, sample, meaning, NO_OVERRIDES, named=meaning.records[0])


def _unknown(sample: Sample) -> Meaning:
    outer = meaning_by_words(sample)
    enough = _told(outer) >= 2 or len(sample.documents) > 1
    if not sample.nested or (outer.sources("text") and enough):
        return outer
    # Pages of an unknown service: the list whose members tell most is the list of posts.
    best = max(
        ((_told(meaning), path, meaning) for path, meaning in _inner_meanings(sample)),
        key=lambda found: found[0],
        default=None,
    )
    least = _told(outer) if outer.sources("text") else 0
    if best is None or best[0] <= least:
        return outer
    return best[2].model_copy(update={"records": (best[1],)})


def _inner_meanings(sample: Sample) -> Iterator[tuple[str, Meaning]]:
    for path in list_paths(sample):
        meaning = meaning_by_words(inner_sample(sample, path))
        if meaning.sources("text"):
            yield path, meaning


def _told(meaning: Meaning) -> int:
    return sum(bool(sources) for sources in meaning.columns.values())


def _table(
    raw: RawTable, sample: Sample, meaning: Meaning, overrides: Overrides, *, named: str | None
) -> Table:
    if meaning.records:
        in_use = [path for path in meaning.records if inner_sample(sample, path).documents]
        meaning = meaning.model_copy(
            update={"records": (*in_use, *meaning.records)[:1] if in_use else meaning.records}
        )
        sample = inner_sample(sample, meaning.records[0])
    meaning = with_overrides(meaning, sample, overrides, file=name_of(raw))
    entries = _head(raw, meaning)
    order = _month_first(raw, meaning, entries)
    plan = _plan(raw, meaning, sample, entries, named=named, month_first=order is True)
    columns = column_map(meaning, sample, entries)
    fixed = _fixed_problems(meaning, columns, raw)
    if order is None:
        fixed["date_order_assumed"] = 1
    problems = Counter(fixed)

    def rows(some: Rows | None) -> Iterator[Post | Reject]:
        problems.clear()
        yield from posts_of(raw, plan, problems, some)
        problems.update(fixed)
        for code in [code for code, count in problems.items() if not count]:
            del problems[code]

    direct = None if meaning.records else raw.n_rows
    return Table(raw, meaning.name or None, columns, rows, problems, direct)


def _head(raw: RawTable, meaning: Meaning) -> list[Entry]:
    entries = (e for e in entries_of(raw, meaning, Counter()) if isinstance(e, Entry))
    return list(islice(entries, SAMPLE_ROWS))


def _plan(
    raw: RawTable,
    meaning: Meaning,
    sample: Sample,
    entries: Sequence[Entry],
    *,
    named: str | None,
    month_first: bool,
) -> Plan:
    numbers = [
        clean_id(value_of(e, s, "post_id")) for s in meaning.sources("post_id")[:1] for e in entries
    ]
    return Plan(
        meaning=meaning,
        source_file=f"{name_of(raw)}#{named}" if named else name_of(raw),
        nested=sample.nested,
        month_first=month_first,
        ids_rounded=column_is_rounded(numbers),
    )


def _month_first(raw: RawTable, meaning: Meaning, entries: Sequence[Entry]) -> bool | None:
    """Return the order of slashed dates; ``None`` where there are some and none proves it."""
    slashed = [value for value in _written_times(meaning, entries) if is_slashed(value)]
    if not slashed:
        # No such dates: nothing to decide.
        return False
    proof = is_month_first(slashed)
    if proof is None and len(entries) == SAMPLE_ROWS:
        more = (e for e in entries_of(raw, meaning, Counter()) if isinstance(e, Entry))
        proof = is_month_first(_written_times(meaning, islice(more, PROOF_ROWS)))
    return proof


def _written_times(meaning: Meaning, entries: Sequence[Entry] | Iterator[Entry]) -> Iterator[str]:
    sources = meaning.sources("posted_at")
    values = chain.from_iterable((value_of(e, s, "posted_at") for s in sources) for e in entries)
    return (value for value in values if isinstance(value, str))


def _fixed_problems(meaning: Meaning, columns: ColumnMap, raw: RawTable) -> dict[str, int]:
    problems: dict[str, int] = {}
    if columns.text is None:
        problems["text_column_none"] = 1
    if columns.account is None:
        problems["account_column_none"] = 1
    if columns.posted_at is None:
        problems["time_column_none"] = 1
    if meaning.chat and raw.format != "whatsapp":
        problems["chat_private"] = 1
    return problems
