"""Many phrases found in one pass over the words of a text, with small typos."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from netralitas_nlp.text.folding import Token, keys

TYPO_LENGTH: Final = 6
"""Shortest word in which one typo is forgiven: in shorter ones it makes another word."""
CLITICS: Final = ("nya", "lah", "kah", "ku", "mu", "mi", "ji", "mo", "pi")
CLITIC_STEM: Final = 4
"""Shortest stem that may carry a clitic, in letters."""
MEMORY: Final = 50_000

PayloadT = TypeVar("PayloadT")


@dataclass(slots=True)
class _Node(Generic[PayloadT]):
    children: dict[str, "_Node[PayloadT]"] = field(default_factory=dict)
    payloads: list[PayloadT] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Found(Generic[PayloadT]):
    """A phrase in a text.

    Attributes:
        first: Index of its first token; ``last``: of its last.
        payloads: What was stored for it; several where a phrase was added more than once.
        exact: ``False`` where a typo or a clitic was forgiven.
    """

    first: int
    last: int
    payloads: tuple[PayloadT, ...]
    exact: bool


class PhraseIndex(Generic[PayloadT]):
    """Phrases and what they stand for. Finding costs one step per word, however many there are.

    Args:
        forgiving: Forgive one typo in words of six letters or more that begin alike, and
            clitics.
        exempt: Keys of words that are never taken for a typo, because they are words.
    """

    def __init__(self, *, forgiving: bool = False, exempt: frozenset[str] = frozenset()) -> None:
        self._root: _Node[PayloadT] = _Node()
        self._words: set[str] = set()
        self._forgiving = forgiving
        self._exempt = exempt
        self._shortened: dict[str, set[str]] = {}
        self._near: dict[str, tuple[str, ...]] = {}

    def add(self, phrase: str, payload: PayloadT) -> None:
        """Store a phrase. A phrase without any word is ignored."""
        words = keys(phrase)
        if not words:
            return
        node = self._root
        for word in words:
            node = node.children.setdefault(word, _Node())
            self._learn(word)
        if payload not in node.payloads:
            node.payloads.append(payload)

    def find(self, words: Sequence[Token]) -> Iterator[Found[PayloadT]]:
        """Return the phrases of a text, the longest at each place, without overlap."""
        place = 0
        while place < len(words):
            found = self._longest(words, place)
            if found is None:
                place += 1
            else:
                yield found
                place = found.last + 1

    def _longest(self, words: Sequence[Token], first: int) -> Found[PayloadT] | None:
        best: Found[PayloadT] | None = None
        open_: list[tuple[_Node[PayloadT], int, bool]] = [(self._root, first, True)]
        while open_:
            node, place, exact = open_.pop()
            if node.payloads:
                found = Found(first, place - 1, tuple(node.payloads), exact)
                if best is None or (found.last, found.exact) > (best.last, best.exact):
                    best = found
            if place < len(words):
                key = words[place].key
                for form in self._forms(key):
                    if form in node.children:
                        open_.append((node.children[form], place + 1, exact and form == key))
        return best

    def _learn(self, word: str) -> None:
        self._words.add(word)
        self._near.clear()
        if self._forgiving and len(word) >= TYPO_LENGTH:
            for short in (word, *_shortened(word)):
                self._shortened.setdefault(short, set()).add(word)

    def _forms(self, key: str) -> tuple[str, ...]:
        """Return the stored words that a word may stand for, itself first."""
        if not self._forgiving:
            return (key,)
        if key not in self._near:
            if len(self._near) > MEMORY:
                self._near.clear()
            self._near[key] = self._meant(key)
        return self._near[key]

    def _meant(self, key: str) -> tuple[str, ...]:
        if key in self._words or key in self._exempt:
            return (key,)
        meant = [key]
        meant += (
            stem
            for stem in (key.removesuffix(clitic) for clitic in CLITICS)
            if stem != key and len(stem) >= CLITIC_STEM and stem in self._words
        )
        if len(key) >= TYPO_LENGTH - 1 and key.isalpha():
            near = {w for s in (key, *_shortened(key)) for w in self._shortened.get(s, ())}
            meant += sorted(w for w in near if w[0] == key[0] and _one_slip(w, key))
        return tuple(meant)


def _shortened(word: str) -> list[str]:
    return [word[:i] + word[i + 1 :] for i in range(len(word))]


def _one_slip(a: str, b: str) -> bool:
    """Say whether one letter was added, lost or changed, or two neighbours were swapped."""
    if len(a) > len(b):
        a, b = b, a
    if len(b) - len(a) > 1:
        return False
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) < len(b):
        return a[at:] == b[at + 1 :]
    return a[at + 1 :] == b[at + 1 :] or (
        a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :]
    )
