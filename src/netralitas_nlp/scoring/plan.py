"""Cuts the records of all inputs into parts and chunks, the same way every time."""

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from netralitas_nlp.errors import RunError
from netralitas_nlp.schema import Post, Reject
from netralitas_nlp.scoring.inputs import Source
from netralitas_nlp.scoring.parts import Part
from netralitas_nlp.scoring.rows import Chunk, RowIds

ROWS_PER_PART: Final = 5_000
"""Records per part: a crash costs at most seconds of scoring, ten million rows 2,000 files."""

PART_CHARACTERS: Final = 16_000_000
"""A part also ends here, so that cells of megabytes do not fill the memory."""

CHUNK_ROWS: Final = 256
"""Records scored together: enough to sort by length, little enough to share among processes."""

CHUNK_CHARACTERS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the run: a row or a reject, the name of its file, and who names its row."""

    item: Post | Reject
    file: str
    ids: RowIds


def records(sources: list[Source]) -> Iterator[Record]:
    """Yield every record of every table in order, counting them in the tallies."""
    for source in sources:
        for table, tally in zip(source.tables, source.tallies, strict=True):
            ids = RowIds(source.sha256, table.raw.sheet)
            given = name = ""
            for item in table:
                if item.source_file != given:
                    given, name = item.source_file, source.named(item.source_file)
                tally.count(item)
                yield Record(item, name, ids)


def plan(
    stream: Iterator[Record],
    *,
    rows_per_part: int,
    done: Mapping[int, Part],
    forget: Callable[[int], None],
    skipped: Callable[[int], None],
) -> Iterator[Chunk]:
    """Yield what is still to score, in order.

    Where a part ends depends on the records alone, so that a run that goes on cuts as before.

    Args:
        stream: From ``records``, from the first one on.
        rows_per_part: Records per part.
        done: Sound parts by number; their records are passed over.
        forget: Called with the number of a part that does not start where the one before ends.
        skipped: Called with the number of records passed over.

    Raises:
        RunError: The inputs end before a part that is said to be done.
    """
    number = position = 0
    while True:
        part = done.get(number)
        if part is not None and part.first != position:
            forget(number)
            part = None
        if part is not None:
            _pass_over(stream, part)
            skipped(part.stop - part.first)
            position = part.stop
        else:
            stop = yield from _one_part(stream, number, position, rows_per_part)
            if stop == position:
                return
            position = stop
        number += 1


def _pass_over(stream: Iterator[Record], part: Part) -> None:
    expected = part.stop - part.first
    met = sum(1 for _ in islice(stream, expected))
    if met < expected:
        raise RunError("run_part_beyond_input", file=part.path.name)


def _one_part(
    stream: Iterator[Record], number: int, first: int, rows_per_part: int
) -> Generator[Chunk, None, int]:
    """Yield the chunks of a part and return the number of the record after it."""
    chunk = Chunk(number, first, first)
    size = 0
    for record in stream:
        before = chunk.size
        chunk.add(record.item, file=record.file, ids=record.ids)
        size += chunk.size - before
        if chunk.stop - first >= rows_per_part or size >= PART_CHARACTERS:
            chunk.closes = True
            yield chunk
            return chunk.stop
        if len(chunk) >= CHUNK_ROWS or chunk.size >= CHUNK_CHARACTERS:
            yield chunk
            chunk = Chunk(number, first, chunk.stop)
    if chunk.stop > first:
        chunk.closes = True
        yield chunk
    return chunk.stop
