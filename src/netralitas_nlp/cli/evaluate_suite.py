"""``netralitas evaluate --suite``: the behavioural suite, passed per functionality."""

from collections.abc import Set
from pathlib import Path
from typing import TYPE_CHECKING

from netralitas_nlp.cli.evaluate_files import Measured
from netralitas_nlp.errors import phrase
from netralitas_nlp.labels import LABEL_NAMES, Label, Language

if TYPE_CHECKING:
    from netralitas_nlp.evaluation.suite import Outcome, SuiteResult
    from netralitas_nlp.predictor import Scorer


def measure_suite(scorer: "Scorer", folder: Path | None, lang: Language) -> Measured:
    """Return how a model does on a suite; the packaged one where ``folder`` is ``None``."""
    from netralitas_nlp.datafiles import data_folder
    from netralitas_nlp.evaluation.suite import run_suite
    from netralitas_nlp.labeled.suite import load_suite

    result = run_suite(load_suite(folder or data_folder("suite")), scorer)
    return Measured("suite", result.as_dict(), _lines(result, lang))


def _lines(result: "SuiteResult", lang: Language) -> list[str]:
    from netralitas_nlp.evaluation.suite import WEAK

    figures = result.as_dict()
    lines = []
    for name, group in sorted(result.by("functionality").items()):
        kind = result.suite.functionalities[name]
        mark = " " if result.share(group) >= WEAK else "!"
        lines.append(f"{mark} {name}  {result.share(group):>5.0%}  {kind.name}")
    whole, groups = result.contrast_groups()
    weak = sum(value["passed"] < WEAK for value in figures["functionalities"].values())
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
