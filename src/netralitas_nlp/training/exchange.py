"""Other names, ballot numbers and another district for a post, consistent with its parent."""

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from netralitas_nlp.text.folding import keys, tokens
from netralitas_nlp.text.lexicon import released_lexicon
from netralitas_nlp.text.phrases import CLITICS
from netralitas_nlp.text.roster import RosterMatch
from netralitas_nlp.training.cast import ALSO_WORDS, SHORT, Cast, Named, bare_district

_WORDS: Final = ("satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
_NUMBER = re.compile(
    r"(0*)([1-9])(?![0-9])|(?<!\w)(" + "|".join(_WORDS) + r")(?!\w)", re.IGNORECASE
)
_POSITION = re.compile(
    r"tengah|kiri|kanan|jari|jempol|telunjuk|ganjil|genap"
    r"|paling (?:atas|bawah)|pertama|kedua|ketiga"
    r"|(?:sampai|sampe|hingga|s\.?d\.?) (?:nomor|no|paslon)|✌|☝|👆|✋|🖐|🤟|[0-9]\ufe0f?\u20e3",
    re.IGNORECASE,
)
"""Ways to say a number that a swapped number would contradict."""

_LEET: Final = {"a": "4", "e": "3", "i": "1", "o": "0", "s": "5", "g": "9"}


@dataclass(frozen=True)
class Exchange:
    """What may be exchanged in a row, and for what.

    Attributes:
        cast: Who stands in it.
        people: Who may take their place; names stay where it is empty.
        districts: What may take the place of ``district``; it stays where this is empty.
        district: Of the row, such as ``Kota Bandung``.
        numbers: Whether numbers with a cue are ballot numbers here.
    """

    cast: Cast
    people: Sequence[Named]
    districts: Sequence[str]
    district: str
    numbers: bool


def exchanged(text: str, parent: str, exchange: Exchange, *, seed: int | str) -> tuple[str, str]:
    """Return a text and its parent under other names; the same seed gives the same names.

    Args:
        text: The post.
        parent: What it answers; may be empty.
        exchange: What may change.
        seed: Of the choice.
    """
    draw = random.Random(f"{seed} {text}")  # noqa: S311 - reproducible, not secret
    people = _other_people(exchange, draw)
    numbers = _other_numbers((text, parent), exchange, draw)
    district = _other_district((text, parent), exchange, draw)
    first, second = (
        _rewritten(part, exchange.cast, people, numbers, district) for part in (text, parent)
    )
    return first, second


def _rewritten(
    text: str,
    cast: Cast,
    people: Mapping[int, Named],
    numbers: Mapping[int, int],
    district: tuple[str, str] | None,
) -> str:
    parts, place = [], 0
    for match in cast.roster.find(text):
        new = match.text
        if match.kind == "number":
            new = _renumbered(match, numbers)
        elif people and match.kind != "slogan":
            new = _renamed(match, cast, people)
        parts += [text[place : match.start], new]
        place = match.end
    text = "".join([*parts, text[place:]])
    if district is None:
        return text
    return _district_form(district[0]).sub(lambda found: styled(found[0], district[1]), text)


def _other_people(exchange: Exchange, draw: random.Random) -> dict[int, Named]:
    """Return who takes the place of each contestant, by number; nobody twice."""
    taken: dict[int, Named] = {}
    if not exchange.people:
        return taken
    own = {one.full.casefold() for one in exchange.cast.named}
    for number, one in enumerate(exchange.cast.named, start=1):
        fitting = [
            other
            for other in exchange.people
            if other.kind == one.kind
            and (one.kind != "person" or not one.gender or other.gender == one.gender)
            and other.full.casefold() not in own
            and (one.kind != "person" or _short_name(other))
        ]
        if fitting:
            taken[number] = draw.choice(fitting)
            own.add(taken[number].full.casefold())
    return taken


def _renamed(match: RosterMatch, cast: Cast, people: Mapping[int, Named]) -> str:
    number = match.numbers[0]
    if number not in people:
        return match.text
    old, new = cast.named[number - 1], people[number]
    if match.kind == "hashtag":
        return _renamed_hashtag(match.text, old, new)
    if old.kind == "party":
        first, rest = match.text.split(maxsplit=1)
        return f"{first} {styled(rest, ' '.join(new.words[1:]))}"
    written = list(tokens(match.text))
    words = match.text.split()
    address = ""
    if len(words) > 1 and len(words) == len(written) and written[0].key not in keys(old.full):
        address, words = match.text[: match.text.index(words[1])], words[1:]
    bare = match.text[len(address) :]
    whole = new.full if len(words) > 1 or old.kind != "person" else _short_name(new)
    return address + styled(bare, whole) + ("" if match.exact else _clitic(bare, old))


def _renamed_hashtag(hashtag: str, old: Named, new: Named) -> str:
    for word in old.words:
        if len(word) >= SHORT:
            hashtag = re.sub(
                re.escape(word),
                lambda found: styled(found[0], _short_name(new)).replace(" ", ""),
                hashtag,
                flags=re.IGNORECASE,
            )
    return hashtag


@cache
def _short_name(one: Named) -> str:
    """Return the word that the person is called by."""
    if one.kind != "person":
        return one.full
    everyday = released_lexicon().everyday
    plain = [w for w in one.words if len(w) >= SHORT and "".join(keys(w)) not in everyday]
    return plain[0] if plain else ""


def _clitic(written: str, old: Named) -> str:
    lower = written.lower()
    known = keys(old.full)
    for clitic in CLITICS:
        if lower.endswith(clitic) and "".join(keys(lower.removesuffix(clitic))) in known:
            return clitic
    return ""


def _other_numbers(texts: Iterable[str], exchange: Exchange, draw: random.Random) -> dict[int, int]:
    """Return the new number of each one, empty where a number cannot be exchanged cleanly."""
    if not exchange.numbers:
        return {}
    forms = released_lexicon().numbers
    values: set[int] = set()
    alone: set[int] = set()
    for text in texts:
        if _POSITION.search(text):
            return {}
        words = list(tokens(text))
        found = forms.find(text, words)
        cued = [number for number in found if number.form == "cued"]
        values |= {number.value for number in cued}
        if any(len(_NUMBER.findall(text[n.start : n.end])) != 1 for n in cued):
            return {}
        if any("#" in text[max(0, w.start - 1) : w.start] and forms.value_of(w.plain[-1:])
               for w in words):  # fmt: skip
            return {}
        # The same number once more, without a cue, would stay behind; another one, be met.
        alone |= {
            value
            for word in words
            if not any(n.start <= word.start < n.end for n in cued)
            and (value := forms.value_of(word.plain)) is not None
        }
    free = sorted(set(range(1, max(4, *values, 0) + 1)) - alone)
    if not values or alone & values or max(values) > len(_WORDS) or len(free) < len(values):
        return {}
    return dict(zip(sorted(values), draw.sample(free, len(values)), strict=True))


def _renumbered(match: RosterMatch, numbers: Mapping[int, int]) -> str:
    new = numbers.get(match.numbers[0])
    if new is None or not match.exact:
        return match.text
    return _NUMBER.sub(
        lambda found: f"{found[1]}{new}" if found[2] else styled(found[0], _WORDS[new - 1]),
        match.text,
    )


def _other_district(
    texts: Iterable[str], exchange: Exchange, draw: random.Random
) -> tuple[str, str] | None:
    old = bare_district(exchange.district)
    city = exchange.district != old
    unclear = not _clear(old) or any(old in one.full for one in exchange.cast.named)
    if unclear or not any(_district_form(old).search(text) for text in texts):
        return None
    others = [
        bare
        for district in exchange.districts
        for bare in [bare_district(district)]
        if (district != bare) == city and bare != old and _clear(bare)
    ]
    return (old, draw.choice(others)) if others else None


def _clear(name: str) -> bool:
    return len(name) > SHORT and not ALSO_WORDS & set(name.lower().split())


def _district_form(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w#]){re.escape(name)}(?!\w)", re.IGNORECASE)


def styled(old: str, new: str) -> str:
    """Return the new name in the case, spelling with figures and lengthening of the old one."""
    letters = [c for c in old if c.isalpha()]
    if letters and all(c.islower() for c in letters):
        new = new.lower()
    elif len(letters) > 1 and all(c.isupper() for c in letters):
        new = new.upper()
    figures = {plain: leet for plain, leet in _LEET.items() if leet in old}
    if letters:
        new = "".join(figures.get(c.lower(), c) for c in new)
    drawn = re.search(r"([a-zA-Z])\1{2,}\W*$", old)
    return new + new[-1] * (len(drawn[0]) - 1) if drawn and new[-1].isalpha() else new
