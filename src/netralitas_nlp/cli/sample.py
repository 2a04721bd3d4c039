"""``netralitas sample``: rows for people to judge or label, drawn with known weights."""

import csv
import io
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from netralitas_nlp.cli.progress import number
from netralitas_nlp.cli.verb import Lang, language, reports_errors
from netralitas_nlp.errors import RunError, UsageError, phrase

if TYPE_CHECKING:
    from netralitas_nlp.report.levels import Thresholds
    from netralitas_nlp.sampling import Sample

HEADER = (
    "row_id", "text", "parent_text", "account", "sampling_weight", "stratum", "stratum_size",
)  # fmt: skip


@reports_errors
def sample(
    run: Annotated[str, typer.Argument(metavar="HASIL", help="Folder hasil netralitas score.")],
    *,
    purpose: Annotated[
        str, typer.Option("--for", help="audit (acak, per strata skor) atau training.")
    ],
    n: Annotated[int, typer.Option("--n", help="Banyaknya unggahan.")],
    out: Annotated[str, typer.Option("--out", "-o", help="CSV baru.", metavar="BERKAS.csv")],
    seed: Annotated[
        int | None, typer.Option("--seed", help="Bilangan awal acak; bawaan acak.", min=0)
    ] = None,
    lang: Lang = "id",
) -> None:
    """Ambil contoh unggahan dengan bobot yang diketahui, untuk dinilai manusia."""
    from netralitas_nlp.accounts import whole_run
    from netralitas_nlp.pseudonyms import run_key
    from netralitas_nlp.sampling import COLUMNS, PURPOSES, draw, record_sample

    words = language(lang)
    if purpose not in PURPOSES:
        raise UsageError("sample_purpose", value=purpose)
    opened, path = whole_run(run), Path(out)
    if purpose == "audit" and opened.manifest["state"] != "finished":
        raise RunError("sample_unfinished", folder=opened.path.name)
    if path.exists():
        raise UsageError("sample_out_exists", file=path.name)
    drawn = draw(
        lambda: opened.batches(COLUMNS),
        purpose=purpose,
        n=n,
        seed=secrets.randbits(32) if seed is None else seed,
        thresholds=cast("Thresholds", opened.manifest["bundle"]["thresholds"]),
    )
    key = run_key(opened.path)
    # The record comes first: a sheet without it could not be used.
    record_sample(opened, drawn)
    _write_csv(path, drawn, key)

    def say(kind: str, **values: object) -> str:
        return phrase("sample_view", kind, lang=words, **values)

    total = sum(s.size for s in drawn.strata)
    counts = {"n": number(len(drawn.rows), words), "total": number(total, words)}
    typer.echo(say("done", file=out, seed=drawn.seed, **counts))
    for s in drawn.strata:
        if s.drawn:
            size, weight = number(s.size, words), f"{s.weight:.6g}"
            typer.echo("  " + say("stratum", name=s.name, drawn=s.drawn, size=size, weight=weight))
    typer.echo(say(drawn.purpose))
    typer.echo(say("private"))


def _write_csv(path: Path, drawn: "Sample", key: bytes) -> None:
    from netralitas_nlp.io.durable import whole_file
    from netralitas_nlp.io.view_cells import harmless, utf8
    from netralitas_nlp.io.view_text import BOM
    from netralitas_nlp.pseudonyms import pseudonym
    from netralitas_nlp.scoring.trouble import writing

    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for row in drawn.rows:
        account = pseudonym(row.account, key=key) if row.account else ""
        words = [harmless(cell) for cell in (row.text, row.parent_text)]
        stratum = row.stratum
        writer.writerow(
            [row.row_id, *words, account, repr(stratum.weight), stratum.name, stratum.size]
        )
    with writing(path.parent), whole_file(path) as file:
        file.write(BOM + utf8(text.getvalue()))
