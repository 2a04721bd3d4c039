"""``netralitas evaluate`` writes the figures of each mode that was asked for, and shows them."""

import csv
import json
from pathlib import Path

import tiny
import typer
from click.testing import Result
from tiny_roster import ROSTER, with_marks_learnt
from typer.testing import CliRunner

from netralitas_nlp.cli.evaluate import evaluate
from netralitas_nlp.labels import LABELS


def run(*given: object) -> Result:
    app = typer.Typer()
    app.command()(evaluate)
    return CliRunner().invoke(app, [str(one) for one in given])


def test_faithfulness_is_written_as_json_and_shown(tmp_path: Path, tiny_bundle: Path) -> None:
    own = tmp_path / "posts.csv"
    with own.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "parent_text", "split"])
        writer.writerows([text, "", "test"] for text, _ in tiny.POSTS)
        writer.writerow(["rapat", "", "train"])
    given = ["--faithfulness", "--own", own, "--report", tmp_path / "hasil"]
    result = run(*given, "--model", tiny_bundle, "--operating-point", "recall")
    assert result.exit_code == 0, result.output
    figures = json.loads((tmp_path / "hasil/faithfulness.json").read_text(encoding="utf-8"))
    assert set(figures["sets"]) == {"suite", "own"}
    ours = figures["sets"]["own"]["all"]
    assert ours["comprehensiveness"] > ours["random_comprehensiveness"]
    assert "Unggahan uji proyek ini:" in result.stdout
    assert f"{ours['comprehensiveness']:.3f}" in result.stdout
    assert "faithfulness.json" in result.stdout


def test_modes_asked_for_together_have_a_file_each_and_one_page(
    tmp_path: Path, tiny_bundle: Path
) -> None:
    own = tmp_path / "posts.csv"
    with own.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "parent_text", "split", "group_id", *LABELS])
        for n, (text, _) in enumerate(tiny.POSTS):
            writer.writerow([text, "", "test", n, n % 2, n % 3 == 0, ""])
    rows = own.read_text(encoding="utf-8").replace("True", "1").replace("False", "0")
    own.write_text(rows, encoding="utf-8")
    model = with_marks_learnt(tiny_bundle, tmp_path / "model")
    given = ["--suite", "--roster", ROSTER, "--own", own, "--model", model]
    result = run(*given, "--report", tmp_path / "hasil")
    assert result.exit_code == 0, result.output
    written = sorted(file.name for file in (tmp_path / "hasil").iterdir())
    assert written == ["evaluation.html", "roster.json", "suite.json"]
    for name in ("suite", "roster"):
        figures = json.loads((tmp_path / f"hasil/{name}.json").read_text(encoding="utf-8"))
        assert figures["operating_point"] == "balanced"
        assert len(figures["digest"]) == 64
    lines = result.stdout.splitlines()
    places = [n for n, line in enumerate(lines) if line.endswith((".json", ".html"))]
    assert [lines[n].rsplit("/", 1)[1] for n in places] == [
        "suite.json",
        "roster.json",
        "evaluation.html",
    ]
    assert "Daftar peserta:" in "".join(lines[places[0] : places[1]])


def test_nothing_asked_for_and_half_a_protocol_are_refused_before_any_model_is_read(
    tmp_path: Path,
) -> None:
    missing = tmp_path / "tidak-ada"
    for given in ([], ["--protocol", "hs1"], ["--protocol", "lain", "--base", missing]):
        result = run(*given, "--model", missing, "--report", tmp_path / "hasil")
        assert result.exit_code == 2, result.output
    assert not (tmp_path / "hasil").exists()
