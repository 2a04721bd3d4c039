"""The behavioural suite: short cases, each of one ability, in the manner of HateCheck.

Röttger et al. 2021, HateCheck: Functional Tests for Hate Speech Detection Models, ACL 2021.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import Field

from netralitas_nlp.datafiles import Many, Name, Shape, read_shape
from netralitas_nlp.errors import InputError
from netralitas_nlp.labeled.schema import Problem
from netralitas_nlp.labeled.tables import read_csv
from netralitas_nlp.labels import LABELS, Label, Language

CASE_COLUMNS: Final = (
    "case_id", "functionality", "text", "parent_text", *LABELS, "target", "contrast_group",
    "language", "note",
)  # fmt: skip
FUNCTIONALITIES: Final = 50
CASES_EACH: Final = 20


class Functionality(Shape):
    """One ability: what its cases show, and whether they break the pledge.

    Attributes:
        label: The label under test; several that are expected together are joined by ``+``.
        violation: False where the cases only look like violations: all three labels are 0.
    """

    id: Name
    name: Name
    label: Name
    violation: bool
    rationale: Name
    rationale_id: Name

    def reason(self, lang: Language) -> str:
        """Return the reason in one language."""
        return self.rationale_id if lang == "id" else self.rationale


class _File(Shape):
    functionality: Many[Functionality] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Case:
    """One text and the labels it must get."""

    case_id: str
    functionality: str
    text: str
    parent_text: str
    expected: frozenset[Label]
    target: str
    contrast_group: str
    language: str


@dataclass(frozen=True, slots=True)
class Suite:
    """Functionalities by their id, and their cases."""

    functionalities: Mapping[str, Functionality]
    cases: Sequence[Case]

    def problems(self) -> Iterator[Problem]:
        """Yield where the suite departs from its own form."""
        per = Counter(case.functionality for case in self.cases)
        for name in sorted(set(per) - set(self.functionalities)):
            yield Problem("suite_unknown", column="functionality", value=name)
        for name in self.functionalities:
            if per[name] < CASES_EACH:
                yield Problem("suite_few", 0, name, str(per[name]), str(CASES_EACH))
        if len(self.functionalities) < FUNCTIONALITIES:
            found = str(len(self.functionalities))
            yield Problem("suite_few", 0, "functionality", found, str(FUNCTIONALITIES))
        yield from self._cases()

    def _cases(self) -> Iterator[Problem]:
        seen: dict[tuple[str, str], str] = {}
        for number, case in enumerate(self.cases, start=1):
            kind = self.functionalities.get(case.functionality)
            wanted = frozenset(kind.label.split("+")) if kind and kind.violation else frozenset()
            if kind and not (wanted <= case.expected if kind.violation else not case.expected):
                yield Problem("suite_labels", number, case.case_id, ";".join(sorted(case.expected)))
            key = (case.text, case.parent_text)
            if seen.setdefault(key, case.case_id) != case.case_id:
                yield Problem("copy", number, case.case_id, case.text, seen[key])


def load_suite(folder: Path) -> Suite:
    """Return a suite: ``functionalities*.toml`` and ``cases*.csv`` of a folder.

    Raises:
        InputError: A file is missing or malformed; the message has file, row or key, and reason.
    """
    functionalities: dict[str, Functionality] = {}
    for path in sorted(folder.glob("functionalities*.toml")):
        functionalities |= {f.id: f for f in read_shape(path, _File).functionality}
    cases: list[Case] = []
    for path in sorted(folder.glob("cases*.csv")):
        cases += _cases(path)
    if not functionalities or not cases:
        raise InputError("suite_missing", folder=folder)
    return Suite(functionalities, cases)


def _cases(path: Path) -> Iterator[Case]:
    table = read_csv(path)
    if table.header != CASE_COLUMNS:
        wanted, seen = ", ".join(CASE_COLUMNS), ", ".join(table.header)
        missing = next((name for name in CASE_COLUMNS if name not in table.header), "-")
        raise InputError("public_set_columns", file=path, wanted=wanted, missing=missing, seen=seen)
    for number, row in enumerate(table.rows, start=1):
        for label in LABELS:
            if row[label] not in ("0", "1"):
                raise InputError(
                    "own_posts_value", file=path, column=label, row=number, allowed="0, 1",
                    value=row[label],
                )  # fmt: skip
        yield Case(
            row["case_id"], row["functionality"], row["text"], row["parent_text"],
            frozenset(label for label in LABELS if row[label] == "1"),
            row["target"], row["contrast_group"], row["language"],
        )  # fmt: skip
