"""Unpacking ``.gz`` and ``.zip`` as streams, guarded against bombs, locks and path tricks."""

import copy
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, Final

from netralitas_nlp.errors import InputError
from netralitas_nlp.io.sources import (
    CHUNK,
    BrokenStreamError,
    Source,
    Trouble,
    spool,
    streamed,
)

MAX_RATIO: Final = 200
"""Most bytes out per byte in. Repetitive exports reach about 60; deflate can reach 1,032."""

RATIO_FREE: Final = 128 * 1024**2
"""Bytes out before the ratio counts: a small file may be all one letter and do no harm."""

MAX_STREAMED: Final = 64 * 1024**3
"""Most bytes out of one archive, read as a stream; ten million rows take 5-10 GiB."""

MAX_WORKBOOK: Final = 4 * 1024**3
"""Most bytes out of one workbook, which is held in memory; a full sheet of posts takes 1 GiB."""

MAX_MEMBERS: Final = 100_000
"""Most members of one archive; account downloads hold some ten thousand."""

_DRIVE: Final = re.compile(r"[A-Za-z]:")
_SKIPPED: Final = re.compile(r"(^|/)(__MACOSX/|\.)")


@dataclass(slots=True)
class Meter:
    """Counts what goes in and comes out of an archive, and stops a bomb.

    Attributes:
        file: Name shown in the error.
        packed: Bytes in so far.
        unpacked: Bytes out so far.
        limit: Most bytes out.
    """

    file: str
    packed: int = 0
    unpacked: int = 0
    limit: int = MAX_STREAMED

    def add(self, *, packed: int = 0, unpacked: int = 0) -> None:
        """Count bytes.

        Raises:
            InputError: More came out than a real export can hold.
        """
        self.packed += packed
        self.unpacked += unpacked
        too_dense = self.unpacked > RATIO_FREE and self.unpacked > MAX_RATIO * max(self.packed, 1)
        if too_dense or self.unpacked > self.limit:
            mebibytes = self.unpacked // 1024**2
            raise InputError("archive_bomb", file=self.file, size=mebibytes, packed=self.packed)


def gunzipped(source: Source) -> Source:
    """Return the unpacked bytes of a ``.gz``, its members joined."""
    return streamed(source.name, source.path, lambda: _gzip_chunks(source))


def zip_members(source: Source) -> tuple[Source, ...]:
    """Return the files of a ``.zip`` in the order of the archive, named ``a.zip!member``.

    Nothing is written to disk; folders, hidden files and the shadows that macOS adds are left out.

    Raises:
        InputError: Damaged, encrypted, a member whose name leaves its folder, or a bomb.
    """
    whole = spool(source)
    infos = _directory(whole)
    meter = Meter(source.name)
    meter.add(
        packed=sum(info.compress_size for info in infos),
        unpacked=sum(info.file_size for info in infos),
    )
    wanted = [info for info in infos if not info.is_dir() and not _SKIPPED.search(info.filename)]
    for info in infos:
        _refuse_tricks(source.name, info)
    return tuple(
        streamed(f"{source.name}!{info.filename}", source.path, partial(_unpack, whole, info))
        for info in wanted
    )


def zip_names(source: Source) -> frozenset[str]:
    """Return the names in a ``.zip``, to tell a workbook from an archive.

    Raises:
        InputError: Damaged beyond its directory.
    """
    return frozenset(info.filename for info in _directory(spool(source)))


def measure_workbook(source: Source) -> None:
    """Unpack every part of a workbook once, keeping nothing, before a library holds it in memory.

    Raises:
        InputError: A bomb, a part that is larger than it says, or damage.
    """
    meter = Meter(source.name, limit=MAX_WORKBOOK)
    for info in _directory(source):
        if info.flag_bits & 1:
            raise InputError("archive_encrypted", file=source.name, member=info.filename)
        meter.add(packed=info.compress_size)
        unpacked = 0
        try:
            for chunk in _unpack(source, info):
                meter.add(unpacked=len(chunk))
                unpacked += len(chunk)
        except BrokenStreamError:
            raise InputError("workbook_damaged", file=source.name, reason=info.filename) from None


def part_chunks(source: Source, name: str) -> Iterator[bytes]:
    """Yield the bytes of one part of a workbook that has been measured; nothing where absent."""
    for info in _directory(source):
        if info.filename == name:
            yield from _unpack(source, info)
            return


def _directory(source: Source) -> list[zipfile.ZipInfo]:
    with source.open() as stream:
        try:
            with zipfile.ZipFile(stream) as archive:
                infos = archive.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
            raise InputError("zip_damaged", file=source.name, reason=str(error)) from None
    if len(infos) > MAX_MEMBERS:
        raise InputError("zip_crowded", file=source.name, count=len(infos), limit=MAX_MEMBERS)
    return infos


def _refuse_tricks(file: str, info: zipfile.ZipInfo) -> None:
    name = info.filename
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or _DRIVE.match(name):
        raise InputError("archive_path_trick", file=file, member=name)
    if info.flag_bits & 1:
        raise InputError("archive_encrypted", file=file, member=name)


def _unpack(source: Source, info: zipfile.ZipInfo) -> Iterator[bytes]:
    # The library would stop at the size that the directory claims; asked for more, it goes on
    # to the true end, and a part that lies about its size is noticed.
    honest = copy.copy(info)
    honest.file_size = 1 << 62
    seen = 0
    with source.open() as stream:
        try:
            with zipfile.ZipFile(stream) as archive, archive.open(honest) as member:
                while chunk := member.read(CHUNK):
                    seen += len(chunk)
                    if seen > info.file_size:
                        raise InputError("archive_liar", file=source.name, member=info.filename)
                    yield chunk
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            ValueError,
            NotImplementedError,
            RuntimeError,
        ):
            trouble = Trouble("reject_archive_damaged", {"member": info.filename})
            raise BrokenStreamError(trouble) from None


def _gzip_chunks(source: Source) -> Iterator[bytes]:
    meter = Meter(source.name)
    with source.open() as stream:
        yield from _members(stream, meter)


def _members(stream: BinaryIO, meter: Meter) -> Iterator[bytes]:
    pending = stream.read(CHUNK)
    meter.add(packed=len(pending))
    # Bytes after the last member that are no gzip are padding, as the gzip tool treats them.
    while pending.startswith(b"\x1f\x8b"):
        engine = zlib.decompressobj(wbits=31)
        while not engine.eof:
            try:
                out = engine.decompress(pending, CHUNK)
            except zlib.error:
                raise BrokenStreamError(Trouble("reject_gzip_damaged")) from None
            meter.add(unpacked=len(out))
            if out:
                yield out
            pending = engine.unconsumed_tail
            if not pending and not engine.eof:
                pending = stream.read(CHUNK)
                meter.add(packed=len(pending))
                if not pending and not out:
                    raise BrokenStreamError(Trouble("reject_gzip_cut"))
        pending = engine.unused_data.lstrip(b"\0")
        if len(pending) < 2:
            more = stream.read(CHUNK)
            meter.add(packed=len(more))
            pending = (pending + more).lstrip(b"\0")
