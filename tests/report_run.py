"""Run folders for the tests of the report: fictional posts of a fictional district."""

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


def post(text: str | None, scores: Sequence[float] | None = (0.05, 0.02, 0.03), **values: Any) -> Row:
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


EVALUATION = {
    "split": "2.140 unggahan uji, akun terpisah dari data latih",
    "labels": {
        "candidate_support": {"precision": 0.86, "recall": 0.79, "f1": 0.82, "n_positive": 412},
        "hate_speech": {"precision": 0.81, "recall": 0.74, "f1": 0.77, "n_positive": 298},
        "hoax": {"precision": 0.77, "recall": 0.69, "f1": 0.73, "n_positive": 187},
    },
}

RAISED = (
    ("Ayo rapatkan barisan, tanggal 27 coblos nomor 2! Bu Wening Larasati sudah terbukti kerja. Lanjutkan dua periode ✌️✌️ #WeningLagi", (0.98, 0.01, 0.04), "own"),
    ("Bukan kampanye ya, tapi cuma pasangan nomor urut 2 yang mengerti kebutuhan guru honorer di Tirta Mulya. Pilihan sudah jelas 😊", (0.93, 0.01, 0.05), "own"),
    ("VIRALKAN SEBELUM DIHAPUS!!! Ada tujuh kontainer surat suara sudah tercoblos di pelabuhan Karang Asri, orang dalam KPU sendiri yang bilang. Sebarkan ke semua grup!", (0.22, 0.06, 0.97), "share"),
    ("Gas pol untuk Pak Darmo Wiguna, kami sekeluarga satu suara. Salam satu jari ☝️", (0.95, 0.02, 0.02), "own"),
    ("Orang pendatang macam mereka tidak pantas memimpin tanah kita, usir saja dari Tirta Mulya.", (0.48, 0.96, 0.12), "own"),
    ("Setuju! Lanjutkan perjuangan, menang total 💪", (0.78, 0.01, 0.02), "reply"),
    ("Server hitung suara sudah disetting supaya calon tertentu menang 61 persen. Bukti lengkap ada, media bungkam.", (0.31, 0.05, 0.91), "own"),
    ("Torang samua pilih nomor 1 jo, so pasti menang to", (0.88, 0.01, 0.01), "own"),
    ("Jangan kasih periode kedua. Asal bukan yang itu lagi, rakyat sudah capek.", (0.69, 0.08, 0.03), "own"),
    ("Mohon doa untuk Bu Wening dan tim, semoga hari Rabu diberi kemenangan 🤲", (0.83, 0.01, 0.01), "own"),
    ("Calon 1 tadi malam menguasai materi, yang lain ngawur semua. Debat terbaik!", (0.64, 0.04, 0.02), "quote"),
    ("Katanya bansos bulan depan dihapus kalau kita tidak hadir di lapangan. Teruskan ke keluarga ya.", (0.29, 0.02, 0.74), "share"),
    ("Kadrun dan cebong sama saja, sama-sama sampah. Habisi.", (0.11, 0.89, 0.02), "reply"),
    ("Hadir di deklarasi relawan sore ini, lautan manusia! Bangga jadi bagian perjuangan.", (0.72, 0.01, 0.02), "own"),
    ("Lowongan 5.000 PPPK tanpa tes dibuka khusus pendukung, hubungi nomor di bawah.", (0.41, 0.01, 0.63), "share"),
    ("Program irigasi Pak Darmo memang nyata hasilnya untuk petani, semoga ada yang melanjutkan.", (0.44, 0.01, 0.01), "own"),
)  # fmt: skip
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


def campaign(n_neutral: int = 2_400, seed: int = 7) -> list[Row]:
    """Return a believable export: mostly neutral posts around a fictional local election."""
    chance = random.Random(seed)
    start = datetime(2024, 8, 26, 6, tzinfo=WITA)
    rows = []

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
        rows.append(post(text, scores, account=name, url=url, posted_at=somewhen(1.2), text_kind=kind))
    for n in range(190):
        text, base, kind = RAISED[n % len(RAISED)] if n < 60 else chance.choice(RAISED)
        scores = [min(max(s + chance.uniform(-0.25, 0.03), 0.001), 0.999) for s in base]
        if n >= len(RAISED):
            text, scores = (text, list(base)) if n % 9 == 0 else (f"{text} {n}", scores)
        else:
            scores = list(base)
        name, url = account()
        rows.append(post(text, scores, account=name, url=url, posted_at=somewhen(2.6), text_kind=kind))
    rows += [post("", None, text_kind="own") for _ in range(9)]
    rows += [post("Video kegiatan pasar murah", None, text_kind="like") for _ in range(31)]
    chance.shuffle(rows)
    parent = "Pasangan nomor urut 2 resmi menutup kampanye di Lapangan Sendang Rejo malam ini."
    for row in rows:
        if row["text_kind"] == "reply" and (row["text"] or "").startswith("Setuju"):
            row["parent_text"] = parent  # type: ignore[index]
    return rows
