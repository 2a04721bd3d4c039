"""Acts of people: an answer, its withdrawal, the decision of an adjudicator."""

import json
import math
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from netralitas_nlp.errors import ReviewError
from netralitas_nlp.io.view_cells import without_surrogates
from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.review.journal import append
from netralitas_nlp.review.links import VERDICT_FIELDS, last_link, link, new_salt, salted
from netralitas_nlp.review.people import require_role
from netralitas_nlp.review.rows import VERDICT_COLUMNS, number_of, post_at, verdict_row
from netralitas_nlp.review.shapes import Answers, Conflict, Kind, QueuedPost, VerdictRow
from netralitas_nlp.review.standing import (
    CONFLICT,
    DECIDED,
    Given,
    judged_twice,
    standing_of,
    state_of,
)
from netralitas_nlp.review.store import ReviewStore
from netralitas_nlp.scoring.manifest import now
from netralitas_nlp.verdicts import ANSWERS, Answer

MAX_NOTE: Final = 4_000
"""Most characters of a note."""


@dataclass(frozen=True, slots=True)
class Act:
    """What is written beside every answer of one judgement."""

    reviewer: str
    kind: Kind
    note: str = ""
    blind: bool = False
    seconds: float | None = None
    decided_at: str = ""


def record(
    store: ReviewStore,
    row_id: str,
    answers: Answers,
    *,
    reviewer: str,
    note: str = "",
    blind: bool = False,
    seconds: float | None = None,
) -> list[VerdictRow]:
    """Add one person's answers about a post: one transaction, on the disk when this returns.

    A second judgement of the same person replaces the first one, which stays in the chain. An
    answer ``unsure`` calls a second person. An answer that comes after the decision is kept too.

    Args:
        store: The store.
        row_id: The post, as ``next_post`` returned it.
        answers: An answer for every label.
        reviewer: A person with the role ``reviewer`` or ``adjudicator``.
        note: At most ``MAX_NOTE`` characters.
        blind: The scores were hidden.
        seconds: Time taken.

    Returns:
        The rows added, one per label.

    Raises:
        ReviewError: ``review_no_post``, ``review_not_scored``, ``review_forgotten``,
            ``review_answers``, ``review_role`` or ``review_note``.
    """
    _require_answers(answers)
    note = checked_note(note)
    with store.base.write() as base:
        require_role(base, reviewer, "reviewer")
        post, head = _judgeable(base, row_id)
        kind = _kind(base, head, reviewer)
        act = Act(reviewer, kind, note, blind, seconds_of(seconds))
        added = add(base, post, head, answers, act, previous=_earlier(base, head, act))
        base.execute("DELETE FROM leases WHERE reviewer = ?", (reviewer,))
        base.execute("DELETE FROM skips WHERE reviewer = ? AND head = ?", (reviewer, head))
        settle(base, head, store=store)
    return added


def undo(store: ReviewStore, *, reviewer: str) -> QueuedPost:
    """Withdraw a reviewer's last judgement with new rows, and return the post to judge again.

    An earlier judgement that it had replaced stands again. Imported answers are not touched.

    Raises:
        ReviewError: ``review_nothing_to_undo`` or ``review_role``.
    """
    with store.base.write() as base:
        require_role(base, reviewer, "reviewer")
        last = base.execute(
            "SELECT act, post, head, kind FROM verdicts v WHERE reviewer = ?"
            " AND kind NOT IN ('undo', 'import') AND NOT EXISTS (SELECT 1 FROM verdicts u"
            "  WHERE u.head = v.head AND u.kind = 'undo' AND u.previous = v.seq)"
            " ORDER BY seq DESC LIMIT 1",
            (reviewer,),
        ).fetchone()
        if last is None:
            raise ReviewError("review_nothing_to_undo", name=reviewer)
        number, post, head, kind = last
        rows = base.execute("SELECT label, seq FROM verdicts WHERE act = ?", (number,)).fetchall()
        previous: dict[Label, int] = dict(rows)
        withdrawal = dict.fromkeys(previous, "withdrawn")
        add(base, post, head, withdrawal, Act(reviewer, "undo"), previous=previous)
        if kind == "adjudication":
            base.execute("DELETE FROM known WHERE head = ?", (head,))
        settle(base, head, store=store)
        return post_at(base, post)


def conflicts(store: ReviewStore, *, limit: int = 100) -> Iterator[Conflict]:
    """Yield the posts that wait for an adjudicator, with what reviewers said."""
    with store.base.read() as base:
        heads = base.execute(
            "SELECT id FROM posts WHERE state = ? AND copy = 0 AND forgotten IS NULL"
            " ORDER BY first_by, raised, likely DESC LIMIT ?",
            (CONFLICT, limit),
        ).fetchall()
        found = [_conflict(base, head) for (head,) in heads]
    yield from found


