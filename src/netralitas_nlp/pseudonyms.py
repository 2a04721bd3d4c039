"""Names of accounts on what people read: pseudonyms under a secret of the run, a log of reveals.

There is one scheme. A run folder holds one random secret, ``pseudonym.key``, made by whatever first
needs a pseudonym: as a rule the page that ``netralitas score`` writes. The page, the list of
accounts, samples and dossiers of a run all use it, and the review desk takes over the secret of the
first run brought to it; so an account has one pseudonym in all of them. Another run has a secret of
its own, and ``--fresh`` keeps it. Only names are replaced: texts of posts stay as written and can
mention accounts.
"""

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Final

from netralitas_nlp.errors import RunError
from netralitas_nlp.io.durable import PRIVATE_FILE
from netralitas_nlp.scoring.manifest import now
from netralitas_nlp.scoring.trouble import writing

KEY_FILE: Final = "pseudonym.key"
REVEAL_LOG: Final = "reveal.log"

_KEY_BYTES: Final = 32
_ALPHABET: Final = "23456789BCDFGHJKMNPQRSTVWXYZ"
"""No vowels, so that a pseudonym never spells a word; no signs that look alike."""
_SIGNS: Final = 10
"""28^10 names: among a million accounts, two share one with probability below 0.2 %."""


def bare_name(account: str | None) -> str:
    """Return the name of an account as it is told apart: without surrounding space and ``@``."""
    return (account or "").strip().removeprefix("@")


def pseudonym(account: str, *, key: bytes) -> str:
    """Return a name such as ``K7Q2M-XH4RT``: the same for one account under one key.

    HMAC-SHA256 (RFC 2104): without the key, a list of handles cannot be tried out.

    Args:
        account: Handle or id as exported, with or without ``@``.
        key: Secret of the run, from ``run_key``.
    """
    name = bare_name(account).encode("utf-8", "surrogatepass")
    digest = hmac.digest(key, name, hashlib.sha256)
    number = int.from_bytes(digest[:8], "big")
    signs = []
    for _ in range(_SIGNS):
        number, index = divmod(number, len(_ALPHABET))
        signs.append(_ALPHABET[index])
    half = _SIGNS // 2
    return "".join(signs[:half]) + "-" + "".join(signs[half:])


def run_key(folder: Path) -> bytes:
    """Return the secret of a run, made at random the first time and readable by its owner alone.

    Raises:
        RunError: The folder cannot be written, or the key file is damaged.
    """
    path = folder / KEY_FILE
    with writing(folder):
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        except FileExistsError:
            return _read(path)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            key = secrets.token_bytes(_KEY_BYTES)
            file.write(key.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
    return key


def log_reveal(folder: Path, command: str) -> None:
    """Append time and command to ``reveal.log``, on the disk before any name is shown.

    Raises:
        RunError: The log cannot be written; then no name may be shown either.
    """
    plain = "".join(c if c.isprintable() else "?" for c in command)
    line = f"{now()}\t{plain}\n".encode("utf-8", "replace")
    with writing(folder):
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        descriptor = os.open(folder / REVEAL_LOG, flags, PRIVATE_FILE)
        try:
            os.write(descriptor, line)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _read(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise RunError("pseudonym_key_damaged", folder=path.parent.name, file=KEY_FILE)
    return key
