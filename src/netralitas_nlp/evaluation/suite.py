"""A model on the behavioural suite: pass rates, worst cases, contrast groups, targets."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from netralitas_nlp.labeled.suite import Case, Functionality, Suite
from netralitas_nlp.labels import LANGUAGES, Label
from netralitas_nlp.predictor import Scorer
from netralitas_nlp.schema import Prediction
from netralitas_nlp.thresholds import Threshold

WORST: Final = 10
WEAK: Final = 0.7
"""Share of its cases below which a functionality is called weak."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a model said about a case.

    Attributes:
        margin: Distance of the worst wrong score from its threshold; 0 where all are right.
    """

    case: Case
    prediction: Prediction
    margin: float

    @property
    def passed(self) -> bool:
        """Whether the labels are exactly those expected."""
        return set(self.prediction.labels) == self.case.expected

    @property
    def seen(self) -> bool:
        """Whether a human would see a violation, or be spared a post without one."""
        return (self.prediction.decision != "clear") == bool(self.case.expected)


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """The outcomes of all cases, in the order of the suite."""

    suite: Suite
    outcomes: Sequence[Outcome]

    def share(self, outcomes: Sequence[Outcome] | None = None) -> float:
        """Return the share of cases passed, 0 to 1."""
        chosen = self.outcomes if outcomes is None else outcomes
        return sum(outcome.passed for outcome in chosen) / len(chosen)

    def by(self, attribute: str) -> dict[str, list[Outcome]]:
        """Return the outcomes by an attribute of their case, such as ``functionality``."""
        found: defaultdict[str, list[Outcome]] = defaultdict(list)
        for outcome in self.outcomes:
            found[getattr(outcome.case, attribute)].append(outcome)
        return dict(found)

    def worst(self, number: int = WORST) -> list[Outcome]:
        """Return the failed cases whose scores are farthest on the wrong side."""
        failed = [outcome for outcome in self.outcomes if not outcome.passed]
        return sorted(failed, key=lambda o: (-o.margin, o.case.case_id))[:number]

    def contrast_groups(self) -> tuple[int, int]:
        """Return how many contrast groups pass as a whole, and how many there are."""
        groups = [g for name, g in self.by("contrast_group").items() if name and len(g) > 1]
        return sum(all(o.passed for o in group) for group in groups), len(groups)

    def as_dict(self) -> dict[str, Any]:
        """Return all figures and outcomes, ready for JSON."""
        violations = [o for o in self.outcomes if o.case.expected]
        harmless = [o for o in self.outcomes if not o.case.expected]
        whole, groups = self.contrast_groups()
        return {
            "cases": len(self.outcomes),
            "passed": self.share(),
            "violations_passed": self.share(violations),
            "violations_flag_or_review": sum(o.seen for o in violations) / len(violations),
            "non_violations_passed": self.share(harmless),
            "non_violations_clear": sum(o.seen for o in harmless) / len(harmless),
            "contrast_groups": {"passed": whole, "groups": groups},
            "weak_below": WEAK,
            "functionalities": {
                name: _kind_as_dict(self.suite.functionalities[name])
                | {"cases": len(group), "passed": self.share(group)}
                for name, group in self.by("functionality").items()
            },
            "targets": {
                name: {"cases": len(group), "passed": self.share(group)}
                for name, group in sorted(self.by("target").items())
                if name
            },
            "worst": [_as_dict(outcome) | _shown(outcome) for outcome in self.worst()],
            "outcomes": [_as_dict(outcome) for outcome in self.outcomes],
        }


def run_suite(suite: Suite, scorer: Scorer) -> SuiteResult:
    """Score every case and compare its labels with those expected."""
    cases = suite.cases
    found = scorer.score_stream([(case.text, case.parent_text or None) for case in cases])
    outcomes = [
        Outcome(case, prediction, _margin(case, prediction, scorer.thresholds))
        for case, prediction in zip(cases, found, strict=True)
    ]
    return SuiteResult(suite, outcomes)


def _margin(case: Case, prediction: Prediction, thresholds: Mapping[Label, Threshold]) -> float:
    wrong = set(prediction.labels) ^ case.expected
    return max(
        (abs(prediction.scores.get(label, 0.0) - thresholds[label]["flag"]) for label in wrong),
        default=0.0,
    )


def _kind_as_dict(kind: Functionality) -> dict[str, Any]:
    return {
        "name": kind.name,
        "violation": kind.violation,
        "reason": {lang: kind.reason(lang) for lang in LANGUAGES},
    }


def _shown(outcome: Outcome) -> dict[str, Any]:
    """Return what a reader needs beside the outcome to see why it is wrong."""
    return {
        "functionality": outcome.case.functionality,
        "text": outcome.case.text,
        "parent_text": outcome.case.parent_text,
        "margin": round(outcome.margin, 6),
    }


def _as_dict(outcome: Outcome) -> dict[str, Any]:
    return {
        "case_id": outcome.case.case_id,
        "expected": sorted(outcome.case.expected),
        "labels": sorted(outcome.prediction.labels),
        "decision": outcome.prediction.decision,
        "scores": {label: round(score, 6) for label, score in outcome.prediction.scores.items()},
        "passed": outcome.passed,
    }
