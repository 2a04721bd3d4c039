"""What the posts of a run, or those behind a bundle, look like as a whole: for comparison."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from netralitas_nlp.drift import Cdf
from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.report.levels import Thresholds, limits
from netralitas_nlp.rising import MANY_PIECES, words_of
from netralitas_nlp.scoring.run import RunFolder

READ: Final = 20_000
"""Posts whose words are looked at; in a larger run every k-th one."""

LENGTHS: Final = 2_000
"""Longer posts, in word pieces, count as this long."""

RATIOS: Final = 1_000
"""Pieces per word are counted in hundredths up to ten."""

QUANTILES: Final = (0.0, 0.001, *(n / 100 for n in range(1, 100)), 0.999, 1.0)
"""Levels that a bundle's reference stores."""

FORMAT: Final = 2
"""Version of ``reference.json``; version 1 holds eleven quantiles of the scores and no words."""

EVERYDAY: Final = "scores of real everyday posts, for comparison with later runs"
TEST_POSTS: Final = "scores of the test posts, for comparison with later runs"
"""How references of ours describe themselves; readers see it in their language."""

COLUMNS: Final = (
    "input", "text", "url", "text_kind", *(f"score_{k}" for k in LABELS), "labels", "decision",
    "n_tokens",
)  # fmt: skip

MIXES: Final = ("text_kind", "platform", "language")
LANGUAGE_FIELDS: Final = ("lang", "language", "bahasa")
"""Input columns that name the language of a post, first one present."""

PLATFORMS: Final = {
    "x.com": "x", "twitter.com": "x", "facebook.com": "facebook", "fb.com": "facebook",
    "instagram.com": "instagram", "tiktok.com": "tiktok", "youtube.com": "youtube",
    "youtu.be": "youtube", "t.me": "telegram", "threads.net": "threads", "threads.com": "threads",
}  # fmt: skip

Pieces = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Profile:
    """A body of scored posts.

    Attributes:
        about: What it is, in words.
        n: Scored posts.
        scores: Distribution of the scores per label.
        length: Of the length in word pieces; ``None`` where not known.
        ratio: Of the pieces per word; ``None`` where not known.
        words: ``words`` looked at, of them ``many`` (three pieces or more) and ``unknown``.
        flagged: Share of posts flagged per label and for ``any``; only where it was counted.
        reviewed: Share of posts in the review band; ``None`` where not counted.
        mixes: Per name of ``MIXES``, posts per kind, where known.
    """

    about: str
    n: int
    scores: Mapping[Label, Cdf]
    length: Cdf | None = None
    ratio: Cdf | None = None
    words: Mapping[str, int] = field(default_factory=dict)
    flagged: Mapping[str, float] = field(default_factory=dict)
    reviewed: float | None = None
    mixes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def flag_share(self, target: str, thresholds: Thresholds) -> float | None:
        """Return the share flagged for a label or ``any``, from scores where it was not counted.

        The share for ``any`` cannot be told from the distributions of single labels.
        """
        if target in self.flagged:
            return self.flagged[target]
        for label in LABELS:
            if label == target:
                scores = self.scores[label]
                at, _ = limits(thresholds, label)
                # Between two known points the share is taken to fall evenly.
                below = np.interp(at, scores.points, scores.levels, left=0.0, right=1.0)
                return float(1 - below)
        return None


