"""The review store: one SQLite file that is only ever added to."""

import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final, Self

from netralitas_nlp.errors import ReviewError, UsageError
from netralitas_nlp.review.base import Base, prepare
from netralitas_nlp.review.migrations import LATEST, OLDEST
from netralitas_nlp.review.shapes import RunFacts

SETTINGS: Final = {"double": 0.0, "seeded": 0.05}
"""Settings and their defaults, each a share in [0, 1]. ``double``: posts that two people judge;
``seeded``: known cases among the posts handed out."""

_KEY_BYTES: Final = 32


class ReviewStore:
    """One SQLite file in WAL mode, readable by its owner alone. Made by ``open``.

    Usable from several threads (a connection each) and from several processes.

    Attributes:
        path: The file.
        base: Its connections; for the modules of this room.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.base = Base(path)

    @classmethod
    def open(cls, path: str | Path, *, create: bool = True) -> Self:
        """Open a store; an older one is migrated forward.

        Args:
            path: The file. Made with mode 0600 where it is missing and ``create`` is set.
            create: Without it, a missing file is an error.

        Raises:
            ReviewError: ``review_missing``, ``review_not_a_store``, ``review_newer``,
                ``review_damaged``, ``review_busy`` or ``review_cannot_write``. A damaged store is
                never rebuilt.
        """
        prepare(Path(path), create=create)
        store = cls(Path(path))
        with store.base.read() as base:
            has_key = base.execute("SELECT 1 FROM meta WHERE key = 'key'").fetchone()
        if not has_key:
            with store.base.write() as base:
                key = secrets.token_bytes(_KEY_BYTES).hex()
                base.execute("INSERT INTO meta VALUES ('key', ?) ON CONFLICT DO NOTHING", (key,))
        return store

    @property
    def key(self) -> bytes:
        """Secret behind the pseudonyms: that of the first run, so that lists and desk agree."""
        with self.base.read() as base:
            row = base.execute("SELECT value FROM meta WHERE key = 'key'").fetchone()
        return bytes.fromhex(row[0])

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
            RunError: The folder is no run, or it is damaged.
            ReviewError: ``review_unfinished``, or the store cannot be written.
        """
        from netralitas_nlp.review.intake import add_run

        return add_run(self, Path(run), who=who, audit=audit, seed=seed, progress=progress)

    def runs(self) -> list[RunFacts]:
        """Return the runs in the order they were added."""
        with self.base.read() as base:
            found = base.execute("SELECT facts FROM runs ORDER BY id").fetchall()
        return [RunFacts(**json.loads(facts), new=False) for (facts,) in found]

    def setting(self, name: str) -> float:
        """Return one of ``SETTINGS``."""
        _require_setting(name)
        with self.base.read() as base:
            row = base.execute("SELECT value FROM meta WHERE key = ?", (f"set:{name}",)).fetchone()
        return float(row[0]) if row else SETTINGS[name]

    def set_setting(self, name: str, value: float, *, who: str) -> None:
        """Change a setting; a logged act. It holds for posts nobody has judged yet.

        Raises:
            UsageError: ``review_setting``: unknown, or not in [0, 1].
        """
        from netralitas_nlp.review.journal import append

        _require_setting(name)
        if not 0 <= value <= 1:
            raise UsageError("review_setting", name=name, value=value, known=", ".join(SETTINGS))
        with self.base.write() as base:
            base.execute(
                "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                (f"set:{name}", repr(float(value))),
            )
            append(base, who, "setting", name, reason=repr(float(value)))

    def close(self) -> None:
        """Close the connections of all threads."""
        self.base.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def migrate_file(path: Path, *, to: int = LATEST) -> None:
    """Bring a store to an older or newer version, for programs of that version.

    Raises:
        UsageError: There is no such version.
        ReviewError: As ``ReviewStore.open``.
    """
    if not OLDEST <= to <= LATEST:
        raise UsageError("review_version", version=to, oldest=OLDEST, latest=LATEST)
    prepare(path, create=False, to=to)


def _require_setting(name: str) -> None:
    if name not in SETTINGS:
        raise ReviewError("review_setting", name=name, value="", known=", ".join(SETTINGS))
