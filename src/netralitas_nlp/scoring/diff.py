"""What changed between two runs, and because of what: posts, text, model, thresholds, policy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from netralitas_nlp.accounts import whole_run
from netralitas_nlp.errors import RunError, UsageError
from netralitas_nlp.labels import LABELS, Decision, Label
from netralitas_nlp.scoring.matching import DECISIONS, Matched, Tally, matched
from netralitas_nlp.scoring.run import RunFolder

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

COUNTED: Final[tuple[Decision | Label, ...]] = ("flag", "review", "clear", *LABELS)
_REVIEW, _FLAG = 2, 3


@dataclass(frozen=True, slots=True)
class Steps:
    """How a count of posts came from run one to run two; the steps add up exactly.

    Attributes:
        before: Posts of run one with this decision or label.
        vanished: Of them, posts that run two does not have.
        new: Posts with it that only run two has.
        reread: Gained or lost because the text, or what it responds to, was read otherwise.
        model: Gained or lost by other scores, at the thresholds of run one.
        thresholds: Gained or lost by the thresholds of run two, at its scores.
        after: Posts of run two with it: before - vanished + new + reread + model + thresholds.
    """

    before: int
    vanished: int
    new: int
    reread: int
    model: int
    thresholds: int
    after: int


@dataclass(slots=True)
class _Counts:
    by_id: int = 0
    by_post: int = 0
    reread: int = 0
    model_only: int = 0
    thresholds_only: int = 0
    both: int = 0
    cancelled: int = 0
    moved: int = 0
    largest: float = 0.0
    total: float = 0.0
    clause: int = 0
    clause_policy: int = 0
    stage: int = 0
    gained: dict[str, dict[str, int]] = field(
        default_factory=lambda: {
            step: dict.fromkeys(COUNTED, 0) for step in ("reread", "model", "thresholds")
        }
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two runs.

    Attributes:
        facts: Of both runs: folder, state, model, operating point, policy version, posts.
        same_model: Whether one bundle scored both.
        same_thresholds: Whether flag and review thresholds are equal.
        by_id: Posts matched by ``row_id``.
        by_post: Posts matched by account, text and time.
        new: Posts that only run two has.
        vanished: Posts that only run one has.
        reread: Matched posts decided otherwise because their text was read otherwise.
        model_only: ... because their scores differ, at the thresholds of run one.
        thresholds_only: ... because the thresholds differ, at the scores of run two.
        both: ... because of both.
        cancelled: Changed by the model and changed back by the thresholds: not changed in the end.
        moved: Posts of the same text with another score.
        largest: Largest difference of a score among them.
        mean: Mean of the largest difference of each.
        clause: Matched posts that cite another point.
        clause_policy: Of them, with the same labels at their review threshold, so that another
            policy or district is the reason; the rest follow from the labels.
        stage: Matched posts in another stage: another policy.
        steps: By decision and label.
    """

    facts: tuple[Mapping[str, Any], Mapping[str, Any]]
    same_model: bool
    same_thresholds: bool
    by_id: int
    by_post: int
    new: int
    vanished: int
    reread: int
    model_only: int
    thresholds_only: int
    both: int
    cancelled: int
    moved: int
    largest: float
    mean: float
    clause: int
    clause_policy: int
    stage: int
    steps: Mapping[str, Steps]

    @property
    def changed(self) -> int:
        """Matched posts with another decision or other labels."""
        return self.reread + self.model_only + self.thresholds_only + self.both


def diff_runs(one: str | Path, two: str | Path) -> Difference:
    """Return what changed from run ``one`` to run ``two``.

    Posts are matched by ``row_id``, the rest by account, text and time. Each change of a decision
    or label is attributed in this order: text read otherwise; scores of run two at the thresholds
    of run one; thresholds of run two. The order is a convention: another one may split what model
    and thresholds do together otherwise.

    Raises:
        UsageError: Both are one folder.
        RunError: A folder is no run, is damaged, or has no thresholds in its manifest.
    """
    if Path(one).resolve() == Path(two).resolve():
        raise UsageError("diff_same_run", folder=one)
    first, second = whole_run(one), whole_run(two)
    limits, later = _limits(first), _limits(second)
    counts = _Counts()
    with matched(first, second) as found:
        for batch in found.pairs():
            _add(counts, batch, limits, later)
        steps: dict[str, Steps] = {name: _steps(name, found, counts) for name in COUNTED}
        new, vanished = sum(found.alone("two").values()), sum(found.alone("one").values())
        sizes = [sum(found.all(side).values()) for side in ("one", "two")]
    bundles = [run.manifest["bundle"].get("sha256") for run in (first, second)]
    return Difference(
        facts=(_facts(first, sizes[0]), _facts(second, sizes[1])),
        same_model=bundles[0] == bundles[1],
        same_thresholds=bool(np.array_equal(limits, later)),
        by_id=counts.by_id,
        by_post=counts.by_post,
        new=new,
        vanished=vanished,
        reread=counts.reread,
        model_only=counts.model_only,
        thresholds_only=counts.thresholds_only,
        both=counts.both,
        cancelled=counts.cancelled,
        moved=counts.moved,
        largest=counts.largest,
        mean=counts.total / counts.moved if counts.moved else 0.0,
        clause=counts.clause,
        clause_policy=counts.clause_policy,
        stage=counts.stage,
        steps=steps,
    )


