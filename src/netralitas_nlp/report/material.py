"""What the page says of the input and of the model, from the manifest of the run."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from netralitas_nlp.labels import LABELS
from netralitas_nlp.report.file_names import FileNames
from netralitas_nlp.report.words import Words

MAX_TABLES: Final = 40
"""Tables described one by one; a folder of thousands of files is only counted further."""

ROLES: Final = ("text", "account", "posted_at", "url", "post_id", "parent_text")
FIGURES: Final = ("precision", "recall", "false_positive_rate", "positives")
"""Figures of a label that the page shows, by their names in ``evaluation.metrics``."""


@dataclass(frozen=True, slots=True)
class TableView:
    """One table of an input, as shown."""

    name: str
    recognised: str
    size: str
    digest: str
    n_records: int
    n_rejects: int
    n_empty_text: int
    columns: Sequence[tuple[str, str | None]]
    problems: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Material:
    """The input of a run: totals, and the first tables."""

    n_files: int
    n_records: int
    n_rows: int
    n_rejects: int
    tables: Sequence[TableView]
    n_more: int


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """The model of a run and its thresholds per label, as shown."""

    name: str
    digest: str
    point: str
    point_words: str
    version: str
    thresholds: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures of the model on its test data: which data, and one row of cells per label."""

    split: str
    figures: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]


def material(manifest: Mapping[str, Any], w: Words, file_names: FileNames) -> Material:
    """Return what was read."""
    tables = [(facts, table) for facts in manifest["inputs"] for table in facts["tables"]]
    counts = manifest["counts"]
    return Material(
        n_files=len(manifest["inputs"]),
        n_records=counts["records"],
        n_rows=counts["rows"],
        n_rejects=counts["rejects"],
        tables=[_table(facts, table, w, file_names) for facts, table in tables[:MAX_TABLES]],
        n_more=max(len(tables) - MAX_TABLES, 0),
    )


def _table(
    facts: Mapping[str, Any], table: Mapping[str, Any], w: Words, file_names: FileNames
) -> TableView:
    kinds = [table.get("format"), table.get("encoding"), table.get("preset")]
    columns = table.get("columns", {})
    return TableView(
        name=file_names.shown(str(table.get("name") or facts["file"])),
        recognised=" · ".join(str(kind) for kind in kinds if kind),
        size=w.size(facts["bytes"]),
        digest=str(facts["sha256"])[:12],
        n_records=table.get("n_records", 0),
        n_rejects=table.get("n_rejects", 0),
        n_empty_text=table.get("n_empty_text", 0),
        columns=[(w.plain(f"role_{role}"), columns.get(role)) for role in ROLES],
        problems=[_problem(facts, w) for facts in table.get("problems", ())],
    )


def _problem(facts: Mapping[str, Any], w: Words) -> tuple[str, str]:
    """Return the words, and the count where the words do not name it themselves."""
    text, count = str(facts.get(f"text_{w.lang}") or facts["code"]), facts["count"]
    named = {str(count), w.count(count)} & set(re.findall(r"[0-9][0-9.,]*", text))
    return text, "" if named else f"{w.count(count)}×"


def model_facts(manifest: Mapping[str, Any], w: Words) -> ModelFacts:
    """Return which model scored the run, at which thresholds."""
    bundle = manifest["bundle"]
    point = str(bundle.get("operating_point") or w.plain("unknown"))
    thresholds = bundle.get("thresholds", {})
    known = f"point_{point}"
    return ModelFacts(
        name=str(bundle.get("name") or w.plain("unknown")),
        digest=str(bundle.get("sha256") or "")[:12],
        point=point,
        point_words=w.plain(known) if known in w.entries else "",
        version=str(manifest["versions"].get("netralitas-nlp", w.plain("unknown"))),
        thresholds=[
            (
                w.label(label),
                _threshold(thresholds.get(label, {}).get("flag"), w),
                _threshold(thresholds.get(label, {}).get("review"), w),
            )
            for label in LABELS
        ],
    )


def _threshold(value: float | None, w: Words) -> str:
    if value is None or value > 1:
        return w.plain("threshold_none")
    return w.decimal(value, 3)


def measured(manifest: Mapping[str, Any], w: Words) -> Measured | None:
    """Return the figures that came with the model, or ``None`` where it brought none.

    ``bundle.evaluation`` is the ``evaluation.json`` of the model. Its figures per label, named as
    in ``evaluation.metrics.label_figures``, stand under ``operating_points.POINT`` or, where they
    hold for the one point measured, under ``labels``; ``split`` says what they were measured on.
    """
    bundle = manifest["bundle"]
    evaluation = _mapping(bundle.get("evaluation"))
    point = _mapping(evaluation.get("operating_points")).get(bundle.get("operating_point"))
    labels = _mapping(point) or _mapping(evaluation.get("labels"))
    of = {label: _mapping(labels.get(label)) for label in LABELS}
    found = [name for name in FIGURES if any(_is_number(of[n].get(name)) for n in LABELS)]
    if not found:
        return None
    rows = [
        (w.label(label), [_figure(name, of[label].get(name), w) for name in found])
        for label in LABELS
    ]
    return Measured(str(evaluation.get("split") or w.plain("measured_split")), found, rows)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _figure(name: str, value: Any, w: Words) -> str:
    if not _is_number(value):
        return "–"
    if name == "positives":
        return w.count(round(value))
    return w.decimal(100 * value) + "\u00a0%" if name == "false_positive_rate" else w.decimal(value)


def _is_number(value: object) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value)  # type: ignore[arg-type]
