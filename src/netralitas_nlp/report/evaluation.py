"""The page of an evaluation: the figures that `netralitas evaluate` left in a folder, to look at.

It is a pure function of the files: the same files give the same page, whoever wrote them.
"""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from netralitas_nlp.io.durable import write_whole
from netralitas_nlp.labels import LABELS, Label, Language
from netralitas_nlp.report.assets import asset, security_policy
from netralitas_nlp.report.evaluation_charts import (
    WORDS,
    Bin,
    Mark,
    MarkRow,
    interval_chart,
    observed_interval,
    pass_bar,
    reliability_svg,
)
from netralitas_nlp.report.evaluation_files import Evaluations, read_evaluations
from netralitas_nlp.report.evaluation_shapes import (
    Fixed,
    FunctionalityFigures,
    LabelFigures,
    Point,
    Protocol,
    RowKind,
    SuiteFigures,
)
from netralitas_nlp.report.page import environment
from netralitas_nlp.report.svg import NARROW, WIDE
from netralitas_nlp.report.untrusted import shorten, visible
from netralitas_nlp.report.words import Words, words

PAGE: Final = "evaluation.html"
SLICE_LEAST: Final = 100
"""Posts below which a slice says little: its figures are marked as few."""


@dataclass(frozen=True, slots=True)
class Line:
    """One label at one operating point, or the mean of them, with the floor where it is known."""

    name: str
    model: LabelFigures
    floor: LabelFigures | None


@dataclass(frozen=True, slots=True)
class PointView:
    """One operating point on one kind of rows."""

    name: str
    point: Point
    floor: Point | None
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class KindView:
    """One kind of rows: the operating point of the file first, the others after it."""

    name: str
    title: str
    kind: RowKind
    floor: RowKind | None
    first: PointView | None
    others: Sequence[PointView]
    charts: Sequence[Markup]


def write_evaluation_page(folder: Path, *, lang: Language = "id") -> Path:
    """Write ``evaluation.html`` into a folder from the JSON files that lie there.

    Args:
        folder: Where ``netralitas evaluate`` writes.
        lang: Language of the page.

    Returns:
        The page.

    Raises:
        OSError: The folder cannot be listed or written.
    """
    out = folder / PAGE
    page = render_evaluation(read_evaluations(folder), lang=lang)
    write_whole(out, page.encode("utf-8", "replace"))
    return out


def render_evaluation(found: Evaluations, *, lang: Language = "id") -> str:
    """Return the page as text. Texts are escaped, and nothing is loaded from anywhere."""
    w = words(lang, WORDS)
    style = asset("report.css") + asset("compare.css") + asset("evaluation.css")
    context: dict[str, Any] = {
        "w": w,
        "lang": lang,
        "csp": security_policy(style),
        "style": Markup(style),  # noqa: S704 -- our own files
        "e": found,
        "labels": LABELS,
        "mixed": len({(h.bundle, h.digest, h.operating_point) for h in found.heads.values()}) > 1,
        "kinds": _kinds(found.fixed, w),
        "plots": _reliability(found.fixed, w),
        "bin_interval": observed_interval,
        "few": SLICE_LEAST,
        "groups": _functionalities(found.suite),
        "weak": _weak(found.suite),
        "bar": pass_bar,
        "protocols": [(one, _fold_charts(one, w)) for one in found.protocols],
        "exchanged": exchanged,
        "text": lambda value: visible(shorten(str(value))),
        "known": lambda prefix, name: w.plain(prefix + name) if prefix + name in w.entries else "",
        "named": lambda names: ", ".join(w.label(name) for name in names) or w.plain("no_label"),
        "named_in": lambda joined: _named(joined, w),
        "number": lambda value, places=2: "–" if value is None else w.decimal(value, places),
        "signed": lambda value: _signed(value, w),
        "interval": lambda bounds: _interval(bounds, w),
        "percent_of": lambda name: _prevalence(name, w),
        "percent": lambda value: "–" if value is None else w.decimal(100 * value, 1) + "\u00a0%",
    }
    return environment().get_template("evaluation.html.j2").render(context)


def exchanged(post: str, variant: str) -> list[tuple[str, bool]]:
    """Return the variant in pieces, each with whether it differs from the post."""
    old, new = (re.split(r"(\s+)", shorten(text)) for text in (post, variant))
    steps = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [
        ("".join(new[start:stop]), kind != "equal") for kind, _, _, start, stop in steps
        if start < stop
    ]  # fmt: skip


