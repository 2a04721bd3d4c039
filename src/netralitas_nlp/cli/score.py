"""``netralitas score``: exports in, scored files and a page out."""

import glob
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from netralitas_nlp.cli.options import (
    AccountCol,
    Encoding,
    IdCol,
    Model,
    OperatingPoint,
    ParentCol,
    PolicyDir,
    RosterFiles,
    Sheet,
    TextCol,
    TimeCol,
    UrlCol,
    overrides_from,
)
from netralitas_nlp.cli.progress import number, shown_progress
from netralitas_nlp.cli.verb import (
    EXIT_INTERRUPTED,
    EXIT_REJECTS,
    Lang,
    language,
    reports_errors,
)
from netralitas_nlp.errors import InputError, UsageError, phrase
from netralitas_nlp.io.remote import is_remote, listed
from netralitas_nlp.labels import LABEL_NAMES, LABELS, Language
from netralitas_nlp.scoring.clauses import where_from
from netralitas_nlp.scoring.manifest import Counts
from netralitas_nlp.scoring.parts import reject_line
from netralitas_nlp.scoring.pipeline import DEFAULT_FORMATS, RunSummary, score_files
from netralitas_nlp.scoring.plan import ROWS_PER_PART
from netralitas_nlp.scoring.run import CONTESTANTS, REJECTS, RunFolder
from netralitas_nlp.scoring.shards import Shard
from netralitas_nlp.scoring.trouble import writing
from netralitas_nlp.scoring.views import stream_jsonl
from netralitas_nlp.text.rosters import Rosters

STDOUT = "-"


@reports_errors
def score(  # noqa: PLR0913 - one parameter per option
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="BERKAS...", help="Berkas ekspor atau alamat s3://…; - untuk masukan baku."
        ),
    ],
    *,
    out: Annotated[
        str, typer.Option("--out", "-o", help="Folder hasil; - untuk JSONL ke keluaran baku.")
    ],
    formats: Annotated[
        str | None,
        typer.Option("--format", "-f", help="csv,xlsx,jsonl,parquet; bawaan csv,parquet."),
    ] = None,
    model: Model = None,
    operating_point: OperatingPoint = "balanced",
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", help="Proses pekerja; bawaan satu per inti fisik.")
    ] = None,
    resume: Annotated[
        bool,
        typer.Option("--resume/--fresh", help="Lanjutkan, atau ganti hasil yang sudah ada."),
    ] = True,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Hanya tampilkan galat.")] = False,
    lang: Lang = "id",
    text_col: TextCol = None,
    account_col: AccountCol = None,
    time_col: TimeCol = None,
    url_col: UrlCol = None,
    id_col: IdCol = None,
    parent_col: ParentCol = None,
    sheet: Sheet = None,
    encoding: Encoding = None,
    district: Annotated[
        str | None,
        typer.Option("--district", help="Daerah semua unggahan, untuk mengutip ikrarnya."),
    ] = None,
    district_col: Annotated[
        str | None, typer.Option("--district-col", help="Kolom nama daerah.", metavar="KOLOM")
    ] = None,
    district_map: Annotated[
        str | None, typer.Option("--district-map", help="CSV account,district.", metavar="BERKAS")
    ] = None,
    policy_dir: PolicyDir = None,
    roster: RosterFiles = None,
    claims: Annotated[
        str | None,
        typer.Option("--claims", help="Indeks klaim dari claims build.", metavar="INDEX"),
    ] = None,
    evidence: Annotated[
        bool,
        typer.Option("--evidence/--no-evidence", help="Tunjukkan kata yang membawa skor."),
    ] = True,
    shard: Annotated[
        str | None,
        typer.Option(
            "--shard",
            help="Hanya bagian ke-i dari n, misalnya 2/8; lalu gabungkan dengan merge.",
            metavar="i/n",
        ),
    ] = None,
    cache: Annotated[
        str | None,
        typer.Option(
            "--cache",
            help="Berkas ingatan skor antarhasil; teks yang sama tidak dihitung lagi.",
            metavar="BERKAS",
        ),
    ] = None,
    rows_per_part: Annotated[int, typer.Option(hidden=True, min=1)] = ROWS_PER_PART,
) -> None:
    """Skor ekspor unggahan; hasilnya untuk ditinjau manusia."""
    chosen = language(lang)
    options: dict[str, Any] = {
        "model": model,
        "operating_point": operating_point,
        "jobs": jobs,
        "lang": chosen,
        "rows_per_part": rows_per_part,
        "where": where_from(district=district, column=district_col, file=district_map),
        "policy_folders": tuple(policy_dir or ()),
        "rosters": Rosters.load(roster) if roster else None,
        "claims": claims,
        "evidence": evidence,
        "cache": cache,
        "shard": Shard.parse(shard) if shard is not None else None,
        "overrides": overrides_from(
            text_col=text_col,
            account_col=account_col,
            time_col=time_col,
            url_col=url_col,
            id_col=id_col,
            parent_col=parent_col,
            sheet=sheet,
            encoding=encoding,
        ),
    }
    try:
        run_score(inputs, out=out, formats=formats, fresh=not resume, quiet=quiet, options=options)
    except KeyboardInterrupt:
        code = "interrupted_stdout" if out == STDOUT else "interrupted"
        typer.echo(phrase(code, "text", lang=chosen, folder=out), err=True)
        raise typer.Exit(EXIT_INTERRUPTED) from None


