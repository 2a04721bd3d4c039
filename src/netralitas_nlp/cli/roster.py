"""``netralitas roster``: is a list of contestants in order, and what will it find wrongly."""

from typing import Annotated

import typer

from netralitas_nlp.cli.verb import Lang, language, reports_errors
from netralitas_nlp.errors import phrase

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
