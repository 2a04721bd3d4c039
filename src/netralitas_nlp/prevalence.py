"""How many posts really violate the pledge: shares of a run from verdicts on a random sample."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from netralitas_nlp.errors import InputError, UsageError
from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.sampling import SAMPLES, Stratum
from netralitas_nlp.scoring.run import RunFolder
from netralitas_nlp.stratified import Share, stratified_share
from netralitas_nlp.verdicts import Answer, Verdict, last_verdicts, read_verdicts

MIN_JUDGED: Final = 30
"""Fewest clear answers of an estimate, unless every post was judged."""
MIN_PER_STRATUM: Final = 2

Target = Label | Literal["any"]
TARGETS: Final[tuple[Target, ...]] = (*LABELS, "any")
"""``any``: the post violates at least one point."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The share of violating posts for one label, or for any.

    Attributes:
        target: Label, or ``any``.
        share: From the clear answers; ``None`` where there are too few.
        yes: Answers ``yes``.
        no: Answers ``no``.
        unsure: Answers ``unsure``; they count neither way in ``share``.
        unanswered: Drawn rows without an answer; assumed to be like the answered ones.
        if_no: The share were every ``unsure`` a ``no``.
        if_yes: The share were every ``unsure`` a ``yes``.
    """

    target: Target
    share: Share | None
    yes: int
    no: int
    unsure: int
    unanswered: int
    if_no: float
    if_yes: float


@dataclass(frozen=True, slots=True)
class Prevalence:
    """What an audit says about the scored posts of a run.

    Attributes:
        estimates: In the order of ``TARGETS``.
        population: Scored posts that the shares speak of.
        drawn: Posts of the sample.
        judged: Those with any verdict.
        outside: Judged posts that were not drawn for the audit; left out.
        strata: Of the sample.
    """

    estimates: tuple[Estimate, ...]
    population: int
    drawn: int
    judged: int
    outside: int
    strata: tuple[Stratum, ...]


@dataclass(frozen=True, slots=True)
class _Design:
    purpose: str
    strata: tuple[Stratum, ...]
    rows: Mapping[str, int]
    drawn_at: str

    def weight(self, row_id: str) -> float:
        return self.strata[self.rows[row_id]].weight


def prevalence(run: RunFolder, path: Path) -> Prevalence:
    """Estimate the shares of violating posts from verdicts on an audit sample of a run.

    A row counts if one of its verdicts carries the sampling weight of the audit; of its verdicts
    per label the last one counts.

    Args:
        run: The run that the sample was drawn from.
        path: Verdicts, one JSON object per line.

    Raises:
        InputError: A line is malformed, names a row of another run, or a wrong weight.
        UsageError: The verdicts are not those of a random, stratified sample, or too few.
    """
    verdicts = list(read_verdicts(path))
    _require_rows_of(run, verdicts, path)
    weighted = {v.row_id: v for v in verdicts if v.weight is not None}
    design = _design(run, weighted, verdicts)
    for verdict in verdicts:
        weight = design.weight(verdict.row_id) if verdict.row_id in design.rows else None
        if verdict.weight is not None and (
            weight is None or not math.isclose(verdict.weight, weight, rel_tol=1e-6)
        ):
            raise InputError(
                "verdict_weight",
                file=path.name,
                row=verdict.line,
                value=verdict.weight,
                expected="-" if weight is None else f"{weight:.6g}",
            )
    last = last_verdicts(v for v in verdicts if v.row_id in weighted)
    answers = {key: verdict.answer for key, verdict in last.items()}
    estimates = tuple(_estimate(target, design, answers) for target in TARGETS)
    if all(e.share is None for e in estimates):
        most = max(e.yes + e.no for e in estimates)
        raise UsageError("prevalence_few", n=most, least=MIN_JUDGED, stratum=MIN_PER_STRATUM)
    return Prevalence(
        estimates=estimates,
        population=sum(s.size for s in design.strata),
        drawn=len(design.rows),
        judged=len(weighted),
        outside=len({v.row_id for v in verdicts} - set(weighted)),
        strata=design.strata,
    )


def _estimate(
    target: Target, design: _Design, answers: Mapping[tuple[str, Label], Answer]
) -> Estimate:
    sizes = np.array([s.size for s in design.strata])
    count = {name: np.zeros(len(sizes), dtype=np.int64) for name in ("yes", "no", "unsure")}
    for row_id, stratum in design.rows.items():
        given = _answer(target, row_id, answers)
        if given is not None:
            count[given][stratum] += 1
    yes, no, unsure = count["yes"], count["no"], count["unsure"]
    judged = yes + no
    full = judged == sizes
    share = None
    if (full | (judged >= MIN_PER_STRATUM)).all() and (full.all() or judged.sum() >= MIN_JUDGED):
        share = stratified_share(sizes, judged, yes)
    return Estimate(
        target=target,
        share=share,
        yes=int(yes.sum()),
        no=int(no.sum()),
        unsure=int(unsure.sum()),
        unanswered=len(design.rows) - int((judged + unsure).sum()),
        if_no=_plain(sizes, judged + unsure, yes),
        if_yes=_plain(sizes, judged + unsure, yes + unsure),
    )


def _answer(
    target: Target, row_id: str, answers: Mapping[tuple[str, Label], Answer]
) -> Answer | None:
    if target != "any":
        return answers.get((row_id, target))
    given = [answers.get((row_id, label)) for label in LABELS]
    if "yes" in given:
        return "yes"
    if None in given:
        return None
    return "unsure" if "unsure" in given else "no"


def _plain(sizes: NDArray[Any], judged: NDArray[Any], hits: NDArray[Any]) -> float:
    if not judged.all():
        return math.nan
    return float(np.sum(sizes * hits / judged) / sizes.sum())


def _require_rows_of(run: RunFolder, verdicts: Sequence[Verdict], path: Path) -> None:
    missing = {v.row_id for v in verdicts}
    for batch in run.batches(["row_id"]):
        missing.difference_update(batch["row_id"].to_pylist())
    for verdict in verdicts:
        if verdict.row_id in missing:
            raise InputError(
                "verdict_other_run",
                file=path.name,
                row=verdict.line,
                value=verdict.row_id,
                folder=run.path.name,
            )


def _design(
    run: RunFolder, weighted: Mapping[str, Verdict], verdicts: Sequence[Verdict]
) -> _Design:
    """Return the latest audit sample that holds every weighted row."""
    if not verdicts:
        raise UsageError("prevalence_few", n=0, least=MIN_JUDGED, stratum=MIN_PER_STRATUM)
    if not weighted:
        raise UsageError("prevalence_no_weights")
    fitting = [d for d in _recorded(run) if weighted.keys() <= d.rows.keys()]
    audits = [d for d in fitting if d.purpose == "audit"]
    if audits:
        agreeing = [d for d in audits if all(_agrees(v, d) for v in weighted.values())]
        return max(agreeing or audits, key=lambda d: d.drawn_at)
    if fitting:
        raise UsageError("prevalence_not_random", purpose=fitting[-1].purpose)
    raise UsageError("prevalence_no_strata", folder=run.path.name)


def _agrees(verdict: Verdict, design: _Design) -> bool:
    weight = verdict.weight or math.nan
    return math.isclose(weight, design.weight(verdict.row_id), rel_tol=1e-6)


def _recorded(run: RunFolder) -> Iterator[_Design]:
    inputs = [facts["sha256"] for facts in run.manifest["inputs"]]
    now = (run.manifest["config_sha256"], run.manifest["bundle"]["sha256"], inputs)
    for path in sorted((run.path / SAMPLES).glob("*.json")):
        try:
            entry = json.loads(path.read_bytes())
            then = (entry["config_sha256"], entry["bundle_sha256"], entry["inputs_sha256"])
            strata = tuple(Stratum(s["name"], s["size"], s["drawn"]) for s in entry["strata"])
            place = {s.name: i for i, s in enumerate(strata)}
            rows = {row_id: place[name] for row_id, name in entry["rows"].items()}
            design = _Design(entry["purpose"], strata, rows, entry["drawn_at"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue  # a record that was tampered with counts as none
        if then == now:
            yield design
