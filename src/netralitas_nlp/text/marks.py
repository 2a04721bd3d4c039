"""Where a text names contestants of a roster, written so that a model need not know their names."""

import re
from collections.abc import Iterable
from typing import Final

from netralitas_nlp.text.folding import tokens
from netralitas_nlp.text.normalize import ADDRESS, CONTESTANT, Span
from netralitas_nlp.text.numbers import number_of
from netralitas_nlp.text.roster import Kind, RosterMatch

KEPT: Final[tuple[Kind, ...]] = ("slogan", "hashtag")
"""Their words say something themselves (`#MenangSatuPutaran`): the mark stands before them. Names,
nicknames, parties and ballot numbers are replaced, so that no name or number moves a score."""

_NUMBER_WORDS: Final = frozenset({"nomor", "no", "nmr", "nomer", "numer", "urut", "urutan"})
_WRITTEN = re.compile(re.escape(CONTESTANT))


def mark_spans(text: str, matches: Iterable[RosterMatch]) -> list[Span]:
    """Return the spans of a raw text that the mark replaces; an empty span inserts it.

    Numbers without a cue (`02`, `✌️`) are not marked: they mean too many other things. Neither is
    what stands in an address or handle, which the normal form hides.

    Args:
        text: The raw text.
        matches: Of ``Roster.find`` over it, without overlap.
    """
    hidden = [found.span() for found in ADDRESS.finditer(text)]
    return [
        (_first(match), match.start if match.kind in KEPT else match.end)
        for match in sorted(matches, key=lambda match: match.start)
        if (match.exact or match.kind != "number")
        and not any(start < match.end and match.start < end for start, end in hidden)
    ]


def _first(match: RosterMatch) -> int:
    """Return where the mark begins: `coblos paslon nomor 2` loses its number, not its verb."""
    if match.kind != "number":
        return match.start
    starts = (
        match.start + token.start
        for token in tokens(match.text)
        if token.key in _NUMBER_WORDS or number_of(token.plain) is not None
    )
    return next(starts, match.start)


def with_marks(text: str, spans: Iterable[Span]) -> str:
    """Return a text with the marks written out, for rows of training data."""
    parts, place = [], 0
    for start, end in spans:
        gap = "" if start < end else " "
        parts += [text[place:start], CONTESTANT, gap]
        place = end
    return "".join([*parts, text[place:]])


def written_marks(text: str) -> list[Span]:
    """Return the spans of marks that ``with_marks`` wrote; of posts of others, never ask this."""
    return [found.span() for found in _WRITTEN.finditer(text)]
