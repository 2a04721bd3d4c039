"""``netralitas verify``: is a run whole, and does it still get the same scores?"""

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netralitas_nlp.cli.progress import number
from netralitas_nlp.cli.verb import Lang, language, reports_errors
from netralitas_nlp.errors import phrase
from netralitas_nlp.labels import Language

if TYPE_CHECKING:
    from netralitas_nlp.scoring.verify import Verification

SHOWN = 10


@reports_errors
def verify(
    run: Annotated[str, typer.Argument(metavar="HASIL", help="Folder hasil netralitas score.")],
    *,
    sample: Annotated[
        int, typer.Option("--sample", help="Unggahan yang diskor ulang; 0 memeriksa berkas saja.")
    ] = 200,
    seed: Annotated[int, typer.Option("--seed", help="Benih contoh acak.")] = 0,
    model: Annotated[
        str | None, typer.Option("--model", help="Folder atau nama model; bawaan model hasil ini.")
    ] = None,
    backend: Annotated[str, typer.Option("--backend", help="onnx atau torch.")] = "onnx",
    inputs: Annotated[
        list[str] | None,
        typer.Option("--inputs", help="Folder tempat ekspor disimpan.", metavar="FOLDER"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Keluarkan JSON.")] = False,
    lang: Lang = "id",
) -> None:
    """Periksa keutuhan hasil dan skor ulang contoh acak; kode keluar 0 bila cocok."""
    from netralitas_nlp.scoring.verify import verify_run

    words = language(lang)
    found = verify_run(
        run, sample=sample, seed=seed, model=model, backend=backend, input_folders=inputs or ()
    )
    if as_json:
        typer.echo(json.dumps(_as_json(found, seed), indent=1))
    else:
        for line in _page(found, words):
            typer.echo(line)
    if not found.ok:
        raise typer.Exit(1)


def _as_json(found: "Verification", seed: int) -> dict[str, Any]:
    facts = asdict(replace(found, trouble=None))
    trouble = None if found.trouble is None else str(found.trouble)
    return {"ok": found.ok, "seed": seed, **facts, "trouble": trouble}


def _say(key: str, lang: Language, **values: object) -> str:
    return phrase("verify_view", key, lang=lang, **values)


def _page(found: "Verification", lang: Language) -> list[str]:
    lines = [_say("ok" if found.ok else "not_ok", lang)]
    if found.state != "finished":
        lines.append(_say("unfinished", lang, state=found.state))
    if found.damaged:
        lines.append(_say("parts_bad", lang, numbers=", ".join(map(str, found.damaged))))
    else:
        lines.append(_say("parts_ok", lang))
        lines.append(_say("counts_ok" if found.counts_agree else "counts_bad", lang))
    lines += [_say(f"input_{state}", lang, file=file) for file, state in found.inputs]
    if found.packages:
        names = "; ".join(f"{name} {then} -> {now}" for name, then, now in found.packages)
        lines.append(_say("packages", lang, names=names))
    if found.trouble:
        lines.append(_say("bundle", lang, reason=found.trouble.render(lang)))
    return lines + (_scores(found, lang) if found.sampled else [_say("nothing", lang)])


def _scores(found: "Verification", lang: Language) -> list[str]:
    from netralitas_nlp.scoring.verify import TOLERANCE

    counts = {"n": found.sampled, "total": found.population, "identical": found.identical}
    values = {key: number(value, lang) for key, value in counts.items()}
    lines = [_say("sample", lang, largest=f"{found.largest:.2g}", **values)]
    if found.largest > TOLERANCE:
        lines.append(_say("score_bad", lang, tolerance=f"{TOLERANCE:g}"))
    if not found.differences:
        return [*lines, _say("decisions_ok", lang)]
    lines.append(_say("decisions_bad", lang, n=len(found.differences)))
    for one in found.differences[:SHOWN]:
        values = {"row": one.row_id, "then": one.then, "now": one.now, "score": f"{one.score:.2g}"}
        lines.append(_say("difference", lang, **values))
    if len(found.differences) > SHOWN:
        lines.append(_say("more", lang, n=len(found.differences) - SHOWN))
    return lines
