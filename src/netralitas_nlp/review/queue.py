"""Which post comes next, and for whom."""

import sqlite3
import time
from dataclasses import replace
from itertools import chain
from typing import Final

from netralitas_nlp.errors import ReviewError
from netralitas_nlp.review.known import is_turn, next_known
from netralitas_nlp.review.people import require_role
from netralitas_nlp.review.rows import number_of, post_at, without_scores
from netralitas_nlp.review.shapes import QUEUES, Context, Queue, QueuedPost
from netralitas_nlp.review.store import ReviewStore

LEASE_SECONDS: Final = 900.0
"""How long a post that was handed out is kept from other reviewers."""

Found = tuple[int, int]
"""Numbers of the first copy of a text and of the copy that is shown."""

_FREE: Final = (
    " AND NOT EXISTS (SELECT 1 FROM leases l WHERE l.head = p.head AND l.reviewer <> :me"
    "  AND l.until > :now)"
)
_NEW: Final = " AND NOT EXISTS (SELECT 1 FROM skips s WHERE s.reviewer = :me AND s.head = p.head)"

_RANKED: Final[dict[str, str]] = {
    "likely": "SELECT p.head, p.id, -p.likely FROM posts p INDEXED BY queue_likely WHERE"
    " p.state = :state AND p.first_by = :by AND p.raised = :raised AND p.copy = 0{free}{new}"
    " ORDER BY p.likely DESC LIMIT 1",
    "uncertain": "SELECT p.head, p.id, p.doubt FROM posts p INDEXED BY queue_doubt WHERE"
    " p.state = :state AND p.first_by = :by AND p.raised = :raised AND p.copy = 0{free}{new}"
    " ORDER BY p.doubt LIMIT 1",
}
_OF_ACCOUNT: Final = (
    "SELECT p.head, p.id FROM posts p WHERE p.account = :account AND p.raised = 1"
    " AND p.state = :state AND p.first_by <> :me{free}{new} ORDER BY p.likely DESC LIMIT 1"
)
# CROSS JOIN: SQLite must begin with the sample and not with the million posts.
_RANDOM: Final = (
    "SELECT p.head, p.id FROM audit u CROSS JOIN posts p ON p.id = u.post"
    " WHERE p.state IN (0, 1) AND p.first_by <> :me{free}{new} ORDER BY u.place, u.run LIMIT 1"
)
_CONFLICT: Final = (
    "SELECT p.head, p.id FROM posts p WHERE p.state = 2 AND p.copy = 0 AND p.forgotten IS NULL"
    "{free}{new} ORDER BY EXISTS (SELECT 1 FROM verdicts v WHERE v.head = p.head"
    " AND v.reviewer = :me), p.likely DESC LIMIT 1"
)
# A post and the other near copies of its chain.
_OF_CHAIN: Final = (
    "FROM posts p LEFT JOIN contents c ON c.post = p.id WHERE p.id IN (SELECT :post UNION"
    " SELECT id FROM posts WHERE chain = (SELECT chain FROM posts WHERE id = :post))"
    " AND p.forgotten IS NULL"
)