def decided(scores: FloatArray, limits: FloatArray) -> tuple[IntArray, IntArray]:
    """Return number of decision and bits of labels, as ``thresholds.decide`` would give them.

    Args:
        scores: Shape (posts, labels); NaN where a post was not scored.
        limits: Shape (2, labels): flag thresholds, review thresholds.
    """
    flagged = scores >= limits[0]
    labels = (flagged << np.arange(len(LABELS))).sum(axis=1)
    near = (scores >= limits[1]).any(axis=1)
    decision = np.where(flagged.any(axis=1), _FLAG, np.where(near, _REVIEW, 1))
    decision[np.isnan(scores).all(axis=1)] = 0
    return decision, labels


def _limits(run: RunFolder) -> FloatArray:
    thresholds = run.manifest["bundle"].get("thresholds") or {}
    try:
        rows = [[float(thresholds[name][kind]) for name in LABELS] for kind in ("flag", "review")]
    except (KeyError, TypeError, ValueError):
        raise RunError("diff_thresholds", folder=run.path.name) from None
    return np.array(rows)


def _add(
    counts: _Counts, batch: list[tuple[Any, ...]], limits: FloatArray, later: FloatArray
) -> None:
    """Count a batch of pairs; their columns are those of ``Matched.pairs``."""
    table = np.array(batch, dtype=np.float64)  # nothing becomes NaN
    by_post, reread = table[:, 0] == 1, table[:, 1] == 1
    before, after = table[:, 2:5], table[:, 5:8]
    # Words that only one of the runs scored were taken for another kind of text by the other.
    reread |= np.isnan(before[:, 0]) != np.isnan(after[:, 0])
    then, now = (table[:, 8], table[:, 9]), (table[:, 10], table[:, 11])
    between = decided(after, limits)
    # A post that was read otherwise goes to the end in one step.
    middle = tuple(np.where(reread, last, step) for last, step in zip(now, between, strict=True))
    by_model = _differ(then, middle) & ~reread
    by_limits = _differ(middle, now) & ~reread
    changed = _differ(then, now)
    counts.by_id += int((~by_post).sum())
    counts.by_post += int(by_post.sum())
    counts.reread += int((changed & reread).sum())
    counts.model_only += int((by_model & ~by_limits).sum())
    counts.thresholds_only += int((~by_model & by_limits).sum())
    counts.both += int((by_model & by_limits & changed).sum())
    counts.cancelled += int((by_model & by_limits & ~changed).sum())
    _add_movement(counts, before[~reread], after[~reread])
    clause, stage = (table[:, place] == 1 for place in (12, 13))
    # Labels that reach their review threshold are those for which a point is cited.
    same_cited = ((before >= limits[1]) == (after >= later[1])).all(axis=1)
    counts.clause += int(clause.sum())
    counts.clause_policy += int((clause & same_cited).sum())
    counts.stage += int(stage.sum())
    for name in COUNTED:
        start, step, end = (_has(name, *state).astype(int) for state in (then, middle, now))
        counts.gained["reread"][name] += int((end - start)[reread].sum())
        counts.gained["model"][name] += int((step - start)[~reread].sum())
        counts.gained["thresholds"][name] += int((end - step)[~reread].sum())


def _add_movement(counts: _Counts, before: FloatArray, after: FloatArray) -> None:
    gaps = np.abs(after - before)
    gap = np.nan_to_num(gaps, nan=0.0).max(axis=1, initial=0.0)
    moved = gap > 0
    counts.moved += int(moved.sum())
    counts.total += float(gap[moved].sum())
    counts.largest = max(counts.largest, float(gap.max(initial=0.0)))


def _differ(one: tuple[Any, ...], two: tuple[Any, ...]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (one[0] != two[0]) | (one[1] != two[1])
    return found


def _has(name: str, decision: Any, labels: Any) -> NDArray[np.bool_]:
    found: NDArray[np.bool_]
    if name in LABELS:
        found = (np.asarray(labels).astype(np.int64) >> LABELS.index(name)) & 1 == 1
    else:
        found = np.asarray(decision) == DECISIONS.index(name)
    return found


def _steps(name: str, found: Matched, counts: _Counts) -> Steps:
    return Steps(
        before=_total(name, found.all("one")),
        vanished=_total(name, found.alone("one")),
        new=_total(name, found.alone("two")),
        reread=counts.gained["reread"][name],
        model=counts.gained["model"][name],
        thresholds=counts.gained["thresholds"][name],
        after=_total(name, found.all("two")),
    )


def _total(name: str, tally: Tally) -> int:
    return sum(n for (decision, labels), n in tally.items() if bool(_has(name, decision, labels)))


def _facts(run: RunFolder, n_posts: int) -> dict[str, Any]:
    bundle, policy = run.manifest["bundle"], run.manifest["config"].get("policy") or {}
    return {
        "folder": run.path.name,
        "state": run.manifest["state"],
        "bundle": bundle.get("name"),
        "bundle_sha256": bundle.get("sha256"),
        "operating_point": bundle.get("operating_point"),
        "policy_version": policy.get("version"),
        "posts": n_posts,
    }
