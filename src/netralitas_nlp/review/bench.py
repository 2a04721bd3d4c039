"""The bench: one post at a time, answered from the keyboard."""

import math
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from netralitas_nlp.errors import ReviewError
from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.review import judging
from netralitas_nlp.review import queue as queues
from netralitas_nlp.review.asking import Ask
from netralitas_nlp.review.postview import PostView, chain_words
from netralitas_nlp.review.remaining import remaining
from netralitas_nlp.review.shapes import Answers, Queue, QueuedPost
from netralitas_nlp.verdicts import ANSWERS, Answer

ORDERS: Final[tuple[Queue, ...]] = ("likely", "uncertain", "random", "account")
CONTEXT: Final = 20
"""Other posts of the account that are shown at once."""
MAX_SECONDS: Final = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is in the work: the order, and the account it is narrowed to."""

    order: Queue
    account: str = ""


def queue(ask: Ask) -> Response:
    """Show the next post of an order."""
    return _bench(ask, _place(ask, ask.query.get("order", ""), ask.query.get("account", "")))


def verdict(ask: Ask) -> Response:
    """Take the answers about a post, or put it off, and show the next one."""
    place = _place(ask, ask.field("order"), ask.field("account"))
    row_id, store = ask.field("row_id", most=200), ask.desk.store
    if ask.form.get("act") == "skip":
        queues.skip(store, row_id, reviewer=ask.person)
        return _bench(ask, place, said="skipped")
    answers = _answers(ask)
    judging.record(
        store,
        row_id,
        answers,
        reviewer=ask.person,
        note=ask.field("note"),
        blind=is_blind(ask, row_id),
        seconds=_seconds(ask),
    )
    last = Judged(PostView(queues.post_of(store, row_id), ask), answers)
    ask.seen.add(row_id)
    return _bench(ask, place, said="saved", last=last)


def undo_last(ask: Ask) -> Response:
    """Withdraw the last judgement and show its post again."""
    place = _place(ask, ask.field("order"), ask.field("account"))
    post = judging.undo(ask.desk.store, reviewer=ask.person)
    return _bench(ask, place, post=post, said="withdrawn")


def context(ask: Ask) -> Response:
    """Show what stands around a post; in a blind review only after the verdict."""
    row_id = ask.place["row_id"]
    if is_blind(ask, row_id):
        raise ReviewError("desk_blind")
    found = queues.context_of(ask.desk.store, row_id, limit=CONTEXT)
    shown = [post.row_id for post in (*found.account, *found.chain)]
    ask.seen.update({row_id, *shown})
    return ask.page(
        "_context.html.j2",
        found=found,
        others=[PostView(post, ask) for post in found.account],
        chain=[PostView(post, ask) for post in found.chain],
        told=chain_words(found, ask),
        own=judging.answers_of(ask.desk.store, shown, reviewer=ask.person),
    )


def is_blind(ask: Ask, row_id: str) -> bool:
    """Return whether a post is still to be judged without account, scores and evidence.

    Whoever has seen them, or has judged the post once, no longer judges it blind.
    """
    if not ask.desk.blind or row_id in ask.seen:
        return False
    rows = judging.verdicts_of(ask.desk.store, row_id)
    return all(row.reviewer != ask.person for row in rows)


@dataclass(frozen=True, slots=True)
class Judged:
    """The post before this one, now shown whole, and what was said of it."""

    view: PostView
    answers: Answers


def _bench(
    ask: Ask,
    place: Place,
    *,
    post: QueuedPost | None = None,
    said: str = "",
    last: Judged | None = None,
) -> Response:
    if not ask.swap and said:
        # Without script: back to the page, so that a reload sends nothing twice.
        return ask.to("/queue", order=place.order, account=place.account)
    store = ask.desk.store
    if post is None:
        post = queues.next_post(
            store,
            reviewer=ask.person,
            order=place.order,
            account=place.account or None,
            blind=ask.desk.blind,
        )
    blind = post is not None and is_blind(ask, post.row_id)
    if post is not None and ask.desk.blind and not blind:
        post = queues.post_of(store, post.row_id)
    left = remaining(store, reviewer=ask.person, order=place.order, account=place.account or None)
    return ask.page(
        "_bench.html.j2" if ask.swap else "queue.html.j2",
        at=place,
        orders=_orders(ask),
        view=PostView(post, ask, blind=blind) if post else None,
        left=left,
        last=last,
        said=said,
        elsewhere=_elsewhere(ask, place) if post is None else [],
    )


def _elsewhere(ask: Ask, place: Place) -> list[tuple[str, str, int]]:
    """Return where somebody with an empty queue can go on: address, name, and what waits there."""
    store, found = ask.desk.store, []
    for order in ("likely", "random"):
        left = remaining(store, reviewer=ask.person, order=order)
        if left.count and (order != place.order or place.account):
            found.append((f"/queue?order={order}", ask.w.plain(f"order_{order}"), left.count))
    if ask.may("adjudicator"):
        left = remaining(store, reviewer=ask.person, order="disagreements")
        if left.count:
            found.append(("/conflicts", ask.w.plain("nav_conflicts"), left.count))
    if ask.may("supervisor"):
        found.append(("/accounts", ask.w.plain("go_accounts"), 0))
    if ask.may("reader"):
        found.append(("/overview", ask.w.plain("go_overview"), 0))
    return found


def _orders(ask: Ask) -> tuple[Queue, ...]:
    # An order by account would tell what a blind review hides: who wrote it.
    return tuple(o for o in ORDERS if not (ask.desk.blind and o == "account"))


def _place(ask: Ask, order: str, account: str) -> Place:
    chosen: Queue = next((known for known in _orders(ask) if known == order), "likely")
    return Place(chosen, account[:100] if chosen == "account" else "")


def _answers(ask: Ask) -> Answers:
    act = ask.form.get("act", "save")
    given: dict[Label, Answer] = {}
    for label in LABELS:
        said = next((a for a in ANSWERS if a == ask.form.get(label)), None)
        if said is not None and act != "none":
            given[label] = said
    if act == "save" and not given:
        raise ReviewError("desk_no_answer")
    rest: Answer = "unsure" if act == "unsure" else "no"
    return {label: given.get(label, rest) for label in LABELS}


def _seconds(ask: Ask) -> float | None:
    try:
        seconds = float(ask.form.get("seconds", ""))
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and 0 <= seconds <= MAX_SECONDS else None
