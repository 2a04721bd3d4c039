"""What was decided, as rows to train on: the columns of ``data/labeled/posts.csv``."""

import sqlite3
from collections.abc import Iterator
from typing import Final

from netralitas_nlp.labels import LABELS
from netralitas_nlp.review.overview import districts_of
from netralitas_nlp.review.standing import standing_of
from netralitas_nlp.text.normalize import mask

COLUMNS: Final = (
    "id", "text", *LABELS, "borderline", "text_kind", "parent_text", "persona", "district",
    "platform", "register", "language", "election", "stage", "contestant", "identity_target",
    "scenario", "group_id", "pair_id", "author_batch", "rationale", "split",
)  # fmt: skip

BATCH: Final = "desk"


def training_rows(base: sqlite3.Connection, *, run_id: int | None) -> Iterator[dict[str, str]]:
    """Yield the decided posts, copies once; those that stayed ``unsure`` teach nothing.

    Handles, addresses and numbers of persons are masked. ``borderline`` is 1 where reviewers did
    not agree. Posts of one account share a ``group_id``, so that no account lies in two splits.
    What the desk does not know (persona, contestant, rationale …) stays empty.
    """
    posts = base.execute(
        "SELECT p.id, p.row_id, c.text, c.parent_text, p.text_kind, p.clause, a.key FROM posts p"
        " JOIN contents c ON c.post = p.id LEFT JOIN accounts a ON a.id = p.account"
        " WHERE p.copy = 0 AND p.state = 3 AND (?1 IS NULL OR p.run = ?1) ORDER BY p.id",
        (run_id,),
    )
    for head, row_id, text, parent, kind, clause, account in posts:
        standing = standing_of(base, head)
        final = standing.final()
        if set(final) != set(LABELS) or "unsure" in final.values():
            continue
        said = [{label: g.answer for label, g in of.items()} for of in standing.reviewers.values()]
        districts = districts_of(clause)
        row = dict.fromkeys(COLUMNS, "") | {
            "id": f"{BATCH}-{row_id}",
            "text": mask(text),
            "borderline": str(int(any(of != final for of in said))),
            "text_kind": kind,
            "parent_text": mask(parent),
            "district": districts[0] if len(districts) == 1 else "",
            "group_id": f"{BATCH}:{account or row_id}",
            "author_batch": BATCH,
        }
        yield row | {label: str(int(final[label] == "yes")) for label in LABELS}
