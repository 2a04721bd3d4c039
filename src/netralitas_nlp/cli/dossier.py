"""``netralitas dossier``: the posts of one account that a human confirmed, on paper."""

from datetime import date
from typing import Annotated

import typer

from netralitas_nlp.cli.options import PolicyDir
from netralitas_nlp.cli.verb import Lang, language, reports_errors
from netralitas_nlp.errors import UsageError, phrase
from netralitas_nlp.labels import Language


@reports_errors
def dossier(  # noqa: PLR0913 - one keyword per choice of the user
    run: Annotated[str, typer.Argument(metavar="HASIL", help="Folder hasil netralitas score.")],
    account: Annotated[
        str, typer.Argument(metavar="AKUN", help="Nama akun, atau samarannya dari accounts.")
    ],
    *,
    verdicts: Annotated[
        str, typer.Option("--verdicts", help="Putusan manusia (JSONL).", metavar="BERKAS")
    ],
    out: Annotated[
        str | None,
        typer.Option("--out", "-o", help="Folder tujuan; bawaan HASIL/dossier.", metavar="FOLDER"),
    ] = None,
    formats: Annotated[
        str, typer.Option("--format", help="html, docx, atau keduanya.", metavar="BENTUK")
    ] = "html",
    sheet: Annotated[
        bool, typer.Option("--sheet", help="Tulis juga lembar klarifikasi bagi pemilik akun.")
    ] = False,
    reveal: Annotated[
        bool, typer.Option("--reveal", help="Cetak nama akun; dicatat di reveal.log.")
    ] = False,
    reviewer_names: Annotated[
        bool, typer.Option("--reviewer-names", help="Cetak nama peninjau.")
    ] = False,
    known_on: Annotated[
        str | None,
        typer.Option(
            "--known-on", help="Tanggal peristiwa diketahui, untuk tenggat 7 hari.", metavar="TGL"
        ),
    ] = None,
    captures: Annotated[
        str | None,
        typer.Option(
            "--captures",
            help="Tabel tangkapan layar: row_id,captured_at,sha256,file.",
            metavar="CSV",
        ),
    ] = None,
    policy_dir: PolicyDir = None,
    lang: Lang = "id",
) -> None:
    """Susun berkas satu akun dari unggahan yang dikonfirmasi manusia."""
    from netralitas_nlp.pseudonyms import REVEAL_LOG
    from netralitas_nlp.report.dossier import write_dossier

    words = language(lang)
    written = write_dossier(
        run,
        account,
        verdicts=verdicts,
        out=out,
        formats=formats.split(","),
        sheet=sheet,
        reveal=reveal,
        reviewer_names=reviewer_names,
        known_on=_day(known_on),
        captures=captures,
        policy_folders=policy_dir or (),
        lang=words,
    )
    typer.echo(_say("done", words, account=written.pseudonym, n=written.n_posts))
    for file in written.files:
        typer.echo(_say("file", words, file=file))
    due = written.due
    if due is None:
        typer.echo(_say("due_unknown", words))
    else:
        standing = "due_left" if due.left >= 0 else "due_past"
        typer.echo(_say(standing, words, left=due.left, last=due.last))
    typer.echo(_say("revealed" if reveal else "hidden", words, file=REVEAL_LOG))
    typer.echo(_say("private", words))


def _say(key: str, lang: Language, **values: object) -> str:
    return phrase("dossier_view", key, lang=lang, **values)


def _day(value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        raise UsageError("dossier_date", value=value) from None
