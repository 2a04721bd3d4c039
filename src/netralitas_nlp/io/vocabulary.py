"""What a header word means: the roles of columns, told by name alone."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

WEIGHTS: Final[Mapping[str, float]] = {
    "text": 3.0,
    "account": 2.0,
    "time": 2.0,
    "url": 2.0,
    "id": 1.5,
    "name": 1.0,
    "parent": 1.0,
    "parent_text": 1.0,
}
"""How far a known header speaks for a table of posts; every other known word counts 0.5."""

MAX_HEADER: Final = 60
"""Longest header that is looked up, in characters: longer cells are data."""

_IGNORED: Final = re.compile(r"[\s_\-.\ufeff]+")
_NAMELESS: Final = re.compile(r"unnamed:?\d+|kolom\d+|column\d+|\d+", re.ASCII)


def role_of(header: str) -> str | None:
    """Return the role that a header names, or ``None`` for an unknown word.

    Args:
        header: A column name as written; case, spaces, ``_``, ``-`` and ``.`` do not matter.

    Returns:
        ``text``, ``title``, ``account``, ``name``, ``time``, ``time_part``, ``url``, ``id``,
        ``parent``, ``parent_text``, ``kind``, ``platform``, ``engagement``, ``never`` (never
        text) or ``other`` (a column of a known tool without a role here).
    """
    entry = _lookup(header)
    return entry[0] if entry else None


def rank_of(header: str) -> int:
    """Return the place of a header among the words of its role, 0 the most telling."""
    entry = _lookup(header)
    return entry[1] if entry else len(_table())


def header_score(cells: Sequence[str]) -> float:
    """Return how much a row looks like the header of a table of posts.

    Args:
        cells: The cells of one row.

    Returns:
        Sum of ``WEIGHTS`` over the distinct known names; 0 where none is known.
    """
    known = {folded(cell): role for cell in cells if (role := role_of(cell)) is not None}
    return sum(WEIGHTS.get(role, 0.5) for role in known.values())


def folded(header: str) -> str:
    """Return a header as it is compared."""
    return _IGNORED.sub("", header).casefold()


def nameless(header: str) -> bool:
    """Say whether a header is a number or a stand-in such as ``Unnamed: 0``."""
    word = folded(header)
    return not word or _NAMELESS.fullmatch(word) is not None


def _lookup(header: str) -> tuple[str, int] | None:
    if not header or len(header) > MAX_HEADER:
        return None
    return _table().get(folded(header))


@cache
def _table() -> Mapping[str, tuple[str, int]]:
    source = files("netralitas_nlp.io").joinpath("vocabulary.toml").read_text(encoding="utf-8")
    table: dict[str, tuple[str, int]] = {}
    for word, entry in _entries(tomllib.loads(source)):
        table.setdefault(folded(word), entry)
    return table


def _entries(data: Mapping[str, Mapping[str, list[str]]]) -> Iterator[tuple[str, tuple[str, int]]]:
    for role, words in data["roles"].items():
        for rank, word in enumerate(words):
            yield word, (role, rank)
    for words in data["other"].values():
        for word in words:
            yield word, ("other", 0)
