"""One part of a run: its Parquet file, and the marker that says it is whole."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, cast

import pyarrow as pa
import pyarrow.compute as pc

from netralitas_nlp.errors import phrase
from netralitas_nlp.labels import LABELS, LANGUAGES, UNSCORED_KINDS
from netralitas_nlp.schema import Reject
from netralitas_nlp.scoring.manifest import Counts, no_counts


@dataclass(frozen=True, slots=True)
class Part:
    """A part on the disk.

    Attributes:
        path: The Parquet file.
        marker: The JSON file written after it.
        first: Number of its first record, from 0 over the whole run.
        stop: One more than its last.
        counts: Totals of its rows and rejects.
        place: Where its first record stands in the inputs: number of the input, of the table in
            it, from 0, and of the row; ``None`` where nobody noted it.
        sha256: Digest of the Parquet file.
    """

    path: Path
    marker: Path
    first: int
    stop: int
    counts: Counts
    place: tuple[int, int, int] | None = None
    sha256: str = ""

    @classmethod
    def of(cls, folder: Path, facts: Mapping[str, Any]) -> Self:
        """Return the part that a marker describes."""
        path, marker = part_names(folder, facts["part"])
        place = tuple(facts["place"]) if facts.get("place") else None
        counts = cast(Counts, facts["counts"])
        return cls(path, marker, facts["first"], facts["stop"], counts, place, facts["sha256"])

    def facts(self) -> dict[str, Any]:
        """Return what the marker says.

        Raises:
            OSError: The marker is gone.
            ValueError: It is no JSON object.
        """
        found: dict[str, Any] = json.loads(self.marker.read_bytes())
        return found

    def rejects(self) -> Iterator[Reject]:
        """Yield the records of this part that could not be read, from the marker."""
        for entry in self.facts()["rejects"]:
            yield Reject(
                source_file=entry["file"],
                source_row=entry["row"],
                code=entry["code"],
                values=entry["values"],
                raw=entry["raw"],
            )


def part_names(folder: Path, index: int) -> tuple[Path, Path]:
    """Return the paths of a part and of its marker."""
    return folder / f"{index:05d}.parquet", folder / f"{index:05d}.done.json"


def part_facts(
    table: pa.Table,
    *,
    index: int,
    first: int,
    stop: int,
    sha256: str,
    rejects: Sequence[Reject],
    place: tuple[int, int, int] | None = None,
) -> dict[str, Any]:
    """Return what the marker of a part says."""
    return {
        "place": place,
        "part": index,
        "first": first,
        "stop": stop,
        "rows": table.num_rows,
        "sha256": sha256,
        "counts": count_rows(table, n_rejects=len(rejects)),
        "rejects": [
            {
                "file": r.source_file,
                "row": r.source_row,
                "code": r.code,
                "values": dict(r.values),
                "raw": r.raw,
            }
            for r in rejects
        ],
    }


def count_rows(table: pa.Table, *, n_rejects: int) -> Counts:
    """Count decisions and labels of a part.

    A row without decision is ``not_scored`` if its kind is never scored, else ``empty_text``.
    """
    counts = no_counts()
    decisions = {e["values"]: e["counts"] for e in table["decision"].value_counts().to_pylist()}
    unscored = pc.and_(
        pc.is_null(table["decision"]),
        pc.is_in(table["text_kind"], value_set=pa.array(sorted(UNSCORED_KINDS))),
    )
    counts["rows"] = table.num_rows
    counts["rejects"] = n_rejects
    counts["records"] = table.num_rows + n_rejects
    counts["not_scored"] = pc.sum(unscored).as_py() or 0
    counts["empty_text"] = decisions.pop(None, 0) - counts["not_scored"]
    counts["scored"] = sum(decisions.values())
    counts["flag"] = decisions.get("flag", 0)
    counts["review"] = decisions.get("review", 0)
    counts["clear"] = decisions.get("clear", 0)
    for entry in table["labels"].value_counts().to_pylist():
        for label in (entry["values"] or "").split(";"):
            if label in LABELS:
                counts["labels"][label] += entry["counts"]
    return counts


def read_part(folder: Path, index: int, *, verify: bool) -> Part | None:
    """Return a part, or ``None`` if its file or marker is missing, torn or altered.

    Args:
        folder: The folder of parts.
        index: Number of the part.
        verify: Whether to compare the file with its digest, which reads all of it.
    """
    path, marker = part_names(folder, index)
    try:
        facts = json.loads(marker.read_bytes())
        part = Part.of(folder, facts)
        if facts["part"] != index or not path.is_file():
            return None
        if verify and _digest(path) != facts["sha256"]:
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return part


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def reject_line(reject: Reject) -> dict[str, Any]:
    """Return a reject as it stands in ``rejects.jsonl``, its reason in both languages."""
    reasons = {
        lang: phrase(reject.code, "text", lang=lang, **dict(reject.values)) for lang in LANGUAGES
    }
    return {
        "file": reject.source_file,
        "row": reject.source_row,
        "code": reject.code,
        "reason": reasons["id"],
        "reason_en": reasons["en"],
        "raw": reject.raw,
    }
