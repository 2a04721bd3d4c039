"""The chain of hashes over verdicts and log: how it is made and how it is proved."""

from dataclasses import dataclass

from netralitas_nlp.review.store import ReviewStore


@dataclass(frozen=True, slots=True)
class ChainReport:
    """Whether a store is whole.

    Attributes:
        ok: Nothing was found.
        verdicts: Rows of the verdict chain that were walked.
        entries: Entries of the log that were walked.
        first_bad: ``seq`` of the first row that does not fit, ``None`` where all do.
        what: Code of what is wrong there (``verdict_hash``, ``verdict_gap``, ``log_hash``,
            ``log_gap``, ``post_altered``, ``note_altered``, ``forgotten_unlogged``,
            ``state``, ``file``); empty where nothing is.
        head: Hash of the last verdict; keep it elsewhere to notice a cut-off chain.
        log_head: Hash of the last entry of the log.
    """

    ok: bool
    verdicts: int
    entries: int
    first_bad: int | None
    what: str
    head: str
    log_head: str


def check(store: ReviewStore) -> ChainReport:
    """Walk both chains and compare the posts with what the chain says of them."""
    raise NotImplementedError
