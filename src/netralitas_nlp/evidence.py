"""Evidence: places in a text that carry a score, as a value, as JSON, and as segments to show."""

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from netralitas_nlp.labels import LABELS, Label


@dataclass(frozen=True, slots=True)
class Span:
    """One place in a text that carries the score of a label.

    Attributes:
        label: The label.
        start: First code point of the place in the raw text, from 0.
        end: One more than the last.
        text: What stands there: ``raw[start:end]``.
        weight: Its part of the drop of the label's calibrated score when the spans are taken out
            of the text, together with those of other labels that were found by the same trial;
            in (0, 1]. The weights of a label add up to that drop; what each word scores alone
            divides it among them.
    """

    label: Label
    start: int
    end: int
    text: str
    weight: float


def to_json(spans: Sequence[Span]) -> str:
    """Return spans as the column ``evidence`` holds them."""
    return json.dumps([asdict(span) for span in spans], ensure_ascii=False)


def from_json(column: str | None, text: str) -> tuple[Span, ...]:
    """Return the spans of a row; what does not fit its text is left out.

    Args:
        column: Value of ``evidence``; nothing where the row was not explained.
        text: The raw text of the row.
    """
    return from_json_counted(column, text)[0]


def from_json_counted(column: str | None, text: str) -> tuple[tuple[Span, ...], int]:
    """Return the spans of a row, and how many entries were left out as in ``from_json``.

    Args:
        column: Value of ``evidence``; one that is no list counts as a single entry.
        text: The raw text of the row.
    """
    if not column:
        return (), 0
    try:
        found = json.loads(column)
    except (ValueError, RecursionError):
        return (), 1
    if not isinstance(found, list):
        return (), 1
    spans = tuple(_checked(found, text))
    return spans, len(found) - len(spans)


def _checked(found: list[Any], text: str) -> Iterator[Span]:
    ends = dict.fromkeys(LABELS, 0)
    for one in found:
        try:
            span = Span(**one)
            fits = type(span.start) is type(span.end) is int
            fits = fits and ends[span.label] <= span.start < span.end <= len(text)
            fits = fits and 0 < span.weight <= 1 and text[span.start : span.end] == span.text
        except (TypeError, KeyError):
            continue
        if fits:
            ends[span.label] = span.end
            yield span


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text and the labels that it carries, in the order of ``LABELS``; maybe none."""

    text: str
    labels: tuple[Label, ...]


def segments(text: str, spans: Sequence[Span]) -> list[Segment]:
    """Return a text cut where spans begin and end; joined again it is the text itself.

    Args:
        text: The raw text, or the head of it; what lies beyond its end is left out.
        spans: Of that text; those of different labels may overlap.
    """
    cuts = sorted({0, len(text)} | {c for s in spans for c in (s.start, s.end) if c < len(text)})
    found = []
    for start, end in itertools.pairwise(cuts):
        on = {span.label for span in spans if span.start <= start and span.end >= end}
        found.append(Segment(text[start:end], tuple(label for label in LABELS if label in on)))
    return found
