"""From posts and predictions to the rows of a part."""

import hashlib
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa

from netralitas_nlp.io.view_cells import without_surrogates
from netralitas_nlp.labels import LABELS, UNSCORED_KINDS
from netralitas_nlp.schema import PART_SCHEMA, JsonValue, Post, Prediction, Reject
from netralitas_nlp.scoring.claims import CLAIM_COLUMNS, ClaimChecks
from netralitas_nlp.scoring.clauses import Citations

Outcome = tuple[tuple[float, ...], str | None, str, int, int, str | None]
"""A prediction as it travels between processes: scores in the order of ``LABELS``, joined labels,
decision, tokens, windows, evidence as JSON."""

Question = tuple[str, str | None]
"""What is scored: the text, and the post that it answers or shares."""

_encode = json.JSONEncoder(ensure_ascii=True, allow_nan=False).encode


@dataclass(slots=True)
class Chunk:
    """Some consecutive records of one part, scored together by one process.

    Attributes:
        part: Number of the part.
        first: Number of the first record of the *part*, from 0 over the run.
        stop: One more than the number of the last record of the chunk.
        closes: Whether the part ends with this chunk.
        posts: Its rows.
        files: Name of the file of each row, without the user's folders.
        inputs: Each row as one JSON object.
        row_ids: One per row.
        rejects: Its records that could not be read.
        size: Characters held, for a bound on memory.
        place: Of the first record of the part: number of its input and of its table there, from
            0, and its row number; on the first chunk of a part.
    """

    part: int
    first: int
    stop: int
    closes: bool = False
    posts: list[Post] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    inputs: list[str] = field(default_factory=list)
    row_ids: list[str] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    size: int = 0
    place: tuple[int, int, int] | None = None

    def __len__(self) -> int:
        return len(self.posts) + len(self.rejects)

    def add(self, item: Post | Reject, *, file: str, ids: "RowIds") -> None:
        """Take in the next record."""
        self.stop += 1
        if isinstance(item, Reject):
            self.rejects.append(replace(item, source_file=file))
            self.size += len(item.raw)
            return
        text = input_json(item.fields)
        self.posts.append(item)
        self.files.append(file)
        self.inputs.append(text)
        self.row_ids.append(ids.of(file, item.source_row))
        self.size += len(text) + len(item.text) + len(item.parent_text or "")

    def questions(self) -> list[Question]:
        """Return what the model is asked; ``table`` expects an outcome for each, in order."""
        return [(post.text, post.parent_text) for post in self.posts if is_scored(post)]


def is_scored(post: Post) -> bool:
    """Return whether a post holds words of somebody to score."""
    return post.text_kind not in UNSCORED_KINDS and bool(post.text.strip())


def outcome_of(prediction: Prediction, evidence: str | None = None) -> Outcome | None:
    """Return a prediction in the form that travels; nothing where no word was left to score."""
    if not prediction.scores:
        return None
    return (
        tuple(prediction.scores[label] for label in LABELS),
        ";".join(prediction.labels) or None,
        prediction.decision,
        prediction.n_tokens,
        prediction.n_windows,
        evidence,
    )


class RowIds:
    """Names of rows: the first 16 hex digits of SHA-256 over input digest, table and row.

    At 10 million rows two of them agree with a chance of 3 in a million (birthday bound, 64 bit).
    """

    def __init__(self, input_sha256: str, sheet: str | None) -> None:
        self._start = f"{input_sha256}\0{sheet or ''}\0"
        self._file: str | None = None
        self._prefix = hashlib.sha256()

    def of(self, source_file: str, source_row: int) -> str:
        """Return the id of a row."""
        if source_file != self._file:
            self._file = source_file
            self._prefix = hashlib.sha256(
                f"{self._start}{source_file}\0".encode("utf-8", "surrogatepass")
            )
        digest = self._prefix.copy()
        digest.update(b"%d" % source_row)
        return digest.hexdigest()[:16]


def input_json(fields: Any) -> str:
    """Return a row as read as one JSON object in ASCII, so that any text survives.

    JSON has no words for NaN and infinities: they become the strings ``NaN``, ``Infinity`` and
    ``-Infinity``.
    """
    try:
        return _encode(dict(fields))
    except ValueError:
        return _encode(_finite(dict(fields)))


