"""What the page says of the contestants that a run recognised: counts, and names beside a post."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from netralitas_nlp.report.words import Words
from netralitas_nlp.text.rosters import Rosters, names_of


@dataclass(frozen=True, slots=True)
class RosterView:
    """One roster: its election, and per contestant in ballot order how many posts name them."""

    name: str
    area: str
    rows: Sequence[tuple[str, str, str]]


def roster_views(manifest: Mapping[str, Any], w: Words) -> list[RosterView]:
    """Return the rosters of a run; none where it had none or has not counted yet."""
    named = manifest["views"].get("contestants")
    if named is None:
        return []
    return [
        RosterView(
            name=file.name.in_(w.lang),
            area=file.area,
            rows=[
                (
                    str(contestant.number),
                    names_of(contestant),
                    w.count(named["each"].get(file.roster, {}).get(str(contestant.number), 0)),
                )
                for contestant in file.contestant
            ],
        )
        for file in Rosters.from_facts(manifest.get("rosters", ())).files
    ]


def mentioned(text: str, rosters: Rosters) -> list[tuple[str, str]]:
    """Return whom a text names, each once: the words found and the ballot lines they may mean."""
    found: dict[tuple[tuple[str, int], ...], str] = {}
    for mention in rosters.find(text) if rosters else ():
        found.setdefault(mention.who, mention.match.text)
    return [
        (words, "; ".join(f"{n}. {names_of(rosters.contestant(key, n))}" for key, n in who))
        for who, words in found.items()
    ]
