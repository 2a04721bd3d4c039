"""Two models on the same posts: figures, flips, slices, suite, parity, speed and size."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from netralitas_nlp.evaluation import compare
from netralitas_nlp.evaluation.parity import audit, load_attributes
from netralitas_nlp.evaluation.suite import run_suite
from netralitas_nlp.labeled.rows import LabelledPosts
from netralitas_nlp.labeled.suite import load_suite
from netralitas_nlp.labels import LABELS
from netralitas_nlp.predictor import Scorer

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

LENGTHS: Final = (0, 10, 20, 40, 80, 10_000)
"""Borders of the length slices, in words."""

FEWEST: Final = 20
"""Posts under which a slice is left out: its figures would be chance."""

MOST_FLIPS: Final = 300
"""Flips that are listed; all are counted."""

NEUTRAL: Final = "neutral_flagged"
WEIGHTS: Final = ("model.onnx", "model.safetensors", "model.int8.onnx")


@dataclass(frozen=True, slots=True)
class Side:
    """What one model says of the posts.

    Attributes:
        scores: Shape (posts, labels), calibrated.
        flagged: Shape (posts, labels), at or above the flag threshold of the operating point.
        facts: Name, digest, operating point, size and speed, ready for JSON.
    """

    scores: FloatArray
    flagged: BoolArray
    facts: Mapping[str, Any]


def compare_models(
    first: Scorer,
    second: Scorer,
    posts: LabelledPosts,
    *,
    groups: Sequence[str],
    suite: Path | None = None,
    repeats: int = 1000,
    tell: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Return the comparison, ready for JSON and for the page. Differences are second − first.

    Args:
        first: The model that is known.
        second: The model that may replace it.
        posts: Labelled posts that trained neither, or the figures measure memory.
        groups: Group of each post, as ``labeled.splits.groups_of`` gives them.
        suite: Folder of the behavioural suite with its ``parity.toml``; ``None`` leaves both out.
        repeats: Draws of the bootstrap.
        tell: Told what begins: ``first``, ``second``, ``statistics``, ``suite``, ``parity``.
    """
    say = tell or (lambda _: None)
    say("first")
    one = judged_by(first, posts)
    say("second")
    other = judged_by(second, posts)
    say("statistics")
    names = np.asarray(groups)
    figures = differences(posts, one, other, groups=names, repeats=repeats)
    kind, better, worse = compare.verdict(figures, lower_is_better=(NEUTRAL,))
    adjusted = compare.holm({name: found.p for name, found in figures.items()})
    flips = _flips(posts, one, other)
    found: dict[str, Any] = {
        "first": one.facts,
        "second": other.facts,
        "data": {
            "file": posts.file,
            "posts": len(posts),
            "groups": len(set(groups)),
            "neutral": int(posts.neutral.sum()),
            "positives": {
                label: int((posts.labels[:, j] == 1).sum()) for j, label in enumerate(LABELS)
            },
        },
        "verdict": {"kind": kind, "better": better, "worse": worse},
        "repeats": repeats,
        "figures": {
            name: asdict(found) | {"p_adjusted": adjusted[name]} for name, found in figures.items()
        },
        "mcnemar": _mcnemar(posts, one, other, names),
        "slices": _slices(posts, one, other, names),
        "n_flips": len(flips),
        "flips": flips[:MOST_FLIPS],
    }
    if suite is not None:
        say("suite")
        found["suite"] = _suite(first, second, suite)
        say("parity")
        found["parity"] = _parity(first, second, suite)
    return _plain(found)  # type: ignore[no-any-return]


def judged_by(scorer: Scorer, posts: LabelledPosts) -> Side:
    """Return what a model says of the posts, as users get it, and how fast it was."""
    pairs = [(text, parent or None) for text, parent in zip(posts.text, posts.parent, strict=True)]
    list(scorer.score_stream(pairs[:16]))  # the first posts pay for what is set up once
    start = time.perf_counter()
    found = list(scorer.score_stream(pairs))
    seconds = time.perf_counter() - start
    scores = np.array([[one.scores.get(label, 0.0) for label in LABELS] for one in found])
    flags = np.array([scorer.thresholds[label]["flag"] for label in LABELS])
    bundle = scorer.bundle
    sizes = {
        name: (bundle.folder / name).stat().st_size
        for name in WEIGHTS
        if (bundle.folder / name).is_file()
    }
    facts = {
        "name": bundle.name,
        "version": bundle.version,
        "digest": bundle.digest,
        "operating_point": scorer.operating_point,
        "thresholds": {label: scorer.thresholds[label]["flag"] for label in LABELS},
        "bytes": sizes,
        "posts_per_second": len(pairs) / seconds if seconds else math.nan,
    }
    return Side(scores, scores >= flags, facts)


def differences(
    posts: LabelledPosts, one: Side, other: Side, *, groups: npt.NDArray[Any], repeats: int = 1000
) -> dict[str, compare.Difference]:
    """Return the tested figures: F1 and average precision per label, and neutral posts flagged.

    Labels without a known positive are left out. Names are ``f1:LABEL``, ``ap:LABEL`` and
    ``neutral_flagged``.
    """
    found: dict[str, compare.Difference] = {}
    for j, label in enumerate(LABELS):
        truth = posts.labels[:, j]
        if not (truth == 1).any():
            continue
        of_flags = (truth, one.flagged[:, j], other.flagged[:, j])
        of_scores = (truth, one.scores[:, j], other.scores[:, j])
        found[f"f1:{label}"] = compare.paired_bootstrap(
            compare.f1, *of_flags, groups=groups, repeats=repeats
        )
        found[f"ap:{label}"] = compare.paired_bootstrap(
            compare.precision_area, *of_scores, groups=groups, repeats=repeats
        )
    if posts.neutral.any():
        found[NEUTRAL] = compare.paired_bootstrap(
            compare.share, posts.neutral.astype(float), np.asarray(one.flagged.any(axis=1)),
            np.asarray(other.flagged.any(axis=1)), groups=groups, repeats=repeats,
        )  # fmt: skip
    return found


