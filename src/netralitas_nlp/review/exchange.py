"""Verdicts out of the desk and annotations into it, in the formats of other tools."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

from netralitas_nlp.review.store import ReviewStore

Format = Literal["verdicts", "training", "argilla", "label-studio", "doccano"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import brought.

    Attributes:
        posts: Posts that got answers.
        answers: Rows added to the chain.
        repeated: Answers that were in the store already.
        skipped: Records without an answer, or of a row the store does not hold.
    """

    posts: int
    answers: int
    repeated: int
    skipped: int


def export(
    store: ReviewStore,
    path: Path,
    *,
    form: Format = "verdicts",
    run_id: int | None = None,
    history: bool = False,
    who: str = "",
) -> int:
    """Write what the desk decided; a logged act. Returns the number of lines or records.

    Args:
        store: The store.
        path: The new file, mode 0600.
        form: ``verdicts``: ``verdicts.jsonl``, standing answers, one line per row (copies of a
            judged text included) and label. ``training``: CSV with masked texts. The others
            carry every post that was judged, with the answers and names of the reviewers.
        run_id: Only rows of this run; ``prevalence`` reads verdicts of one run at a time.
        history: Every row of the chain, withdrawn ones too; only for ``verdicts``.
        who: For the log.
    """
    raise NotImplementedError


def import_annotations(store: ReviewStore, path: Path, *, form: Format, who: str) -> Imported:
    """Add answers given in another tool; ids and names of reviewers are kept.

    One transaction: all or nothing. The same file a second time adds nothing.

    Raises:
        InputError: A record is malformed; it is named.
    """
    raise NotImplementedError
