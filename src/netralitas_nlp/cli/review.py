"""``netralitas review``: the desk at which people decide, its proof and its exchange."""

import getpass
import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from netralitas_nlp.cli.progress import number
from netralitas_nlp.cli.verb import Lang, language, reports_errors
from netralitas_nlp.errors import ReviewError, phrase
from netralitas_nlp.labels import LABEL_NAMES, Language

if TYPE_CHECKING:
    from netralitas_nlp.review.agreement import Agreement
    from netralitas_nlp.review.exchange import Format
    from netralitas_nlp.review.overview import Overview
    from netralitas_nlp.review.shapes import Remaining, RunFacts
    from netralitas_nlp.review.store import ReviewStore

app = typer.Typer(
    help="Meja tinjau: manusia yang memutuskan, setiap putusan dapat dibuktikan.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Store = Annotated[Path, typer.Argument(metavar="MEJA", help="Berkas meja tinjau (SQLite).")]
Who = Annotated[
    str | None,
    typer.Option("--as", help="Nama untuk catatan; bawaan nama pengguna.", metavar="NAMA"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Keluarkan JSON.")]

_NAMES = {
    "verdicts": "verdicts.jsonl",
    "training": "training.csv",
    "argilla": "argilla.json",
    "label-studio": "label-studio.json",
    "doccano": "doccano.jsonl",
}


def opened(store: Path, *, create: bool = False) -> "ReviewStore":
    """Open the store that a verb names."""
    from netralitas_nlp.review.store import ReviewStore

    return ReviewStore.open(store, create=create)


def actor(who: str | None) -> str:
    """Return the name that goes into the log."""
    if who and who.strip():
        return who.strip()
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "?"  # an account without a name, as in some containers


def say(kind: str, lang: Language, **values: object) -> str:
    """Return words of ``netralitas review``."""
    return phrase("review_view", kind, lang=lang, **values)


@app.command("add")
@reports_errors
def add(
    store: Store,
    run: Annotated[Path, typer.Argument(metavar="HASIL", help="Folder hasil netralitas score.")],
    *,
    audit: Annotated[
        int, typer.Option("--audit", help="Besar contoh acak untuk audit; 0 tanpa audit.", min=0)
    ] = 400,
    seed: Annotated[
        int | None, typer.Option("--seed", help="Bilangan awal acak; bawaan acak.", min=0)
    ] = None,
    who: Who = None,
    lang: Lang = "id",
) -> None:
    """Tambahkan hasil yang selesai ke meja tinjau; meja baru dibuat bila belum ada."""
    words = language(lang)
    with opened(store, create=True) as desk:
        facts = desk.add_run(run, who=actor(who), audit=audit, seed=seed)
    if not facts.new:
        typer.echo(say("again", words, run=facts.run_id))
        return
    counts = ("rows", "scored", "waiting", "audit")
    values = {name: number(getattr(facts, name), words) for name in counts}
    values["copies"] = say("copies", words, n=number(facts.copies, words)) if facts.copies else ""
    typer.echo(say("added", words, run=facts.run_id, folder=facts.folder, **values))
    if facts.known:
        typer.echo(say("known_rows", words, n=number(facts.known, words)))
    if facts.forgotten:
        typer.echo(say("left_out", words, n=number(facts.forgotten, words)))
    typer.echo(say("private", words, file=store))


@app.command("status")
@reports_errors
def status(store: Store, *, as_json: AsJson = False, lang: Lang = "id") -> None:
    """Tampilkan apa yang menunggu, yang selesai, yang mungkin tersisa, dan kesepakatan penilai."""
    from netralitas_nlp.review.overview import overview
    from netralitas_nlp.review.remaining import remaining

    words = language(lang)
    with opened(store) as desk:
        runs, found = desk.runs(), overview(desk)
        left = remaining(desk, reviewer="", order="likely")
    if as_json:
        facts = {"runs": [asdict(r) for r in runs], "remaining": asdict(left), **asdict(found)}
        typer.echo(json.dumps(_plain(facts), indent=1))
        return
    for line in _status_lines(runs, found, left, words):
        typer.echo(line)


@app.command("check")
@reports_errors
def check(store: Store, *, as_json: AsJson = False, lang: Lang = "id") -> None:
    """Buktikan rantai putusan dan catatan; kode keluar 1 bila ada yang tidak cocok."""
    from netralitas_nlp.review.chain import check as prove

    words = language(lang)
    with opened(store) as desk:
        report = prove(desk)
    if as_json:
        typer.echo(json.dumps(asdict(report), indent=1))
    elif report.ok:
        counts = {k: number(getattr(report, k), words) for k in ("verdicts", "entries")}
        typer.echo(say("check_ok", words, **counts))
        typer.echo(say("check_head", words, head=report.head, log_head=report.log_head))
        typer.echo(say("check_keep", words))
    else:
        what = say(f"bad_{report.what}", words, seq=report.first_bad or 0)
        typer.echo(say("check_bad", words, what=what))
    if not report.ok:
        raise typer.Exit(1)


@app.command("export")
@reports_errors
def export(
    store: Store,
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Berkas baru; bawaan di samping meja.", metavar="BERKAS"),
    ] = None,
    form: Annotated[
        str,
        typer.Option("--format", help="verdicts, training, argilla, label-studio atau doccano."),
    ] = "verdicts",
    run: Annotated[
        int | None, typer.Option("--run", help="Hanya baris dari hasil nomor ini.")
    ] = None,
    history: Annotated[
        bool, typer.Option("--history", help="Seluruh rantai, juga yang ditarik kembali.")
    ] = False,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Juga unggahan yang menunggu, untuk alat lain.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Ganti berkas lama.")] = False,
    who: Who = None,
    lang: Lang = "id",
) -> None:
    """Tulis putusan: verdicts.jsonl, CSV latih, atau bentuk alat anotasi lain."""
    from netralitas_nlp.review.exchange import export as write

    words = language(lang)
    path = out or store.with_name(_NAMES.get(form, form))
    if path.exists() and not overwrite:
        raise ReviewError("review_out_exists", file=path.name)
    with opened(store) as desk:
        n = write(
            desk,
            path,
            form=cast("Format", form),
            run_id=run,
            history=history,
            waiting=waiting,
            who=actor(who),
        )
    typer.echo(say("exported", words, n=number(n, words), file=path))


@app.command("import")
@reports_errors
def import_(
    store: Store,
    file: Annotated[Path, typer.Argument(metavar="BERKAS", help="Ekspor alat lain.")],
    *,
    form: Annotated[str, typer.Option("--format", help="argilla, label-studio atau doccano.")],
    who: Who = None,
    lang: Lang = "id",
) -> None:
    """Terima jawaban dari alat anotasi lain; id dan nama penilai dipertahankan."""
    from netralitas_nlp.review.exchange import import_annotations

    words = language(lang)
    with opened(store) as desk:
        found = import_annotations(desk, file, form=cast("Format", form), who=actor(who))
    values = {k: number(v, words) for k, v in asdict(found).items()}
    typer.echo(say("imported", words, **values))


@app.command("migrate")
@reports_errors
def migrate(
    store: Store,
    *,
    to: Annotated[
        int | None, typer.Option("--to", help="Bentuk yang dituju; bawaan yang terbaru.")
    ] = None,
    lang: Lang = "id",
) -> None:
    """Bawa meja ke bentuk lain, maju atau mundur, untuk versi program yang lain."""
    from netralitas_nlp.review.migrations import LATEST
    from netralitas_nlp.review.store import migrate_file

    words = language(lang)
    version = LATEST if to is None else to
    migrate_file(store, to=version)
    typer.echo(say("migrated", words, file=store.name, version=version))


@app.command("set")
@reports_errors
def set_(
    store: Store,
    name: Annotated[str, typer.Argument(metavar="NAMA", help="double atau seeded.")],
    value: Annotated[float, typer.Argument(metavar="BAGIAN", help="0 sampai 1.")],
    *,
    who: Who = None,
    lang: Lang = "id",
) -> None:
    """Atur bagian yang dinilai dua orang (double) dan bagian kasus yang diketahui (seeded)."""
    words = language(lang)
    with opened(store) as desk:
        desk.set_setting(name, value, who=actor(who))
    typer.echo(say("setting", words, name=name, value=f"{value:g}"))


def _status_lines(
    runs: "list[RunFacts]", found: "Overview", left: "Remaining", lang: Language
) -> list[str]:
    lines = []
    for run in runs:
        counts = {k: number(getattr(run, k), lang) for k in ("rows", "scored", "audit")}
        facts = {"run": run.run_id, "folder": run.folder, "bundle": run.bundle}
        lines.append(say("run", lang, **facts, **counts))
    total = {k: number(v, lang) for k, v in asdict(found.total).items()}
    lines.append(say("counts", lang, **total))
    if left.expected_violations is None or left.low is None or left.high is None:
        lines.append(say("left_unknown", lang))
    else:
        values = {
            "expected": number(left.expected_violations, lang),
            "low": number(math.floor(left.low), lang),
            "high": number(math.ceil(left.high), lang),
            "found": number(left.found, lang),
        }
        lines.append(say("left", lang, **values))
        if left.may_stop:
            lines.append(say("may_stop", lang))
    for label, facts_of in found.agreement.items():
        if facts_of.n:
            lines.append("  " + _agreement_line(LABEL_NAMES[lang][label], facts_of, lang))
    return lines


def _agreement_line(name: str, found: "Agreement", lang: Language) -> str:
    decimals = {k: decimal(getattr(found, k), lang) for k in ("alpha", "low", "high")}
    percent = decimal(100 * found.percent, lang, places=1)
    line = say("agreement", lang, label=name, percent=percent, n=number(found.n, lang), **decimals)
    if found.kappa is None:
        return line
    return f"{line}; {say('kappa', lang, kappa=decimal(found.kappa, lang))}"


def decimal(value: float, lang: Language, *, places: int = 2) -> str:
    """Return a number with the decimal mark of the language."""
    text = f"{value:.{places}f}"
    return text.replace(".", ",") if lang == "id" else text


def _plain(value: Any) -> Any:
    """Return facts without NaN, which JSON does not know."""
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
