"""``netralitas data``: check the labelled data, and fetch the public sets."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from netralitas_nlp.cli.verb import Lang, language, reports_errors
from netralitas_nlp.errors import UsageError, phrase
from netralitas_nlp.labels import LABEL_NAMES, LABELS, Language

if TYPE_CHECKING:
    from netralitas_nlp.labeled.check import Finding, Report
    from netralitas_nlp.labeled.pull import Pulled
    from netralitas_nlp.labeled.sources import Source

app = typer.Typer(
    help="Data berlabel: memeriksa dan mengambil.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

SHOWN: Final = 10
"""Problems of one kind that are printed in full."""


@app.command("check")
@reports_errors
def check(
    folder: Annotated[
        Path, typer.Argument(metavar="[FOLDER]", help="Folder data proyek; bawaan ./data.")
    ] = Path("data"),
    *,
    public: Annotated[
        Path | None,
        typer.Option("--public", help="Folder himpunan publik; jaraknya ikut diperiksa."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Keluarkan JSON.")] = False,
    lang: Lang = "id",
) -> None:
    """Periksa unggahan berlabel, suara anotator, dan suite; tampilkan tabel keseimbangannya."""
    from netralitas_nlp.labeled.check import check as look

    words = language(lang)
    report = look(folder, public=public)
    if as_json:
        typer.echo(report.as_json())
    else:
        for line in (*_tables(report, words), *_problems(report.findings, words)):
            typer.echo(line)
        for name in report.skipped:
            typer.echo(phrase(f"check_skipped_{name}", "text", lang=words))
    if report.findings:
        raise typer.Exit(1)


def _tables(report: "Report", lang: Language) -> list[str]:
    counts = report.counts
    lines = [phrase("check_counts", "title", lang=lang)]
    lines += [f"  {_name(name, lang):<40}{n:>8,}" for name, n in counts.items()]
    if report.alpha:
        lines += ["", phrase("check_counts", "alpha", lang=lang)]
    for label, one in report.alpha.items():
        lines.append(f"  {_name(label, lang):<40}{one.value:>8.3f} ({one.low:.3f}–{one.high:.3f})")
    header = [phrase("check_counts", part, lang=lang) for part in ("posts", "none")]
    columns = ["posts", "none", *LABELS]
    titles = [*header, *(LABEL_NAMES[lang][label] for label in LABELS)]
    tables = {phrase("check_counts", "split", lang=lang): report.by_split, **report.slices}
    for title, table in tables.items():
        lines += ["", f"{title:<26}" + "".join(f"{name:>19}" for name in titles)]
        for value, row in table.items():
            lines.append(f"  {value:<24}" + "".join(f"{row[name]:>19,}" for name in columns))
    return lines


def _name(name: str, lang: Language) -> str:
    if name in LABELS:
        return LABEL_NAMES[lang][name]
    return phrase("check_counts", name, lang=lang)


def _problems(findings: "Sequence[Finding]", lang: Language) -> list[str]:
    seen: Counter[str] = Counter()
    lines = [""]
    for finding in findings:
        problem = finding.problem
        seen[problem.code] += 1
        if seen[problem.code] > SHOWN:
            continue
        place = f"{finding.file}:{problem.row}" if problem.row else str(finding.file)
        text = phrase(
            f"check_{problem.code}", "text", lang=lang, column=problem.column,
            value=problem.value, expected=problem.expected,
        )  # fmt: skip
        lines.append(f"{place}: {text}")
    lines += [
        phrase("check_more", "text", lang=lang, n=number - SHOWN, kind=kind)
        for kind, number in seen.items()
        if number > SHOWN
    ]
    lines.append(phrase("check_sum", "text", lang=lang, n=sum(seen.values())))
    return lines


@app.command("pull")
@reports_errors
def pull(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[HIMPUNAN]...", help="Bawaan: semua yang dipakai."),
    ] = None,
    *,
    into: Annotated[Path, typer.Option("--into", help="Folder tujuan.")] = Path("data/public"),
    copy_from: Annotated[
        Path | None, typer.Option("--from", help="Salin dari folder ini, bukan dari jaringan.")
    ] = None,
    sources: Annotated[
        Path | None,
        typer.Option("--sources", help="Daftar himpunan lain; bawaan: daftar di dalam paket."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Setuju dengan lisensi yang tampil.")] = False,
    lang: Lang = "id",
) -> None:
    """Ambil himpunan berlabel publik; lisensinya ditampilkan, isinya diperiksa sidik jarinya."""
    from netralitas_nlp.datafiles import data_file
    from netralitas_nlp.labeled.pull import pull as bring
    from netralitas_nlp.labeled.sources import chosen, load_sources

    words = language(lang)
    listed = load_sources(sources or data_file("sources.toml"))
    wanted = chosen(listed, tuple(names or ()))
    wanted = wanted if names else tuple(source for source in wanted if source.used)
    for line in _licences(wanted, words):
        typer.echo(line)
    if not yes and not typer.confirm(phrase("pull_confirm", "text", lang=words)):
        raise UsageError("pull_refused")
    total = sum(len(source.files) for source in wanted)
    done: list[Pulled] = []

    def tell(pulled: "Pulled") -> None:
        done.append(pulled)
        state = phrase(f"pull_{pulled.state}", "text", lang=words, reason=pulled.reason)
        typer.echo(f"{len(done):>4}/{total}  {pulled.file.path}  {state}", err=True)

    bring(wanted, into, copy_from=copy_from, tell=tell)
    lost = [pulled for pulled in done if pulled.state in ("failed", "unavailable")]
    ready = len(done) - len(lost)
    typer.echo(phrase("pull_sum", "text", lang=words, ready=ready, total=total, folder=into))
    if lost:
        raise typer.Exit(1)


def _licences(sources: "tuple[Source, ...]", lang: Language) -> list[str]:
    lines = [phrase("pull_terms", "text", lang=lang)]
    for source in sources:
        size = sum(file.bytes for file in source.files) / 1e6
        terms = f"; {source.terms}" if source.terms else ""
        lines += [
            f"  {source.name} ({size:,.1f} MB)",
            f"      {source.origin}",
            f"      {source.licence}{terms}",
        ]
    return lines
