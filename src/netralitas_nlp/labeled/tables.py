"""CSV tables of the project, read strictly: every cell text, every row as wide as its header."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from netralitas_nlp.errors import InputError


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file in memory.

    Attributes:
        path: Where it was read.
        header: Its columns in order.
        rows: Its data rows; every cell a string.
    """

    path: Path
    header: tuple[str, ...]
    rows: tuple[dict[str, str], ...]


def read_csv(path: Path, *, needs: Iterable[str] = ()) -> Table:
    """Return a comma-separated UTF-8 file.

    Args:
        path: The file.
        needs: Columns that must be there.

    Raises:
        InputError: The file is missing, not UTF-8, empty, lacks a column, or a row is not as wide
            as the header.
    """
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            lines = csv.reader(stream, strict=True)
            header = tuple(next(lines, ()))
            rows = []
            for number, cells in enumerate(lines, start=1):
                if len(cells) != len(header):
                    raise InputError(
                        "labelled_width", file=path, row=number, width=len(header), n=len(cells)
                    )
                rows.append(dict(zip(header, cells, strict=True)))
    except OSError as error:
        raise InputError("data_file_unreadable", file=path, reason=error.strerror) from None
    except UnicodeDecodeError as error:
        raise InputError("labelled_encoding", file=path, place=error.start) from None
    except csv.Error as error:
        raise InputError("labelled_csv", file=path, reason=error) from None
    if not header:
        raise InputError("labelled_empty", file=path)
    wanted = tuple(needs)
    for name in wanted:
        if name not in header:
            raise InputError(
                "public_set_columns",
                file=path,
                wanted=", ".join(wanted),
                missing=name,
                seen=", ".join(header),
            )
    return Table(path, header, tuple(rows))