def profile_of_run(run: RunFolder, *, pieces: Pieces | None = None) -> Profile:
    """Return the profile of a run, in one pass and constant memory.

    Args:
        run: The run.
        pieces: Word pieces of a word, 0 where unknown; words are not looked at without it.

    Raises:
        RunError: A part cannot be read.
    """
    every = max(1, -(-run.counts()["rows"] // READ))
    return profile_of_batches(run.batches(COLUMNS), about=run.path.name, every=every, pieces=pieces)


def profile_of_batches(
    batches: Iterable[pa.RecordBatch],
    *,
    about: str,
    every: int = 1,
    pieces: Pieces | None = None,
) -> Profile:
    """Return the profile of scored rows with ``COLUMNS``.

    Args:
        batches: The rows.
        about: Name of the profile.
        every: Of so many scored rows, the words, address and language of one are looked at.
        pieces: As for ``profile_of_run``.
    """
    bins = _ScoreBins()
    lengths = np.zeros(LENGTHS + 1, np.int64)
    ratios = np.zeros(RATIOS + 1, np.int64)
    words: Counter[str] = Counter()
    flagged: Counter[str] = Counter()
    decisions: Counter[str] = Counter()
    mixes: dict[str, Counter[str]] = {name: Counter() for name in MIXES}
    n = 0
    for batch in batches:
        some = batch.filter(batch["decision"].is_valid())
        bins.add(some)
        tokens = np.nan_to_num(some["n_tokens"].to_numpy(zero_copy_only=False)).astype(int)
        lengths += np.bincount(np.clip(tokens, 0, LENGTHS), minlength=LENGTHS + 1)
        decisions.update(some["decision"].to_pylist())
        mixes["text_kind"].update(some["text_kind"].to_pylist())
        for labels in some["labels"].to_pylist():
            flagged.update((labels or "").split(";") if labels else ())
        for i in range(-n % every, some.num_rows, every):
            text = some["text"][i].as_py() or ""
            if text.strip():
                ratios[hundredths(text, int(tokens[i]))] += 1
            if pieces is not None:
                words.update(_word_counts(text, pieces))
            mixes["platform"].update(_platform(some["url"][i].as_py()))
            mixes["language"].update(_language(some["input"][i].as_py()))
        n += some.num_rows
    shares = {label: flagged[label] / n for label in LABELS} if n else {}
    return Profile(
        about=about,
        n=n,
        scores=bins.distributions(),
        length=Cdf.of_counts(np.arange(LENGTHS + 1), lengths),
        ratio=Cdf.of_counts(np.arange(RATIOS + 1) / 100, ratios),
        words=dict(words),
        flagged=shares | ({"any": decisions["flag"] / n} if n else {}),
        reviewed=decisions["review"] / n if n else None,
        mixes={name: dict(counts) for name, counts in mixes.items() if counts},
    )


def profile_of_reference(reference: Mapping[str, Any], *, point: str) -> Profile:
    """Return the profile that ``reference.json`` of a bundle describes, of any version.

    Args:
        reference: Its content.
        point: Operating point whose flag shares are wanted.

    Raises:
        ValueError: It holds no scores; of what else is missing the profile says nothing.
    """
    try:
        n = int(reference["rows"])
        tables = {label: reference["score_quantiles"][label] for label in LABELS}
        scores = {label: _cdf(table, n) for label, table in tables.items()}
        text = reference.get("text", {})
        length, ratio = (
            _cdf(text[name], int(text["rows"])) if name in text else None
            for name in ("length_quantiles", "ratio_quantiles")
        )
        shares = reference.get("decided", {}).get(point, {})
        flagged = {key: float(value) for key, value in shares.get("flag", {}).items()}
        review = shares.get("review")
        words = {key: int(value) for key, value in text.get("words", {}).items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError(f"no scores to compare with: {error}") from None
    if n < 1 or any(not len(cdf.points) for cdf in scores.values()):
        raise ValueError("no scores to compare with")
    return Profile(
        about=str(reference.get("about", "")),
        n=n,
        scores=scores,
        length=length,
        ratio=ratio,
        words=words,
        flagged=flagged,
        reviewed=None if review is None else float(review),
    )


def hundredths(text: str, n_tokens: int) -> int:
    """Return the word pieces per word of a post in hundredths, 0 to ``RATIOS``."""
    return min(round(100 * n_tokens / max(len(text.split()), 1)), RATIOS)


def _cdf(table: Mapping[str, float], n: int) -> Cdf:
    return Cdf.of_quantiles({float(level): float(value) for level, value in table.items()}, n)


class _ScoreBins:
    """Scores counted in bins of equal width in log-odds: fine at both ends."""

    _BINS: Final = 1 << 14
    _EDGE: Final = 16.0

    def __init__(self) -> None:
        self._counts = {label: np.zeros(self._BINS + 1, np.int64) for label in LABELS}

    def add(self, batch: pa.RecordBatch) -> None:
        """Count the scores of a batch."""
        for label in LABELS:
            column = batch[f"score_{label}"].to_numpy(zero_copy_only=False)
            scores = np.clip(np.nan_to_num(column.astype(np.float64)), 1e-7, 1 - 1e-7)
            share = (np.log(scores / (1 - scores)) + self._EDGE) / (2 * self._EDGE)
            # Rounded up: a bin stands for the scores at or below its point.
            place = np.clip(np.ceil(share * self._BINS).astype(np.int64), 0, self._BINS)
            self._counts[label] += np.bincount(place, minlength=self._BINS + 1)

    def distributions(self) -> dict[Label, Cdf]:
        """Return the distribution per label."""
        odds = np.linspace(-self._EDGE, self._EDGE, self._BINS + 1)
        points: NDArray[np.float64] = 1 / (1 + np.exp(-odds))
        return {label: Cdf.of_counts(points, counts) for label, counts in self._counts.items()}


def _word_counts(text: str, pieces: Pieces) -> Counter[str]:
    found: Counter[str] = Counter()
    for word in words_of(text):
        n = pieces(word)
        found["words"] += 1
        found["unknown"] += n == 0
        found["many"] += n >= MANY_PIECES
    return found


def _platform(url: str | None) -> list[str]:
    try:
        host = (urlsplit(url or "").hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return []
    ending = host.removeprefix("mobile.")
    return [PLATFORMS.get(ending, "…")] if ending else []


def _language(row: str | None) -> list[str]:
    try:
        values = json.loads(row or "{}")
    except ValueError:
        return []
    for name in LANGUAGE_FIELDS:
        value = values.get(name) if isinstance(values, dict) else None
        if isinstance(value, str) and 0 < len(value) <= 12:
            return [value.lower()]
    return []
