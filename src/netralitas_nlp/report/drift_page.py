"""The page of ``netralitas drift``: one HTML file, offline, with small plots and their tables."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from markupsafe import Markup

from netralitas_nlp.drift import Cdf, ShareChange, Shift
from netralitas_nlp.drift_findings import Findings
from netralitas_nlp.errors import phrase
from netralitas_nlp.io.durable import write_whole
from netralitas_nlp.labels import LABELS, Language
from netralitas_nlp.profiles import EVERYDAY, TEST_POSTS, Profile
from netralitas_nlp.report.assets import asset, security_policy
from netralitas_nlp.report.charts import paired_chart
from netralitas_nlp.report.levels import Thresholds
from netralitas_nlp.report.page import environment
from netralitas_nlp.report.svg import NARROW, WIDE
from netralitas_nlp.report.words import Words, words
from netralitas_nlp.scoring.trouble import writing

SCORE_EDGES: Final = tuple(n / 20 for n in range(21))
LENGTH_EDGES: Final = (0, 5, 10, 20, 30, 50, 80, 128, 2_000)
RATIO_EDGES: Final = (0.0, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0)


@dataclass(frozen=True, slots=True)
class Plot:
    """A quantity: its chart in two widths."""

    title: str
    drawings: Sequence[Markup]


def about(found: Findings, lang: Language) -> str:
    """Return what the reference is, in the language of the reader where it is a known one."""
    kind = {EVERYDAY: "everyday", TEST_POSTS: "test_posts"}.get(found.about)
    return found.about if kind is None else phrase("drift_view", kind, lang=lang)


def write_drift_page(
    path: Path,
    result: Findings,
    *,
    reference: Profile,
    found: Profile,
    thresholds: Thresholds,
    lang: Language = "id",
) -> None:
    """Write the page; an older file of that name is replaced in one step.

    Args:
        path: The HTML file.
        result: What the comparison says.
        reference: Profile of the reference, for the plots.
        found: Profile of the run.
        thresholds: Of the run, named beside the plots.
        lang: Language of the page.

    Raises:
        RunError: The file cannot be written.
    """
    page = render_drift(result, reference=reference, found=found, thresholds=thresholds, lang=lang)
    with writing(path.parent):
        write_whole(path, page.encode("utf-8", "replace"))


def render_drift(
    result: Findings,
    *,
    reference: Profile,
    found: Profile,
    thresholds: Thresholds,
    lang: Language = "id",
) -> str:
    """Return the page as text; see ``write_drift_page``."""
    w = words(lang)
    style = asset("report.css")

    def say(kind: str, **values: object) -> str:
        return phrase("drift_view", kind, lang=lang, **values)

    context: dict[str, Any] = {
        "lang": lang,
        "say": say,
        "w": w,
        "csp": security_policy(style),
        "style": Markup(style),  # noqa: S704 -- our own file
        "result": result,
        "run": found.about,
        "about": about(result, lang),
        "counts": (w.count(result.n), w.count(result.n_reference)),
        "plots": _plots(reference, found, w, say),
        "shifts": [_shift_cells(name, one, w, say) for name, one in _named_shifts(result, w, say)],
        "flags": [_flag_cells(t, one, thresholds, w, say) for t, one in result.flags.items()],
        "words": [
            (say(kind), *(_percent(value, w) for value in pair))
            for kind, pair in result.words.items()
            if not math.isnan(pair[0])
        ],
        "mixes": [
            (say(name), say(mix.level), [
                (_kind(kind, w), _percent(after, w), _percent(before, w))
                for kind, (before, after) in mix.shares.items()
            ])
            for name, mix in result.mixes.items()
        ],
        "kinds": [
            (say(name), [(_kind(kind, w), _percent(share, w)) for kind, share in shares.items()])
            for name, shares in result.kinds.items()
        ],
    }  # fmt: skip
    return environment().get_template("drift.html.j2").render(context)


def _plots(reference: Profile, found: Profile, w: Words, say: Callable[..., str]) -> list[Plot]:
    edges = [w.decimal(x, 1) if i % 2 == 0 else "" for i, x in enumerate(SCORE_EDGES)]
    plots = [
        _plot(w.label(k), reference.scores[k], found.scores[k], SCORE_EDGES, edges, w, say)
        for k in LABELS
    ]
    if reference.length is not None and found.length is not None:
        names = [*(str(n) for n in LENGTH_EDGES[:-1]), "…"]
        sides = reference.length, found.length
        plots.append(_plot(say("length"), *sides, LENGTH_EDGES, names, w, say))
    if reference.ratio is not None and found.ratio is not None:
        names = [w.decimal(x, 2) for x in RATIO_EDGES]
        sides = reference.ratio, found.ratio
        plots.append(_plot(say("ratio"), *sides, RATIO_EDGES, names, w, say))
    return plots


def _plot(
    title: str,
    reference: Cdf,
    found: Cdf,
    edges: Sequence[float],
    names: Sequence[str],
    w: Words,
    say: Callable[..., str],
) -> Plot:
    pairs = list(zip(_shares(found, edges), _shares(reference, edges), strict=True))
    narrow = [name if i % 4 == 0 else "" for i, name in enumerate(names)]
    drawings = [
        paired_chart(
            pairs,
            names=names if width == WIDE else narrow,
            width=width,
            alt=say("chart", name=title),
            percent=lambda share: _percent(share, w, places=0 if share >= 0.01 else 2),
        )
        for width in (WIDE, NARROW)
    ]
    return Plot(title, drawings)


def _shares(sample: Cdf, edges: Sequence[float]) -> list[float]:
    inner = sample.at(edges[1:-1])
    if not sample.counted:
        # Known at its quantiles only; between two of them it is drawn as even.
        inner = np.interp(edges[1:-1], sample.points, sample.levels, left=0.0, right=1.0)
    shares: list[float] = np.diff(np.concatenate(([0.0], inner, [1.0]))).tolist()
    return shares


def _named_shifts(
    result: Findings, w: Words, say: Callable[..., str]
) -> list[tuple[str, Shift | None]]:
    return [
        *((w.label(label), result.scores[label]) for label in LABELS),
        (say("length"), result.length),
        (say("ratio"), result.ratio),
    ]


def _shift_cells(
    name: str, one: Shift | None, w: Words, say: Callable[..., str]
) -> tuple[str, ...]:
    if one is None:
        return (name, "–", "–", "–", say("alone"))
    return (name, w.decimal(one.psi), w.decimal(one.psi_chance), w.decimal(one.ks), say(one.level))


def _flag_cells(
    target: str, one: ShareChange, thresholds: Thresholds, w: Words, say: Callable[..., str]
) -> tuple[str, ...]:
    name = say("any")
    for label in LABELS:
        if label == target:
            flag = thresholds.get(label, {}).get("flag")
            name = w.label(label) + (f" (≥ {w.decimal(flag)})" if flag is not None else "")
    interval = f"{_percent(one.found.low, w)} – {_percent(one.found.high, w)}"
    means = say("apart" if one.differs else "within")
    return (name, _percent(one.found.value, w), interval, _percent(one.expected.value, w), means)


def _kind(kind: str, w: Words) -> str:
    known = f"kind_{kind}"
    return w.plain(known) if known in w.entries else kind


def _percent(share: float, w: Words, *, places: int = 2) -> str:
    return "–" if math.isnan(share) else w.decimal(100 * share, places) + "\u00a0%"
