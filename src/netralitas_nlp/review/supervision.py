"""The pages of adjudicators and supervisors: conflicts, agreement, accounts, the overview."""

import math
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from starlette.responses import Response

from netralitas_nlp.errors import ReviewError
from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.report.moments import moment
from netralitas_nlp.report.untrusted import visible
from netralitas_nlp.review import judging
from netralitas_nlp.review.accounts import (
    account_count,
    accounts_waiting,
    decided_runs,
    posts_of,
)
from netralitas_nlp.review.agreement import Agreement, agreement, drift_of
from netralitas_nlp.review.asking import Ask
from netralitas_nlp.review.exchange import export
from netralitas_nlp.review.forgetting import forget
from netralitas_nlp.review.overview import overview
from netralitas_nlp.review.postview import PostView
from netralitas_nlp.review.reveal import reveal
from netralitas_nlp.review.shapes import Answers, Conflict
from netralitas_nlp.verdicts import ANSWERS, VERDICTS, Answer

CONFLICTS: Final = 20
"""Conflicts on one page; the next ones follow once these are decided."""
ACCOUNTS: Final = 50
POSTS: Final = 100
"""Accounts, and posts of one account, on a page."""
DAYS: Final = 60
"""Days of work that the overview draws."""
NONE: Final = "–"


@dataclass(frozen=True, slots=True)
class ConflictView:
    """A conflict as the page shows it."""

    view: PostView
    conflict: Conflict

    @property
    def differs(self) -> Iterator[tuple[Label, bool]]:
        """The labels, and whether the answers about each differ."""
        for label in LABELS:
            yield label, len({a.get(label) for a in self.conflict.answers.values()}) > 1


def conflict_list(ask: Ask) -> Response:
    """Show the posts on which reviewers differ."""
    return _conflicts(ask)


def adjudication(ask: Ask) -> Response:
    """Take the decision of an adjudicator."""
    note = ask.field("note")
    if not note:
        raise ReviewError("desk_note_missing")
    row_id = ask.field("row_id", most=200)
    judging.adjudicate(ask.desk.store, row_id, _all(ask), adjudicator=ask.person, note=note)
    return _conflicts(ask, said="adjudicated") if ask.swap else ask.to("/conflicts")


def _conflicts(ask: Ask, *, said: str = "") -> Response:
    found = list(islice(judging.conflicts(ask.desk.store, limit=CONFLICTS + 1), CONFLICTS + 1))
    shown = [ConflictView(PostView(c.post, ask), c) for c in found[:CONFLICTS]]
    template = "_conflicts.html.j2" if ask.swap else "conflicts.html.j2"
    return ask.page(template, conflicts=shown, more=len(found) > CONFLICTS, said=said)


def _all(ask: Ask) -> Answers:
    given: dict[Label, Answer] = {}
    for label in LABELS:
        said = next((a for a in ANSWERS if a == ask.form.get(label)), None)
        if said is None:
            raise ReviewError("desk_label_missing", label=ask.w.label(label))
        given[label] = said
    return given


def agreement_page(ask: Ask) -> Response:
    """Show how far reviewers agree, and the reader's own answers on known cases."""
    store = ask.desk.store
    own = drift_of(store, ask.person) if "reviewer" in ask.roles else []
    return ask.page("agreement.html.j2", agreed=_agreed(ask, agreement(store)), own=own)


@dataclass(frozen=True, slots=True)
class Agreed:
    """Agreement on one label, in words; empty figures where nobody judged twice."""

    name: str
    n: str
    percent: str
    kappa: str
    alpha: str
    interval: str


def _agreed(ask: Ask, found: Mapping[Label, Agreement]) -> list[Agreed]:
    rows = []
    for label, row in found.items():
        low, high = _figure(ask, row.low), _figure(ask, row.high)
        between = f"{low} – {high}" if row.n else NONE
        percent = ask.w.decimal(100 * row.percent, 0) + "\u00a0%" if row.n else NONE
        n, kappa, alpha = ask.w.count(row.n), _figure(ask, row.kappa), _figure(ask, row.alpha)
        rows.append(Agreed(ask.w.label(label), n, percent, kappa, alpha, between))
    return rows


def _figure(ask: Ask, value: float | None) -> str:
    if value is None or math.isnan(value):
        return NONE
    return ask.w.decimal(value).replace("-", "\u2212")


