"""Signs in a text that it was not written one by one, or that a real person can be found in it."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

SPAN: Final = 5
"""Words of a run that may not be a habit."""

MANY: Final = 5
"""A post may share a run with so many other posts before it counts as repeating."""

_WORD = re.compile(r"[^\W_]+")
_HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z0-9_][A-Za-z0-9_.]{2,29}\b")
_PHONE = re.compile(r"(?<![\w.,/-])(?:\+?62|0)[ .-]?8\d{1,2}(?:[ .-]?\d){6,10}(?!\w)")
_MAIL = re.compile(r"\b[\w.+-]+@[\w-]+\.[A-Za-z]{2,}\b")
_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_ID = re.compile(r"(?<!\d)\d{16,18}(?!\d)")
_INVENTED = re.compile(
    r"@(?:user|akun|warga|kampung|contoh|anonim)\w*|(?:https?://)?(?:www\.)?[\w.-]*"
    r"(?:contoh|example|\.invalid|httpurl)\S*",
    re.IGNORECASE,
)
_SHAPES: Final = (
    ("handle", _HANDLE),
    ("phone", _PHONE),
    ("email", _MAIL),
    ("link", _LINK),
    ("id", _ID),
)


def real_looking(text: str) -> list[tuple[str, str]]:
    """Return handles, phone numbers, addresses, links and identity numbers that could be real.

    Each is ``(kind, what stands there)``. Forms that say of themselves that they are invented
    (``@user…``, ``@akun…``, ``@warga…``, links with ``contoh`` or ``.invalid``) are let through.
    """
    return [
        (kind, match[0])
        for kind, shape in _SHAPES
        for match in shape.finditer(text)
        if not _INVENTED.fullmatch(match[0])
    ]


def repeating(texts: Sequence[str]) -> list[tuple[int, str]]:
    """Return the posts that share a run of five words with more than five others.

    Args:
        texts: One post each.

    Returns:
        ``(index, run)``, the run that most posts share, in the order of the posts.
    """
    runs = [_runs(text) for text in texts]
    shared = Counter(run for post in runs for run in post)
    found = []
    for index, post in enumerate(runs):
        worst = max(post, key=lambda run: (shared[run], run), default="")
        if worst and shared[worst] > MANY + 1:
            found.append((index, worst))
    return found


def habits(texts: Sequence[str], *, words: int = 3) -> tuple[Counter[str], Counter[str]]:
    """Return how many posts open, and how many close, with the same words."""
    split = [[word.lower() for word in _WORD.findall(text)] for text in texts]
    long = [post for post in split if len(post) > words]
    opening = Counter(" ".join(post[:words]) for post in long)
    closing = Counter(" ".join(post[-words:]) for post in long)
    return opening, closing


def _runs(text: str) -> set[str]:
    words = [word.lower() for word in _WORD.findall(text)]
    return {" ".join(words[i : i + SPAN]) for i in range(len(words) - SPAN + 1)}
