"""What every verb shares: errors shown in the user's language, and the exit codes."""

import functools
import os
import sys
from collections.abc import Callable
from typing import Annotated, Any, TypeVar, cast

import typer

from netralitas_nlp.errors import NetralitasError
from netralitas_nlp.labels import LANGUAGES, Language

EXIT_REJECTS = 3
EXIT_INTERRUPTED = 130

Lang = Annotated[str, typer.Option("--lang", help="Bahasa pesan dan laporan: id atau en.")]
Verb = TypeVar("Verb", bound=Callable[..., Any])


def language(lang: str) -> Language:
    """Return the language chosen, or end with a usage error."""
    if lang not in LANGUAGES:
        raise typer.BadParameter(
            f"'{lang}': pilih id atau en (choose id or en)", param_hint="--lang"
        )
    return lang


def reports_errors(verb: Verb) -> Verb:
    """Turn errors a user can mend into one line on standard error and an exit code.

    The verb must have a keyword ``lang``.
    """

    @functools.wraps(verb)
    def wrapper(*args: Any, **options: Any) -> Any:
        lang = language(options.get("lang", "id"))
        try:
            return verb(*args, **options)
        except NetralitasError as error:
            typer.echo(f"netralitas: {error.render(lang)}", err=True)
            raise typer.Exit(error.exit_code) from None
        except BrokenPipeError:
            # The reader of our output has gone (`| head`): end quietly, as other tools do.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None

    return cast(Verb, wrapper)
