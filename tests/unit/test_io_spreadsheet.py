"""Workbooks: the right sheet, the header wherever it stands, every digit, every hyperlink."""

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from netralitas_nlp.errors import InputError
from netralitas_nlp.io import spreadsheet
from netralitas_nlp.io.containers import open_tables
from netralitas_nlp.io.tables import Overrides, RawRecord, RawTable

POSTS = [["Tanggal", "Nama Akun", "Isi Komentar"], ["1 Mei 2024", "@warga", "Jalan rusak"]]


def book(path: Path, sheets: dict[str, Sequence[Sequence[Any]]]) -> str:
    with xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yy hh:mm"}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, str) and cell.startswith("https://"):
                        sheet.write_url(number, column, cell, string="view source")
                    elif cell is not None:
                        sheet.write(number, column, cell)
    return str(path)


def tables(path: str, **overrides: str) -> list[RawTable]:
    return open_tables(path, overrides=Overrides(**overrides))


def rows(table: RawTable) -> list[dict[str, object]]:
    return [dict(item.fields) for item in table.read() if isinstance(item, RawRecord)]


def test_the_sheet_with_posts_is_found_behind_pivots_and_empty_sheets(tmp_path: Path) -> None:
    path = book(
        tmp_path / "b.xlsx",
        {
            "Sheet1": [],
            "Pivot": [["Kata", "Jumlah"], *[["dan", n] for n in range(9)]],
            "Data": POSTS,
        },
    )
    (table,) = tables(path)
    assert (table.sheet, table.header_row) == ("Data", 1)
    assert rows(table) == [dict(zip(POSTS[0], POSTS[1], strict=True))]
    assert table.values["sheets_left_out"] == {"names": "Pivot"}
    assert table.problems["sheets_left_out"] == 1


def test_sheets_with_the_same_columns_are_all_read(tmp_path: Path) -> None:
    path = book(tmp_path / "b.xlsx", {"Mei": POSTS, "Juni": [POSTS[0], ["2 Juni", "@b", "Halo"]]})
    assert [(t.sheet, rows(t)[0]["Isi Komentar"]) for t in tables(path)] == [
        ("Mei", "Jalan rusak"),
        ("Juni", "Halo"),
    ]


def test_the_user_may_choose_the_sheet(tmp_path: Path) -> None:
    path = book(tmp_path / "b.xlsx", {"Data": POSTS, "Lain": [["kata", "jumlah"], ["dan", 3]]})
    (table,) = tables(path, sheet="Lain")
    assert table.sheet == "Lain"
    with pytest.raises(InputError) as caught:
        tables(path, sheet="Tidak Ada")
    assert "Data, Lain" in str(caught.value)


def test_a_header_below_a_title_is_found_and_the_title_kept(tmp_path: Path) -> None:
    source = ["Source URL", "http://contoh.invalid/p/1"]
    path = book(tmp_path / "b.xlsx", {"Data": [["Judul"], source, [], [], *POSTS]})
    (table,) = tables(path)
    assert table.header_row == 5
    assert table.preamble[1][:2] == tuple(source)
    assert len(rows(table)) == 1


def test_whole_numbers_keep_every_digit_and_dates_are_iso(tmp_path: Path) -> None:
    cells = [1732550472320549000, 3, 2.5, True, dt.datetime(2024, 5, 1, 7, 30), "'=1"]
    header = ["id", "likes", "score", "retweet", "tanggal", "komentar"]
    (table,) = tables(book(tmp_path / "b.xlsx", {"Data": [header, cells]}))
    (row,) = rows(table)
    assert row == {
        "id": "1732550472320549000",
        "likes": "3",
        "score": "2.5",
        "retweet": "TRUE",
        "tanggal": "2024-05-01T07:30:00",
        "komentar": "'=1",
    }


def test_the_addresses_behind_cells_are_read(tmp_path: Path) -> None:
    address = "https://contoh.invalid/post/1?a=1&b=2"
    body = [["@a", "halo", address], ["@b", "tanpa tautan", "teks"], ["@c", "lagi", address + "3"]]
    path = book(tmp_path / "b.xlsx", {"Data": [["Judul"], ["akun", "isi", "(view source)"], *body]})
    (table,) = tables(path)
    items = [item for item in table.read() if isinstance(item, RawRecord)]
    assert [dict(item.links) for item in items] == [
        {"(view source)": address},
        {},
        {"(view source)": address + "3"},
    ]
    assert items[0].fields["(view source)"] == "view source"


def test_blank_rows_are_skipped_and_counted(tmp_path: Path) -> None:
    path = book(tmp_path / "b.xlsx", {"Data": [*POSTS, [], [], ["2 Mei", "@b", "Halo"]]})
    (table,) = tables(path)
    assert [item.row for item in table.read() if isinstance(item, RawRecord)] == [1, 2]
    assert table.problems["blank_lines"] == 2


def test_a_workbook_without_contents_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        tables(book(tmp_path / "b.xlsx", {"Sheet1": [], "Sheet2": []}))
    assert caught.value.code == "workbook_empty"


def test_a_workbook_with_a_header_only_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        tables(book(tmp_path / "b.xlsx", {"Data": POSTS[:1]}))
    assert caught.value.code == "no_records"


def test_a_cut_workbook_is_an_error(tmp_path: Path) -> None:
    path = Path(book(tmp_path / "b.xlsx", {"Data": POSTS}))
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(InputError):
        tables(str(path))


def replaced(path: Path, part: str, change: Any) -> str:
    source = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            data = source.read(name)
            out.writestr(name, change(data) if name == part else data)
    return str(path)


SHEET = "xl/worksheets/sheet1.xml"


def test_damaged_sheet_xml_is_an_error(tmp_path: Path) -> None:
    path = Path(book(tmp_path / "b.xlsx", {"Data": POSTS}))
    with pytest.raises(InputError) as caught:
        tables(replaced(path, SHEET, lambda data: data[: len(data) // 2] + b"<<<"))
    assert caught.value.code in {"workbook_damaged", "workbook_empty", "no_records"}


def test_entity_bombs_in_the_lists_of_a_workbook_are_refused(tmp_path: Path) -> None:
    path = Path(
        book(tmp_path / "b.xlsx", {"Data": [["akun", "url"], ["@a", "https://x.invalid/1"]]})
    )
    bomb = b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    part = "xl/worksheets/_rels/sheet1.xml.rels"
    with pytest.raises(InputError) as caught:
        tables(replaced(path, part, lambda data: data.replace(b"<Rel", bomb + b"<Rel", 1)))
    assert caught.value.code == "workbook_damaged"


def test_a_cell_at_the_far_corner_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = Path(book(tmp_path / "b.xlsx", {"Data": POSTS}))
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with pytest.raises(InputError) as caught:
        tables(replaced(path, SHEET, lambda data: data.replace(b"</sheetData>", far)))
    assert caught.value.code == "sheet_vast"


def test_rounding_of_day_fractions_does_not_show() -> None:
    moment = dt.datetime(2020, 12, 31, 18, 55, 4, 999_996)
    assert spreadsheet.as_text(moment) == "2020-12-31T18:55:05"
