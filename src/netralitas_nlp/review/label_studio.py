"""Tasks of Label Studio (JSON): one single-choice question per label, a note and a reviewer.

The labelling configuration names a ``Text`` tag ``text`` (``$text``), a ``Choices`` tag for each of
our labels (``yes``, ``no``, ``unsure``) and the ``TextArea`` tags ``note`` and ``reviewer``. The
last one carries names through: Label Studio refuses annotators it has no account for, so
``completed_by`` is only written where the name is an e-mail address.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.review.annotations import (
    Annotated,
    Judgement,
    json_list,
    malformed,
    one_answer,
)
from netralitas_nlp.verdicts import Answer


def task(post: Annotated, number: int) -> dict[str, Any]:
    """Return a post as a task; ``number`` is its id, unique in the file."""
    return {
        "id": number,
        "data": {
            "row_id": post.row_id,
            "text": post.text,
            "parent_text": post.parent_text,
            "text_kind": post.text_kind,
            "clause": post.clause,
        },
        "annotations": [_annotation(judgement, post.row_id) for judgement in post.judgements],
        "predictions": [],
    }


def read(path: Path) -> Iterator[tuple[str, Judgement | None]]:
    """Yield ``row_id`` and judgement of every annotation; ``None`` where a task has none.

    Raises:
        InputError: A task is malformed; it is named.
    """
    for number, entry in json_list(path):
        data = entry.get("data")
        row_id = data.get("row_id") if isinstance(data, dict) else None
        if not isinstance(row_id, str) or not row_id:
            raise malformed(path, number, "data.row_id", row_id)
        annotations = entry.get("annotations") or []
        if not isinstance(annotations, list):
            raise malformed(path, number, "annotations", annotations)
        complete = 0
        for annotation in annotations:
            if not isinstance(annotation, dict):
                raise malformed(path, number, "annotations", annotation)
            judgement = _judgement(annotation, path, number)
            if judgement is not None:
                complete += 1
                yield row_id, judgement
        if not complete:
            yield row_id, None


def _annotation(judgement: Judgement, row_id: str) -> dict[str, Any]:
    results = [_choice(label, judgement.answers[label], row_id) for label in LABELS]
    results.append(_words("reviewer", judgement.reviewer, row_id))
    if judgement.note:
        results.append(_words("note", judgement.note, row_id))
    facts: dict[str, Any] = {
        "result": results,
        "was_cancelled": False,
        "ground_truth": judgement.adjudicated,
        "created_at": judgement.decided_at,
        "lead_time": judgement.seconds,
    }
    if "@" in judgement.reviewer:
        facts["completed_by"] = {"email": judgement.reviewer}
    return facts


def _choice(label: Label, answer: Answer, row_id: str) -> dict[str, Any]:
    return {
        "id": f"{row_id}-{label}",
        "from_name": label,
        "to_name": "text",
        "type": "choices",
        "value": {"choices": [answer]},
    }


def _words(name: str, words: str, row_id: str) -> dict[str, Any]:
    return {
        "id": f"{row_id}-{name}",
        "from_name": name,
        "to_name": "text",
        "type": "textarea",
        "value": {"text": [words]},
    }


def _judgement(annotation: Mapping[str, Any], path: Path, number: int) -> Judgement | None:
    results = annotation.get("result") or []
    if not isinstance(results, list):
        raise malformed(path, number, "result", results)
    if annotation.get("was_cancelled"):
        return None
    said = _said(results, path, number)
    if not all(label in said for label in LABELS):
        return None
    answers = {
        label: one_answer(said[label], malformed(path, number, label, said[label]))
        for label in LABELS
    }
    name = said.get("reviewer") or _completed_by(annotation.get("completed_by"))
    if not name:
        raise malformed(path, number, "completed_by", annotation.get("completed_by"))
    seconds = annotation.get("lead_time")
    number_given = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    return Judgement(
        reviewer=name,
        answers=answers,
        note=said.get("note", ""),
        decided_at=utc(annotation.get("created_at")),
        seconds=float(seconds) if number_given else None,  # type: ignore[arg-type]
    )


def _said(results: list[Any], path: Path, number: int) -> dict[str, str]:
    """Return the one choice or text of each question of ours."""
    said = {}
    for result in results:
        value = result.get("value") if isinstance(result, dict) else None
        if not isinstance(value, dict):
            raise malformed(path, number, "result", result)
        name = result.get("from_name")
        if name in LABELS or name in ("reviewer", "note"):
            words = value.get("choices" if name in LABELS else "text")
            first = words[0] if isinstance(words, list) and words else words
            if not isinstance(first, str):
                raise malformed(path, number, str(name), words)
            said[str(name)] = first
    return said


def _completed_by(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("email") or value.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        return f"label-studio:{value}"
    return value if isinstance(value, str) else ""


def utc(value: object) -> str:
    """Return a time as UTC, ISO 8601 to the second; empty where it is none."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return ""
    if at is None:
        return ""
    try:
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except OverflowError:
        return ""
    return at.isoformat(timespec="seconds")
