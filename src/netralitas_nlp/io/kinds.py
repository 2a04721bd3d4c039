"""Whose words a text holds: told from the columns of the tool, from a type column, or the text."""

import re
from collections.abc import Mapping
from typing import Final

from netralitas_nlp.labels import TextKind

_RETWEET: Final = re.compile(r"RT @\w{1,20}\s*:?")
_LIKE: Final = re.compile(r"(?:akun|@)\s?\S{1,40} menyukai\b", re.IGNORECASE)

_WORDS: Final[Mapping[str, TextKind]] = {
    "own": "own", "postingan": "own", "post": "own", "status": "own", "tweet": "own", "unggahan": "own", "original": "own",
    "photo": "own", "video": "own", "reel": "own", "sendiri": "own",
    "komentar": "reply", "comment": "reply", "balasan": "reply", "reply": "reply", "replied_to": "reply", "replied": "reply",
    "bagikan": "share", "dibagikan": "share", "share": "share", "shared": "share", "link": "share", "forward": "share",
    "terusan": "share", "repost": "repost", "retweet": "repost", "retweeted": "repost", "rt": "repost",
    "quote": "quote", "quoted": "quote", "kutipan": "quote", "suka": "like", "like": "like", "liked": "like", "menyukai": "like",
    "follow": "like", "mengikuti": "like", "follows": "like",
}  # fmt: skip


def kind_of_word(word: str) -> TextKind | None:
    """Return the kind that a cell such as ``komentar`` or ``retweeted`` names, else ``None``."""
    return _WORDS.get(word.strip().casefold())


def is_bare_repost(text: str) -> bool:
    """Say whether a text is somebody else's post repeated, ``RT @name: …``."""
    return _RETWEET.match(text) is not None


def is_like_row(text: str) -> bool:
    """Say whether a row only records a like ("akun A menyukai …"), without words of the author."""
    return len(text) < 300 and _LIKE.match(text) is not None
