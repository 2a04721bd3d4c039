"""Who stands for election in a labelled post, read from its row: an invented roster per group."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd

from netralitas_nlp.datafiles import Words
from netralitas_nlp.text.folding import keys
from netralitas_nlp.text.lexicon import released_lexicon
from netralitas_nlp.text.roster import Contestant, Person, Roster, RosterFile, without_titles

Gender = Literal["f", "m", ""]
NUMBERS: Final = range(1, 10)
"""Ballot numbers of an invented roster: the largest real district ballots have fewer."""
SHORT: Final = 4
"""A name of fewer letters, or one that is an everyday word, counts only after a form of address."""

_WORDS = {
    name: frozenset(words)
    for name, words in tomllib.loads(
        Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    ).items()
}
_WOMEN, _MEN, _ROLES, _NO_NAMES = (_WORDS[k] for k in ("women", "men", "roles", "no_names"))
ADDRESSES: Final = _WOMEN | _MEN | _WORDS["either"]
ALSO_WORDS: Final = _WORDS["districts_also_words"]
_ADDRESSED = re.compile(
    r"(?<![\w-])(?:((?i:pak|bapak|bpk|bu|ibu|bang|abang|mas|mbak|kang|teh|haji|ustadz?|ustaz|kiai"
    r"|kyai|gus|om|tante|kak|kakak|dokter|guru|pendeta|bung|uda|koh|teungku|puang|daeng|lae|opa"
    r"|saudara|saudari))|((?i:hj|h|drs?|ir|prof|pdt|tgk|ns)\b\.?))\s+"
    r"([A-Z][a-z']{2,}(?: [A-Z][a-z']+)?)(?!\w)"
)
_BETWEEN = re.compile(r"[;,/()&–\"]|-(?=[A-Z])|\bdan\b|(?<!\w)'|'(?!\w)")
_WORD = re.compile(r"[^\W\d_][\w'.]*")


@dataclass(frozen=True, slots=True)
class Named:
    """A person, pair or party that stands for election, as its row calls it.

    Attributes:
        words: The name without forms of address.
        address: Form of address as written, such as ``Bu``; may be empty.
        kind: ``person``, ``acronym`` (``WAPI``, ``KiMu``) or ``party`` (``Partai Sauh``).
    """

    words: tuple[str, ...]
    address: str
    kind: Literal["person", "acronym", "party"]

    @property
    def full(self) -> str:
        """The name."""
        return " ".join(self.words)

    @property
    def gender(self) -> Gender:
        """What the form of address says: ``f``, ``m``, or empty where it says nothing."""
        key = self.address.lower().rstrip(".")
        return "f" if key in _WOMEN else "m" if key in _MEN else ""

    def forms(self) -> Iterator[str]:
        """Yield how posts call them beside the full name: first or last name, with an address."""
        everyday = released_lexicon().everyday
        if self.kind != "person":
            return
        addresses = {self.address, *("Pak Bapak Bang Mas" if self.gender != "f" else "").split()}
        addresses |= set(("Bu Ibu Mbak Bunda" if self.gender != "m" else "").split())
        addresses -= {""}
        yield from (f"{address} {self.full}" for address in sorted(addresses))
        for word in self.words:
            key = "".join(keys(word))
            if key in _NO_NAMES:
                continue
            if len(key) >= SHORT and key not in everyday:
                yield word
            yield from (f"{address} {word}" for address in sorted(addresses))


def named_in(value: str, *, places: frozenset[str] = frozenset()) -> list[Named]:
    """Return whom a cell of the column ``contestant`` names; empty where it only describes.

    Args:
        value: Such as ``Bu Retno Palupi (no. 1)``, ``Zahroni-Opan`` or ``calon berkumis``.
        places: Names of districts in lower case, which a cell may add (``petahana Dompu``).
    """
    found = (_named(part, places) for part in _BETWEEN.split(value))
    return [named for named in found if named is not None]


def _named(part: str, places: frozenset[str]) -> Named | None:
    words = _WORD.findall(part)
    if words and words[0].lower() == "partai" and len(words) > 1:
        upper = [word for word in words[1:] if word[0].isupper()]
        return Named(("Partai", *upper), "", "party") if upper else None
    address = ""
    name: list[str] = []
    for word in words:
        key = word.lower().rstrip(".")
        if not name and key in ADDRESSES:
            address = word
        elif word[0].isupper() and key not in _NO_NAMES and not (not name and key in _ROLES):
            name.append(word)
        elif not (key in _ROLES or word[0].isupper()):
            return None  # a description: `calon asal Cirebon`, `kubu baju merah`
    if not name or " ".join(name).lower() in places:
        return None
    if len(name) == 1 and not address and sum(c.isupper() for c in name[0]) > 1:
        return Named((name[0],), "", "acronym")
    bare = tuple(without_titles(" ".join(name)).split())
    return Named(bare, address, "person") if any(len(word) > 2 for word in bare) else None


def addressed_in(text: str) -> list[Named]:
    """Return the persons whom a text addresses by name: ``Pak Darto``, ``dr Ayu Seruni``.

    Only capitalised names count, and never offices (``Pak Bupati``).
    """
    everyday = released_lexicon().everyday
    found = []
    for match in _ADDRESSED.finditer(text):
        first, *rest = (w for w in match[3].split())
        if first.lower() in _NO_NAMES or "".join(keys(first)) in everyday:
            continue
        words = (first, *(word for word in rest if word.lower() not in _NO_NAMES))
        found.append(Named(words, match[1] or match[2].rstrip("."), "person"))
    return found


@dataclass(frozen=True)
class Cast:
    """The contestants of a row, as a roster that finds them.

    Attributes:
        named: Contestant ``i`` of the roster is ``named[i - 1]``; the rest have only a number.
        roster: Finds them, and ballot numbers, in the posts of the row.
    """

    named: tuple[Named, ...]
    roster: Roster

    @classmethod
    def of(cls, named: Iterable[Named], texts: Iterable[str] = ()) -> "Cast":
        """Return a cast.

        Args:
            named: Contestants; the first nine distinct ones are kept.
            texts: Hashtags in them that hold a name belong to the contestant.
        """
        distinct = {one.full.casefold(): one for one in named}
        kept = tuple(distinct.values())[: len(NUMBERS)]
        hashtags = [tag for text in texts for tag in re.findall(r"#\w+", text)]
        return cls(kept, Roster(_file(kept, hashtags)))


def _file(named: tuple[Named, ...], hashtags: list[str]) -> RosterFile:
    rows = []
    for number in NUMBERS:
        one = named[number - 1] if number <= len(named) else None
        party = one is not None and one.kind == "party"
        # A name without a word is found nowhere: this contestant is known by number alone.
        person = Person(role="calon", name="–")
        if one is not None and not party:
            person = Person(
                role="calon", name=one.full, nicknames=tuple(dict.fromkeys(one.forms()))
            )
        rows.append(
            Contestant(
                number=number,
                person=(person,),
                parties=(one.full,) if one is not None and party else (),
                hashtags=tuple(t for t in dict.fromkeys(hashtags) if one and _holds(t, one)),
            )
        )
    return RosterFile(
        roster="baris", election="baris", kind="other", area="–", name=Words(id="–", en="–"),
        fictional=True, revised=date(2026, 1, 1), contestant=tuple(rows),
    )  # fmt: skip


def _holds(hashtag: str, one: Named) -> bool:
    letters = hashtag.casefold()
    return any(len(word) >= SHORT and word.casefold() in letters for word in one.words)


class Casting:
    """The casts of the rows of a training frame.

    A post without support names nobody in its row, although the same people stand in it: so the
    contestants of its group count, and whoever it addresses by name, who might stand for election
    as well. Without them a mark would mean support.

    Args:
        frame: Training rows; ``contestant``, ``group_id`` and ``district`` are used where present.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.districts = tuple(sorted({*_cells(frame, "district")} - {""}))
        self._places = frozenset(bare_district(district).lower() for district in self.districts)
        self._groups: dict[str, dict[str, Named]] = {}
        self.people: dict[str, Named] = {}
        for group, value in zip(
            _cells(frame, "group_id"), _cells(frame, "contestant"), strict=True
        ):
            for one in named_in(value, places=self._places):
                self._groups.setdefault(group, {}).setdefault(one.full.casefold(), one)
                self.people.setdefault(one.full.casefold(), one)

    def of(self, row: Mapping[str, Any]) -> Cast:
        """Return the cast of one row."""
        texts = (cell(row, "text"), cell(row, "parent_text"))
        named = [*named_in(cell(row, "contestant"), places=self._places)]
        named += self._groups.get(cell(row, "group_id"), {}).values()
        if not supports(row):
            named += (one for text in texts for one in addressed_in(text))
        return Cast.of(named, texts)


def supports(row: Mapping[str, Any]) -> bool:
    """Return whether a row is labelled ``candidate_support``; a soft label counts from one half."""
    value = row.get("candidate_support")
    return value is not None and float(value) >= 0.5


def cell(row: Mapping[str, Any], name: str) -> str:
    """Return a text of a row; empty where the column or the value is missing."""
    value = row.get(name)
    return value if isinstance(value, str) else ""


def bare_district(district: str) -> str:
    """Return ``Bandung`` for ``Kota Bandung``."""
    return district.removeprefix("Kota ")


def _cells(frame: pd.DataFrame, name: str) -> list[str]:
    if name not in frame.columns:
        return [""] * len(frame)
    return [value if isinstance(value, str) else "" for value in frame[name]]
