"""``netralitas review open``: the review desk as pages of this machine alone."""

import contextlib
import tempfile
import webbrowser
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated

import typer

from netralitas_nlp.cli.options import PolicyDir
from netralitas_nlp.cli.progress import number
from netralitas_nlp.cli.review import actor, app
from netralitas_nlp.cli.verb import Lang, language, reports_errors
from netralitas_nlp.errors import MissingExtraError, ReviewError, UsageError, phrase
from netralitas_nlp.labels import Language

if TYPE_CHECKING:
    import socket

    from netralitas_nlp.review.desk import Desk
    from netralitas_nlp.review.store import ReviewStore


@app.command("open")
@reports_errors
def open_desk(
    runs: Annotated[
        list[Path] | None,
        typer.Argument(metavar="HASIL...", help="Folder hasil netralitas score."),
    ] = None,
    *,
    store: Annotated[
        Path, typer.Option("--store", help="Berkas meja; dibuat bila belum ada.", metavar="BERKAS")
    ],
    port: Annotated[
        int,
        typer.Option("--port", help="Port di 127.0.0.1; 0 memilih yang bebas.", min=0, max=65535),
    ] = 0,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Buka peramban langsung.")
    ] = True,
    double: Annotated[
        bool | None,
        typer.Option("--double/--no-double", help="Setiap unggahan dinilai dua orang; tersimpan."),
    ] = None,
    blind: Annotated[
        bool | None,
        typer.Option(
            "--blind/--no-blind",
            help="Teks dahulu; akun, skor dan bukti setelah putusan. Bawaan bila dinilai ganda.",
        ),
    ] = None,
    policy_dir: PolicyDir = None,
    lang: Lang = "id",
) -> None:
    """Buka meja tinjau di peramban: satu unggahan sekaligus, manusia yang memutuskan."""
    words = language(lang)
    if not runs and not store.exists():
        raise UsageError("desk_no_run", file=store.name)
    try:
        from netralitas_nlp.review.app import application  # noqa: F401 -- the extra is there
        from netralitas_nlp.review.desk import listen
        from netralitas_nlp.review.store import ReviewStore
    except ModuleNotFoundError as error:
        raise MissingExtraError("missing_extra", package=error.name, extra="review") from None

    with ReviewStore.open(store) as opened:
        folders = _bring_in(opened, runs or [], words)
        if double is not None and opened.setting("double") != float(double):
            opened.set_setting("double", float(double), who=actor(None))
        try:
            listener = listen(port)
        except OSError as error:
            reason = error.strerror or error
            raise ReviewError("desk_port", port=port, reason=reason) from None
        chosen = opened.setting("double") > 0 if blind is None else blind
        desk = _desk(opened, listener.getsockname()[1], folders, chosen, policy_dir or [], words)
        _run(desk, listener, browser=browser)


def _say(part: str, lang: Language, **values: object) -> None:
    typer.echo(phrase("desk_view", part, lang=lang, **values))


def _bring_in(store: "ReviewStore", runs: list[Path], lang: Language) -> dict[int, Path]:
    folders = {}
    for run in runs:
        facts = store.add_run(run, who=actor(None))
        part = "added" if facts.new else "present"
        counts = {"rows": number(facts.rows, lang), "waiting": number(facts.waiting, lang)}
        copies = number(facts.copies, lang)
        counts["copies"] = (
            phrase("desk_view", "copies", lang=lang, n=copies) if facts.copies else ""
        )
        _say(part, lang, folder=facts.folder, **counts)
        folders[facts.run_id] = run
    return folders


def _desk(
    store: "ReviewStore",
    port: int,
    runs: dict[int, Path],
    blind: bool,
    policy_folders: list[str],
    lang: Language,
) -> "Desk":
    from netralitas_nlp.policy.policies import load_policy
    from netralitas_nlp.review.desk import IDLE_ALONE, IDLE_SHARED, Desk
    from netralitas_nlp.review.dossiers import dossier_maker
    from netralitas_nlp.review.people import people
    from netralitas_nlp.review.sessions import Sessions

    alone = not any(person.has_password and not person.disabled for person in people(store))
    return Desk(
        store=store,
        port=port,
        alone=alone,
        blind=blind,
        lang=lang,
        policy=load_policy(*policy_folders),
        dossier=dossier_maker(store, runs, policy_folders=policy_folders, lang=lang)
        if runs
        else None,
        folders={number: run.resolve().name for number, run in runs.items()},
        on_link=lambda link: _say("next_link", lang, link=link),
        sessions=Sessions(idle=IDLE_ALONE if alone else IDLE_SHARED),
    )


def _run(desk: "Desk", listener: "socket.socket", *, browser: bool) -> None:
    from netralitas_nlp.review.desk import serve

    with contextlib.ExitStack() as stack:

        def ready() -> None:
            _say("open", desk.lang, link=desk.link)
            _say("alone" if desk.alone else "shared", desk.lang)
            if browser:
                page = stack.enter_context(doorstep(desk))
                # Some browsers hold the line until they are closed.
                Thread(target=webbrowser.open, args=(page.as_uri(),), daemon=True).start()

        with contextlib.suppress(KeyboardInterrupt):
            serve(desk, listener, ready=ready)
    _say("closed", desk.lang, file=desk.store.path)


@contextlib.contextmanager
def doorstep(desk: "Desk") -> Iterator[Path]:
    """Yield a file that leads to the desk: command lines are seen by everybody, files are not."""
    with tempfile.NamedTemporaryFile(
        "w", suffix=".html", dir=desk.store.path.resolve().parent
    ) as f:
        f.write(f'<!doctype html><meta http-equiv="refresh" content="0;url={desk.link}">')
        f.flush()
        yield Path(f.name)
