"""What humans decided: ``verdicts.jsonl``, read strictly, one line at a time."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, cast, get_args

from netralitas_nlp.errors import InputError
from netralitas_nlp.labels import LABELS, Label

VERDICTS: Final = "verdicts.jsonl"
"""Name of the file in a run folder."""

Answer = Literal["yes", "no", "unsure"]
ANSWERS: Final[tuple[Answer, ...]] = get_args(Answer)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A human's decision about one label of one row.

    Attributes:
        line: Number of the line in its file, from 1.
        row_id: Of the scored row.
        label: Label that was judged.
        answer: Whether the post violates that point; ``unsure`` is an answer too.
        decided_at: When; a time without zone counts as UTC.
        weight: Sampling weight of the row; ``None`` where it did not come from a sample.
        reviewer: Who decided, as the desk names them.
        bundle: Model whose score stood beside the post; empty where the line does not say.
        policy_version: Of the wordings shown; empty where the line does not say.
    """

    line: int
    row_id: str
    label: Label
    answer: Answer
    decided_at: datetime
    weight: float | None
    reviewer: str = ""
    bundle: str = ""
    policy_version: str = ""


def read_verdicts(path: Path) -> Iterator[Verdict]:
    """Yield the verdicts of a file in its order. The chain of hashes is not checked here.

    Raises:
        InputError: The file cannot be read, or a line is not a verdict; the line is named.
    """
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield _verdict(line, number, path)
    except OSError as error:
        raise InputError(
            "verdicts_unreadable", file=path.name, reason=error.strerror or error
        ) from None


def last_verdicts(verdicts: Iterator[Verdict]) -> dict[tuple[str, Label], Verdict]:
    """Return the verdict that counts per row and label: the latest, in a tie the later line."""
    last: dict[tuple[str, Label], Verdict] = {}
    for verdict in verdicts:
        known = last.get((verdict.row_id, verdict.label))
        if known is None or verdict.decided_at >= known.decided_at:
            last[verdict.row_id, verdict.label] = verdict
    return last


def decided_rows(path: Path) -> frozenset[str]:
    """Return the rows on which a human's last word on some label is yes or no.

    Raises:
        InputError: See ``read_verdicts``.
    """
    last = last_verdicts(read_verdicts(path)).values()
    return frozenset(verdict.row_id for verdict in last if verdict.answer != "unsure")


def _verdict(line: bytes, number: int, path: Path) -> Verdict:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        raise _wrong(path, number, "JSON", line[:80].decode("utf-8", "replace")) from None
    if not isinstance(entry, dict):
        raise _wrong(path, number, "JSON", line[:80].decode("utf-8", "replace"))
    for name in ("row_id", "reviewer"):
        if not isinstance(entry.get(name), str) or not entry[name].strip():
            raise _wrong(path, number, name, entry.get(name))
    if entry.get("label") not in LABELS:
        raise _wrong(path, number, "label", entry.get("label"))
    if entry.get("verdict") not in ANSWERS:
        raise _wrong(path, number, "verdict", entry.get("verdict"))
    at, weight = _time(entry.get("decided_at")), entry.get("sampling_weight")
    if at is None:
        raise _wrong(path, number, "decided_at", entry.get("decided_at"))
    if weight is not None and not _is_weight(weight):
        raise _wrong(path, number, "sampling_weight", weight)
    return Verdict(
        line=number,
        row_id=entry["row_id"],
        label=cast(Label, entry["label"]),
        answer=cast(Answer, entry["verdict"]),
        decided_at=at,
        weight=None if weight is None else float(weight),
        reviewer=entry["reviewer"].strip(),
        bundle=_text(entry.get("bundle")),
        policy_version=_text(entry.get("policy_version")),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _time(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


def _is_weight(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and value >= 1


def _wrong(path: Path, number: int, column: str, value: object) -> InputError:
    return InputError(
        "verdict_malformed",
        file=path.name,
        row=number,
        column=column,
        value=json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value,
    )
