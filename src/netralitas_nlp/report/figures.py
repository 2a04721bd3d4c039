"""The two charts of the page with their words and the tables that say the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from netralitas_nlp.labels import DECISIONS, LABELS
from netralitas_nlp.report.aggregate import N_BINS, Totals
from netralitas_nlp.report.charts import score_chart, time_chart
from netralitas_nlp.report.levels import Thresholds, limits
from netralitas_nlp.report.periods import Period, timeline
from netralitas_nlp.report.svg import NARROW, WIDE
from netralitas_nlp.report.words import Words


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart in two widths, with words around it and its table.

    Attributes:
        title: Heading, empty where the section names it.
        drawings: The chart for a page and for a phone.
        intro: Sentence before it.
        notes: Sentences after it.
        head: Names of the columns of the table.
        rows: Its cells as shown; the first one names the row.
    """

    title: str
    drawings: Sequence[Markup]
    intro: Markup
    notes: Sequence[Markup]
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def time_figure(totals: Totals, w: Words) -> Figure | None:
    """Return posts over time, or ``None`` where no post has a date."""
    line = timeline(totals.days)
    if line is None:
        return None

    def name(period: Period) -> str:
        if line.unit == "year":
            return str(period.start.year)
        return w.month(period.start) if line.unit == "month" else w.day(period.start)

    peak = max(line.periods, key=lambda p: p.counts["flag"] + p.counts["review"])
    alt = w.plain(
        "chart_time_alt", peak=peak.counts["flag"] + peak.counts["review"], when=name(peak)
    )
    drawings = [
        time_chart(
            line.periods,
            width=width,
            titles=(w.plain("chart_waiting"), w.plain("chart_all")),
            alt=alt,
            count=w.count,
            tick=name,
        )
        for width in (WIDE, NARROW)
    ]
    notes = [w("over_time_zone")]
    if totals.zoneless:
        notes.append(w("over_time_zoneless", n=totals.zoneless))
    if totals.undated:
        notes.append(w("over_time_undated", n=totals.undated))
    if line.before or line.after:
        notes.append(w("over_time_outside", before=line.before, after=line.after))
    return Figure(
        title="",
        drawings=drawings,
        intro=w(f"over_time_intro_{line.unit}", first=w.day(line.first), last=w.day(line.last)),
        notes=notes,
        head=[
            w.plain(f"period_{line.unit}"),
            *(w.plain(f"decision_{d}") for d in DECISIONS),
            w.plain("total"),
        ],
        rows=[
            [name(p), *(w.count(p.counts[d]) for d in DECISIONS), w.count(p.total)]
            for p in line.periods
            if p.total
        ],
    )


def distribution_figures(totals: Totals, thresholds: Thresholds, w: Words) -> list[Figure]:
    """Return one figure per label; none where nothing was scored."""
    if not totals.scored:
        return []
    figures = []
    for label in LABELS:
        flag, review = limits(thresholds, label)
        levels, bins = totals.levels[label], totals.histograms[label]
        alt = w.plain(
            "distribution_alt",
            label=w.label(label),
            flag_at=_threshold(flag, w),
            review_at=_threshold(review, w),
            **{decision: levels[decision] for decision in DECISIONS},
        )
        marks = {
            "review": (f"{w.plain('threshold_review')} {w.decimal(review)}", review),
            "flag": (f"{w.plain('threshold_flag')} {w.decimal(flag)}", flag),
        }
        if review >= flag:
            del marks["review"]
        drawings = [
            score_chart(
                bins,
                marks=marks,
                levels=(flag, review),
                width=width,
                alt=alt,
                count=w.count,
                decimal=lambda x: w.decimal(x, 1),
            )
            for width in (WIDE, NARROW)
        ]
        tenth = N_BINS // 10
        figures.append(
            Figure(
                title=w.label(label),
                drawings=drawings,
                intro=Markup(""),
                notes=[],
                head=[],
                rows=[
                    [
                        f"{w.decimal(n / 10, 1)}–{w.decimal((n + 1) / 10, 1)}",
                        w.count(int(bins[n * tenth : (n + 1) * tenth].sum())),
                    ]
                    for n in range(10)
                ],
            )
        )
    return figures


def _threshold(value: float, w: Words) -> str:
    return w.decimal(value) if value <= 1 else w.plain("threshold_none")
