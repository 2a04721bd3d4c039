"""How long scoring will take and how much memory it needs, from figures measured once."""

import os
from dataclasses import dataclass
from typing import Final

START_SECONDS: Final = 1.5
"""Until the first post is scored: interpreter, model, sums of the bundle."""

SECONDS_PER_RECORD: Final = 90e-6
"""One record without its score: 31 µs to read and recognise a row of 15 columns, the rest to
write it."""

SECONDS_PER_TEXT: Final = 1.0e-3
SECONDS_PER_TOKEN: Final = 1.0e-4
"""One text, and each of its tokens, on one thread through a BERT of 4 layers of 256, measured by
ONNX Runtime 1.31 one text at a time: 2.3 ms at 16 tokens, 3.3 ms at 29, 6.6 ms at 64."""

CHARACTERS_PER_TOKEN: Final = 4.2
"""Of Indonesian posts, for a vocabulary of about 16,000 word pieces; a round figure."""

MARKS_PER_TEXT: Final = 2
"""Tokens before and after each text."""

MEMORY_BASE_MB: Final = 180
"""Of the process that reads and writes, its buffers full."""

MEMORY_PER_JOB_MB: Final = 160
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
    tokens = n_characters / CHARACTERS_PER_TOKEN + n_texts * MARKS_PER_TEXT
    scoring = (n_texts * SECONDS_PER_TEXT + tokens * SECONDS_PER_TOKEN) / workers
    seconds = START_SECONDS + n_records * SECONDS_PER_RECORD + scoring
    return Estimate(max(1, round(seconds)), MEMORY_BASE_MB + workers * MEMORY_PER_JOB_MB)
