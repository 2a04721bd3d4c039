"""The name behind a pseudonym: shown only after the act stands in the log."""

from netralitas_nlp.errors import ReviewError
from netralitas_nlp.review.journal import append, require_reason
from netralitas_nlp.review.people import require_role
from netralitas_nlp.review.store import ReviewStore


def reveal(store: ReviewStore, subject: str, *, who: str, reason: str) -> str:
    """Return the real name of an account, after the act stands in the log.

    Args:
        store: The store.
        subject: ``row_id`` of a post, or an ``account_key``.
        who: A person with the role ``reviewer`` or ``adjudicator``.
        reason: Not blank.

    Raises:
        ReviewError: ``review_role``, ``review_reason`` or ``review_no_account`` (unknown, without
            an author, or forgotten).
    """
    reason = require_reason(reason)
    with store.base.write() as base:
        require_role(base, who, "reviewer")
        row = base.execute(
            "SELECT name, key FROM accounts WHERE key = ?1 OR id ="
            " (SELECT account FROM posts WHERE row_id = ?1)",
            (subject,),
        ).fetchone()
        if row is None:
            raise ReviewError("review_no_account")
        about = row[1] if row[1] == subject else f"{row[1]} {subject}"
        append(base, who, "reveal", about, reason=reason)
    return str(row[0])
