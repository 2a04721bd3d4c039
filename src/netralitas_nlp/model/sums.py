"""The checksums of a model folder: written at release, checked before anything is loaded."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from netralitas_nlp.errors import BundleError

SUMS_FILE: Final = "SHA256SUMS"
MAX_SUMS_BYTES: Final = 64_000
PICKLE_SUFFIXES: Final = (".bin", ".pkl", ".pickle", ".pt", ".pth", ".ckpt", ".joblib", ".dill")
"""Formats that run code when opened. Weights come as safetensors or ONNX only."""

_LINE = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9_][A-Za-z0-9._-]{0,99})")
_CHUNK = 1 << 20


def write_sums(folder: Path) -> str:
    """Write ``SHA256SUMS`` over every file of a folder and return its own SHA-256 digest.

    Hidden files are left out: editors and file managers write them.
    """
    names = sorted(p.name for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    lines = [f"{file_digest(folder / name)}  {name}\n" for name in names if name != SUMS_FILE]
    content = "".join(lines).encode()
    (folder / SUMS_FILE).write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def read_sums(folder: Path) -> tuple[Mapping[str, str], str]:
    """Return ``{file name: digest}`` and the digest of ``SHA256SUMS`` itself.

    Raises:
        BundleError: The file is missing, too large, or names anything but files of its folder.
    """
    content = _read(folder)
    sums: dict[str, str] = {}
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
        match = _LINE.fullmatch(line)
        if match is None or match[2] in sums or match[2] == SUMS_FILE:
            raise BundleError("bundle_sums_malformed", folder=folder, line=number, content=line)
        sums[match[2]] = match[1]
    return sums, hashlib.sha256(content).hexdigest()


def check_sum(folder: Path, name: str, recorded: str) -> None:
    """Raise ``BundleError`` unless the file has the digest recorded for it."""
    actual = file_digest(folder / name)
    if actual != recorded:
        raise BundleError(
            "bundle_file_altered",
            folder=folder,
            file=name,
            actual=actual[:12],
            recorded=recorded[:12],
        )


def check_plain(folder: Path, name: str) -> None:
    """Raise ``BundleError`` unless the folder holds a plain file of this name, not a link."""
    path = folder / name
    if not path.is_symlink() and not path.exists():
        raise BundleError("bundle_file_missing", folder=folder, file=name)
    if path.is_symlink() or not path.is_file():
        raise BundleError("bundle_link", folder=folder, file=name)


def refuse_pickles(folder: Path) -> None:
    """Raise ``BundleError`` if the folder holds a file whose format can run code."""
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in PICKLE_SUFFIXES:
            raise BundleError("bundle_pickle", folder=folder, file=path.name)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _read(folder: Path) -> bytes:
    path = folder / SUMS_FILE
    if not path.exists() and not path.is_symlink():
        raise BundleError("bundle_no_sums", folder=folder)
    check_plain(folder, SUMS_FILE)
    size = path.stat().st_size
    if size > MAX_SUMS_BYTES:
        raise BundleError("bundle_too_large", file=SUMS_FILE, limit=0.064, size=size / 1e6)
    return path.read_bytes()
