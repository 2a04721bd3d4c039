"""Copies of one text in a run: tied to the first of them, so that a text is judged once."""

import sqlite3
from typing import Final

MOST_STEPS: Final = 30
"""Longest path from a copy to the first copy that is followed."""


def tie_copies(base: sqlite3.Connection, run: int) -> None:
    """Point every copy of a run at the first copy of its text; only scored posts stand first.

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
    # A copy of a text that was judged before this run came is judged already.
    base.execute(
        "UPDATE posts SET state = up.state, first_by = up.first_by, outcome = up.outcome,"
        " decided_at = up.decided_at FROM posts up WHERE posts.run = ? AND posts.copy = 1"
        " AND up.id = posts.head AND up.run <> posts.run",
        (run,),
    )