def next_post(
    store: ReviewStore,
    *,
    reviewer: str,
    order: Queue,
    account: str | None = None,
    blind: bool = False,
    below: bool = False,
) -> QueuedPost | None:
    """Return the next post of an order for a reviewer, and keep it from others for a while.

    Never one that the reviewer has judged or that is finished; of a copied text one copy. Asked
    again before an answer, it returns the same post. About one in twenty is a known case, where
    the store has any. Skipped posts come last.

    Args:
        store: The store.
        reviewer: A person with the role ``reviewer`` or ``adjudicator``.
        order: See ``shapes.QUEUES``; ``disagreements`` is for adjudicators.
        account: Pseudonym (``account_key``), for the order ``account``.
        blind: Leave out scores, labels, decision and evidence.
        below: Go on with posts that the model cleared once no flagged one waits (``likely`` and
            ``uncertain``).

    Returns:
        ``None`` where nothing waits.

    Raises:
        ReviewError: ``review_role``: the person may not review; ``review_order``.
    """
    if order not in QUEUES:
        raise ReviewError("review_order", order=order, known=", ".join(QUEUES))
    key, seeded = store.key, store.setting("seeded")
    # The lease may be lost in a power cut: waiting for the disk would only slow the reviewer.
    with store.base.write(durable=False) as base:
        require_role(base, reviewer, "adjudicator" if order == "disagreements" else "reviewer")
        known: Found | None = None
        usual = order in ("likely", "uncertain", "account", "random")
        if order == "checks" or (usual and is_turn(base, reviewer, key=key, share=seeded)):
            known = next_known(base, reviewer)
        found = known
        if found is None and order != "checks":
            found = _Search(base, reviewer).next(order, account=account, below=below)
        if found is None:
            base.execute("DELETE FROM leases WHERE reviewer = ?", (reviewer,))
            return None
        head, post = found
        values = (reviewer, head, post, int(known is not None), time.time() + LEASE_SECONDS)
        base.execute("INSERT OR REPLACE INTO leases VALUES (?, ?, ?, ?, ?)", values)
        queued = replace(post_at(base, post), order=order, seeded=known is not None)
    return without_scores(queued) if blind else queued


def post_of(store: ReviewStore, row_id: str, *, blind: bool = False) -> QueuedPost:
    """Return a post by its id.

    Raises:
        ReviewError: ``review_no_post``.
    """
    with store.base.read() as base:
        return post_at(base, number_of(base, row_id)[0], blind=blind)


def context_of(store: ReviewStore, row_id: str, *, limit: int = 20, blind: bool = False) -> Context:
    """Return other posts of the account, those nearest in time, and other copies of the text.

    Never any person's verdict. Raises as ``post_of``.
    """
    with store.base.read() as base:
        post, _ = number_of(base, row_id)
        account, at = base.execute("SELECT account, at FROM posts WHERE id = ?", (post,)).fetchone()
        near = _near(base, post, account, at, limit) if account is not None else []
        n_account = base.execute(
            "SELECT count(*) FROM posts WHERE account = ? AND id <> ?", (account, post)
        ).fetchone()[0]
        copies = base.execute(
            f"SELECT p.id {_OF_CHAIN} AND p.id <> :post ORDER BY p.at IS NULL, p.at, p.id"
            " LIMIT :limit",
            {"post": post, "limit": limit},
        ).fetchall()
        n_chain, accounts, first, last = _chain_facts(base, post)
        return Context(
            account=tuple(post_at(base, number, blind=blind) for number in near),
            n_account=int(n_account),
            chain=tuple(post_at(base, number, blind=blind) for (number,) in copies),
            n_chain=n_chain,
            chain_accounts=accounts,
            chain_first=first,
            chain_last=last,
        )


def skip(store: ReviewStore, row_id: str, *, reviewer: str) -> None:
    """Put a post at the end of this reviewer's queues.

    Raises:
        ReviewError: ``review_no_post`` or ``review_role``.
    """
    with store.base.write(durable=False) as base:
        require_role(base, reviewer, "reviewer")
        _, head = number_of(base, row_id)
        base.execute("INSERT OR REPLACE INTO skips VALUES (?, ?, ?)", (reviewer, head, time.time()))
        base.execute("DELETE FROM leases WHERE reviewer = ?", (reviewer,))


