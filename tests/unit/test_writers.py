"""Scored files: wild cells survive, spreadsheets run nothing, names stay apart."""

import csv
import io
import json
import string
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netralitas_nlp.errors import UsageError
from netralitas_nlp.evidence import Span, to_json
from netralitas_nlp.io.view_cells import harmless, original, without_surrogates
from netralitas_nlp.io.view_layout import ViewLayout, view_layout
from netralitas_nlp.io.view_rows import ViewRows
from netralitas_nlp.io.view_tables import CELL_UNITS, XlsxView
from netralitas_nlp.io.writers import VIEW_COLUMNS, known_formats, write_views
from netralitas_nlp.schema import PART_SCHEMA, SCORED_SCHEMA
from netralitas_nlp.scoring.rows import input_json

WILD = st.text(st.characters(), max_size=40) | st.sampled_from(
    [
        "=1+1",
        "\t=1",
        '"=cmd|"',
        "\x00",
        "\ud800",
        "a\r\nb",
        "＝SUM(1)",
        "007",
        "_x0041_",
        "'=1",
        "é́",
    ]
)
ROWS = st.lists(
    st.dictionaries(st.sampled_from(["full_text", "decision", "nama kolom", "=kolom"]), WILD),
    max_size=5,
)


def batch(inputs: list[dict[str, Any]], **columns: list[Any]) -> pa.RecordBatch:
    values = {name: [None] * len(inputs) for name in PART_SCHEMA.names} | columns
    values["input"] = [input_json(fields) for fields in inputs]
    whole = pa.RecordBatch.from_pydict(
        {name: values[name] for name in PART_SCHEMA.names}, schema=PART_SCHEMA
    )
    return whole.select(VIEW_COLUMNS)


def written(
    folder: Path, inputs: list[dict[str, Any]], formats: list[str], **options: Any
) -> ViewLayout:
    columns = options.pop("columns", {})
    names = list(dict.fromkeys(name for fields in inputs for name in fields))
    layout = view_layout([names], types=[options.pop("types", {})])
    write_views(folder, formats, layout=layout, batches=lambda: iter([batch(inputs, **columns)]))
    return layout


