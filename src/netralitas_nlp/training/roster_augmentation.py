"""Training rows in which names mean nothing: marked as a roster marks them, or exchanged.

A model that learns names learns an election that is over. Marked rows teach it the token that
scoring puts in place of a recognised contestant; swapped rows show it one post under many names.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import pandas as pd

from netralitas_nlp.datafiles import data_folder
from netralitas_nlp.text.marks import mark_spans, with_marks
from netralitas_nlp.text.normalize import Normalizer
from netralitas_nlp.text.roster import Person, load_roster, without_titles
from netralitas_nlp.training.cast import Cast, Casting, Named, cell, named_in, supports
from netralitas_nlp.training.exchange import Exchange, exchanged

_PERSONAL: Final = frozenset({"ethnicity", "religion", "race", "origin", "nationality", "gender"})
"""Targets of hate that a name gives away: under another name the words would not fit."""


@dataclass(frozen=True)
class RosterSettings:
    """Shares of the rows that name a contestant, of which each is drawn anew.

    Attributes:
        marked: Share that is marked, 0 to 1.
        swapped: Share whose names, numbers and district are exchanged, 0 to 1.
    """

    marked: float = 0.0
    swapped: float = 0.0

    @property
    def active(self) -> bool:
        """Whether anything is to be done."""
        return self.marked > 0 or self.swapped > 0

    def __post_init__(self) -> None:
        """Refuse shares outside [0, 1]."""
        for name in ("marked", "swapped"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"[roster] {name} must lie between 0 and 1")


def augment(frame: pd.DataFrame, *, marked: float, swapped: float, seed: int) -> pd.DataFrame:
    """Return a training frame with some rows marked, some swapped, some both; the rest unchanged.

    Rows with and without support carry the mark equally often within each ``kind`` of rows, as far
    as there are enough that name somebody: alone it must not speak for a flag. So fewer than
    ``marked`` may be.

    Args:
        frame: Training rows and no others, also several times over: each copy is drawn anew.
        marked: Share of the rows with support and a contestant that are marked, 0 to 1.
        swapped: Share of all rows that are swapped where that is possible, 0 to 1.
        seed: The same frame and seed give the same rows.

    Raises:
        ValueError: A share lies outside [0, 1].
    """
    settings = RosterSettings(marked, swapped)
    rows = RosterAugmentation(frame)
    texts, parents = rows.drawn(frame, settings, seed)
    return frame.assign(text=texts, parent_text=parents)


def with_marks_learnt(normalizer: Normalizer, settings: RosterSettings) -> Normalizer:
    """Return the normaliser of a model that is trained with these settings."""
    return Normalizer(replace(normalizer.settings, roster=settings.marked > 0))


class RosterAugmentation:
    """Marks and swaps rows of a training frame. Deterministic: same frame and seed, same rows.

    Args:
        frame: Training rows and no others: whom they name, and their districts, are what rows
            are swapped with, beside the people of the packaged invented rosters.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.casting = Casting(frame)

    def mark(self, row: Mapping[str, Any]) -> tuple[str, str]:
        """Return text and parent of a row with its contestants marked, as scoring marks them."""
        return self._marked(row, self.casting.of(row))

    def swap(self, row: Mapping[str, Any], seed: int | str) -> tuple[str, str]:
        """Return text and parent of a row under other names, numbers and another district.

        The label stays true: names stay where hate hangs on who somebody is, numbers where the
        post says them in a form that has no counterpart (fingers, `yang tengah`), and the
        district where the post is hateful.
        """
        return self._swapped(row, self.casting.of(row), seed)

    def drawn(
        self, frame: pd.DataFrame, settings: RosterSettings, seed: int
    ) -> tuple[list[str], list[str]]:
        """Return texts and parents of ``augment``."""
        rows: list[dict[str, Any]] = [
            {str(name): value for name, value in row.items()} for row in frame.to_dict("records")
        ]
        casts = [self.casting.of(row) for row in rows]
        marks = [self._marked(row, cast) for row, cast in zip(rows, casts, strict=True)]
        able = [_texts(row) != held for row, held in zip(rows, marks, strict=True)]
        strata = [(cell(row, "kind"), supports(row)) for row in rows]
        chance = _chances(strata, able, settings.marked)
        for place, row in enumerate(rows):
            draw = random.Random(f"{seed} {place}")  # noqa: S311 - reproducible, not secret
            to_mark, to_swap = draw.random(), draw.random()
            # What is marked is found no more: what is left to swap are hashtags and the district.
            if able[place] and to_mark < chance[strata[place]]:
                row["text"], row["parent_text"] = marks[place]
            if to_swap < settings.swapped:
                swapped = self._swapped(row, casts[place], f"{seed} {place}")
                row["text"], row["parent_text"] = swapped
        texts = [_texts(row) for row in rows]
        return [text for text, _ in texts], [parent for _, parent in texts]

    def _marked(self, row: Mapping[str, Any], cast: Cast) -> tuple[str, str]:
        text, parent = (
            with_marks(part, mark_spans(part, cast.roster.find(part))) for part in _texts(row)
        )
        return text, parent

    def _swapped(self, row: Mapping[str, Any], cast: Cast, seed: int | str) -> tuple[str, str]:
        hateful = float(row.get("hate_speech") or 0) >= 0.5
        personal = hateful and cell(row, "identity_target") in _PERSONAL
        exchange = Exchange(
            cast=cast,
            people=() if personal else self._people,
            districts=() if hateful else self.casting.districts,
            district=cell(row, "district"),
            numbers=cell(row, "election") not in ("", "none"),
        )
        return exchanged(*_texts(row), exchange, seed=seed)

    @cached_property
    def _people(self) -> tuple[Named, ...]:
        found = dict(self.casting.people)
        for file in sorted(data_folder("rosters").glob("*.toml")):
            for contestant in load_roster(file).file.contestant:
                for person in contestant.person:
                    for one in _invented(person):
                        found.setdefault(one.full.casefold(), one)
        return tuple(found[name] for name in sorted(found))


def _invented(person: Person) -> list[Named]:
    """Return a person of a packaged roster, addressed as a nickname does."""
    called = [one for nickname in person.nicknames for one in named_in(nickname)]
    address = next((one.address for one in called if one.gender), "")
    return [replace(one, address=address) for one in named_in(without_titles(person.name))]


def _texts(row: Mapping[str, Any]) -> tuple[str, str]:
    return cell(row, "text"), cell(row, "parent_text")


def _chances(
    strata: Sequence[tuple[str, bool]], able: Sequence[bool], marked: float
) -> dict[tuple[str, bool], float]:
    """Return, per kind of row and support, the chance of a row that can be marked.

    With it, rows with and without support of one kind carry the mark in the same share.
    """
    rows, can = Counter(strata), Counter(s for s, yes in zip(strata, able, strict=True) if yes)
    chance = {}
    for kind in {kind for kind, _ in strata}:
        yes, no = (kind, True), (kind, False)
        if not rows[yes]:
            chance[no] = marked
            continue
        share = min(marked * can[yes] / rows[yes], can[no] / rows[no] if rows[no] else 0.0)
        chance |= {s: share * rows[s] / can[s] if can[s] else 0.0 for s in (yes, no)}
    return chance
