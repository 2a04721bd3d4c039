"""The rosters of one run: found in text together, known by their digest, kept in its manifest."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netralitas_nlp.text.marks import mark_spans
from netralitas_nlp.text.normalize import Normalizer, NormalizerSettings, Span
from netralitas_nlp.text.roster import (
    Contestant,
    Roster,
    RosterFile,
    RosterMatch,
    load_roster,
    without_overlap,
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A contestant named in a text, and on which roster.

    Attributes:
        match: Where and how.
        who: Keys of rosters with the ballot numbers meant there; several where they share it.
    """

    match: RosterMatch
    who: tuple[tuple[str, int], ...]


class Rosters:
    """One roster or more, such as those of two elections on one day.

    Args:
        rosters: In the order of the user; of the same key the first counts.
    """

    def __init__(self, rosters: Iterable[Roster]) -> None:
        self._rosters: dict[str, Roster] = {}
        for roster in rosters:
            self._rosters.setdefault(roster.file.roster, roster)

    @classmethod
    def load(cls, sources: Sequence[str | Path]) -> "Rosters":
        """Return the rosters of files, or of packaged examples by their names.

        Raises:
            InputError: A file is missing or refused; the message has file, key and reason.
        """
        return cls([load_roster(source) for source in sources])

    @classmethod
    def from_facts(cls, facts: Iterable[Mapping[str, Any]]) -> "Rosters":
        """Return the rosters that ``facts`` told."""
        return cls([Roster(RosterFile.model_validate_json(one["content"])) for one in facts])

    def __bool__(self) -> bool:
        return bool(self._rosters)

    @property
    def files(self) -> tuple[RosterFile, ...]:
        """What each roster holds."""
        return tuple(roster.file for roster in self._rosters.values())

    def facts(self) -> list[dict[str, str]]:
        """Return what belongs to the configuration of a run: key, digest and content of each."""
        return [
            {
                "roster": file.roster,
                "sha256": hashlib.sha256(content.encode("utf-8")).hexdigest(),
                "content": content,
            }
            for file in self.files
            for content in [_canonical(file)]
        ]

    def find(self, text: str) -> list[Mention]:
        """Return whom a raw text names, in order and without overlap.

        A ballot number means the contestant of each roster that has it.
        """
        if len(self._rosters) == 1:
            ((key, roster),) = self._rosters.items()
            return [Mention(m, tuple((key, n) for n in m.numbers)) for m in roster.find(text)]
        found: dict[Span, tuple[RosterMatch, dict[tuple[str, int], None]]] = {}
        for key, roster in self._rosters.items():
            for match in roster.find(text):
                _, who = found.setdefault((match.start, match.end), (match, {}))
                who |= dict.fromkeys((key, number) for number in match.numbers)
        kept = without_overlap(text, [match for match, _ in found.values()])
        return [Mention(match, tuple(found[match.start, match.end][1])) for match in kept]

    def contestant(self, key: str, number: int) -> Contestant:
        """Return the contestant with a number on a roster."""
        contestants = self._rosters[key].file.contestant
        return next(one for one in contestants if one.number == number)


class RosterNormalizer(Normalizer):
    """A normaliser that marks the contestants of rosters, where the model has learnt the mark.

    Args:
        settings: Of the model.
        rosters: Whom to mark.
    """

    def __init__(self, settings: NormalizerSettings, rosters: Rosters) -> None:
        super().__init__(settings)
        self._rosters = rosters

    def __call__(self, text: str, marks: Iterable[Span] = ()) -> str:
        """Return the normal form of one text with its contestants marked."""
        if not self.settings.roster:
            return super().__call__(text)
        matches = (mention.match for mention in self._rosters.find(text))
        return super().__call__(text, [*marks] or mark_spans(text, matches))


def names_of(contestant: Contestant) -> str:
    """Return the names on a ballot line: ``Ir. Baskoro Lembuwangi / Ny. Siti Karomah``."""
    return " / ".join(person.name for person in contestant.person)


def _canonical(file: RosterFile) -> str:
    return json.dumps(file.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
