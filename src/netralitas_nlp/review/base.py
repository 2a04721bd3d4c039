"""The SQLite file under the store: made privately, opened carefully, its troubles told in words."""

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from netralitas_nlp.errors import ReviewError
from netralitas_nlp.io.durable import PRIVATE_FILE
from netralitas_nlp.review.migrations import LATEST, migrate

APPLICATION_ID: Final = 0x4E_54_52_56
"""Marks our files among those of SQLite: the letters NTRV."""

BUSY_SECONDS: Final = 60.0
"""How long a writer waits for another one; adding a large run holds the file for a while."""

_MAGIC: Final = b"SQLite format 3\0"


class Base:
    """The connections of one process to one store, one per thread.

    Args:
        path: An existing store.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection of this thread, for reading one consistent state."""
        with troubles(self.path):
            base = self._connection()
            if base.in_transaction:
                yield base
                return
            base.execute("BEGIN")
            try:
                yield base
            finally:
                # A read-only transaction has nothing to keep; a broken one may be gone already.
                if base.in_transaction:
                    base.execute("ROLLBACK")

    @contextlib.contextmanager
    def write(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """Yield the connection inside a transaction: all of the block is kept, or nothing.

        Args:
            durable: It is on the disk when the block ends, even if the power fails then.
        """
        with troubles(self.path):
            base = self._connection()
            base.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            base.execute("BEGIN IMMEDIATE")
            try:
                yield base
                base.execute("COMMIT")
            except BaseException:
                if base.in_transaction:
                    base.execute("ROLLBACK")
                raise

    def empty_log(self) -> None:
        """Move what the write-ahead log holds into the file and cut the log to nothing."""
        with troubles(self.path):
            self._connection().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            for base in self._all:
                base.close()
            self._all.clear()
            self._local = threading.local()

    def _connection(self) -> sqlite3.Connection:
        base: sqlite3.Connection | None = getattr(self._local, "base", None)
        if base is None:
            base = connect(self.path)
            self._local.base = base
            with self._lock:
                self._all.append(base)
        return base


def connect(path: Path) -> sqlite3.Connection:
    """Open a connection to an existing file with the settings every store needs."""
    base = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=rw",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    base.execute("PRAGMA foreign_keys = ON")
    # What was forgotten must not linger in free pages.
    base.execute("PRAGMA secure_delete = ON")
    base.execute("PRAGMA cache_size = -65536")
    return base


def prepare(path: Path, *, create: bool, to: int = LATEST) -> bool:
    """Make sure a sound store of a known version lies at ``path``.

    Args:
        path: The file.
        create: Make it where it is missing.
        to: Version to bring it to.

    Returns:
        Whether the store is new, and still without its settings.

    Raises:
        ReviewError: See ``ReviewStore.open``.
    """
    with troubles(path):
        _make(path, create=create)
        _require_sqlite(path)
        if path.stat().st_mode & 0o077:
            path.chmod(PRIVATE_FILE)
        with contextlib.closing(connect(path)) as base:
            version, new = _version(base, path)
            if new:
                base.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                base.execute("PRAGMA journal_mode = WAL").fetchall()
            if version != to:
                base.execute("BEGIN IMMEDIATE")
                # Another process may have been faster.
                _version(base, path)
                migrate(base, to=to)
                base.execute("COMMIT")
            _require_tables(base, path)
    return new


def _make(path: Path, *, create: bool) -> None:
    if path.exists():
        if not path.is_file():
            raise ReviewError("review_not_a_store", file=path.name)
        return
    if not create:
        raise ReviewError("review_missing", file=path.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE_FILE))


def _require_sqlite(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(len(_MAGIC))
    if start and start != _MAGIC:
        # Torn headers of a store are named too; nothing is written over them.
        ours = any(path.with_name(path.name + end).exists() for end in ("-wal", "-shm"))
        raise ReviewError("review_damaged" if ours else "review_not_a_store", file=path.name)


def _version(base: sqlite3.Connection, path: Path) -> tuple[int, bool]:
    """Return the version of the store and whether it is empty."""
    mark = base.execute("PRAGMA application_id").fetchone()[0]
    version = int(base.execute("PRAGMA user_version").fetchone()[0])
    tables = base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if version == 0 and not tables and mark in (0, APPLICATION_ID):
        return 0, True
    if mark != APPLICATION_ID:
        raise ReviewError("review_not_a_store", file=path.name)
    if version > LATEST:
        raise ReviewError("review_newer", file=path.name, version=version, ours=LATEST)
    if version == 0:
        raise ReviewError("review_damaged", file=path.name)
    return version, False


def _require_tables(base: sqlite3.Connection, path: Path) -> None:
    found = {name for (name,) in base.execute("SELECT name FROM sqlite_master")}
    if not {"meta", "runs", "posts", "contents", "verdicts", "journal", "people"} <= found:
        raise ReviewError("review_damaged", file=path.name)


@contextlib.contextmanager
def troubles(path: Path) -> Iterator[None]:
    """Tell the troubles of SQLite and of the disk as errors that say what to do.

    Raises:
        ReviewError: ``review_damaged``, ``review_busy`` or ``review_cannot_write``.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = _code(getattr(error, "sqlite_errorname", None) or "")
        if code is None:
            raise
        raise ReviewError(code, file=path.name, reason=error) from error
    except OSError as error:
        reason = error.strerror or error
        raise ReviewError("review_cannot_write", file=path.name, reason=reason) from error


def _code(name: str) -> str | None:
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return "review_damaged"
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return "review_busy"
    if name.startswith(("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_CANTOPEN")):
        return "review_cannot_write"
    return None
