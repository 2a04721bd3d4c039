"""The lines of ``verdicts.jsonl``: what was decided, or all that was ever said."""

import sqlite3
from collections.abc import Iterator
from typing import Any, Final

from netralitas_nlp.review.links import VERDICT_FIELDS
from netralitas_nlp.review.standing import standing_of
from netralitas_nlp.text.dedup import letters_key

_FIELDS: Final = (*VERDICT_FIELDS, "prev_hash", "hash")
_COLUMNS: Final = ", ".join(f"v.{name}" for name in _FIELDS)


def history_lines(base: sqlite3.Connection, *, run_id: int | None) -> Iterator[dict[str, Any]]:
    """Yield every row of the chain with all that its hash covers, so that others can prove it.

    With ``run_id`` rows of other runs are missing and the chain cannot be proved from the file.
    """
    query = (
        f"SELECT {_COLUMNS} FROM verdicts v JOIN posts p ON p.id = v.post"  # noqa: S608 - our own names
        " WHERE ?1 IS NULL OR p.run = ?1 ORDER BY v.seq"
    )
    for row in base.execute(query, (run_id,)):
        yield _line(row)


def standing_lines(base: sqlite3.Connection, *, run_id: int | None) -> Iterator[dict[str, Any]]:
    """Yield the answers that stand on finished posts, once for every copy of the same letters.

    Near copies are judged together, but nobody is held to words that no human has read: a copy
    that differs in a letter from the one that was shown gets no line. A line about a copy of the
    same letters names the one that was shown in ``copy_of``. Of an adjudicated post the
    adjudicator's answers come last; what a reviewer said after them is left out.
    """
    heads = base.execute(
        "SELECT head, min(seq) FROM verdicts WHERE kind NOT IN ('check', 'undo')"
        " GROUP BY head ORDER BY 2"
    ).fetchall()
    for head, _ in heads:
        if base.execute("SELECT state FROM posts WHERE id = ?", (head,)).fetchone()[0] == 3:
            yield from _of_text(base, head, run_id)


def _of_text(base: sqlite3.Connection, head: int, run_id: int | None) -> Iterator[dict[str, Any]]:
    standing = standing_of(base, head)
    end = min((g.seq for g in standing.decision.values()), default=None)
    given = [g for of in standing.reviewers.values() for g in of.values()]
    kept = [g.seq for g in given if end is None or g.seq < end]
    kept += [g.seq for g in standing.decision.values()]
    lines = [_row(base, seq) for seq in sorted(kept)]
    copies = base.execute(
        "SELECT p.row_id, p.run, u.weight, c.text FROM posts p"
        " LEFT JOIN audit u ON u.post = p.id"
        " LEFT JOIN contents c ON c.post = p.id WHERE p.id = ?1"
        " OR p.id IN (SELECT id FROM posts WHERE head = ?1 AND copy = 1) ORDER BY p.id",
        (head,),
    ).fetchall()
    # A text of emoji alone has no letters; it is then compared as written.
    keys = {row_id: (letters_key(text) or text) if text else None for row_id, _, _, text in copies}
    for row_id, run, weight, _ in copies:
        if run_id is not None and run != run_id:
            continue
        for line in lines:
            if line["row_id"] == row_id:
                yield line
            elif keys[row_id] is not None and keys[row_id] == keys[line["row_id"]]:
                shown = {"row_id": row_id, "sampling_weight": weight, "copy_of": line["row_id"]}
                yield line | shown


def _row(base: sqlite3.Connection, seq: int) -> dict[str, Any]:
    query = f"SELECT {_COLUMNS} FROM verdicts v WHERE v.seq = ?"  # noqa: S608 - our own names
    return _line(base.execute(query, (seq,)).fetchone())


def _line(values: tuple[Any, ...]) -> dict[str, Any]:
    row = dict(zip(_FIELDS, values, strict=True))
    return row | {"blind": bool(row["blind"])}
