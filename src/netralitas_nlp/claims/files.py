"""Lists of claims as people keep them: CSV or JSON lines, gzipped or not."""

import csv
import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from netralitas_nlp.errors import InputError

TITLE_COLUMNS: Final = ("claim", "title")
TEXT_COLUMN: Final = "claim_text"
OTHER_COLUMNS: Final = ("verdict", "date", "url")
NOTE_COLUMNS: Final = ("conclusion", "explanation")
"""What the checker wrote about the claim; no list has to have it."""
MAX_BYTES: Final = 1_000_000_000
"""Largest list that is read, unpacked: a small archive may unfold without end."""

_VERDICT_WORDS: Final[Mapping[str, str]] = {
    "false": "false salah hoax hoaks disinformasi misinformasi fitnah hasut",
    "true": "true benar fakta",
    "clarification": "clarification klarifikasi",
    "scam": "scam penipuan",
    "satire": "satire satir parodi",
}
VERDICTS: Final = {word: name for name, said in _VERDICT_WORDS.items() for word in said.split()}
"""Words of fact-checkers and what they stand for here; any other verdict is kept as it is."""

_LINK = re.compile(r"https?://\S+|[a-z][a-z0-9_-]*:\d+", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?!\d)")


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """A claim that somebody checked.

    Attributes:
        title: The claim in a line; what circulated where no title is known.
        text: What circulated; may be empty.
        verdict: ``false``, ``true``, ``clarification``, ``scam``, ``satire``, or what the list
            says.
        date: Day of the verdict as ``YYYY-MM-DD``, or empty.
        url: Link or reference of the verdict, or empty.
        note: What the checker wrote about it; may be empty.
    """

    title: str
    text: str
    verdict: str
    date: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is no claim.

    Attributes:
        file: Where it stands.
        row: Its number, from 1, without the header.
        reason: ``text`` (nothing to match) or ``verdict`` (nobody judged it).
    """

    file: Path
    row: int
    reason: str


def read_claims(path: Path) -> Iterator[Claim | Skipped]:
    """Return the rows of a list of claims.

    Args:
        path: ``.csv``, ``.jsonl`` or ``.ndjson``, each also with ``.gz``. Columns ``claim`` or
            ``title`` (or ``claim_text``), ``verdict``, ``date``, ``url``; where there are any,
            ``conclusion`` and ``explanation``.

    Raises:
        InputError: The file is of another kind, damaged, not UTF-8, or lacks a column.
    """
    kinds = [suffix.lower() for suffix in path.suffixes]
    packed = kinds[-1:] == [".gz"]
    kind = (kinds[:-1] if packed else kinds)[-1:]
    if kind not in ([".csv"], [".jsonl"], [".ndjson"]):
        raise InputError("claims_kind", file=path)
    with _refusals(path), cast(BinaryIO, gzip.open(path) if packed else path.open("rb")) as stream:
        rows = _table(path, stream) if kind == [".csv"] else _lines(path, stream)
        for number, row in rows:
            yield _claim(row) or Skipped(path, number, "verdict" if _has_text(row) else "text")


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise InputError("claims_gzip", file=path) from None
    except OSError as error:
        raise InputError("data_file_unreadable", file=path, reason=error.strerror) from None
    except csv.Error as error:
        raise InputError("labelled_csv", file=path, reason=error) from None


def _decoded(path: Path, stream: BinaryIO) -> Iterator[str]:
    seen = 0
    while line := stream.readline(MAX_BYTES):
        seen += len(line)
        if seen > MAX_BYTES:
            raise InputError("claims_large", file=path, limit=MAX_BYTES // 1_000_000)
        try:
            yield line.decode("utf-8-sig" if seen == len(line) else "utf-8")
        except UnicodeDecodeError as error:
            place = seen - len(line) + error.start
            raise InputError("labelled_encoding", file=path, place=place) from None


def _table(path: Path, stream: BinaryIO) -> Iterator[tuple[int, Mapping[str, Any]]]:
    lines = csv.reader(_decoded(path, stream), strict=True)
    header = [name.strip().lower() for name in next(lines, [])]
    _check_columns(path, header)
    for number, cells in enumerate(lines, start=1):
        if not cells:
            continue
        if len(cells) != len(header):
            raise InputError(
                "labelled_width", file=path, row=number, width=len(header), n=len(cells)
            )
        yield number, dict(zip(header, cells, strict=True))


def _lines(path: Path, stream: BinaryIO) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(_decoded(path, stream), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise InputError("claims_json", file=path, row=number)
        _check_columns(path, list(row))
        yield number, row


def _check_columns(path: Path, seen: Sequence[str]) -> None:
    missing = [name for name in OTHER_COLUMNS if name not in seen]
    if not any(name in seen for name in (*TITLE_COLUMNS, TEXT_COLUMN)):
        missing.insert(0, "claim")
    if missing:
        raise InputError(
            "claims_columns", file=path, missing=", ".join(missing), seen=", ".join(seen)
        )


def _has_text(row: Mapping[str, Any]) -> bool:
    return any(_text(row.get(name)) for name in (*TITLE_COLUMNS, TEXT_COLUMN))


def _claim(row: Mapping[str, Any]) -> Claim | None:
    text, verdict = _text(row.get(TEXT_COLUMN)), _text(row.get("verdict")).strip("[]() ").lower()
    title = next((found for name in TITLE_COLUMNS if (found := _text(row.get(name)))), "") or text
    if not title or not verdict:
        return None
    link = _LINK.fullmatch(_text(row.get("url")))
    return Claim(
        title=title,
        text="" if text == title else text,
        verdict=VERDICTS.get(verdict, verdict),
        date=_day(_text(row.get("date"))),
        url=link[0] if link else "",
        note=" ".join(found for name in NOTE_COLUMNS if (found := _text(row.get(name)))),
    )


def _text(value: object) -> str:
    """Return a cell as one line of printable text: a list of others may hold anything."""
    if not isinstance(value, str):
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())


def _day(value: str) -> str:
    match = _DATE.match(value)
    try:
        return str(date(int(match[1]), int(match[2]), int(match[3]))) if match else ""
    except ValueError:
        return ""
