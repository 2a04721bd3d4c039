"""Which clause, stage and policy version stand beside a scored row."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from netralitas_nlp.errors import UsageError
from netralitas_nlp.labeled.tables import read_csv
from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.policy.clauses import clause_for
from netralitas_nlp.policy.policies import Policy, folded, load_policy
from netralitas_nlp.policy.stages import day_of, stage_code
from netralitas_nlp.schema import Post

UNKNOWN_DISTRICT: Final = "?district"
"""Value of ``clause`` where the row's district has no policy file.

A clause that cannot be cited says why: ``?district``, ``?no_date``, ``?before`` (no pledge is on
record by that day), ``?after`` (the last one has ended), ``?not_covered`` (no point covers it).
"""

MAP_COLUMNS: Final = ("account", "district")


@dataclass(frozen=True, slots=True)
class Where:
    """How the district of a post is known; the most specific that has a value counts.

    Attributes:
        district: Of every post.
        column: Input column that names it.
        accounts: Folded account to district.
        digest: SHA-256 of the file of ``accounts``; empty without one.
    """

    district: str | None = None
    column: str | None = None
    accounts: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""

    def of(self, post: Post) -> str | None:
        """Return the district of a post, or nothing."""
        if self.column is not None:
            named = post.fields.get(self.column)
            if isinstance(named, str) and named.strip():
                return named.strip()
        found = self.accounts.get(_account(post.account or ""))
        return found or self.district


def where_from(
    *, district: str | None = None, column: str | None = None, file: str | Path | None = None
) -> Where:
    """Return how districts are known, from what the user says.

    Args:
        district: Name or alias, for every post.
        column: Input column with the name.
        file: CSV with the columns ``account,district``.

    Raises:
        InputError: The file cannot be read or lacks a column.
    """
    if file is None:
        return Where(district, column)
    path = Path(file)
    table = read_csv(path, needs=MAP_COLUMNS)
    accounts = {_account(row["account"]): row["district"].strip() for row in table.rows}
    return Where(district, column, accounts, hashlib.sha256(path.read_bytes()).hexdigest())


class Citations:
    """Fills ``clause``, ``stage`` and ``policy_version`` of rows.

    Args:
        where: How the district of a post is known.
        folders: Policy folders of the user, over the packaged one.
        review: Per label the score from which a row is shown to a reviewer: such labels are cited.

    Raises:
        UsageError: The district given for every post is not known.
        InputError: A policy file is malformed.
    """

    def __init__(
        self, where: Where, *, folders: Sequence[str], review: Mapping[Label, float]
    ) -> None:
        self._where = where
        self._policy: Policy = load_policy(*folders)
        self._review = [review[label] for label in LABELS]
        if where.district is not None:
            self._policy.district(where.district)
        # One run meets few combinations of labels, district and day, and very many rows.
        self._clause: Callable[..., str] = lru_cache(maxsize=20_000)(self._cited)
        self._stage: Callable[[date | None], str] = lru_cache(maxsize=20_000)(self._stage_on)

    @property
    def policy(self) -> Policy:
        """What posts are held against."""
        return self._policy

    def facts(self) -> dict[str, Any]:
        """Return what belongs to the configuration of the run."""
        return {
            "version": self._policy.version,
            "district": self._where.district,
            "column": self._where.column,
            "accounts_sha256": self._where.digest,
        }

    def of(self, post: Post, scores: Sequence[float] | None) -> tuple[str | None, str | None, str]:
        """Return clause, stage and policy version of a row.

        Args:
            post: The row.
            scores: In the order of ``LABELS``; nothing where it was not scored.
        """
        day = day_of(post.posted_at) if post.posted_at else None
        stage = self._stage(day) or None
        clause = None
        if scores is not None:
            at = zip(LABELS, scores, self._review, strict=True)
            labels = tuple(label for label, score, least in at if score >= least)
            district = self._where.of(post) if labels else None
            if labels and district:
                clause = self._clause(labels, district, day) or None
        return clause, stage, self._policy.version

    def _cited(self, labels: tuple[Label, ...], district: str, day: date | None) -> str:
        try:
            found = [clause_for(label, district, day, policy=self._policy) for label in labels]
        except UsageError:
            return UNKNOWN_DISTRICT
        said = [one.citation or f"?{one.standing}" for one in found]
        return ";".join(dict.fromkeys(said))

    def _stage_on(self, day: date | None) -> str:
        return stage_code(day, policy=self._policy) if day else ""


def _account(name: str) -> str:
    return folded(name.strip().lstrip("@"))