def adjudicate(
    store: ReviewStore, row_id: str, answers: Answers, *, adjudicator: str, note: str
) -> list[VerdictRow]:
    """Decide a post on which reviewers differ; their answers stay. A logged act.

    Decided without ``unsure``, the post becomes a known case.

    Raises:
        ReviewError: ``review_role``, ``review_no_conflict``; else as ``record``.
    """
    return _decide(store, row_id, answers, adjudicator, note, "adjudicate")


def mark_known(
    store: ReviewStore, row_id: str, answers: Answers, *, who: str, note: str
) -> list[VerdictRow]:
    """Decide any post and make it a known case that is shown to reviewers now and then.

    Raises:
        ReviewError: ``review_role`` where ``who`` is no adjudicator, ``review_known_unsure``; else
            as ``record``.
    """
    if "unsure" in answers.values():
        raise ReviewError("review_known_unsure")
    return _decide(store, row_id, answers, who, note, "mark_known")


def verdicts_of(store: ReviewStore, row_id: str) -> list[VerdictRow]:
    """Return every row about a text, oldest first. Not for a reviewer who has yet to judge it.

    Raises:
        ReviewError: ``review_no_post``.
    """
    with store.base.read() as base:
        _, head = number_of(base, row_id)
        query = f"SELECT {VERDICT_COLUMNS} FROM verdicts WHERE head = ? ORDER BY seq"  # noqa: S608
        return [verdict_row(row) for row in base.execute(query, (head,))]


def answers_of(
    store: ReviewStore, row_ids: Iterable[str], *, reviewer: str
) -> dict[str, dict[Label, Answer]]:
    """Return what a reviewer's own answers about some posts are now; posts without any are absent.

    Raises:
        ReviewError: ``review_no_post``.
    """
    found = {}
    with store.base.read() as base:
        for row_id in row_ids:
            own = standing_of(base, number_of(base, row_id)[1]).of(reviewer)
            if own:
                found[row_id] = own
    return found


def add(
    base: sqlite3.Connection,
    post: int,
    head: int,
    answers: Mapping[Label, str],
    act: Act,
    *,
    previous: Mapping[Label, int],
) -> list[VerdictRow]:
    """Append the rows of one judgement to the chain, inside the transaction of the caller."""
    row_id, digest, policy, bundle, weight = base.execute(
        "SELECT p.row_id, p.digest, p.policy_version, r.bundle, u.weight FROM posts p"
        " JOIN runs r ON r.id = p.run LEFT JOIN audit u ON u.post = p.id WHERE p.id = ?",
        (post,),
    ).fetchone()
    seq, prev_hash = last_link(base, "verdicts")
    number, salt = seq + 1, new_salt()
    at = act.decided_at or now()
    added = []
    for label in [label for label in LABELS if label in answers]:
        seq += 1
        row: dict[str, Any] = {"seq": seq, "row_id": row_id, "label": label}
        row |= {"verdict": answers[label], "reviewer": act.reviewer, "decided_at": at}
        row |= {"bundle": bundle, "policy_version": policy, "sampling_weight": weight}
        row |= {"blind": act.blind, "kind": act.kind, "previous": previous.get(label)}
        row |= {"seconds": act.seconds, "post_digest": digest}
        row |= {"note_digest": salted(salt, act.note) if act.note else ""}
        hashed = link(prev_hash, VERDICT_FIELDS, row)
        values = [row[name] for name in VERDICT_FIELDS]
        base.execute(_INSERT, [number, post, head, *values, prev_hash, hashed])
        added.append(_row_of(row, act.note, prev_hash, hashed))
        prev_hash = hashed
    if act.note:
        base.execute("INSERT INTO notes VALUES (?, ?, ?, ?)", (number, head, salt, act.note))
    return added


def settle(base: sqlite3.Connection, head: int, *, store: ReviewStore) -> None:
    """Bring the state of a text and of its copies in line with its answers."""
    row_id, was = base.execute("SELECT row_id, state FROM posts WHERE id = ?", (head,)).fetchone()
    twice = judged_twice(row_id, store.key, store.setting("double"))
    state, first_by, outcome = state_of(standing_of(base, head), twice=twice)
    at = now() if state == DECIDED else None
    if state == DECIDED and was == DECIDED:
        at = base.execute("SELECT decided_at FROM posts WHERE id = ?", (head,)).fetchone()[0]
    base.execute(
        "UPDATE posts SET state = ?1, first_by = ?2, outcome = ?3, decided_at = ?4"
        " WHERE forgotten IS NULL AND (id = ?5 OR id IN"
        "  (SELECT id FROM posts WHERE head = ?5 AND copy = 1))",
        (state, first_by, outcome, at, head),
    )


