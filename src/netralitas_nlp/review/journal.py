"""The log of the desk: who did what and when, in a chain of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from netralitas_nlp.review.store import ReviewStore


@dataclass(frozen=True, slots=True)
class Entry:
    """One act. ``subject`` is a row id, a pseudonym or a name of the desk's own people."""

    seq: int
    at: str
    who: str
    act: str
    subject: str
    reason: str
    prev_hash: str
    hash: str


def log(store: ReviewStore, who: str, act: str, subject: str, *, reason: str = "") -> Entry:
    """Append an act; on the disk when this returns."""
    raise NotImplementedError


def entries(store: ReviewStore) -> Iterator[Entry]:
    """Yield the log, oldest first."""
    raise NotImplementedError


def export_log(store: ReviewStore, path: Path, *, who: str = "") -> int:
    """Write the log as CSV with cells no spreadsheet runs; return the number of entries."""
    raise NotImplementedError


def reveal(store: ReviewStore, subject: str, *, who: str, reason: str) -> str:
    """Return the real name of an account, after the act stands in the log.

    Args:
        store: The store.
        subject: ``row_id`` of a post, or an ``account_key``.
        who: A person with the role ``reviewer`` or ``adjudicator``.
        reason: Not blank.

    Raises:
        ReviewError: ``review_role``, ``review_reason``, ``review_no_post``, ``review_forgotten``.
    """
    raise NotImplementedError
