"""How far reviewers agree with one another, and each with known cases over time."""

import json
import math
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from netralitas_nlp.evaluation.agreement import alpha_interval
from netralitas_nlp.evaluation.metrics import clopper_pearson
from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.review.standing import Standing, standing_of
from netralitas_nlp.review.store import ReviewStore
from netralitas_nlp.verdicts import ANSWERS

_CODE: Final = {answer: float(i) for i, answer in enumerate(ANSWERS)}


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement on one label, before adjudication; ``unsure`` counts as an answer of its own.

    Attributes:
        n: Posts that two or more people judged.
        percent: Share of pairs of answers that agree, in [0, 1]; NaN where ``n`` is 0.
        kappa: Cohen's kappa (1960) where exactly two people judged, else ``None``: 1 is perfect,
            0 what chance gives.
        alpha: Krippendorff's alpha (nominal) over all reviewers; NaN where ``n`` is 0.
        low: Lower end of the 95 % bootstrap interval of ``alpha``, drawing whole accounts.
        high: Upper end.
    """

    n: int
    percent: float
    kappa: float | None
    alpha: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Drift:
    """Agreement of a reviewer with known cases in one month.

    Attributes:
        month: ``2024-11``; empty for all months together.
        n: Answers on labels of known cases.
        agree: Those that are as known.
        share: ``agree / n``.
        low: Lower end of the exact 95 % interval (Clopper and Pearson, 1934).
        high: Upper end.
    """

    month: str
    n: int
    agree: int
    share: float
    low: float
    high: float


def agreement(store: ReviewStore) -> Mapping[Label, Agreement]:
    """Return the agreement per label."""
    with store.base.read() as base:
        return agreement_in(base)


def agreement_in(base: sqlite3.Connection) -> dict[Label, Agreement]:
    """Return the same as ``agreement``, inside the transaction of the caller."""
    heads = base.execute(
        "SELECT v.head, coalesce(p.account, -p.id) FROM verdicts v JOIN posts p ON p.id = v.head"
        " WHERE v.kind IN ('first', 'second', 'import') GROUP BY v.head"
        " HAVING count(DISTINCT v.reviewer) > 1 ORDER BY v.head"
    ).fetchall()
    judged = [(standing_of(base, head), str(account)) for head, account in heads]
    judged = [(standing, group) for standing, group in judged if len(standing.reviewers) > 1]
    names = sorted({name for standing, _ in judged for name in standing.reviewers})
    groups = [group for _, group in judged]
    return {label: _agreement(_votes(judged, names, label), groups) for label in LABELS}


def cohen_kappa(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Return Cohen's kappa of two people's answers to the same questions.

    1 is perfect agreement, 0 what chance gives (Cohen 1960, A Coefficient of Agreement for
    Nominal Scales); 1 where both only ever gave one and the same answer, NaN without answers.
    """
    if not len(first):
        return math.nan
    observed = float(np.mean(first == second))
    values = np.unique(np.concatenate([first, second]))
    chance = float(sum(np.mean(first == v) * np.mean(second == v) for v in values))
    return 1.0 if chance >= 1 else (observed - chance) / (1 - chance)


def drift_of(store: ReviewStore, reviewer: str) -> list[Drift]:
    """Return agreement with known cases, all months together first, then month by month.

    Empty where the reviewer has seen no known case.
    """
    with store.base.read() as base:
        rows = base.execute(
            "SELECT substr(v.decided_at, 1, 7), v.label, v.verdict, k.answers FROM verdicts v"
            " JOIN known k ON k.head = v.head WHERE v.reviewer = ? AND v.kind = 'check'"
            " AND NOT EXISTS (SELECT 1 FROM verdicts u WHERE u.head = v.head AND u.kind = 'undo'"
            "  AND u.previous = v.seq) ORDER BY v.seq",
            (reviewer,),
        ).fetchall()
    total: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for month, label, verdict, answers in rows:
        for name in ("", month):
            total[name] += 1
            right[name] += json.loads(answers).get(label) == verdict
    return [_drift(name, total[name], right[name]) for name in sorted(total)]


def _drift(month: str, n: int, agree: int) -> Drift:
    low, high = clopper_pearson(agree, n)
    return Drift(month, n, agree, agree / n, low, high)


def _votes(
    judged: Sequence[tuple[Standing, str]], names: Sequence[str], label: Label
) -> NDArray[np.float64]:
    """Return (posts, reviewers) codes of answers, NaN where somebody did not judge."""
    votes = np.full((len(judged), len(names)), np.nan)
    column = {name: i for i, name in enumerate(names)}
    for row, (standing, _) in enumerate(judged):
        for name, of in standing.reviewers.items():
            if label in of:
                votes[row, column[name]] = _CODE[of[label].answer]
    return votes


def _agreement(votes: NDArray[np.float64], groups: Sequence[str]) -> Agreement:
    n = len(votes)
    if n == 0:
        return Agreement(0, math.nan, None, math.nan, math.nan, math.nan)
    pairs = agree = 0
    for a, b in combinations(range(votes.shape[1]), 2):
        both = ~np.isnan(votes[:, a]) & ~np.isnan(votes[:, b])
        pairs += int(both.sum())
        agree += int((votes[both, a] == votes[both, b]).sum())
    kappa = cohen_kappa(votes[:, 0], votes[:, 1]) if votes.shape[1] == 2 else None
    alpha = alpha_interval(votes, groups)
    return Agreement(n, agree / pairs, kappa, alpha.value, alpha.low, alpha.high)
