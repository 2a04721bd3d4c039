"""``netralitas evaluate``: how good a model is, on sets that never trained it."""

import json
from collections.abc import Set
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netralitas_nlp.cli.verb import Lang, language, reports_errors
from netralitas_nlp.errors import UsageError, phrase
from netralitas_nlp.labels import LABEL_NAMES, Label, Language

if TYPE_CHECKING:
    from netralitas_nlp.evaluation.suite import Outcome, SuiteResult


@reports_errors
def evaluate(
    *,
    suite: Annotated[
        bool, typer.Option("--suite", help="Jalankan suite perilaku, lulus per kemampuan.")
    ] = False,
    suite_dir: Annotated[
        Path | None, typer.Option("--suite-dir", help="Suite lain; bawaan suite bawaan.")
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", help="Folder atau nama model; bawaan model rilis.")
    ] = None,
    operating_point: Annotated[
        str, typer.Option("--operating-point", help="Ambang: balanced, precision atau recall.")
    ] = "balanced",
    report: Annotated[Path, typer.Option("--report", help="Folder untuk hasil JSON.")] = Path(
        "evaluation"
    ),
    lang: Lang = "id",
) -> None:
    """Nilai sebuah model pada suite perilaku dan tulis hasilnya sebagai JSON."""
    from netralitas_nlp.datafiles import data_folder
    from netralitas_nlp.evaluation.suite import run_suite
    from netralitas_nlp.labeled.suite import load_suite
    from netralitas_nlp.predictor import Scorer

    words = language(lang)
    if not suite:
        raise UsageError("evaluate_nothing")
    cases = load_suite(suite_dir or data_folder("suite"))
    scorer = Scorer.from_pretrained(model, operating_point=operating_point)
    result = run_suite(cases, scorer)
    figures = {"bundle": scorer.bundle.name, "operating_point": operating_point}
    path = _write(report / "suite.json", figures | result.as_dict())
    for line in _page(result, words):
        typer.echo(line)
    typer.echo(phrase("suite_written", "text", lang=words, file=path))


def _write(path: Path, figures: dict[str, Any]) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError("report_unwritable", file=path, reason=error.strerror) from None
    return path


def _page(result: "SuiteResult", lang: Language) -> list[str]:
    figures = result.as_dict()
    lines = []
    for name, group in sorted(result.by("functionality").items()):
        kind = result.suite.functionalities[name]
        mark = " " if result.share(group) >= 0.7 else "!"
        lines.append(f"{mark} {name}  {result.share(group):>5.0%}  {kind.name}")
    whole, groups = result.contrast_groups()
    weak = sum(value["passed"] < 0.7 for value in figures["functionalities"].values())
    lines += [
        "",
        phrase(
            "suite_sum", "text", lang=lang, cases=len(result.outcomes), passed=result.share(),
            violations=figures["violations_passed"], seen=figures["violations_flag_or_review"],
            harmless=figures["non_violations_passed"], weak=weak, whole=whole, groups=groups,
        ),
        "",
        phrase("suite_worst", "text", lang=lang),
    ]  # fmt: skip
    return lines + [_line(outcome, lang) for outcome in result.worst()]


def _line(outcome: "Outcome", lang: Language) -> str:
    def named(labels: "Set[Label]") -> str:
        return "+".join(LABEL_NAMES[lang][label] for label in sorted(labels)) or "-"

    text = " ".join(outcome.case.text.split())
    shown = text if len(text) <= 90 else text[:89] + "…"
    found = named(set(outcome.prediction.labels))
    return f"  {outcome.case.case_id}  {named(outcome.case.expected)} → {found}  {shown}"
