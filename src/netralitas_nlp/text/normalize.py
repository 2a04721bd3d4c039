"""The normal form of a post: what the tokenizer sees. Its settings travel with the model."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from netralitas_nlp.text.standins import StandinGroup, Standins

USER, URL, EMAIL, PHONE, ID_NUMBER = "@USER", "HTTPURL", "EMAIL", "PHONE", "IDNUM"
PLACEHOLDERS: Final[tuple[str, ...]] = (USER, URL, EMAIL, PHONE, ID_NUMBER)
"""Written in capitals: the rest of a normal form is lower-case, so no post can imitate them."""

CONTESTANT: Final = "[CALON]"
"""Marks a contestant whom a roster recognised; only models trained with it ever see it."""

Span = tuple[int, int]
"""First character and one past the last."""

_URL = re.compile(r"(?:https?://|www\.)\S+|\b(?:t\.co|bit\.ly|wa\.me|youtu\.be)/\S+", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
_HANDLE = re.compile(r"(?<![\w@])@[A-Za-z0-9_](?:[\w.]*\w)?(?:=+)?")
ADDRESS: Final = re.compile(
    "|".join(f"(?:{form.pattern})" for form in (_URL, _EMAIL, _HANDLE)), re.IGNORECASE
)
_PHONE = re.compile(
    r"(?<![\w+])(?:\+?62|0)[ .-]?8(?:[ .-]?\d){7,11}(?!\d)"  # mobile numbers, in any grouping
    r"|(?<![\w+])(?:\+62|\(?0\d{2,3}\)?)[ -]\d{3,4}[ -]?\d{3,4}(?!\d)"  # land lines
)
_LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){9,}")

MASKED: Final = (_URL, _EMAIL, _HANDLE, _PHONE, _LONG_NUMBER)
"""What ``mask`` replaces, in its order."""


def mask(text: str) -> str:
    """Return the text with addresses, handles, phone and identity numbers replaced.

    Idempotent. What replaces them: ``@USER HTTPURL EMAIL PHONE IDNUM``.
    """
    text = _URL.sub(URL, text)
    if "@" in text:
        text = _EMAIL.sub(EMAIL, text)
        text = _HANDLE.sub(USER, text)
    text = _PHONE.sub(PHONE, text)
    return _LONG_NUMBER.sub(ID_NUMBER, text)


@dataclass(frozen=True, slots=True)
class NormalizerSettings:
    r"""How the text a model was trained on was prepared.

    Attributes:
        lowercase: Fold case, except of placeholders.
        compatibility: Unicode NFKC: decorated letters and circled digits become plain ones.
        mask: Replace handles, addresses and numbers of persons.
        escapes: Decode ``\n`` and ``\xf0…`` that a collection tool left as characters.
        split_hashtags: ``#PilihNomorDua`` becomes ``# pilih nomor dua``.
        max_repeats: Longest run of one letter or sign that is kept; 0 keeps all.
        emoji_tokens: Emoji that have a word piece of their own.
        emoji_words: Other emoji and the short Indonesian words that stand for them.
        roster: The model has learnt the mark of a contestant; without it marks are left out.
        standins: What is written alike in every post, so that exchanging it moves no score.
    """

    lowercase: bool = True
    compatibility: bool = True
    mask: bool = True
    escapes: bool = True
    split_hashtags: bool = True
    max_repeats: int = 2
    emoji_tokens: tuple[str, ...] = ()
    emoji_words: Mapping[str, str] = field(default_factory=dict)
    roster: bool = False
    standins: tuple[StandinGroup, ...] = ()


IDENTITY: Final = NormalizerSettings(
    lowercase=False,
    compatibility=False,
    mask=False,
    escapes=False,
    split_hashtags=False,
    max_repeats=0,
)
"""For models of others, whose tokenizer does all that they were trained with."""

# Characters of the private use area stand for placeholders while case is folded.
_HELD: Final = {name: chr(0xE000 + i) for i, name in enumerate((*PLACEHOLDERS, CONTESTANT))}
_HOLD = re.compile("|".join(re.escape(name) for name in PLACEHOLDERS))
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\u20e3\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff]"
)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_FLAG = re.compile("([\U0001f1e6-\U0001f1ff])([\U0001f1e6-\U0001f1ff])")
_HASHTAG = re.compile(r"#(\w+)")
_CAMEL = re.compile(
    r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])|_"
)
_ESCAPED_BYTES = re.compile(r"(?:\\x[0-9a-fA-F]{2})+")
_ESCAPED_SPACE = re.compile(r"\\[nrt]")
_SPACE = re.compile(r"\s+")


class Normalizer:
    """Turns raw text into the normal form. Pure: the same text gives the same result.

    Args:
        settings: What to do; the defaults are those of our own models without emoji tables.
    """

    def __init__(self, settings: NormalizerSettings | None = None) -> None:
        self.settings = settings or NormalizerSettings()
        spaced = {emoji: f" {emoji} " for emoji in self.settings.emoji_tokens}
        spaced |= {emoji: f" {words} " for emoji, words in self.settings.emoji_words.items()}
        self._emoji = str.maketrans({key: value for key, value in spaced.items() if len(key) == 1})
        n = self.settings.max_repeats
        self._repeat = re.compile(rf"([^\W\d]|[^\w\s])\1{{{n},}}") if n else None
        self._stand_in = Standins(self.settings.standins)

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> "Normalizer":
        """Return the normalizer that a bundle's ``normalizer.json`` describes.

        Raises:
            TypeError: A key is unknown.
        """
        values = dict(settings)
        if "emoji_tokens" in values:
            values["emoji_tokens"] = tuple(values["emoji_tokens"])
        if "standins" in values:
            values["standins"] = tuple(map(StandinGroup.from_settings, values["standins"]))
        return cls(NormalizerSettings(**values))

    def to_settings(self) -> dict[str, Any]:
        """Return what ``from_settings`` takes, ready for JSON."""
        return asdict(self.settings)

    def __call__(self, text: str, marks: Iterable[Span] = ()) -> str:
        """Return the normal form of one text.

        Args:
            text: The raw text.
            marks: Spans in it that the mark of a contestant replaces, in order and without
                overlap; an empty span inserts it. Ignored where the settings know no such mark.
        """
        settings = self.settings
        text = _CONTROL.sub(" ", _PRIVATE.sub(" ", text))
        if settings.roster:
            text = _held(text, marks)
        if settings.escapes and "\\" in text:
            text = _unescape(text)
        if settings.compatibility:
            text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
        if settings.mask:
            text = _HOLD.sub(lambda m: f" {_HELD[m[0]]} ", mask(text))
        if settings.split_hashtags and "#" in text:
            text = _HASHTAG.sub(lambda m: " # " + _CAMEL.sub(" ", m[1]) + " ", text)
        if settings.lowercase:
            text = text.lower()
        if self._repeat:
            text = self._repeat.sub(lambda m: m[1] * settings.max_repeats, text)
        if not text.isascii():
            text = self._spell_emoji(text)
        return self._stand_in(_SPACE.sub(" ", text).strip())

    def _spell_emoji(self, text: str) -> str:
        if self._emoji:
            text = _FLAG.sub(lambda m: f" bendera {_letter(m[1])}{_letter(m[2])} ", text)
            text = text.translate(self._emoji)
        for name, held in _HELD.items():
            text = text.replace(held, name)
        return text


def _held(text: str, marks: Iterable[Span]) -> str:
    parts, place = [], 0
    for start, end in marks:
        parts += [text[place:start], " ", _HELD[CONTESTANT], " "]
        place = end
    return "".join([*parts, text[place:]])


def _letter(indicator: str) -> str:
    return chr(ord(indicator) - 0x1F1E6 + ord("a"))


def _unescape(text: str) -> str:
    def decode(match: re.Match[str]) -> str:
        decoded = bytes.fromhex(match[0].replace("\\x", "")).decode("utf-8", "replace")
        return _PRIVATE.sub(" ", decoded)

    return _ESCAPED_SPACE.sub(" ", _ESCAPED_BYTES.sub(decode, text))
