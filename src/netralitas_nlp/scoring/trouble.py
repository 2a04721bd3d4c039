"""Troubles of the output disk, told as errors that say what to do."""

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from netralitas_nlp.errors import RunError

_FULL: Final = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_CLOSED: Final = {errno.EROFS, errno.EACCES, errno.EPERM}


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn a failure to write inside the block into a ``RunError``.

    Args:
        folder: Where the block writes, named in the message.

    Raises:
        RunError: ``run_disk_full``, ``run_read_only`` or ``run_cannot_write``.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise RunError(
            _code(error), folder=folder.name or folder, error=error.strerror or error
        ) from error


def _code(error: OSError) -> str:
    if error.errno in _FULL:
        return "run_disk_full"
    if error.errno in _CLOSED:
        return "run_read_only"
    return "run_cannot_write"
