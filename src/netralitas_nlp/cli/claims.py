"""``netralitas claims``: an index of checked claims, and the claim that a text repeats."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netralitas_nlp.cli.verb import EXIT_REJECTS, Lang, language, reports_errors
from netralitas_nlp.errors import phrase
from netralitas_nlp.labels import Language

if TYPE_CHECKING:
    from netralitas_nlp.claims.match import ClaimMatch

app = typer.Typer(
    help="Daftar klaim yang sudah diperiksa, dan klaim yang diulang suatu teks.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

SHOWN_SKIPPED = 5
"""Skipped rows that are named one by one."""


@app.command("build")
@reports_errors
def build(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILES...",
            help="CSV atau JSONL (boleh .gz) dengan kolom claim/title, verdict, date, url.",
        ),
    ],
    *,
    out: Annotated[Path, typer.Option("--out", metavar="INDEX", help="Indeks yang ditulis.")],
    lang: Lang = "id",
) -> None:
    """Buat indeks dari daftar klaim yang sudah diperiksa."""
    from netralitas_nlp.claims.index import build_index

    words = language(lang)
    built = build_index(files, out)
    typer.echo(_say("built", words, n=built.n_claims, file=out))
    if built.n_copies:
        typer.echo(_say("copies", words, n=built.n_copies))
    if built.skipped:
        typer.echo(_say("skipped", words, n=len(built.skipped)), err=True)
        for row in built.skipped[:SHOWN_SKIPPED]:
            typer.echo("  " + _say(row.reason, words, file=row.file, row=row.row), err=True)
        raise typer.Exit(EXIT_REJECTS)


@app.command("find")
@reports_errors
def find(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Teks yang dicari klaimnya.")],
    *,
    index: Annotated[Path, typer.Option("--index", metavar="INDEX", help="Indeks klaim.")],
    as_json: Annotated[bool, typer.Option("--json", help="Keluarkan JSON.")] = False,
    lang: Lang = "id",
) -> None:
    """Cari klaim yang diulang suatu teks, beserta sikap teks itu terhadapnya."""
    from netralitas_nlp.claims.index import ClaimIndex
    from netralitas_nlp.claims.match import ClaimMatcher, finding

    words = language(lang)
    with ClaimIndex(index) as claims:
        match = ClaimMatcher(claims).match(text)
    if as_json:
        answer = {
            "finding": finding(match, lang=words),
            "debunked": match is not None and match.debunked,
            "match": asdict(match) if match else None,
            "closing": _say("closing", words),
        }
        typer.echo(json.dumps(answer, ensure_ascii=True, indent=2))
        return
    typer.echo(finding(match, lang=words))
    for line in _lines(match, words):
        typer.echo(line)
    typer.echo(_say("closing", words))


def _say(part: str, lang: Language, **values: object) -> str:
    return phrase("claims_view", part, lang=lang, **values)


def _lines(match: "ClaimMatch | None", lang: Language) -> list[str]:
    if match is None:
        return [_say("none", lang)]
    from netralitas_nlp.report.words import words as words_of

    verdict = words_of(lang).verdict(match.verdict) or match.verdict
    day = match.date or _say("no_date", lang)
    stance = _say(match.stance, lang)
    lines = [
        _say("claim", lang, title=match.title),
        _say("checked", lang, verdict=verdict, date=day),
        _say("measure", lang, similarity=match.similarity, stance=stance),
    ]
    if match.url:
        lines.insert(2, _say("link", lang, url=match.url))
    return lines
