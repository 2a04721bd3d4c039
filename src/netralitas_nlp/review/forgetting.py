"""Removing a person's posts from a store, with a tombstone and the chain still provable."""

import re
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from netralitas_nlp.errors import ReviewError, UsageError
from netralitas_nlp.pseudonyms import bare_name
from netralitas_nlp.review.copies import STANDS_FIRST
from netralitas_nlp.review.journal import append, require_reason
from netralitas_nlp.review.migrations import recount
from netralitas_nlp.review.store import ReviewStore

_DELETE: Final = (
    "DELETE FROM contents WHERE post IN (SELECT post FROM gone)",
    "DELETE FROM known WHERE head IN (SELECT post FROM gone)",
    "DELETE FROM known WHERE post IN (SELECT post FROM gone)",
    "DELETE FROM leases WHERE post IN (SELECT post FROM gone)",
)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was removed: ``posts`` rows lost their content, ``notes`` were emptied."""

    account_key: str
    posts: int
    notes: int


def forget(store: ReviewStore, account: str, *, who: str, reason: str) -> Forgotten:
    """Remove texts, names, addresses and notes of an account; later runs do not bring them back.

    Ids, scores and verdicts stay, so that counts and both chains still hold. The run folder and
    the export are not touched: they have to be dealt with where they lie.

    Args:
        store: The store.
        account: The name as exported (a leading ``@`` is dropped), or its pseudonym.
        who: For the log, which holds the pseudonym and the reason, never the name.
        reason: Not blank; must not hold the name.

    Raises:
        ReviewError: ``review_no_account``, ``review_reason`` or ``review_reason_names``.
    """
    reason = require_reason(reason)
    name = bare_name(account)
    with store.base.write() as base:
        row = base.execute(
            "SELECT id, name, key FROM accounts WHERE name = ?1 OR key = ?1", (name,)
        ).fetchone()
        if row is None:
            raise ReviewError("review_no_account")
        if re.search(rf"(?<!\w){re.escape(row[1])}(?!\w)", reason, re.IGNORECASE):
            raise ReviewError("review_reason_names")
        entry = append(base, who, "forget", row[2], reason=reason)
        base.execute("CREATE TEMP TABLE gone (post INTEGER PRIMARY KEY)")
        base.execute("INSERT INTO gone SELECT id FROM posts WHERE account = ?", (row[0],))
        posts, notes = _empty(base, entry.seq)
        base.execute("INSERT OR IGNORE INTO tombstones VALUES (?, ?)", (row[2], entry.seq))
        base.execute("DELETE FROM accounts WHERE id = ?", (row[0],))
        base.execute("DROP TABLE gone")
    store.base.empty_log()
    return Forgotten(row[2], posts, notes)


def retention(store: ReviewStore, days: int, *, who: str, dry_run: bool = False) -> int:
    """Forget the content of posts decided more than ``days`` days ago; return how many.

    Accounts of which nothing is left lose their name too; their later posts may still come in.

    Raises:
        UsageError: ``review_days``: fewer than one day.
    """
    if days < 1:
        raise UsageError("review_days", days=days)
    limit = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
    with store.base.write() as base:
        base.execute("CREATE TEMP TABLE gone (post INTEGER PRIMARY KEY)")
        base.execute(
            "INSERT INTO gone SELECT id FROM posts"
            " WHERE state = 3 AND decided_at < ? AND forgotten IS NULL",
            (limit,),
        )
        posts = int(base.execute("SELECT count(*) FROM gone").fetchone()[0])
        if posts and not dry_run:
            base.execute(
                "CREATE TEMP TABLE owners AS SELECT DISTINCT account FROM posts"
                " WHERE id IN (SELECT post FROM gone) AND account IS NOT NULL"
            )
            entry = append(base, who, "retention", str(posts), reason=f"{days}")
            _empty(base, entry.seq)
            base.execute(
                "DELETE FROM accounts WHERE id IN (SELECT account FROM owners) AND NOT EXISTS"
                " (SELECT 1 FROM posts WHERE posts.account = accounts.id)"
            )
            base.execute("DROP TABLE owners")
        base.execute("DROP TABLE gone")
    if posts and not dry_run:
        store.base.empty_log()
    return posts


def _empty(base: sqlite3.Connection, entry: int) -> tuple[int, int]:
    """Empty the posts named in ``gone``; return how many posts and notes lost their content.

    A note goes where any copy of its text goes: nobody knows whom it speaks of.
    """
    _pass_on(base)
    notes = base.execute(
        "DELETE FROM notes WHERE head IN"
        " (SELECT head FROM posts WHERE id IN (SELECT post FROM gone))"
    ).rowcount
    for statement in _DELETE:
        base.execute(statement)
    posts = base.execute(
        "UPDATE posts SET account = NULL, at = NULL, day = NULL, forgotten = ?, first_by = '',"
        " state = CASE WHEN state IN (0, 1, 2) THEN -1 ELSE state END"
        " WHERE id IN (SELECT post FROM gone)",
        (entry,),
    ).rowcount
    recount(base)
    return posts, notes


def _pass_on(base: sqlite3.Connection) -> None:
    """Let another copy stand for an undecided text whose copy in the queue goes.

    It cannot be judged without its words; the other copies can. They start afresh: what was said
    stays with the copy that was shown.
    """
    heirs = base.execute(
        "SELECT head, id FROM (SELECT p.head, p.id, row_number() OVER"  # noqa: S608 - our own order
        f" (PARTITION BY p.head ORDER BY {STANDS_FIRST}) AS place FROM posts p"
        " WHERE p.copy = 1 AND p.state IN (0, 1, 2) AND p.forgotten IS NULL"
        " AND p.head IN (SELECT post FROM gone) AND p.id NOT IN (SELECT post FROM gone))"
        " WHERE place = 1"
    ).fetchall()
    for head, heir in heirs:
        base.execute(
            "UPDATE posts SET head = ?, state = 0, first_by = ''"
            " WHERE head = ? AND copy = 1 AND id NOT IN (SELECT post FROM gone)",
            (heir, head),
        )
        base.execute("UPDATE posts SET copy = 0 WHERE id = ?", (heir,))
