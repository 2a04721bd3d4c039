"""The web application of the desk: routes, and what every request is checked for."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Final, Literal
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from netralitas_nlp.errors import NetralitasError
from netralitas_nlp.review import bench, doors, supervision
from netralitas_nlp.review.asking import Ask, Handler, Who, cookie_name, environment, give_cookie
from netralitas_nlp.review.desk import Desk
from netralitas_nlp.review.people import roles_of
from netralitas_nlp.review.security import ENTRANCE, Gate, allowed_hosts, same_secret
from netralitas_nlp.review.words import desk_words

ASSETS: Final = {
    "desk.css": "text/css; charset=utf-8",
    "desk.js": "text/javascript; charset=utf-8",
    "htmx.min.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
"""The only files that are served, by name: there is no path to walk."""

MAX_FIELDS: Final = 40


@dataclass(frozen=True, slots=True)
class Page:
    """One address of the desk.

    Attributes:
        method: GET or POST; every POST is checked for the secret of the session.
        path: With its parts in braces.
        handler: What answers.
        who: Who may ask, see ``Ask.may``; ``visitor`` is anybody who came in by the link.
    """

    method: Literal["GET", "POST"]
    path: str
    handler: Handler
    who: Who


PAGES: Final = (
    Page("GET", "/", doors.home, "visitor"),
    Page("GET", "/login", doors.login_form, "visitor"),
    Page("POST", "/login", doors.login, "visitor"),
    Page("POST", "/name", doors.name, "visitor"),
    Page("POST", "/logout", doors.logout, "visitor"),
    Page("POST", "/zone", doors.zone, "visitor"),
    Page("GET", "/queue", bench.queue, "reviewer"),
    Page("GET", "/context/{row_id}", bench.context, "reviewer"),
    Page("POST", "/verdict", bench.verdict, "reviewer"),
    Page("POST", "/undo", bench.undo_last, "reviewer"),
    Page("GET", "/conflicts", supervision.conflict_list, "adjudicator"),
    Page("POST", "/adjudicate", supervision.adjudication, "adjudicator"),
    Page("GET", "/agreement", supervision.agreement_page, "anyone"),
    Page("GET", "/overview", supervision.overview_page, "reader"),
    Page("GET", "/verdicts.jsonl", supervision.verdicts_file, "overseer"),
    Page("GET", "/accounts", supervision.account_list, "supervisor"),
    Page("GET", "/accounts/{account}", supervision.account_page, "supervisor"),
    Page("POST", "/reveal", supervision.reveal_name, "adjudicator"),
    Page("POST", "/forget", supervision.forget_account, "adjudicator"),
    Page("POST", "/dossier", supervision.dossier_file, "adjudicator"),
)


def application(desk: Desk) -> ASGIApp:
    """Return the application of a desk, behind its gate."""
    routes = [
        Route(ENTRANCE, _entrance(desk), methods=["GET"]),
        Route("/static/{name}", _asset, methods=["GET"]),
        *(Route(p.path, _endpoint(desk, p), methods=[p.method]) for p in PAGES),
    ]

    async def absent(request: Request, _: Exception) -> Response:
        return _notice(desk, "absent", 404)

    async def broken(request: Request, _: Exception) -> Response:
        return _notice(desk, "broken", 500)

    handlers = {404: absent, 405: absent, 500: broken}
    inner = Starlette(routes=routes, exception_handlers=handlers)
    inner.router.redirect_slashes = False
    return Gate(inner, hosts=allowed_hosts(desk.port))


def _entrance(desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    async def enter(request: Request) -> Response:
        secret = desk.sessions.enter(request.query_params.get("token", ""))
        if secret is None:
            return _notice(desk, "link_spent", 401)
        desk.entered()
        known = await run_in_threadpool(doors.only_name, desk)
        if known is not None:
            secret = desk.sessions.renew(secret, known)
        # A page and no redirect: who followed the link from elsewhere would come without cookie.
        answer = _notice(desk, "welcome", 200, template="welcome.html.j2")
        give_cookie(answer, desk, secret)
        return answer

    return enter


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in ASSETS:
        return Response("404\n", status_code=404, media_type="text/plain")
    return Response(_content(name), headers={"content-type": ASSETS[name]})


@cache
def _content(name: str) -> bytes:
    return files("netralitas_nlp.review").joinpath("static", name).read_bytes()


def _endpoint(desk: Desk, page: Page) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        secret = request.cookies.get(cookie_name(desk.port), "")
        session = desk.sessions.find(secret)
        if session is None:
            return _ended(desk, request)
        form: Mapping[str, str] = {}
        if page.method == "POST":
            form = _fields(await request.body())
            if not same_secret(form.get("csrf", ""), session.csrf):
                return _notice(desk, "form_old", 403)
        ask = Ask(
            desk=desk,
            session=session,
            secret=secret,
            query=dict(request.query_params),
            form=form,
            place=request.path_params,
            swap=_is_swap(request),
        )
        # The store is SQLite: its calls wait on the disk, so they run beside the loop.
        return await run_in_threadpool(_answered, page, ask)

    return answer


def _answered(page: Page, ask: Ask) -> Response:
    person = ask.session.person
    try:
        if person is not None:
            ask = replace(ask, roles=frozenset(roles_of(ask.desk.store, person)))
        if page.who == "visitor":
            return page.handler(ask)
        if not ask.roles:
            # Nobody yet, or somebody who has been shut out meanwhile.
            return ask.seat(None)
        if not ask.may(page.who):
            return _notice(ask.desk, "not_yours", 403)
        return page.handler(ask)
    except NetralitasError as error:
        return _trouble(ask, error)


def _ended(desk: Desk, request: Request) -> Response:
    if _is_swap(request):
        return Response(status_code=401, headers={"hx-redirect": "/"})
    return _notice(desk, "no_session", 401)


def _is_swap(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"


def _fields(body: bytes) -> Mapping[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS
        )
    except ValueError:
        return {}
    return dict(pairs)


def _trouble(ask: Ask, error: NetralitasError) -> Response:
    status = 400
    words = error.render(ask.desk.lang)
    if not ask.swap:
        return ask.page("notice.html.j2", status=status, title=ask.w("trouble"), text=words)
    answer = ask.page("_trouble.html.j2", status=status, text=words)
    answer.headers["hx-retarget"] = "#trouble"
    answer.headers["hx-reswap"] = "innerHTML"
    return answer


def _notice(desk: Desk, kind: str, status: int, *, template: str = "door.html.j2") -> Response:
    w = desk_words(desk.lang)
    page = environment().get_template(template)
    text = page.render(
        w=w, lang=desk.lang, title=w(f"{kind}_title"), text=w(f"{kind}_text"), csrf=""
    )
    return HTMLResponse(text, status_code=status)
