"""Keys by which copies of a text are found."""

import re
import unicodedata

from netralitas_nlp.text.folding import tokens
from netralitas_nlp.text.normalize import PLACEHOLDERS, mask

_DROPPED = re.compile("|".join(re.escape(name) for name in PLACEHOLDERS) + r"|\b(?:RT|USER|URL)\b")
_NOT_LETTER = re.compile(r"[\W_]+")


def letters_key(text: str) -> str:
    """Return the lower-case letters and digits of a text, without handles and addresses.

    Two texts with the same key are copies of one another, whatever their case, punctuation,
    emoji and spacing. Empty for a text that holds nothing else.
    """
    plain = unicodedata.normalize("NFKC", _DROPPED.sub(" ", mask(text)))
    return _NOT_LETTER.sub("", plain.lower())


def own_words(text: str) -> list[str]:
    """Return the folded words of a text, in order, without handles, addresses and ``RT``."""
    plain = _DROPPED.sub(" ", mask(text))
    return [token.key for token in tokens(plain) if token.kind == "word"]