def _decide(
    store: ReviewStore, row_id: str, answers: Answers, who: str, note: str, act: str
) -> list[VerdictRow]:
    _require_answers(answers)
    note = checked_note(note)
    with store.base.write() as base:
        require_role(base, who, "adjudicator")
        post, head = _judgeable(base, row_id)
        state = base.execute("SELECT state FROM posts WHERE id = ?", (head,)).fetchone()[0]
        if act == "adjudicate" and state != CONFLICT:
            raise ReviewError("review_no_conflict", row_id=row_id)
        judgement = Act(who, "adjudication", note)
        earlier = _earlier(base, head, judgement)
        added = add(base, post, head, answers, judgement, previous=earlier)
        base.execute("DELETE FROM leases WHERE reviewer = ? OR head = ?", (who, head))
        if "unsure" not in answers.values():
            values = (head, post, json.dumps(dict(answers)), who, now(), secrets.randbits(53))
            base.execute("INSERT OR REPLACE INTO known VALUES (?, ?, ?, ?, ?, ?)", values)
        else:
            base.execute("DELETE FROM known WHERE head = ?", (head,))
        settle(base, head, store=store)
        append(base, who, act, row_id)
    return added


def _conflict(base: sqlite3.Connection, head: int) -> Conflict:
    standing = standing_of(base, head)
    answers = {
        name: {label: given.answer for label, given in of.items()}
        for name, of in standing.reviewers.items()
    }
    notes = {}
    for name, of in standing.reviewers.items():
        seqs = [given.seq for given in of.values()]
        row = base.execute(
            "SELECT note FROM notes WHERE act = (SELECT act FROM verdicts WHERE seq = ?)",
            (max(seqs),),
        ).fetchone()
        notes[name] = row[0] if row else ""
    return Conflict(post_at(base, head), answers, notes)


def _kind(base: sqlite3.Connection, head: int, reviewer: str) -> Kind:
    """Return what sort of act a judgement is.

    The lease says whether the post was handed out as a known case, even after it ran out.
    """
    lease = base.execute(
        "SELECT known FROM leases WHERE reviewer = ? AND head = ?", (reviewer, head)
    ).fetchone()
    if lease and lease[0]:
        return "check"
    reviewers = standing_of(base, head).reviewers
    if reviewer in reviewers:
        kinds = {given.kind for given in reviewers[reviewer].values()}
        return "second" if "second" in kinds else "first"
    return "second" if reviewers else "first"


def _earlier(base: sqlite3.Connection, head: int, act: Act) -> dict[Label, int]:
    standing = standing_of(base, head)
    of: Mapping[Label, Given] = {}
    if act.kind == "adjudication":
        of = {k: g for k, g in standing.decision.items() if g.reviewer == act.reviewer}
    elif act.kind == "check":
        of = standing.checks.get(act.reviewer, {})
    else:
        of = standing.reviewers.get(act.reviewer, {})
    return {label: given.seq for label, given in of.items()}


def _judgeable(base: sqlite3.Connection, row_id: str) -> tuple[int, int]:
    post, head = number_of(base, row_id)
    forgotten, state = base.execute(
        "SELECT forgotten, state FROM posts WHERE id = ?", (post,)
    ).fetchone()
    if forgotten is not None:
        raise ReviewError("review_forgotten", row_id=row_id)
    if state < 0:
        raise ReviewError("review_not_scored", row_id=row_id)
    return post, head


def _require_answers(answers: Answers) -> None:
    if set(answers) != set(LABELS) or not set(answers.values()) <= set(ANSWERS):
        shown = ", ".join(f"{label}: {answer}" for label, answer in answers.items())
        raise ReviewError("review_answers", labels=", ".join(LABELS), value=shown)


def checked_note(note: str) -> str:
    """Return a note without outer blanks and broken characters, or refuse a long one."""
    note = without_surrogates(note.strip())
    if len(note) > MAX_NOTE:
        raise ReviewError("review_note", n=len(note), most=MAX_NOTE)
    return note


def seconds_of(seconds: float | None) -> float | None:
    """Return a time taken that makes sense, else nothing."""
    if seconds is None or not math.isfinite(seconds) or seconds < 0:
        return None
    return round(float(seconds), 3)


def _row_of(row: Mapping[str, Any], note: str, prev_hash: str, hashed: str) -> VerdictRow:
    kept = {k: v for k, v in row.items() if k not in ("post_digest", "note_digest")}
    return VerdictRow(**kept, note=note, prev_hash=prev_hash, hash=hashed)


_MARKS: Final = ", ".join("?" * (len(VERDICT_FIELDS) + 5))
_NAMES: Final = ", ".join(("act", "post", "head", *VERDICT_FIELDS, "prev_hash", "hash"))
_INSERT: Final = f"INSERT INTO verdicts ({_NAMES}) VALUES ({_MARKS})"  # noqa: S608 - our own names
