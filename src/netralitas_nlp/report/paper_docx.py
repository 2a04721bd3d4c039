"""A paper as a Word document, for those who have to fill in and sign."""

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from netralitas_nlp.errors import MissingExtraError
from netralitas_nlp.report.blocks import (
    Facts,
    Grid,
    Heading,
    Items,
    Lines,
    Notice,
    Paper,
    Paragraph,
    Quote,
)
from netralitas_nlp.report.untrusted import spelled

if TYPE_CHECKING:
    from docx.document import Document

BLANK: Final = "_" * 46
BOX: Final = "\u2610"
"""BALLOT BOX: a square to tick."""
_NAME_WIDTH, _VALUE_WIDTH = 5.0, 12.2
"""Columns of a list of facts in centimetres; together the text width of A4 with our margins."""


def require_docx() -> None:
    """Make sure that python-docx is installed.

    Raises:
        MissingExtraError: It is not; the message has the command.
    """
    try:
        import docx
    except ImportError:
        raise MissingExtraError("missing_extra", package="python-docx", extra="docs") from None
    del docx


def paper_docx(paper: Paper) -> bytes:
    """Return a paper as DOCX. Links are printed, not live: a click in Word says who reads.

    Raises:
        MissingExtraError: python-docx is not installed.
    """
    require_docx()
    import docx

    document = docx.Document()
    _page(document, paper)
    document.add_heading(spelled(paper.title), level=0)
    document.add_paragraph(spelled(paper.subtitle)).runs[0].italic = True
    for block in paper.blocks:
        _WRITERS[block.kind](document, block)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _page(document: "Document", paper: Paper) -> None:
    from docx.shared import Cm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.9)
    section.top_margin = section.bottom_margin = Cm(1.9)
    document.styles["Normal"].font.size = Pt(10)
    document.styles["Normal"].font.name = "Calibri"
    footer = section.footer.paragraphs[0]
    footer.text = spelled(paper.running)
    footer.runs[0].font.size = Pt(8)
    document.core_properties.title = paper.title
    document.core_properties.author = ""
    document.core_properties.comments = ""


def _heading(document: "Document", block: Heading) -> None:
    document.add_heading(spelled(block.text), level=block.level - 1)


def _paragraph(document: "Document", block: Paragraph) -> None:
    from docx.shared import Pt

    run = document.add_paragraph().add_run(spelled(block.text))
    if block.note:
        run.font.size = Pt(8.5)


def _notice(document: "Document", block: Notice) -> None:
    table: Any = document.add_table(rows=1, cols=1)
    table.style = "Table Grid"
    cell = table.rows[0].cells[0]
    cell.paragraphs[0].add_run(spelled(block.title)).bold = True
    for line in block.lines:
        cell.add_paragraph(spelled(line))
    document.add_paragraph()


def _quote(document: "Document", block: Quote) -> None:
    from docx.enum.text import WD_COLOR_INDEX
    from docx.shared import Cm, Pt

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.left_indent = Cm(1.5 if block.aside else 0.8)
    for piece in block.pieces:
        run = paragraph.add_run(spelled(piece.text))
        run.font.size = Pt(9 if block.aside else 11)
        if piece.marked:
            run.underline = True
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _facts(document: "Document", block: Facts) -> None:
    from docx.shared import Cm, Pt

    table: Any = document.add_table(rows=0, cols=2)
    table.autofit = False
    for fact in block.facts:
        name, value = table.add_row().cells
        name.width, value.width = Cm(_NAME_WIDTH), Cm(_VALUE_WIDTH)
        name.paragraphs[0].add_run(spelled(fact.name)).font.size = Pt(9)
        for index, line in enumerate(fact.values or (BLANK,)):
            paragraph = value.paragraphs[0] if index == 0 else value.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(2)
            run = paragraph.add_run(spelled(line))
            run.font.size = Pt(8 if fact.code else 9)
            if fact.code:
                run.font.name = "Courier New"
    document.add_paragraph()


def _items(document: "Document", block: Items) -> None:
    for item in block.items:
        if block.boxes:
            document.add_paragraph(f"{BOX}  {spelled(item)}")
        else:
            document.add_paragraph(spelled(item), style="List Bullet")


def _grid(document: "Document", block: Grid) -> None:
    from docx.shared import Pt

    table: Any = document.add_table(rows=1, cols=len(block.head))
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells, block.head, strict=True):
        cell.paragraphs[0].add_run(spelled(text)).bold = True
    for row in block.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.paragraphs[0].add_run(spelled(text)).font.size = Pt(9)
    document.add_paragraph()


def _lines(document: "Document", block: Lines) -> None:
    for _ in range(block.count):
        document.add_paragraph("_" * 86)


_WRITERS: Final[dict[str, Callable[["Document", Any], None]]] = {
    "heading": _heading,
    "paragraph": _paragraph,
    "notice": _notice,
    "quote": _quote,
    "facts": _facts,
    "items": _items,
    "grid": _grid,
    "lines": _lines,
}
"""One writer per ``Block.kind``."""
