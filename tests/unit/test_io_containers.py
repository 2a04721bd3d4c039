"""A file is what its bytes are; bad input ends in a clear line and never in a traceback."""

import gzip
import io
import json
import os
import random
import re
import string
from importlib.resources import files
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from netralitas_nlp.errors import InputError, NetralitasError, catalogue
from netralitas_nlp.io import lines
from netralitas_nlp.io.containers import open_tables
from netralitas_nlp.io.tables import Overrides, RawRecord, RawTable
from netralitas_nlp.schema import Reject

CSV = b"id,komentar\n1,satu\n2,dua\n"


def opened(path: Path, data: bytes, **overrides: str) -> list[RawTable]:
    path.write_bytes(data)
    return open_tables(str(path), overrides=Overrides(**overrides))


def code_of(path: Path, data: bytes, **overrides: str) -> str:
    with pytest.raises(InputError) as caught:
        for table in opened(path, data, **overrides):
            list(table.read())
    assert caught.value.exit_code == 1
    assert path.name in caught.value.render("id")
    assert path.name in caught.value.render("en")
    return caught.value.code


@pytest.mark.parametrize(
    ("name", "data", "form"),
    [
        ("tabel.xls", CSV, "csv"),
        ("baris.json", b'{"text": "a"}\n{"text": "b"}\n', "jsonl"),
        ("tabel.xlsx", b'[{"text": "a"}]', "json"),
        ("catatan.csv", b"30/08/25 18.00 - Bu Sari: halo\n", "whatsapp"),
        ("arsip.txt", b'window.YTD.tweets.part0 = [{"tweet": {}}]', "x-archive"),
    ],
)
def test_the_extension_is_never_trusted(tmp_path: Path, name: str, data: bytes, form: str) -> None:
    (table,) = opened(tmp_path / name, data)
    assert table.format == form


def test_a_table_cell_that_starts_with_a_bracket_is_no_json(tmp_path: Path) -> None:
    (table,) = opened(tmp_path / "a", b"[id],komentar,akun\n1,[foto] halo,a\n")
    assert table.format == "csv"


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        open_tables(str(tmp_path / "tidak ada.csv"), overrides=Overrides())
    assert caught.value.code == "input_missing"
    assert "tidak ada.csv" in caught.value.render("id")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        open_tables(str(tmp_path), overrides=Overrides())
    assert caught.value.code == "input_is_folder"


@pytest.mark.parametrize("name", ["a\0b", "x" * 5_000])
def test_an_impossible_name_is_an_error(name: str) -> None:
    with pytest.raises(InputError):
        open_tables(name, overrides=Overrides())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipa")
    with pytest.raises(InputError) as caught:
        open_tables(str(tmp_path / "pipa"), overrides=Overrides())
    assert caught.value.code == "input_not_regular"


@pytest.mark.parametrize("data", [b"", b"\n\n  \n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_is_an_error(tmp_path: Path, data: bytes) -> None:
    assert code_of(tmp_path / "kosong.csv", data) == "input_empty"


@pytest.mark.parametrize("data", [b"id,komentar\n", b"id,komentar", b"id;komentar\r\n\r\n"])
def test_a_header_alone_is_an_error_that_names_the_columns(tmp_path: Path, data: bytes) -> None:
    assert code_of(tmp_path / "judul.csv", data) == "no_records"


def test_binary_junk_is_an_error(tmp_path: Path) -> None:
    assert code_of(tmp_path / "a", random.Random(7).randbytes(50_000)) == "input_binary"
    assert code_of(tmp_path / "b", bytes(range(256)) * 20) == "input_binary"
    assert code_of(tmp_path / "c", bytes(5_000)) == "input_binary"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_workbook"),
        (b"%PDF-1.7\n", "input_binary"),
        (b"<!DOCTYPE html><html><body>Kiriman</body></html>", "input_markup"),
        (b"BZh91AY&SY", "input_packed"),
        (b"\xfd7zXZ\x00\x00", "input_packed"),
        (b"Rar!\x1a\x07\x00", "input_packed"),
        (b"7z\xbc\xaf\x27\x1c", "input_packed"),
        (b"PK\x03\x04" + bytes(40), "zip_damaged"),
        (b"PAR1" + bytes(40) + b"PAR1", "parquet_damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_way_out(
    tmp_path: Path, data: bytes, code: str
) -> None:
    assert code_of(tmp_path / "berkas", data) == code


@pytest.mark.parametrize("name", ["tidak-ada", "zip", "rot13", "hex", "idna", "undefined", "\0"])
def test_an_encoding_that_is_none_is_an_error(tmp_path: Path, name: str) -> None:
    assert code_of(tmp_path / "a.csv", CSV, encoding=name) == "encoding_unknown"


def test_a_named_encoding_that_does_not_fit_is_an_error(tmp_path: Path) -> None:
    assert code_of(tmp_path / "a.csv", CSV, encoding="utf-16") == "encoding_mismatch"


def test_a_file_without_line_ends_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "MAX_LINE", 5_000)
    assert code_of(tmp_path / "a.csv", CSV + b"3," + b"x" * 6_000) == "line_too_long"


def test_standard_input_is_read_as_often_as_needed() -> None:
    (table,) = open_tables("-", overrides=Overrides(), standard_input=io.BytesIO(CSV))
    assert (table.file, table.path) == ("-", None)
    first = list(table.read())
    assert first == list(table.read())
    assert [item.fields["komentar"] for item in first if isinstance(item, RawRecord)] == [
        "satu",
        "dua",
    ]


def test_packed_and_columnar_files_are_read_from_standard_input() -> None:
    out = io.BytesIO()
    pq.write_table(pa.table({"komentar": ["satu"]}), out)
    for data in (gzip.compress(CSV), out.getvalue()):
        (table,) = open_tables("-", overrides=Overrides(), standard_input=io.BytesIO(data))
        assert isinstance(next(table.read()), RawRecord)


def test_parquet_keeps_its_values_exactly(tmp_path: Path) -> None:
    out = io.BytesIO()
    columns = {
        "id": pa.array([9007199254740993, None], pa.int64()),
        "text": ["satu", None],
        "created_at": pa.array([0, 1_700_000_000_000], pa.timestamp("ms", tz="UTC")),
        "user": [{"name": "a"}, {"name": None}],
        "score": [float("nan"), 0.5],
        "raw": pa.array([b"abc", b"\xff\xfe"], pa.binary()),
    }
    pq.write_table(pa.table(columns), out)
    (table,) = opened(tmp_path / "a.bin", out.getvalue())
    rows = [dict(item.fields) for item in table.read() if isinstance(item, RawRecord)]
    assert rows == [
        {
            "id": 9007199254740993,
            "text": "satu",
            "created_at": "1970-01-01T00:00:00+00:00",
            "user": {"name": "a"},
            "score": None,
            "raw": "abc",
        },
        {
            "id": None,
            "text": None,
            "created_at": "2023-11-14T22:13:20+00:00",
            "user": {"name": None},
            "score": 0.5,
            "raw": "//4=",
        },
    ]
    assert json.loads(json.dumps(rows)) == rows


def test_parquet_with_repeated_names_loses_no_column(tmp_path: Path) -> None:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], ["text", "text"]), out)
    (table,) = opened(tmp_path / "a.parquet", out.getvalue())
    (row,) = table.read()
    assert isinstance(row, RawRecord)
    assert dict(row.fields) == {"text": "a", "text_2": "b"}