def overview_page(ask: Ask) -> Response:
    """Show what waits and what is decided. No score and no rank of a person."""
    found = overview(ask.desk.store)
    peak = max(found.progress.values(), default=1)
    progress = [(_day(ask, day), n, 100 * n / peak) for day, n in found.progress.items()]
    district = {"": ask.w("district_unknown")}
    return ask.page(
        "overview.html.j2",
        found=found,
        agreed=_agreed(ask, found.agreement),
        runs=ask.desk.store.runs(),
        label_rows=[(ask.w.label(k), v) for k, v in found.labels.items()],
        district_rows=[(district.get(k) or visible(k), v) for k, v in found.districts.items()],
        days=[(_day(ask, k), v) for k, v in found.days.items()],
        progress=progress[-DAYS:],
    )


def _day(ask: Ask, day: str) -> str:
    when = moment(day)
    return ask.w.day(when.at) if when else ask.w.plain("day_unknown")


def verdicts_file(ask: Ask) -> Response:
    """Hand out ``verdicts.jsonl``; the act is logged by the export."""
    with tempfile.TemporaryDirectory(prefix="netralitas-") as folder:
        path = Path(folder) / VERDICTS
        export(ask.desk.store, path, who=ask.person)
        content = path.read_bytes()
    return _download(content, VERDICTS, "application/x-ndjson")


def account_list(ask: Ask) -> Response:
    """Show accounts by what waits."""
    page, find = _page(ask), ask.query.get("find", "")[:20]
    found = accounts_waiting(
        ask.desk.store, find=find, limit=ACCOUNTS + 1, offset=(page - 1) * ACCOUNTS
    )
    more = len(found) > ACCOUNTS
    return ask.page(
        "accounts.html.j2",
        accounts=found[:ACCOUNTS],
        find=find,
        page=page,
        more=more,
        said="forgotten" if ask.query.get("said") == "forgotten" else "",
    )


def _page(ask: Ask) -> int:
    given = ask.query.get("page", "1")
    return max(1, int(given)) if given.isascii() and given.isdigit() and len(given) < 7 else 1


def account_page(ask: Ask) -> Response:
    """Show the posts of one account, neutral ones included."""
    return _account(ask, ask.place["account"])


def reveal_name(ask: Ask) -> Response:
    """Show whose account it is: on request, with a reason, logged before it is shown."""
    account = ask.field("account", most=100)
    name = reveal(ask.desk.store, account, who=ask.person, reason=ask.field("reason"))
    return _account(ask, account, name=name)


def forget_account(ask: Ask) -> Response:
    """Remove what is known of an account."""
    account = ask.field("account", most=100)
    if ask.form.get("sure") != "yes":
        raise ReviewError("desk_not_sure")
    forget(ask.desk.store, account, who=ask.person, reason=ask.field("reason"))
    return ask.to("/accounts", said="forgotten")


def dossier_file(ask: Ask) -> Response:
    """Hand out the dossier of an account, where this desk can make one."""
    account, run = ask.field("account", most=100), ask.field("run", most=10)
    if ask.desk.dossier is None or not (run.isascii() and run.isdigit()):
        raise ReviewError("desk_no_dossier")
    content = ask.desk.dossier(int(run), account, ask.person)
    return _download(content, f"dossier-{account}.html", "text/html")


def _account(ask: Ask, account: str, *, name: str = "") -> Response:
    store, page = ask.desk.store, _page(ask)
    found = posts_of(store, account, limit=POSTS + 1, offset=(page - 1) * POSTS)
    ask.seen.update(post.row_id for post, _ in found[:POSTS])
    return ask.page(
        "account.html.j2",
        account=account,
        name=name,
        count=account_count(store, account),
        posts=[(PostView(post, ask), state) for post, state in found[:POSTS]],
        dossiers=_dossiers(ask, account),
        page=page,
        more=len(found) > POSTS,
    )


def _dossiers(ask: Ask, account: str) -> list[tuple[int, str]]:
    if ask.desk.dossier is None:
        return []
    folders = ask.desk.folders
    return [(n, folders[n]) for n in decided_runs(ask.desk.store, account) if n in folders]


def _download(content: bytes, name: str, media_type: str) -> Response:
    safe = "".join(c if c.isalnum() or c in ".-_" else "_" for c in name)
    headers = {"content-disposition": f'attachment; filename="{safe}"'}
    return Response(content, media_type=media_type, headers=headers)
