"""Which checked claim stands beside a scored row."""

import contextlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from netralitas_nlp.claims.index import ClaimIndex
from netralitas_nlp.claims.match import THRESHOLD, ClaimMatch, ClaimMatcher
from netralitas_nlp.schema import Post

CLAIM_COLUMNS: Final = (
    "claim_url", "claim_title", "claim_similarity", "claim_stance", "claim_verdict", "claim_date",
)  # fmt: skip
"""The last two stand in the parts alone, for the words of the report."""

_CACHED: Final = 2_000
_NOTHING: Final = (None,) * len(CLAIM_COLUMNS)


class ClaimChecks:
    """Fills the columns of the claim of rows that a human is to see.

    Args:
        index: The claims.
    """

    def __init__(self, index: ClaimIndex) -> None:
        self._index = index
        # Copies of one text are common among what is flagged.
        self._match = lru_cache(maxsize=_CACHED)(ClaimMatcher(index).match)

    def facts(self) -> dict[str, Any]:
        """Return what belongs to the configuration of the run."""
        return {
            "sha256": self._index.digest,
            "n_claims": self._index.n_claims,
            "threshold": THRESHOLD,
        }

    def of(self, post: Post, decision: str | None) -> tuple[Any, ...]:
        """Return the values of ``CLAIM_COLUMNS`` of a row.

        Args:
            post: The row.
            decision: Of the row; rows that are clear or not scored are not looked up.
        """
        found: ClaimMatch | None = None
        if decision in ("flag", "review"):
            found = self._match(post.text)
        if found is None:
            return _NOTHING
        return (
            found.url or None,
            found.title,
            found.similarity,
            found.stance,
            found.verdict,
            found.date or None,
        )


@contextlib.contextmanager
def opened_claims(path: str | Path | None) -> Iterator[ClaimChecks | None]:
    """Open an index for a run; nothing where there is no path.

    Raises:
        InputError: It is missing, empty, damaged, of another version or another kind of file.
    """
    if path is None:
        yield None
        return
    with ClaimIndex(path) as index:
        yield ClaimChecks(index)
