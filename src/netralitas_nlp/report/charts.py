"""Charts as inline SVG: drawn by hand, readable without colour, without a single style attribute.

Colour comes from the style sheet by class; ``flag`` is solid, ``review`` hatched, ``clear``
pale with an outline, so that the three stay apart in print and for every eye.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from netralitas_nlp.labels import Decision
from netralitas_nlp.report import svg
from netralitas_nlp.report.periods import Period
from netralitas_nlp.report.svg import WIDE

PATTERNS: Final = Markup(
    '<svg class="defs" width="0" height="0" aria-hidden="true" focusable="false"><defs>'
    '<pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect class="hatch-ground" width="5" height="5"/>'
    '<line class="hatch-line" x1="1" y1="0" x2="1" y2="5"/></pattern></defs></svg>'
)
"""The hatching that ``review`` areas point at; once per page."""

_LEFT: Final = 46
_RIGHT: Final = 14
_TICK_ROOM: Final = 88
"""Width of the longest name under an axis, ``26 Agu 2024``, with some air."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A drawing area: where value 0 and the top lie, and how counts become heights."""

    top: float
    height: float
    peak: int

    @property
    def base(self) -> float:
        """The y of zero."""
        return self.top + self.height

    def y(self, count: float) -> float:
        """Return the y of a count on a linear scale."""
        return self.base - self.height * count / max(self.peak, 1)

    def log_y(self, count: int) -> float:
        """Return the y of a count on a logarithmic scale where 1 still has some height."""
        if count <= 0:
            return self.base
        lift = 0.35
        share = (math.log10(count) + lift) / (math.log10(max(self.peak, 10)) + lift)
        return self.base - self.height * share


def time_chart(
    periods: Sequence[Period],
    *,
    width: int,
    titles: tuple[str, str],
    alt: str,
    count: Callable[[int], str],
    tick: Callable[[Period], str],
) -> Markup:
    """Return posts over time: what needs review above, all scored posts below.

    Args:
        periods: At least one, without gaps.
        width: In pixels.
        titles: Of the two panels.
        alt: What a screen reader says.
        count: Writes a number.
        tick: Writes the name of a period under the axis.
    """
    waiting = [p.counts["flag"] + p.counts["review"] for p in periods]
    upper = Panel(26, 120, _ceiling(max(waiting)))
    lower = Panel(upper.base + 44, 56, _ceiling(max(p.total for p in periods)))
    step = (width - _LEFT - _RIGHT) / len(periods)
    bar = max(min(step * 0.78, 28), 0.8)
    parts = [_title(titles[0], upper.top - 13), _title(titles[1], lower.top - 13)]
    parts += [_grid(panel, width, count) for panel in (upper, lower)]
    for index, period in enumerate(periods):
        x = _LEFT + step * index + (step - bar) / 2
        flagged = period.counts["flag"]
        top_of_flag = upper.y(flagged)
        parts.append(svg.rect("flag", x, top_of_flag, bar, upper.base - top_of_flag))
        top = upper.y(flagged + period.counts["review"])
        parts.append(svg.rect("review", x, top, bar, top_of_flag - top))
        top = lower.y(period.total)
        parts.append(svg.rect("all", x, top, bar, lower.base - top))
    parts += _ticks(periods, step, width, lower.base, tick)
    return svg.chart(width, lower.base + 24, alt, parts)


def score_chart(
    bins: NDArray[np.int64],
    *,
    marks: Mapping[str, tuple[str, float]],
    levels: tuple[float, float],
    width: int,
    alt: str,
    count: Callable[[int], str],
    decimal: Callable[[float], str],
) -> Markup:
    """Return the distribution of one label's scores with its thresholds.

    Args:
        bins: Rows per bin, the bins dividing 0 to 1 evenly.
        marks: Threshold lines: class to (words, score); those above 1 are not drawn.
        levels: Flag and review threshold, which part the bars.
        width: In pixels.
        alt: What a screen reader says.
        count: Writes a number.
        decimal: Writes a score on the axis.
    """
    panel = Panel(36, 96, int(bins.max()))
    span = width - _LEFT - _RIGHT

    def x(score: float) -> float:
        return _LEFT + span * score

    powers = [10**n for n in range(int(math.log10(max(panel.peak, 10))) + 1)]
    parts = [_level_line(panel.log_y(n), width, count(n)) for n in powers]
    parts.append(svg.line("axis", _LEFT, panel.base, width - _RIGHT, panel.base))
    for index, n in enumerate(bins.tolist()):
        top = panel.log_y(n)
        for decision, low, high in _split(index / len(bins), (index + 1) / len(bins), levels):
            parts.append(svg.rect(decision, x(low), top, x(high) - x(low) - 0.6, panel.base - top))
    parts += _marks(marks, x, panel, width)
    for n in range(0, 11, 2 if width >= WIDE else 5):
        parts.append(svg.text("tick", x(n / 10), panel.base + 16, decimal(n / 10), "middle"))
    return svg.chart(width, panel.base + 22, alt, parts)


