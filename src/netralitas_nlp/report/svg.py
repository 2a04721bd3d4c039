"""Pieces of inline SVG: escaped, without a single style attribute, coloured by class alone."""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

WIDE: Final = 720
NARROW: Final = 320
"""Widths in pixels: a page of paper or a desk, and a phone. Letters keep their size in both."""


def rect(kind: str, x: float, y: float, width: float, height: float) -> Markup:
    """Return a rectangle, or nothing where it would have no area."""
    if height <= 0 or width <= 0:
        return Markup("")
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
        kind, _n(x), _n(y), _n(width), _n(height)
    )


def line(kind: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    """Return a line."""
    return Markup('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(
        kind, _n(x1), _n(y1), _n(x2), _n(y2)
    )


def circle(kind: str, x: float, y: float, radius: float, title: str = "") -> Markup:
    """Return a dot; ``title`` is shown where a pointer rests on it."""
    inner = Markup("<title>{}</title>").format(title) if title else Markup("")
    return Markup('<circle class="{}" cx="{}" cy="{}" r="{}">{}</circle>').format(
        kind, _n(x), _n(y), _n(radius), inner
    )


def text(kind: str, x: float, y: float, words: str, anchor: str) -> Markup:
    """Return words; ``anchor`` is ``start``, ``middle`` or ``end``."""
    return Markup('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>').format(
        kind, _n(x), _n(y), anchor, words
    )


def chart(width: int, height: float, alt: str, parts: Sequence[Markup]) -> Markup:
    """Return the drawing; ``alt`` is what a screen reader says."""
    name = "wide" if width >= WIDE else "narrow"
    return Markup(
        '<svg class="chart {}" viewBox="0 0 {} {}" width="{}" height="{}" role="img" '
        'aria-label="{}">{}</svg>'
    ).format(name, width, _n(height), width, _n(height), alt, Markup("").join(parts))


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
