"""``netralitas sample``: rows for people to judge or label, drawn with known weights."""

import csv
import io
import math
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from netralitas_nlp.cli.progress import number
from netralitas_nlp.cli.verb import Lang, language, reports_errors
from netralitas_nlp.errors import RunError, UsageError, phrase
from netralitas_nlp.labels import LABELS, Language

if TYPE_CHECKING:
    import pyarrow as pa

    from netralitas_nlp.labelling import Next, Strategy
    from netralitas_nlp.report.levels import Thresholds
    from netralitas_nlp.rising import RisingWord
    from netralitas_nlp.sampling import Drawn, Purpose, Sample
    from netralitas_nlp.scoring.run import RunFolder

HEADER = (
    "row_id", "text", "parent_text", "account", "sampling_weight", "stratum", "stratum_size",
)  # fmt: skip
LABEL_HEADER = (
    "id", "text", "parent_text", *LABELS, "borderline", "rationale", "account",
    "sampling_weight", "stratum", "stratum_size",
)  # fmt: skip
"""Columns of a sheet to label; ``netralitas train`` and ``label-errors`` read it once filled in."""

N_EMPTY = len(LABELS) + 2


@reports_errors
def sample(
    run: Annotated[str, typer.Argument(metavar="HASIL", help="Folder hasil netralitas score.")],
    *,
    purpose: Annotated[
        str, typer.Option("--for", help="audit (acak, per strata skor) atau training.")
    ],
    n: Annotated[int, typer.Option("--n", help="Banyaknya unggahan.")],
    out: Annotated[str, typer.Option("--out", "-o", help="CSV baru.", metavar="BERKAS.csv")],
    strategy: Annotated[
        str | None,
        typer.Option(
            "--strategy",
            help="Untuk training: uncertain, diverse, random atau slang; bawaan separuh uncertain, "
            "separuh random.",
        ),
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", help="Model yang pemenggal katanya dipakai slang.")
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option("--seed", help="Bilangan awal acak; bawaan acak.", min=0, max=2**63 - 1),
    ] = None,
    lang: Lang = "id",
) -> None:
    """Ambil contoh unggahan dengan bobot yang diketahui, untuk dinilai manusia."""
    from netralitas_nlp.accounts import whole_run
    from netralitas_nlp.pseudonyms import run_key
    from netralitas_nlp.sampling import PURPOSES, record_sample

    words = language(lang)
    if purpose not in PURPOSES:
        raise UsageError("sample_purpose", value=purpose)
    _require_strategy(strategy, purpose)
    opened, path = whole_run(run), Path(out)
    if purpose == "audit" and opened.manifest["state"] != "finished":
        raise RunError("sample_unfinished", folder=opened.path.name)
    if path.exists():
        raise UsageError("sample_out_exists", file=path.name)
    found = _draw(
        opened,
        purpose=purpose,
        strategy=cast("Strategy | None", strategy),
        n=n,
        seed=secrets.randbits(32) if seed is None else seed,
        model=model,
    )
    drawn = found.sample
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
            weight = say("no_weight") if math.isnan(s.weight) else f"{s.weight:.6g}"
            size = number(s.size, words)
            typer.echo("  " + say("stratum", name=s.name, drawn=s.drawn, size=size, weight=weight))
    for line in _word_lines(found.words, words):
        typer.echo(line)
    typer.echo(say(drawn.strategy or drawn.purpose))
    typer.echo(say("private"))


def _require_strategy(strategy: str | None, purpose: str) -> None:
    from netralitas_nlp.labelling import STRATEGIES

    if strategy is None:
        return
    if strategy not in STRATEGIES:
        raise UsageError("sample_strategy", value=strategy, known=", ".join(STRATEGIES))
    if purpose != "training":
        raise UsageError("sample_strategy_audit", value=strategy)


def _draw(
    run: "RunFolder",
    *,
    purpose: "Purpose",
    strategy: "Strategy | None",
    n: int,
    seed: int,
    model: str | None,
) -> "Next":
    from netralitas_nlp.labelling import Next, draw_next
    from netralitas_nlp.sampling import COLUMNS, draw

    thresholds = cast("Thresholds", run.manifest["bundle"]["thresholds"])

    def batches() -> "Iterable[pa.RecordBatch]":
        return run.batches(COLUMNS)

    if strategy is None:
        return Next(draw(batches, purpose=purpose, n=n, seed=seed, thresholds=thresholds))
    return draw_next(
        batches,
        strategy=strategy,
        n=n,
        seed=seed,
        thresholds=thresholds,
        pieces=_pieces(model) if strategy == "slang" else None,
    )


def _pieces(model: str | None) -> Callable[[str], int]:
    """Return what counts the word pieces of a word as a model sees it; 0 for an unknown one."""
    from netralitas_nlp.model.bundle import Bundle
    from netralitas_nlp.model.words import piece_counter

    return piece_counter(Bundle.load(model))


def _word_lines(words: "Iterable[RisingWord]", lang: Language) -> list[str]:
    lines = []
    for word in words:
        pieces = (
            phrase("sample_view", "unknown_word", lang=lang) if not word.pieces else word.pieces
        )
        lines.append(
            f"  {word.word:<24}{word.posts:>8}{word.others:>10}{word.z:>8.1f}{pieces!s:>10}"
        )
    return [phrase("sample_view", "word_head", lang=lang), *lines] if lines else []


def _write_csv(path: Path, drawn: "Sample", key: bytes) -> None:
    from netralitas_nlp.io.durable import whole_file
    from netralitas_nlp.io.view_cells import utf8
    from netralitas_nlp.io.view_text import BOM
    from netralitas_nlp.scoring.trouble import writing

    text = io.StringIO(newline="")
    writer = csv.writer(text)
    to_label = drawn.purpose == "training"
    writer.writerow(LABEL_HEADER if to_label else HEADER)
    for row in drawn.rows:
        writer.writerow(_cells(row, key, empty=N_EMPTY if to_label else 0))
    with writing(path.parent), whole_file(path) as file:
        file.write(BOM + utf8(text.getvalue()))


def _cells(row: "Drawn", key: bytes, *, empty: int) -> list[object]:
    from netralitas_nlp.io.view_cells import harmless
    from netralitas_nlp.pseudonyms import pseudonym

    account = pseudonym(row.account, key=key) if row.account else ""
    weight = "" if math.isnan(row.stratum.weight) else repr(row.stratum.weight)
    texts = [harmless(cell) for cell in (row.text, row.parent_text)]
    where = [weight, row.stratum.name, row.stratum.size]
    return [row.row_id, *texts, *[""] * empty, account, *where]