def paired_chart(
    pairs: Sequence[tuple[float, float]],
    *,
    names: Sequence[str],
    width: int,
    alt: str,
    percent: Callable[[float], str],
) -> Markup:
    """Return two samples bin by bin, on a logarithmic scale of shares.

    Args:
        pairs: Per bin, the share of the run (dark) and of the reference (pale), each in [0, 1].
        names: Written under the edges between bins, one more than there are bins; an empty one
            is left out.
        width: In pixels.
        alt: What a screen reader says.
        percent: Writes a share.
    """
    panel = Panel(12, 110, 10_000)
    step = (width - _LEFT - _RIGHT) / len(pairs)
    parts = [_level_line(panel.log_y(10**n), width, percent(10**n / 10_000)) for n in range(5)]
    parts.append(svg.line("axis", _LEFT, panel.base, width - _RIGHT, panel.base))
    for index, (found, expected) in enumerate(pairs):
        x = _LEFT + step * index + step * 0.08
        for kind, share, offset in (("all", found, 0.0), ("clear", expected, step * 0.42)):
            top = panel.log_y(round(10_000 * share))
            parts.append(svg.rect(kind, x + offset, top, step * 0.4, panel.base - top))
    for index, name in enumerate(names):
        if name:
            parts.append(svg.text("tick", _LEFT + step * index, panel.base + 16, name, "middle"))
    return svg.chart(width, panel.base + 22, alt, parts)


def score_bar(score: float, decision: Decision, levels: tuple[float, float]) -> Markup:
    """Return a bar of one score from 0 to 1 with its flag and review threshold.

    The words beside it say the same, so a screen reader passes over it.
    """
    flag, review = levels
    parts = [Markup('<rect class="track" x="0" y="5" width="200" height="8"/>')]
    parts.append(svg.rect(decision, 0, 5, max(200 * score, 1), 8))
    if review < flag:
        parts.append(_mark("review", review, 4))
    if flag <= 1:
        parts.append(_mark("flag", flag, 0))
    body = Markup("").join(parts)
    return Markup(
        '<svg class="bar" viewBox="0 0 200 18" preserveAspectRatio="none" aria-hidden="true" '
        'focusable="false">{}</svg>'
    ).format(body)


def swatch(decision: Decision) -> Markup:
    """Return the sign of a decision: a small square filled as in the charts."""
    return Markup(
        '<svg class="swatch" viewBox="0 0 12 12" aria-hidden="true" focusable="false">{}</svg>'
    ).format(svg.rect(decision, 1, 1, 10, 10))


def _mark(kind: str, score: float, inset: float) -> Markup:
    x = min(max(200 * score, 1), 199)
    # The halo keeps the mark apart from a bar of the same darkness.
    halo = svg.line("halo", x, 5, x, 13)
    return halo + svg.line(f"mark {kind}", x, inset, x, 18 - inset)


def _split(
    low: float, high: float, levels: tuple[float, float]
) -> Iterator[tuple[Decision, float, float]]:
    """Cut a bin at the thresholds inside it, so that no bar wears the wrong sign."""
    flag, review = levels
    bands: tuple[tuple[Decision, float, float], ...] = (
        ("clear", 0.0, review),
        ("review", review, flag),
        ("flag", flag, 2.0),
    )
    for decision, start, stop in bands:
        left, right = max(low, start), min(high, stop)
        if left < right:
            yield decision, left, right


def _marks(
    marks: Mapping[str, tuple[str, float]], x: Callable[[float], float], panel: Panel, width: int
) -> Iterator[Markup]:
    for row, (kind, (words, score)) in enumerate(marks.items()):
        if score > 1:
            continue
        y = 12 + 14 * row
        # Words stand on the side of the line that has room for them.
        room = 6.2 * len(words)
        left = x(score) + room > width - _RIGHT
        yield svg.line(f"mark {kind}", x(score), y - 9, x(score), panel.base)
        yield svg.text(
            "mark-name", x(score) + (-5 if left else 5), y, words, "end" if left else "start"
        )


def _ticks(
    periods: Sequence[Period],
    step: float,
    width: int,
    base: float,
    tick: Callable[[Period], str],
) -> Iterator[Markup]:
    every = max(math.ceil(_TICK_ROOM / step), 1)
    for index in range(0, len(periods), every):
        x = _LEFT + step * (index + 0.5)
        if x + _TICK_ROOM / 2 > width + 6:
            continue
        yield svg.line("axis", x, base, x, base + 4)
        yield svg.text("tick", x, base + 17, tick(periods[index]), "middle")


def _grid(panel: Panel, width: int, count: Callable[[int], str]) -> Markup:
    values = sorted({0, panel.peak // 2 if panel.peak % 2 == 0 else 0, panel.peak})
    lines = [_level_line(panel.y(value), width, count(value)) for value in values]
    return Markup("").join(lines)


def _level_line(y: float, width: int, words: str) -> Markup:
    line = svg.line("grid", _LEFT, y, width - _RIGHT, y)
    return line + svg.text("tick", _LEFT - 6, y + 4, words, "end")


def _ceiling(peak: int) -> int:
    """Return the next round number: 2, 4, 10, 20, 40, 100 …, so that the half is whole too."""
    power = 1
    while True:
        for factor in (2, 4, 6, 8, 10):
            if factor * power >= peak:
                return factor * power
        power *= 10


def _title(words: str, y: float) -> Markup:
    return svg.text("panel-title", 0, y, words, "start")
