"""A table that is quoted as the standard asks is read back exactly, whatever its cells hold."""

import csv
import io
import json
from pathlib import Path

import pytest
import xlsxwriter
from fake_scorer import HashScorer
from hypothesis import given, settings
from hypothesis import strategies as st

from netralitas_nlp.io.containers import open_tables
from netralitas_nlp.io.readers import open_export
from netralitas_nlp.io.records import is_well_formed
from netralitas_nlp.io.tables import Overrides, RawRecord, RawTable
from netralitas_nlp.schema import Post, Reject
from netralitas_nlp.scoring.pipeline import score_files

NAMES = ["text", "account", "created_at", "id_str", "lang", "location"]
NOTICE = "NOTA DINAS\nSetiap kasi hadir pukul 8, jam menyusul"
TRICKY = [
    ["warga_60", NOTICE],
    ["warga_61", "satu, dua\r\ntiga, empat\nlima, enam"],
    ["warga_62", '"dikutip", lalu\n"dikutip", lagi'],
    ["warga_63", 'a\n""",b'],
    ["", ",\n,"],
    ["nama, gelar\nbaris, dua", "biasa"],
]


def written(rows: list[list[str]], **dialect: object) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, **dialect).writerows(rows)  # type: ignore[call-overload]
    return out.getvalue().encode()


def table_of(path: Path, data: bytes) -> RawTable:
    path.write_bytes(data)
    (table,) = open_tables(str(path), overrides=Overrides(encoding="utf-8"))
    return table


def cells(table: RawTable) -> list[list[object]]:
    items = list(table.read())
    assert [item for item in items if isinstance(item, Reject)] == []
    return [list(item.fields.values()) for item in items if isinstance(item, RawRecord)]


def test_a_line_break_in_a_cell_makes_no_row_of_its_own(tmp_path: Path) -> None:
    plain = [[f"warga_{n}", f"pagi, semua {n}"] for n in range(200)]
    rows = [row for pair in zip(plain, TRICKY * 40, strict=False) for row in pair]
    table = table_of(tmp_path / "e.csv", written([["account", "text"], *rows]))
    assert cells(table) == rows
    assert +table.problems == {}


def test_the_same_posts_come_out_of_every_container(tmp_path: Path) -> None:
    # XML knows one line break only, so that a workbook cannot tell CRLF from LF.
    rows = [[f"warga_{n}", text.replace("\r\n", "\n")] for n, (_, text) in enumerate(TRICKY)]
    (tmp_path / "e.csv").write_bytes(written([["account", "text"], *rows]))
    lines = [json.dumps({"account": account, "text": text}) + "\n" for account, text in rows]
    (tmp_path / "e.jsonl").write_text("".join(lines), encoding="utf-8")
    with xlsxwriter.Workbook(str(tmp_path / "e.xlsx")) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([["account", "text"], *rows]):
            sheet.write_row(number, 0, row)
    for name in ("e.csv", "e.jsonl", "e.xlsx"):
        (table,) = open_export(str(tmp_path / name))
        assert (table.columns.account, table.columns.text) == ("account", "text")
        posts = [post for post in table if isinstance(post, Post)]
        assert [[post.account, post.text] for post in posts] == rows, name


def test_a_bare_carriage_return_stays_in_its_cell_where_lines_end_otherwise(tmp_path: Path) -> None:
    # So writes pandas on Linux: a cell is quoted for a line feed, not for a carriage return.
    data = b"text,account\npagi\rrapat ya,warga\nbiasa\rsaja,ani\n"
    table = table_of(tmp_path / "e.csv", data)
    assert cells(table) == [["pagi\rrapat ya", "warga"], ["biasa\rsaja", "ani"]]


def test_carriage_returns_alone_end_the_lines_of_an_old_file(tmp_path: Path) -> None:
    data = b'account,text\rwarga,"NOTA\nhadir, ya"\rani,"a\rb, c"\rsari,biasa\r'
    table = table_of(tmp_path / "e.csv", data)
    assert cells(table) == [["warga", "NOTA\nhadir, ya"], ["ani", "a\rb, c"], ["sari", "biasa"]]


def test_windows_line_ends_written_twice_lose_no_row(tmp_path: Path) -> None:
    data = b"account,text\r\r\nwarga,satu\r\r\nani,dua\r\r\n"
    for above in (b"", b"Laporan\r\r\n\r\r\n"):
        table = table_of(tmp_path / "e.csv", above + data)
        assert table.columns == ("account", "text")
        assert cells(table) == [["warga", "satu"], ["ani", "dua"]]


