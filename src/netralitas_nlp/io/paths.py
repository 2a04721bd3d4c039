"""Dotted paths into nested records: ``user.name``, ``edges[0].text``, ``data[].post``."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from netralitas_nlp.schema import JsonValue

_STEP: Final = re.compile(r"(?P<key>[^\[\]]+)(?:\[(?P<pick>[^\]]*)\])?")

Step = tuple[str, str | None]
"""A key and what to pick from a list below it: ``None`` nothing, ``""`` the first item that
has the rest, ``"0"`` a place, ``"type=quoted"`` the first item with that value."""


def value_at(record: Mapping[str, JsonValue], path: str) -> JsonValue:
    """Return the value at a path, or ``None``.

    A column that is literally called so wins, so flattened tables (``author.username``,
    ``author/username``) are read like nested ones.
    """
    if path in record:
        return record[path]
    if "." not in path and "[" not in path:
        return None
    slashed = path.replace(".", "/")
    if slashed in record:
        return record[slashed]
    rest = steps(path)
    top = rest[0][0]
    return _walk({top: record[top]}, rest) if top in record else None


def items_at(document: Mapping[str, JsonValue], path: str) -> Iterator[JsonValue]:
    """Yield the members of every list that a path such as ``chats.list[].messages[]`` names.

    A single object where a list is usual counts as a list of one.
    """
    yield from _members(document, steps(path))


def present(value: JsonValue) -> bool:
    """Say whether a value carries anything: blanks and the usual stand-ins do not."""
    if value is None or isinstance(value, bool):
        return value is True
    if isinstance(value, str):
        return value.strip().casefold() not in BLANKS
    if isinstance(value, list | dict):
        return bool(value)
    return True


BLANKS: Final = frozenset(
    {"", "na", "n/a", "nan", "null", "none", "undefined", "false", "[]", "{}", "-", "nat", "<na>"}
)
"""How tools write "nothing": R, pandas, JavaScript and Python each have their own word."""


@cache
def steps(path: str) -> tuple[Step, ...]:
    """Return the parsed path.

    Raises:
        ValueError: The path is not of the form ``a.b[].c``.
    """
    parsed = []
    for part in path.split("."):
        found = _STEP.fullmatch(part)
        if not found:
            raise ValueError(path)
        parsed.append((found["key"], found["pick"]))
    return tuple(parsed)


def _walk(value: JsonValue, rest: tuple[Step, ...]) -> JsonValue:
    for place, (key, pick) in enumerate(rest):
        if not isinstance(value, dict):
            return None
        value = value.get(key)
        if pick is None:
            continue
        if pick == "":
            return _first(value, rest[place + 1 :])
        value = _picked(value, pick)
    return value


def _first(value: JsonValue, rest: tuple[Step, ...]) -> JsonValue:
    for item in value if isinstance(value, list) else []:
        found = _walk(item, rest)
        if found is not None:
            return found
    return None


def _picked(value: JsonValue, pick: str) -> JsonValue:
    if not isinstance(value, list):
        return None
    if pick.isdecimal():
        return value[int(pick)] if int(pick) < len(value) else None
    name, _, wanted = pick.partition("=")
    for item in value:
        if isinstance(item, dict) and str(item.get(name)) == wanted:
            return item
    return None


def _members(
    value: JsonValue | Mapping[str, JsonValue], rest: tuple[Step, ...]
) -> Iterator[JsonValue]:
    if not rest:
        yield value  # type: ignore[misc]  # a Mapping only at the very top, where rest is not empty
        return
    if not isinstance(value, Mapping):
        return
    (key, pick), below = rest[0], rest[1:]
    inner = value.get(key)
    if pick is None:
        yield from _members(inner, below)
    elif isinstance(inner, list):
        for item in inner:
            yield from _members(item, below)
    elif isinstance(inner, dict):
        yield from _members(inner, below)
