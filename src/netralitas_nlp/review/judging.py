"""Acts of people: an answer, its withdrawal, the decision of an adjudicator."""

from collections.abc import Iterator

from netralitas_nlp.review.shapes import Answers, Conflict, QueuedPost, VerdictRow
from netralitas_nlp.review.store import ReviewStore


def record(
    store: ReviewStore,
    row_id: str,
    answers: Answers,
    *,
    reviewer: str,
    note: str = "",
    blind: bool = False,
    seconds: float | None = None,
) -> list[VerdictRow]:
    """Add one person's answers about a post: one transaction, on the disk when this returns.

    A second judgement of the same person replaces the first one, which stays in the chain.

    Args:
        store: The store.
        row_id: The post, as ``next_post`` returned it.
        answers: An answer for every label.
        reviewer: A person with the role ``reviewer`` or ``adjudicator``.
        note: At most ``MAX_NOTE`` characters.
        blind: The scores were hidden.
        seconds: Time taken.

    Returns:
        The rows added, one per label.

    Raises:
        ReviewError: ``review_no_post``, ``review_forgotten``, ``review_answers``,
            ``review_role`` or ``review_note``.
    """
    raise NotImplementedError


def undo(store: ReviewStore, *, reviewer: str) -> QueuedPost:
    """Withdraw a reviewer's last judgement with new rows, and return the post to judge again.

    Raises:
        ReviewError: ``review_nothing_to_undo``.
    """
    raise NotImplementedError


def conflicts(store: ReviewStore, *, limit: int = 100) -> Iterator[Conflict]:
    """Yield the posts that wait for an adjudicator, oldest first, with what reviewers said."""
    raise NotImplementedError


def adjudicate(
    store: ReviewStore, row_id: str, answers: Answers, *, adjudicator: str, note: str
) -> list[VerdictRow]:
    """Decide a post on which reviewers differ; their answers stay.

    Raises:
        ReviewError: ``review_role``, ``review_no_conflict``; else as ``record``.
    """
    raise NotImplementedError


def verdicts_of(store: ReviewStore, row_id: str) -> list[VerdictRow]:
    """Return every row about a post, oldest first. Not for a reviewer who has yet to judge it."""
    raise NotImplementedError


def mark_known(store: ReviewStore, row_id: str, answers: Answers, *, who: str, note: str) -> None:
    """Make a post a known case that is shown to reviewers now and then; a logged act.

    Raises as ``record``.
    """
    raise NotImplementedError
