"""``netralitas review forget``, ``retention`` and ``log``: what the desk keeps of people."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from netralitas_nlp.cli.progress import number
from netralitas_nlp.cli.review import Store, Who, actor, app, opened, say
from netralitas_nlp.cli.verb import Lang, language, reports_errors
from netralitas_nlp.errors import ReviewError


@app.command("forget")
@reports_errors
def forget(
    store: Store,
    account: Annotated[
        str, typer.Argument(metavar="AKUN", help="Nama akun atau nama samarannya; - dari stdin.")
    ],
    *,
    reason: Annotated[str, typer.Option("--reason", help="Alasan, tanpa menyebut nama.")],
    who: Who = None,
    lang: Lang = "id",
) -> None:
    """Hapus teks, nama dan tautan sebuah akun; putusan tetap dapat dibuktikan."""
    from netralitas_nlp.review.forgetting import forget as remove

    words = language(lang)
    # A name given as an argument stays in the history of the shell.
    name = sys.stdin.readline() if account == "-" else account
    with opened(store) as desk:
        found = remove(desk, name.strip(), who=actor(who), reason=reason)
    counts = {"posts": number(found.posts, words), "notes": number(found.notes, words)}
    typer.echo(say("forgot", words, account=found.account_key, **counts))
    typer.echo(say("forgot_else", words))


@app.command("retention")
@reports_errors
def retention(
    store: Store,
    *,
    days: Annotated[int, typer.Option("--days", help="Batas umur putusan, dalam hari.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Hanya hitung.")] = False,
    who: Who = None,
    lang: Lang = "id",
) -> None:
    """Hapus isi unggahan yang diputuskan lebih lama dari batas; putusan tetap ada."""
    from netralitas_nlp.review.forgetting import retention as remove

    words = language(lang)
    with opened(store) as desk:
        n = remove(desk, days, who=actor(who), dry_run=dry_run)
    kind = "would_retain" if dry_run else "retained"
    typer.echo(say(kind, words, n=number(n, words), days=days))


@app.command("log")
@reports_errors
def log(
    store: Store,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Tulis ke CSV.", metavar="CSV")
    ] = None,
    who: Who = None,
    lang: Lang = "id",
) -> None:
    """Tampilkan catatan: siapa melakukan apa dan kapan, juga setiap nama yang dibuka."""
    from netralitas_nlp.review.journal import entries, export_log

    words = language(lang)
    if out is not None and out.exists():
        raise ReviewError("review_out_exists", file=out.name)
    with opened(store) as desk:
        if out is not None:
            n = export_log(desk, out, who=actor(who))
            typer.echo(say("exported", words, n=number(n, words), file=out))
            return
        for entry in entries(desk):
            names = ("at", "who", "act", "subject", "reason")
            values = {name: getattr(entry, name) for name in names}
            typer.echo(say("log_line", words, seq=entry.seq, **values).rstrip())
