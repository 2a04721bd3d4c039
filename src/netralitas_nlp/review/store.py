"""The review store: one SQLite file that is only ever added to."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class RunFacts:
    """A run in the store.

    Attributes:
        run_id: Number in the store, from 1.
        folder: Name of the folder it came from, without its path.
        digest: SHA-256 over the digests of its parts.
        bundle: Name of the model.
        operating_point: Name of the thresholds.
        rows: Rows of the run in the store.
        scored: Those with a decision.
        waiting: Flagged and borderline posts; copies of one text count once.
        audit: Posts of the audit sample.
        known: Rows that an earlier run had brought already; they keep what that run said.
        forgotten: Rows left out because their account was forgotten.
        new: False where the very same run was in the store already.
    """

    run_id: int
    folder: str
    digest: str
    bundle: str
    operating_point: str
    rows: int
    scored: int
    waiting: int
    audit: int
    known: int
    forgotten: int
    new: bool


class ReviewStore:
    """One SQLite file in WAL mode, readable by its owner alone.

    Usable from several threads (a connection each) and from several processes.

    Attributes:
        path: The file.
    """

    path: Path

    @classmethod
    def open(cls, path: str | Path, *, create: bool = True) -> Self:
        """Open a store; an older one is migrated forward.

        Args:
            path: The file. Made with mode 0600 where it is missing and ``create`` is set.
            create: Without it, a missing file is an error.

        Raises:
            ReviewError: ``review_missing``, ``review_not_a_store``, ``review_newer``,
                ``review_damaged`` or ``review_cannot_write``. A damaged store is never rebuilt.
        """
        raise NotImplementedError

    def add_run(
        self,
        run: str | Path,
        *,
        who: str = "",
        audit: int = 400,
        seed: int | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> RunFacts:
        """Take a snapshot of the posts of a finished run. The same run a second time adds nothing.

        The whole run is added or nothing of it; memory does not grow with its rows.

        Args:
            run: The folder.
            who: For the log.
            audit: Size of the random sample that the run is audited by; also written down in
                ``samples/`` of the run folder, which ``prevalence`` reads. 0 for none.
            seed: Of the sample; random where ``None``.
            progress: Called with rows done and rows in all.

        Raises:
            RunError: The folder is no finished run, or it is damaged.
            ReviewError: The store cannot be written.
        """
        raise NotImplementedError

    def runs(self) -> list[RunFacts]:
        """Return the runs in the order they were added."""
        raise NotImplementedError

    def setting(self, name: str) -> float:
        """Return a setting: ``double`` (share of posts judged twice, 0–1; default 0),
        ``seeded`` (share of known cases among posts handed out; default 0.05).
        """
        raise NotImplementedError

    def set_setting(self, name: str, value: float, *, who: str) -> None:
        """Change a setting; a logged act. It holds for posts nobody has judged yet."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the connections of all threads."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
