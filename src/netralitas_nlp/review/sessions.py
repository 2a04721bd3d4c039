"""Who sits at the desk: the one-time token of the link, the session cookie, the person."""

import hashlib
import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from netralitas_nlp.review.security import same_secret

MAX_SESSIONS: Final = 100
"""A shared office machine has a handful; the oldest is dropped beyond this."""

Zone = Literal["WIB", "WITA", "WIT"]
ZONES: Final[dict[Zone, int]] = {"WIB": 7, "WITA": 8, "WIT": 9}
"""Hours ahead of UTC of the three Indonesian zones."""


@dataclass(slots=True)
class Session:
    """One browser at the desk.

    Attributes:
        csrf: Secret that every form of this session carries.
        person: Name of who has logged in; ``None`` before. What they may do is asked of the
            store at every request.
        zone: Zone in which times are shown.
        used_at: Seconds of the clock at the last request.
    """

    csrf: str
    person: str | None = None
    zone: Zone = "WIB"
    used_at: float = 0.0


class Sessions:
    """The sessions of one opening of the desk, in memory only: closing the desk ends them all.

    Args:
        idle: Seconds without a request after which a session ends.
        clock: Seconds, monotonic.
    """

    def __init__(self, *, idle: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._idle = idle
        self._clock = clock
        self._lock = threading.Lock()
        self._token = secrets.token_urlsafe(32)
        self._sessions: dict[str, Session] = {}
        self._seen: defaultdict[str, set[str]] = defaultdict(set)

    @property
    def token(self) -> str:
        """The token that opens the next session, once."""
        return self._token

    def enter(self, token: str) -> str | None:
        """Return the secret of a new session for the right token, ``None`` for any other.

        The token is spent by this: the next session needs the next one.
        """
        with self._lock:
            if not same_secret(token, self._token):
                return None
            self._token = secrets.token_urlsafe(32)
            return self._new(None)

    def find(self, secret: str) -> Session | None:
        """Return the session of a cookie, ``None`` where there is none or it has ended."""
        with self._lock:
            session = self._sessions.get(_key(secret))
            if session is None:
                return None
            if self._clock() - session.used_at > self._idle:
                del self._sessions[_key(secret)]
                return None
            session.used_at = self._clock()
            return session

    def seen(self, person: str) -> set[str]:
        """Return the posts whose account, scores or evidence a person was shown: blind no more.

        Kept for all sessions of the person: signing in again does not make anybody forget.
        """
        with self._lock:
            return self._seen[person]

    def renew(self, secret: str, person: str | None) -> str:
        """Return the secret of a fresh session for ``person``; the old one ends.

        A secret that was known before a login is worth nothing after it (session fixation).
        """
        with self._lock:
            old = self._sessions.pop(_key(secret), None)
            fresh = self._new(person)
            if old is not None:
                self._sessions[_key(fresh)].zone = old.zone
            return fresh

    def end(self, secret: str) -> None:
        """End a session."""
        with self._lock:
            self._sessions.pop(_key(secret), None)

    def _new(self, person: str | None) -> str:
        if len(self._sessions) >= MAX_SESSIONS:
            oldest = min(self._sessions, key=lambda key: self._sessions[key].used_at)
            del self._sessions[oldest]
        secret = secrets.token_urlsafe(32)
        session = Session(csrf=secrets.token_urlsafe(32), person=person, used_at=self._clock())
        self._sessions[_key(secret)] = session
        return secret


def _key(secret: str) -> str:
    # A digest, so that the time of a look-up tells nothing about the secrets that exist.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
