"""Coming in and going out: the name asked once, local accounts, the zone of the clock."""

from starlette.responses import Response

from netralitas_nlp.errors import phrase
from netralitas_nlp.review.asking import Ask
from netralitas_nlp.review.people import check_password, roles_of
from netralitas_nlp.review.sessions import ZONES, Person

MAX_NAME = 80
ALL_ROLES = frozenset({"reviewer", "adjudicator", "reader"})
"""Whoever works alone does everything; each act is logged under the name given."""


def home(ask: Ask) -> Response:
    """Lead to the first page of whoever sits here."""
    person = ask.session.person
    if person is None:
        return ask.page("name.html.j2") if ask.desk.alone else ask.to("/login")
    return ask.to("/queue" if person.roles & {"reviewer", "adjudicator"} else "/overview")


def name(ask: Ask) -> Response:
    """Take the name of the one who works alone."""
    given = " ".join(ask.field("name", most=MAX_NAME).split())
    if not ask.desk.alone or ask.session.person is not None:
        return ask.to("/")
    if not given or not given.isprintable():
        return ask.page("name.html.j2", status=400)
    return ask.seat(Person(given, ALL_ROLES))


def login_form(ask: Ask) -> Response:
    """Ask for name and password."""
    if ask.desk.alone or ask.session.person is not None:
        return ask.to("/")
    return ask.page("login.html.j2", failed="")


def login(ask: Ask) -> Response:
    """Check name and password; after too many failures the name has to wait."""
    if ask.desk.alone or ask.session.person is not None:
        return ask.to("/")
    given, password = ask.field("name", most=MAX_NAME), ask.form.get("password", "")
    limit = ask.desk.logins
    wait = limit.wait(given)
    if wait:
        words = phrase("desk", "login_wait", lang=ask.desk.lang, seconds=wait)
        return ask.page("login.html.j2", status=429, failed=words)
    if not check_password(ask.desk.store, given, password):
        limit.failed(given)
        return ask.page("login.html.j2", status=403, failed=ask.w("login_failed"))
    limit.passed(given)
    return ask.seat(Person(given, frozenset(roles_of(ask.desk.store, given))))


def logout(ask: Ask) -> Response:
    """Leave the desk to the next person of this machine."""
    return ask.seat(None)


def zone(ask: Ask) -> Response:
    """Show times in another zone."""
    wanted = ask.field("zone", most=10)
    ask.session.zone = next((z for z in ZONES if z == wanted), ask.session.zone)
    back = ask.field("back", most=200)
    # Only a path of our own: `//host` and `\\host` would lead away.
    own = back.startswith("/") and not back.startswith(("//", "/\\"))
    return ask.to(back if own else "/")
