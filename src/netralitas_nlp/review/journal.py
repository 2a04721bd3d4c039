"""The log of the desk: who did what and when, in a chain of its own."""

import csv
import io
import sqlite3
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any, Final

from netralitas_nlp.errors import ReviewError
from netralitas_nlp.io.durable import whole_file
from netralitas_nlp.io.view_cells import as_text, harmless, utf8, without_surrogates
from netralitas_nlp.io.view_text import BOM
from netralitas_nlp.review.base import troubles
from netralitas_nlp.review.links import ENTRY_FIELDS, last_link, link
from netralitas_nlp.review.store import ReviewStore
from netralitas_nlp.scoring.manifest import now

MAX_REASON: Final = 2_000

_ALL: Final = (
    "SELECT seq, at, who, act, subject, reason, verdicts, head, prev_hash, hash FROM journal"
    " ORDER BY seq"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One act.

    Attributes:
        seq: Number, from 1 without gaps.
        at: UTC, ISO 8601.
        who: Name of a person of the desk, or of the user of the command line.
        act: What was done.
        subject: A row id, a pseudonym or a name of the desk's own people; never an account name.
        reason: As given; empty where none is needed.
        verdicts: Rows of the chain of verdicts at that time.
        head: Hash of the last of them.
        prev_hash: Of the entry before.
        hash: Of this one, see ``links``.
    """

    seq: int
    at: str
    who: str
    act: str
    subject: str
    reason: str
    verdicts: int
    head: str
    prev_hash: str
    hash: str


def log(store: ReviewStore, who: str, act: str, subject: str, *, reason: str = "") -> Entry:
    """Append an act; on the disk when this returns."""
    with store.base.write() as base:
        return append(base, who, act, subject, reason=reason)


def append(
    base: sqlite3.Connection, who: str, act: str, subject: str, *, reason: str = ""
) -> Entry:
    """Append an act inside the transaction of the caller."""
    seq, prev_hash = last_link(base, "journal")
    verdicts, head = last_link(base, "verdicts")
    row: dict[str, Any] = {"seq": seq + 1, "at": now(), "act": act}
    row |= {"who": without_surrogates(who), "subject": without_surrogates(subject)}
    row |= {"reason": without_surrogates(reason)[:MAX_REASON], "verdicts": verdicts, "head": head}
    row |= {"prev_hash": prev_hash, "hash": link(prev_hash, ENTRY_FIELDS, row)}
    entry = Entry(**row)
    base.execute("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", astuple(entry))
    return entry


def entries(store: ReviewStore) -> Iterator[Entry]:
    """Yield the log, oldest first."""
    with store.base.read() as base:
        found = base.execute(_ALL).fetchall()
    yield from (Entry(*row) for row in found)


def export_log(store: ReviewStore, path: Path, *, who: str = "") -> int:
    """Write the log as CSV with cells no spreadsheet runs; return the number of entries."""
    log(store, who, "export", "log")
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([field.name for field in fields(Entry)])
    listed = list(entries(store))
    for entry in listed:
        values = astuple(entry)
        writer.writerow([harmless(v) if isinstance(v, str) else as_text(v) for v in values])
    with troubles(path), whole_file(path) as file:
        file.write(BOM + utf8(text.getvalue()))
    return len(listed)


def require_reason(reason: str) -> str:
    """Return a reason without outer blanks, or refuse an empty one.

    Raises:
        ReviewError: ``review_reason``.
    """
    reason = reason.strip()
    if not reason:
        raise ReviewError("review_reason")
    return reason
