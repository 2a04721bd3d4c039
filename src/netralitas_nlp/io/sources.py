"""Where bytes come from: a file, standard input, or a stream unpacked on the way."""

import errno
import io
import sys
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

from netralitas_nlp.errors import InputError

CHUNK: Final = 1 << 20
"""Bytes read at a time; large enough that the cost per read does not show."""

STANDARD_INPUT: Final = "-"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a stream ended before its end.

    Attributes:
        code: Key of the reason in the message catalogue (part ``text``).
        values: What the placeholders of the reason stand for.
    """

    code: str
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes that can be read again from the start, as often as needed.

    Attributes:
        name: As the user gave it, with ``!member`` for a member of an archive.
        path: The file on disk that holds the bytes; ``None`` for standard input.
        open: Starts a fresh pass; ``InputError`` where the system refuses.
        seekable: Whether the stream can be read at any place.
    """

    name: str
    path: Path | None
    open: Callable[[], BinaryIO]
    seekable: bool = True


class BrokenStreamError(Exception):
    """Raised by a producer of chunks whose input is cut or damaged."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.code)
        self.trouble = trouble


def source_of(given: str, *, standard_input: BinaryIO | None = None) -> Source:
    """Return the source that a user named.

    Args:
        given: A path, or ``-`` for standard input, which is kept in a nameless temporary file.
        standard_input: Stream to read instead of ``sys.stdin``.

    Raises:
        InputError: No such file, a folder, or not readable.
    """
    if given == STANDARD_INPUT:
        stream = standard_input if standard_input is not None else sys.stdin.buffer
        return spooled(STANDARD_INPUT, iter(lambda: stream.read(CHUNK), b""), path=None)
    path = Path(given)
    try:
        if path.is_dir():
            raise InputError("input_is_folder", file=given)
        if not path.exists():
            raise InputError("input_missing", file=given)
        if not path.is_file():
            raise InputError("input_not_regular", file=given)
    except (OSError, ValueError) as error:
        # A NUL or an over-long name makes the question itself fail.
        raise InputError("input_unreadable", file=given, reason=str(error)) from None
    return Source(given, path, lambda: _open_file(path, given))


def streamed(name: str, path: Path | None, chunks: Callable[[], Iterator[bytes]]) -> Source:
    """Return a source whose bytes are produced afresh at each pass, in constant memory."""
    return Source(name, path, lambda: _buffered(chunks()), seekable=False)


def spooled(name: str, chunks: Iterator[bytes], *, path: Path | None) -> Source:
    """Return a source that keeps the chunks in a nameless temporary file.

    The file has no name where the system allows it, so that nothing stays behind after a crash.

    Raises:
        InputError: No room for the temporary file.
    """
    try:
        store = tempfile.TemporaryFile(prefix="netralitas-")  # noqa: SIM115 - lives with the source
        for chunk in chunks:
            store.write(chunk)
        store.flush()
    except OSError as error:
        code = "spool_full" if error.errno == errno.ENOSPC else "input_unreadable"
        raise InputError(code, file=name, reason=error.strerror or str(error)) from None
    lock = threading.Lock()
    return Source(name, path, lambda: _shared_view(store, lock))


def spool(source: Source) -> Source:
    """Return the same bytes as a source that can be read at any place.

    Raises:
        InputError: The stream is cut or damaged, or there is no room.
    """
    if source.seekable:
        return source
    with source.open() as stream:
        whole = spooled(source.name, iter(lambda: stream.read(CHUNK), b""), path=source.path)
        trouble = trouble_of(stream)
    if trouble is not None:
        raise InputError("archive_cut", file=source.name)
    return whole


def trouble_of(stream: object) -> Trouble | None:
    """Return why the stream ended early, or ``None`` where it is whole or not yet at its end."""
    raw = getattr(stream, "raw", stream)
    return raw.trouble if isinstance(raw, _ChunkStream) else None


class _ChunkStream(io.RawIOBase):
    """A raw stream over chunks that ends quietly, and remembers why, when they break off."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        super().__init__()
        self._chunks = chunks
        self._left = memoryview(b"")
        self.trouble: Trouble | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        target = memoryview(buffer).cast("B")
        while not self._left:
            try:
                self._left = memoryview(next(self._chunks))
            except StopIteration:
                return 0
            except BrokenStreamError as broken:
                self.trouble = broken.trouble
                return 0
        size = min(len(target), len(self._left))
        target[:size] = self._left[:size]
        self._left = self._left[size:]
        return size

    def close(self) -> None:
        if not self.closed and isinstance(self._chunks, Generator):
            self._chunks.close()
        super().close()


class _SharedView(io.RawIOBase):
    """One reader's own position in a file that several readers share."""

    def __init__(self, store: IO[bytes], lock: threading.Lock) -> None:
        super().__init__()
        self._store = store
        self._lock = lock
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        with self._lock:
            base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at}.get(whence)
            self._at = (self._store.seek(0, io.SEEK_END) if base is None else base) + offset
        return self._at

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        target = memoryview(buffer).cast("B")
        with self._lock:
            self._store.seek(self._at)
            data = self._store.read(len(target))
        target[: len(data)] = data
        self._at += len(data)
        return len(data)


def _buffered(chunks: Iterator[bytes]) -> BinaryIO:
    return io.BufferedReader(_ChunkStream(chunks), CHUNK)


def _shared_view(store: IO[bytes], lock: threading.Lock) -> BinaryIO:
    return io.BufferedReader(_SharedView(store, lock), CHUNK)


def _open_file(path: Path, given: str) -> BinaryIO:
    try:
        return path.open("rb", buffering=CHUNK)
    except FileNotFoundError:
        raise InputError("input_missing", file=given) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError("input_unreadable", file=given, reason=reason) from None
