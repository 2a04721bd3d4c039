"""``netralitas inspect``: what was recognised in a file, without scoring anything."""

import json
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from netralitas_nlp.cli.options import (
    AccountCol,
    Encoding,
    IdCol,
    ParentCol,
    Sheet,
    TextCol,
    TimeCol,
    UrlCol,
    overrides_from,
)
from netralitas_nlp.cli.verb import Lang, language, reports_errors
from netralitas_nlp.errors import phrase
from netralitas_nlp.labels import Language

if TYPE_CHECKING:
    from rich.console import Console

    from netralitas_nlp.io.inspection import Report

ROLES = ("text", "account", "posted_at", "url", "post_id", "parent_text")


@reports_errors
def inspect(  # noqa: PLR0913, PLR0917 - one argument per option
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Berkas ekspor; - untuk masukan standar.")
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="Keluarkan JSON, satu objek per tabel.")
    ] = False,
    text_col: TextCol = None,
    account_col: AccountCol = None,
    time_col: TimeCol = None,
    url_col: UrlCol = None,
    id_col: IdCol = None,
    parent_col: ParentCol = None,
    sheet: Sheet = None,
    encoding: Encoding = None,
    lang: Lang = "id",
) -> None:
    """Tampilkan apa yang dikenali dari berkas ekspor, tanpa menilai apa pun."""
    from netralitas_nlp.io.inspection import inspected

    words = language(lang)
    overrides = overrides_from(
        text_col=text_col,
        account_col=account_col,
        time_col=time_col,
        url_col=url_col,
        id_col=id_col,
        parent_col=parent_col,
        sheet=sheet,
        encoding=encoding,
    )
    reports = [r for file in files for r in inspected(file, overrides=overrides, lang=words)]
    if as_json:
        typer.echo(json.dumps([r.as_json() for r in reports], ensure_ascii=True, indent=2))
    else:
        _show(reports, words)


def _show(reports: "list[Report]", lang: Language) -> None:
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=False)
    for place, report in enumerate(reports):
        if place:
            console.print()
        _show_one(report, console, lang)


def _show_one(report: "Report", console: "Console", lang: Language) -> None:
    from rich.table import Table

    def say(part: str, **values: object) -> str:
        return phrase("inspect_view", part, lang=lang, **values)

    name = report.file if report.file == "-" else PurePath(report.file).name
    console.print(
        say("title", name=f"{name} · {report.sheet}" if report.sheet else name), style="bold"
    )
    kind = ", ".join(filter(None, (report.format, report.encoding, report.tool or say("no_tool"))))
    console.print(kind)
    counts = {
        "records": report.n_records,
        "empty": report.n_empty_text,
        "rejects": report.n_rejects,
    }
    console.print(say("counts", **{key: _number(n, lang) for key, n in counts.items()}))
    grid = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for role in ROLES:
        source = report.columns[role]
        shown = say("none") if source is None else _cell(source, lang)
        grid.add_row(f"  {say(role)}", shown)
    console.print(grid)
    notes = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
    for problem in report.problems:
        notes.add_row("  !", problem.text)
    if report.problems:
        console.print(notes)
    cost = {"time": _duration(report.estimate.seconds, lang), "memory": report.estimate.memory_mb}
    console.print(say("todo" if report.text_known else "stop", **cost))


def _cell(source: str | int, lang: Language) -> str:
    part = "text" if isinstance(source, str) else "number"
    return phrase("inspect_cell", part, lang=lang, cell=source)


def _number(count: int, lang: Language) -> str:
    return f"{count:,}" if lang == "en" else f"{count:,}".replace(",", ".")


def _duration(seconds: int, lang: Language) -> str:
    if seconds < 90:
        return f"{seconds} " + ("detik" if lang == "id" else "s")
    if seconds < 5400:
        return f"{round(seconds / 60)} " + ("menit" if lang == "id" else "min")
    hours = f"{seconds / 3600:.1f}"
    return f"{hours.replace('.', ',')} jam" if lang == "id" else f"{hours} h"
