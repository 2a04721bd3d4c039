"""Delimited text is read whole: any delimiter, any encoding, ragged, torn or enormous rows."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netralitas_nlp.io.containers import open_tables
from netralitas_nlp.io.tables import Overrides, RawRecord, RawTable
from netralitas_nlp.schema import Reject

HEADER = ["created_at", "id_str", "full_text", "username"]
ROW = ["Wed Dec 06 23:59:56 +0000 2023", "1732550472320549179", "Selamat pagi, warga", "bu_rahma"]


def table_of(tmp_path: Path, data: str | bytes, **overrides: str) -> RawTable:
    path = tmp_path / "ekspor.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    (table,) = open_tables(str(path), overrides=Overrides(**overrides))
    return table


def records(table: RawTable) -> list[dict[str, object]]:
    return [dict(item.fields) for item in table.read() if isinstance(item, RawRecord)]


def rejects(table: RawTable) -> list[Reject]:
    return [item for item in table.read() if isinstance(item, Reject)]


def written(rows: list[list[str]], **dialect: object) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, **dialect).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~", "\x1f"])
def test_the_delimiter_is_the_one_that_yields_known_names(tmp_path: Path, delimiter: str) -> None:
    rows = [HEADER, [*ROW[:2], "koma, titik koma; pipa | tanda ^ ~ semua", ROW[3]]]
    table = table_of(tmp_path, written(rows, delimiter=delimiter))
    assert table.delimiter == delimiter
    assert records(table) == [dict(zip(rows[0], rows[1], strict=True))]


def test_the_commonest_sign_does_not_win_over_known_names(tmp_path: Path) -> None:
    table = table_of(tmp_path, "id;komentar;akun\n1;a, b, c, d, e;budi\n2;f, g, h, i, j;sari\n")
    assert (table.delimiter, table.columns) == (";", ("id", "komentar", "akun"))
    assert records(table)[1]["komentar"] == "f, g, h, i, j"


def test_excels_separator_line_is_obeyed(tmp_path: Path) -> None:
    table = table_of(tmp_path, "sep=;\nid;komentar\n1;satu, dua\n")
    assert (table.delimiter, table.columns) == (";", ("id", "komentar"))
    assert records(table) == [{"id": "1", "komentar": "satu, dua"}]


@pytest.mark.parametrize(
    ("encoding", "reported"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("cp1252", "cp1252"),
    ],
)
def test_the_encoding_is_told_from_the_bytes(tmp_path: Path, encoding: str, reported: str) -> None:
    text = written([HEADER, [*ROW[:2], "café “gratis” di balai desa – résumé", ROW[3]]])
    table = table_of(tmp_path, text.encode(encoding))
    assert table.encoding == reported
    assert table.columns == tuple(HEADER)
    assert records(table)[0]["full_text"] == "café “gratis” di balai desa – résumé"


def test_a_named_encoding_wins(tmp_path: Path) -> None:
    data = "id,komentar\n1,ж\n".encode("cp1251")
    assert records(table_of(tmp_path, data, encoding="cp1251")) == [{"id": "1", "komentar": "ж"}]
    assert records(table_of(tmp_path, data))[0]["komentar"] != "ж"


def test_naming_utf8_does_not_leave_the_mark_in_the_first_column(tmp_path: Path) -> None:
    table = table_of(tmp_path, "komentar,akun\nsatu,a\n".encode("utf-8-sig"), encoding="utf8")
    assert table.columns == ("komentar", "akun")


def test_a_few_damaged_rows_do_not_turn_the_others_into_mojibake(tmp_path: Path) -> None:
    good = "".join(f"{n},terima kasih 🙏 ibu\n" for n in range(50)).encode()
    table = table_of(tmp_path, b"id,komentar\n" + good + b"50,rusak \xff\xe9 sini\n")
    rows = records(table)
    assert table.encoding == "utf-8"
    assert rows[0]["komentar"] == "terima kasih 🙏 ibu"
    assert rows[50]["komentar"] == "rusak �� sini"
    assert table.problems["bytes_replaced"] == 1
    assert len(rows) == 51


def test_a_utf8_mark_over_other_bytes_loses_nothing_and_is_counted(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbfauthor,comment_text\nwarga,halo\nth\xf4n,apa \xd0G\xc4R\n"
    table = table_of(tmp_path, data)
    assert table.encoding == "latin-1"
    assert table.columns == ("author", "comment_text")
    assert records(table)[1] == {"author": "thôn", "comment_text": "apa ÐGÄR"}
    assert table.problems["bytes_foreign"] == 1


def test_an_encoding_decided_far_into_the_file_counts(tmp_path: Path) -> None:
    rows = "".join(f"{n},biasa saja\n" for n in range(200_000))
    data = b"id,komentar\n" + rows.encode() + b"x,caf\xe9\n"
    table = table_of(tmp_path, data)
    assert table.encoding == "cp1252"
    assert records(table)[-1]["komentar"] == "café"


def test_cells_keep_their_line_breaks(tmp_path: Path) -> None:
    text = "baris satu\nbaris dua\r\nbaris tiga"
    table = table_of(tmp_path, written([HEADER, [*ROW[:2], text, ROW[3]], ROW]))
    assert [row["full_text"] for row in records(table)] == [text, ROW[2]]


def test_short_rows_are_padded_and_counted(tmp_path: Path) -> None:
    table = table_of(tmp_path, "id,komentar,akun\n1,satu\n2,dua,b\n")
    assert records(table)[0] == {"id": "1", "komentar": "satu", "akun": ""}
    assert table.problems["rows_short"] == 1


def test_a_row_with_filled_cells_beyond_the_header_is_rejected_whole(tmp_path: Path) -> None:
    table = table_of(tmp_path, "id,komentar,akun\n1,satu,a\n2,halo, dunia,b\n3,tiga,c\n")
    (reject,) = rejects(table)
    assert (reject.source_row, reject.code) == (2, "reject_row_wide")
    assert reject.raw == "2,halo, dunia,b\n"
    assert reject.values == {"found": 4, "expected": 3}
    assert [row["id"] for row in records(table)] == ["1", "3"]


def test_empty_cells_beyond_the_header_are_dropped(tmp_path: Path) -> None:
    table = table_of(tmp_path, "id,komentar\n1,satu,,\n2,dua\n")
    assert records(table) == [{"id": "1", "komentar": "satu"}, {"id": "2", "komentar": "dua"}]
    assert table.problems["cells_beyond"] == 1


def test_a_single_column_is_joined_again_where_the_text_held_the_delimiter(tmp_path: Path) -> None:
    table = table_of(tmp_path, "komentar\nsatu, dua, tiga\nempat\n")
    assert records(table) == [{"komentar": "satu, dua, tiga"}, {"komentar": "empat"}]


def test_a_header_below_a_title_is_found(tmp_path: Path) -> None:
    data = "Laporan Pemantauan\nPeriode,Mei\n\nTanggal,Akun,Isi\n2024-05-01,@warga,Halo\n"
    table = table_of(tmp_path, data)
    assert table.header_row == 4
    assert table.columns == ("Tanggal", "Akun", "Isi")
    assert table.preamble[0] == ("Laporan Pemantauan",)
    assert [row["Isi"] for row in records(table)] == ["Halo"]


def test_a_data_row_that_holds_a_known_word_is_not_taken_for_a_header(tmp_path: Path) -> None:
    data = "ujxran,klxs,xsal\nini panjang sekali isinya sampai jauh,1,a\nstatus,text,username\n"
    table = table_of(tmp_path, data)
    assert len(records(table)) >= 2
    assert table.preamble == ()


def test_a_file_without_header_loses_no_row(tmp_path: Path) -> None:
    data = "RT @desa: Rapat di balai desa jam 9;1;\n;;\nMohon lampu jalan diperbaiki!;0;\n"
    table = table_of(tmp_path, data)
    assert table.header_row is None
    assert table.columns == ("0", "1", "2")
    assert [row["0"] for row in records(table)] == [
        "RT @desa: Rapat di balai desa jam 9",
        "",
        "Mohon lampu jalan diperbaiki!",
    ]
    assert table.problems["header_absent"] == 1


def test_unknown_names_above_other_data_are_a_header(tmp_path: Path) -> None:
    data = "ujxran;klxs\nIni kalimat panjang tentang jalan desa yang rusak;1\nItu juga;0\n"
    table = table_of(tmp_path, data)
    assert table.columns == ("ujxran", "klxs")
    assert table.problems["header_guessed"] == 1


def test_a_column_that_the_user_names_marks_the_header(tmp_path: Path) -> None:
    data = "a1,b1\nx,y\n"
    assert table_of(tmp_path, data).header_row is None
    assert table_of(tmp_path, data, text_col="b1").columns == ("a1", "b1")


def test_a_column_number_keeps_an_unknown_first_row_as_data(tmp_path: Path) -> None:
    data = "ujxran;klxs\nIni kalimat panjang tentang jalan desa yang rusak;1\n"
    table = table_of(tmp_path, data, text_col="0")
    assert next(iter(records(table)))["0"] == "ujxran"


def test_repeated_and_missing_names_are_made_unique_and_noted(tmp_path: Path) -> None:
    table = table_of(tmp_path, ",text,text,text_2,\n0,a,b,c,d\n")
    assert table.columns == ("column_1", "text", "text_3", "text_2", "column_5")
    assert records(table) == [
        {"column_1": "0", "text": "a", "text_3": "b", "text_2": "c", "column_5": "d"}
    ]
    assert (table.problems["columns_repeated"], table.problems["columns_nameless"]) == (1, 2)


def test_a_header_repeated_in_an_appended_file_is_no_record(tmp_path: Path) -> None:
    table = table_of(tmp_path, "id,komentar\n1,satu\nid,komentar\n2,dua\n")
    assert [item.row for item in table.read() if isinstance(item, RawRecord)] == [1, 2]
    assert table.problems["header_repeated"] == 1


def test_five_thousand_columns_are_read(tmp_path: Path) -> None:
    names = ["text", *(f"angka{n}" for n in range(4_999))]
    table = table_of(tmp_path, written([names, ["isi", *["7"] * 4_999]]))
    (row,) = records(table)
    assert len(table.columns) == 5_000
    assert (row["text"], row["angka4998"]) == ("isi", "7")


def test_a_cell_of_ten_megabytes_is_read_and_the_module_limit_left_alone(tmp_path: Path) -> None:
    limit = csv.field_size_limit()
    long = "kata, " * 1_700_000 + '"kutip"\nbaris dua'
    table = table_of(tmp_path, written([HEADER, [*ROW[:2], long, ROW[3]], ROW]))
    rows = records(table)
    assert rows[0]["full_text"] == long
    assert rows[0]["username"] == "bu_rahma"
    assert rows[1] == dict(zip(HEADER, ROW, strict=True))
    assert csv.field_size_limit() == limit


def test_an_unquoted_cell_of_ten_megabytes_is_read(tmp_path: Path) -> None:
    long = "x" * 10_000_000
    table = table_of(tmp_path, f"id;komentar\n1;{long}\n2;pendek\n")
    assert [len(str(row["komentar"])) for row in records(table)] == [10_000_000, 6]


def test_nul_bytes_are_kept_and_counted(tmp_path: Path) -> None:
    table = table_of(tmp_path, b"id,komentar\n1,sa\0tu\n2,dua\n")
    assert [row["komentar"] for row in records(table)] == ["sa\0tu", "dua"]
    assert table.problems["nul_bytes"] == 1


V1 = "created_at;id_str;full_text;quote_count;lang;username\n"


def test_rows_whose_inner_quotes_are_not_doubled_are_restored(tmp_path: Path) -> None:
    data = (
        V1
        + 'Wed;1;"kata "Mbulet"";0;in;ani\n'
        + 'Thu;2;"biasa saja";0;in;budi\n'
        + 'Fri;3;"dia bilang "ya" lalu pergi";0;in;citra\n'
        + 'Sat;4;"akhir "begini"";0;in;dedi\n'
    )
    table = table_of(tmp_path, data)
    rows = records(table)
    assert [(row["id_str"], row["username"]) for row in rows] == [
        ("1", "ani"),
        ("2", "budi"),
        ("3", "citra"),
        ("4", "dedi"),
    ]
    assert rows[0]["full_text"] == 'kata "Mbulet"'
    assert rows[3]["full_text"] == 'akhir "begini"'
    assert rejects(table) == []


def test_a_quote_never_closed_costs_its_own_row_only(tmp_path: Path) -> None:
    rest = "".join(f"Thu;{n};biasa;0;in;akun{n}\n" for n in range(2, 30_000))
    table = table_of(tmp_path, V1 + 'Wed;1;"terbuka; ya;0;in;ani\n' + rest)
    items = list(table.read())
    assert isinstance(items[0], Reject)
    assert items[0].raw == 'Wed;1;"terbuka; ya;0;in;ani\n'
    assert len(items) == 29_999
    assert all(isinstance(item, RawRecord) for item in items[1:])


def test_a_record_cut_at_the_end_of_the_file_is_rejected_whole(tmp_path: Path) -> None:
    data = 'id,akun,komentar,bahasa\n1,a,satu,in\n2,b,"terpotong di\nsini'
    table = table_of(tmp_path, data)
    (reject,) = rejects(table)
    assert (reject.source_row, reject.code) == (2, "reject_quote_open")
    assert reject.raw == '2,b,"terpotong di\nsini'


def test_every_pass_starts_afresh_and_counts_once(tmp_path: Path) -> None:
    table = table_of(tmp_path, "id,komentar,akun\n1,satu\n2,dua\n\n")
    first, second = records(table), records(table)
    assert first == second
    assert (table.problems["rows_short"], table.problems["blank_lines"]) == (2, 1)


def test_blanks_before_quotes_do_not_break_the_cells(tmp_path: Path) -> None:
    table = table_of(tmp_path, '"id", "komentar"\n"1", "satu, dua"\n')
    assert records(table) == [{"id": "1", "komentar": "satu, dua"}]


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff"), max_size=30)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.lists(CELL, min_size=4, max_size=4), min_size=1, max_size=8),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_whatever_the_csv_module_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[list[str]],
    delimiter: str,
    quoting: int,
) -> None:
    data = written([HEADER, *rows], delimiter=delimiter, quoting=quoting)
    expected = [row for row in rows if row != HEADER]
    table = table_of(tmp_path_factory.mktemp("csv"), data)
    assert [list(row.values()) for row in records(table)] == expected
    assert rejects(table) == []


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(st.sampled_from('ab",;\n\r '), max_size=12), max_size=12))
def test_no_word_of_a_torn_file_vanishes(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    marked = [f"{line},kata{number}x" for number, line in enumerate(lines)]
    data = "\n".join(["id,komentar,akun,waktu", *marked, "1,2,3,4"])
    table = table_of(tmp_path_factory.mktemp("torn"), data)
    found = "".join(
        item.raw if isinstance(item, Reject) else "\n".join(map(str, item.fields.values()))
        for item in table.read()
    )
    assert [n for n in range(len(lines)) if f"kata{n}x" not in found] == []
