"""``netralitas evaluate --faithfulness`` writes its figures and shows them."""

import csv
import json
from pathlib import Path

import tiny
import typer
from typer.testing import CliRunner

from netralitas_nlp.cli.evaluate import evaluate


def test_faithfulness_is_written_as_json_and_shown(tmp_path: Path, tiny_bundle: Path) -> None:
    own = tmp_path / "posts.csv"
    with own.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "parent_text", "split"])
        writer.writerows([text, "", "test"] for text, _ in tiny.POSTS)
        writer.writerow(["rapat", "", "train"])
    app = typer.Typer()
    app.command()(evaluate)
    given = ["--faithfulness", "--own", own, "--report", tmp_path / "hasil"]
    given += ["--model", tiny_bundle, "--operating-point", "recall"]
    result = CliRunner().invoke(app, [str(one) for one in given])
    assert result.exit_code == 0, result.output
    figures = json.loads((tmp_path / "hasil/faithfulness.json").read_text(encoding="utf-8"))
    assert set(figures["sets"]) == {"suite", "own"}
    ours = figures["sets"]["own"]["all"]
    assert ours["comprehensiveness"] > ours["random_comprehensiveness"]
    assert "Unggahan uji proyek ini:" in result.stdout
    assert f"{ours['comprehensiveness']:.3f}" in result.stdout
    assert "faithfulness.json" in result.stdout
