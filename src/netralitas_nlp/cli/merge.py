"""``netralitas merge``: the shards of a run in, one run folder out."""

from typing import Annotated

import typer

from netralitas_nlp.cli.options import PolicyDir
from netralitas_nlp.cli.progress import shown_progress
from netralitas_nlp.cli.score import summary_lines
from netralitas_nlp.cli.verb import (
    EXIT_INTERRUPTED,
    EXIT_REJECTS,
    Lang,
    language,
    reports_errors,
)
from netralitas_nlp.errors import phrase


@reports_errors
def merge(
    runs: Annotated[
        list[str],
        typer.Argument(metavar="FOLDER...", help="Folder semua bagian dari score --shard."),
    ],
    *,
    out: Annotated[str, typer.Option("--out", "-o", help="Folder hasil utuh.")],
    formats: Annotated[
        str | None,
        typer.Option("--format", "-f", help="csv,xlsx,jsonl,parquet; bawaan csv,parquet."),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option("--resume/--fresh", help="Lanjutkan, atau ganti hasil yang sudah ada."),
    ] = True,
    policy_dir: PolicyDir = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Hanya tampilkan galat.")] = False,
    lang: Lang = "id",
) -> None:
    """Gabungkan bagian-bagian satu hasil yang diskor di beberapa mesin."""
    from netralitas_nlp.scoring.merge import merge_runs
    from netralitas_nlp.scoring.pipeline import DEFAULT_FORMATS

    chosen = language(lang)
    try:
        with shown_progress(lang=chosen, quiet=quiet) as tell:
            summary = merge_runs(
                runs,
                out=out,
                fresh=not resume,
                formats=DEFAULT_FORMATS if formats is None else formats.split(","),
                policy_folders=tuple(policy_dir or ()),
                lang=chosen,
                progress=tell,
            )
    except KeyboardInterrupt:
        typer.echo(phrase("interrupted", "text", lang=chosen, folder=out), err=True)
        raise typer.Exit(EXIT_INTERRUPTED) from None
    if not quiet:
        typer.echo("\n".join(summary_lines(summary, lang=chosen)))
    if summary.counts["rejects"]:
        raise typer.Exit(EXIT_REJECTS)
