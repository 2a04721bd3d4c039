"""Words that one group of posts uses more than another, beyond what chance gives."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from netralitas_nlp.text.normalize import PLACEHOLDERS, mask

PRIOR: Final = 1_000.0
"""Pseudo-posts of the prior, shared out by the frequency of words in both groups together."""

MIN_Z: Final = 1.96
MIN_POSTS: Final = 3
MIN_ACCOUNTS: Final = 2
"""Fewest distinct texts, and authors where they are known: one person's habit is no slang."""

MANY_PIECES: Final = 3
"""Word pieces from which the tokenizer counts as not knowing a word."""

_WORD: Final = re.compile(r"[^\W_][\w'’-]*[^\W_]")
_MARKER: Final = re.compile("|".join(map(re.escape, PLACEHOLDERS)))


@dataclass(frozen=True, slots=True)
class RisingWord:
    """A word that is commoner in one group.

    Attributes:
        word: In lower case.
        posts: Posts of the group that hold it.
        others: Posts outside the group that hold it.
        z: Log-odds ratio in standard errors; above 1.96 is more than chance gives one word.
        pieces: Pieces into which the tokenizer cuts it; 0 where it does not know it at all.
    """

    word: str
    posts: int
    others: int
    z: float
    pieces: int


def words_of(text: str) -> frozenset[str]:
    """Return the distinct words of a post in lower case, handles, addresses and numbers left out.

    Sets and not counts, so that a post that repeats a word a hundred times counts once.
    """
    plain = _MARKER.sub(" ", mask(text)).lower()
    return frozenset(w for w in _WORD.findall(plain) if not w[0].isdigit())


def log_odds_z(
    inside: NDArray[np.float64],
    outside: NDArray[np.float64],
    *,
    n_inside: float,
    n_outside: float,
    prior: float = PRIOR,
) -> NDArray[np.float64]:
    """Return the z-score of each word's log-odds ratio between two groups, (words,).

    Log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008,
    "Fightin' Words", equations 16, 19 and 22), the prior of a word in proportion to its frequency
    in both groups. Rare words are drawn towards zero, so that neither they nor the commonest
    words crowd the list. Positive: commoner inside.

    Args:
        inside: (words,) occurrences in the group.
        outside: (words,) occurrences outside it.
        n_inside: All occurrences of all words in the group, at least the sum of ``inside``.
        n_outside: The same outside it.
        prior: Sum of the prior over all words.
    """
    share = (inside + outside + 0.01) / (n_inside + n_outside + 0.01 * len(inside))
    alpha = prior * share
    left = np.log(inside + alpha) - np.log(n_inside + prior - inside - alpha)
    right = np.log(outside + alpha) - np.log(n_outside + prior - outside - alpha)
    variance = 1 / (inside + alpha) + 1 / (outside + alpha)
    return np.asarray((left - right) / np.sqrt(variance), dtype=np.float64)


def rising_words(
    inside: Mapping[str, int],
    outside: Mapping[str, int],
    *,
    n_inside: int,
    n_outside: int,
    pieces: Callable[[str], int],
    authors: Mapping[str, int] | None = None,
    most: int = 30,
) -> list[RisingWord]:
    """Return words that are commoner inside and badly covered by a tokenizer, strongest first.

    Args:
        inside: Posts of the group per word.
        outside: Posts outside the group per word of ``inside``.
        n_inside: Sum over all words of the group.
        n_outside: Sum over all words outside it.
        pieces: Pieces of a word; 0 where the tokenizer does not know it.
        authors: Distinct authors per word of ``inside``; ``None`` where they are unknown.
        most: Words returned.
    """
    words = sorted(inside)
    if not words:
        return []
    held = np.array([inside[w] for w in words], dtype=np.float64)
    beside = np.array([outside.get(w, 0) for w in words], dtype=np.float64)
    z = log_odds_z(held, beside, n_inside=n_inside, n_outside=n_outside)
    found: list[RisingWord] = []
    for i in np.argsort(-z, kind="stable").tolist():
        word = words[i]
        if z[i] < MIN_Z or len(found) == most:
            break
        if inside[word] < MIN_POSTS or (authors and authors.get(word, 0) < MIN_ACCOUNTS):
            continue
        n_pieces = pieces(word)
        if n_pieces == 0 or n_pieces >= MANY_PIECES:
            found.append(
                RisingWord(word, inside[word], outside.get(word, 0), float(z[i]), n_pieces)
            )
    return found


def count_words(
    texts: Iterable[str], *, only: frozenset[str] | None = None
) -> tuple[Counter[str], int]:
    """Return posts per word, and their sum over all words.

    Args:
        texts: Posts.
        only: Words to count one by one; the sum is of all words either way.
    """
    counts: Counter[str] = Counter()
    total = 0
    for text in texts:
        words = words_of(text)
        total += len(words)
        counts.update(words if only is None else words & only)
    return counts, total
