"""The words that carried a score: evidence spans read strictly, laid over the untouched text."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, cast

from netralitas_nlp.labels import LABELS, Label


@dataclass(frozen=True, slots=True)
class Span:
    """Some characters of a post.

    Attributes:
        label: The label whose score they carried.
        start: Index of the first character, from 0.
        end: One more than the last.
    """

    label: Label
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text, marked or not."""

    text: str
    marked: bool = False


def spans(evidence: str | None, text: str) -> tuple[tuple[Span, ...], int]:
    """Return the spans of the column ``evidence``, and how many entries do not fit the text.

    Args:
        evidence: JSON list of ``{label, start, end, text, weight}``; nothing means no spans.
        text: The post that they point into.
    """
    if not evidence:
        return (), 0
    try:
        entries = json.loads(evidence)
    except (ValueError, RecursionError):
        return (), 1
    if not isinstance(entries, list):
        return (), 1
    found = [_span(entry, text) for entry in entries]
    return tuple(span for span in found if span), found.count(None)


def pieces(text: str, found: Collection[Span]) -> tuple[Piece, ...]:
    """Return the text cut where marks begin and end; joined, it is ``text`` unaltered."""
    edges = sorted({0, len(text), *(e for span in found for e in (span.start, span.end))})
    cut: list[Piece] = []
    for start, end in pairwise(edges):
        marked = any(span.start <= start and end <= span.end for span in found)
        if cut and cut[-1].marked == marked:
            cut[-1] = Piece(cut[-1].text + text[start:end], marked)
        else:
            cut.append(Piece(text[start:end], marked))
    return tuple(cut)


def _span(entry: Any, text: str) -> Span | None:
    if not isinstance(entry, dict) or entry.get("label") not in LABELS:
        return None
    start, end = entry.get("start"), entry.get("end")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
        return None
    # A span that quotes other words than it points at would mark the wrong ones.
    if entry.get("text", text[start:end]) != text[start:end]:
        return None
    return Span(cast(Label, entry["label"]), start, end)
