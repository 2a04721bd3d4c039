"""Verdicts out of the desk and annotations into it, in the formats of other tools."""

import csv
import io
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal, get_args

from netralitas_nlp.errors import UsageError
from netralitas_nlp.io.durable import whole_file
from netralitas_nlp.io.view_cells import harmless, utf8
from netralitas_nlp.io.view_text import BOM
from netralitas_nlp.labels import Label
from netralitas_nlp.review import argilla, doccano, label_studio
from netralitas_nlp.review.annotations import Annotated, Judgement, annotated_posts
from netralitas_nlp.review.base import troubles
from netralitas_nlp.review.journal import append
from netralitas_nlp.review.judging import Act, add, checked_note, seconds_of, settle
from netralitas_nlp.review.people import MAX_NAME
from netralitas_nlp.review.standing import Given, standing_of
from netralitas_nlp.review.store import ReviewStore
from netralitas_nlp.review.training_table import COLUMNS, training_rows
from netralitas_nlp.review.verdict_lines import history_lines, standing_lines
from netralitas_nlp.scoring.manifest import now

Format = Literal["verdicts", "training", "argilla", "label-studio", "doccano"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)

_READERS: Final[dict[str, Callable[[Path], Iterator[tuple[str, Judgement | None]]]]] = {
    "argilla": argilla.read,
    "label-studio": label_studio.read,
    "doccano": doccano.read,
}
READABLE: Final = tuple(_READERS)
"""Formats that ``import_annotations`` takes."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import brought.

    Attributes:
        posts: Posts that got answers.
        answers: Rows added to the chain.
        repeated: Judgements that were in the store already.
        skipped: Records without a complete judgement, or of a row that the store does not hold,
            that was never scored or was forgotten.
    """

    posts: int
    answers: int
    repeated: int
    skipped: int


def export(
    store: ReviewStore,
    path: Path,
    *,
    form: Format = "verdicts",
    run_id: int | None = None,
    history: bool = False,
    waiting: bool = False,
    who: str = "",
) -> int:
    """Write what the desk decided; a logged act. Returns the number of lines or records.

    Args:
        store: The store.
        path: The new file, mode 0600; an older one is replaced once the new one is whole.
        form: ``verdicts``: ``verdicts.jsonl``, the answers on finished posts, one line per row
            (copies of a judged text included), label and person. ``training``: CSV. The others
            carry the posts that were judged, with the answers and names of the reviewers. Except
            in ``verdicts``, which holds no text, handles and addresses are masked.
        run_id: Only rows of this run; ``prevalence`` reads verdicts of one run at a time.
        history: Every row of the chain, withdrawn ones too; only for ``verdicts``.
        waiting: Also posts that wait, for people to label elsewhere; not for ``verdicts`` and
            ``training``.
        who: For the log.

    Raises:
        UsageError: ``review_format``, or ``review_run`` where there is no such run.
        ReviewError: The file cannot be written.
    """
    if form not in FORMATS:
        raise UsageError("review_format", form=form, known=", ".join(FORMATS))
    runs = [run.run_id for run in store.runs()]
    if run_id is not None and run_id not in runs:
        raise UsageError("review_run", run=run_id, known=", ".join(map(str, runs)))
    with store.base.write() as base:
        append(base, who, "export", form)
    with store.base.read() as base, troubles(path), whole_file(path) as file:
        if form == "verdicts":
            lines = history_lines if history else standing_lines
            return _jsonl(file, lines(base, run_id=run_id))
        if form == "training":
            return _csv(file, training_rows(base, run_id=run_id))
        posts = annotated_posts(base, run_id=run_id, waiting=waiting)
        if form == "doccano":
            return _jsonl(file, (line for post in posts for line in doccano.lines(post)))
        return _json(file, _records(posts, form))


def import_annotations(store: ReviewStore, path: Path, *, form: Format, who: str) -> Imported:
    """Add answers given in another tool; ids and names of reviewers are kept. A logged act.

    One transaction: all or nothing. The same file a second time adds nothing. An answer that
    differs from what the same person said before replaces it; both stay in the chain.

    Raises:
        UsageError: ``review_format``.
        InputError: A record is malformed; it is named.
    """
    if form not in READABLE:
        raise UsageError("review_format", form=form, known=", ".join(READABLE))
    posts: set[int] = set()
    answers = repeated = skipped = 0
    with store.base.write() as base:
        for row_id, judgement in _READERS[form](path):
            where = _place(base, row_id)
            if judgement is None or where is None:
                skipped += 1
            elif _is_known(base, where[1], judgement):
                repeated += 1
            else:
                answers += _bring(base, *where, judgement)
                posts.add(where[1])
        for head in sorted(posts):
            settle(base, head, store=store)
        append(base, who, "import", form, reason=f"{path.name}: {answers}")
    return Imported(len(posts), answers, repeated, skipped)


def _place(base: sqlite3.Connection, row_id: str) -> tuple[int, int] | None:
    found = base.execute(
        "SELECT id, head FROM posts WHERE row_id = ? AND state >= 0 AND forgotten IS NULL",
        (row_id,),
    ).fetchone()
    return (int(found[0]), int(found[1])) if found else None


def _is_known(base: sqlite3.Connection, head: int, judgement: Judgement) -> bool:
    standing = standing_of(base, head)
    mine = standing.reviewers.get(_name(judgement), {})
    decided = {k: g for k, g in standing.decision.items() if g.reviewer == _name(judgement)}
    return _says(mine, judgement) or _says(decided, judgement)


def _says(given: dict[Label, Given] | Any, judgement: Judgement) -> bool:
    return {label: g.answer for label, g in given.items()} == dict(judgement.answers)


def _bring(base: sqlite3.Connection, post: int, head: int, judgement: Judgement) -> int:
    mine = standing_of(base, head).reviewers.get(_name(judgement), {})
    act = Act(
        reviewer=_name(judgement),
        kind="import",
        note=checked_note(judgement.note),
        seconds=seconds_of(judgement.seconds),
        decided_at=judgement.decided_at or now(),
    )
    previous = {label: given.seq for label, given in mine.items()}
    return len(add(base, post, head, judgement.answers, act, previous=previous))


def _name(judgement: Judgement) -> str:
    plain = "".join(c for c in judgement.reviewer if c.isprintable()).strip()
    return plain[:MAX_NAME] or "?"


def _records(posts: Iterable[Annotated], form: str) -> Iterator[dict[str, Any]]:
    for number, post in enumerate(posts, 1):
        yield argilla.record(post) if form == "argilla" else label_studio.task(post, number)


def _jsonl(file: BinaryIO, entries: Iterable[dict[str, Any]]) -> int:
    n = 0
    for entry in entries:
        file.write(json.dumps(entry, ensure_ascii=True).encode("ascii") + b"\n")
        n += 1
    return n


def _json(file: BinaryIO, entries: Iterable[dict[str, Any]]) -> int:
    n = 0
    file.write(b"[")
    for n, entry in enumerate(entries, 1):
        text = json.dumps(entry, ensure_ascii=True).encode("ascii")
        file.write((b"\n" if n == 1 else b",\n") + text)
    file.write(b"\n]\n")
    return n


def _csv(file: BinaryIO, rows: Iterable[dict[str, str]]) -> int:
    n = 0
    file.write(BOM + utf8(",".join(COLUMNS) + "\r\n"))
    for row in rows:
        n += 1
        text = io.StringIO(newline="")
        csv.writer(text).writerow([harmless(row[name]) for name in COLUMNS])
        file.write(utf8(text.getvalue()))
    return n
