"""The two votes on each labelled post, and how far they agree."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from netralitas_nlp.evaluation.agreement import alpha_interval
from netralitas_nlp.evaluation.metrics import Interval
from netralitas_nlp.labeled.schema import Problem, Row
from netralitas_nlp.labels import LABELS

COLUMNS: Final = ("id", "first", "second", "final", "second_borderline", "vote_batch", "note")
"""``first`` is the author's vote, ``second`` that of a reader who saw text and parent alone.

Votes are words of three digits in the order of ``labels.LABELS``: ``101`` is support and hoax.
``note`` says why, where the two differ.
"""

_VOTE = re.compile(r"[01]{3}")


def problems(rows: Sequence[Row], posts: Sequence[Row]) -> Iterator[Problem]:
    """Yield votes that are malformed, missing, unknown or at odds with the labels of the posts."""
    labels = {post["id"]: "".join(post[label] for label in LABELS) for post in posts}
    voted: set[str] = set()
    for number, row in enumerate(rows, start=1):
        name = row["id"]
        if name not in labels:
            yield Problem("vote_unknown", number, "id", name)
        if name in voted:
            yield Problem("repeated", number, "id", name)
        voted.add(name)
        for column in ("first", "second", "final"):
            if not _VOTE.fullmatch(row[column]):
                yield Problem("not_allowed", number, column, row[column], "[01]{3}")
        if labels.get(name, row["final"]) != row["final"]:
            yield Problem("vote_final", number, "final", row["final"], labels[name])
        if row["first"] != row["second"] and not row["note"]:
            yield Problem("vote_note", number, "note", name)
    for name in sorted(set(labels) - voted):
        yield Problem("vote_missing", 0, "id", name)


def agreement(rows: Sequence[Row], posts: Sequence[Row]) -> Mapping[str, Interval]:
    """Return Krippendorff's alpha per label, before adjudication.

    Its interval draws whole groups of related posts.
    """
    group = {post["id"]: post["group_id"] for post in posts}
    known = [row for row in rows if row["id"] in group]
    groups = [group[row["id"]] for row in known]
    return {
        label: alpha_interval(
            np.array([[float(row[vote][j]) for vote in ("first", "second")] for row in known]),
            groups,
        )
        for j, label in enumerate(LABELS)
    }
