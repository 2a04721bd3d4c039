"""Whose words a text holds: told from the columns of the tool, from a type column, or the text."""

import re
from collections.abc import Mapping
from typing import Final

from netralitas_nlp.labels import TextKind

_RETWEET: Final = re.compile(r"RT @\w{1,20}\s*:?")
_LIKE: Final = re.compile(r"(?:akun|@)\s?\S{1,40} menyukai\b", re.IGNORECASE)

_NAMES: Final[Mapping[TextKind, str]] = {
    "own": "own postingan post status tweet unggahan original photo video reel sendiri",
    "reply": "komentar comment balasan reply replied_to replied",
    "share": "bagikan dibagikan share shared link forward terusan",
    "repost": "repost retweet retweeted rt",
    "quote": "quote quoted kutipan",
    "like": "suka like liked menyukai follow follows mengikuti",
}
_WORDS: Final[Mapping[str, TextKind]] = {
    word: kind for kind, words in _NAMES.items() for word in words.split()
}


def kind_of_word(word: str) -> TextKind | None:
    """Return the kind that a cell such as ``komentar`` or ``retweeted`` names, else ``None``."""
    return _WORDS.get(word.strip().casefold())


def is_bare_repost(text: str) -> bool:
    """Say whether a text is somebody else's post repeated, ``RT @name: …``."""
    return _RETWEET.match(text) is not None


def is_like_row(text: str) -> bool:
    """Say whether a row only records a like ("akun A menyukai …"), without words of the author."""
    return len(text) < 300 and _LIKE.match(text) is not None
