"""How well the vocabulary of a model covers a word."""

from collections.abc import Callable
from functools import lru_cache

from netralitas_nlp.model.bundle import Bundle
from netralitas_nlp.model.tokenizer import PostTokenizer
from netralitas_nlp.text.normalize import IDENTITY, Normalizer

CACHED = 100_000
"""Words remembered: the commonest ones make up most of any export."""


def piece_counter(bundle: Bundle) -> Callable[[str], int]:
    """Return what counts the pieces of a word as a model sees it; 0 for a word it cannot spell.

    Args:
        bundle: Whose text settings and tokenizer count.

    Raises:
        BundleError: The tokenizer is damaged.
    """
    tokenizer = PostTokenizer.from_folder(bundle.folder, bundle.windows)
    settings = bundle.normalizer
    normalize = Normalizer(IDENTITY) if settings is None else Normalizer.from_settings(settings)
    unknown = tokenizer.unknown_id

    @lru_cache(CACHED)
    def count(word: str) -> int:
        pieces = tokenizer.pieces(normalize(word))
        return 0 if unknown in pieces else len(pieces)

    return count
