"""Coming in and going out: the name asked once, local accounts, the zone of the clock."""

from starlette.responses import Response

from netralitas_nlp.errors import phrase
from netralitas_nlp.review.asking import Ask
from netralitas_nlp.review.desk import Desk
from netralitas_nlp.review.people import (
    MAX_NAME,
    MAX_PASSWORD,
    add_person,
    check_password,
    people,
    roles_of,
)
from netralitas_nlp.review.sessions import ZONES


def home(ask: Ask) -> Response:
    """Lead to the first page of whoever sits here."""
    if not ask.roles:
        if not ask.desk.alone:
            return ask.to("/login")
        return ask.page("name.html.j2", known=_names(ask.desk), failed="")
    return ask.to("/queue" if "reviewer" in ask.roles else "/overview")


def name(ask: Ask) -> Response:
    """Take the name of the one who works alone; it is asked once per store."""
    if not ask.desk.alone or ask.roles:
        return ask.to("/")
    given = " ".join(ask.field("name", most=MAX_NAME).split())
    if not given:
        failed = ask.w("name_missing")
        return ask.page("name.html.j2", status=400, known=_names(ask.desk), failed=failed)
    same = [known for known in _names(ask.desk) if known.casefold() == given.casefold()]
    if not same:
        add_person(ask.desk.store, given, "adjudicator", None, who=given)
    return ask.seat(same[0] if same else given)


def only_name(desk: Desk) -> str | None:
    """Return the one who works alone, where the store knows exactly one person."""
    known = _names(desk) if desk.alone else []
    return known[0] if len(known) == 1 else None


def _names(desk: Desk) -> list[str]:
    return [p.name for p in people(desk.store) if not p.disabled]


def login_form(ask: Ask) -> Response:
    """Ask for name and password."""
    if ask.desk.alone or ask.roles:
        return ask.to("/")
    return ask.page("login.html.j2", failed="")


def login(ask: Ask) -> Response:
    """Check name and password; after too many failures the name has to wait."""
    if ask.desk.alone or ask.roles:
        return ask.to("/")
    given, limit = ask.field("name", most=MAX_NAME), ask.desk.logins
    wait = limit.begin(given)
    if wait:
        words = phrase("desk", "login_wait", lang=ask.desk.lang, seconds=wait)
        return ask.page("login.html.j2", status=429, failed=words)
    password = ask.form.get("password", "")[:MAX_PASSWORD]
    if not (check_password(ask.desk.store, given, password) and roles_of(ask.desk.store, given)):
        return ask.page("login.html.j2", status=403, failed=ask.w("login_failed"))
    limit.passed(given)
    return ask.seat(given)


def logout(ask: Ask) -> Response:
    """Leave the desk to the next person of this machine."""
    return ask.seat(None)


def zone(ask: Ask) -> Response:
    """Show times in another zone."""
    wanted = ask.field("zone", most=10)
    ask.session.zone = next((z for z in ZONES if z == wanted), ask.session.zone)
    back = ask.field("back", most=500)
    # Only a path of our own: `//host` and `/\host` would lead away.
    own = back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable()
    return ask.to(back if own else "/")
