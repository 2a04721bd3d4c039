"""Archives are read as streams; bombs, locks, tricks and cuts end in words, not in tracebacks."""

import csv
import gzip
import io
import struct
import tarfile
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from netralitas_nlp.errors import InputError
from netralitas_nlp.io import archives
from netralitas_nlp.io.containers import open_tables
from netralitas_nlp.io.tables import Overrides, RawRecord
from netralitas_nlp.schema import Reject

CSV = b"id,komentar\n1,satu\n2,dua\n"
JSON = b'[{"id": 1, "text": "satu"}]'


def packed(path: Path, members: dict[str, bytes], **options: int) -> str:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as out:
        for name, data in members.items():
            out.writestr(name, data)
    return str(path)


def read(path: str | Path) -> dict[str, list[object]]:
    found = {}
    for table in open_tables(str(path), overrides=Overrides()):
        found[table.file] = [
            item.code if isinstance(item, Reject) else dict(item.fields) for item in table.read()
        ]
    return found


def code_of(path: str | Path) -> str:
    with pytest.raises(InputError) as caught:
        read(path)
    for lang in ("id", "en"):
        assert str(Path(path).name) in caught.value.render(lang)  # type: ignore[arg-type]
    return caught.value.code


ROWS = [{"id": "1", "komentar": "satu"}, {"id": "2", "komentar": "dua"}]


def workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([["id", "komentar"], ["1", "satu"], ["2", "dua"]]):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"id": ["1", "2"], "komentar": ["satu", "dua"]}), out)
    return out.getvalue()


@pytest.mark.parametrize("data", [CSV, workbook(), parquet()], ids=["csv", "xlsx", "parquet"])
def test_a_gzip_of_anything_is_read(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "ekspor.dat"
    path.write_bytes(gzip.compress(data))
    assert read(path) == {str(path): ROWS}


def test_the_members_of_a_gzip_are_joined_and_its_padding_ignored(tmp_path: Path) -> None:
    path = tmp_path / "ekspor.gz"
    path.write_bytes(gzip.compress(CSV) + gzip.compress(b"3,tiga\n") + b"\0" * 512)
    assert read(path)[str(path)] == [*ROWS, {"id": "3", "komentar": "tiga"}]


def many_rows(count: int) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["id", "komentar"])
    writer.writerows([n, f"kalimat nomor {n * 7919 % 10_007}"] for n in range(count))
    return out.getvalue().encode()


