"""Known cases: posts already decided that are shown again, to watch how a reviewer drifts."""

import hashlib
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Final

REPEAT_DAYS: Final = 30
"""A reviewer who has met a post meets it again as a known case after so many days."""

# CROSS JOIN: known cases are few, and SQLite must not begin with the million posts.
_NEXT: Final = (
    "SELECT k.head, k.post FROM known k CROSS JOIN posts p ON p.id = k.head"
    " WHERE p.forgotten IS NULL AND p.state = 3 AND k.marked_by <> :me"
    " AND NOT EXISTS (SELECT 1 FROM skips s WHERE s.reviewer = :me AND s.head = k.head)"
    " AND NOT EXISTS (SELECT 1 FROM verdicts v WHERE v.head = k.head AND v.reviewer = :me"
    "  AND v.decided_at >= :since)"
    " ORDER BY (SELECT max(seq) FROM verdicts v WHERE v.head = k.head AND v.reviewer = :me)"
    "  IS NOT NULL, k.place LIMIT 1"
)
_COUNT: Final = (
    "SELECT count(*) FROM known k CROSS JOIN posts p ON p.id = k.head"
    " WHERE p.forgotten IS NULL AND p.state = 3 AND k.marked_by <> :me"
    " AND NOT EXISTS (SELECT 1 FROM verdicts v WHERE v.head = k.head AND v.reviewer = :me"
    "  AND v.decided_at >= :since)"
)


def next_known(base: sqlite3.Connection, reviewer: str) -> tuple[int, int] | None:
    """Return head and post of the next known case for a reviewer: never met ones first."""
    row = base.execute(_NEXT, {"me": reviewer, "since": _since()}).fetchone()
    return (int(row[0]), int(row[1])) if row else None


def count_known(base: sqlite3.Connection, reviewer: str) -> int:
    """Return how many known cases a reviewer could be shown now."""
    found = base.execute(_COUNT, {"me": reviewer, "since": _since()}).fetchone()
    return int(found[0])


def is_turn(base: sqlite3.Connection, reviewer: str, *, key: bytes, share: float) -> bool:
    """Return whether a known case is due: the same answer until the reviewer has judged again."""
    if share <= 0:
        return False
    last = base.execute("SELECT max(seq) FROM verdicts WHERE reviewer = ?", (reviewer,)).fetchone()[
        0
    ]
    text = f"{reviewer}\0{last or 0}".encode("utf-8", "surrogatepass")
    raw = hashlib.blake2b(text, key=key[:64], digest_size=8).digest()
    return int.from_bytes(raw, "big") < share * 2**64


def _since() -> str:
    return (datetime.now(UTC) - timedelta(days=REPEAT_DAYS)).isoformat(timespec="seconds")
