"""The value of a role in one record: sources tried in order, joined columns, addresses, joins."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from netralitas_nlp.io.ids import account_from_url, id_from_url
from netralitas_nlp.io.meaning import LINK_SUFFIX, Join, Meaning, Role
from netralitas_nlp.io.paths import items_at, present, value_at
from netralitas_nlp.io.times import joined
from netralitas_nlp.schema import JsonValue


@dataclass(frozen=True, slots=True)
class Entry:
    """One record with what surrounds it.

    Attributes:
        row: Number of the record in its table, from 1.
        fields: The record.
        links: Addresses behind cells.
        document: The document that holds the list of records; the record itself otherwise.
    """

    row: int
    fields: Mapping[str, JsonValue]
    links: Mapping[str, str] = field(default_factory=dict)
    document: Mapping[str, JsonValue] = field(default_factory=dict)


def values_of(entry: Entry, meaning: Meaning, role: Role) -> Iterator[JsonValue]:
    """Yield what the sources of a role hold, best source first, blanks left out."""
    for source in meaning.sources(role):
        value = value_of(entry, source, role)
        if present(value):
            yield value
    for join in meaning.joins:
        if join.role == role:
            value = joined_value(entry, join)
            if present(value):
                yield value


def value_of(entry: Entry, source: str, role: Role) -> JsonValue:
    """Return what one source of a meaning holds in a record."""
    if source.endswith("*"):
        address = value_of(entry, source[:-1], "url")
        if not isinstance(address, str):
            return None
        return (account_from_url if role == "account" else id_from_url)(address)
    if source.endswith(LINK_SUFFIX):
        return entry.links.get(source.removesuffix(LINK_SUFFIX))
    if source.startswith("^"):
        return value_at(entry.document, source[1:])
    if "+" in source and source not in entry.fields:
        parts = (value_at(entry.fields, part) for part in source.split("+"))
        return joined([str(part) for part in parts if present(part)])
    return value_at(entry.fields, source)


def joined_value(entry: Entry, join: Join) -> JsonValue:
    """Return a value that lies in another list of the same document."""
    key = value_at(entry.fields, join.key)
    if not present(key):
        return None
    for item in items_at(entry.document, f"{join.list}[]"):
        if isinstance(item, dict) and item.get(join.match) == key:
            return value_at(item, join.take)
    return None


def text_of(value: JsonValue) -> str:
    """Return a text value as text; the pieces that Telegram splits one into are put together."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(text_of(piece) for piece in value)
    if isinstance(value, dict):
        return text_of(value.get("text"))
    return "" if value is None or isinstance(value, bool) else str(value)
