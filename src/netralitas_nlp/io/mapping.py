"""Which column of a table plays which role, for people to see, and what the user says instead."""

from collections.abc import Sequence

from netralitas_nlp.errors import InputError
from netralitas_nlp.io.ids import (
    clean_account,
    clean_id,
    column_is_rounded,
    is_damaged,
    looks_rounded,
)
from netralitas_nlp.io.meaning import Join, Meaning, Role
from netralitas_nlp.io.paths import present
from netralitas_nlp.io.roles import Entry, joined_value, value_of
from netralitas_nlp.io.sample import Sample
from netralitas_nlp.io.tables import ColumnMap, Overrides
from netralitas_nlp.io.vocabulary import folded

_ROLES: dict[str, Role] = {
    "text_col": "text",
    "account_col": "account",
    "time_col": "posted_at",
    "url_col": "url",
    "id_col": "post_id",
    "parent_col": "parent_text",
}


def column_map(meaning: Meaning, sample: Sample, entries: Sequence[Entry]) -> ColumnMap:
    """Return the source of each role that is in use in the first records.

    Args:
        meaning: What the columns mean.
        sample: The head of the table, lists inside documents taken apart.
        entries: The same records with their documents.
    """
    roles: tuple[Role, ...] = ("text", "account", "posted_at", "url", "post_id", "parent_text")
    return ColumnMap(**{role: _shown(meaning, sample, entries, role) for role in roles})


def with_overrides(meaning: Meaning, sample: Sample, overrides: Overrides, *, file: str) -> Meaning:
    """Return a meaning in which the columns named by the user stand for their roles.

    Raises:
        InputError: A named column is not in the table.
    """
    named = {
        role: (_column(value, sample, file=file, option=option),)
        for option, role in _ROLES.items()
        if (value := getattr(overrides, option)) is not None
    }
    if not named:
        return meaning
    columns = {**meaning.columns, **named}
    if "text" in named:
        columns.pop("repost_text", None)
    return meaning.model_copy(
        update={
            "columns": columns,
            "shown": {role: words for role, words in meaning.shown.items() if role not in named},
            "joins": tuple(join for join in meaning.joins if join.role not in named),
            "links": () if "url" in named else meaning.links,
        }
    )


def _column(value: str, sample: Sample, *, file: str, option: str) -> str:
    paths = sample.paths()
    if value in paths:
        return value
    if "+" in value:
        parts = (
            _column(part.strip(), sample, file=file, option=option) for part in value.split("+")
        )
        return "+".join(parts)
    same = [path for path in paths if folded(path) == folded(value)]
    if same:
        return same[0]
    flag = "--" + option.replace("_", "-")
    try:
        if sample.has(value):
            return value
    except ValueError:
        pass
    seen = ", ".join(paths[:40]) or "-"
    raise InputError("column_unknown", file=file, option=flag, column=value, seen=seen)


def _shown(meaning: Meaning, sample: Sample, entries: Sequence[Entry], role: Role) -> str | None:
    if role == "text":
        return _shown_text(meaning, sample, entries)
    for source in meaning.sources(role):
        if _in_use(entries, source, role):
            return meaning.shown.get(role) or _written(meaning, sample, source)
    for join in meaning.joins:
        if join.role == role and _join_in_use(entries, join):
            return f"{join.list}[].{join.take}"
    return None


def _shown_text(meaning: Meaning, sample: Sample, entries: Sequence[Entry]) -> str | None:
    sources = [source for source in meaning.sources("text") if _filled_somewhere(entries, source)]
    if not sources:
        sources = [s for s in meaning.sources("text") if s.startswith("^") or sample.has(s)][:1]
    if not sources:
        return None
    return meaning.shown.get("text") or _written(meaning, sample, sources[0])


def _filled_somewhere(entries: Sequence[Entry], source: str) -> bool:
    return any(present(value_of(entry, source, "text")) for entry in entries)


def _in_use(entries: Sequence[Entry], source: str, role: Role) -> bool:
    values = [value_of(entry, source, role) for entry in entries]
    if role == "account":
        return any(clean_account(value) for value in values)
    filled = [clean_id(value) if role == "post_id" else value for value in values if present(value)]
    if role != "post_id":
        return bool(filled)
    numbers = [str(value) for value in filled if value]
    rounded = column_is_rounded(numbers)
    sound = [n for n in numbers if not is_damaged(n) and not (rounded and looks_rounded(n))]
    return bool(sound) and 2 * len(sound) > len(numbers)


def _join_in_use(entries: Sequence[Entry], join: Join) -> bool:
    return any(present(joined_value(entry, join)) for entry in entries)


def _written(meaning: Meaning, sample: Sample, source: str) -> str:
    if meaning.records and not source.startswith("^"):
        return f"{meaning.records[0]}.{source}"
    slashed = source.replace(".", "/")
    return slashed if slashed in sample.columns else source.removeprefix("^")
