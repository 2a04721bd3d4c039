"""Who stands in an election, and where a text names them. No flag follows from a match."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from netralitas_nlp.datafiles import Key, Many, Name, Shape, Words, data_folder, read_shape
from netralitas_nlp.text.folding import Token, keys, tokens
from netralitas_nlp.text.lexicon import Lexicon, released_lexicon
from netralitas_nlp.text.phrases import PhraseIndex

Kind = Literal["name", "nickname", "slogan", "party", "hashtag", "number"]
FORGIVEN: Final[tuple[Kind, ...]] = ("name", "nickname", "slogan")
SHORT_NICKNAME: Final = 4
"""Nicknames of fewer letters are found in too many other words' places to be told apart."""

_TITLE = re.compile(
    r"(?:h|hj|hi|dr[as]?|ir|prof|kh|ust(?:a[dz]z?)?|pdt|ny|tn|nn|rd|rm|r|a|e|purn|kapten|mayor"
    r"|letkol|kolonel|kombes|irjen|komjen|brigjen|mayjen|letjen|jenderal)\.?",
    re.IGNORECASE,
)
_HASHTAG = re.compile(r"[#＃](\w+)")


class Person(Shape):
    """One half of a pair, or a single candidate."""

    role: Name
    name: Name
    nicknames: Many[Name] = ()


class Contestant(Shape):
    """A pair or candidate on the ballot."""

    number: Annotated[int, Field(ge=1, le=99)]
    person: Annotated[Many[Person], Field(min_length=1)]
    parties: Many[Name] = ()
    slogans: Many[Name] = ()
    hashtags: Many[Annotated[str, Field(pattern=r"^#?\w+$", max_length=100)]] = ()
    colours: Many[Name] = ()


class RosterFile(Shape):
    """A roster file."""

    roster: Key
    election: Key
    kind: Literal["pilkada", "pilpres", "pileg", "other"]
    area: Name
    name: Words
    fictional: bool = False
    revised: dt.date
    contestant: Annotated[Many[Contestant], Field(min_length=1)]

    @model_validator(mode="after")
    def _numbers_once(self) -> Self:
        numbers = [contestant.number for contestant in self.contestant]
        twice = next((n for n in numbers if numbers.count(n) > 1), None)
        if twice is not None:
            raise PydanticCustomError("data_number_twice", "number twice", {"number": twice})
        return self


