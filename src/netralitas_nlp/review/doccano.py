"""Lines of doccano (JSONL, document classification): a line per post and person.

doccano writes one file per person, named after the user; what is not ``id``, ``text``, ``label`` or
``Comments`` travels along as metadata. A label is set or not set there, so that doubt is a label
of its own (``hoax:unsure``) and a post that violates nothing carries ``neutral``: an empty list
is a post that nobody has labelled yet.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from netralitas_nlp.review.annotations import (
    Annotated,
    Judgement,
    answers_from,
    json_list,
    labels_from,
    malformed,
)
from netralitas_nlp.review.label_studio import utc


def lines(post: Annotated) -> Iterator[dict[str, Any]]:
    """Yield the lines of a post, one where nobody has judged it."""
    facts = {
        "row_id": post.row_id,
        "parent_text": post.parent_text,
        "text_kind": post.text_kind,
        "clause": post.clause,
    }
    for judgement in post.judgements:
        yield {
            "text": post.text,
            "label": labels_from(judgement.answers),
            "Comments": [judgement.note] if judgement.note else [],
            **facts,
            "reviewer": judgement.reviewer,
            "decided_at": judgement.decided_at,
            "adjudicated": judgement.adjudicated,
        }
    if not post.judgements:
        yield {"text": post.text, "label": [], "Comments": [], **facts}


def read(path: Path) -> Iterator[tuple[str, Judgement | None]]:
    """Yield ``row_id`` and judgement of every line; ``None`` where it has no label.

    The reviewer is the one of the line, else the name of the file, as doccano gives it.

    Raises:
        InputError: A line is malformed; it is named.
    """
    for number, entry in json_list(path):
        row_id = entry.get("row_id")
        if not isinstance(row_id, str) or not row_id:
            raise malformed(path, number, "row_id", row_id)
        labels = entry.get("label", entry.get("labels"))
        wrong = malformed(path, number, "label", labels)
        if not isinstance(labels, list):
            raise wrong
        answers = answers_from(labels, wrong)
        reviewer = entry.get("reviewer") or path.stem
        comments = entry.get("Comments") or []
        if not isinstance(reviewer, str):
            raise malformed(path, number, "reviewer", reviewer)
        if not isinstance(comments, list):
            raise malformed(path, number, "Comments", comments)
        note = "\n".join(str(c) for c in comments)
        at = utc(entry.get("decided_at"))
        yield row_id, None if answers is None else Judgement(reviewer, answers, note, at)
