"""``netralitas score --shard`` and ``netralitas merge`` as a user meets them."""

from pathlib import Path
from typing import Any

import pytest
import typer
from fake_scorer import HashScorer, write_csv
from typer.testing import CliRunner, Result

from netralitas_nlp.cli.merge import merge
from netralitas_nlp.cli.score import score
from netralitas_nlp.scoring.pipeline import score_files
from netralitas_nlp.scoring.shards import Shard


def invoke(verb: object, *arguments: object) -> Result:
    app = typer.Typer()
    app.command()(verb)  # type: ignore[type-var]
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture
def shards(tmp_path: Path) -> list[Path]:
    source = write_csv(tmp_path / "e.csv", 90)
    with source.open("a") as file:
        file.write("1,2,3,4,5,terlalu,banyak\n")
    made = []
    for number in (1, 2, 3):
        out = tmp_path / f"bagian-{number}"
        shard = Shard(number, 3)
        options: dict[str, Any] = {"jobs": 1, "make_scorer": HashScorer, "rows_per_part": 10}
        score_files([source], out=out, shard=shard, **options)
        made.append(out)
    return made


def test_all_parts_make_a_whole_run_with_what_could_not_be_read(
    tmp_path: Path, shards: list[Path]
) -> None:
    result = invoke(merge, *shards, "--out", tmp_path / "hasil", "--format", "csv,jsonl")
    assert result.exit_code == 3, result.output
    assert "91 baris dibaca" in result.stdout
    assert "tidak terbaca 1 baris" in result.stdout
    assert "perlu ditinjau manusia" in result.stdout
    names = {f.name for f in (tmp_path / "hasil").iterdir()}
    assert names >= {"scored.csv", "scored.jsonl", "report.html", "rejects.jsonl", "manifest.json"}
    again = invoke(merge, *shards, "--out", tmp_path / "hasil", "--lang", "en")
    assert "Already finished" in again.stdout


def test_a_missing_part_is_named_with_what_to_do(tmp_path: Path, shards: list[Path]) -> None:
    result = invoke(merge, *shards[:2], "--out", tmp_path / "hasil")
    assert result.exit_code == 1
    assert "belum ada: 3/3" in result.stderr
    assert "Traceback" not in result.output
    english = invoke(merge, *shards[:2], "--out", tmp_path / "hasil", "--lang", "en")
    assert "missing: 3/3" in english.stderr


def test_quiet_says_nothing(tmp_path: Path, shards: list[Path]) -> None:
    result = invoke(merge, *shards, "--out", tmp_path / "hasil", "--quiet")
    assert (result.exit_code, result.stdout, result.stderr) == (3, "", "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--shard", "3/2"], "--shard 2/8"),
        (["--shard", "dua"], "`dua`"),
        (["--shard", "1/2", "--format", "csv"], "netralitas merge"),
    ],
)
def test_a_shard_that_makes_no_sense_is_a_usage_error(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    source = write_csv(tmp_path / "e.csv", 3)
    result = invoke(score, source, "--out", tmp_path / "h", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert not (tmp_path / "h").exists()


def test_a_shard_does_not_go_to_standard_output(tmp_path: Path) -> None:
    result = invoke(score, write_csv(tmp_path / "e.csv", 3), "--out", "-", "--shard", "1/2")
    assert result.exit_code == 2
    assert "--out -" in result.stderr