@dataclass(frozen=True, slots=True)
class RosterMatch:
    """A contestant named in a text.

    Attributes:
        start: First character in the raw text; ``end``: one past the last.
        text: The characters between them.
        kind: What was recognised.
        numbers: Ballot numbers of the contestants it may mean; several where they share it.
        exact: ``False`` where a typo or a clitic was forgiven, or a number stands without a cue.
    """

    start: int
    end: int
    text: str
    kind: Kind
    numbers: tuple[int, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class RosterWarning:
    """Something in a roster that will be found where nobody is meant.

    Attributes:
        code: Key of the words in the message catalogue (part ``text``).
        key: Where in the file.
        value: What stands there.
    """

    code: str
    key: str
    value: str


class Roster:
    """The contestants of one election, ready to be found in text.

    Args:
        file: What the roster file holds.
        lexicon: Number forms and everyday words; by default the packaged ones.
    """

    def __init__(self, file: RosterFile, *, lexicon: Lexicon | None = None) -> None:
        self.file = file
        self._lexicon = lexicon or released_lexicon()
        self._numbers = frozenset(c.number for c in file.contestant)
        self._hashtags: dict[str, list[int]] = {}
        exempt = self._lexicon.everyday
        self._forgiving: PhraseIndex[tuple[Kind, int]] = PhraseIndex(forgiving=True, exempt=exempt)
        self._strict: PhraseIndex[tuple[Kind, int]] = PhraseIndex()
        for contestant in file.contestant:
            for kind, phrase in _phrases(contestant):
                index = self._forgiving if kind in FORGIVEN else self._strict
                index.add(phrase, (kind, contestant.number))
            for hashtag in contestant.hashtags:
                owners = self._hashtags.setdefault(_hashtag_key(hashtag), [])
                if contestant.number not in owners:
                    owners.append(contestant.number)

    def find(self, text: str) -> list[RosterMatch]:
        """Return the contestants that a raw text names, in order and without overlap.

        Names, nicknames, slogans, parties, hashtags and ballot numbers in any spelling that
        ``folding`` and ``numbers`` see through. Of two that overlap the longer stays.
        """
        words = list(tokens(text))
        found = [*self._found_phrases(text, words), *self._found_hashtags(text)]
        found += self._found_numbers(text, words)
        return without_overlap(text, found)

    def warnings(self) -> list[RosterWarning]:
        """Return what in the roster will be found where nobody is meant, in file order."""
        found: list[RosterWarning] = []
        owners: dict[tuple[str, ...], int] = {}
        for place, contestant in enumerate(self.file.contestant, start=1):
            for key, nickname in _nicknames(contestant, place):
                words = keys(nickname)
                if owners.setdefault(words, contestant.number) != contestant.number:
                    found.append(RosterWarning("roster_shared", key, nickname))
                if all(word in self._lexicon.everyday for word in words):
                    found.append(RosterWarning("roster_everyday", key, nickname))
                elif sum(map(len, words)) < SHORT_NICKNAME:
                    found.append(RosterWarning("roster_short", key, nickname))
            for i, slogan in enumerate(contestant.slogans, start=1):
                words = keys(slogan)
                if len(words) == 1 and words[0] in self._lexicon.everyday:
                    key = f"contestant[{place}].slogans[{i}]"
                    found.append(RosterWarning("roster_everyday_slogan", key, slogan))
        return found

    def _found_phrases(self, text: str, words: list[Token]) -> Iterator[RosterMatch]:
        for index in (self._forgiving, self._strict):
            for found in index.find(words):
                start, end = words[found.first].start, words[found.last].end
                kind = found.payloads[0][0]
                numbers = tuple(dict.fromkeys(number for _, number in found.payloads))
                yield RosterMatch(start, end, text[start:end], kind, numbers, found.exact)

    def _found_hashtags(self, text: str) -> Iterator[RosterMatch]:
        if not self._hashtags:
            return
        for match in _HASHTAG.finditer(text):
            owners = self._hashtags.get(_hashtag_key(match[1]))
            if owners:
                yield RosterMatch(
                    match.start(), match.end(), match[0], "hashtag", tuple(owners), True
                )

    def _found_numbers(self, text: str, words: list[Token]) -> Iterator[RosterMatch]:
        for n in self._lexicon.numbers.find(text, words):
            if n.value in self._numbers:
                written = text[n.start : n.end]
                cued = n.form == "cued"
                yield RosterMatch(n.start, n.end, written, "number", (n.value,), cued)


def load_roster(source: str | Path, *, lexicon: Lexicon | None = None) -> Roster:
    """Return a roster from a file, or a packaged example by its name.

    Raises:
        InputError: The file is refused, with file, key and reason.
    """
    path = Path(source).expanduser()
    packaged = data_folder("rosters") / f"{source}.toml"
    if not path.exists() and len(path.parts) == 1 and packaged.is_file():
        path = packaged
    return Roster(read_shape(path, RosterFile), lexicon=lexicon)


def without_overlap(text: str, matches: Iterable[RosterMatch]) -> list[RosterMatch]:
    """Return the matches in order; of two that overlap the longer stays."""
    covered = bytearray(len(text))
    taken: list[RosterMatch] = []
    for match in sorted(matches, key=lambda match: (match.start - match.end, match.start)):
        if covered.find(1, match.start, match.end) < 0:
            covered[match.start : match.end] = b"\x01" * (match.end - match.start)
            taken.append(match)
    return sorted(taken, key=lambda match: match.start)


def without_titles(name: str) -> str:
    """Return a name without academic, religious and military titles.

    What follows a comma is a degree; so is what stands in parentheses.
    """
    bare = re.sub(r"\([^)]*\)", " ", name.split(",", 1)[0])
    words = [word for word in bare.split() if not _TITLE.fullmatch(word)]
    return " ".join(words) or bare


def _phrases(contestant: Contestant) -> Iterator[tuple[Kind, str]]:
    for person in contestant.person:
        yield "name", without_titles(person.name)
        for nickname in person.nicknames:
            yield "nickname", nickname
    for slogan in contestant.slogans:
        yield "slogan", slogan
    for party in contestant.parties:
        yield "party", party


def _nicknames(contestant: Contestant, place: int) -> Iterator[tuple[str, str]]:
    for p, person in enumerate(contestant.person, start=1):
        for n, nickname in enumerate(person.nicknames, start=1):
            yield f"contestant[{place}].person[{p}].nicknames[{n}]", nickname


def _hashtag_key(hashtag: str) -> str:
    return "".join(keys(hashtag))
