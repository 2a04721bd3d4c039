"""``netralitas sample`` and ``netralitas prevalence``: from a run to judged shares."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from report_run import make_run, post
from typer.testing import CliRunner, Result

from netralitas_nlp.cli.prevalence import prevalence
from netralitas_nlp.cli.sample import HEADER, sample
from netralitas_nlp.labels import LABELS


def invoke(verb: Callable[..., None], *arguments: object) -> Result:
    app = typer.Typer()
    app.command()(verb)
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return a_run(tmp_path / "hasil")


def a_run(folder: Path, n: int = 800, seed: int = 0) -> Path:
    scores = np.random.default_rng(seed).beta(0.3, 6, (n, 3)).tolist()
    rows = [post(f"=unggahan {i}", tuple(s), account=f"w{i % 9}") for i, s in enumerate(scores)]
    return make_run(folder, rows)


def sheet(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def judge(rows: list[dict[str, str]], path: Path, **values: Any) -> Path:
    lines = [
        {
            "row_id": row["row_id"],
            "label": label,
            "verdict": "yes" if label == "hoax" and i % 10 == 0 else "no",
            "reviewer": "penilai",
            "decided_at": "2024-10-01T08:00:00+07:00",
            "sampling_weight": float(row["sampling_weight"]),
        }
        | values
        for i, row in enumerate(rows)
        for label in LABELS
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


@pytest.mark.parametrize("lang", ["id", "en"])
def test_from_sample_to_shares(run: Path, tmp_path: Path, lang: str) -> None:
    out = tmp_path / "audit.csv"
    arguments = ("--for", "audit", "--n", 120, "--out", out, "--seed", 5, "--lang", lang)
    told = invoke(sample, run, *arguments)
    assert told.exit_code == 0, told.output
    assert "seed 5" in told.stdout
    rows = sheet(out)
    assert tuple(rows[0]) == HEADER
    assert len(rows) == 120
    assert all(row["text"].startswith("'=unggahan") for row in rows)
    assert all(len(row["account"]) == 11 for row in rows)
    assert sum(float(row["sampling_weight"]) for row in rows) == pytest.approx(800)
    sizes = {row["stratum"]: int(row["stratum_size"]) for row in rows}
    assert sum(sizes.values()) == 800
    assert out.stat().st_mode & 0o777 == 0o600

    verdicts = judge(rows, tmp_path / "v.jsonl")
    page = invoke(prevalence, run, "--verdicts", verdicts, "--lang", lang)
    assert page.exit_code == 0, page.output
    assert "95 %" in page.stdout
    assert "ujaran kebencian" in page.stdout or lang == "en"
    facts = json.loads(invoke(prevalence, run, "--verdicts", verdicts, "--json").stdout)
    by = {e["target"]: e for e in facts["estimates"]}
    assert list(by) == [*LABELS, "any"]
    assert by["hoax"]["share"]["low"] < by["hoax"]["share"]["value"] < by["hoax"]["share"]["high"]
    assert (by["hoax"]["yes"], facts["population"]) == (12, 800)


def test_the_pseudonyms_are_those_of_the_list_of_accounts(run: Path, tmp_path: Path) -> None:
    from netralitas_nlp.cli.accounts import accounts

    invoke(sample, run, "--for", "training", "--n", 60, "--out", tmp_path / "l.csv")
    rows = sheet(tmp_path / "l.csv")
    assert {row["stratum"] for row in rows} == {"uncertain", "random"}
    listed = json.loads(invoke(accounts, run, "--json").stdout)["accounts"]
    assert {row["account"] for row in rows} <= {a["account"] for a in listed}


def test_a_sheet_that_people_may_have_filled_in_is_never_replaced(
    run: Path, tmp_path: Path
) -> None:
    out = tmp_path / "audit.csv"
    out.write_text("kerja penilai")
    result = invoke(sample, run, "--for", "audit", "--n", 60, "--out", out)
    assert result.exit_code == 2
    assert out.read_text() == "kerja penilai"


@pytest.mark.parametrize(
    ("options", "exit_code"),
    [
        (("--for", "undian", "--n", 60), 2),
        (("--for", "audit", "--n", 10), 2),
        (("--for", "training", "--n", -3), 2),
    ],
)
def test_options_that_make_no_sample_are_refused(
    run: Path, tmp_path: Path, options: tuple[object, ...], exit_code: int
) -> None:
    result = invoke(sample, run, *options, "--out", tmp_path / "x.csv")
    assert result.exit_code == exit_code
    assert result.stderr.startswith("netralitas: ")
    assert not (tmp_path / "x.csv").exists()
    assert not (run / "samples").exists()


def test_what_is_no_whole_run_is_refused(run: Path, tmp_path: Path) -> None:
    audit = ("--for", "audit", "--n", 60, "--out", tmp_path / "x.csv")
    assert invoke(sample, tmp_path, *audit).exit_code == 1
    assert invoke(sample, make_run(tmp_path / "e", []), *audit).exit_code == 2
    assert invoke(prevalence, tmp_path, "--verdicts", tmp_path / "v").exit_code == 1
    missing = invoke(prevalence, run, "--verdicts", tmp_path / "v")
    assert missing.exit_code == 1
    assert "tidak dapat dibaca" in missing.stderr
    manifest = json.loads((run / "manifest.json").read_text())
    (run / "manifest.json").write_text(json.dumps(manifest | {"state": "interrupted"}))
    assert "belum selesai" in invoke(sample, run, *audit).stderr


def test_verdicts_of_another_run_or_without_weights_are_refused(run: Path, tmp_path: Path) -> None:
    out = tmp_path / "audit.csv"
    invoke(sample, run, "--for", "audit", "--n", 80, "--out", out)
    verdicts = judge(sheet(out), tmp_path / "v.jsonl")
    other = invoke(prevalence, a_run(tmp_path / "lain", n=20), "--verdicts", verdicts)
    assert other.exit_code == 1
    assert "Baris " in other.stderr and "row_id" in other.stderr
    judge(sheet(out), verdicts, sampling_weight=None)
    plain = invoke(prevalence, run, "--verdicts", verdicts)
    assert plain.exit_code == 2
    assert "tidak dipilih secara acak" in plain.stderr
    judge(sheet(out), verdicts, verdict="mungkin")
    wrong = invoke(prevalence, run, "--verdicts", verdicts, "--lang", "en")
    assert wrong.exit_code == 1
    assert "Line 1, `verdict`: mungkin" in wrong.stderr


def test_the_verbs_are_registered() -> None:
    code = "from netralitas_nlp.cli.app import main; main()"
    env = {**os.environ, "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code, "--help"], capture_output=True, text=True, env=env
    )
    assert all(verb in done.stdout for verb in ("accounts", "sample", "prevalence"))
