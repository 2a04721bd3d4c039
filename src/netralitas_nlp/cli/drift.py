"""``netralitas drift``: whether the posts of a run resemble those a model was fitted on."""

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from netralitas_nlp.cli.progress import number
from netralitas_nlp.cli.verb import Lang, language, reports_errors
from netralitas_nlp.errors import UsageError, phrase
from netralitas_nlp.labels import LABEL_NAMES, LABELS, Language

if TYPE_CHECKING:
    from netralitas_nlp.drift import ShareChange, Shift
    from netralitas_nlp.drift_findings import Findings
    from netralitas_nlp.model.bundle import Bundle
    from netralitas_nlp.profiles import Pieces, Profile
    from netralitas_nlp.report.levels import Thresholds
    from netralitas_nlp.scoring.run import RunFolder


@reports_errors
def drift(
    run: Annotated[str, typer.Argument(metavar="HASIL", help="Folder hasil netralitas score.")],
    *,
    reference: Annotated[
        str | None,
        typer.Option(
            "--reference",
            help="Folder atau nama model yang menilai, atau folder hasil sebelumnya; bawaan model "
            "rilis.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Halaman HTML; bawaan HASIL/drift.html.", metavar="HTML"),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Keluarkan JSON, tanpa halaman kecuali dengan --out.")
    ] = False,
    lang: Lang = "id",
) -> None:
    """Bandingkan unggahan sebuah hasil dengan rujukan model: apakah angkanya masih berlaku?"""
    from netralitas_nlp.accounts import whole_run
    from netralitas_nlp.drift_findings import findings
    from netralitas_nlp.profiles import profile_of_run
    from netralitas_nlp.report.drift_page import write_drift_page

    words = language(lang)
    opened = whole_run(run)
    thresholds = cast("Thresholds", opened.manifest["bundle"]["thresholds"])
    expected, pieces = _reference(opened, reference)
    found = profile_of_run(opened, pieces=pieces)
    result = findings(expected, found, thresholds)
    page = out if out is not None or as_json else opened.path / "drift.html"
    if page is not None:
        write_drift_page(
            page, result, reference=expected, found=found, thresholds=thresholds, lang=words
        )
    if as_json:
        head = {"run": opened.path.name, "bundle": opened.manifest["bundle"]["name"]}
        typer.echo(json.dumps(head | result.as_dict(), ensure_ascii=False, indent=1))
        return
    for line in _page(result, words):
        typer.echo(line)
    typer.echo(phrase("drift_view", "written", lang=words, file=page))


def _reference(run: "RunFolder", name: str | None) -> "tuple[Profile, Pieces | None]":
    from netralitas_nlp.model.bundle import Bundle
    from netralitas_nlp.model.words import piece_counter
    from netralitas_nlp.scoring.run import RunFolder, is_run

    if name is None or not is_run(Path(name)):
        bundle = Bundle.load(name)
        _require_same(run, bundle.digest, name or bundle.name)
        return _of_bundle(run, bundle), piece_counter(bundle)
    from netralitas_nlp.accounts import whole_run
    from netralitas_nlp.profiles import profile_of_run

    earlier: RunFolder = whole_run(name)
    _require_same(run, earlier.manifest["bundle"]["sha256"], earlier.path.name)
    same_point = earlier.manifest["bundle"]["thresholds"] == run.manifest["bundle"]["thresholds"]
    if not same_point:
        raise UsageError("drift_other_point", reference=earlier.path.name, folder=run.path.name)
    return profile_of_run(earlier), None


def _of_bundle(run: "RunFolder", bundle: "Bundle") -> "Profile":
    from netralitas_nlp.model.settings import read_json
    from netralitas_nlp.profiles import profile_of_reference

    if not (bundle.folder / "reference.json").is_file():
        raise UsageError("drift_no_reference", reference=bundle.name)
    point = run.manifest["bundle"]["operating_point"]
    try:
        return profile_of_reference(read_json(bundle.folder, "reference.json"), point=point)
    except ValueError:
        raise UsageError("drift_no_reference", reference=bundle.name) from None


def _require_same(run: "RunFolder", digest: str, name: str) -> None:
    if run.manifest["bundle"]["sha256"] != digest:
        used = run.manifest["bundle"]["name"]
        raise UsageError("drift_other_bundle", reference=name, folder=run.path.name, bundle=used)


def _page(found: "Findings", lang: Language) -> list[str]:
    from netralitas_nlp.report.drift_page import about

    def say(kind: str, **values: object) -> str:
        return phrase("drift_view", kind, lang=lang, **values)

    counts = {"n": number(found.n, lang), "reference": number(found.n_reference, lang)}
    lines = [say("title", **counts), say(f"verdict_{found.verdict}"), "", say("scores")]
    lines += [_shift_line(LABEL_NAMES[lang][k], found.scores[k], lang) for k in LABELS]
    names: dict[str, str] = dict(LABEL_NAMES[lang])  # type: ignore[arg-type]
    if found.flags:
        lines += ["", say("flags")]
        lines += [
            _flag_line(names.get(target, say("any")), change, lang)
            for target, change in found.flags.items()
        ]
    lines += ["", say("text")]
    for name, one in (("length", found.length), ("ratio", found.ratio)):
        lines.append(
            "  " + say("missing", name=say(name))
            if one is None
            else _shift_line(say(name), one, lang)
        )
    for name, (share, before) in found.words.items():
        if not math.isnan(share):
            known = "–" if math.isnan(before) else _percent(before, lang)
            values = {"name": say(name), "share": _percent(share, lang), "before": known}
            lines.append("  " + say("words", **values))
    for name, mix in found.mixes.items():
        change = ", ".join(
            f"{kind} {_percent(a, lang)} → {_percent(b, lang)}"
            for kind, (a, b) in list(mix.shares.items())[:3]
        )
        lines.append("  " + say("mix", name=say(name), level=say(mix.level), change=change))
    return [*lines, "", say("about", about=about(found, lang)), say("caveat")]


def _shift_line(name: str, one: "Shift", lang: Language) -> str:
    values: dict[str, Any] = {
        "psi": _decimal(one.psi, lang), "chance": _decimal(one.psi_chance, lang),
        "ks": _decimal(one.ks, lang), "level": phrase("drift_view", one.level, lang=lang),
    }  # fmt: skip
    return "  " + phrase("drift_view", "shift", lang=lang, name=f"{name:<20}", **values)


def _flag_line(name: str, one: "ShareChange", lang: Language) -> str:
    values = {
        "share": _percent(one.found.value, lang), "low": _percent(one.found.low, lang),
        "high": _percent(one.found.high, lang), "expected": _percent(one.expected.value, lang),
        "differs": phrase("drift_view", "apart" if one.differs else "within", lang=lang),
    }  # fmt: skip
    return "  " + phrase("drift_view", "flag", lang=lang, name=f"{name:<20}", **values)


def _percent(share: float, lang: Language) -> str:
    return _decimal(100 * share, lang) + " %"


def _decimal(value: float, lang: Language) -> str:
    text = f"{value:.2f}"
    return text.replace(".", ",") if lang == "id" else text
