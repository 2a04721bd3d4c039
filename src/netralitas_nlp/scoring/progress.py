"""How far a run is, and how much there is to do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from netralitas_nlp.io.readers import open_export
from netralitas_nlp.io.tables import Overrides
from netralitas_nlp.scoring.inputs import Source

Stage = Literal["score", "merge", "copies", "write"]

_LINE_FORMATS: Final = frozenset({"csv", "jsonl", "whatsapp"})
"""Formats with a line or more per record, so that line feeds tell the number of rows."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of a run.

    Attributes:
        stage: ``score`` while posts are scored, ``merge`` while shards are gathered, ``copies``
            while chains of copies are sought, ``write`` while the scored files are made.
        done: Records or rows behind us, those of an earlier attempt included.
        total: How many there will be, partly estimated; ``None`` where nobody can tell.
        fresh: Those done by this process, for a rate.
    """

    stage: Stage
    done: int
    total: int | None
    fresh: int


OnProgress = Callable[[Progress], None]


class Totals:
    """Estimates the records of a run: counted where that is quick, else told by line feeds.

    Args:
        sources: The inputs.
        overrides: As they were opened with.
        share: In how many shards they are scored; the records of one are told.
    """

    def __init__(self, sources: list[Source], *, overrides: Overrides, share: int = 1) -> None:
        self._sources = sources
        self._share = share
        self._counted = {
            source.path: _count(source, overrides) for source in sources if not _by_lines(source)
        }

    def estimate(self) -> int:
        """Return the number of records in all inputs, as far as it is known by now."""
        total = 0
        for source in self._sources:
            counted = self._counted.get(source.path)
            total += self._from_lines(source) if counted is None else counted
        return round(total / self._share)

    @staticmethod
    def _from_lines(source: Source) -> int:
        tally = source.tallies[0]
        met = tally.n_records
        per_record = 1.0
        if met and source.tables[0].raw.format != "jsonl":
            per_record += tally.n_newlines / met
        header = 1 if source.tables[0].raw.header_row else 0
        return max(met, round((source.n_newlines - header) / per_record))


def _by_lines(source: Source) -> bool:
    return (
        len(source.tables) == 1
        and source.tables[0].raw.format in _LINE_FORMATS
        and "!" not in source.tables[0].raw.file
        and source.n_newlines > 0
        and not source.is_compressed
    )


def _count(source: Source, overrides: Overrides) -> int:
    known = [table.n_rows for table in source.tables]
    if None not in known:
        return sum(n or 0 for n in known)
    # A pass of its own, since the tables of the run count their problems while they are read.
    return sum(1 for table in open_export(source.path, overrides=overrides) for _ in table)
