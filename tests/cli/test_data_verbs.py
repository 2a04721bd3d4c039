"""``netralitas data`` and ``netralitas evaluate --suite``, as a person calls them."""

import csv
import json
import shutil
import tomllib
from pathlib import Path

import made_evaluation
import pytest
from typer.testing import CliRunner, Result

from netralitas_nlp import datafiles
from netralitas_nlp.cli import data
from netralitas_nlp.cli.evaluate import evaluate
from netralitas_nlp.errors import InputError

ROOT = Path(__file__).parents[2]


def run(*args: str, answer: str = "") -> Result:
    return CliRunner().invoke(data.app, list(args), input=answer)


def run_evaluate(*args: str) -> Result:
    import typer

    app = typer.Typer()
    app.command()(evaluate)
    return CliRunner().invoke(app, list(args))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project's data folder with the first hundred posts."""
    folder = tmp_path / "data"
    (folder / "labeled").mkdir(parents=True)
    shutil.copy(ROOT / "data/labeled/schema.toml", folder / "labeled")
    shutil.copytree(ROOT / "data/suite", folder / "suite")
    with (ROOT / "data/labeled/posts.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))[:101]
    save(folder, rows)
    return folder


def save(folder: Path, rows: list[list[str]]) -> None:
    with (folder / "labeled/posts.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def read(folder: Path) -> list[list[str]]:
    with (folder / "labeled/posts.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def test_a_small_set_is_measured_against_the_goals(project: Path) -> None:
    result = run("check", str(project), "--lang", "en")
    assert result.exit_code == 1
    assert "posts: 100, where at least 12000 are the goal" in result.stdout
    assert "votes of the second annotator are missing" in result.stdout
    assert "give --public FOLDER" in result.stdout


def test_the_json_has_counts_tables_and_problems(project: Path) -> None:
    report = json.loads(run("check", str(project), "--json").stdout)
    assert report["counts"]["posts"] == 100
    assert sum(row["posts"] for row in report["by_split"].values()) == 100
    assert {"platform", "register", "language"} <= set(report["slices"])
    assert {"goal_least", "votes_missing"} <= {p["code"] for p in report["problems"]}


def test_a_slip_is_named_with_file_row_and_column(project: Path) -> None:
    rows = read(project)
    rows[7][rows[0].index("platform")] = "myspace"
    rows[9][rows[0].index("text")] = "hubungi saya di 0812 3456 7890 ya"
    save(project, rows)
    page = run("check", str(project)).stdout
    assert "posts.csv:7: `platform` tidak boleh `myspace`" in page
    assert "posts.csv:9: Nomor ini mungkin milik seseorang: 0812 3456 7890" in page


def test_a_case_of_the_suite_among_the_posts_is_a_leak(project: Path) -> None:
    rows = read(project)
    with (project / "suite/cases-1.csv").open(encoding="utf-8", newline="") as stream:
        case = next(row for row in csv.DictReader(stream) if len(row["text"]) > 40)
    rows[5][rows[0].index("text")] = case["text"].upper() + "!!"
    save(project, rows)
    problems = json.loads(run("check", str(project), "--json").stdout)["problems"]
    assert [(p["code"], p["row"]) for p in problems if p["code"] == "leak_suite"] == [
        ("leak_suite", 5)
    ]


def test_a_missing_folder_is_one_line_without_a_traceback(tmp_path: Path) -> None:
    result = run("check", str(tmp_path / "tidak-ada"))
    assert result.exit_code == 1
    assert "Traceback" not in result.output


def test_licences_are_shown_and_must_be_accepted(tmp_path: Path) -> None:
    sources = ("--sources", str(ROOT / "data/sources.toml"), "--into", str(tmp_path))
    result = run("pull", "idsa_tweets", *sources, answer="n\n")
    assert result.exit_code == 2
    assert "idsa_tweets" in result.stdout
    assert "ridife/dataset-idsa" in result.stdout
    assert not list(tmp_path.iterdir())


def test_a_pull_from_an_incomplete_folder_says_what_is_missing(tmp_path: Path) -> None:
    sources = ("--sources", str(ROOT / "data/sources.toml"), "--into", str(tmp_path / "in"))
    result = run("pull", "idsa_tweets", *sources, "--from", str(tmp_path), "--yes", "--lang", "en")
    assert result.exit_code == 1
    assert "0 of 1 files" in result.stdout


def test_the_suite_is_printed_and_written(tiny_bundle: Path, tmp_path: Path) -> None:
    result = run_evaluate(
        "--suite", "--model", str(tiny_bundle), "--report", str(tmp_path), "--lang", "en",
        "--suite-dir", str(ROOT / "data/suite"),
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    figures = json.loads((tmp_path / "suite.json").read_text(encoding="utf-8"))
    assert figures["cases"] == 1080
    assert len(figures["functionalities"]) == 54
    assert f"{figures['passed']:.1%} of 1080 cases passed" in result.stdout
    assert "The ten worst cases" in result.stdout
    assert f"To look at: {tmp_path / 'evaluation.html'}" in result.stdout.replace("\n", "")
    assert "1,080 short cases" in (tmp_path / "evaluation.html").read_text(encoding="utf-8")
    assert len(figures["worst"]) == 10


def test_the_page_holds_what_earlier_runs_left_and_drops_what_was_removed(
    tiny_bundle: Path, tmp_path: Path
) -> None:
    (tmp_path / "suite.json").write_text(json.dumps(made_evaluation.suite()), encoding="utf-8")
    call = (
        "--parity", "--model", str(tiny_bundle), "--report", str(tmp_path), "--suite-dir",
        str(ROOT / "data/suite"), "--own", str(tmp_path / "none.csv"),
    )  # fmt: skip
    assert run_evaluate(*call).exit_code == 0
    page = tmp_path / "evaluation.html"
    assert 'id="suite"' in page.read_text(encoding="utf-8")
    assert "bukan dari satu model" in page.read_text(encoding="utf-8")
    (tmp_path / "suite.json").unlink()
    assert run_evaluate(*call).exit_code == 0
    assert 'id="suite"' not in page.read_text(encoding="utf-8")


def test_the_floor_of_the_bundle_goes_along_with_the_fixed_sets(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from types import SimpleNamespace

    from netralitas_nlp.cli.evaluate_sets import measure_public

    monkeypatch.setattr(
        "netralitas_nlp.training.frames.load_frames", lambda *_, **__: SimpleNamespace(validate=[])
    )
    monkeypatch.setattr(
        "netralitas_nlp.evaluation.fixed.evaluate_fixed", lambda *_, **__: {"sets": {}}
    )
    for evaluation, expected in (
        ({"floor": {"own": 1}}, {"sets": {}, "floor": {"own": 1}}),
        (None, {"sets": {}}),
    ):
        scorer = SimpleNamespace(bundle=SimpleNamespace(evaluation=evaluation))
        found = measure_public(scorer, tmp_path, "balanced", "id", own=tmp_path, relabel=tmp_path)  # type: ignore[arg-type]
        assert found.figures == expected


def test_the_parity_audit_is_printed_and_written(tiny_bundle: Path, tmp_path: Path) -> None:
    result = run_evaluate(
        "--parity", "--model", str(tiny_bundle), "--report", str(tmp_path),
        "--suite-dir", str(ROOT / "data/suite"), "--own", str(tmp_path / "none.csv"),
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    moved = json.loads((tmp_path / "parity.json").read_text(encoding="utf-8"))["attributes"]
    assert moved["gender"]["posts"] > 20
    assert "ballot-number" in result.stdout


def test_asking_for_nothing_is_a_usage_error() -> None:
    assert run_evaluate("--lang", "en").exit_code == 2


def test_the_list_of_public_sets_is_found_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("pull", "--into", "publik", answer="n\n")
    assert "ibrohim-budi-2019-multilabel" in result.stdout
    assert result.exit_code == 2
    assert not (tmp_path / "publik").exists()


def test_the_list_of_public_sets_is_in_the_wheel_where_it_is_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    package = tmp_path / "netralitas_nlp"
    target = tmp_path / wheel["data/sources.toml"]
    target.parent.mkdir(parents=True)
    shutil.copy(ROOT / "data/sources.toml", target)
    monkeypatch.setattr(datafiles, "files", lambda _: package)
    assert datafiles.data_file("sources.toml") == target
    target.unlink()
    monkeypatch.setattr(datafiles, "__file__", str(tmp_path / "a" / "b" / "c.py"))
    with pytest.raises(InputError):
        datafiles.data_file("sources.toml")
