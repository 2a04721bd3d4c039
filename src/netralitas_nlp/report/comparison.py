"""The page of a comparison: what two models say of the same posts, for a human to read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup, escape

from netralitas_nlp.labels import LABELS, Label, Language
from netralitas_nlp.report.assets import asset, security_policy
from netralitas_nlp.report.page import environment
from netralitas_nlp.report.untrusted import shorten, visible
from netralitas_nlp.report.words import Words, words

WORDS: Final = "compare_words"
OUTCOMES: Final = ("worse", "better", "other")
"""Losses come first: what would be lost decides whether a model is replaced."""

_WIDTH, _ROW, _LEFT, _RIGHT, _TOP = 680, 30, 236, 18, 8


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One tested figure, ready to print; ``clear`` says whether its difference is shown."""

    name: str
    first: str
    second: str
    difference: str
    interval: str
    p: str
    clear: bool


def render_comparison(found: Mapping[str, Any], *, verdict: str, lang: Language = "id") -> str:
    """Return the page as text. Texts of posts are escaped, and nothing is loaded from anywhere.

    Args:
        found: What ``evaluation.comparison.compare_models`` returns.
        verdict: The conclusion in one line.
        lang: Language of the page.
    """
    w = words(lang, WORDS)
    style = asset("report.css") + asset("compare.css")
    context: dict[str, Any] = {
        "w": w,
        "lang": lang,
        "csp": security_policy(style),
        "style": Markup(style),  # noqa: S704 -- our own files
        "c": found,
        "labels": LABELS,
        "verdict": verdict[:1].upper() + verdict[1:],
        "figures": _figures(found, w),
        "forest": _forest(found["figures"], w),
        "mcnemar": _mcnemar(found["mcnemar"], w),
        "flips": [(kind, _of_kind(found["flips"], kind)) for kind in OUTCOMES],
        "text": lambda value: visible(shorten(str(value))),
        "named": lambda names: ", ".join(w.label(name) for name in names) or w.plain("none"),
        "slice_name": lambda name: (
            w.plain(f"slice_{name}") if f"slice_{name}" in w.entries else name
        ),
        "percent": lambda value: "–" if value is None else w.decimal(100 * value, 1) + "\u00a0%",
        "small": lambda value: _p(value, w),
        "megabytes": lambda side: [(name, w.size(size)) for name, size in side["bytes"].items()],
    }
    return environment().get_template("compare.html.j2").render(context)


def _figures(found: Mapping[str, Any], w: Words) -> list[FigureRow]:
    shown = {*found["verdict"]["better"], *found["verdict"]["worse"]}
    return [
        FigureRow(
            name=_name(name, w),
            first=_number(one["first"], w),
            second=_number(one["second"], w),
            difference=_signed(one["value"], w),
            interval=f"{_signed(one['low'], w)} … {_signed(one['high'], w)}",
            p=_p(one["p_adjusted"], w),
            clear=name in shown,
        )
        for name, one in found["figures"].items()
    ]


def _mcnemar(found: Mapping[str, Any], w: Words) -> list[tuple[str, int, int, str]]:
    rows: list[tuple[str, Label | None]] = [
        *((w.label(label), label) for label in LABELS),
        (w.plain("all_labels"), None),
    ]
    return [
        (name, one["only_first"], one["only_second"], _p(one["p"], w))
        for name, label in rows
        for one in [found[label or "all"]]
    ]


def _of_kind(flips: Sequence[Mapping[str, Any]], kind: str) -> list[Mapping[str, Any]]:
    return [flip for flip in flips if flip["outcome"] == kind]


def _name(name: str, w: Words) -> str:
    kind, _, label = name.partition(":")
    if not label:
        return w.plain(f"figure_{kind}")
    return w.plain(f"figure_{kind}", label=w.label(label))  # type: ignore[arg-type]


def _number(value: float | None, w: Words) -> str:
    return "–" if value is None else w.decimal(value, 3)


def _signed(value: float | None, w: Words) -> str:
    if value is None:
        return "–"
    return ("+" if value >= 0 else "\u2212") + w.decimal(abs(value), 3)


def _p(value: float | None, w: Words) -> str:
    if value is None:
        return "–"
    return "< " + w.decimal(0.001, 3) if value < 0.001 else w.decimal(value, 3)


def _forest(figures: Mapping[str, Mapping[str, Any]], w: Words) -> Markup:
    """Return the differences with their intervals beside the line of none, as inline SVG."""
    known = {name: one for name, one in figures.items() if one["low"] is not None}
    if not known:
        return Markup("")
    reach = max(0.02, *(abs(one[end]) for one in known.values() for end in ("low", "high")))
    height = _TOP + _ROW * len(known) + 26
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    half = (_WIDTH - _RIGHT - _LEFT) / 2

    def x(value: float) -> float:
        return float(round(middle + half * value / reach, 1))

    base = height - 22
    parts = [Markup('<line class="axis" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>').format(
        x(0), _TOP, base)]  # fmt: skip
    for place, (name, one) in enumerate(known.items()):
        y = _TOP + _ROW * place + _ROW / 2
        parts.append(Markup('<text class="mark-name" x="0" y="{}">{}</text>').format(
            y + 4, escape(_name(name, w))))  # fmt: skip
        parts.append(Markup('<line class="mark" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>').format(
            x(one["low"]), x(one["high"]), y))  # fmt: skip
        parts.append(Markup('<circle class="dot" cx="{}" cy="{}" r="4"/>').format(
            x(one["value"]), y))  # fmt: skip
    for value, anchor in ((-reach, "start"), (0.0, "middle"), (reach, "end")):
        parts.append(Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(
            x(value), height - 4, anchor, _signed(value, w) if value else "0"))  # fmt: skip
    return Markup(
        '<svg class="forest" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}">{}</svg>'
    ).format(w.plain("forest_alt"), _WIDTH, height, _WIDTH, Markup("").join(parts))
