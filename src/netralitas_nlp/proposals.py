"""Which words of a post are worth taking away: those that the model scores highest alone."""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from netralitas_nlp.labels import Label
from netralitas_nlp.model.pieces import PieceLogits
from netralitas_nlp.model.tokenizer import PostTokenizer
from netralitas_nlp.text.normalize import Normalizer
from netralitas_nlp.text.raw_words import Place, merged, raw_words

Cut = dict[Place, float]
"""Spans of a raw text in order and apart, each with the strength of its words, above 0."""

RUNS: Final = 8
"""Stretches that a post is first divided into where no word is strong alone."""

_CACHED_WORDS: Final = 20_000
_CACHED_LENGTH: Final = 60


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be taken out for one label.

    Attributes:
        forms: Different words, per window of the post.
        share: Of all words of the post, in (0, 1].
        least: Score of a word alone, as a share of that of the strongest one.
    """

    forms: int
    share: float
    least: float


FIRST: Final = Limits(8, 1 / 3, 0.3)
"""Chosen on posts of the project: a quarter of the words, more than half of the score."""

SECOND: Final = Limits(16, 2 / 3, 0.0)
"""For the few posts that keep their score without the strongest words."""

MOST_FORMS: Final = 60
"""However long the text."""


@dataclass(frozen=True, slots=True)
class Word:
    """A distinct word.

    Attributes:
        form: Its normal form.
        alone: Calibrated score of its strongest piece alone, per label.
    """

    form: str
    alone: Mapping[Label, float]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a raw text that the model can read, in order, each with its place."""

    text: str
    places: tuple[Place, ...]
    words: tuple[Word, ...]

    def cut(self, chosen: Sequence[int], label: Label | None) -> Cut:
        """Return some words, ascending, as spans; without a label all weigh the same."""
        spans = merged(self.places, chosen, self.text)
        found = dict.fromkeys(spans, 0.0)
        place = 0
        for index in chosen:
            while self.places[index][0] >= spans[place][1]:
                place += 1
            found[spans[place]] += self.words[index].alone[label] if label else 1.0
        return found


class WordScores:
    """Looks up words. The same word has the same score wherever it stands.

    Args:
        normalize: Of the model.
        tokenizer: Of the model.
        pieces: What the model says of a word piece alone.
        calibrated: From logits to scores.
    """

    def __init__(
        self,
        normalize: Normalizer,
        tokenizer: PostTokenizer,
        pieces: PieceLogits,
        calibrated: Callable[[Sequence[float]], Mapping[Label, float]],
    ) -> None:
        self._normalize = normalize
        self._tokenizer = tokenizer
        self._pieces = pieces
        self._calibrated = calibrated
        self._cached = lru_cache(maxsize=_CACHED_WORDS)(self._word)

    def of(self, text: str) -> Words:
        """Return the words of a raw text."""
        found: list[tuple[Place, Word]] = []
        for start, end in raw_words(text):
            look_up = self._cached if end - start <= _CACHED_LENGTH else self._word
            word = look_up(text[start:end])
            if word is not None:
                found.append(((start, end), word))
        return Words(text, tuple(place for place, _ in found), tuple(word for _, word in found))

    def _word(self, raw: str) -> Word | None:
        form = self._normalize(raw)
        pieces = self._tokenizer.pieces(form)
        if not pieces.size:
            return None
        return Word(form, self._calibrated(self._pieces.of(pieces).max(axis=0).tolist()))


def strongest(words: Words, label: Label, limits: Limits, n_windows: int) -> Cut:
    """Return the words with the highest score alone, every occurrence of a word with it.

    Args:
        words: Of the post.
        label: Which score.
        limits: How much.
        n_windows: Of the post; a long one is scored by its highest window, so that taking words
            out of one of them alone need not move its score.
    """
    at: dict[str, list[int]] = {}
    strength: dict[str, float] = {}
    for index, word in enumerate(words.words):
        at.setdefault(word.form, []).append(index)
        strength[word.form] = word.alone[label]
    ranked = sorted(strength, key=lambda form: (-strength[form], at[form][0]))
    room = max(1, math.ceil(len(words.words) * limits.share))
    chosen: list[int] = []
    forms = 0
    for form in ranked:
        full = forms == min(MOST_FORMS, limits.forms * n_windows)
        if full or strength[form] < limits.least * strength[ranked[0]]:
            break
        if not chosen or len(chosen) + len(at[form]) <= room:
            chosen += at[form]
            forms += 1
    return words.cut(sorted(chosen), label)


def runs(words: Words) -> list[Cut]:
    """Return the post as up to ``RUNS`` stretches of words of about equal length."""
    return _divided(words, range(len(words.words)), RUNS)


def halves(words: Words, cut: Cut) -> list[Cut]:
    """Return the two halves of a stretch; nothing where it is one word."""
    starts = {start for start, _ in cut}
    ends = {end for _, end in cut}
    inside = [
        index
        for index, (start, end) in enumerate(words.places)
        if min(starts) <= start and end <= max(ends)
    ]
    return _divided(words, inside, 2) if len(inside) > 1 else []


def _divided(words: Words, indices: Sequence[int], parts: int) -> list[Cut]:
    parts = min(parts, len(indices))
    borders = [len(indices) * part // parts for part in range(parts + 1)] if parts else []
    return [words.cut(list(indices[start:end]), None) for start, end in itertools.pairwise(borders)]
