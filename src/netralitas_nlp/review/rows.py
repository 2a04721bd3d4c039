"""Rows of the store as the values that the desk hands out."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from netralitas_nlp.errors import ReviewError
from netralitas_nlp.evidence import from_json
from netralitas_nlp.labels import LABELS
from netralitas_nlp.review.shapes import QueuedPost, VerdictRow

_POST: Final = (
    "SELECT p.row_id, p.run, c.text, c.parent_text, p.text_kind, c.url, c.posted_at, a.key,"
    " p.scores, p.labels, p.decision, c.evidence, p.clause, p.stage, p.policy_version, c.claim_url,"
    " c.claim_title, c.claim_similarity, c.claim_stance, h.row_id,"
    " 1 + (SELECT count(*) FROM posts m WHERE m.head = p.head AND m.copy = 1),"
    " r.bundle, r.operating_point, u.weight, c.claim_verdict,"
    " c.claim_date, r.claim_threshold, r.thresholds FROM posts p JOIN runs r ON r.id = p.run"
    " JOIN posts h ON h.id = p.head LEFT JOIN contents c ON c.post = p.id"
    " LEFT JOIN accounts a ON a.id = p.account LEFT JOIN audit u ON u.post = p.id WHERE p.id = ?"
)

VERDICT_COLUMNS: Final = (
    "seq, row_id, label, verdict, reviewer, decided_at, bundle, policy_version, sampling_weight,"
    " blind, kind, previous, seconds,"
    " coalesce((SELECT note FROM notes WHERE notes.act = verdicts.act), '') AS note,"
    " prev_hash, hash"
)
"""Columns of ``verdicts`` in the order of ``VerdictRow``."""


def post_at(base: sqlite3.Connection, post: int, *, blind: bool = False) -> QueuedPost:
    """Return the post of a number in the store."""
    row = base.execute(_POST, (post,)).fetchone()
    found = QueuedPost(
        row_id=row[0],
        run_id=row[1],
        text=row[2] or "",
        parent_text=row[3] or "",
        text_kind=row[4],
        url=row[5] or "",
        posted_at=row[6] or "",
        account_key=row[7] or "",
        scores=_scores(row[8]),
        labels=tuple(label for label in LABELS if label in (row[9] or "").split(";")),
        decision=row[10],
        evidence=from_json(row[11], row[2] or ""),
        clause=row[12],
        stage=row[13],
        policy_version=row[14],
        claim_url=row[15] or "",
        claim_title=row[16] or "",
        claim_similarity=row[17],
        claim_stance=row[18] or "",
        claim_verdict=row[24] or "",
        claim_date=row[25] or "",
        claim_threshold=row[26],
        chain_id=row[19],
        chain_size=row[20],
        bundle=row[21],
        operating_point=row[22],
        thresholds=json.loads(row[27]),
        sampling_weight=row[23],
    )
    return without_scores(found) if blind else found


def without_scores(post: QueuedPost) -> QueuedPost:
    """Return a post with nothing of what the model thought of it."""
    return replace(post, scores={}, labels=(), decision=None, evidence=(), thresholds={})


def number_of(base: sqlite3.Connection, row_id: str) -> tuple[int, int]:
    """Return the numbers of a post and of the first copy of its text.

    Raises:
        ReviewError: ``review_no_post``.
    """
    found = base.execute("SELECT id, head FROM posts WHERE row_id = ?", (row_id,)).fetchone()
    if found is None:
        raise ReviewError("review_no_post", row_id=row_id)
    return int(found[0]), int(found[1])


def verdict_row(values: Sequence[Any]) -> VerdictRow:
    """Return a verdict from ``VERDICT_COLUMNS``."""
    cells = list(values)
    cells[9] = bool(cells[9])
    return VerdictRow(*cells)


def _scores(text: str | None) -> dict[Any, float]:
    found = json.loads(text or "{}")
    return {label: float(found[label]) for label in LABELS if found.get(label) is not None}
