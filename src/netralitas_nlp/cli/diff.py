"""``netralitas diff``: what changed between two runs, and because of what."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netralitas_nlp.cli.progress import number
from netralitas_nlp.cli.verb import Lang, language, reports_errors
from netralitas_nlp.errors import phrase
from netralitas_nlp.labels import LABEL_NAMES, LABELS, Language

if TYPE_CHECKING:
    from netralitas_nlp.scoring.diff import Difference


@reports_errors
def diff(
    one: Annotated[str, typer.Argument(metavar="LAMA", help="Folder hasil yang lama.")],
    two: Annotated[str, typer.Argument(metavar="BARU", help="Folder hasil yang baru.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Keluarkan JSON.")] = False,
    lang: Lang = "id",
) -> None:
    """Uraikan beda dua hasil: unggahan baru atau hilang, model, ambang, kebijakan."""
    from netralitas_nlp.scoring.diff import diff_runs

    words = language(lang)
    found = diff_runs(one, two)
    if as_json:
        facts = {**asdict(found), "changed": found.changed, "note": _say("note", words)}
        typer.echo(json.dumps(facts, indent=1))
        return
    for line in _page(found, words):
        typer.echo(line)


def _say(key: str, lang: Language, **values: object) -> str:
    return phrase("diff_view", key, lang=lang, **values)


def _counts(lang: Language, **values: int) -> dict[str, str]:
    return {key: number(value, lang) for key, value in values.items()}


def _page(found: "Difference", lang: Language) -> list[str]:
    one, two = found.facts
    lines = [_say("title", lang, one=one["folder"], two=two["folder"])]
    lines += [
        "  " + _say(key, lang, **_then_now(one[name], two[name], lang))
        for key, name in (("model", "bundle"), ("point", "operating_point"))
    ]
    lines.append(
        "  " + _say("policy", lang, **_then_now(one["policy_version"], two["policy_version"], lang))
    )
    for facts in found.facts:
        if facts["state"] != "finished":
            lines.append(_say("unfinished", lang, folder=facts["folder"]))
    counts = _counts(
        lang,
        one=one["posts"],
        two=two["posts"],
        matched=found.by_id + found.by_post,
        by_id=found.by_id,
        by_key=found.by_post,
        new=found.new,
        vanished=found.vanished,
    )
    lines += [_say("posts", lang, **counts), "", *_table(found, lang), ""]
    lines.append(_say("decided", lang, n=number(found.changed, lang)))
    for key in ("reread", "model_only", "thresholds_only", "both", "cancelled"):
        lines.append(_say(key, lang, n=number(getattr(found, key), lang)))
    gaps = {"largest": f"{found.largest:.4f}", "mean": f"{found.mean:.4f}"}
    lines.append(_say("moved", lang, n=number(found.moved, lang), **gaps))
    if found.same_model and found.moved:
        lines.append(_say("moved_same", lang))
    labels = found.clause - found.clause_policy
    clause = _counts(lang, n=found.clause, policy=found.clause_policy, labels=labels)
    lines.append(_say("clause", lang, **clause))
    lines.append(_say("stage", lang, n=number(found.stage, lang)))
    return [*lines, _say("note", lang)]


def _then_now(one: Any, two: Any, lang: Language) -> dict[str, str]:
    return {"one": one or "–", "two": _say("same", lang) if one == two else two or "–"}


def _table(found: "Difference", lang: Language) -> list[str]:
    rows = [_say("head", lang).split("|")]
    for name, steps in found.steps.items():
        shown = LABEL_NAMES[lang][name] if name in LABELS else name
        changes = (-steps.vanished, steps.new, steps.reread, steps.model, steps.thresholds)
        cells = [_signed(value, lang) for value in changes]
        rows.append([shown, number(steps.before, lang), *cells, number(steps.after, lang)])
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _signed(value: int, lang: Language) -> str:
    return ("+" if value > 0 else "-" if value < 0 else "") + number(abs(value), lang)
