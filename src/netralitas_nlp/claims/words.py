"""The words and character trigrams by which a post and a claim are compared."""

import re
from typing import Final

from netralitas_nlp.text.folding import tokens
from netralitas_nlp.text.normalize import PLACEHOLDERS, Normalizer

MAX_CHARACTERS: Final = 6_000
"""How much of a text is looked at; what circulates is shorter."""

_COMMON = """
    ada adalah agar akan aku anda apa atau bagi bahwa banyak belum bisa buat bukan dalam dan dapat
    dari dengan di dia dg dgn dlm dr gak ga hanya hari ia ini itu jadi jangan jika juga ga kalau
    kalo kami kamu karena kata ke kepada kita krn lagi lalu lebih mau mereka nya oleh orang pada
    para pun saat sama sampai satu saya sebagai sedang sekarang semua seperti setelah si sudah tak
    tapi telah tentang terhadap tidak tsb tersebut udah untuk utk yang yg
    akun beredar cek fakta foto gambar hoaks hoax klaim narasi pesan postingan salah unggahan video
"""

COMMON: Final = frozenset(_COMMON.split())
"""Function words, and words by which fact-checkers introduce a claim: they say little about it."""

_VERDICT = re.compile(r"^\s*(?:[\[(][^\])]{1,40}[\])]\s*:?\s*)+")
_MASKED = re.compile("|".join(re.escape(name) for name in PLACEHOLDERS))
_NORMAL: Final = Normalizer()


def clean(text: str) -> str:
    """Return the normal form of a text without masked addresses, handles and numbers."""
    return _MASKED.sub(" ", _NORMAL(text[:MAX_CHARACTERS]))


def words(text: str) -> list[str]:
    """Return the folded words and numbers of a raw text, in order."""
    return [token.key for token in tokens(clean(text)) if token.kind == "word"]


def bare_title(title: str) -> str:
    """Return a title without the verdict in brackets that stands before it."""
    return _VERDICT.sub("", title) or title


def trigrams(joined: str) -> frozenset[str]:
    """Return the runs of three characters of words that are joined by spaces."""
    return frozenset(joined[i : i + 3] for i in range(len(joined) - 2))


def fourgrams(joined: str) -> frozenset[str]:
    """Return the runs of four characters of words that are joined by spaces, with their ends."""
    padded = f" {joined} "
    return frozenset(padded[i : i + 4] for i in range(len(padded) - 3))
