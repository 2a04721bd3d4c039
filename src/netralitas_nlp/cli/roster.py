"""``netralitas roster``: is a list of contestants in order, and whom does it find in an export."""

import json
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from netralitas_nlp.cli.options import (
    Encoding,
    ParentCol,
    Sheet,
    TextCol,
    overrides_from,
)
from netralitas_nlp.cli.progress import number
from netralitas_nlp.cli.verb import Lang, language, reports_errors
from netralitas_nlp.errors import phrase
from netralitas_nlp.labels import Language

if TYPE_CHECKING:
    from netralitas_nlp.schema import Post
    from netralitas_nlp.text.rosters import Mention

app = typer.Typer(
    help="Daftar peserta satu pemilihan.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def roster() -> None:
    """Daftar peserta satu pemilihan."""


@app.command("check")
@reports_errors
def check(
    file: Annotated[str, typer.Argument(metavar="BERKAS", help="Berkas TOML daftar peserta.")],
    *,
    lang: Lang = "id",
) -> None:
    """Periksa daftar peserta: bentuknya, dan panggilan yang juga kata sehari-hari."""
    from netralitas_nlp.text.roster import load_roster

    words = language(lang)
    found = load_roster(file)
    contestants = found.file.contestant
    people = sum(len(contestant.person) for contestant in contestants)

    def say(part: str, **values: object) -> str:
        return phrase("roster_view", part, lang=words, **values)

    typer.echo(say("title", name=found.file.name.in_(words), area=found.file.area))
    for contestant in contestants:
        names = " / ".join(person.name for person in contestant.person)
        typer.echo(f"  {contestant.number}. {names}")
    warnings = found.warnings()
    for warning in warnings:
        text = phrase(warning.code, "text", lang=words, key=warning.key, value=warning.value)
        typer.echo(f"  ! {text}")
    counts = {"contestants": len(contestants), "people": people, "warnings": len(warnings)}
    typer.echo(say("sum", **counts))
    typer.echo(say("closing"))


@app.command("find")
@reports_errors
def find(
    file: Annotated[str, typer.Argument(metavar="EKSPOR", help="Berkas ekspor unggahan.")],
    *,
    roster: Annotated[
        list[str],
        typer.Option("--roster", help="Daftar peserta (TOML). Boleh berulang.", metavar="BERKAS"),
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="Keluarkan JSON, satu baris tiap sebutan.")
    ] = False,
    limit: Annotated[
        int, typer.Option("--limit", help="Sebutan yang ditampilkan; 0 untuk semua.", min=0)
    ] = 20,
    text_col: TextCol = None,
    parent_col: ParentCol = None,
    sheet: Sheet = None,
    encoding: Encoding = None,
    lang: Lang = "id",
) -> None:
    """Tampilkan siapa yang dikenali dalam sebuah ekspor, sebelum atau tanpa menilai."""
    from netralitas_nlp.schema import Post
    from netralitas_nlp.scoring.inputs import open_sources
    from netralitas_nlp.text.rosters import Rosters, names_of

    words = language(lang)
    rosters = Rosters.load(roster)
    overrides = overrides_from(
        text_col=text_col, parent_col=parent_col, sheet=sheet, encoding=encoding
    )
    rows = named = total = 0
    each: Counter[tuple[str, int]] = Counter()
    with open_sources([file], overrides=overrides) as sources:
        posts = (post for table in sources[0].tables for post in table if isinstance(post, Post))
        for post in posts:
            mentions = rosters.find(post.text)
            rows, named = rows + 1, named + bool(mentions)
            each.update({one for mention in mentions for one in mention.who})
            for mention in mentions:
                total += 1
                if as_json:
                    typer.echo(json.dumps(_as_json(post, mention), ensure_ascii=True))
                elif not limit or total <= limit:
                    typer.echo(_mention_line(post, mention, words))
    if as_json:
        return
    if limit and total > limit:
        more = number(total - limit, words)
        typer.echo(phrase("roster_found", "more", lang=words, n=more))
    counts = {"named": number(named, words), "rows": number(rows, words)}
    typer.echo(phrase("roster_found", "sum", lang=words, **counts))
    for one in rosters.files:
        typer.echo(f"  {one.name.in_(words)}")
        for contestant in one.contestant:
            n = number(each[one.roster, contestant.number], words)
            typer.echo(f"    {contestant.number}. {names_of(contestant)}: {n}")
    typer.echo(phrase("roster_view", "closing", lang=words))


def _as_json(post: "Post", mention: "Mention") -> dict[str, object]:
    match = mention.match
    return {
        "source_file": post.source_file,
        "source_row": post.source_row,
        "who": [{"roster": key, "number": number} for key, number in mention.who],
        "kind": match.kind,
        "text": match.text,
        "start": match.start,
        "end": match.end,
        "exact": match.exact,
    }


def _mention_line(post: "Post", mention: "Mention", lang: Language) -> str:
    match = mention.match
    numbers = "/".join(dict.fromkeys(str(number) for _, number in mention.who))
    kind = phrase("roster_found", match.kind, lang=lang)
    doubt = "" if match.exact else phrase("roster_found", "inexact", lang=lang)
    values = {"row": post.source_row, "value": match.text, "kind": kind, "numbers": numbers}
    return phrase("roster_found", "line", lang=lang, doubt=doubt, **values)
