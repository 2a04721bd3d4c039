"""What a request must pass before a page sees it, and the headers that every answer carries."""

import hmac
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY: Final = 64 * 1024
"""Largest request body, in bytes; a form of the desk holds a few hundred."""

ENTRANCE: Final = "/open"
"""Path of the one-time link."""

METHODS: Final = frozenset({"GET", "POST"})
"""No HEAD: a program that only looks at the one-time link must not spend it."""

SECURITY_HEADERS: Final = {
    # Our own files and nothing else: no inline script or style, no frame, no foreign address.
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "x-robots-tag": "noindex, nofollow",
}


def same_secret(given: str, expected: str) -> bool:
    """Return whether two secrets are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode("utf-8"))


def allowed_hosts(port: int) -> frozenset[str]:
    """Return the values of the Host header that are ours: this machine under two names."""
    return frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})


class Gate:
    """Refuses requests that no page of ours would send, and dresses every answer.

    Refused are: a foreign Host (DNS rebinding), a foreign Origin, a request that the browser
    says another site started (``Sec-Fetch-Site``), a POST whose origin is not shown to be ours,
    other methods, and bodies without length or above ``MAX_BODY``. Only ``ENTRANCE`` may be
    reached from elsewhere: the link may be clicked in a terminal or a file; its token guards it.

    Args:
        app: What answers the requests that pass.
        hosts: Values of the Host header that are ours.
    """

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one connection on, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers[name] = value
            await send(message)

        status = refusal(scope["method"], scope["path"], Headers(scope=scope), self._hosts)
        answer = PlainTextResponse(f"{status}\n", status_code=status) if status else self._app
        await answer(scope, receive, dressed)


def refusal(method: str, path: str, headers: Headers, hosts: frozenset[str]) -> int:
    """Return the status a request is refused with, 0 where it may pass.

    Args:
        method: HTTP method.
        path: Asked for.
        headers: Of the request.
        hosts: Values of the Host header that are ours.
    """
    if method not in METHODS:
        return 405
    named = headers.getlist("host")
    if len(named) != 1 or named[0].lower() not in hosts:
        return 421
    own = f"http://{named[0].lower()}"
    entering = method == "GET" and path == ENTRANCE and headers.get("origin") in (None, own)
    if not entering and not _from_us(method, headers, own):
        return 403
    return _body_refusal(method, headers)


def _from_us(method: str, headers: Headers, own: str) -> bool:
    site = headers.get("sec-fetch-site", "")
    if site not in ("", "same-origin", "none"):
        return False
    origin = headers.get("origin", "null")
    if origin != "null":
        return origin == own
    # With `Referrer-Policy: no-referrer` the browser writes `Origin: null` on our own forms too;
    # then only its own word on who started the request counts.
    return method != "POST" or site == "same-origin"


def _body_refusal(method: str, headers: Headers) -> int:
    length = headers.get("content-length")
    if length is None:
        return 411 if method == "POST" or "transfer-encoding" in headers else 0
    # At most nine digits: a number of megabytes is no number to parse.
    fits = length.isascii() and length.isdigit() and len(length) < 10 and int(length) <= MAX_BODY
    return 0 if fits else 413


class LoginLimit:
    """Counts failed logins, per name and in all, over a sliding window.

    Args:
        per_name: Failures of one name after which it has to wait.
        in_all: Failures of all names together after which everybody has to wait.
        window: Seconds after which a failure no longer counts.
        clock: Seconds, monotonic.
    """

    def __init__(
        self,
        *,
        per_name: int = 5,
        in_all: int = 30,
        window: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_name = per_name
        self._in_all = in_all
        self._window = window
        self._clock = clock
        self._failures: deque[tuple[float, str]] = deque()
        self._lock = threading.Lock()

    def begin(self, name: str) -> int:
        """Begin a try, which counts as failed until ``passed`` is called.

        Counted before the password is checked: many tries at once would all find the door open.

        Returns:
            0, or the whole seconds until ``name`` may try; then nothing is counted.
        """
        with self._lock:
            now = self._clock()
            wait = self._wait(name, now)
            if not wait:
                self._failures.append((now, _key(name)))
            return wait

    def passed(self, name: str) -> None:
        """Forget the failures of a name that has logged in."""
        with self._lock:
            self._failures = deque(pair for pair in self._failures if pair[1] != _key(name))

    def _wait(self, name: str, now: float) -> int:
        while self._failures and now - self._failures[0][0] >= self._window:
            self._failures.popleft()
        own = [at for at, who in self._failures if who == _key(name)]
        blocking = []
        if len(own) >= self._per_name:
            blocking.append(own[-self._per_name])
        if len(self._failures) >= self._in_all:
            blocking.append(self._failures[-self._in_all][0])
        return max((int(at + self._window - now) + 1 for at in blocking), default=0)


def _key(name: str) -> str:
    return name.strip().casefold()[:200]
