"""Run folders for the tests of the report: fictional posts of a fictional district."""

import csv
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa

from netralitas_nlp.labels import LABELS
from netralitas_nlp.schema import PART_SCHEMA
from netralitas_nlp.scoring.manifest import Manifest, new_manifest
from netralitas_nlp.scoring.run import RunFolder

THRESHOLDS = {
    "candidate_support": {"flag": 0.71, "review": 0.32},
    "hate_speech": {"flag": 0.83, "review": 0.41},
    "hoax": {"flag": 0.66, "review": 0.38},
}
WITA = timezone(timedelta(hours=8))
Row = Mapping[str, Any]


def post(
    text: str | None, scores: Sequence[float] | None = (0.05, 0.02, 0.03), **values: Any
) -> Row:
    """Return a scored row; ``scores`` follows the order of the labels, ``None`` is unscored."""
    row: dict[str, Any] = dict.fromkeys(PART_SCHEMA.names)
    row |= {"input": "{}", "text": text, "source_file": "ekspor.csv", "text_kind": "own"}
    row |= {"truncated": False, "account": "akun_uji", "posted_at": "2024-09-21T08:00:00+07:00"}
    if scores is not None:
        named = dict(zip(LABELS, scores, strict=True))
        flagged = [label for label in LABELS if named[label] >= THRESHOLDS[label]["flag"]]
        near = any(named[label] >= THRESHOLDS[label]["review"] for label in LABELS)
        row |= {f"score_{label}": score for label, score in named.items()}
        row |= {"decision": "flag" if flagged else "review" if near else "clear"}
        row |= {"labels": ";".join(flagged)}
    return row | values


def numbered(rows: Sequence[Row]) -> list[Row]:
    """Give rows without them their row number and id."""
    return [
        dict(row)
        | {"source_row": row["source_row"] or n}
        | {"row_id": row["row_id"] or sha256(str(n).encode()).hexdigest()[:16]}
        for n, row in enumerate(rows, 1)
    ]


def batch(rows: Sequence[Row]) -> pa.RecordBatch:
    """Return rows as one batch of the part schema."""
    return pa.RecordBatch.from_pylist(numbered(rows), schema=PART_SCHEMA)


def manifest_of(rows: Sequence[Row], **bundle: Any) -> Manifest:
    """Return a manifest that fits the rows."""
    table: Any = {
        "name": "ekspor.csv",
        "sheet": None,
        "format": "csv",
        "encoding": "utf-8",
        "preset": "tweet-harvest",
        "columns": {
            "text": "full_text",
            "account": "username",
            "posted_at": "created_at",
            "url": "tweet_url",
            "post_id": "id_str",
            "parent_text": None,
        },
        "column_names": ["id_str", "created_at", "username", "full_text", "tweet_url"],
        "column_types": {},
        "n_records": len(rows) + 2,
        "n_rejects": 2,
        "n_empty_text": sum(not row["text"] for row in rows),
        "problems": [
            {
                "code": "ids_rounded",
                "count": 14,
                "text_id": "Angka ID dibulatkan oleh Excel; dipulihkan dari tautan.",
                "text_en": "Ids were rounded by Excel; recovered from the links.",
            }
        ],
    }
    manifest = new_manifest(
        inputs=[
            {
                "file": "ekspor.csv",
                "sha256": sha256(b"ekspor").hexdigest(),
                "bytes": 1_843_200,
                "tables": [table],
            }
        ],
        config={"operating_point": "balanced"},
        bundle={
            "name": "netralitas-bert-4x256-v1",
            "sha256": sha256(b"model").hexdigest(),
            "operating_point": "balanced",
            "thresholds": THRESHOLDS,
            **bundle,
        },
        versions={"netralitas-nlp": "0.1.0"},
    )
    counts = manifest["counts"]
    counts |= {"records": len(rows) + 2, "rows": len(rows), "rejects": 2}
    for decision in ("flag", "review", "clear"):
        counts[decision] = sum(row["decision"] == decision for row in rows)
    manifest["created_at"] = datetime(2024, 10, 2, 7, 30, tzinfo=UTC).isoformat()
    return manifest


