"""What a page is asked and how it answers: the desk, who sits at it, the fields of the form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal
from urllib.parse import urlencode

import jinja2
from starlette.responses import HTMLResponse, Response

from netralitas_nlp.errors import ReviewError
from netralitas_nlp.labels import LABELS
from netralitas_nlp.report.untrusted import escaping
from netralitas_nlp.report.words import Words
from netralitas_nlp.review.desk import Desk
from netralitas_nlp.review.sessions import ZONES, Session
from netralitas_nlp.review.words import desk_words

MAX_NOTE: Final = 2_000
"""Longest note or reason, in characters."""


Who = Literal["visitor", "anyone", "reviewer", "adjudicator", "reader", "supervisor", "overseer"]


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, read and checked.

    Attributes:
        desk: What is reviewed here, and its settings.
        session: Of the browser.
        secret: Of the session's cookie.
        query: Fields of the address, each once.
        form: Fields of the form, each once.
        place: Parts of the path.
        swap: Whether the answer replaces a part of a page (HTMX) and not the page.
        roles: What the person may do at this moment; empty where nobody is known.
    """

    desk: Desk
    session: Session
    secret: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    place: Mapping[str, str]
    swap: bool
    roles: frozenset[str] = frozenset()

    @property
    def w(self) -> Words:
        """The words of the desk's language."""
        return desk_words(self.desk.lang)

    @property
    def person(self) -> str:
        """Name of who asks. Routes that need somebody are not reached without."""
        if self.session.person is None:
            raise ReviewError("desk_nobody")
        return self.session.person

    def may(self, who: Who) -> bool:
        """Return whether the person may open what is meant for ``who``.

        ``anyone`` has some role. A ``supervisor`` reads, and is not bound to judge blind what the
        accounts would show. An ``overseer`` may know what others answered: an adjudicator, or a
        reader who does not judge.
        """
        if who in ("visitor", "anyone"):
            return who == "visitor" or bool(self.roles)
        if who in ("supervisor", "overseer"):
            judges = "reviewer" in self.roles and (self.desk.blind or who == "overseer")
            return "adjudicator" in self.roles or ("reader" in self.roles and not judges)
        return who in self.roles

    def field(self, name: str, *, most: int = MAX_NOTE) -> str:
        """Return a field of the form without surrounding space.

        Raises:
            ReviewError: It is longer than ``most`` characters.
        """
        value = self.form.get(name, "").replace("\x00", "").strip()
        if len(value) > most:
            raise ReviewError("desk_long", most=most, n=len(value))
        return value

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """Return a page made from a template."""
        known = {
            "w": self.w,
            "lang": self.desk.lang,
            "desk": self.desk,
            "person": self.session.person,
            "may": self.may,
            "csrf": self.session.csrf,
            "zone": self.session.zone,
            "zones": list(ZONES),
            "labels": LABELS,
        }
        text = environment().get_template(template).render(known | values)
        return HTMLResponse(text.encode("utf-8", "replace"), status_code=status)

    @property
    def seen(self) -> set[str]:
        """Posts that this person was shown with account, scores or evidence."""
        return self.desk.sessions.seen(self.person)

    def to(self, path: str, **query: str) -> Response:
        """Send the browser to another page of the desk."""
        where = path + (f"?{urlencode(query)}" if query else "")
        if self.swap:
            return Response(status_code=204, headers={"hx-redirect": where})
        return Response(status_code=303, headers={"location": where})

    def seat(self, person: str | None, path: str = "/") -> Response:
        """Begin a fresh session for ``person`` and go to a page."""
        answer = self.to(path)
        give_cookie(answer, self.desk, self.desk.sessions.renew(self.secret, person))
        return answer


Handler = Callable[[Ask], Response]


def cookie_name(port: int) -> str:
    """Return the name of the cookie: browsers do not keep the ports of a machine apart."""
    return f"netralitas_{port}"


def give_cookie(answer: Response, desk: Desk, secret: str) -> None:
    """Set the cookie of a session: out of reach of scripts and of other sites."""
    answer.set_cookie(cookie_name(desk.port), secret, path="/", httponly=True, samesite="strict")


@cache
def environment() -> jinja2.Environment:
    """Return the templates; every value is escaped, and an unknown name is an error."""
    return escaping("netralitas_nlp.review")
