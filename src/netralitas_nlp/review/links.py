"""Hashes that tie rows to one another and to what was shown: how each is made."""

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, Final

START: Final = "0" * 64
"""``prev_hash`` of the first row."""

VERDICT_FIELDS: Final = (
    "seq", "row_id", "label", "verdict", "reviewer", "decided_at", "bundle", "policy_version",
    "sampling_weight", "blind", "kind", "previous", "seconds", "post_digest", "note_digest",
)  # fmt: skip
"""What the hash of a verdict covers, in this order, after ``prev_hash``."""

ENTRY_FIELDS: Final = ("seq", "at", "who", "act", "subject", "reason", "verdicts", "head")
"""The same for the log. ``verdicts`` and ``head`` say how far the chain of verdicts had come, so
that rows cut from its end are missed."""

SALT_BYTES: Final = 16


def link(prev_hash: str, fields: Sequence[str], row: Mapping[str, Any]) -> str:
    """Return the hash of a row: SHA-256 of the JSON list of ``prev_hash`` and its fields.

    JSON with ASCII escapes and without blanks, so that any program can repeat it.
    """
    return _digest([prev_hash, *(row[name] for name in fields)])


def salted(salt: bytes, *parts: str | None) -> str:
    """Return a digest of content that cannot be guessed at once the salt is gone."""
    return _digest([salt.hex(), *parts])


def new_salt() -> bytes:
    """Return a fresh salt."""
    return secrets.token_bytes(SALT_BYTES)


def last_link(base: sqlite3.Connection, table: str) -> tuple[int, str]:
    """Return number and hash of the last row of ``verdicts`` or ``journal``."""
    query = {
        "verdicts": "SELECT seq, hash FROM verdicts ORDER BY seq DESC LIMIT 1",
        "journal": "SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1",
    }[table]
    row = base.execute(query).fetchone()
    return (int(row[0]), str(row[1])) if row else (0, START)


def _digest(values: list[Any]) -> str:
    text = json.dumps(values, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()
