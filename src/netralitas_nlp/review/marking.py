"""Evidence made visible: the spans that carry a score, marked in a text that strangers wrote."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from markupsafe import Markup

from netralitas_nlp.labels import LABELS
from netralitas_nlp.report.untrusted import visible
from netralitas_nlp.report.words import Words
from netralitas_nlp.review.shapes import Span

MAX_SHOWN: Final = 50_000
"""Longest text shown on a page, in characters: thirty times the longest post of any platform."""


def marked(text: str, spans: Sequence[Span], w: Words) -> Markup:
    """Return ``text`` escaped, with every span in a ``<mark>`` that names its labels.

    Spans may overlap: where two labels meet, the piece carries both names. A span that does not
    lie inside the text is left out, since a run folder may come from elsewhere.
    """
    inside = [s for s in spans if 0 <= s.start < s.end <= len(text)]
    cuts = sorted({0, len(text), *(s.start for s in inside), *(s.end for s in inside)})
    pieces = []
    for start, end in pairwise(cuts):
        shown = visible(text[start:end])
        over = {s.label for s in inside if s.start <= start and end <= s.end}
        labels = [label for label in LABELS if label in over]
        if labels:
            names = ", ".join(w.label(label) for label in labels)
            shown = Markup('<mark class="{}" title="{}">{}</mark>').format(
                " ".join(labels), names, shown
            )
        pieces.append(shown)
    return Markup("").join(pieces)
