"""Which post comes next, and for whom."""

from netralitas_nlp.review.shapes import Context, Queue, QueuedPost
from netralitas_nlp.review.store import ReviewStore


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
        ReviewError: ``review_role``: the person may not review.
    """
    raise NotImplementedError


def post_of(store: ReviewStore, row_id: str, *, blind: bool = False) -> QueuedPost:
    """Return a post by its id.

    Raises:
        ReviewError: ``review_no_post``.
    """
    raise NotImplementedError


def context_of(store: ReviewStore, row_id: str, *, limit: int = 20) -> Context:
    """Return other posts of the account, those nearest in time, and other copies of the text.

    Never any other person's verdict. Raises as ``post_of``.
    """
    raise NotImplementedError


def skip(store: ReviewStore, row_id: str, *, reviewer: str) -> None:
    """Put a post at the end of this reviewer's queues. Raises as ``post_of``."""
    raise NotImplementedError
