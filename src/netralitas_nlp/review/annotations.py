"""Posts with the answers of people, between the store and the formats of other tools."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from netralitas_nlp.errors import InputError
from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.review.shapes import Answers
from netralitas_nlp.review.standing import Given, standing_of
from netralitas_nlp.text.normalize import mask
from netralitas_nlp.verdicts import ANSWERS, Answer

MAX_BYTES: Final = 500_000_000
"""Largest file that is read: it is held in memory."""

NEUTRAL: Final = "neutral"
"""Label of a post that violates no point, in tools where an empty list means "not done yet"."""

UNSURE: Final = ":unsure"
"""End of a label that nobody could decide, in tools that only know labels set or not set."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one person says about a post.

    Attributes:
        reviewer: Name, as the other tool has it.
        answers: An answer for every label.
        note: Free words.
        decided_at: UTC, ISO 8601; empty where the tool does not say.
        seconds: Time taken; ``None`` where unknown.
        adjudicated: It decides between others.
    """

    reviewer: str
    answers: Answers
    note: str = ""
    decided_at: str = ""
    seconds: float | None = None
    adjudicated: bool = False


@dataclass(frozen=True, slots=True)
class Annotated:
    """A post with what people say about it; texts are masked as for training."""

    row_id: str
    text: str
    parent_text: str
    text_kind: str
    clause: str
    judgements: Sequence[Judgement]


def annotated_posts(
    base: sqlite3.Connection, *, run_id: int | None, waiting: bool
) -> Iterator[Annotated]:
    """Yield the posts that were judged, and those that wait, copies once, forgotten ones never."""
    heads = base.execute(
        "SELECT p.id, p.row_id, c.text, c.parent_text, p.text_kind, p.clause FROM posts p"
        " JOIN contents c ON c.post = p.id WHERE p.copy = 0 AND (?1 IS NULL OR p.run = ?1)"
        " AND (p.id IN (SELECT head FROM verdicts)"
        "  OR (?2 AND p.raised = 1 AND p.state IN (0, 1, 2))) ORDER BY p.id",
        (run_id, waiting),
    )
    for head, row_id, text, parent, kind, clause in heads:
        judgements = _judgements(base, head)
        if judgements or waiting:
            yield Annotated(row_id, mask(text), mask(parent), kind, clause, judgements)


def _judgements(base: sqlite3.Connection, head: int) -> list[Judgement]:
    standing = standing_of(base, head)
    given = [(name, of, False) for name, of in standing.reviewers.items()]
    deciders = sorted({g.reviewer for g in standing.decision.values()})
    for name in deciders:
        of = {label: g for label, g in standing.decision.items() if g.reviewer == name}
        given.append((name, of, True))
    return [_judgement(base, *one) for one in given if set(one[1]) == set(LABELS)]


def _judgement(
    base: sqlite3.Connection, name: str, of: Mapping[Label, Given], adjudicated: bool
) -> Judgement:
    at, seconds, note = base.execute(
        "SELECT decided_at, seconds, (SELECT note FROM notes WHERE notes.act = verdicts.act)"
        " FROM verdicts WHERE seq = ?",
        (max(g.seq for g in of.values()),),
    ).fetchone()
    answers = {label: of[label].answer for label in LABELS}
    return Judgement(name, answers, note or "", at, seconds, adjudicated)


def labels_from(answers: Answers) -> list[str]:
    """Return answers as a list of labels: set ones, doubtful ones, or ``neutral``."""
    named = [label for label in LABELS if answers[label] == "yes"]
    doubtful = [f"{label}{UNSURE}" for label in LABELS if answers[label] == "unsure"]
    return [*named, *doubtful] or [NEUTRAL]


def answers_from(labels: Sequence[object], wrong: InputError) -> Answers | None:
    """Return what a list of labels says; ``None`` where it is empty: nobody has answered yet.

    Raises:
        InputError: ``wrong``, where a label is not one of ours.
    """
    answers: dict[Label, Answer] = dict.fromkeys(LABELS, "no")
    for named in labels:
        plain = named.removesuffix(UNSURE) if isinstance(named, str) else ""
        if plain in LABELS:
            answers[plain] = "yes" if plain == named else "unsure"
        elif named != NEUTRAL:
            raise wrong
    return answers if labels else None


def one_answer(value: object, wrong: InputError) -> Answer:
    """Return an answer, or raise ``wrong``."""
    if value not in ANSWERS:
        raise wrong
    return value


def malformed(path: Path, number: int, column: str, value: object) -> InputError:
    """Return the error that names a record, from 1, and what is wrong with it."""
    shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return InputError("review_record", file=path.name, row=number, column=column, value=shown[:200])


def read_bytes(path: Path) -> bytes:
    """Return a file of another tool.

    Raises:
        InputError: It cannot be read or is too large.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError("review_file_large", file=path.name, most=MAX_BYTES // 1_000_000)
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or error
        raise InputError("review_file_unreadable", file=path.name, reason=reason) from None


def json_list(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the objects of a JSON list, or of a file with one object per line, numbered from 1.

    Raises:
        InputError: A record is named that is no object, or the file where it is no JSON.
    """
    content = read_bytes(path)
    lines = content.splitlines()
    if content.lstrip()[:1] == b"[":
        found = _parsed(content, path, 1)
    else:
        found = [(n, _parsed(line, path, n)) for n, line in enumerate(lines, 1) if line.strip()]
        yield from ((n, _object(entry, path, n)) for n, entry in found)
        return
    for n, entry in enumerate(found, 1):
        yield n, _object(entry, path, n)


def _parsed(content: bytes, path: Path, number: int) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        shown = content[:80].decode("utf-8", "replace")
        raise malformed(path, number, "JSON", shown) from None


def _object(entry: object, path: Path, number: int) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise malformed(path, number, "JSON", entry)
    return entry
