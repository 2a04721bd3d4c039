"""Which contestants the rows of a run name: ``contestants.csv``, one line per mention.

A mention is no support: nothing is flagged because of it.
"""

import csv
import io
from collections.abc import Iterator
from typing import Any, Final, TypedDict

import pyarrow as pa

from netralitas_nlp.io.durable import whole_file
from netralitas_nlp.io.view_cells import harmless, utf8
from netralitas_nlp.io.view_text import BOM
from netralitas_nlp.scoring.engines import ScorerLike
from netralitas_nlp.scoring.manifest import Manifest
from netralitas_nlp.scoring.run import CONTESTANTS, RunFolder
from netralitas_nlp.text.rosters import Rosters, names_of

HEADER: Final = (
    "row_id", "source_file", "source_row", "roster", "number", "names", "kind", "text", "start",
    "end", "exact",
)  # fmt: skip
"""``start`` and ``end`` count characters of the text; ``exact`` is ``false`` where a typo was
forgiven or a number stands without a cue. A shared nickname or number has a line for each."""

_COLUMNS: Final = ("row_id", "source_file", "source_row", "text")


class Named(TypedDict):
    """How many posts name a contestant: ``views.contestants`` of the manifest.

    Attributes:
        posts: Rows that name any of them.
        each: Per roster and number, as text.
    """

    posts: int
    each: dict[str, dict[str, int]]


def roster_config(rosters: Rosters | None, scorer: ScorerLike) -> dict[str, Any]:
    """Return what rosters add to the configuration of a run; nothing where there are none."""
    if not rosters:
        return {}
    digests = {one["roster"]: one["sha256"] for one in rosters.facts()}
    marked = bool(getattr(scorer, "marks_contestants", False))
    return {"rosters": digests, "rosters_marked": marked}


def rosters_of(manifest: Manifest) -> Rosters:
    """Return the rosters of a run; maybe none."""
    return Rosters.from_facts(manifest.get("rosters", ()))


def write_contestants(run: RunFolder) -> Named | None:
    """Write the mentions of a run; nothing where it has no roster.

    Raises:
        OSError: The disk is full or read-only.
    """
    rosters = rosters_of(run.manifest)
    if not rosters:
        return None
    named: Named = {
        "posts": 0,
        "each": {f.roster: {str(c.number): 0 for c in f.contestant} for f in rosters.files},
    }
    with whole_file(run.path / CONTESTANTS) as file:
        file.write(BOM)
        for lines in _lines(run, rosters, named):
            text = io.StringIO(newline="")
            csv.writer(text).writerows(lines)
            file.write(utf8(text.getvalue()))
    return named


def _lines(run: RunFolder, rosters: Rosters, named: Named) -> Iterator[list[tuple[Any, ...]]]:
    yield [HEADER]
    for batch in run.batches(_COLUMNS):
        yield _of_batch(batch, rosters, named)


def _of_batch(batch: pa.RecordBatch, rosters: Rosters, named: Named) -> list[tuple[Any, ...]]:
    lines: list[tuple[Any, ...]] = []
    for row_id, file, row, text in zip(
        *(batch.column(c).to_pylist() for c in _COLUMNS), strict=True
    ):
        mentions = rosters.find(text or "")
        who = {one for mention in mentions for one in mention.who}
        named["posts"] += bool(who)
        for key, number in who:
            named["each"][key][str(number)] += 1
        for mention in mentions:
            match = mention.match
            exact = "true" if match.exact else "false"
            lines += [
                (row_id, harmless(file), row, key, number,
                 harmless(names_of(rosters.contestant(key, number))), match.kind,
                 harmless(match.text), match.start, match.end, exact)
                for key, number in mention.who
            ]  # fmt: skip
    return lines
