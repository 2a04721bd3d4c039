"""The desk itself: what is reviewed, how it was opened, and serving it on this machine alone."""

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from netralitas_nlp.labels import Language
from netralitas_nlp.policy.policies import Policy
from netralitas_nlp.review.dossiers import DossierMaker
from netralitas_nlp.review.security import LoginLimit
from netralitas_nlp.review.sessions import Sessions
from netralitas_nlp.review.store import ReviewStore

HOST: Final = "127.0.0.1"
IDLE_ALONE: Final = 12 * 3600.0
IDLE_SHARED: Final = 30 * 60.0
"""Seconds without a request after which a session ends; shorter where people share a machine."""


@dataclass(frozen=True, slots=True)
class Desk:
    """An opened desk.

    Attributes:
        store: Posts, verdicts, people.
        port: On which it is served.
        alone: Whether one person works here without an account.
        blind: Whether account, scores and evidence are shown only after the verdict.
        lang: Language of the pages.
        policy: Wordings of the pledges; ``None`` shows citations without wording.
        dossier: Makes a dossier; ``None`` where no folder of a run is at hand.
        folders: Names of those folders, by the number of the run in the store.
        on_link: Told the next one-time address, each time one has been used.
        sessions: Who is in.
        logins: Failed logins.
    """

    store: ReviewStore
    port: int
    alone: bool
    blind: bool = False
    lang: Language = "id"
    policy: Policy | None = None
    dossier: DossierMaker | None = None
    folders: Mapping[int, str] = field(default_factory=dict)
    on_link: Callable[[str], None] = lambda _: None
    sessions: Sessions = field(default_factory=lambda: Sessions(idle=IDLE_ALONE))
    logins: LoginLimit = field(default_factory=LoginLimit)

    @property
    def link(self) -> str:
        """The address that opens the desk, once."""
        return f"http://{HOST}:{self.port}/open?token={self.sessions.token}"

    def entered(self) -> None:
        """Say what the next one-time address is, for a second browser of this machine."""
        self.on_link(self.link)


def listen(port: int) -> socket.socket:
    """Return a socket on this machine's own address; port 0 takes a free one.

    Raises:
        OSError: The port is taken.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(64)
    except OSError:
        listener.close()
        raise
    return listener


def serve(desk: Desk, listener: socket.socket, *, ready: Callable[[], None]) -> None:
    """Serve the desk until it is interrupted.

    Args:
        desk: What to serve; its port is that of ``listener``.
        listener: See ``listen``.
        ready: Called once requests are answered.
    """
    import uvicorn

    from netralitas_nlp.review.app import application

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            ready()

    config = uvicorn.Config(
        application(desk),
        # No line per request: the first address holds the token. No logging set up by us either.
        access_log=False,
        log_config=None,
        log_level="error",
        lifespan="off",
        ws="none",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    Server(config).run(sockets=[listener])
