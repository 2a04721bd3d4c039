"""What a comparison of two profiles says, figure by figure and in one word."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from netralitas_nlp.drift import (
    MIN_POSTS,
    Cdf,
    Level,
    MixChange,
    ShareChange,
    Shift,
    mix_change,
    share_change,
    shift,
)
from netralitas_nlp.errors import UsageError
from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.profiles import MIXES, Profile
from netralitas_nlp.report.levels import Thresholds

TARGETS: Final = (*LABELS, "any")
ORDER: Final[tuple[Level, ...]] = ("none", "some", "large")


@dataclass(frozen=True, slots=True)
class Findings:
    """A run beside its reference.

    Attributes:
        n: Scored posts of the run.
        n_reference: Posts of the reference.
        about: What the reference is.
        scores: Shift per label.
        flags: Share flagged per label and ``any`` beside the expected one, where it is known.
        length: Shift of the length in word pieces; ``None`` where the reference lacks it.
        ratio: Shift of the pieces per word; ``None`` likewise.
        words: ``many`` and ``unknown``: shares of words (run, reference); NaN where not known.
        mixes: Change per kind of mix, where both sides know it.
        kinds: Mix of the run alone, where the reference knows none.
        verdict: Largest level among the scores.
        text_verdict: Largest level among length, pieces and mixes; ``None`` if none is known.
    """

    n: int
    n_reference: int
    about: str
    scores: Mapping[Label, Shift]
    flags: Mapping[str, ShareChange]
    length: Shift | None
    ratio: Shift | None
    words: Mapping[str, tuple[float, float]]
    mixes: Mapping[str, MixChange]
    kinds: Mapping[str, Mapping[str, float]]
    verdict: Level
    text_verdict: Level | None

    def as_dict(self) -> dict[str, Any]:
        """Return all figures for JSON; undefined ones are ``None``."""
        plain: dict[str, Any] = _without_nan(asdict(self))
        return plain


def findings(reference: Profile, found: Profile, thresholds: Thresholds) -> Findings:
    """Compare a run with its reference.

    Args:
        reference: Of the bundle, or of an earlier run scored by the same bundle.
        found: Of the run.
        thresholds: With which the run was decided.

    Raises:
        UsageError: The run has fewer than ``MIN_POSTS`` scored posts.
    """
    if found.n < MIN_POSTS:
        raise UsageError("drift_few", n=found.n, least=MIN_POSTS)
    scores = {label: shift(reference.scores[label], found.scores[label]) for label in LABELS}
    length, ratio = _shift(reference.length, found.length), _shift(reference.ratio, found.ratio)
    mixes = {
        name: mix_change(reference.mixes[name], found.mixes[name])
        for name in MIXES
        if reference.mixes.get(name) and found.mixes.get(name)
    }
    levels: list[Level] = [one.level for one in (length, ratio) if one is not None]
    levels += [mix.level for mix in mixes.values()]
    return Findings(
        n=found.n,
        n_reference=reference.n,
        about=reference.about,
        scores=scores,
        flags=_flags(reference, found, thresholds),
        length=length,
        ratio=ratio,
        words={
            kind: (_share(found, kind), _share(reference, kind)) for kind in ("many", "unknown")
        },
        mixes=mixes,
        kinds={
            name: _shares(found.mixes[name])
            for name in MIXES
            if found.mixes.get(name) and name not in mixes
        },
        verdict=_worst([one.level for one in scores.values()]),
        text_verdict=_worst(levels) if levels else None,
    )


def _flags(reference: Profile, found: Profile, thresholds: Thresholds) -> dict[str, ShareChange]:
    changes = {}
    for target in TARGETS:
        expected = reference.flag_share(target, thresholds)
        if expected is not None:
            k = round(found.flagged.get(target, 0.0) * found.n)
            changes[target] = share_change(k, found.n, expected=expected, n_expected=reference.n)
    return changes


def _shift(reference: Cdf | None, found: Cdf | None) -> Shift | None:
    if reference is None or found is None or not (len(reference.points) and len(found.points)):
        return None
    return shift(reference, found)


def _share(profile: Profile, kind: str) -> float:
    words = profile.words.get("words", 0)
    return profile.words.get(kind, 0) / words if words else math.nan


def _shares(counts: Mapping[str, int]) -> dict[str, float]:
    total = sum(counts.values())
    in_order = sorted(counts.items(), key=lambda one: -one[1])
    return {kind: n / total for kind, n in in_order[:8]}


def _worst(levels: list[Level]) -> Level:
    return max(levels, key=ORDER.index)


def _without_nan(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_nan(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(part) for part in value]
    return None if isinstance(value, float) and math.isnan(value) else value