def _kinds(fixed: Fixed | None, w: Words) -> list[KindView]:
    if fixed is None:
        return []
    return [_kind(name, kind, fixed, w) for name, kind in fixed.sets.items()]


def _kind(name: str, kind: RowKind, fixed: Fixed, w: Words) -> KindView:
    floor = fixed.floor_of(name)
    views = [
        _point(at, point, floor.points.get(at) if floor else None, w)
        for at, point in kind.points.items()
    ]
    first = next((view for view in views if view.name == fixed.operating_point), None)
    first = first or next(iter(views), None)
    return KindView(
        name=name,
        title=w.plain(f"kind_{name}") if f"kind_{name}" in w.entries else name,
        kind=kind,
        floor=floor,
        first=first,
        others=[view for view in views if view is not first],
        charts=_label_charts(first, w) if first else [],
    )


def _point(name: str, point: Point, floor: Point | None, w: Words) -> PointView:
    lines = [
        Line(w.label(label), point.labels[label], floor.labels.get(label) if floor else None)
        for label in LABELS
        if label in point.labels
    ]
    lines.append(Line(w.plain("macro"), point.macro, floor.macro if floor else None))
    return PointView(name, point, floor, lines)


def _label_charts(view: PointView, w: Words) -> list[Markup]:
    rows = [
        MarkRow(line.name, _f1(line.model), _f1(line.floor) if line.floor else None)
        for line in view.lines
        if line.model.positives
    ]
    return _charts(rows, w.plain("f1_alt"), w)


def _f1(figures: LabelFigures) -> Mark:
    return Mark(figures.f1, *(figures.f1_interval or (None, None)))


def _fold_charts(protocol: Protocol, w: Words) -> list[Markup]:
    rows = [
        MarkRow(
            shorten(fold.left_out, 30),
            Mark(fold.model, *fold.model_interval),
            Mark(fold.floor, *fold.floor_interval),
        )
        for fold in protocol.folds
    ]
    return _charts(rows, w.plain("folds_alt", measure=protocol.measure), w)


def _charts(rows: Sequence[MarkRow], alt: str, w: Words) -> list[Markup]:
    if not rows:
        return []
    return [
        interval_chart(rows, width=width, alt=alt, decimal=lambda value: w.decimal(value, 1))
        for width in (WIDE, NARROW)
    ]


def _reliability(
    fixed: Fixed | None, w: Words
) -> list[tuple[str, Mapping[Label, Sequence[Bin]], list[Markup]]]:
    return [
        (name, bins, [reliability_svg(bins, w.lang, width=width) for width in (WIDE, NARROW)])
        for name, bins in (fixed.reliability.items() if fixed else ())
    ]


def _functionalities(
    suite: SuiteFigures | None,
) -> list[tuple[str, list[tuple[str, FunctionalityFigures]]]]:
    """Return violations and look-alikes apart, the weakest first."""
    if suite is None:
        return []
    ordered = sorted(suite.functionalities.items(), key=lambda item: (item[1].passed, item[0]))
    groups = (("violations", True), ("look_alikes", False))
    return [
        (title, [item for item in ordered if item[1].violation is violation])
        for title, violation in groups
    ]


def _weak(suite: SuiteFigures | None) -> frozenset[str]:
    limit = suite.weak_below if suite else None
    if suite is None or limit is None:
        return frozenset()
    return frozenset(name for name, one in suite.functionalities.items() if one.passed < limit)


def _named(joined: str, w: Words) -> str:
    known: dict[str, Label] = {label: label for label in LABELS}
    names = [w.label(known[part]) if part in known else part for part in joined.split(";") if part]
    return ", ".join(names) or w.plain("no_label")


def _prevalence(name: str, w: Words) -> str:
    """Return the share that a key such as ``0.002`` stands for; other keys as they are."""
    try:
        share = 100 * float(name)
    except ValueError:
        return name
    return w.decimal(share, 0 if share.is_integer() else 1) + "\u00a0%"


def _interval(bounds: tuple[float | None, float | None] | None, w: Words) -> str:
    low, high = bounds or (None, None)
    return "" if low is None or high is None else f"{w.decimal(low)}–{w.decimal(high)}"


def _signed(value: float | None, w: Words) -> str:
    if value is None:
        return "–"
    return ("+" if value >= 0 else "\u2212") + w.decimal(abs(value), 3)
