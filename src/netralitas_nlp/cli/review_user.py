"""``netralitas review user``: the people of a desk."""

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, cast

import typer

from netralitas_nlp.cli.progress import number
from netralitas_nlp.cli.review import AsJson, Store, Who, actor, decimal, opened, say
from netralitas_nlp.cli.review import app as review
from netralitas_nlp.cli.verb import Lang, language, reports_errors
from netralitas_nlp.labels import Language

if TYPE_CHECKING:
    from netralitas_nlp.review.people import Role

app = typer.Typer(help="Orang-orang meja tinjau.", no_args_is_help=True, rich_markup_mode=None)
review.add_typer(app, name="user")

Name = Annotated[str, typer.Argument(metavar="NAMA", help="Nama penilai; boleh nama samaran.")]
RoleName = Annotated[str, typer.Option("--role", help="reviewer, adjudicator atau reader.")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Baca kata sandi dari stdin, satu baris.")
]


@app.command("add")
@reports_errors
def add(
    store: Store,
    name: Name,
    *,
    role: RoleName = "reviewer",
    password_stdin: FromStdin = False,
    who: Who = None,
    lang: Lang = "id",
) -> None:
    """Daftarkan seseorang; kata sandi ditanyakan tanpa ditampilkan."""
    from netralitas_nlp.review.people import add_person

    words = language(lang)
    with opened(store, create=True) as desk:
        password = _password(name, password_stdin, words)
        person = add_person(desk, name, cast("Role", role), password, who=actor(who))
    typer.echo(say("person_added", words, name=person.name, role=person.role))


@app.command("list")
@reports_errors
def list_(store: Store, *, as_json: AsJson = False, lang: Lang = "id") -> None:
    """Tampilkan semua orang dan perannya."""
    from netralitas_nlp.review.people import people

    words = language(lang)
    with opened(store) as desk:
        found = people(desk)
    if as_json:
        typer.echo(json.dumps([asdict(person) for person in found], indent=1))
        return
    for person in found:
        kind = "person_off" if person.disabled else "person"
        line = say(kind, words, name=person.name, role=person.role)
        typer.echo(line if person.has_password else f"{line} ({say('person_nopass', words)})")
    if not found:
        typer.echo(say("people_none", words))


@app.command("role")
@reports_errors
def role(
    store: Store,
    name: Name,
    new: Annotated[str, typer.Argument(metavar="PERAN", help="reviewer, adjudicator, reader.")],
    *,
    who: Who = None,
    lang: Lang = "id",
) -> None:
    """Ubah peran seseorang; yang tidak aktif menjadi aktif lagi."""
    from netralitas_nlp.review.people import set_role

    words = language(lang)
    with opened(store) as desk:
        set_role(desk, name, cast("Role", new), who=actor(who))
    typer.echo(say("role_set", words, name=name, role=new))


@app.command("password")
@reports_errors
def password(
    store: Store,
    name: Name,
    *,
    password_stdin: FromStdin = False,
    who: Who = None,
    lang: Lang = "id",
) -> None:
    """Ganti kata sandi seseorang."""
    from netralitas_nlp.review.people import set_password

    words = language(lang)
    with opened(store) as desk:
        set_password(desk, name, _password(name, password_stdin, words), who=actor(who))
    typer.echo(say("password_set", words, name=name))


@app.command("disable")
@reports_errors
def disable(store: Store, name: Name, *, who: Who = None, lang: Lang = "id") -> None:
    """Tutup jalan masuk seseorang; putusannya tetap ada."""
    from netralitas_nlp.review.people import disable as shut_out

    words = language(lang)
    with opened(store) as desk:
        shut_out(desk, name, who=actor(who))
    typer.echo(say("person_disabled", words, name=name))


@app.command("drift")
@reports_errors
def drift(store: Store, name: Name, *, as_json: AsJson = False, lang: Lang = "id") -> None:
    """Bandingkan jawaban seorang penilai dengan kasus yang diketahui, per bulan."""
    from netralitas_nlp.review.agreement import drift_of

    words = language(lang)
    with opened(store) as desk:
        found = drift_of(desk, name)
    if as_json:
        typer.echo(json.dumps([asdict(entry) for entry in found], indent=1))
        return
    for entry in found:
        counts = {"agree": number(entry.agree, words), "n": number(entry.n, words)}
        ends = {k: decimal(100 * getattr(entry, k), words, places=1) for k in ("low", "high")}
        month = entry.month or say("drift_all", words)
        typer.echo(say("drift", words, month=month, **counts, **ends))


def _password(name: str, from_stdin: bool, lang: Language) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    asked = say("ask_password", lang, name=name)
    return cast(str, typer.prompt(asked, hide_input=True, confirmation_prompt=True))
