"""Fetching the public sets: from their publishers or from a folder, checked byte by byte."""

import gzip
import shutil
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from netralitas_nlp.errors import InputError
from netralitas_nlp.labeled.sources import File, Remote, Source, content_digest

HOST: Final = "https://raw.githubusercontent.com"
TIMEOUT: Final = 60.0
SLACK: Final = 20
"""A download may be so many times larger than the listed (possibly packed) size."""

_BLOCK: Final = 1 << 16
State = Literal["present", "copied", "fetched", "unavailable", "failed"]
OnFile = Callable[["Pulled"], None]


@dataclass(frozen=True, slots=True)
class Pulled:
    """What became of one file.

    Attributes:
        state: ``present`` was there and right; ``unavailable`` has no public address.
        reason: Why it failed; empty otherwise.
    """

    source: Source
    file: File
    state: State
    reason: str = ""


def pull(
    sources: Sequence[Source],
    into: Path,
    *,
    copy_from: Path | None = None,
    host: str = HOST,
    tell: OnFile | None = None,
) -> list[Pulled]:
    """Bring the files of these sets below a folder and check every one.

    Files that are there and right are left alone, so an interrupted pull goes on where it
    stopped; a half-fetched file continues from its last byte. A file with other content is
    never put in place.

    Args:
        sources: Sets to bring; their licences have been shown and accepted by the caller.
        into: Folder that will hold ``hate/ hoax/ neutral/ support/``.
        copy_from: Folder of the same form to copy from instead of the network.
        host: Address before ``/owner/name/commit/path``.
        tell: Called after each file.
    """
    done = []
    for source, file in _files(sources):
        found = _one(source, file, into, copy_from=copy_from, host=host)
        done.append(found)
        if tell:
            tell(found)
    return done


def _files(sources: Sequence[Source]) -> Iterator[tuple[Source, File]]:
    return ((source, file) for source in sources for file in source.files)


def _one(source: Source, file: File, into: Path, *, copy_from: Path | None, host: str) -> Pulled:
    target = into / file.path
    with suppress(InputError):
        if target.is_file() and content_digest(target, packed=file.packed) == file.content_sha256:
            return Pulled(source, file, "present")
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if copy_from is not None:
            shutil.copyfile(copy_from / file.path, part)
            ready = part
        elif file.remote is not None:
            _fetch(_address(file.remote, host), part, limit=SLACK * max(file.bytes, _BLOCK))
            ready = _packed(part) if file.packed else part
        else:
            return Pulled(source, file, "unavailable")
        _check(ready, file)
        ready.replace(target)
    except (OSError, InputError) as error:
        reason = error.strerror or str(error) if isinstance(error, OSError) else str(error)
        return Pulled(source, file, "failed", reason)
    part.unlink(missing_ok=True)
    return Pulled(source, file, "copied" if copy_from else "fetched")


def _address(remote: Remote, host: str) -> str:
    return f"{host}/{remote.repository}/{remote.commit}/{urllib.parse.quote(remote.path)}"


def _fetch(address: str, part: Path, *, limit: int) -> None:
    """Write what an address holds to ``part``, continuing where an earlier try stopped."""
    have = part.stat().st_size if part.is_file() else 0
    request = _request(address, have)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310 - see _request
            mode = "ab" if have and answer.status == 206 else "wb"
            with part.open(mode) as out:
                while block := answer.read(_BLOCK):
                    out.write(block)
                    if out.tell() > limit:
                        raise InputError("pull_bomb", file=part)
    except urllib.error.HTTPError as error:
        if error.code != 416:  # 416: all of it is there already
            raise OSError(error.code, f"HTTP {error.code} {error.reason}: {address}") from None
    except urllib.error.URLError as error:
        raise OSError(0, f"{error.reason}: {address}") from None


def _request(address: str, have: int) -> urllib.request.Request:
    if not address.startswith(("https://", "http://127.0.0.1:")):
        raise InputError("pull_address", address=address)
    headers = {"Range": f"bytes={have}-"} if have else {}
    return urllib.request.Request(address, headers=headers)  # noqa: S310 - checked above


def _packed(part: Path) -> Path:
    """Return the same content with gzip; equal bytes for equal content."""
    packed = part.with_suffix(".gz")
    with (
        part.open("rb") as plain,
        packed.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as out,
    ):
        shutil.copyfileobj(plain, out)
    return packed


def _check(ready: Path, file: File) -> None:
    digest = content_digest(ready, packed=file.packed)
    if digest != file.content_sha256:
        ready.unlink(missing_ok=True)
        raise InputError(
            "pull_digest", file=file.path, wanted=file.content_sha256[:12], found=digest[:12]
        )
