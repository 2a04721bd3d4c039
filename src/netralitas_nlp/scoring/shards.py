"""Which machine scores which rows of a run: every row one, whatever the machine.

The rule has to give every machine the same answer before anything is read, split one huge file as
well as thousands of small ones, and let a machine leave alone what is not its own:

* The inputs are laid end to end, in the order given, by their size in bytes. Shard ``i`` of ``n``
  owns the ``i``-th of ``n`` equal stretches.
* Rows go by blocks of ``rows_per_part`` row numbers of one table. A block has a place inside the
  stretch of its file, and belongs to the shard that owns the place. So a file that lies within one
  stretch is scored whole by one shard, and no other opens more of it than its digest needs.
* In a container that says how many rows it has and can be entered anywhere (Parquet), blocks lie
  in their order: a shard reads its own row groups and no others.
* Elsewhere nobody knows the number of rows before the end. There the place of block ``b`` is the
  fraction of ``b`` times the golden ratio (the additive recurrence of least discrepancy), which
  spreads any number of blocks evenly. Rows of other shards are parsed, for only the parser knows
  where a row ends, but they are neither understood nor scored.

Parts of a run end where blocks end (``plan``), so what a shard writes is what a run on one machine
writes, and ``merge`` only has to put it in order. The smallest thing dealt is a block: where there
are fewer blocks than shards, some shards stay empty, which is no error.

All arithmetic is on integers: no machine rounds otherwise.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, Self

from netralitas_nlp.errors import UsageError
from netralitas_nlp.io.tables import Rows

MOST: Final = 100_000
"""Most shards of a run."""

_BITS: Final = 64
_GOLDEN: Final = 0x9E37_79B9_7F4A_7C15
"""The golden ratio's fraction, times 2 to the 64th."""
_TABLE: Final = 0x6A09_E667_F3BC_C908
"""That of the square root of two: sheets and members of one file start at different places."""
_FORM: Final = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")


@dataclass(frozen=True, slots=True)
class Shard:
    """One part of a run that is scored in several.

    Attributes:
        number: Which, from 1.
        of: How many there are.
    """

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the shard that ``i/n`` names.

        Raises:
            UsageError: It is not of that form, or ``i`` is not between 1 and ``n``.
        """
        found = _FORM.fullmatch(text.strip())
        if found is None or not 1 <= int(found[1]) <= int(found[2]) <= MOST:
            raise UsageError("shard_form", value=text, most=MOST)
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


class Dealing:
    """Tells which rows a shard scores.

    Args:
        sizes: Bytes of each input, in order; their sum is positive.
        shard: Whose rows.
        block: Row numbers per block.
    """

    def __init__(self, sizes: Sequence[int], *, shard: Shard, block: int) -> None:
        self._starts = [0, *accumulate(sizes)]
        self._shard = shard
        self._block = block

    def reads(self, source: int) -> bool:
        """Return whether any row of an input can be this shard's."""
        start, stop = self._starts[source], self._starts[source + 1]
        first, last = self._owner(start << _BITS), self._owner((stop << _BITS) - 1)
        return first <= self._shard.number <= last

    def rows(self, source: int, table: int, n_rows: int | None) -> Rows:
        """Return the rows of a table that are this shard's.

        Args:
            source: Number of the input, from 0.
            table: Number of the table in it, from 0.
            n_rows: How many row numbers it has, where that is known and rows can be reached
                directly; the file then has one table.
        """
        if n_rows is not None:
            return self._stretch(source, n_rows)
        known: dict[int, bool] = {}

        def holds(row: int) -> bool:
            block = (row - 1) // self._block
            if block not in known:
                known.clear()
                known[block] = self._scattered(source, table, block) == self._shard.number
            return known[block]

        return Rows(holds)

    def _stretch(self, source: int, n_rows: int) -> Rows:
        blocks = range(-(-n_rows // self._block))

        def owner(block: int) -> int:
            return self._at(source, ((2 * block + 1) << _BITS) // (2 * len(blocks)))

        first = bisect_left(blocks, self._shard.number, key=owner) * self._block + 1
        stop = bisect_left(blocks, self._shard.number + 1, key=owner) * self._block + 1
        return Rows(lambda row: first <= row < stop, first, stop)

    def _scattered(self, source: int, table: int, block: int) -> int:
        fraction = (1 << (_BITS - 1)) + block * _GOLDEN + table * _TABLE
        return self._at(source, fraction % (1 << _BITS))

    def _at(self, source: int, fraction: int) -> int:
        """Return who owns a place of an input, given as a fraction of it times 2 to the 64th."""
        start, stop = self._starts[source], self._starts[source + 1]
        return self._owner((start << _BITS) + fraction * (stop - start))

    def _owner(self, place: int) -> int:
        return place * self._shard.of // (self._starts[-1] << _BITS) + 1
