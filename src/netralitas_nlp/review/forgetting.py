"""Removing a person's posts from a store, with a tombstone and the chain still provable."""

from dataclasses import dataclass

from netralitas_nlp.review.store import ReviewStore


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was removed: ``posts`` rows lost their content, ``notes`` were emptied."""

    account_key: str
    posts: int
    notes: int


def forget(store: ReviewStore, account: str, *, who: str, reason: str) -> Forgotten:
    """Remove texts, names, addresses and notes of an account; later runs do not bring them back.

    Ids, scores and verdicts stay, so that counts and both chains still hold.

    Args:
        store: The store.
        account: The name as exported (a leading ``@`` is dropped), or its pseudonym.
        who: For the log, which holds the pseudonym and the reason, never the name.
        reason: Not blank.

    Raises:
        ReviewError: ``review_no_account``, ``review_reason``.
    """
    raise NotImplementedError


def retention(store: ReviewStore, days: int, *, who: str, dry_run: bool = False) -> int:
    """Forget the content of posts decided more than ``days`` days ago; return how many."""
    raise NotImplementedError
