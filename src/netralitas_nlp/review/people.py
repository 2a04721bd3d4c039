"""The people of a desk, their roles and their passwords (Argon2id, RFC 9106)."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from netralitas_nlp.review.store import ReviewStore

Role = Literal["reviewer", "adjudicator", "reader"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
"""``reviewer`` judges; ``adjudicator`` judges and decides conflicts; ``reader`` only reads."""

MIN_PASSWORD: Final = 8


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

    Raises:
        ReviewError: ``review_name``, ``review_name_taken``, ``review_password``.
        MissingExtraError: The package argon2-cffi is not installed.
    """
    raise NotImplementedError


def set_password(store: ReviewStore, name: str, password: str, *, who: str) -> None:
    """Replace a password. Raises as ``add_person``, and ``review_no_person``."""
    raise NotImplementedError


def set_role(store: ReviewStore, name: str, role: Role, *, who: str) -> None:
    """Change the role of a person; a logged act."""
    raise NotImplementedError


def check_password(store: ReviewStore, name: str, password: str) -> bool:
    """Return whether a person may enter; as slow for unknown names as for known ones."""
    raise NotImplementedError


def roles_of(store: ReviewStore, name: str) -> frozenset[Role]:
    """Return what a person may do now: an adjudicator is also a reviewer and a reader.

    Empty for unknown and disabled people.
    """
    raise NotImplementedError


def people(store: ReviewStore) -> list[Person]:
    """Return everybody, by name."""
    raise NotImplementedError


def disable(store: ReviewStore, name: str, *, who: str) -> None:
    """Shut a person out; what they decided stays. Raises ``review_no_person``."""
    raise NotImplementedError