class _Search:
    """The search for one reviewer, in the transaction of the caller."""

    def __init__(self, base: sqlite3.Connection, reviewer: str) -> None:
        self.base = base
        self.me = reviewer
        self.now = time.time()

    def next(self, order: Queue, *, account: str | None, below: bool) -> Found | None:
        # First what was not skipped, then the skipped ones.
        for new in (_NEW, ""):
            found = self._next(order, account, below, new)
            if found is not None:
                return found
        return None

    def _next(self, order: Queue, account: str | None, below: bool, new: str) -> Found | None:
        if order == "random":
            return self._one(_RANDOM, new)
        if order == "disagreements":
            return self._one(_CONFLICT, new)
        if order == "account":
            return self._account(account, new)
        for raised in (1, 0) if below else (1,):
            found = self._ranked(order, raised, new)
            if found is not None:
                return found
        return None

    def _ranked(self, order: Queue, raised: int, new: str) -> Found | None:
        """Return the best of the unjudged posts and of those one other person has judged.

        One look into the index for each of them: no posts of this reviewer are passed over.
        """
        best: tuple[float, Found] | None = None
        for state, by in [(0, ""), *((1, name) for name in self._others(raised))]:
            query = _RANKED[order].format(free=_FREE, new=new)
            row = self.base.execute(query, self._values(state=state, by=by, raised=raised))
            found = row.fetchone()
            if found and (best is None or found[2] < best[0]):
                best = (found[2], (found[0], found[1]))
        return best[1] if best else None

    def _others(self, raised: int) -> list[str]:
        found = self.base.execute(
            "SELECT first_by FROM tally WHERE state = 1 AND raised = ? AND n > 0 AND first_by <> ?",
            (raised, self.me),
        )
        return [name for (name,) in found]

    def _account(self, key: str | None, new: str) -> Found | None:
        if key is not None:
            row = self.base.execute("SELECT id FROM accounts WHERE key = ?", (key,)).fetchone()
            return self._of_account(row[0], new) if row else None
        # What was begun is finished first; then the account with most waiting posts, or the next
        # one where this reviewer has none left.
        begun = self.base.execute(
            "SELECT p.account FROM verdicts v JOIN posts p ON p.id = v.post"
            " WHERE v.reviewer = ? AND v.kind <> 'check' ORDER BY v.seq DESC LIMIT 1",
            (self.me,),
        ).fetchall()
        others = self.base.execute(
            "SELECT id FROM accounts WHERE waiting > 0 ORDER BY waiting DESC, id"
        )
        for (account,) in chain(begun, others):
            found = self._of_account(account, new)
            if found is not None:
                return found
        return None

    def _of_account(self, account: int | None, new: str) -> Found | None:
        for state in (0, 1):
            found = self._one(_OF_ACCOUNT, new, account=account, state=state)
            if found is not None:
                return found
        return None

    def _one(self, query: str, new: str, **values: object) -> Found | None:
        full = query.format(free=_FREE, new=new)
        row = self.base.execute(full, self._values(**values)).fetchone()
        return (row[0], row[1]) if row else None

    def _values(self, **values: object) -> dict[str, object]:
        return {"me": self.me, "now": self.now, **values}


def _chain_facts(base: sqlite3.Connection, post: int) -> tuple[int, int, str, str]:
    """Return other copies in a chain, its authors, and the times of its first and last copy."""
    others, accounts = base.execute(
        f"SELECT total(p.id <> :post), count(DISTINCT p.account) {_OF_CHAIN}",
        {"post": post},
    ).fetchone()
    ends = [
        base.execute(
            f"SELECT c.posted_at, {end}(p.at) {_OF_CHAIN} AND p.at IS NOT NULL",
            {"post": post},
        ).fetchone()[0]
        for end in ("min", "max")
    ]
    return int(others), int(accounts), ends[0] or "", ends[1] or ""


def _near(
    base: sqlite3.Connection, post: int, account: int, at: float | None, limit: int
) -> list[int]:
    """Return posts of an account around a moment, in the order of time; undated ones last."""
    if at is None:
        found = base.execute(
            "SELECT id FROM posts WHERE account = ? AND id <> ? ORDER BY at IS NULL, at, id"
            " LIMIT ?",
            (account, post, limit),
        )
        return [number for (number,) in found]
    sides = (
        "SELECT id, at FROM posts WHERE account = ? AND at <= ? AND id <> ?"
        " ORDER BY at DESC LIMIT ?",
        "SELECT id, at FROM posts WHERE account = ? AND at > ? AND id <> ? ORDER BY at LIMIT ?",
    )
    rows = [row for q in sides for row in base.execute(q, (account, at, post, limit)).fetchall()]
    rows.sort(key=lambda row: abs(row[1] - at))
    chosen = sorted(rows[:limit], key=lambda row: row[1])
    missing = limit - len(chosen)
    undated = base.execute(
        "SELECT id FROM posts WHERE account = ? AND at IS NULL AND id <> ? LIMIT ?",
        (account, post, missing),
    )
    return [number for number, _ in chosen] + [number for (number,) in undated]
