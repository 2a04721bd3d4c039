"""Text as its author wrote it: entities, line-break tags and wrong decodings undone, cuts seen."""

import html
import re
from typing import Final

import ftfy.bad_codecs  # registers sloppy-windows-1252, the way Excel and browsers misread UTF-8
from ftfy.badness import is_bad

MAX_PASSES: Final = 2
"""Text seen in exports was misread at most twice."""

_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_LINK: Final = re.compile(r"<a\s[^<>]*href=[^<>]*>([^<>]*)</a>", re.IGNORECASE)
_STYLE: Final = re.compile(r"</?(?:b|i|s)>", re.IGNORECASE)
_ENTITY: Final = re.compile(
    r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos|nbsp|hellip|ldquo|rdquo|lsquo|rsquo|ndash|mdash);"
)
_BARE_ENTITY: Final = re.compile(r"&(amp|lt|gt|quot)(?=[\s,.]|$)")
_MARKS: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"'}
_CUT: Final = re.compile(r"(?:…|\[…\]|\[\.\.\.\])(?:\s+https?://t\.co/\w*…?)?\s*$")
_DOTS: Final = re.compile(r"\.\.\.\s*$")

ftfy.bad_codecs.ok()


def repaired(text: str) -> str:
    """Return a text with markup entities and wrong decodings undone.

    A cell is decoded anew only if the whole of it round-trips; half-broken cells stay as they
    are, since guessing at parts would change what the author wrote.
    """
    if "&" in text or "<" in text:
        text = _without_markup(text)
    if not text.isascii():
        text = _decoded_anew(text)
    return text


def is_cut(text: str, *, dots: bool = False) -> bool:
    """Say whether a text visibly ends before its end.

    Args:
        text: The post.
        dots: Also take three full stops as a cut, for tools that write them.
    """
    return _CUT.search(text) is not None or (dots and _DOTS.search(text) is not None)


def _without_markup(text: str) -> str:
    if "<" in text:
        text = _STYLE.sub("", _LINK.sub(r"\1", _BREAK.sub("\n", text)))
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
        text = _BARE_ENTITY.sub(lambda found: _MARKS[found[1]], text)
    return text


def _decoded_anew(text: str) -> str:
    for _ in range(MAX_PASSES):
        again = _once(text)
        if again is None:
            break
        text = again
    return text


def _once(text: str) -> str | None:
    for codec in ("latin-1", "sloppy-windows-1252"):
        try:
            again = text.encode(codec).decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
        # C1 controls never occur in typed text; other sequences must look wrong as well.
        if again != text and (any("\x80" <= c <= "\x9f" for c in text) or is_bad(text)):
            return again
    return None
