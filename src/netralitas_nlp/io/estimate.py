"""How long scoring will take and how much memory it needs, from figures measured once."""

import os
from dataclasses import dataclass
from typing import Final

START_SECONDS: Final = 1.5
"""Until the first post is scored: interpreter, model, sums of the bundle."""

SECONDS_PER_RECORD: Final = 60e-6
"""Reading, recognising and writing one record, without its score."""

SECONDS_PER_TOKEN: Final = 1 / 9_000
"""One token through the released model on one core of a laptop, exact-length batches of one."""

CHARACTERS_PER_TOKEN: Final = 4.2
"""Of Indonesian posts under the released tokenizer."""

TOKENS_PER_POST: Final = 2
"""The marks before and after each text."""

MEMORY_BASE_MB: Final = 180
"""Of the process that reads and writes, its buffers full."""

MEMORY_PER_JOB_MB: Final = 190
"""Of each process that scores."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What scoring is expected to cost on this machine.

    Attributes:
        seconds: Wall time, at least one second.
        memory_mb: Resident memory of all processes together.
    """

    seconds: int
    memory_mb: int


def estimate(
    *, n_records: int, n_texts: int, n_characters: int, jobs: int | None = None
) -> Estimate:
    """Return the cost of scoring a table.

    Memory does not grow with the file: it is read and written in parts.

    Args:
        n_records: Rows, empty ones and rejects included.
        n_texts: Rows with text.
        n_characters: Characters of all texts.
        jobs: Processes that score; the default of ``score`` if ``None``.
    """
    workers = jobs or max(1, (os.cpu_count() or 2) // 2)
    tokens = n_characters / CHARACTERS_PER_TOKEN + n_texts * TOKENS_PER_POST
    seconds = START_SECONDS + n_records * SECONDS_PER_RECORD + tokens * SECONDS_PER_TOKEN / workers
    return Estimate(max(1, round(seconds)), MEMORY_BASE_MB + workers * MEMORY_PER_JOB_MB)
