"""The public sets that ``data/sources.toml`` lists: what they are and how a file is recognised."""

import gzip
import hashlib
import zlib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from netralitas_nlp.datafiles import Many, Name, Shape, read_shape
from netralitas_nlp.errors import InputError, UsageError

MAX_PLAIN_BYTES = 2_000_000_000
"""Unpacked bytes that are read before a packed file is refused as a bomb."""

_BLOCK = 1 << 20
_Text = Annotated[str, Field(max_length=4000)]
_Sha = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


def _below(path: str) -> str:
    """Refuse a path that could leave its folder."""
    if not path or path.startswith("/") or "\\" in path or ".." in path.split("/"):
        raise PydanticCustomError("data_key_bad", "a path below the folder")
    return path


_Path = Annotated[str, Field(max_length=300), AfterValidator(_below)]


class Remote(Shape):
    """Where the publisher keeps a file.

    Attributes:
        repository: ``owner/name`` on GitHub.
        commit: Full commit at which the file has the content that ``plain_sha256`` names.
        path: Path in the repository.
    """

    repository: Annotated[str, Field(pattern=r"^[\w.-]+/[\w.-]+$")]
    commit: Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")]
    path: _Path


class File(Shape):
    """One file of a set.

    Attributes:
        path: Its place below the data folder.
        bytes: Its size there.
        sha256: Digest of the bytes there.
        plain_sha256: Digest of the content without gzip; the same as ``sha256`` where the file
            is not packed.
        remote: Where it can be fetched; absent for files that were derived from other sets.
    """

    path: _Path
    bytes: Annotated[int, Field(ge=0)]
    sha256: _Sha
    plain_sha256: _Sha | None = None
    remote: Remote | None = None

    @property
    def packed(self) -> bool:
        """Whether the file is kept with gzip."""
        return self.path.endswith(".gz")

    @property
    def content_sha256(self) -> str:
        """Return the digest by which its content is recognised, packed or not."""
        return self.plain_sha256 or self.sha256


class Source(Shape):
    """One public set: origin, terms, mapping and files."""

    name: Name
    family: Literal["hate", "neutral", "support", "hoax", "benchmarks"]
    origin: Name
    election: _Text = ""
    platform: _Text = ""
    year: _Text = ""
    licence: Name
    terms: _Text
    release: bool
    used: bool
    citation: _Text
    mapping: _Text
    files: Many[File]


class _Sources(Shape):
    set: Many[Source]


def load_sources(path: Path) -> tuple[Source, ...]:
    """Return the listed sets in their order.

    Raises:
        InputError: The file is missing or malformed; the message names the key.
    """
    return read_shape(path, _Sources).set


def chosen(sources: tuple[Source, ...], names: tuple[str, ...]) -> tuple[Source, ...]:
    """Return the sets of these names, or all where none is given.

    Raises:
        UsageError: A name is unknown; the message lists the known ones.
    """
    known = {source.name: source for source in sources}
    for name in names:
        if name not in known:
            raise UsageError("public_set_unknown", name=name, known=", ".join(known))
    return tuple(known[name] for name in dict.fromkeys(names)) if names else sources


def content_digest(path: Path, *, packed: bool) -> str:
    """Return the SHA-256 of a file's content, without gzip where it is packed.

    Raises:
        InputError: The file cannot be read or unpacked, or unpacks to an absurd size.
    """
    digest, seen = hashlib.sha256(), 0
    try:
        with gzip.open(path) if packed else path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                seen += len(block)
                if seen > MAX_PLAIN_BYTES:
                    raise InputError("pull_bomb", file=path)
                digest.update(block)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError("data_file_unreadable", file=path, reason=error) from None
    return digest.hexdigest()
