"""What made exports are made with: fictional words and the writers of each container."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter

TEXT = "Rapat warga Desa Sukamaju besok pukul 8 di balai 🙏 #sukamaju @kelurahan_sukamaju"
OTHER = "Terima kasih Bu Rahma, lampu jalan di Kampung Melati sudah menyala lagi"
WHOLE = (
    "Jalan Anggrek ditutup dua hari untuk perbaikan saluran air. Warga bisa lewat Jalan Kenanga."
)
PARENT = "Pengumuman jadwal posyandu bulan ini"
UTC = "2024-03-02T01:15:30+00:00"
EPOCH = 1709342130
X_TIME = "Sat Mar 02 01:15:30 +0000 2024"
Z_TIME = "2024-03-02T01:15:30.000Z"
ID = "1763734020123456789"
ID_2 = "1763734020123456790"


@dataclass(frozen=True)
class Made:
    """An export and what reading it must give.

    Attributes:
        name: Case, also the name of its preset unless ``preset`` says otherwise.
        file: File name.
        data: Bytes.
        columns: Roles and their source columns; roles left out are null.
        first: Attributes of the first post.
        last: Attributes of the last post.
        n: Records.
        preset: Preset that must be recognised.
        table: Which of the tables of the file.
    """

    name: str
    file: str
    data: bytes
    columns: dict[str, str]
    first: dict[str, Any]
    n: int = 2
    last: dict[str, Any] = field(default_factory=dict)
    preset: str | None = ""
    table: int = 0

    def write(self, folder: Path) -> str:
        path = folder / self.file
        path.write_bytes(self.data)
        return str(path)


def table(
    header: Sequence[str], *rows: Sequence[object], sep: str = ",", bom: bool = False
) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=sep, lineterminator="\n").writerows([header, *rows])
    return out.getvalue().encode("utf-8-sig" if bom else "utf-8")


def array(*documents: object) -> bytes:
    return json.dumps(documents, ensure_ascii=False).encode()


def lines(*documents: object) -> bytes:
    return b"".join(json.dumps(d, ensure_ascii=True).encode() + b"\n" for d in documents)


def workbook(
    sheets: dict[str, list[list[object]]], links: dict[tuple[int, int], str] | None = None
) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_urls": False})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                link = (links or {}).get((r, c))
                if link:
                    sheet.write_url(r, c, link, string=str(cell))
                else:
                    sheet.write(r, c, cell)
    book.close()
    return out.getvalue()


def zeeschuimer(platform: str, *data: dict[str, Any]) -> bytes:
    return lines(
        *(
            {
                "nav_index": "1:2:0",
                "item_id": ID,
                "timestamp_collected": EPOCH * 1000,
                "source_platform": platform,
                "source_platform_url": f"https://www.{platform}/search?q=desa",
                "source_url": f"https://www.{platform}/api/?msToken=rahasia-sesi",
                "user_agent": "Mozilla/5.0",
                "data": item,
            }
            for item in data
        )
    )


def x_result(text: str, number: str = ID, **more: Any) -> dict[str, Any]:
    legacy = {"full_text": text, "created_at": X_TIME, "id_str": number, **more.pop("legacy", {})}
    user = {"user_results": {"result": {"legacy": {"screen_name": "budi_sukamaju"}}}}
    return {"rest_id": number, "core": user, "legacy": legacy, **more}
