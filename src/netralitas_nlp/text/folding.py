"""Words of a raw text with their places, folded so that spellings of one word agree."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_INVISIBLE = "\u00ad\u034f\u180e\u200b-\u200f\u2060-\u2064\ufeff"
_MARKS = "\u0300-\u036f"
_DROPPED = re.compile(f"[{_INVISIBLE}\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]")
_WORD = re.compile(
    "(?P<keycap>[0-9]\ufe0f?\u20e3)"
    f"|(?P<word>[^\\W_](?:[^\\W_]|[{_INVISIBLE}{_MARKS}]|[@$](?=[^\\W_]))*)"
    "|(?P<emoji>[\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f1e6-\U0001f1ff"
    "\U0001f300-\U0001faff][\ufe0e\ufe0f]?[\U0001f3fb-\U0001f3ff]?)"
)
_LEET: Final = str.maketrans("0134567890@$", "oieasgtbgoas")
_REPEATED = re.compile(r"([^\W\d_])\1+")
_REDUPLICATED = re.compile(r"(?<=[^\W\d_])2$")
MAX_KEY: Final = 60
"""Longest word that is folded, in characters: anything longer is no word."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number, keycap or emoji of a raw text.

    Attributes:
        start: First character in the raw text; ``end``: one past the last.
        plain: Case, accents and decoration folded.
        key: ``plain`` with leet read as letters and lengthened letters shortened; digits alone
            stay as they are.
        kind: ``word`` (numbers too), ``keycap`` or ``emoji``.
    """

    start: int
    end: int
    plain: str
    key: str
    kind: str


def tokens(text: str) -> Iterator[Token]:
    """Return the words and emoji of a text, in order, with their places in the raw text."""
    for match in _WORD.finditer(text):
        plain, key = _folded(match[0][:MAX_KEY])
        if key:
            yield Token(match.start(), match.end(), plain, key, match.lastgroup or "word")


def keys(phrase: str) -> tuple[str, ...]:
    """Return the keys of the words of a phrase."""
    return tuple(token.key for token in tokens(phrase))


@lru_cache(maxsize=65_536)
def _folded(raw: str) -> tuple[str, str]:
    plain = unicodedata.normalize("NFKD", _DROPPED.sub("", raw)).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    if not any(c.isalpha() for c in plain):
        return plain, plain
    # A trailing 2 doubles a word in everyday spelling (`orang2`); it is no letter.
    key = _REDUPLICATED.sub("", plain).translate(_LEET)
    return plain, _REPEATED.sub(r"\1", key)
