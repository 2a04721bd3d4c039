"""Screenshots of posts: when each was taken, and whether the file is still the same."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from netralitas_nlp.errors import InputError
from netralitas_nlp.labeled.tables import read_csv

COLUMNS: Final = ("row_id", "captured_at", "sha256", "file")

Standing = Literal["same", "altered", "absent"]
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Capture:
    """A screenshot of a post.

    Attributes:
        row_id: Of the scored row.
        captured_at: ISO 8601, as the table has it.
        sha256: Digest noted when it was taken.
        file: Name as the table has it.
        standing: Whether the file beside the table has that digest; ``absent`` where it is not
            there or lies outside the folder of the table.
    """

    row_id: str
    captured_at: str
    sha256: str
    file: str
    standing: Standing


def read_captures(path: Path) -> dict[str, tuple[Capture, ...]]:
    """Return the captures of a CSV table per row, oldest first.

    Args:
        path: UTF-8 CSV with the columns ``row_id,captured_at,sha256,file``.

    Raises:
        InputError: The file cannot be read, lacks a column, or a cell is malformed; file, row and
            column are named.
    """
    found: dict[str, list[Capture]] = {}
    for number, row in enumerate(read_csv(path, needs=COLUMNS).rows, start=1):
        capture = _capture(row, number, path)
        found.setdefault(capture.row_id, []).append(capture)
    return {
        name: tuple(sorted(some, key=lambda c: (c.captured_at, c.file)))
        for name, some in found.items()
    }


def _capture(row: dict[str, str], number: int, path: Path) -> Capture:
    cells = {name: row[name].strip() for name in COLUMNS}
    digest = cells["sha256"].lower()
    good = {
        "row_id": bool(cells["row_id"]),
        "captured_at": _is_time(cells["captured_at"]),
        "sha256": bool(_SHA256.fullmatch(digest)),
        "file": bool(cells["file"]),
    }
    for name, fits in good.items():
        if not fits:
            raise InputError(
                "capture_malformed", file=path.name, row=number, column=name, value=cells[name]
            )
    return Capture(
        cells["row_id"],
        cells["captured_at"],
        digest,
        cells["file"],
        _standing(path.parent, cells["file"], digest),
    )


def _is_time(value: str) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _standing(folder: Path, name: str, digest: str) -> Standing:
    try:
        file = (folder / name).resolve()
        # A table from elsewhere must not make us read what lies outside its folder.
        if not file.is_relative_to(folder.resolve()) or not file.is_file():
            return "absent"
        with file.open("rb") as stream:
            same = hashlib.file_digest(stream, "sha256").hexdigest() == digest
    except (OSError, ValueError):
        return "absent"
    return "same" if same else "altered"