def length_slice(text: str) -> str:
    """Return the length slice of a text in words, such as ``10-19``."""
    words = len(text.split())
    low, high = next((a, b) for a, b in pairwise(LENGTHS) if words < b or b == LENGTHS[-1])
    return f"{low}-{high - 1}" if high < LENGTHS[-1] else f"{low}+"


def _right(posts: LabelledPosts, side: Side) -> BoolArray:
    """Return which posts get all their known labels right, shape (posts,)."""
    wrong = (side.flagged != (posts.labels == 1)) & ~np.isnan(posts.labels)
    return np.asarray(~wrong.any(axis=1), dtype=bool)


def _mcnemar(
    posts: LabelledPosts, one: Side, other: Side, groups: npt.NDArray[Any]
) -> dict[str, Any]:
    rows = compare.one_of_each(groups)
    found = {}
    for j, label in enumerate(LABELS):
        known = rows[~np.isnan(posts.labels[rows, j])]
        truth = posts.labels[known, j] == 1
        found[label] = asdict(
            compare.mcnemar(one.flagged[known, j] == truth, other.flagged[known, j] == truth)
        )
    both = (_right(posts, side)[rows] for side in (one, other))
    return found | {"all": asdict(compare.mcnemar(*both))}


def _slices(
    posts: LabelledPosts, one: Side, other: Side, groups: npt.NDArray[Any]
) -> dict[str, Any]:
    columns = dict(posts.extra) | {"length": tuple(map(length_slice, posts.text))}
    first, second = _right(posts, one), _right(posts, other)
    found: dict[str, Any] = {}
    for column, values in columns.items():
        table = np.asarray(values)
        parts = {}
        for value in sorted(set(values) - {""}):
            rows = np.flatnonzero(table == value)
            if len(rows) < FEWEST:
                continue
            single = rows[compare.one_of_each(groups[rows])]
            parts[value] = {
                "posts": len(rows),
                "first_right": float(first[rows].mean()),
                "second_right": float(second[rows].mean()),
                **asdict(compare.mcnemar(first[single], second[single])),
            }
        if len(parts) > 1:
            found[column] = parts
    return found


def _flips(posts: LabelledPosts, one: Side, other: Side) -> list[dict[str, Any]]:
    """Return the posts whose flags differ, those whose scores moved most first."""
    rows = np.flatnonzero((one.flagged != other.flagged).any(axis=1))
    moved = np.abs(one.scores - other.scores).max(axis=1)
    first, second = _right(posts, one), _right(posts, other)
    outcomes = {(False, True): "better", (True, False): "worse"}
    return [
        {
            "row": posts.row[i],
            "text": posts.text[i],
            "parent": posts.parent[i],
            "truth": _names(posts.labels[i] == 1),
            "unknown": _names(np.isnan(posts.labels[i])),
            "first": _names(one.flagged[i]),
            "second": _names(other.flagged[i]),
            "first_scores": dict(zip(LABELS, one.scores[i].tolist(), strict=True)),
            "second_scores": dict(zip(LABELS, other.scores[i].tolist(), strict=True)),
            "outcome": outcomes.get((bool(first[i]), bool(second[i])), "other"),
        }
        for i in sorted(rows, key=lambda i: (-moved[i], i))
    ]


def _names(chosen: npt.NDArray[Any]) -> list[str]:
    return [label for label, yes in zip(LABELS, chosen, strict=True) if yes]


def _suite(first: Scorer, second: Scorer, folder: Path) -> dict[str, Any]:
    cases = load_suite(folder)
    results = [run_suite(cases, scorer) for scorer in (first, second)]
    passed = [np.array([outcome.passed for outcome in result.outcomes]) for result in results]
    kinds = [result.by("functionality") for result in results]
    moved = {name: [results[side].share(kinds[side][name]) for side in (0, 1)] for name in kinds[0]}
    changed = sorted(
        (name for name, (a, b) in moved.items() if a != b),
        key=lambda name: (-abs(moved[name][1] - moved[name][0]), name),
    )
    figures = [result.as_dict() for result in results]
    names = (
        "cases", "passed", "violations_passed", "violations_flag_or_review",
        "non_violations_passed",
    )  # fmt: skip
    return {
        "first": {name: figures[0][name] for name in names},
        "second": {name: figures[1][name] for name in names},
        "mcnemar": asdict(compare.mcnemar(*passed)),
        "functionalities": {
            name: {
                "name": cases.functionalities[name].name,
                "cases": len(kinds[0][name]),
                "first": moved[name][0],
                "second": moved[name][1],
            }
            for name in changed
        },
    }


def _parity(first: Scorer, second: Scorer, folder: Path) -> dict[str, Any]:
    texts = [case.text for case in load_suite(folder).cases]
    attributes = load_attributes(folder / "parity.toml")
    found = [audit(texts, scorer, attributes) for scorer in (first, second)]
    return {
        name: {
            "posts": one.posts,
            "variants": one.variants,
            "first_shift": one.mean_shift,
            "second_shift": found[1][name].mean_shift,
            "first_flips": one.flip_share,
            "second_flips": found[1][name].flip_share,
        }
        for name, one in found[0].items()
        if one.posts
    }


def _plain(value: Any) -> Any:
    """Return a value that strict JSON can hold: no NaN, no arrays, no tuples."""
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    return None if isinstance(value, float) and not math.isfinite(value) else value
