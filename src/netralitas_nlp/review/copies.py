"""Copies of one text in a run: tied to one that stands for them, so that a text is judged once."""

import sqlite3
from typing import Final

from netralitas_nlp.text.dedup import letters_key

MOST_STEPS: Final = 30
"""Longest path from a copy to the first copy that is followed."""

_TIER: Final = "CASE {0}.decision WHEN 'flag' THEN 0 WHEN 'review' THEN 1 ELSE 2 END"
STANDS_FIRST: Final = f"{_TIER.format('p')}, p.at IS NULL, p.at, p.id"
"""Which copy ``p`` of a text stands for it: near copies have scores of their own, so a flagged one
before one near the threshold before a clear one; of equals the earliest."""

_BETTER: Final = (
    "SELECT old, new FROM (SELECT p.head AS old, p.id AS new, row_number() OVER"  # noqa: S608
    f" (PARTITION BY p.head ORDER BY {STANDS_FIRST}) AS place FROM posts p"
    " JOIN posts h ON h.id = p.head WHERE p.copy = 1 AND p.raised = 1 AND p.state = 0"
    " AND p.forgotten IS NULL AND {which}) WHERE place = 1"
)
_NEAR: Final = (
    "SELECT p.id, p.head, c.text, h.text FROM posts p JOIN contents c ON c.post = p.id"  # noqa: S608
    " JOIN contents h ON h.post = p.head WHERE p.copy = 1 AND p.forgotten IS NULL"
    f" AND (:run IS NULL OR p.run = :run) ORDER BY {STANDS_FIRST}"
)
_ALONE: Final = (
    "UPDATE posts SET head = :head, copy = :copy, state = max(0, state) * :judged,"
    " first_by = iif(:judged, first_by, ''), outcome = iif(:judged, outcome, NULL),"
    " decided_at = iif(:judged, decided_at, NULL) WHERE id = :id"
)
_WAITING: Final = (
    f"{_TIER.format('p')} < {_TIER.format('h')} AND h.state = 0 AND h.forgotten IS NULL"
)
_SEEN: Final = "p.run = ? AND h.run <> p.run AND h.raised = 0"


def tie_copies(base: sqlite3.Connection, run: int) -> None:
    """Point every copy of a run at the copy that stands for its text; see ``STANDS_FIRST``.

    Only scored posts stand for others. A copy of a text that people judged before this run came is
    judged already, unless they saw a post that the model had cleared and this one is flagged.

    Reads the temporary table ``copies (post, original)``: number of a post, ``row_id`` of another.
    """
    base.execute(
        "UPDATE posts SET head = found.id, copy = 1 FROM"
        " (SELECT copies.post, p.id FROM copies JOIN posts p ON p.row_id = copies.original"
        "  WHERE p.state >= 0 AND p.id <> copies.post AND p.forgotten IS NULL) AS found"
        " WHERE posts.id = found.post"
    )
    for _ in range(MOST_STEPS):
        moved = base.execute(
            "UPDATE posts SET head = up.head FROM posts up WHERE posts.run = ?"
            " AND posts.copy = 1 AND up.id = posts.head AND up.copy = 1 AND up.head <> up.id",
            (run,),
        ).rowcount
        if not moved:
            break
    # What still points at a copy is a ring in damaged input: each stands for itself.
    base.execute(
        "UPDATE posts SET head = id, copy = 0 WHERE run = ? AND copy = 1"
        " AND (head = id OR (SELECT copy FROM posts up WHERE up.id = posts.head) = 1)",
        (run,),
    )
    keep_chains(base, run)
    part_by_letters(base, run)
    let_raised_stand_first(base)
    _part_from_cleared(base, run)
    # A copy of a text that was judged before this run came is judged already.
    base.execute(
        "UPDATE posts SET state = up.state, first_by = up.first_by, outcome = up.outcome,"
        " decided_at = up.decided_at FROM posts up WHERE posts.run = ? AND posts.copy = 1"
        " AND up.id = posts.head AND up.run <> posts.run",
        (run,),
    )


def keep_chains(base: sqlite3.Connection, run: int | None = None) -> None:
    """Remember which near copies belong together, before those that differ wait on their own.

    Args:
        base: A store in a write transaction.
        run: Of the copies; all of them where ``None``.
    """
    base.execute(
        "UPDATE posts SET chain = head WHERE copy = 1 AND (:run IS NULL OR run = :run)",
        {"run": run},
    )
    base.execute(
        "UPDATE posts SET chain = id WHERE chain IS NULL AND id IN"
        " (SELECT head FROM posts WHERE copy = 1 AND (:run IS NULL OR run = :run))",
        {"run": run},
    )
    # A chain is called after its first post, whichever stands for it.
    base.execute(
        "UPDATE posts SET chain = least.id FROM (SELECT chain AS old, min(id) AS id FROM posts"
        " WHERE chain IN (SELECT chain FROM posts WHERE chain IS NOT NULL"
        "  AND (:run IS NULL OR run = :run)) GROUP BY chain) AS least"
        " WHERE chain = least.old AND least.id <> least.old",
        {"run": run},
    )


def part_by_letters(base: sqlite3.Connection, run: int | None = None) -> None:
    """Let near copies with other letters wait on their own: nobody has judged what they say.

    Copies of the same letters stay tied to one of them. What somebody answered on a copy itself
    stays with it. Arguments as of ``keep_chains``.
    """
    heads: dict[tuple[int, str], int] = {}
    alone = []
    for post, head, text, shown in base.execute(_NEAR, {"run": run}):
        key = letters_key(text)
        if key == letters_key(shown) and (key or text == shown):
            continue
        own = heads.setdefault((head, key or text), post)
        judged = base.execute("SELECT 1 FROM verdicts WHERE post = ? LIMIT 1", (post,)).fetchone()
        alone.append(
            {"id": post, "head": own, "copy": int(own != post), "judged": int(judged is not None)}
        )
    base.executemany(_ALONE, alone)


def let_raised_stand_first(base: sqlite3.Connection) -> None:
    """Let a raised copy stand for each unjudged text that else waits in no queue, or too low."""
    for old, new in base.execute(_BETTER.format(which=_WAITING)).fetchall():
        pass_on(base, old, new)


def pass_on(base: sqlite3.Connection, old: int, new: int) -> None:
    """Let the copy ``new`` stand for its text in place of ``old``."""
    base.execute("UPDATE posts SET head = ? WHERE head = ? AND copy = 1", (new, old))
    base.execute("UPDATE posts SET head = ?, copy = 1 WHERE id = ?", (new, old))
    base.execute("UPDATE posts SET copy = 0 WHERE id = ?", (new,))


def _part_from_cleared(base: sqlite3.Connection, run: int) -> None:
    found = base.execute(_BETTER.format(which=_SEEN), (run,)).fetchall()
    for old, new in found:
        base.execute(
            "UPDATE posts SET head = ? WHERE head = ? AND copy = 1 AND raised = 1 AND run = ?",
            (new, old, run),
        )
        base.execute("UPDATE posts SET copy = 0 WHERE id = ?", (new,))
