"""Exports in object storage, fetched to a private temporary file before they are read.

An export is read several times, at any place, and its digest is needed before the first row; so the
bytes come once, as they are, and everything after that is the reading of a local file. Only stores
that people name are asked, and nothing is written to them.
"""

import contextlib
import errno
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from netralitas_nlp.errors import InputError, MissingExtraError, UsageError

SCHEMES: Final = ("s3", "gs", "gcs", "abfs", "az", "file", "memory")
"""Stores that hold files. Web addresses are not among them: an export is a file somebody keeps."""

_ADDRESS: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://(.*)", re.DOTALL)
_BLOCK: Final = 1 << 22


def is_remote(name: str) -> bool:
    """Return whether a name is an address such as ``s3://ember/ekspor.csv`` and no path."""
    return _ADDRESS.fullmatch(name) is not None


def require_local(name: str | Path | None, option: str) -> None:
    """Make sure that a name is a place on this machine.

    Raises:
        UsageError: It is an address; the message says what to do.
    """
    if isinstance(name, str) and is_remote(name):
        raise UsageError("out_remote", option=option, value=name)


def parts_of(address: str) -> list[str]:
    """Return the scheme and the names along an address, for telling files apart."""
    found = _ADDRESS.fullmatch(address)
    scheme, path = (found[1], found[2]) if found else ("", address)
    return [f"{scheme}:", *(part for part in path.split("/") if part)]


def listed(pattern: str) -> list[str]:
    """Return the addresses that a pattern with wildcards names, in order of name.

    Raises:
        InputError: No file has an address of that form, or the store cannot be asked.
        MissingExtraError: The packages for this store are not installed.
    """
    store, path = _store(pattern)
    with _told(pattern):
        found = sorted(str(store.unstrip_protocol(name)) for name in store.glob(path))
    if not found:
        raise InputError("no_match", pattern=pattern)
    return found


@contextlib.contextmanager
def fetched(address: str) -> Iterator[Path]:
    """Keep the file of an address in a private temporary folder while the block runs.

    Raises:
        InputError: It is missing, a folder, not readable, or there is no room.
        MissingExtraError: The packages for this store are not installed.
    """
    store, path = _store(address)
    name = parts_of(address)[-1]
    with tempfile.TemporaryDirectory(prefix="netralitas-") as folder:
        place = Path(folder) / (name if Path(name).name == name else "ekspor")
        with _told(address):
            if store.isdir(path):
                raise InputError("input_is_folder", file=address)
            with store.open(path, "rb") as source, place.open("wb") as target:
                shutil.copyfileobj(source, target, _BLOCK)
        yield place


def _store(address: str) -> tuple[Any, str]:
    """Return the file system of an address and the path in it."""
    found = _ADDRESS.fullmatch(address)
    scheme = found[1].lower() if found else ""
    if scheme not in SCHEMES or "::" in address:
        raise InputError("input_scheme", file=address, schemes=", ".join(SCHEMES))
    try:
        import fsspec
    except ImportError:
        raise MissingExtraError("missing_extra", package="fsspec", extra="cloud") from None
    try:
        with _told(address):
            store, path = fsspec.core.url_to_fs(address)
    except ImportError:
        packages = {"s3": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "abfs": "adlfs", "az": "adlfs"}
        package = packages.get(scheme, "fsspec")
        raise MissingExtraError("missing_extra", package=package, extra="cloud") from None
    return store, str(path)


@contextlib.contextmanager
def _told(address: str) -> Iterator[None]:
    """Turn what a store raises into an error of the export; each client has classes of its own."""
    try:
        yield
    except (InputError, ImportError):
        raise
    except FileNotFoundError:
        raise InputError("input_missing", file=address) from None
    except Exception as error:
        full = isinstance(error, OSError) and error.errno == errno.ENOSPC
        code = "spool_full" if full else "input_unreadable"
        reason = f"{type(error).__name__}: {error}"
        raise InputError(code, file=address, reason=reason) from None