def test_an_empty_cell_after_the_last_column_changes_nothing(tmp_path: Path) -> None:
    table = table_of(tmp_path / "e.csv", b'account,text\nwarga,"NOTA\nhadir ya",\nani,b\n')
    assert cells(table) == [["warga", "NOTA\nhadir ya"], ["ani", "b"]]


def test_well_formed_cells_whose_lines_look_like_rows_are_pointed_out(tmp_path: Path) -> None:
    data = b'id_str,account,text,lang\n1,a,"satu,in\n2,b,dua",in\n3,c,tiga,in\n'
    table = table_of(tmp_path / "e.csv", data)
    assert cells(table) == [["1", "a", "satu,in\n2,b,dua", "in"], ["3", "c", "tiga", "in"]]
    assert table.problems["lines_like_rows"] == 1


def test_a_torn_row_does_not_harm_the_well_formed_ones_around_it(tmp_path: Path) -> None:
    good = written([[f"warga_{n}", NOTICE] for n in range(3)], lineterminator="\n")
    torn = b'ani,"kata "Mbulet""\n'
    table = table_of(tmp_path / "e.csv", b"account,text\n" + good + torn + good)
    notices = [[f"warga_{n}", NOTICE] for n in range(3)]
    assert cells(table) == [*notices, ["ani", 'kata "Mbulet"'], *notices]
    assert table.problems["quotes_repaired"] == 1


def test_a_blank_before_a_quote_inside_a_name_does_not_trim_the_cells(tmp_path: Path) -> None:
    rows = [['text, "asli"', "text"], ["  menjorok", " a"]]
    assert cells(table_of(tmp_path / "e.csv", written(rows))) == rows[1:]


@pytest.mark.parametrize(
    ("record", "formed"),
    [
        ("a,b\r\n", True),
        ('"a ""b""","c\nd"\n', True),
        ('"",""\n', True),
        ('a,""""', True),
        ("\n", True),
        ('a,"b"c\n', False),
        ('a,b "c"\n', False),
        ('a,"b\n', False),
        ('"kata "Mbulet"",c\n', False),
        ('a, "b"\n', False),
    ],
)
def test_a_record_is_well_formed_or_not(record: str, formed: bool) -> None:
    assert is_well_formed(record, delimiter=",") is formed


WILD = st.text(st.characters(exclude_categories=["Cs"]), max_size=25)
HARD = st.text(st.sampled_from('ab",;\t|\r\n =x'), max_size=20)


@st.composite
def tables(draw: st.DrawFn, *, cell: st.SearchStrategy[str]) -> tuple[list[list[str]], bytes]:
    """Rows below ``NAMES``, and the file that the csv module makes of them."""
    width = draw(st.integers(1, len(NAMES)))
    rows = draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=8))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    if end == "\n" and quoting == csv.QUOTE_MINIMAL:
        # Older csv modules leave a CR unquoted here: at the end of a line it cannot be told
        # from the line's own end.
        rows = [[*row[:-1], row[-1].rstrip("\r")] for row in rows]
    header = NAMES[:width]
    delimiter = draw(st.sampled_from([",", ";", "\t", "|"]))
    data = written([header, *rows], delimiter=delimiter, quoting=quoting, lineterminator=end)
    # A row that repeats the header is a seam between appended files.
    return [row for row in rows if row != header], data


@settings(max_examples=300, deadline=None)
@given(tables(cell=WILD | HARD))
def test_a_table_is_read_back_row_for_row(
    tmp_path_factory: pytest.TempPathFactory, table: tuple[list[list[str]], bytes]
) -> None:
    rows, data = table
    if rows:
        assert cells(table_of(tmp_path_factory.getbasetemp() / "bolak-balik.csv", data)) == rows


@settings(max_examples=25, deadline=None)
@given(tables(cell=HARD))
def test_every_row_of_a_table_is_scored_once(
    tmp_path_factory: pytest.TempPathFactory, table: tuple[list[list[str]], bytes]
) -> None:
    rows, data = table
    if not rows:
        return
    folder = tmp_path_factory.mktemp("skor")
    (folder / "e.csv").write_bytes(data)
    score_files(
        [folder / "e.csv"], out=folder / "hasil", jobs=1, make_scorer=HashScorer, formats=("jsonl",)
    )
    lines = (folder / "hasil" / "scored.jsonl").read_text(encoding="utf-8").splitlines()
    scored = [json.loads(line) for line in lines]
    names = NAMES[: len(rows[0])]
    assert [row["source_row"] for row in scored] == list(range(1, len(rows) + 1))
    assert [[row[name] for name in names] for row in scored] == rows
