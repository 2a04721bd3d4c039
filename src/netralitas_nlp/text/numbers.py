"""Ballot numbers in all their forms: 2, 02, dua, no. 2, nomor urut dua, 2️⃣, ✌️."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from netralitas_nlp.datafiles import Many, Name, Shape, Words, data_folder, read_shape
from netralitas_nlp.text.folding import Token, keys, tokens

Form = Literal["cued", "padded", "sign"]
FILE: Final = "numbers.toml"
NAME_WORDS: Final = 3
"""Words by which a law or street may be named before its number, itself counted."""

_FIGURE = re.compile(r"0*([0-9]{1,2})")
_GLUED = re.compile(r"([^\W\d_]+)0*([0-9]{1,2})")
_GAP = re.compile(r"[\s.:#*\-–()\"']{0,4}")
_AFTER_FIGURE = re.compile(r"[.,:/\-][0-9]|%")


class NumberForm(Shape):
    """One number, and the words and emoji that stand for it."""

    value: Annotated[int, Field(ge=1, le=99)]
    words: Many[Name]
    emoji: Many[Name] = ()
    note: Words


class NumberFile(Shape):
    """The file ``numbers.toml``."""

    revised: dt.date
    cues: Many[Name]
    weak_cues: Many[Name]
    named: Many[Name]
    fingers: Many[Name]
    not_after: Many[Name]
    not_before: Many[Name]
    number: Annotated[Many[NumberForm], Field(min_length=1)]

    @model_validator(mode="after")
    def _one_meaning(self) -> Self:
        owner: dict[str, int] = {}
        for form in self.number:
            for word in (*form.words, *form.emoji):
                for key in keys(word):
                    if owner.setdefault(key, form.value) != form.value:
                        raise PydanticCustomError(
                            "data_form_twice", "one form for two numbers", {"form": word}
                        )
        return self


@dataclass(frozen=True, slots=True)
class BallotNumber:
    """A number in a text that may be a ballot number.

    Attributes:
        start: First character in the raw text; ``end``: one past the last.
        value: The number.
        form: ``cued``: a word before it says so (``nomor urut dua``, ``paslon 02``) or fingers
            follow; ``padded``: ``02`` alone; ``sign``: an emoji or keycap alone. A lone ``2`` or
            ``dua`` is no ballot number.
    """

    start: int
    end: int
    value: int
    form: Form


class NumberForms:
    """Recognises ballot numbers.

    Args:
        file: Which words stand for which number, and what precedes or follows.
    """

    def __init__(self, file: NumberFile) -> None:
        self._words = {k: f.value for f in file.number for w in f.words for k in keys(w)}
        self._emoji = {k: f.value for f in file.number for e in f.emoji for k in keys(e)}
        self._cues = _key_set(file.cues)
        self._weak_cues = _key_set(file.weak_cues)
        self._cues |= self._weak_cues
        self._named = _key_set(file.named)
        self._fingers = _key_set(file.fingers)
        self._not_after = _key_set(file.not_after)
        self._not_before = _key_set(file.not_before)

    def value_of(self, form: str) -> int | None:
        """Return the number that a form stands for, or ``None`` if it is not one number alone.

        ``2``, ``02``, ``dua``, ``no. 2``, ``nomor urut dua``, ``paslon 02``, ``2️⃣``, ``✌️``.
        """
        rest = [
            token
            for token in tokens(form)
            if not self._is_cue(token) and token.key not in self._fingers
        ]
        if len(rest) != 1:
            return None
        glued = _GLUED.fullmatch(rest[0].plain)
        if glued and glued[1] in self._cues:
            return int(glued[2]) or None
        return self._value(rest[0])

    def find(self, text: str, words: Sequence[Token] | None = None) -> list[BallotNumber]:
        """Return the ballot numbers of a raw text, in order.

        Args:
            text: The raw text.
            words: Its tokens, where the caller has them already.
        """
        words = list(tokens(text)) if words is None else words
        found = (self._at(text, words, place) for place in range(len(words)))
        return [number for number in found if number is not None]

    def _at(self, text: str, words: Sequence[Token], place: int) -> BallotNumber | None:
        token = words[place]
        glued = _GLUED.fullmatch(token.plain)
        if glued and glued[1] in self._cues and int(glued[2]):
            return self._unless_other(words, place, place, int(glued[2]), text)
        value = self._value(token)
        if value is None or (token.plain.isdigit() and _inside_a_figure(text, token)):
            return None
        if token.kind != "word":
            return BallotNumber(token.start, token.end, value, "sign")
        first = place
        while first and self._cues_next(text, words, first):
            first -= 1
        fingers = place + 1 < len(words) and words[place + 1].key in self._fingers
        if first < place or fingers:
            return self._unless_other(words, first, place + fingers, value, text)
        if token.plain.startswith("0") and not self._is_other(words, place, place):
            return BallotNumber(token.start, token.end, value, "padded")
        return None

    def _cues_next(self, text: str, words: Sequence[Token], place: int) -> bool:
        before = words[place - 1]
        gap = text[before.end : words[place].start]
        return self._is_cue(before) and _GAP.fullmatch(gap) is not None

    def _is_cue(self, token: Token) -> bool:
        return token.key in self._cues and not token.plain[-1].isdigit()

    def _unless_other(
        self, words: Sequence[Token], first: int, last: int, value: int, text: str
    ) -> BallotNumber | None:
        if self._is_other(words, first, last):
            return None
        return BallotNumber(words[first].start, words[last].end, value, "cued")

    def _is_other(self, words: Sequence[Token], first: int, last: int) -> bool:
        before = words[first - 1].key if first else ""
        after = words[last + 1].key if last + 1 < len(words) else ""
        if before in self._not_after or before in self._named or after in self._not_before:
            return True
        if words[first].key not in self._weak_cues:
            return False
        # `Jalan Mawar no 2`, `Peraturan Bupati nomor 2`: a name stands between.
        near = words[max(0, first - NAME_WORDS) : first]
        return any(word.key in self._named for word in near)

    def _value(self, token: Token) -> int | None:
        figure = _FIGURE.fullmatch(token.plain)
        if figure:
            return int(figure[1]) or None
        return (self._emoji if token.kind == "emoji" else self._words).get(token.key)


def load_numbers(file: Path | None = None) -> NumberForms:
    """Return the number forms of a file, by default the packaged one.

    Raises:
        InputError: The file is refused, with file, key and reason.
    """
    path = file or data_folder("lexicon") / FILE
    return NumberForms(read_shape(path, NumberFile))


@cache
def released_numbers() -> NumberForms:
    """Return the packaged number forms, read once."""
    return load_numbers()


def number_of(form: str) -> int | None:
    """Return the number that a form stands for; see ``NumberForms.value_of``."""
    return released_numbers().value_of(form)


def _key_set(words: Sequence[str]) -> frozenset[str]:
    return frozenset(key for word in words for key in keys(word))


def _inside_a_figure(text: str, token: Token) -> bool:
    """Say whether a number is part of a date, a time, an amount or a longer number."""
    before = text[max(0, token.start - 2) : token.start]
    after = text[token.end : token.end + 2]
    part = re.search(r"[0-9][.,:/\-]$", before) is not None
    return part or _AFTER_FIGURE.match(after) is not None
