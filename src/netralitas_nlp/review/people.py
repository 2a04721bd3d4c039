"""The people of a desk, their roles and their passwords (Argon2id, RFC 9106)."""

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

from netralitas_nlp.errors import MissingExtraError, ReviewError
from netralitas_nlp.review.journal import append
from netralitas_nlp.review.store import ReviewStore
from netralitas_nlp.scoring.manifest import now

if TYPE_CHECKING:
    from argon2 import PasswordHasher

Role = Literal["reviewer", "adjudicator", "reader"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
"""``reviewer`` judges; ``adjudicator`` judges and decides conflicts; ``reader`` only reads."""

MIN_PASSWORD: Final = 8
MAX_PASSWORD: Final = 1_000
MAX_NAME: Final = 60

_MAY: Final[dict[str, frozenset[Role]]] = {
    "reader": frozenset({"reader"}),
    "reviewer": frozenset({"reader", "reviewer"}),
    "adjudicator": frozenset({"reader", "reviewer", "adjudicator"}),
}
_NOBODY: Final = (
    "$argon2id$v=19$m=65536,t=3,p=4$n7W9epCfODUecchYdNpFRQ$"
    "AZDdiqYRSjgtpaLL/pj2DNXQVabMnJtzWlkOtIisQkI"
)
"""Hash of nothing that is used: the name is unknown, yet the answer takes as long."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who may use the desk."""

    name: str
    role: Role
    created_at: str
    disabled: bool
    has_password: bool


def add_person(
    store: ReviewStore, name: str, role: Role, password: str | None, *, who: str = ""
) -> Person:
    """Add a person. Without a password nobody can sign in under the name with one.

    Args:
        store: The store.
        name: 1 to ``MAX_NAME`` printable characters; case matters.
        role: One of ``ROLES``.
        password: ``MIN_PASSWORD`` to ``MAX_PASSWORD`` characters.
        who: For the log.

    Raises:
        ReviewError: ``review_name``, ``review_name_taken``, ``review_role_unknown`` or
            ``review_password``.
        MissingExtraError: The package argon2-cffi is not installed.
    """
    name = name.strip()
    if not 1 <= len(name) <= MAX_NAME or not name.isprintable():
        raise ReviewError("review_name", name=name, most=MAX_NAME)
    _require_role_name(role)
    secret = None if password is None else _hash(password)
    with store.base.write() as base:
        taken = base.execute("SELECT name FROM people").fetchall()
        if name.casefold() in {other.casefold() for (other,) in taken}:
            raise ReviewError("review_name_taken", name=name)
        base.execute("INSERT INTO people VALUES (?, ?, ?, ?, NULL)", (name, role, secret, now()))
        append(base, who, "person_added", name, reason=role)
    return next(person for person in people(store) if person.name == name)


def set_password(store: ReviewStore, name: str, password: str, *, who: str) -> None:
    """Replace a password; a logged act. Raises as ``add_person``, and ``review_no_person``."""
    secret = _hash(password)
    with store.base.write() as base:
        _require_person(base, name)
        base.execute("UPDATE people SET password = ? WHERE name = ?", (secret, name))
        append(base, who, "password", name)


def set_role(store: ReviewStore, name: str, role: Role, *, who: str) -> None:
    """Change the role of a person, who may enter again; a logged act.

    Raises:
        ReviewError: ``review_no_person``, ``review_role_unknown``.
    """
    _require_role_name(role)
    with store.base.write() as base:
        _require_person(base, name)
        base.execute("UPDATE people SET role = ?, disabled_at = NULL WHERE name = ?", (role, name))
        append(base, who, "role", name, reason=role)


def check_password(store: ReviewStore, name: str, password: str) -> bool:
    """Return whether a person may enter; as slow for unknown names as for known ones."""
    from argon2.exceptions import InvalidHashError, VerificationError

    with store.base.read() as base:
        row = base.execute(
            "SELECT password FROM people WHERE name = ? AND disabled_at IS NULL", (name,)
        ).fetchone()
    secret = row[0] if row and row[0] else None
    try:
        matches = _hasher().verify(secret or _NOBODY, password[:MAX_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False
    return bool(matches) and secret is not None


def roles_of(store: ReviewStore, name: str) -> frozenset[Role]:
    """Return what a person may do now: an adjudicator is also a reviewer and a reader.

    Empty for unknown and disabled people.
    """
    with store.base.read() as base:
        return roles_in(base, name)


def roles_in(base: sqlite3.Connection, name: str) -> frozenset[Role]:
    """Return the same as ``roles_of``, inside the transaction of the caller."""
    row = base.execute(
        "SELECT role FROM people WHERE name = ? AND disabled_at IS NULL", (name,)
    ).fetchone()
    return _MAY.get(row[0], frozenset()) if row else frozenset()


def require_role(base: sqlite3.Connection, name: str, role: Role) -> None:
    """Refuse a person who may not do something.

    Raises:
        ReviewError: ``review_role``.
    """
    if role not in roles_in(base, name):
        raise ReviewError("review_role", name=name, role=role)


def people(store: ReviewStore) -> list[Person]:
    """Return everybody, by name."""
    with store.base.read() as base:
        found = base.execute(
            "SELECT name, role, created_at, disabled_at IS NOT NULL, password IS NOT NULL"
            " FROM people ORDER BY name"
        ).fetchall()
    return [Person(n, role, at, bool(off), bool(has)) for n, role, at, off, has in found]


def disable(store: ReviewStore, name: str, *, who: str) -> None:
    """Shut a person out; what they decided stays. A logged act.

    Raises:
        ReviewError: ``review_no_person``.
    """
    with store.base.write() as base:
        _require_person(base, name)
        base.execute("UPDATE people SET disabled_at = ? WHERE name = ?", (now(), name))
        base.execute("DELETE FROM leases WHERE reviewer = ?", (name,))
        append(base, who, "person_disabled", name)


def _require_person(base: sqlite3.Connection, name: str) -> None:
    if not base.execute("SELECT 1 FROM people WHERE name = ?", (name,)).fetchone():
        raise ReviewError("review_no_person", name=name)


def _require_role_name(role: str) -> None:
    if role not in ROLES:
        raise ReviewError("review_role_unknown", role=role, known=", ".join(ROLES))


def _hash(password: str) -> str:
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise ReviewError("review_password", least=MIN_PASSWORD, most=MAX_PASSWORD)
    return _hasher().hash(password)


def _hasher() -> "PasswordHasher":
    try:
        from argon2 import PasswordHasher
    except ImportError:
        raise MissingExtraError("missing_extra", package="argon2-cffi", extra="review") from None
    return PasswordHasher()