def _finite(value: JsonValue) -> JsonValue:
    if isinstance(value, float) and not math.isfinite(value):
        return json.dumps(value)
    if isinstance(value, list):
        return [_finite(item) for item in value]
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return value


def table_of(
    chunks: Sequence[tuple[Chunk, Sequence[Outcome | None]]],
    *,
    bundle: str,
    operating_point: str,
    citations: Citations | None = None,
    claims: ClaimChecks | None = None,
) -> pa.Table:
    """Return the rows of a part, with ``PART_SCHEMA``.

    Args:
        chunks: All chunks of the part in order, each with the outcomes of its ``questions``.
        bundle: Name of the model.
        operating_point: Name of the thresholds.
        citations: Who says which clause and stage a row falls under; nobody leaves them empty.
        claims: Who says which checked claim a row repeats; as ``citations``.
    """
    posts = [post for chunk, _ in chunks for post in chunk.posts]
    columns: dict[str, list[Any]] = {
        "input": [text for chunk, _ in chunks for text in chunk.inputs],
        "row_id": [name for chunk, _ in chunks for name in chunk.row_ids],
        "text": [post.text for post in posts],
        "parent_text": [post.parent_text for post in posts],
        "source_file": [name for chunk, _ in chunks for name in chunk.files],
        "source_row": [post.source_row for post in posts],
        "post_id": [post.post_id or None for post in posts],
        "account": [post.account or None for post in posts],
        "posted_at": [post.posted_at or None for post in posts],
        "url": [post.url or None for post in posts],
        "text_kind": [post.text_kind for post in posts],
        "truncated": [post.truncated for post in posts],
        "bundle": [bundle] * len(posts),
        "operating_point": [operating_point] * len(posts),
        **_outcome_columns(chunks),
        **(_citation_columns(chunks, citations) if citations else {}),
        **(_claim_columns(chunks, claims) if claims else {}),
    }
    arrays = [
        _array(columns[f.name], f.type) if f.name in columns else pa.nulls(len(posts), f.type)
        for f in PART_SCHEMA
    ]
    return pa.Table.from_arrays(arrays, schema=PART_SCHEMA)


def _answered(
    chunks: Sequence[tuple[Chunk, Sequence[Outcome | None]]],
) -> Iterator[tuple[Post, Outcome | None]]:
    """Yield each post with its outcome; nothing where it was not asked about."""
    for chunk, outcomes in chunks:
        answers = iter(outcomes)
        for post in chunk.posts:
            yield post, next(answers) if is_scored(post) else None


def _outcome_columns(
    chunks: Sequence[tuple[Chunk, Sequence[Outcome | None]]],
) -> dict[str, list[Any]]:
    names = [*(f"score_{label}" for label in LABELS), "labels", "decision", "n_tokens", "n_windows"]
    names.append("evidence")
    nothing = (None,) * len(names)
    rows: list[tuple[Any, ...]] = [
        (*outcome[0], *outcome[1:]) if outcome else nothing for _, outcome in _answered(chunks)
    ]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in names]
    return dict(zip(names, columns, strict=True))


def _citation_columns(
    chunks: Sequence[tuple[Chunk, Sequence[Outcome | None]]], citations: Citations
) -> dict[str, list[Any]]:
    rows = [
        citations.of(post, outcome[0] if outcome else None) for post, outcome in _answered(chunks)
    ]
    names = ("clause", "stage", "policy_version")
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def _claim_columns(
    chunks: Sequence[tuple[Chunk, Sequence[Outcome | None]]], claims: ClaimChecks
) -> dict[str, list[Any]]:
    rows = [claims.of(post, outcome[2] if outcome else None) for post, outcome in _answered(chunks)]
    return {name: [row[place] for row in rows] for place, name in enumerate(CLAIM_COLUMNS)}


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:
        # Arrow holds UTF-8 only; the row as read keeps the damaged character in ``input``.
        return pa.array([v if v is None else without_surrogates(v) for v in values], kind)
