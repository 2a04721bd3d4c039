"""The values that travel between rooms, and the columns of a scored row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa

from netralitas_nlp.labels import LABELS, Decision, Label, TextKind

JsonValue = str | int | float | bool | None | list["JsonValue"] | dict[str, "JsonValue"]


@dataclass(frozen=True, slots=True)
class Post:
    """One row of an export.

    Attributes:
        source_file: Name of the file as the user gave it; a member of an archive is
            ``archive.zip!member.csv``, a sheet ``table.xlsx#Sheet1``.
        source_row: Number of the record in its table, counted from 1, header not counted.
        fields: Every input column in its order, values as read.
        text: What is scored, as the author wrote it; empty where there is none.
        parent_text: The post that this one answers or shares, where the export holds it.
        account: Handle or id of the author; empty where unknown.
        posted_at: ISO 8601, with a zone where the export has one; empty where unknown.
        url: Address of the post itself.
        post_id: The platform's id, as text; empty where absent or damaged beyond recovery.
        text_kind: Whose words ``text`` holds.
        truncated: Whether the text is visibly cut.
    """

    source_file: str
    source_row: int
    fields: Mapping[str, JsonValue]
    text: str
    parent_text: str | None = None
    account: str = ""
    posted_at: str = ""
    url: str = ""
    post_id: str = ""
    text_kind: TextKind = "unknown"
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that could not be read. It is written to ``rejects.jsonl``; the run goes on.

    Attributes:
        source_file: As in ``Post``.
        source_row: As in ``Post``; rejects count as records.
        code: Key of the reason in the message catalogue (part ``text``).
        values: What the placeholders of the reason stand for.
        raw: The row as found, at most ``MAX_RAW`` characters of it.
    """

    source_file: str
    source_row: int
    code: str
    values: Mapping[str, str | int] = field(default_factory=dict)
    raw: str = ""


MAX_RAW: Final = 10_000


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the model says about one text.

    Attributes:
        scores: Calibrated probability per label, each in [0, 1].
        labels: Labels at or above their flag threshold.
        decision: ``flag``, ``review`` or ``clear``.
        n_tokens: Word pieces of the text, its windows counted once, specials not counted.
        n_windows: Overlapping windows that were scored; the largest score per label counts.
    """

    scores: Mapping[Label, float]
    labels: tuple[Label, ...]
    decision: Decision
    n_tokens: int
    n_windows: int


_TEXT = pa.string()

SCORED_SCHEMA: Final = pa.schema(
    [
        pa.field("source_file", _TEXT),
        pa.field("source_row", pa.int64()),
        pa.field("row_id", _TEXT),
        pa.field("post_id", _TEXT),
        pa.field("account", _TEXT),
        pa.field("posted_at", _TEXT),
        pa.field("url", _TEXT),
        pa.field("text_kind", _TEXT),
        pa.field("truncated", pa.bool_()),
        *(pa.field(f"score_{label}", pa.float64()) for label in LABELS),
        pa.field("labels", _TEXT),
        pa.field("decision", _TEXT),
        pa.field("evidence", _TEXT),
        pa.field("clause", _TEXT),
        pa.field("stage", _TEXT),
        pa.field("policy_version", _TEXT),
        pa.field("claim_url", _TEXT),
        pa.field("claim_title", _TEXT),
        pa.field("claim_similarity", pa.float64()),
        pa.field("claim_stance", _TEXT),
        pa.field("duplicate_of", _TEXT),
        pa.field("n_tokens", pa.int32()),
        pa.field("n_windows", pa.int32()),
        pa.field("bundle", _TEXT),
        pa.field("operating_point", _TEXT),
    ]
)
"""Columns that follow the input columns of a scored row. Empty values are null."""

PART_SCHEMA: Final = pa.schema(
    [
        pa.field("input", _TEXT),
        pa.field("text", _TEXT),
        pa.field("parent_text", _TEXT),
        *SCORED_SCHEMA,
        pa.field("claim_verdict", _TEXT),
        pa.field("claim_date", _TEXT),
    ]
)
"""Columns of a part of a run: ``input`` holds the row as read, as one JSON object."""