def run_score(
    inputs: Sequence[str],
    *,
    out: str,
    formats: str | None,
    fresh: bool,
    quiet: bool,
    options: dict[str, Any],
) -> None:
    """Score and tell how it went; ends with exit code 3 where rows could not be read."""
    lang: Language = options["lang"]
    if options["shard"] and (formats is not None or out == STDOUT):
        raise UsageError("shard_no_views")
    paths = expand(inputs)
    if out == STDOUT:
        counts = _to_stdout(paths, formats=formats, quiet=quiet, options=options)
    else:
        wanted = DEFAULT_FORMATS if formats is None else formats.split(",")
        with shown_progress(lang=lang, quiet=quiet) as tell:
            summary = score_files(
                paths, out=out, formats=wanted, fresh=fresh, progress=tell, **options
            )
        if not quiet:
            typer.echo("\n".join(summary_lines(summary, lang=lang)))
        counts = summary.counts
    if counts["rejects"]:
        raise typer.Exit(EXIT_REJECTS)


def expand(inputs: Sequence[str]) -> list[str]:
    """Return the paths with wildcards filled in, for shells that leave that to the program.

    Raises:
        InputError: No file has a name of that form.
    """
    paths: list[str] = []
    for name in inputs:
        if is_remote(name):
            paths += listed(name) if glob.has_magic(name) else [name]
            continue
        if not glob.has_magic(name) or Path(name).exists():
            paths.append(name)
            continue
        found = sorted(glob.glob(name))  # noqa: PTH207 - the pattern may be absolute
        if not found:
            raise InputError("no_match", pattern=name)
        paths.extend(found)
    return paths


def summary_lines(summary: RunSummary, *, lang: Language) -> list[str]:
    """Return what the user reads at the end."""

    def say(code: str, **values: object) -> str:
        return phrase(code, "text", lang=lang, **values)

    counts = summary.counts
    lines = [
        say("summary_already" if summary.already_finished else "summary_done", **_n(counts, lang))
    ]
    if summary.passed_over:
        lines.append(say("summary_resumed", n=number(summary.passed_over, lang)))
    if summary.redone:
        lines.append(say("summary_redone", parts=", ".join(str(p) for p in summary.redone)))
    lines.append(say("summary_decisions", **_n(counts, lang)))
    names = LABEL_NAMES[lang]
    per_label = " · ".join(f"{names[k]} {number(counts['labels'][k], lang)}" for k in LABELS)
    lines.append(f"  {per_label}")
    if counts["empty_text"] or counts["not_scored"]:
        lines.append(say("summary_unscored", **_n(counts, lang)))
    if summary.shard is not None:
        shard = {"number": summary.shard.number, "of": summary.shard.of}
        if counts["rejects"]:
            lines.append(say("summary_shard_rejects", **_n(counts, lang)))
        lines.append(say("summary_shard", folder=summary.path, **shard))
        return lines
    if counts["rejects"]:
        lines.append(say("summary_rejects", file=summary.path / REJECTS, **_n(counts, lang)))
    if summary.contestants is not None:
        named = number(summary.contestants, lang)
        lines.append(say("summary_contestants", n=named, file=summary.path / CONTESTANTS))
        if not summary.marked:
            lines.append(say("summary_not_marked"))
    lines.extend(say(code, count=number(n, lang)) for code, n in summary.notes)
    lines.append(say("summary_files", files=", ".join(str(f) for f in summary.files)))
    lines.append(say("summary_report", file=summary.report))
    lines.append(say("summary_human"))
    return lines


def _n(counts: Counts, lang: Language) -> dict[str, str]:
    return {k: number(v, lang) for k, v in counts.items() if isinstance(v, int)}


def _to_stdout(
    paths: Sequence[str], *, formats: str | None, quiet: bool, options: dict[str, Any]
) -> Counts:
    lang: Language = options["lang"]
    if formats is not None and formats.strip().lower() != "jsonl":
        raise UsageError("stdout_format", format=formats)
    with tempfile.TemporaryDirectory(prefix="netralitas-") as folder:
        with shown_progress(lang=lang, quiet=quiet) as tell:
            summary = score_files(
                paths, out=Path(folder) / "run", formats=(), report=False, progress=tell, **options
            )
        run = RunFolder.open(summary.path)
        with writing(Path("stdout")):
            stream_jsonl(run, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        for reject in run.rejects():
            line = reject_line(reject)
            reason = line["reason"] if lang == "id" else line["reason_en"]
            told = phrase(
                "reject_line", "text", lang=lang, file=line["file"], row=line["row"], reason=reason
            )
            typer.echo(told, err=True)
    return summary.counts