def csv_rows(folder: Path) -> list[dict[str, str]]:
    text = (folder / "scored.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_every_wild_value_survives_csv_jsonl_and_parquet(
    tmp_path_factory: pytest.TempPathFactory, inputs: list[dict[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("tampilan")
    layout = written(folder, inputs, ["csv", "jsonl", "parquet"])
    from_csv = csv_rows(folder)
    lines = (folder / "scored.jsonl").read_text("ascii").splitlines()
    from_parquet = pq.read_table(folder / "scored.parquet").to_pylist()
    assert len(from_csv) == len(lines) == len(from_parquet) == len(inputs)
    for fields, row, line, typed in zip(inputs, from_csv, lines, from_parquet, strict=True):
        objects = json.loads(line)
        assert {key: objects[key] for key in fields} == fields
        for key, name in layout.inputs.items():
            expected = fields.get(key)
            clean = None if expected is None else without_surrogates(expected)
            assert typed[name] == clean
            assert original(row[harmless(name)]) == (clean or "")


@given(st.text(max_size=30))
def test_prefixing_can_always_be_undone(text: str) -> None:
    assert original(harmless(text)) == text


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\r=1", "\n=1", "\tpolos",
        " =1", "  \u00a0=1", "'=1", '"=1', "\u201c=1", "\u200b=1", "\ufeff=1", "\x00=1",
        "＝1", "＋1", "－1", "＠SUM", "\u2212" + "1", " '\"＝1",
    ],
)  # fmt: skip
def test_a_cell_that_a_spreadsheet_would_run_is_defused_in_csv(tmp_path: Path, cell: str) -> None:
    written(tmp_path, [{"teks": cell, cell: "judul"}], ["csv"])
    row = csv_rows(tmp_path)[0]
    assert row["teks"] == "'" + cell
    assert "'" + cell in row


@pytest.mark.parametrize("cell", ["apel pagi", "a=b", "2-1", "(=1)", "", "#tagar", "'kutip'"])
def test_a_harmless_cell_stays_as_it_is(tmp_path: Path, cell: str) -> None:
    written(tmp_path, [{"teks": cell}], ["csv"])
    assert csv_rows(tmp_path)[0]["teks"] == cell


def test_numbers_of_ours_stay_numbers_and_text_of_ours_is_defused(tmp_path: Path) -> None:
    columns: dict[str, list[Any]] = {
        "score_hoax": [1e-07], "claim_similarity": [-0.25], "source_row": [7],
        "account": ["@warga"], "truncated": [False],
    }  # fmt: skip
    written(tmp_path, [{"n": -5, "x": 0.1, "b": True, "z": None}], ["csv"], columns=columns)
    row = csv_rows(tmp_path)[0]
    assert (row["score_hoax"], row["claim_similarity"], row["source_row"]) == (
        "1e-07",
        "-0.25",
        "7",
    )
    assert (row["n"], row["x"], row["b"], row["z"]) == ("-5", "0.1", "true", "")
    assert (row["account"], row["truncated"]) == ("'@warga", "false")


def test_csv_opens_in_excel_as_utf8(tmp_path: Path) -> None:
    written(tmp_path, [{"teks": "sé 😀"}], ["csv"])
    assert (tmp_path / "scored.csv").read_bytes().startswith(b"\xef\xbb\xbfteks,")


def test_input_columns_come_first_in_order_and_names_never_collide() -> None:
    layout = view_layout([["b", "labels", "a"], ["a", "c", "netralitas_labels"]])
    assert layout.header[:5] == ["b", "labels", "a", "c", "netralitas_labels"]
    assert layout.outputs["labels"] == "netralitas_netralitas_labels"
    assert layout.outputs["decision"] == "decision"
    assert list(layout.outputs) == SCORED_SCHEMA.names
    assert len(set(layout.header)) == len(layout.header)


def test_column_names_that_utf8_cannot_hold_stay_apart() -> None:
    layout = view_layout([["a\ud800", "a\ud801", "a\ufffd"]])
    assert len(set(layout.inputs.values())) == 3
    assert all(name.encode("utf-8") for name in layout.header)


def test_jsonl_keeps_nesting_exact_integers_and_names_ours_apart(tmp_path: Path) -> None:
    fields = {"id": 12345678901234567890123, "user": {"a": [1, None, "\ud83d"]}, "bundle": "x"}
    written(tmp_path, [fields, {}], ["jsonl"], columns={"bundle": ["m", "m"]})
    first, second = map(json.loads, (tmp_path / "scored.jsonl").read_text("ascii").splitlines())
    assert list(first)[:3] == ["id", "user", "bundle"]
    assert {key: first[key] for key in fields} == fields
    assert first["netralitas_bundle"] == second["netralitas_bundle"] == "m"


def test_numbers_that_json_has_no_words_for_become_strings(tmp_path: Path) -> None:
    fields = {"a": float("nan"), "b": [float("inf"), {"c": float("-inf")}], "d": 1.5}
    written(tmp_path, [fields], ["jsonl"])

    def refuse(word: str) -> None:
        raise AssertionError(word)

    row = json.loads((tmp_path / "scored.jsonl").read_text(), parse_constant=refuse)
    assert (row["a"], row["b"], row["d"]) == ("NaN", ["Infinity", {"c": "-Infinity"}], 1.5)


def test_parquet_keeps_the_types_of_a_parquet_input(tmp_path: Path) -> None:
    inputs = [{"n": 1, "t": "2024-01-02T03:04:05", "s": "007"}, {"n": None, "t": None, "s": ""}]
    written(tmp_path, inputs, ["parquet"], types={"n": "int64", "t": "timestamp[us]"})
    schema = pq.read_schema(tmp_path / "scored.parquet")
    assert [schema.field(name).type for name in "nts"] == [
        pa.int64(), pa.timestamp("us"), pa.string(),
    ]  # fmt: skip
    assert pq.read_table(tmp_path / "scored.parquet")["n"].to_pylist() == [1, None]


def test_parquet_falls_back_to_text_where_a_value_does_not_fit_its_type(tmp_path: Path) -> None:
    inputs = [{"n": 1, "k": 2}, {"n": "satu", "k": 3}]
    written(tmp_path, inputs, ["parquet"], types={"n": "int64", "k": "int64"})
    table = pq.read_table(tmp_path / "scored.parquet")
    assert table["n"].to_pylist() == ["1", "satu"]
    assert table["k"].to_pylist() == [2, 3]


def test_a_type_is_kept_only_if_all_tables_share_it() -> None:
    names = [["n", "m"], ["n"], ["n", "m"]]
    kinds = [{"n": "int64", "m": "double"}, {"n": "int64"}, {"n": "int64"}]
    assert dict(view_layout(names, types=kinds).types) == {"n": pa.int64()}


def sheet_cells(place: Path) -> list[list[list[Any]]]:
    book = openpyxl.load_workbook(place)
    return [[[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book]


@pytest.mark.parametrize("cell", ["=1+1", "007", "http://x.example", "+62", " =2", "1e5", "{=1}"])
def test_xlsx_cells_are_text_and_never_formulas_or_numbers(tmp_path: Path, cell: str) -> None:
    written(tmp_path, [{"teks": cell}], ["xlsx"])
    found = openpyxl.load_workbook(tmp_path / "scored.xlsx").active["A2"]
    assert (found.value, found.data_type, found.hyperlink) == (cell, "s", None)


def test_xlsx_holds_control_characters_and_keeps_our_numbers(tmp_path: Path) -> None:
    import python_calamine

    columns: dict[str, list[Any]] = {"score_hoax": [0.25], "truncated": [True]}
    written(tmp_path, [{"teks": "a\x00b\x0b\x1f\r\uffff_x0041_"}], ["xlsx"], columns=columns)
    book = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "scored.xlsx"))
    header, row = book.get_sheet_by_index(0).to_python()
    found = dict(zip(header, row, strict=True))
    assert found["teks"] == "a\x00b\x0b\x1f\r\ufffd_x0041_"
    assert (found["score_hoax"], found["truncated"]) == (0.25, True)


def xlsx_of(
    place: Path, inputs: list[dict[str, Any]], tmp: Path, *, sheet_rows: int
) -> Counter[str]:
    notes: Counter[str] = Counter()
    layout = view_layout([list(inputs[0])])
    scored = batch(inputs)
    with place.open("wb") as file:
        view = XlsxView(file, layout, room=str(tmp), notes=notes, sheet_rows=sheet_rows)
        posts = scored.column("text").to_pylist()
        view.write(ViewRows([], inputs, scored.select(SCORED_SCHEMA.names), posts))
        view.close()
    return notes


def test_xlsx_goes_on_in_another_sheet_when_one_is_full(tmp_path: Path) -> None:
    inputs = [{"teks": f"baris {n}"} for n in range(7)]
    xlsx_of(tmp_path / "b.xlsx", inputs, tmp_path, sheet_rows=3)
    sheets = sheet_cells(tmp_path / "b.xlsx")
    assert [len(sheet) for sheet in sheets] == [4, 4, 2]
    assert [row[0] for sheet in sheets for row in sheet[1:]] == [f["teks"] for f in inputs]
    assert all(sheet[0][0] == "teks" for sheet in sheets)


def test_xlsx_cuts_a_cell_at_the_limit_of_excel_and_says_so(tmp_path: Path) -> None:
    inputs = [{"teks": "😀" * 20_000}, {"teks": "a" * CELL_UNITS}, {"teks": "b" * 40_000}]
    notes = xlsx_of(tmp_path / "b.xlsx", inputs, tmp_path, sheet_rows=10)
    cells = [row[0] for row in sheet_cells(tmp_path / "b.xlsx")[0][1:]]
    assert cells == ["😀" * (CELL_UNITS // 2), "a" * CELL_UNITS, "b" * CELL_UNITS]
    assert notes == {"xlsx_cells_cut": 2}


def test_xlsx_says_how_many_columns_it_has_no_room_for(tmp_path: Path) -> None:
    inputs = [{f"k{n}": "x" for n in range(16_400)}]
    notes = xlsx_of(tmp_path / "b.xlsx", inputs, tmp_path, sheet_rows=10)
    assert notes == {"xlsx_columns_left_out": 16_400 + len(SCORED_SCHEMA.names) + 1 - 16_384}


def test_xlsx_never_takes_a_cell_for_markup(tmp_path: Path) -> None:
    cells = ["<r><t>a</t></r>", "<r></is></c></r>", "<r></r>", "<r> =1 </r>"]
    written(tmp_path, [{"teks": cell, cell: "judul"} for cell in cells], ["xlsx"])
    (sheet,) = sheet_cells(tmp_path / "scored.xlsx")
    assert [row[0] for row in sheet[1:]] == cells
    assert set(cells) <= set(sheet[0])


def marked_cell(folder: Path, text: str, spans: list[Span]) -> Any:
    written(
        folder, [{"teks": "x"}], ["xlsx"], columns={"text": [text], "evidence": [to_json(spans)]}
    )
    sheet = openpyxl.load_workbook(folder / "scored.xlsx", rich_text=True).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]][-1] == "marked_text"
    return sheet.cell(2, sheet.max_column)


def test_xlsx_marks_the_evidence_in_a_copy_of_the_text(tmp_path: Path) -> None:
    text = "=ayo <b>coblos</b> ✌️\nnomor dua"
    spans = [
        Span("candidate_support", 8, 14, "coblos", 0.4),
        Span("candidate_support", 22, 31, "nomor dua", 0.2),
        Span("hoax", 28, 31, "dua", 0.1),
    ]
    spans = [replace(span, text=text[span.start : span.end]) for span in spans]
    cell = marked_cell(tmp_path, text, spans)
    assert cell.data_type == "s"
    assert str(cell.value) == text
    bold = [part.text for part in cell.value if not isinstance(part, str) and part.font.b]
    assert bold == [text[8:14], text[22:28], text[28:31]]
    looks = {part.text: part.font for part in cell.value if not isinstance(part, str)}
    assert looks[text[8:14]].u == "single"
    assert looks[text[28:31]].i


def test_xlsx_leaves_the_column_empty_where_there_is_no_evidence(tmp_path: Path) -> None:
    assert marked_cell(tmp_path, "rapat desa", []).value is None
    assert marked_cell(tmp_path, "teks", [Span("hoax", 0, 9, "lain sama", 0.1)]).value is None


def test_xlsx_marks_a_text_that_is_evidence_as_a_whole(tmp_path: Path) -> None:
    cell = marked_cell(tmp_path, "coblos", [Span("hoax", 0, 6, "coblos", 0.9)])
    assert str(cell.value) == "coblos"
    assert cell.font.b


@settings(max_examples=30, deadline=None)
@given(
    st.lists(WILD.filter(bool), min_size=1, max_size=6),
    st.sets(st.integers(0, 5)),
)
def test_xlsx_shows_the_whole_text_of_any_marked_row(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[str], chosen: set[int]
) -> None:
    import python_calamine

    folder = tmp_path_factory.mktemp("bukti")
    pieces = [without_surrogates(piece) for piece in pieces]
    text, spans = "", []
    for number, piece in enumerate(pieces):
        if number in chosen:
            spans.append(Span("hoax", len(text), len(text) + len(piece), piece, 0.1))
        text += piece
    columns = {"text": [text], "evidence": [to_json(spans)]}
    written(folder, [{"teks": "x"}], ["xlsx"], columns=columns)
    book = python_calamine.CalamineWorkbook.from_path(str(folder / "scored.xlsx"))
    header, row = book.get_sheet_by_index(0).to_python()
    shown = dict(zip(header, row, strict=False)).get("marked_text", "")
    kept = [c for c in text if ord(c) >= 0x20 and c not in "_＿\ufffd\ufffe\uffff"]
    if spans:
        found = [c for c in str(shown) if c not in "_＿\n\t\ufffd" and not "␀" <= c <= "␟"]
        assert found == [c for c in kept if not "␀" <= c <= "␟"]


def test_marked_column_gives_way_to_one_of_the_input(tmp_path: Path) -> None:
    columns = {"text": ["coblos dua"], "evidence": [to_json([Span("hoax", 0, 6, "coblos", 0.1)])]}
    written(tmp_path, [{"marked_text": "milik pengguna"}], ["xlsx"], columns=columns)
    (sheet,) = sheet_cells(tmp_path / "scored.xlsx")
    assert (sheet[0][0], sheet[1][0]) == ("marked_text", "milik pengguna")
    assert (sheet[0][-1], sheet[1][-1]) == ("netralitas_marked_text", "coblos dua")


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    formats = ["csv", "xlsx", "jsonl", "parquet"]
    inputs = [{"teks": "".join(string.printable[n : n + 9]), "n": n} for n in range(20)]
    for name in ("satu", "dua"):
        (tmp_path / name).mkdir()
        written(tmp_path / name, inputs, formats)
    for kind in formats:
        one, two = (tmp_path / n / f"scored.{kind}" for n in ("satu", "dua"))
        assert one.read_bytes() == two.read_bytes()


def test_nothing_is_left_behind_when_a_batch_cannot_be_read(tmp_path: Path) -> None:
    def broken() -> Any:
        yield batch([{"teks": "a"}])
        raise OSError(28, "No space left on device")

    formats = ["csv", "xlsx", "jsonl", "parquet"]
    with pytest.raises(OSError, match="No space"):
        write_views(tmp_path, formats, layout=view_layout([["teks"]]), batches=broken)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_is_a_usage_error_naming_the_known_ones() -> None:
    assert known_formats(["Parquet", " csv", "csv"]) == ("csv", "parquet")
    with pytest.raises(UsageError, match="csv, xlsx, jsonl, parquet"):
        known_formats(["ods"])
