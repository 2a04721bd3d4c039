"""Lines of a text stream with an upper bound, so that a file without line ends stays small."""

from collections.abc import Iterator
from typing import Final, TextIO

MAX_LINE: Final = 1 << 26
"""Longest line kept whole, in characters (64 Mi): six times a cell of 10 MB."""


def limited_lines(stream: TextIO, *, limit: int = MAX_LINE) -> Iterator[str]:
    """Yield the lines with their ends; a longer line comes in pieces of ``limit`` characters."""
    while line := stream.readline(limit):
        yield line