def make_run(folder: Path, rows: Sequence[Row], *, rows_per_part: int = 500, **bundle: Any) -> Path:
    """Write a finished run folder."""
    rows = numbered(rows)
    with RunFolder.create(folder, manifest_of(rows, **bundle)) as run:
        for index, first in enumerate(range(0, len(rows), rows_per_part)):
            some = rows[first : first + rows_per_part]
            table = pa.Table.from_pylist(some, schema=PART_SCHEMA)
            run.write_part(index, table, first=first, stop=first + len(some))
        run.manifest["state"] = "finished"
        run.save()
    return folder


def _figures(precision: float, recall: float, wrongly: float, positives: int) -> dict[str, float]:
    return {
        "precision": precision,
        "recall": recall,
        "false_positive_rate": wrongly,
        "positives": positives,
    }


EVALUATION = {
    "split": "2.140 unggahan uji, akun terpisah dari data latih",
    "operating_points": {
        "balanced": {
            "candidate_support": _figures(0.86, 0.79, 0.0081, 412),
            "hate_speech": _figures(0.81, 0.74, 0.0064, 298),
            "hoax": _figures(0.77, 0.69, float("nan"), 187),
        }
    },
}
FICTION = Path(__file__).parent / "fixtures" / "report_posts.csv"
NEUTRAL = (
    "Apel pagi di halaman kantor kecamatan, dilanjutkan kerja bakti membersihkan saluran air.",
    "Jadwal pelayanan e-KTP di Kecamatan Sendang Rejo: Senin sampai Kamis, 08.00–14.00.",
    "Selamat Hari Guru untuk semua rekan pendidik di Kabupaten Tirta Mulya.",
    "Jangan golput, gunakan hak pilih Anda pada 27 November. ASN wajib netral.",
    "Hujan deras sejak subuh, jalan ke Desa Karang Asri sempat tergenang.",
    "Alhamdulillah, panen raya padi tahun ini lebih baik daripada tahun lalu.",
    "Daftar lengkap pasangan calon bupati dapat dilihat di papan pengumuman KPU setempat.",
    "Timnas menang lagi! Terima kasih, garuda muda.",
)


def raised_posts() -> list[tuple[str, list[float], str]]:
    """Return text, scores and kind of posts that reach a threshold."""
    with FICTION.open(encoding="utf-8", newline="") as file:
        return [
            (row["text"], [float(row[label]) for label in LABELS], row["text_kind"])
            for row in csv.DictReader(file)
        ]


def campaign(n_neutral: int = 2_400, seed: int = 7) -> list[Row]:
    """Return a believable export: mostly neutral posts around a fictional local election."""
    chance = random.Random(seed)
    start = datetime(2024, 8, 26, 6, tzinfo=WITA)
    rows, raised = [], raised_posts()

    def somewhen(late: float) -> str:
        days = 93 * (chance.random() ** (1 / late))
        return (start + timedelta(days=days, minutes=chance.randrange(960))).isoformat()

    def account() -> tuple[str, str]:
        name = f"warga_{chance.randrange(180)}"
        number = 18_300_000_000_000_000 + chance.randrange(10**15)
        return name, f"https://x.com/{name}/status/{number}"

    for n in range(n_neutral):
        scores = [min(chance.betavariate(0.35, 9), 0.3) for _ in LABELS]
        name, url = account()
        kind = chance.choice(("own", "own", "own", "share", "reply", "quote"))
        text = f"{chance.choice(NEUTRAL)} ({n})"
        rows.append(
            post(text, scores, account=name, url=url, posted_at=somewhen(1.2), text_kind=kind)
        )
    for n in range(190):
        text, base, kind = raised[n % len(raised)] if n < 60 else chance.choice(raised)
        scores = [min(max(s + chance.uniform(-0.25, 0.03), 0.001), 0.999) for s in base]
        if n >= len(raised):
            text, scores = (text, list(base)) if n % 9 == 0 else (f"{text} {n}", scores)
        else:
            scores = list(base)
        name, url = account()
        rows.append(
            post(text, scores, account=name, url=url, posted_at=somewhen(2.6), text_kind=kind)
        )
    rows += [post("", None, text_kind="own") for _ in range(9)]
    rows += [post("Video kegiatan pasar murah", None, text_kind="like") for _ in range(31)]
    chance.shuffle(rows)
    parent = "Pasangan nomor urut 2 resmi menutup kampanye di Lapangan Sendang Rejo malam ini."
    for row in rows:
        if row["text_kind"] == "reply" and (row["text"] or "").startswith("Setuju"):
            row["parent_text"] = parent  # type: ignore[index]
    return rows
