"""Files that are either whole or absent, readable by their owner alone, and a lock on a folder."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, Self

PRIVATE_FILE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700
"""What we write holds posts of real people: nobody else on the machine needs to read it."""

TEMPORARY: Final = ".tmp-"
"""Start of the name of every file or folder that is not finished yet."""


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Write a file that appears under its name only once it is complete and on the disk.

    Args:
        path: Final name. An older file of that name is replaced at the last moment.

    Yields:
        The open temporary file beside ``path``. If the block raises, it is removed and an
        older file stays as it was.

    Raises:
        OSError: The disk is full, read-only, or the folder is not ours.
    """
    temporary = temporary_name(path)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, PRIVATE_FILE)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def write_whole(path: Path, content: bytes) -> None:
    """Write bytes with ``whole_file``."""
    with whole_file(path) as file:
        file.write(content)


def temporary_name(path: Path) -> Path:
    """Return an unused name beside ``path`` that ``remove_leftovers`` recognises."""
    return path.with_name(f"{TEMPORARY}{secrets.token_hex(4)}-{path.name}")


def make_private_folder(path: Path) -> None:
    """Create a folder that only its owner enters; an existing one keeps its permissions."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=PRIVATE_FOLDER)


def sync_folder(path: Path) -> None:
    """Make the names in a folder survive a power cut, where the system can (not on Windows)."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_leftovers(folder: Path) -> None:
    """Remove what a killed process left unfinished. Only for the holder of the folder's lock."""
    import shutil

    for entry in folder.glob(f"{TEMPORARY}*"):
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                entry.unlink()


class FolderLock:
    """One process at a time in a folder. The system lifts the lock when the process dies.

    Args:
        path: The lock file; it stays behind, empty.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Take the lock and return whether it was free.

        Raises:
            OSError: The lock file cannot be made, as on a read-only disk.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
        try:
            _lock(descriptor)
        except OSError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Give the lock back; without effect where it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


if os.name == "nt":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
