"""What a reader of data/GUIDELINE.id.md says about the posts of data/examples/tweet-harvest.csv.

Read once, post by post. The sample that a run gives depends on the model, so that ``putusan.jsonl``
and ``penilaian.jsonl`` are written anew for a new release, after ``score`` and ``sample`` as the
README has them:

    python tests/example_verdicts.py hasil contoh.csv data/examples
"""

import csv
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq

from netralitas_nlp.labels import LABELS

REVIEWER = "peninjau-1"
FIRST = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)

YES = {
    "candidate_support": {
        52, 57, 58, 66, 84, 88, 89, 92, 95, 105, 109, 122, 124, 136, 142, 160, 169, 170, 181, 190,
        201, 213, 224, 230, 231, 251, 257,
    },
    "hate_speech": {45, 52, 120},
    "hoax": {38, 76, 77, 78, 79, 80, 105, 155, 156, 157, 158, 159, 208},
}  # fmt: skip
"""Rows of the export, counted from 1, that carry the label."""

UNSURE = {
    "candidate_support": {56, 100, 101, 113, 131, 143, 173, 196, 197, 212},
    "hate_speech": set(),
    "hoax": {58, 88, 95},
}
"""Rows that can be read both ways after all context: ``borderline`` in the guideline."""


def answer(row: int, label: str) -> str:
    """Return ``yes``, ``no`` or ``unsure``."""
    if row in UNSURE[label]:
        return "unsure"
    return "yes" if row in YES[label] else "no"


def write(run: Path, sheet: Path, out: Path) -> None:
    """Write the verdicts of a sample, as ``prevalence`` and as ``review import`` read them."""
    bundle = json.loads((run / "manifest.json").read_text(encoding="utf-8"))["bundle"]["name"]
    posts = pq.read_table(run / "scored.parquet", columns=["row_id", "source_row"]).to_pylist()
    place = {post["row_id"]: post["source_row"] for post in posts}
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        drawn = sorted(csv.DictReader(file), key=lambda row: place[row["row_id"]])
    verdicts, annotations = [], []
    for number, row in enumerate(drawn):
        at = (FIRST + timedelta(seconds=20 * number)).isoformat()
        answers = {label: answer(place[row["row_id"]], label) for label in LABELS}
        verdicts += [
            {"row_id": row["row_id"], "label": label, "verdict": said, "reviewer": REVIEWER,
             "decided_at": at, "bundle": bundle, "sampling_weight": float(row["sampling_weight"])}
            for label, said in answers.items()
        ]  # fmt: skip
        chosen = [k if v == "yes" else f"{k}:{v}" for k, v in answers.items() if v != "no"]
        annotations.append(
            {"row_id": row["row_id"], "text": row["text"], "label": chosen or ["neutral"],
             "Comments": [], "reviewer": REVIEWER, "decided_at": at}
        )  # fmt: skip
    for name, lines in (("putusan.jsonl", verdicts), ("penilaian.jsonl", annotations)):
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (out / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(*map(Path, sys.argv[1:]))
