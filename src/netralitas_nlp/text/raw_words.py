"""Words of a raw text, each with its place in it, before anything is normalised.

An address, a phone number or a handle is one word, a hashtag is one word with its sign, equal
emoji in a row are one word, and combining marks stay with their letter. White space and
punctuation belong to no word.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from netralitas_nlp.text.normalize import MASKED

Place = tuple[int, int]
"""Start and end in code points, the end not included."""

_ESCAPED_SPACE = re.compile(r"\\[nrt]")
_ESCAPED_BYTES = re.compile(r"(?:\\x[0-9a-fA-F]{2})+")


class _Kinds(dict[int, str]):
    """Code point to one letter, so that a text and its kinds have the same places."""

    def __missing__(self, code: int) -> str:
        kind = self[code] = _kind(chr(code))
        return kind


def _kind(char: str) -> str:
    category = unicodedata.category(char)
    if char == "\u200d":
        return "j"  # joins emoji
    if category[0] == "M" or category == "Cf" or "\U0001f3fb" <= char <= "\U0001f3ff":
        return "m"  # belongs to what stands before it
    if char.isdigit():
        return "d"
    if char.isalnum() or char == "_":
        return "w"
    if "\U0001f1e6" <= char <= "\U0001f1ff":
        return "r"  # half a flag
    if category == "So" or char in "\u203c\u2049":
        return "e"
    if category[0] in "ZC":
        return " "
    if char in "#@":
        return "#"
    if char in "-'\u2019\u2010\u2011":
        return "-"
    return "." if char in ".,:" else "p"


_KINDS: Final = _Kinds()
_WORD: Final = re.compile(
    r"(?P<whole>Uu*)"
    r"|#*[wd][wdmj]*(?:-[wd][wdmj]*|(?<=d)\.d[wdmj]*)*"
    r"|(?P<emoji>(?:r[mj]*r?|e)[mj]*(?:(?<=j)e[mj]*)*)"
)
"""Over kinds: masked things, letters and digits (``orang-orang``, ``7.30``), emoji sequences."""


def raw_words(text: str) -> list[Place]:
    """Return the words of a text in order; they do not overlap and none is empty."""
    kinds = _kinds(text)
    found: list[Place] = []
    for match in _WORD.finditer(kinds):
        start, end = match.span()
        if match["emoji"] is not None and found:
            # The normal form keeps two of a long row: taking away one of them changes nothing.
            first, last = found[-1]
            sign = text[start:end]
            if last == start and text[first:last] == sign * ((last - first) // len(sign)):
                found[-1] = first, end
                continue
        found.append((start, end))
    return found


def without(text: str, places: Sequence[Place]) -> str:
    """Return a text with a blank in place of each of some places, in order and apart."""
    kept, last = [], 0
    for start, end in places:
        kept.append(text[last:start])
        last = end
    return " ".join([*kept, text[last:]])


def together(places: Sequence[Place]) -> list[Place]:
    """Return places in order, those that overlap as one."""
    found: list[Place] = []
    for start, end in sorted(places):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def merged(places: Sequence[Place], chosen: Sequence[int], text: str) -> list[Place]:
    """Return chosen words as spans; neighbours with a short gap in one line become one.

    Args:
        places: All words of the text.
        chosen: Indices of some of them, ascending.
        text: The text.
    """
    spans: list[Place] = []
    before = -2
    for index in chosen:
        start, end = places[index]
        if spans and before == index - 1 and _joins(text[spans[-1][1] : start]):
            spans[-1] = spans[-1][0], end
        else:
            spans.append((start, end))
        before = index
    return spans


MAX_GAP: Final = 3
"""Characters between two words that are shown as one span: a comma and a blank, not a sentence."""


def _joins(gap: str) -> bool:
    return len(gap) <= MAX_GAP and not any(mark in gap for mark in "\n\r.!?\u2026\\")


def _kinds(text: str) -> str:
    """Return the kind of each character; what the normaliser takes for one thing is one word."""
    if "\\" in text:
        text = _ESCAPED_SPACE.sub("  ", text)
    kinds = list(text.translate(_KINDS))
    for pattern in (_ESCAPED_BYTES, *MASKED):
        for match in pattern.finditer(text):
            start, end = match.span()
            if kinds[start] not in "Uu" and kinds[end - 1] not in "Uu":
                kinds[start:end] = "U" + "u" * (end - start - 1)
    return "".join(kinds)
