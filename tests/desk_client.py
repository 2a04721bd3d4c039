"""A review desk for tests: a small store of fictional posts, and a browser-like client."""

import json
import re
from collections.abc import Sequence
from html import unescape
from pathlib import Path
from typing import Any

from report_run import make_run, post
from starlette.testclient import TestClient

from netralitas_nlp.policy.policies import released_policy
from netralitas_nlp.review.app import application
from netralitas_nlp.review.desk import Desk
from netralitas_nlp.review.people import add_person
from netralitas_nlp.review.store import ReviewStore

PORT = 8123
ORIGIN = f"http://127.0.0.1:{PORT}"
PASSWORD = "kata sandi yang panjang"


def evidence(text: str, words: str, label: str = "candidate_support") -> str:
    """Return the column ``evidence`` with one span."""
    start = text.index(words)
    span = {"label": label, "start": start, "end": start + len(words), "text": words, "weight": 0.6}
    return json.dumps([span])


def posts(n: int = 30) -> list[dict[str, Any]]:
    """Return flagged, borderline and neutral posts of four invented accounts."""
    rows = []
    for i in range(n):
        account = f"akun_{i % 4}"
        day = f"2024-10-{i % 28 + 1:02d}T09:30:00+07:00"
        common = {
            "account": account,
            "posted_at": day,
            "url": f"https://x.com/{account}/status/{i}",
        }
        common |= {"clause": "Luwu Utara 3", "policy_version": "uji"}
        text = f"Besok kita menangkan nomor dua, kawan-kawan ({i})"
        rows.append(
            post(
                text,
                (0.95 - i / 100, 0.02, 0.03),
                evidence=evidence(text, "menangkan nomor dua"),
                **common,
            )
        )
        rows.append(
            post(f"Apel pagi jam tujuh di halaman kantor ({i})", **common | {"clause": None})
        )
    return [dict(row) for row in rows]


def make_store(folder: Path, rows: Sequence[Any] | None = None) -> ReviewStore:
    """Return a store that holds one run."""
    run = make_run(folder / "hasil", rows if rows is not None else posts())
    store = ReviewStore.open(folder / "reviews.db")
    store.add_run(run, audit=0)
    return store


def make_desk(folder: Path, rows: Sequence[Any] | None = None, **settings: Any) -> Desk:
    """Return a desk for one person, or for people where ``alone=False``."""
    settings = {"port": PORT, "alone": True, "policy": released_policy()} | settings
    return Desk(store=make_store(folder, rows), **settings)


def hire(desk: Desk, name: str, role: str = "reviewer") -> None:
    """Add a person with a password."""
    add_person(desk.store, name, role, PASSWORD, who="uji")


class Browser:
    """What a browser sends: cookies, the origin of the page, the hidden fields of its forms."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.client = TestClient(
            application(desk),
            base_url=ORIGIN,
            follow_redirects=False,
            raise_server_exceptions=False,
        )

    def enter(self) -> "Browser":
        """Open the one-time link."""
        answer = self.client.get(self.desk.link.removeprefix(ORIGIN))
        assert answer.status_code == 200
        return self

    def get(self, path: str, **headers: str) -> Any:
        """Ask for a page."""
        return self.client.get(path, headers=headers)

    def post(
        self, path: str, fields: dict[str, str] | None = None, *, swap: bool = False, **headers: str
    ) -> Any:
        """Send a form with the secret of the session, from our own origin."""
        sent = {"origin": ORIGIN} | ({"hx-request": "true"} if swap else {}) | headers
        return self.client.post(path, data={"csrf": self.csrf} | (fields or {}), headers=sent)

    @property
    def csrf(self) -> str:
        """The secret in the forms of this session."""
        pages = (self.client.get(path).text for path in ("/agreement", "/login", "/"))
        return next((found for page in pages if (found := hidden(page, "csrf"))), "")

    def name(self, name: str) -> "Browser":
        """Say who works alone; where the store knows one person, that one sits here already."""
        page = self.client.get("/").text
        if not page:
            return self
        answer = self.client.post(
            "/name", data={"csrf": hidden(page, "csrf"), "name": name}, headers={"origin": ORIGIN}
        )
        assert answer.status_code == 303, answer.text
        return self

    def login(self, name: str, password: str = PASSWORD) -> Any:
        """Sign in with a local account."""
        page = self.client.get("/login").text
        fields = {"csrf": hidden(page, "csrf"), "name": name, "password": password}
        return self.client.post("/login", data=fields, headers={"origin": ORIGIN})


def hidden(page: str, name: str) -> str:
    """Return the first hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return unescape(found[1]) if found else ""


def seated(desk: Desk, name: str = "Sari") -> Browser:
    """Return the browser of somebody who works alone and has said who it is."""
    return Browser(desk).enter().name(name)
