"""Cuts the records of all inputs into parts and chunks, the same way every time.

A part ends with its block of row numbers (see ``shards``), so that a run in several shards cuts as
a run on one machine does.
"""

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from netralitas_nlp.errors import RunError
from netralitas_nlp.schema import Post, Reject
from netralitas_nlp.scoring.inputs import Source
from netralitas_nlp.scoring.parts import Part
from netralitas_nlp.scoring.rows import Chunk, RowIds
from netralitas_nlp.scoring.shards import Dealing

ROWS_PER_PART: Final = 5_000
"""Most records per part, and row numbers per block: a crash costs at most seconds of scoring, ten
million rows 2,000 files."""

PART_CHARACTERS: Final = 16_000_000
"""A part also ends here, so that cells of megabytes do not fill the memory."""

CHUNK_ROWS: Final = 256
"""Records scored together: enough to sort by length, little enough to share among processes."""

CHUNK_CHARACTERS: Final = 1_000_000

Place = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the run.

    Attributes:
        item: A row or a reject.
        file: Name of its file.
        ids: Who names its row.
        place: Number of its input and of its table there, from 0, and its row number.
    """

    item: Post | Reject
    file: str
    ids: RowIds
    place: Place


def records(sources: list[Source], dealing: Dealing | None = None) -> Iterator[Record]:
    """Yield every record of every table in order, counting them in the tallies.

    Args:
        sources: The inputs.
        dealing: Says which rows are meant, where not all of them are.
    """
    for s, source in enumerate(sources):
        if dealing is not None and not dealing.reads(s):
            source.leave_unread()
            continue
        for t, (table, tally) in enumerate(zip(source.tables, source.tallies, strict=True)):
            ids = RowIds(source.sha256, table.raw.sheet)
            given = name = ""
            items = iter(table)
            if dealing is not None:
                items = table.some(dealing.rows(s, t, table.n_rows))
            for item in items:
                if item.source_file != given:
                    given, name = item.source_file, source.named(item.source_file)
                tally.count(item)
                yield Record(item, name, ids, (s, t, item.source_row))


def plan(
    records_in_order: Iterator[Record],
    *,
    rows_per_part: int,
    done: Mapping[int, Part],
    forget: Callable[[int], None],
    skipped: Callable[[int], None],
) -> Iterator[Chunk]:
    """Yield what is still to score, in order.

    Where a part ends depends on the records alone, so that a run that goes on cuts as before.

    Args:
        records_in_order: From ``records``, from the first one on.
        rows_per_part: Records per part.
        done: Sound parts by number; their records are passed over.
        forget: Called with the number of a part that does not start where the one before ends.
        skipped: Called with the number of records passed over.

    Raises:
        RunError: The inputs end before a part that is said to be done.
    """
    number = position = 0
    stream = _Ahead(records_in_order)
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


class _Ahead:
    """An iterator of records that takes one back."""

    def __init__(self, stream: Iterator[Record]) -> None:
        self._stream = stream
        self.back: Record | None = None

    def __iter__(self) -> "_Ahead":
        return self

    def __next__(self) -> Record:
        if self.back is None:
            return next(self._stream)
        record, self.back = self.back, None
        return record


def _pass_over(stream: _Ahead, part: Part) -> None:
    for _ in range(part.stop - part.first):
        if next(stream, None) is None:
            raise RunError("run_part_beyond_input", file=part.path.name)


def _one_part(
    stream: _Ahead, number: int, first: int, rows_per_part: int
) -> Generator[Chunk, None, int]:
    """Yield the chunks of a part and return the number of the record after it."""
    chunk = Chunk(number, first, first)
    block: Place | None = None
    size = 0
    for record in stream:
        s, t, row = record.place
        if block is None:
            chunk.place = record.place
        elif block != (s, t, (row - 1) // rows_per_part):
            stream.back = record
            break
        block = (s, t, (row - 1) // rows_per_part)
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
