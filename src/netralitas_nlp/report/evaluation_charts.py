"""Charts of the evaluation page: reliability, figures with intervals, pass rates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from netralitas_nlp.evaluation.metrics import clopper_pearson
from netralitas_nlp.labels import Label, Language
from netralitas_nlp.report import svg
from netralitas_nlp.report.svg import WIDE
from netralitas_nlp.report.words import Words, words

WORDS: Final = "evaluation_words"
"""The words of the page, which its charts share."""

Bin = tuple[float, float, float]
"""Mean score, observed frequency, number of posts."""

_LEFT, _TOP, _BELOW = 30, 26, 52
_STRIP: Final = 16
"""Height of the bars that tell how many posts a bin holds."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure from 0 to 1 with its 95 % interval; ``None`` where it is undefined."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class MarkRow:
    """A line of a chart of figures: the model's, and the floor's where it is known."""

    name: str
    model: Mark
    floor: Mark | None = None


def observed_interval(row: Bin) -> tuple[float, float]:
    """Return the exact binomial 95 % interval of a bin's frequency, posts taken as independent."""
    _, observed, count = row
    total = round(count)
    return clopper_pearson(min(round(observed * total), total), total)


def reliability_svg(
    figures: Mapping[Label, Sequence[Bin]], lang: Language, *, width: int = WIDE
) -> Markup:
    """Return the reliability plots of one kind of rows, one panel per label.

    A dot on the diagonal is a score that means what it says: of the posts with 0.7, 70 % carry
    the label (Niculescu-Mizil & Caruana 2005). Its line is the exact binomial 95 % interval;
    the bars below the axis are as high as the bin has posts.

    Args:
        figures: Per label its bins, as ``fixed.json`` keeps them under ``reliability``.
        lang: Language of the words.
        width: In pixels; panels stand side by side at ``svg.WIDE``, below each other under it.
    """
    w = words(lang, WORDS)
    across = 3 if width >= WIDE else 1
    cell = width / across
    side = cell - _LEFT - 14
    tall = _TOP + side + _STRIP + _BELOW
    parts = []
    for place, (label, rows) in enumerate(figures.items()):
        panel = _Panel((place % across) * cell + _LEFT, (place // across) * tall + _TOP, side)
        parts += panel.drawn(w.label(label), rows, w)
    down = -(-len(figures) // across)
    return svg.chart(width, tall * down, w.plain("reliability_alt"), parts)


@dataclass(frozen=True, slots=True)
class _Panel:
    """A square where both axes run from 0 to 1."""

    left: float
    top: float
    side: float

    def x(self, share: float) -> float:
        return self.left + self.side * share

    def y(self, share: float) -> float:
        return self.top + self.side * (1 - share)

    def drawn(self, title: str, rows: Sequence[Bin], w: Words) -> list[Markup]:
        base = self.y(0)
        parts = [svg.text("panel-title", self.left, self.top - 10, title, "start")]
        for share in (0.0, 0.5, 1.0):
            name = w.decimal(share, 1)
            parts.append(svg.line("grid", self.left, self.y(share), self.x(1), self.y(share)))
            parts.append(svg.text("tick", self.left - 5, self.y(share) + 4, name, "end"))
            parts.append(svg.text("tick", self.x(share), base + _STRIP + 18, name, "middle"))
        parts.append(svg.line("diagonal", self.x(0), base, self.x(1), self.y(1)))
        axis = w.plain("score_axis", n=_range([round(count) for _, _, count in rows], w))
        parts.append(svg.text("tick", self.x(0.5), base + _STRIP + 36, axis, "middle"))
        most = max((count for _, _, count in rows), default=1.0)
        for row in rows:
            parts += self._bin(row, most, w)
        return parts

    def _bin(self, row: Bin, most: float, w: Words) -> list[Markup]:
        score, observed, count = row
        low, high = observed_interval(row)
        words_of_bin = w.plain(
            "bin", score=w.decimal(score), observed=w.decimal(observed), low=w.decimal(low),
            high=w.decimal(high), n=round(count),
        )  # fmt: skip
        x = self.x(score)
        return [
            svg.line("mark", x, self.y(low), x, self.y(high)),
            svg.circle("dot", x, self.y(observed), 3.5, words_of_bin),
            svg.rect("all", x - 2, self.y(0) + 4, 4, _STRIP * count / most),
        ]


def _range(counts: Sequence[int], w: Words) -> str:
    least, most = min(counts, default=0), max(counts, default=0)
    return w.count(least) if least == most else f"{w.count(least)}–{w.count(most)}"


def interval_chart(
    rows: Sequence[MarkRow], *, width: int, alt: str, decimal: Callable[[float], str]
) -> Markup:
    """Return figures from 0 to 1 with their intervals; the floor hollow, below the model.

    Args:
        rows: From the top down.
        width: In pixels; under ``svg.WIDE`` names stand above their line.
        alt: What a screen reader says.
        decimal: Writes a figure on the axis.
    """
    wide = width >= WIDE
    left, right = (236.0 if wide else 10.0), 14.0
    tall = 38.0 if wide else 54.0
    base = 8 + tall * len(rows)

    def x(share: float) -> float:
        return left + (width - left - right) * share

    parts = []
    for n in range(0, 11, 2 if wide else 5):
        parts.append(svg.line("grid", x(n / 10), 4, x(n / 10), base))
        parts.append(svg.text("tick", x(n / 10), base + 16, decimal(n / 10), "middle"))
    for place, row in enumerate(rows):
        top = 8 + tall * place
        parts.append(svg.text("mark-name", 0, top + (17 if wide else 11), row.name, "start"))
        middle = top + (12 if wide else 25)
        parts += _mark(row.model, "", middle, x)
        if row.floor is not None:
            parts += _mark(row.floor, "floor", middle + 12, x)
    return svg.chart(width, base + 22, alt, parts)


def _mark(mark: Mark, kind: str, y: float, x: Callable[[float], float]) -> list[Markup]:
    if mark.value is None:
        return []
    parts = []
    if mark.low is not None and mark.high is not None:
        parts.append(svg.line(f"mark {kind}".strip(), x(mark.low), y, x(mark.high), y))
    parts.append(svg.circle(f"dot {kind}".strip(), x(mark.value), y, 4))
    return parts


def pass_bar(passed: int, cases: int, *, weak: bool) -> Markup:
    """Return a bar of the share of cases passed, its 95 % interval as a line below.

    The words beside it say the same, so a screen reader passes over it.
    """
    low, high = clopper_pearson(passed, cases)
    parts = [
        svg.rect("track", 0, 2, 200, 9),
        svg.rect("flag" if weak else "all", 0, 2, 200 * passed / cases, 9),
        svg.line("mark", 200 * low, 15, 200 * high, 15),
    ]
    return Markup(
        '<svg class="bar pass" viewBox="0 0 200 18" preserveAspectRatio="none" '
        'aria-hidden="true" focusable="false">{}</svg>'
    ).format(Markup("").join(parts))
