"""The claim of an index that a post repeats, if there is one.

A match is no judgement of the post: it says which claim somebody has already checked.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import fsum
from typing import Final

from netralitas_nlp.claims.index import ClaimIndex, Entry
from netralitas_nlp.claims.stance import Stance, stance_of
from netralitas_nlp.claims.words import trigrams, words
from netralitas_nlp.errors import phrase
from netralitas_nlp.labels import Language

THRESHOLD: Final = 0.5
"""Least similarity of a match, chosen on the earlier half of the claims (``benchmarks/claims.py``).
On the later half .93 of the matches were the claim in question (.87 under the very title of its
check), and 0.2 % of the posts that repeat no known claim had one."""

CANDIDATES: Final = 50
"""How many claims are compared with the post one by one."""

LIKENESS_SHARE: Final = 1.0
"""How much the likeness counts in the order, beside the score by which a claim was found."""

CLAIM_SHARE: Final = 0.8
"""How much of the comparison is "the claim is in the post", and not "the post is the claim"."""

WORD_SHARE: Final = 0.6
"""How much words count beside trigrams."""

ENOUGH: Final = 3.0
"""Shared rare words from which a likeness counts in full: two names alone are no claim."""

FALSE_VERDICT: Final = "false"


@dataclass(frozen=True, slots=True)
class ClaimMatch:
    """A claim that a post speaks of.

    Attributes:
        url: Link or reference of the verdict, or empty.
        title: The claim as the list has it.
        verdict: What the checker found; ``false`` for a debunked claim.
        date: Day of the verdict as ``YYYY-MM-DD``, or empty.
        similarity: From 0 to 1.
        stance: Whether the post ``asserts``, ``denies``, ``asks`` or ``reports`` it.
    """

    url: str
    title: str
    verdict: str
    date: str
    similarity: float
    stance: Stance

    @property
    def debunked(self) -> bool:
        """Whether the post asserts a claim that was found false."""
        # It was found under the threshold of its matcher already.
        return repeats_debunked(
            stance=self.stance, verdict=self.verdict, similarity=1.0, threshold=THRESHOLD
        )


def repeats_debunked(
    *, stance: str, verdict: str, similarity: float, threshold: float = THRESHOLD
) -> bool:
    """Return whether a post may be said to match a claim already debunked.

    Args:
        stance: What the post does with the claim.
        verdict: What the checker found.
        similarity: Of post and claim, from 0 to 1.
        threshold: Least similarity; never counted below the audited ``THRESHOLD``.
    """
    asserted = stance == "asserts" and verdict == FALSE_VERDICT
    return asserted and similarity >= max(threshold, THRESHOLD)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A claim and how much a post is like it."""

    entry: Entry
    similarity: float


class ClaimMatcher:
    """Finds the claim that a post repeats. Pure: the same text gives the same answer.

    Args:
        index: The claims.
        threshold: Least similarity of a match.
    """

    def __init__(self, index: ClaimIndex, *, threshold: float = THRESHOLD) -> None:
        self._index = index
        self._threshold = threshold
        self._weigh = lru_cache(maxsize=512)(self._weights)

    def match(self, text: str) -> ClaimMatch | None:
        """Return the claim nearest to a post, or nothing below the threshold."""
        best = next(iter(self.rank(text, limit=1)), None)
        if best is None or best.similarity < self._threshold:
            return None
        entry = best.entry
        return ClaimMatch(
            url=entry.url,
            title=entry.title,
            verdict=entry.verdict,
            date=entry.date,
            similarity=round(best.similarity, 4),
            stance=stance_of(text, claim=f"{entry.title_words} {entry.text_words}"),
        )

    def rank(self, text: str, *, limit: int = 10) -> list[Ranked]:
        """Return the claims nearest to a post, best first, whatever their similarity."""
        joined = " ".join(words(text))
        scores = dict(self._index.candidates(joined, limit=CANDIDATES))
        post = self._weights(joined)
        ranked = [Ranked(e, self._similarity(post, e)) for e in self._index.entries([*scores])]

        def worth(one: Ranked) -> float:
            return scores[one.entry.id] + LIKENESS_SHARE * one.similarity

        # The sort is stable: equals stay in the order in which they were found.
        return sorted(ranked, key=lambda one: -worth(one))[:limit]

    def _similarity(self, post: "_Weights", entry: Entry) -> float:
        fields = [field for field in (entry.title_words, entry.text_words) if field]
        return max((_likeness(post, self._weigh(field)) for field in fields), default=0.0)

    def _weights(self, joined: str) -> "_Weights":
        index = self._index
        return _Weights(
            {word: index.weight(word, kind="words") for word in joined.split()},
            {gram: index.weight(gram, kind="grams") for gram in trigrams(joined)},
        )


def finding(match: ClaimMatch | None, *, lang: Language = "id") -> str:
    """Return what may be said of a post: never more than that its claim was debunked."""
    name = "debunked" if match is not None and match.debunked else "unverified"
    return phrase("claims_finding", name, lang=lang)


@dataclass(frozen=True, slots=True)
class _Weights:
    words: dict[str, float]
    grams: dict[str, float]


def _likeness(post: _Weights, claim: _Weights) -> float:
    # Exact sums: a set of trigrams has another order in every process.
    shared = fsum(weight for word, weight in claim.words.items() if word in post.words)
    by_word = _overlap(shared, post.words, claim.words)
    common = fsum(weight for gram, weight in claim.grams.items() if gram in post.grams)
    by_gram = _overlap(common, post.grams, claim.grams)
    likeness = WORD_SHARE * by_word + (1 - WORD_SHARE) * by_gram
    return min(1.0, likeness * min(1.0, shared / ENOUGH))


def _overlap(shared: float, post: dict[str, float], claim: dict[str, float]) -> float:
    """Return the shared weight over a mean of both weights (Tversky's index)."""
    whole = CLAIM_SHARE * fsum(claim.values()) + (1 - CLAIM_SHARE) * fsum(post.values())
    return shared / whole if whole else 0.0
