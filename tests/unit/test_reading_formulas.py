"""Words that a workbook stores as a formula without result are read, not lost."""

import io
import zipfile
from pathlib import Path

from making import OTHER, TEXT, workbook

from netralitas_nlp.io.readers import open_export
from netralitas_nlp.schema import Post


def with_formula(data: bytes, cell: str, formula: str, result: str = "<v />") -> bytes:
    """Return a workbook whose given text cell is a formula instead."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name).decode()
            if name.endswith("sheet1.xml"):
                start = part.index(f'<c r="{cell}"')
                end = part.index("</c>", start)
                part = f'{part[:start]}<c r="{cell}"><f>{formula}</f>{result}{part[end:]}'
            new.writestr(name, part)
    return out.getvalue()


def texts(tmp_path: Path, data: bytes) -> tuple[list[str], int]:
    path = tmp_path / "t.xlsx"
    path.write_bytes(data)
    (table,) = open_export(str(path))
    posts = [row.text for row in table if isinstance(row, Post)]
    return posts, table.raw.problems["formulas_as_text"]


SHEET = workbook({"Sheet1": [["akun", "komentar"], ["budi", TEXT], ["rahma", OTHER]]})


def test_a_formula_without_result_is_read_as_its_words(tmp_path: Path) -> None:
    data = with_formula(SHEET, "B2", "- biaya &amp; syaratnya apa ya pak?")
    assert texts(tmp_path, data) == (["=- biaya & syaratnya apa ya pak?", OTHER], 1)


def test_a_formula_with_a_result_gives_its_result(tmp_path: Path) -> None:
    data = with_formula(SHEET, "B2", "A1", "<v>7</v>")
    assert texts(tmp_path, data) == (["7", OTHER], 0)
