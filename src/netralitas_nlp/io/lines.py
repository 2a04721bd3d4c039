"""Lines of a text stream with an upper bound, so that a file without line ends stays small."""

from collections.abc import Iterator
from typing import Final, TextIO

from netralitas_nlp.errors import InputError

MAX_LINE: Final = 1 << 26
"""Longest line, in characters (64 Mi): six times a cell of 10 MB."""


def limited_lines(stream: TextIO, *, file: str) -> Iterator[str]:
    """Yield the lines of a stream with their ends.

    Raises:
        InputError: A line longer than ``MAX_LINE``, whose pieces would look like rows, or bytes
            that an encoding named by the user cannot read.
    """
    number = 0
    while line := _next(stream, file):
        number += 1
        if len(line) == MAX_LINE and line[-1] not in "\r\n":
            raise InputError("line_too_long", file=file, row=number, limit=MAX_LINE)
        yield line


def next_text(stream: TextIO, size: int, *, file: str) -> str:
    """Return the next ``size`` characters of a stream, empty at its end.

    Raises:
        InputError: Bytes that an encoding named by the user cannot read.
    """
    try:
        return stream.read(size)
    except UnicodeError:
        raise InputError("encoding_mismatch", file=file, encoding=stream.encoding) from None


def _next(stream: TextIO, file: str) -> str:
    try:
        return stream.readline(MAX_LINE)
    except UnicodeError:
        raise InputError("encoding_mismatch", file=file, encoding=stream.encoding) from None
