"""What a post does with a claim: asserts, denies, asks about or reports it.

Rules over the post's own words; the words are data (``stance.toml``). A post counts as asserting
only where nothing speaks against it: in doubt it is said to deny, ask or report.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from netralitas_nlp.claims.words import COMMON, MAX_CHARACTERS, clean, words
from netralitas_nlp.text.folding import Token, keys, tokens
from netralitas_nlp.text.phrases import PhraseIndex

Stance = Literal["asserts", "denies", "asks", "reports"]
STANCES: Final[tuple[Stance, ...]] = ("asserts", "denies", "asks", "reports")

SHORT: Final = 4
"""Up to so many sentences a word of doubt counts wherever it stands."""

NEGATION_REACH: Final = 2
"""How many words a negation reaches: ``tidak benar benar curang``."""

TURNED: Final = 0.1
"""Share of the common words whose negation must differ for the post to say the contrary."""

_ONLY: Final = frozenset({"hanya", "cuma", "saja", "lain", "lagi", "main"})
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|[\r\n]+|(?<=[.!?])(?=[\"”’)])")
_CUES: Final = ("denies", "affirms", "asks", "asks_marked", "reports", "reports_verbs")


@dataclass(frozen=True, slots=True)
class _Cues:
    phrases: PhraseIndex[str]
    negations: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence, its cues that are not the claim's own, and what it shares with the claim."""

    words: tuple[str, ...]
    cues: frozenset[str]
    asked: bool
    n_shared: int


def stance_of(text: str, *, claim: str) -> Stance:
    """Return what a text does with a claim that it speaks of.

    Args:
        text: The raw post.
        claim: Words of the claim, raw or folded.
    """
    spoken = words(claim)
    said = frozenset(spoken) - COMMON
    parts = _SENTENCE.split(text[:MAX_CHARACTERS])
    sentences = [one for part in parts if (one := _sentence(part, said)).words or one.asked]
    if not sentences:
        return "asserts"
    most = max(one.n_shared for one in sentences)
    core = [i for i, one in enumerate(sentences) if 2 * one.n_shared >= max(1, most)]
    core = core or list(range(len(sentences)))
    near = {j for i in core for j in (i - 1, i, i + 1)}
    wide = {*near, 0, len(sentences) - 1}
    if len(sentences) <= SHORT:
        wide = near = set(range(len(sentences)))

    def holds(cue: str, places: set[int]) -> bool:
        return any(cue in one.cues for i, one in enumerate(sentences) if i in places)

    told = [sentences[i] for i in core]
    if holds("asks", near):
        return "asks"
    if holds("denies", wide) or _contrary(told, spoken, said):
        return "denies"
    if all(one.asked for one in told):
        return "asks"
    if holds("reports", near) or holds("reports_verbs", set(core)):
        return "reports"
    return "asserts"


def _sentence(part: str, said: frozenset[str]) -> _Sentence:
    cleaned = clean(part)
    found: list[Token] = [token for token in tokens(cleaned) if token.kind == "word"]
    cues: set[str] = set()
    for hit in _cues().phrases.find(found):
        if not said.issuperset(token.key for token in found[hit.first : hit.last + 1]):
            cues.update(hit.payloads)
    marked = "?" in cleaned
    if marked and "asks_marked" in cues:
        cues.add("asks")
    own = tuple(token.key for token in found)
    asked = marked and "affirms" not in cues
    return _Sentence(own, frozenset(cues), asked, len(said.intersection(own)))


def _contrary(told: Sequence[_Sentence], claim: Sequence[str], said: frozenset[str]) -> bool:
    """Say whether what the claim affirms is negated, or the other way round."""
    plain, negated = set[str](), set[str]()
    for one in told:
        affirmed, denied = _polarity(one.words)
        plain |= affirmed & said
        negated |= denied & said
    claimed, unclaimed = _polarity(claim)
    turned = (negated - plain - unclaimed) | ((plain - negated) & (unclaimed - claimed))
    return len(turned) > 0 and len(turned) >= TURNED * len(plain | negated)


def _polarity(found: Sequence[str]) -> tuple[set[str], set[str]]:
    """Return the words that stand without a negation and those that a negation reaches."""
    plain, negated = set[str](), set[str]()
    last = -NEGATION_REACH - 1
    negations = _cues().negations
    for place, word in enumerate(found):
        following = found[place + 1] if place + 1 < len(found) else ""
        if word in negations and following not in _ONLY:
            last = place
        elif place - last <= NEGATION_REACH:
            negated.add(word)
        else:
            plain.add(word)
    return plain, negated


@cache
def _cues() -> _Cues:
    source = files("netralitas_nlp.claims") / "stance.toml"
    lists: dict[str, list[str]] = tomllib.loads(source.read_text(encoding="utf-8"))
    phrases: PhraseIndex[str] = PhraseIndex()
    # What a phrase is listed under is stored with it; `asks_marked` takes a phrase out of `asks`.
    marked = {keys(phrase) for phrase in lists["asks_marked"]}
    for cue in _CUES:
        for phrase in lists[cue]:
            if cue != "asks" or keys(phrase) not in marked:
                phrases.add(phrase, cue)
    negations = frozenset(key for word in lists["negations"] for key in keys(word))
    return _Cues(phrases, negations)