def test_a_parquet_damaged_inside_rejects_every_row_it_cannot_give(tmp_path: Path) -> None:
    out = io.BytesIO()
    words = [f"kalimat nomor {n}" for n in range(4_000)]
    pq.write_table(pa.table({"text": words}), out, row_group_size=2_000, compression="gzip")
    data = bytearray(out.getvalue())
    middle = len(data) * 7 // 10
    data[middle : middle + 40] = b"\xff" * 40
    (table,) = opened(tmp_path / "a.parquet", bytes(data))
    items = list(table.read())
    assert len(items) == 4_000
    assert isinstance(items[0], RawRecord)
    assert isinstance(items[-1], Reject)


ROOM = [
    "archives",
    "chats",
    "columnar",
    "containers",
    "delimited",
    "encodings",
    "hyperlinks",
    "jsonlike",
    "layout",
    "lines",
    "sniff",
    "sources",
    "spreadsheet",
]
CODES = re.compile(
    r"""(?:InputError|Trouble|problems|notes|_rejects|code =)"""
    r'''[\[(]?[^"]{0,40}"([a-z]+_[a-z_0-9]+)"'''
    r'''|"(reject_[a-z_]+)"'''
)


def test_every_code_of_this_room_has_words_in_both_languages() -> None:
    folder = files("netralitas_nlp.io")
    sources = [folder.joinpath(f"{name}.py").read_text(encoding="utf-8") for name in ROOM]
    codes = {one or two for source in sources for one, two in CODES.findall(source)}
    assert len(codes) > 50
    for code in sorted(codes):
        words = catalogue()[code]
        assert set(words) == {"id", "en"}, code
        for parts in words.values():
            assert set(parts) == {"text"} or set(parts) == {"expected", "found", "todo"}, code
        wanted = [
            {name for _, name, _, _ in string.Formatter().parse(" ".join(parts.values())) if name}
            for parts in words.values()
        ]
        assert wanted[0] == wanted[1], code


PREFIXES = st.sampled_from(
    [
        b"",
        b"PK\x03\x04",
        b"PAR1",
        b"\x1f\x8b\x08",
        b"\xff\xfe",
        b"\xfe\xff",
        b"\xef\xbb\xbf",
        b"[{",
        b'{"text": "a"}\n',
        b"window.YTD.tweets.part0 = [",
        b"30/08/25 18.00 - A: ",
        b"id,komentar\n",
        b"sep=;\n",
        b"\xd0\xcf\x11\xe0",
        b'id;full_text\n1;"',
    ]
)


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(prefix=PREFIXES, rest=st.binary(max_size=300), packed=st.booleans())
@example(prefix=b"\xff\xfe\x00\x00", rest=b"\xff\xff\xff\xff", packed=False)
@example(prefix=b"\xef\xbb\xbf", rest=b"\xe2\x80", packed=False)
@example(prefix=b"[", rest=b"[" * 5_000, packed=False)
def test_arbitrary_bytes_raise_nothing_but_errors_with_words(
    tmp_path: Path, prefix: bytes, rest: bytes, packed: bool
) -> None:
    path = tmp_path / "acak"
    data = prefix + rest
    path.write_bytes(gzip.compress(data)[:-4] if packed else data)
    try:
        for table in open_tables(str(path), overrides=Overrides()):
            rows = [
                item.source_row if isinstance(item, Reject) else item.row for item in table.read()
            ]
            assert rows == list(range(1, len(rows) + 1))
            assert len(set(table.columns)) == len(table.columns)
    except NetralitasError as error:
        assert error.render("id")
        assert error.render("en")
