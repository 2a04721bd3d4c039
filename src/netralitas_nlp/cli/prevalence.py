"""``netralitas prevalence``: how many posts violate, from human verdicts on a random sample."""

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netralitas_nlp.cli.progress import number
from netralitas_nlp.cli.verb import Lang, language, reports_errors
from netralitas_nlp.errors import phrase
from netralitas_nlp.labels import LABEL_NAMES, Language

if TYPE_CHECKING:
    from netralitas_nlp.prevalence import Estimate, Prevalence


@reports_errors
def prevalence(
    run: Annotated[str, typer.Argument(metavar="HASIL", help="Folder hasil netralitas score.")],
    *,
    verdicts: Annotated[
        str, typer.Option("--verdicts", help="Putusan manusia (JSONL).", metavar="BERKAS")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Keluarkan JSON.")] = False,
    lang: Lang = "id",
) -> None:
    """Perkirakan bagian unggahan yang melanggar dari putusan manusia atas contoh acak."""
    from netralitas_nlp.accounts import whole_run
    from netralitas_nlp.prevalence import prevalence as estimate

    words = language(lang)
    found = estimate(whole_run(run), Path(verdicts))
    if as_json:
        typer.echo(json.dumps(_as_json(found, words), indent=1))
        return
    for line in _page(found, words):
        typer.echo(line)


def _say(kind: str, lang: Language, **values: object) -> str:
    return phrase("prevalence_view", kind, lang=lang, **values)


def _page(found: "Prevalence", lang: Language) -> list[str]:
    counts = {"n": found.population, "judged": found.judged, "drawn": found.drawn}
    lines = [_say("title", lang, **{k: number(v, lang) for k, v in counts.items()})]
    for estimate in found.estimates:
        lines += _estimate_lines(estimate, found.population, lang)
    if found.outside:
        lines.append(_say("outside", lang, n=number(found.outside, lang)))
    return [*lines, _say("note", lang)]


def _estimate_lines(estimate: "Estimate", population: int, lang: Language) -> list[str]:
    target, share = estimate.target, estimate.share
    name = _say("any", lang) if target == "any" else LABEL_NAMES[lang][target]
    values: dict[str, Any] = {k: getattr(estimate, k) for k in ("yes", "no", "unsure")}
    if share is None:
        return ["  " + _say("few", lang, name=name, **values)]
    values |= {k: _percent(getattr(share, k), lang) for k in ("low", "high")}
    values |= {"share": _percent(share.value, lang)}
    values |= {"least": number(math.floor(share.low * population), lang)}
    values |= {"most": number(math.ceil(share.high * population), lang)}
    lines = ["  " + _say("line", lang, name=name, **values)]
    if estimate.unsure:
        low, high = _percent(estimate.if_no, lang), _percent(estimate.if_yes, lang)
        lines.append("    " + _say("unsure", lang, low=low, high=high))
    if estimate.unanswered:
        lines.append("    " + _say("unanswered", lang, n=number(estimate.unanswered, lang)))
    return lines


def _percent(share: float, lang: Language) -> str:
    text = f"{100 * share:.2f}"
    return text.replace(".", ",") if lang == "id" else text


def _as_json(found: "Prevalence", lang: Language) -> dict[str, Any]:
    def plain(value: float) -> float | None:
        return None if math.isnan(value) else value

    facts = asdict(found)
    for entry in facts["estimates"]:
        entry |= {k: plain(entry[k]) for k in ("if_no", "if_yes")}
    return {**facts, "confidence": 0.95, "note": _say("note", lang)}
