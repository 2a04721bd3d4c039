"""The command ``netralitas``. Each verb lives in a file of its own beside this one."""

from typing import Annotated

import typer

from netralitas_nlp import __version__
from netralitas_nlp.cli.verb import EXIT_INTERRUPTED

app = typer.Typer(
    name="netralitas",
    help="Menandai unggahan ASN yang perlu ditinjau manusia menurut ikrar netralitas.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"netralitas {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Tampilkan versi."),
    ] = False,
) -> None:
    """Netralitas: skor unggahan ASN, alasannya, dan halaman untuk ditinjau manusia."""


def main() -> None:
    """Run the command line."""
    try:
        from netralitas_nlp.cli import (
            accounts,
            claims,
            compare,
            data,
            diff,
            dossier,
            drift,
            evaluate,
            inspect,
            label_errors,
            merge,
            policy,
            prevalence,
            review,
            review_open,  # noqa: F401 - adds a verb to review, as do the next two
            review_privacy,  # noqa: F401
            review_user,  # noqa: F401
            roster,
            sample,
            score,
            train,
            verify,
        )

        app.command("score")(score.score)
        app.command("merge")(merge.merge)
        app.command("inspect")(inspect.inspect)
        app.command("evaluate")(evaluate.evaluate)
        app.command("train")(train.train)
        app.command("compare")(compare.compare)
        app.command("accounts")(accounts.accounts)
        app.command("sample")(sample.sample)
        app.command("prevalence")(prevalence.prevalence)
        app.command("dossier")(dossier.dossier)
        app.command("verify")(verify.verify)
        app.command("diff")(diff.diff)
        app.command("drift")(drift.drift)
        app.command("label-errors")(label_errors.label_errors)
        app.add_typer(claims.app, name="claims")
        app.add_typer(data.app, name="data")
        app.add_typer(policy.app, name="policy")
        app.add_typer(review.app, name="review")
        app.add_typer(roster.app, name="roster")
        app()
    except KeyboardInterrupt:
        # Before a verb has begun there is nothing to put in order.
        raise SystemExit(EXIT_INTERRUPTED) from None
