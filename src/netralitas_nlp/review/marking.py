"""Evidence made visible: the spans that carry a score, marked in a text that strangers wrote."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from markupsafe import Markup

from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.report.untrusted import visible
from netralitas_nlp.report.words import Words

MAX_SHOWN: Final = 50_000
"""Longest text shown on a page, in characters: thirty times the longest post of any platform."""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` to ``end`` of a text that speak for ``label``."""

    label: Label
    start: int
    end: int


def spans_of(evidence: Iterable[Mapping[str, Any]], length: int) -> list[Span]:
    """Return the spans that lie inside a text of ``length`` characters; others are left out.

    A run folder may come from elsewhere: what it says about a text is not to be trusted.
    """
    found = []
    for entry in evidence:
        label, start, end = entry.get("label"), entry.get("start"), entry.get("end")
        whole = type(start) is int and type(end) is int
        if label in LABELS and whole and 0 <= start < end <= length:
            found.append(Span(label, start, end))
    return found


def marked(text: str, spans: Sequence[Span], w: Words) -> Markup:
    """Return ``text`` escaped, with every span in a ``<mark>`` that names its labels.

    Spans may overlap: where two labels meet, the piece carries both names.
    """
    cuts = sorted({0, len(text), *(s.start for s in spans), *(s.end for s in spans)})
    pieces = []
    for start, end in pairwise(cuts):
        shown = visible(text[start:end])
        over = {s.label for s in spans if s.start <= start and end <= s.end}
        labels = [label for label in LABELS if label in over]
        if labels:
            names = ", ".join(w.label(label) for label in labels)
            shown = Markup('<mark class="{}" title="{}">{}</mark>').format(
                " ".join(labels), names, shown
            )
        pieces.append(shown)
    return Markup("").join(pieces)
