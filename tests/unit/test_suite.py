"""Running the behavioural suite: what passes, what is worst, what a reviewer would see."""

from pathlib import Path

import pytest
from fake_scorer import FLAG, REVIEW, HashScorer

from netralitas_nlp.errors import InputError
from netralitas_nlp.evaluation.suite import SuiteResult, run_suite
from netralitas_nlp.labeled.suite import CASE_COLUMNS, Case, Suite, load_suite
from netralitas_nlp.labels import LABELS
from netralitas_nlp.schema import Prediction

SUPPORT, HATE, HOAX = LABELS
TOML = """
[[functionality]]
id = "F01"
name = "explicit-call"
label = "candidate_support"
violation = true
rationale = "A call."
rationale_id = "Ajakan."

[[functionality]]
id = "F02"
name = "neutral-schedule"
label = "candidate_support"
violation = false
rationale = "A date."
rationale_id = "Tanggal."
"""
CASES = [
    ("F01-01", "F01", "pilih nomor satu", "", 1, 0, 0, "", "k1", "id", ""),
    ("F01-02", "F01", "coblos bu rina", "", 1, 0, 0, "", "", "id", ""),
    ("F02-01", "F02", "nomor satu di daftar hadir", "", 0, 0, 0, "", "k1", "id", ""),
    ("F02-02", "F02", "pemungutan suara rabu", "", 0, 0, 0, "", "", "id", ""),
]


def write(folder: Path, cases: list[tuple[object, ...]] = CASES, toml: str = TOML) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "functionalities-1.toml").write_text(toml, encoding="utf-8")
    lines = [",".join(CASE_COLUMNS), *(",".join(map(str, case)) for case in cases)]
    (folder / "cases-1.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


class Told(HashScorer):
    """Gives each text the scores it was told; others get zero."""

    def __init__(self, **scores: tuple[float, float, float]) -> None:
        super().__init__()
        self.scores = scores

    def score_stream(self, texts):  # type: ignore[no-untyped-def]
        for text, _ in texts:
            scores = dict(zip(LABELS, self.scores.get(text.split()[0], (0, 0, 0)), strict=True))
            labels = tuple(label for label in LABELS if scores[label] >= FLAG)
            near = max(scores.values()) >= REVIEW
            decision = "flag" if labels else "review" if near else "clear"
            yield Prediction(scores, labels, decision, 3, 1)


@pytest.fixture
def result(tmp_path: Path) -> SuiteResult:
    scorer = Told(pilih=(0.9, 0, 0), coblos=(0.7, 0, 0.85), nomor=(0.95, 0, 0))
    return run_suite(load_suite(write(tmp_path / "suite")), scorer)  # type: ignore[arg-type]


def test_a_case_passes_only_with_exactly_the_expected_labels(result: SuiteResult) -> None:
    assert [outcome.passed for outcome in result.outcomes] == [True, False, False, True]
    assert result.share() == 0.5
    assert {name: result.share(g) for name, g in result.by("functionality").items()} == {
        "F01": 0.5,
        "F02": 0.5,
    }


def test_the_worst_case_is_the_one_farthest_on_the_wrong_side(result: SuiteResult) -> None:
    assert [outcome.case.case_id for outcome in result.worst()] == ["F02-01", "F01-02"]
    assert result.worst()[0].margin == pytest.approx(0.95 - FLAG)


def test_a_contrast_group_passes_as_a_whole(result: SuiteResult) -> None:
    assert result.contrast_groups() == (0, 1)


def test_the_figures_tell_violations_from_their_look_alikes(result: SuiteResult) -> None:
    figures = result.as_dict()
    assert figures["violations_passed"] == 0.5
    assert figures["violations_flag_or_review"] == 1.0
    assert figures["non_violations_passed"] == 0.5
    assert figures["outcomes"][1]["labels"] == ["hoax"]


def test_the_form_of_a_suite_is_checked(tmp_path: Path) -> None:
    suite = load_suite(write(tmp_path / "suite"))
    assert {p.code for p in suite.problems()} == {"suite_few"}
    wrong = Case("F02-09", "F02", "x", "", frozenset({HOAX}), "", "", "id")
    stray = Case("F09-01", "F09", "y", "", frozenset(), "", "", "id")
    copied = Case("F01-09", "F01", "x", "", frozenset({SUPPORT}), "", "", "id")
    found = list(Suite(suite.functionalities, [wrong, stray, copied]).problems())
    assert {p.code for p in found} >= {"suite_labels", "suite_unknown", "copy"}


def test_a_broken_suite_names_file_and_row(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="functionalities"):
        load_suite(tmp_path)
    bad = [*CASES, ("F01-03", "F01", "x", "", "ya", 0, 0, "", "", "id", "")]
    with pytest.raises(InputError, match="Row 5") as caught:
        load_suite(write(tmp_path / "suite", bad))
    assert "cases-1.csv" in str(caught.value)
    with pytest.raises(InputError, match="rationale"):
        load_suite(write(tmp_path / "suite", CASES, TOML.replace('rationale = "A call."\n', "")))
