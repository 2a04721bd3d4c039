"""Everything that ``netralitas data check`` looks at, and the tables it prints."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from netralitas_nlp.evaluation.metrics import Interval
from netralitas_nlp.labeled import leakage, votes, wording
from netralitas_nlp.labeled.schema import Goals, Problem, Row, Schema, load_schema, problems
from netralitas_nlp.labeled.suite import Suite, load_suite
from netralitas_nlp.labeled.tables import read_csv
from netralitas_nlp.labels import LABELS

SPLITS: Final = ("train", "dev", "test")
SLICES: Final = (
    "platform", "register", "language", "election", "stage", "text_kind", "persona",
    "identity_target",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem and the file it was found in."""

    file: Path
    problem: Problem


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found.

    Attributes:
        counts: Figures of the labelled posts, by name.
        by_split: ``{split: {"posts" or label or "none": posts}}``.
        slices: ``{column: {value: {"posts" or label: posts}}}``.
        findings: Errors; an empty list is a sound data set.
        alpha: Krippendorff's alpha per label between the two votes, with its 95 % interval.
        skipped: What was not looked at, and could have been.
    """

    counts: Mapping[str, int]
    by_split: Mapping[str, Mapping[str, int]]
    slices: Mapping[str, Mapping[str, Mapping[str, int]]]
    findings: Sequence[Finding]
    alpha: Mapping[str, Interval] = field(default_factory=dict)
    skipped: Sequence[str] = ()

    def as_json(self) -> str:
        """Return the report as a JSON document."""
        found = [
            {"file": str(f.file), "code": f.problem.code, "row": f.problem.row,
             "column": f.problem.column, "value": f.problem.value, "expected": f.problem.expected}
            for f in self.findings
        ]  # fmt: skip
        alpha = {label: [one.value, one.low, one.high] for label, one in self.alpha.items()}
        document = {
            "counts": dict(self.counts), "alpha": alpha,
            "by_split": self.by_split, "slices": self.slices,
            "problems": found, "skipped": list(self.skipped),
        }  # fmt: skip
        return json.dumps(document, ensure_ascii=False, indent=1)


def check(data: Path, *, public: Path | None = None) -> Report:
    """Check the labelled posts, the suite, the votes and their distance from one another.

    Args:
        data: The folder ``data`` of the project.
        public: Folder of the public sets (``hate/ hoax/ neutral/ support/``); without it the
            distance from them is not checked and ``skipped`` says so.

    Raises:
        InputError: A file that the others depend on cannot be read.
    """
    schema = load_schema(data / "labeled/schema.toml")
    posts = read_csv(data / "labeled/posts.csv")
    suite = load_suite(data / "suite")
    findings = [Finding(posts.path, p) for p in problems(posts.header, posts.rows, schema)]
    if any(finding.problem.code == "header" for finding in findings):
        return Report({}, {}, {}, findings)
    counts = count(posts.rows)
    own = [
        *leakage.copies(posts.rows),
        *leakage.across_splits(posts.rows),
        *leakage.between(posts.rows, [case.text for case in suite.cases], code="leak_suite"),
        *_wording(posts.rows),
        *_goals(counts, schema),
    ]
    findings += [Finding(posts.path, problem) for problem in own]
    findings += _suite(suite, data)
    path = data / "labeled/votes.csv"
    alpha, wrong = _votes(path, posts.rows, schema.goals)
    findings += [Finding(path, problem) for problem in wrong]
    skipped = [] if public else ["public"]
    if public:
        findings += [Finding(posts.path, problem) for problem in _public(posts.rows, suite, public)]
    tables = _by_split(posts.rows), _slices(posts.rows)
    return Report(counts, *tables, findings, alpha, skipped)


def count(rows: Sequence[Row]) -> dict[str, int]:
    """Return the figures of the labelled posts that the goals of the schema name."""
    labels = [sum(int(row[label] == "1") for label in LABELS) for row in rows]
    pairs = Counter(row["pair_id"] for row in rows if row["pair_id"])
    return {
        "posts": len(rows),
        **{label: sum(row[label] == "1" for row in rows) for label in LABELS},
        "none": sum(n == 0 for n in labels),
        "several_labels": sum(n > 1 for n in labels),
        "borderline": sum(row["borderline"] == "1" for row in rows),
        "pairs": sum(n == 2 for n in pairs.values()),
        "author_batches": len({row["author_batch"] for row in rows}),
        "districts": len({row["district"] for row in rows}),
        "repeating": len(wording.repeating([row["text"] for row in rows])),
    }


def _wording(rows: Sequence[Row]) -> Iterator[Problem]:
    for number, row in enumerate(rows, start=1):
        for column in ("text", "parent_text"):
            for kind, shown in wording.real_looking(row[column]):
                yield Problem(f"real_{kind}", number, column, shown)
        words = len(row["text"].split())
        if words > 140:
            yield Problem("long_post", number, "text", str(words), "140")


def _goals(counts: Mapping[str, int], schema: Schema) -> Iterator[Problem]:
    for name, goal in schema.goals.least.items():
        if counts[name] < goal:
            yield Problem("goal_least", column=name, value=str(counts[name]), expected=str(goal))
    most = int(schema.goals.most_repeating_share * counts["posts"])
    if counts["repeating"] > most:
        found = str(counts["repeating"])
        yield Problem("goal_most", column="repeating", value=found, expected=str(most))


def _suite(suite: Suite, data: Path) -> Iterator[Finding]:
    folder = data / "suite"
    for problem in suite.problems():
        yield Finding(folder, problem)
    for number, case in enumerate(suite.cases, start=1):
        for kind, shown in wording.real_looking(f"{case.text} {case.parent_text}"):
            yield Finding(folder, Problem(f"real_{kind}", number, case.case_id, shown))


def _votes(
    path: Path, posts: Sequence[Row], goals: Goals
) -> tuple[Mapping[str, Interval], list[Problem]]:
    if not path.is_file():
        return {}, [Problem("votes_missing")]
    table = read_csv(path)
    if table.header != votes.COLUMNS:
        seen, wanted = ", ".join(table.header), ", ".join(votes.COLUMNS)
        return {}, [Problem("header", value=seen, expected=wanted)]
    found = list(votes.problems(table.rows, posts))
    if any(problem.code == "not_allowed" for problem in found):
        return {}, found
    alpha = votes.agreement(table.rows, posts)
    low = [
        Problem("goal_alpha", column=label, value=f"{one.value:.3f}", expected=str(goals.alpha))
        for label, one in alpha.items()
        if one.value < goals.alpha
    ]
    return alpha, found + low


def _public(rows: Sequence[Row], suite: Suite, public: Path) -> Iterator[Problem]:
    # pandas is needed only for this part.
    from netralitas_nlp.training.dataset import load_public

    texts = load_public(public, release_only=False)["text"].tolist()
    cases = [{"text": case.text, "id": case.case_id} for case in suite.cases]
    # The public texts are many: they are compared once, with posts and cases together.
    for problem in leakage.between([*rows, *cases], texts, code="leak_public"):
        of_suite = problem.row > len(rows)
        yield (
            replace(problem, code="leak_public_suite", row=problem.row - len(rows))
            if of_suite
            else problem
        )


def _by_split(rows: Sequence[Row]) -> dict[str, dict[str, int]]:
    return {split: _labels([row for row in rows if row["split"] == split]) for split in SPLITS}


def _slices(rows: Sequence[Row]) -> dict[str, dict[str, dict[str, int]]]:
    return {
        column: {
            value: _labels([row for row in rows if row[column] == value])
            for value, _ in Counter(row[column] for row in rows).most_common()
        }
        for column in SLICES
    }


def _labels(rows: Sequence[Row]) -> dict[str, int]:
    found: dict[str, int] = {label: sum(row[label] == "1" for row in rows) for label in LABELS}
    none = sum(all(row[label] == "0" for label in LABELS) for row in rows)
    return {"posts": len(rows), **found, "none": none}
