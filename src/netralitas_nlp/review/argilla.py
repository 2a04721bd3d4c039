"""Records of Argilla 2 (``dataset.records.to_json``): one question per label, and a note.

The labelling task has the fields ``text`` and ``parent_text``, a label question with the answers
``yes``, ``no`` and ``unsure`` for each of our labels, and a text question ``note``. Argilla knows
people by UUIDs; the metadata ``reviewers`` pairs them with our names.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from netralitas_nlp.labels import LABELS
from netralitas_nlp.review.annotations import (
    Annotated,
    Judgement,
    answers_from,
    json_list,
    malformed,
    one_answer,
)

_NAMES: Final = uuid5(NAMESPACE_URL, "netralitas-nlp/reviewer")
MULTI: Final = "labels"
"""A multi-label question of that name is read too."""


def user_id(name: str) -> str:
    """Return the UUID that stands for a reviewer; a name that is a UUID stays as it is."""
    try:
        return str(UUID(name))
    except ValueError:
        return str(uuid5(_NAMES, name))


def record(post: Annotated) -> dict[str, Any]:
    """Return a post as a record."""
    responses: dict[str, list[dict[str, Any]]] = {}
    for judgement in post.judgements:
        who = user_id(judgement.reviewer)
        for label in LABELS:
            answer = {"value": judgement.answers[label], "user_id": who}
            responses.setdefault(label, []).append(answer)
        if judgement.note:
            note = {"value": judgement.note, "user_id": who}
            responses.setdefault("note", []).append(note)
    names = [f"{user_id(j.reviewer)} {j.reviewer}" for j in post.judgements]
    return {
        "id": post.row_id,
        "fields": {"text": post.text, "parent_text": post.parent_text},
        "metadata": {
            "text_kind": post.text_kind,
            "clause": post.clause,
            "reviewers": list(dict.fromkeys(names)),
        },
        "suggestions": {},
        "responses": responses,
        "vectors": {},
    }


def read(path: Path) -> Iterator[tuple[str, Judgement | None]]:
    """Yield ``row_id`` and judgement of every record and person; ``None`` where none is complete.

    Raises:
        InputError: A record is malformed; it is named.
    """
    for number, entry in json_list(path):
        row_id, responses = entry.get("id"), entry.get("responses") or {}
        if not isinstance(row_id, str) or not row_id:
            raise malformed(path, number, "id", row_id)
        if not isinstance(responses, dict):
            raise malformed(path, number, "responses", responses)
        people = _people(responses, path, number)
        names = _names(entry.get("metadata"))
        found = [_judgement(names.get(k, k), said, path, number) for k, said in people.items()]
        complete = [judgement for judgement in found if judgement is not None]
        yield from ((row_id, judgement) for judgement in complete)
        if not complete:
            yield row_id, None


def _people(responses: Mapping[str, Any], path: Path, number: int) -> dict[str, dict[str, object]]:
    """Return user to question to value."""
    people: dict[str, dict[str, object]] = {}
    for question, answers in responses.items():
        if question not in (*LABELS, MULTI, "note"):
            continue
        if not isinstance(answers, list):
            raise malformed(path, number, question, answers)
        for answer in answers:
            user = answer.get("user_id") if isinstance(answer, dict) else None
            if not isinstance(user, str) or not user:
                raise malformed(path, number, question, answer)
            if answer.get("status") not in ("draft", "discarded"):
                people.setdefault(user, {})[question] = answer.get("value")
    return people


def _judgement(name: str, said: Mapping[str, object], path: Path, number: int) -> Judgement | None:
    note = said.get("note")
    words = note if isinstance(note, str) else ""
    if MULTI in said:
        labels = said[MULTI]
        wrong = malformed(path, number, MULTI, labels)
        if not isinstance(labels, list):
            raise wrong
        answers = answers_from(labels, wrong)
        return None if answers is None else Judgement(name, answers, words)
    if not all(label in said for label in LABELS):
        return None
    each = {
        label: one_answer(said[label], malformed(path, number, label, said[label]))
        for label in LABELS
    }
    return Judgement(name, each, words)


def _names(metadata: object) -> dict[str, str]:
    listed = metadata.get("reviewers") if isinstance(metadata, dict) else None
    pairs = [str(entry).partition(" ") for entry in listed] if isinstance(listed, list) else []
    return {user: name for user, _, name in pairs if name}