def test_a_cut_gzip_gives_what_could_be_read_and_one_reject(tmp_path: Path) -> None:
    path = tmp_path / "ekspor.csv.gz"
    whole = gzip.compress(many_rows(50_000))
    path.write_bytes(whole[: len(whole) // 2])
    (items,) = read(path).values()
    assert 10_000 < len(items) < 50_000
    assert items[-1] == "reject_gzip_cut"
    assert all(isinstance(item, dict) for item in items[:-1])
    assert items[-2] == {"id": str(len(items) - 2), "komentar": items[-2]["komentar"]}  # type: ignore[index]


def test_a_damaged_gzip_says_so(tmp_path: Path) -> None:
    path = tmp_path / "ekspor.csv.gz"
    whole = bytearray(gzip.compress(many_rows(50_000)))
    whole[len(whole) // 2 : len(whole) // 2 + 64] = b"\xff" * 64
    path.write_bytes(bytes(whole))
    (items,) = read(path).values()
    assert items[-1] == "reject_gzip_damaged"


def test_a_gzip_without_content_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "ekspor.gz"
    path.write_bytes(gzip.compress(CSV)[:10])
    assert code_of(path) == "archive_cut"


def test_a_cut_workbook_in_a_gzip_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "buku.xlsx.gz"
    path.write_bytes(gzip.compress(workbook())[:-300])
    assert code_of(path) in {"archive_cut", "zip_damaged"}


def test_members_that_are_exports_become_tables_and_the_others_are_named(tmp_path: Path) -> None:
    members = {
        "data/a.csv": CSV,
        "data/b.json": JSON,
        "buku.xlsx": workbook(),
        "foto.png": b"\x89PNG\r\n\x1a\n" + bytes(100),
        "BACA SAYA.txt": b"Ini catatan kami.\nTerima kasih.\n",
        "kosong.csv": b"",
        "__MACOSX/data/._a.csv": b"\0\5\x16\7",
        "folder/": b"",
    }
    path = packed(tmp_path / "arsip.zip", members)
    tables = open_tables(path, overrides=Overrides())
    assert [table.file for table in tables] == [
        f"{path}!data/a.csv",
        f"{path}!data/b.json",
        f"{path}!buku.xlsx",
    ]
    assert [item.fields for item in tables[0].read() if isinstance(item, RawRecord)] == ROWS
    left = str(tables[0].values["members_left_out"]["names"])
    assert all(name in left for name in ("foto.png", "BACA SAYA.txt", "kosong.csv"))
    assert tables[0].problems["members_left_out"] == 3


def test_a_lone_table_without_header_is_not_left_out(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"x.csv": b"RT @a: Rapat desa jam 9;1;\nHalo semua!;0;\n"})
    assert [len(items) for items in read(path).values()] == [2]


def test_a_zip_without_exports_is_an_error(tmp_path: Path) -> None:
    assert code_of(packed(tmp_path / "a.zip", {"f.pdf": b"%PDF-1.7 ..."})) == "zip_without_export"
    assert code_of(packed(tmp_path / "b.zip", {})) == "zip_without_export"


@pytest.mark.parametrize("name", ["../luar.csv", "/etc/luar.csv", "a/../../b.csv", "C:\\x.csv"])
def test_member_names_that_leave_the_archive_are_refused(tmp_path: Path, name: str) -> None:
    assert code_of(packed(tmp_path / "a.zip", {"a.csv": CSV, name: CSV})) == "archive_path_trick"


def test_archives_inside_archives_are_refused(tmp_path: Path) -> None:
    inner = packed(tmp_path / "dalam.zip", {"a.csv": CSV})
    nested = packed(tmp_path / "a.zip", {"dalam.zip": Path(inner).read_bytes()})
    assert code_of(nested) == "archive_nested"
    assert code_of(packed(tmp_path / "b.zip", {"c.gz": gzip.compress(CSV)})) == "archive_nested"
    twice = tmp_path / "c.gz"
    twice.write_bytes(gzip.compress(gzip.compress(CSV)))
    assert code_of(twice) == "archive_nested"


def test_a_locked_member_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = Path(packed(tmp_path / "a.zip", {"a.csv": CSV}))
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = data.index(signature) + offset
        struct.pack_into("<H", data, at, 1)
    path.write_bytes(bytes(data))
    assert code_of(path) == "archive_encrypted"


def test_a_damaged_member_ends_in_a_reject(tmp_path: Path) -> None:
    path = Path(packed(tmp_path / "a.zip", {"a.csv": many_rows(50_000)}))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(data))
    (items,) = read(path).values()
    assert items[-1] == "reject_archive_damaged"
    assert len(items) > 1_000


def test_a_cut_zip_is_an_error(tmp_path: Path) -> None:
    path = Path(packed(tmp_path / "a.zip", {"a.csv": CSV}))
    path.write_bytes(path.read_bytes()[:-10])
    assert code_of(path) == "zip_damaged"


def bomb(size: int) -> bytes:
    return b"id,komentar\n" + b"0" * size


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = packed(tmp_path / "bom.zip", {"a.csv": bomb(archives.RATIO_FREE + 1)})
    assert code_of(path) == "archive_bomb"


def test_a_gzip_bomb_is_refused_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "bom.gz"
    path.write_bytes(gzip.compress(bomb(archives.RATIO_FREE + 1)))
    assert code_of(path) == "archive_bomb"


def test_a_workbook_bomb_is_refused(tmp_path: Path) -> None:
    members = {"xl/workbook.xml": b"<workbook/>", "xl/x.xml": bytes(archives.RATIO_FREE + 1)}
    assert code_of(packed(tmp_path / "bom.xlsx", members)) == "archive_bomb"


def test_a_member_larger_than_it_says_is_refused(tmp_path: Path) -> None:
    path = Path(packed(tmp_path / "bom.xlsx", {"xl/workbook.xml": b"<workbook/>" * 500}))
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.index(b"PK\1\2") + 24, 11)
    path.write_bytes(bytes(data))
    assert code_of(path) == "archive_liar"


def test_a_small_archive_of_one_letter_is_no_bomb(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"a.csv": bomb(10_000_000)})
    assert len(read(path)) == 1


def test_a_tar_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    with tarfile.open(path, "w:gz") as out:
        info = tarfile.TarInfo("a.csv")
        info.size = len(CSV)
        out.addfile(info, io.BytesIO(CSV))
    assert code_of(path) == "input_packed"


def test_a_member_can_be_read_twice_at_the_same_time(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"a.csv": many_rows(5_000)})
    (table,) = open_tables(path, overrides=Overrides())
    pairs = list(zip(table.read(), table.read(), strict=True))
    assert len(pairs) == 5_000
    assert all(one == two for one, two in pairs)
