"""Answers kept on the disk under digests, so that a copied text is computed once.

A file of SQLite, readable by its owner alone. It holds no text: what was asked is a digest of 128
bits, what was answered are numbers. Whoever has both a text and the file can still tell that the
text was scored, so the file is as private as a run folder.
"""

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Final, Self

from netralitas_nlp.errors import RunError
from netralitas_nlp.io.durable import PRIVATE_FILE

KEY_BYTES: Final = 16
"""Among 10 billion texts two share a key with a chance below one in a quintillion."""

WAIT_SECONDS: Final = 60.0
"""How long a process waits for another one that is writing."""

CACHE_KILOBYTES: Final = 16_000

_KIND: Final = 0x4E_54_4C_43
"""``application_id`` of the file: NTLC."""
_LAYOUT: Final = 1
_SUM_BYTES: Final = 8
_ASKED: Final = 500
_HEADER: Final = b"SQLite format 3\0"
_SCHEMA: Final = "CREATE TABLE answer (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID"


class AnswerCache:
    """Answers by key, on the disk. Several processes may use one file at the same time.

    Memory holds a few pages of the file, however large it grows. Each answer carries a checksum
    over itself and its key, so that one that was altered is never taken for an answer.

    Args:
        path: The file; made where it is missing or empty.

    Raises:
        RunError: It is another kind of file, damaged, locked, or cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with _told(path):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE))
            with path.open("rb") as file:
                start = file.read(len(_HEADER))
            if start and start != _HEADER:
                raise RunError("cache_foreign", file=path.name)
            self._base = sqlite3.connect(path, isolation_level=None, timeout=WAIT_SECONDS)
            try:
                self._open()
            except BaseException:
                self._base.close()
                raise

    def _open(self) -> None:
        if self._number("application_id") != _KIND:
            self._make()
        if self._number("user_version") != _LAYOUT:
            layouts = {"found": self._number("user_version"), "ours": _LAYOUT}
            raise RunError("cache_layout", file=self._path.name, **layouts)
        with contextlib.suppress(OSError):
            self._path.chmod(PRIVATE_FILE)
        _patiently(lambda: self._base.execute("PRAGMA journal_mode = WAL").fetchone())
        self._base.execute("PRAGMA synchronous = NORMAL")
        self._base.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")
        self._base.execute("SELECT key, value FROM answer LIMIT 1").fetchone()

    def _make(self) -> None:
        """Lay the file out, unless another process does so at this moment."""
        with self._transaction("EXCLUSIVE"):
            if self._number("application_id") == _KIND:
                return
            tables = self._base.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]
            if tables or self._path.stat().st_size:
                raise RunError("cache_foreign", file=self._path.name)
            self._base.execute(f"PRAGMA application_id = {_KIND}")
            self._base.execute(f"PRAGMA user_version = {_LAYOUT}")
            self._base.execute(_SCHEMA)

    def _number(self, pragma: str) -> int:
        return int(self._base.execute(f"PRAGMA {pragma}").fetchone()[0])

    @contextlib.contextmanager
    def _transaction(self, kind: str) -> Iterator[None]:
        self._base.execute(f"BEGIN {kind}")
        try:
            yield
        except BaseException:
            # A full disk has rolled back already.
            if self._base.in_transaction:
                self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")

    def get(self, keys: Collection[bytes]) -> dict[bytes, bytes]:
        """Return the answers that are known.

        Raises:
            RunError: The file is damaged.
        """
        found: dict[bytes, bytes] = {}
        waiting = iter(keys)
        with _told(self._path):
            while some := list(islice(waiting, _ASKED)):
                marks = ",".join("?" * len(some))
                query = f"SELECT key, value FROM answer WHERE key IN ({marks})"  # noqa: S608
                found |= {key: self._checked(key, v) for key, v in self._base.execute(query, some)}
        return found

    def put(self, answers: Mapping[bytes, bytes]) -> None:
        """Keep answers; one that is known already stays as it is.

        Raises:
            RunError: The file is damaged, or the disk is full.
        """
        if not answers:
            return
        rows = ((key, _sum(key, value) + value) for key, value in answers.items())
        with _told(self._path), self._transaction("IMMEDIATE"):
            self._base.executemany("INSERT OR IGNORE INTO answer VALUES (?, ?)", rows)

    def _checked(self, key: object, stored: object) -> bytes:
        if isinstance(key, bytes) and isinstance(stored, bytes):
            value = stored[_SUM_BYTES:]
            if stored[:_SUM_BYTES] == _sum(key, value):
                return value
        raise RunError("cache_damaged", file=self._path.name, error="checksum")

    def close(self) -> None:
        """Let the file go."""
        self._base.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _sum(key: bytes, value: bytes) -> bytes:
    return blake2b(value, key=key, digest_size=_SUM_BYTES).digest()


def _patiently(step: Callable[[], object]) -> None:
    """Repeat a step that SQLite does not wait for while another process holds the file."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            step()
        except sqlite3.OperationalError as error:
            if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _code(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)) & 0xFF


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn troubles with the file into errors that say what to do."""
    try:
        yield
    except sqlite3.Error as error:
        codes = {
            sqlite3.SQLITE_NOTADB: "cache_foreign",
            sqlite3.SQLITE_BUSY: "cache_busy",
            sqlite3.SQLITE_FULL: "cache_full",
            sqlite3.SQLITE_CANTOPEN: "cache_no_access",
            sqlite3.SQLITE_READONLY: "cache_no_access",
            sqlite3.SQLITE_PERM: "cache_no_access",
        }
        code = codes.get(_code(error), "cache_damaged")
        raise RunError(code, file=path.name, error=error) from None
    except OSError as error:
        reason = error.strerror or error
        raise RunError("cache_no_access", file=path.name, error=reason) from None
