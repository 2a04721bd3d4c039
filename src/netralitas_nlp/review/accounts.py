"""The accounts of a desk: what of theirs waits and what is decided. No score, no rank."""

import sqlite3
from dataclasses import dataclass
from typing import Final, Literal

from netralitas_nlp.errors import ReviewError
from netralitas_nlp.review.rows import post_at
from netralitas_nlp.review.shapes import QueuedPost
from netralitas_nlp.review.store import ReviewStore

PostState = Literal["none", "waiting", "second", "conflict", "decided"]
_STATES: Final[dict[int, PostState]] = {0: "waiting", 1: "second", 2: "conflict", 3: "decided"}


@dataclass(frozen=True, slots=True)
class AccountCount:
    """How much of an account is on the desk.

    Attributes:
        account_key: Pseudonym.
        waiting: Flagged and borderline posts that wait for a reviewer.
        decided: Posts decided.
        posts: All posts, neutral ones included.
    """

    account_key: str
    waiting: int
    decided: int
    posts: int


def accounts_waiting(
    store: ReviewStore, *, find: str = "", limit: int, offset: int = 0
) -> list[AccountCount]:
    """Return accounts, those with most waiting posts first.

    Args:
        store: The store.
        find: Beginning of the pseudonym; empty for all.
        limit: Most accounts returned.
        offset: Accounts passed over.
    """
    # The pseudonyms use capitals and digits; anything else matches nothing, `%` included.
    start = find.strip().upper()
    with store.base.read() as base:
        rows = base.execute(
            "SELECT id, key, waiting FROM accounts WHERE substr(key, 1, ?) = ?"
            " ORDER BY waiting DESC, key LIMIT ? OFFSET ?",
            (len(start), start, limit, offset),
        ).fetchall()
        return [_count(base, *row) for row in rows]


def account_count(store: ReviewStore, account_key: str) -> AccountCount:
    """Return the counts of one account.

    Raises:
        ReviewError: ``review_no_account``.
    """
    with store.base.read() as base:
        return _count(base, *_row(base, account_key))


def account_name(store: ReviewStore, account_key: str) -> str:
    """Return the real name behind a pseudonym, to find or to hide it; never to be shown.

    Raises:
        ReviewError: ``review_no_account``.
    """
    with store.base.read() as base:
        _row(base, account_key)
        found = base.execute("SELECT name FROM accounts WHERE key = ?", (account_key,)).fetchone()
    return str(found[0])


def decided_runs(store: ReviewStore, account_key: str) -> list[int]:
    """Return the numbers of the runs that hold decided posts of an account.

    Raises:
        ReviewError: ``review_no_account``.
    """
    with store.base.read() as base:
        number, _, _ = _row(base, account_key)
        rows = base.execute(
            "SELECT DISTINCT run FROM posts WHERE account = ? AND state = 3 ORDER BY run", (number,)
        ).fetchall()
    return [run for (run,) in rows]


def posts_of(
    store: ReviewStore, account_key: str, *, limit: int, offset: int = 0
) -> list[tuple[QueuedPost, PostState]]:
    """Return posts of an account in order of time, each with what has become of it.

    Raises:
        ReviewError: ``review_no_account``.
    """
    with store.base.read() as base:
        number, _, _ = _row(base, account_key)
        rows = base.execute(
            "SELECT id, state, raised FROM posts WHERE account = ? ORDER BY at, id"
            " LIMIT ? OFFSET ?",
            (number, limit, offset),
        ).fetchall()
        return [(post_at(base, post), _state(state, raised)) for post, state, raised in rows]


def _state(state: int, raised: int) -> PostState:
    return _STATES.get(state, "none") if raised or state > 0 else "none"


def _row(base: sqlite3.Connection, account_key: str) -> tuple[int, str, int]:
    row: tuple[int, str, int] | None = base.execute(
        "SELECT id, key, waiting FROM accounts WHERE key = ?", (account_key,)
    ).fetchone()
    if row is None:
        raise ReviewError("review_no_account", account=account_key)
    return row


def _count(base: sqlite3.Connection, number: int, key: str, waiting: int) -> AccountCount:
    posts, decided = base.execute(
        "SELECT count(*), coalesce(sum(state = 3), 0) FROM posts WHERE account = ?", (number,)
    ).fetchone()
    return AccountCount(key, waiting, decided, posts)
