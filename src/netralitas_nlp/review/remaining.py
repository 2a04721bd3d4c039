"""How many violating posts are still undecided: when it is safe to stop."""

from typing import Final

from netralitas_nlp.review.shapes import Queue, Remaining
from netralitas_nlp.review.store import ReviewStore

RECALL_GOAL: Final = 0.95
"""Share of the violating posts that must have been found before the desk says "may stop"."""


def remaining(
    store: ReviewStore,
    *,
    reviewer: str,
    order: Queue,
    account: str | None = None,
    below: bool = False,
) -> Remaining:
    """Return what is left for a reviewer in an order, and the violations expected among it."""
    raise NotImplementedError
