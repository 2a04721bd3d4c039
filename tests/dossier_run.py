"""A run with verdicts for the tests of the dossier: fictional people of a fictional district."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from report_run import make_run, post

from netralitas_nlp.scoring.run import RunFolder

ACCOUNT = "kartini_uji"
HIGH, CALM = (0.9, 0.1, 0.1), (0.1, 0.1, 0.1)
TEXT = "Ayo coblos nomor dua besok,\n\n\n\nsemua warga Kertaraya!"


def span(label: str, start: int, end: int, text: str) -> dict[str, Any]:
    return {"label": label, "start": start, "end": end, "text": text[start:end], "weight": 0.4}


def rows() -> list[Any]:
    marks = [span("candidate_support", 4, 20, TEXT), span("hoax", 21, 26, TEXT)]
    return [
        post(
            TEXT,
            HIGH,
            account=ACCOUNT,
            evidence=json.dumps(marks),
            clause="Luwu Utara 3",
            stage="pilkada-2024 kampanye",
            policy_version="2024-01-01-00000000",
            posted_at="2024-10-02T16:30:00+00:00",
            url=f"https://x.com/{ACCOUNT}/status/1840036436426879095",
            post_id="1840036436426879095",
            bundle="tiny",
            operating_point="balanced",
            row_id="a" * 16,
        ),
        post("Jadwal pelayanan hari ini", CALM, account=ACCOUNT, row_id="b" * 16),
        post(
            "Kabar dari grup sebelah, sebarkan",
            (0.1, 0.1, 0.9),
            account=ACCOUNT,
            posted_at="2024-10-01",
            duplicate_of="d" * 16,
            claim_title="Kabar grup itu tidak benar",
            claim_url="https://contoh.id/cek",
            claim_similarity=0.83,
            claim_stance="asserts",
            row_id="c" * 16,
            bundle="tiny",
            operating_point="balanced",
        ),
        post(
            "Kabar dari grup sebelah, sebarkan",
            (0.1, 0.1, 0.9),
            account="penulis_lain",
            row_id="d" * 16,
        ),
    ]


def verdict(row_id: str, label: str, answer: str, **values: Any) -> dict[str, Any]:
    entry = {"row_id": row_id, "label": label, "verdict": answer, "reviewer": "Bu Sekar"}
    return entry | {"decided_at": "2024-10-03T03:00:00+00:00"} | values


VERDICTS = [
    verdict("a" * 16, "candidate_support", "yes", bundle="lama"),
    verdict("a" * 16, "hoax", "no", reviewer="Pak Wiro", decided_at="2024-10-04T03:00:00+00:00"),
    verdict("b" * 16, "candidate_support", "yes"),
    verdict("b" * 16, "candidate_support", "no", decided_at="2024-10-05T03:00:00+00:00"),
    verdict("c" * 16, "hoax", "yes"),
    verdict("d" * 16, "hoax", "unsure"),
]


def write_verdicts(path: Path, entries: Sequence[Any] = VERDICTS) -> Path:
    path.write_text("".join(json.dumps(e) + "\n" for e in entries), encoding="utf-8")
    return path


def make_case(folder: Path, some: Sequence[Any] | None = None) -> tuple[Path, Path]:
    """Return a run and its verdicts."""
    run = make_run(folder / "hasil", rows() if some is None else some)
    return run, write_verdicts(folder / "verdicts.jsonl")


def row_ids(run: Path) -> list[str]:
    return [name for b in RunFolder.open(run).batches(["row_id"]) for name in b[0].to_pylist()]
