"""``netralitas score`` as a user meets it: files, words, exit codes."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import typer
from fake_scorer import write_csv
from typer.testing import CliRunner, Result

from netralitas_nlp.claims.files import Claim
from netralitas_nlp.claims.index import write_index
from netralitas_nlp.cli.progress import Lines, duration, number
from netralitas_nlp.cli.score import expand, score
from netralitas_nlp.errors import InputError, RunError
from netralitas_nlp.scoring.pipeline import score_files
from netralitas_nlp.scoring.progress import Progress

HUMAN = "perlu ditinjau manusia"


def invoke(*arguments: object) -> Result:
    app = typer.Typer()
    app.command()(score)
    return CliRunner().invoke(app, [str(a) for a in arguments])


def command(*arguments: object, **options: Any) -> subprocess.Popen[bytes]:
    code = "from netralitas_nlp.cli.app import main; main()"
    src = str(Path(__file__).parents[2] / "src")
    return subprocess.Popen(
        [sys.executable, "-c", code, "score", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": src, "PYTHONUTF8": "1"},
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
    )


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "ekspor.csv", 30)


def with_model(bundle: Path, *more: object) -> Sequence[object]:
    return ["--model", bundle, "--jobs", "1", *more]


def test_a_post_with_line_breaks_and_commas_is_one_row_of_the_result(
    tmp_path: Path, tiny_bundle: Path
) -> None:
    notice = "NOTA DINAS\nSetiap kasi hadir pukul 8, jam menyusul"
    posts = [[f"warga_{n}", notice if n % 3 else "Selamat pagi, warga"] for n in range(9)]
    with (tmp_path / "e.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["account", "text"], *posts])
    out = tmp_path / "hasil"
    result = invoke(tmp_path / "e.csv", "--out", out, "--format", "csv", *with_model(tiny_bundle))
    assert result.exit_code == 0, result.output
    with (out / "scored.csv").open(encoding="utf-8-sig", newline="") as file:
        scored = list(csv.DictReader(file))
    assert [[row["account"], row["text"]] for row in scored] == posts
    assert [row["source_row"] for row in scored] == [str(n) for n in range(1, 10)]


def test_a_first_run_writes_its_files_and_says_that_a_human_decides(
    tmp_path: Path, source: Path, tiny_bundle: Path
) -> None:
    result = invoke(source, "--out", tmp_path / "hasil", *with_model(tiny_bundle))
    assert result.exit_code == 0, result.output
    names = {f.name for f in (tmp_path / "hasil").iterdir()}
    assert names >= {"manifest.json", "parts", "rejects.jsonl", "report.html"}
    assert names >= {"scored.csv", "scored.parquet"}
    assert "scored.xlsx" not in names
    assert HUMAN in result.stdout
    assert str(tmp_path / "hasil/report.html") in result.stdout
    assert "30 baris dibaca, 29 diskor" in result.stdout


def test_evidence_can_be_left_out_and_a_run_with_it_is_another_run(
    tmp_path: Path, source: Path, tiny_bundle: Path
) -> None:
    given = [source, "-o", tmp_path / "h", "-f", "jsonl", *with_model(tiny_bundle)]
    assert invoke(*given, "--no-evidence").exit_code == 0
    rows = [json.loads(line) for line in (tmp_path / "h/scored.jsonl").read_text().splitlines()]
    assert {row["evidence"] for row in rows} == {None}
    with pytest.raises(RunError) as error:
        score_files([str(source)], out=tmp_path / "h", model=tiny_bundle, jobs=1)
    assert error.value.code == "run_other_config"
    assert "evidence" in error.value.render("id")


def test_english_words_come_on_request(tmp_path: Path, source: Path, tiny_bundle: Path) -> None:
    result = invoke(source, "-o", tmp_path / "h", "--lang", "en", *with_model(tiny_bundle))
    assert "a human decides about every post" in result.stdout


def test_quiet_says_nothing(tmp_path: Path, source: Path, tiny_bundle: Path) -> None:
    result = invoke(source, "-o", tmp_path / "h", "--quiet", *with_model(tiny_bundle))
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")


def test_the_formats_asked_for_are_written(tmp_path: Path, source: Path, tiny_bundle: Path) -> None:
    out = tmp_path / "hasil"
    result = invoke(source, "-o", out, "--format", "xlsx, JSONL", *with_model(tiny_bundle))
    assert result.exit_code == 0, result.output
    assert {f.name for f in out.glob("scored.*")} == {"scored.xlsx", "scored.jsonl"}


def test_a_finished_run_ends_at_once_with_exit_code_0(
    tmp_path: Path, source: Path, tiny_bundle: Path
) -> None:
    arguments = [source, "-o", tmp_path / "hasil", *with_model(tiny_bundle)]
    invoke(*arguments)
    result = invoke(*arguments)
    assert result.exit_code == 0
    assert "Sudah selesai sebelumnya" in result.stdout


def test_rows_that_cannot_be_read_give_exit_code_3(
    tmp_path: Path, source: Path, tiny_bundle: Path
) -> None:
    with source.open("a") as file:
        file.write("1,2,3,4,5,terlalu,banyak\n")
    result = invoke(source, "-o", tmp_path / "hasil", *with_model(tiny_bundle))
    assert result.exit_code == 3
    assert "tidak terbaca 1 baris" in result.stdout
    assert "rejects.jsonl" in result.stdout
    again = invoke(source, "-o", tmp_path / "hasil", *with_model(tiny_bundle))
    assert again.exit_code == 3


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["{tmp}/tidak-ada.csv", "-o", "{tmp}/h"], 1, "tidak-ada.csv"),
        (["{tmp}", "-o", "{tmp}/h"], 1, "folder"),
        (["{tmp}/*.xyz", "-o", "{tmp}/h"], 1, "*.xyz"),
        (["{src}", "-o", "{tmp}/h", "--format", "ods"], 2, "csv, xlsx, jsonl, parquet"),
        (["{src}", "-o", "{tmp}/h", "--jobs", "0"], 2, "--jobs"),
        (["{src}", "{src}", "-o", "{tmp}/h"], 2, "lebih dari sekali"),
        (["{src}", "-o", "-", "--format", "csv"], 2, "JSONL"),
        (["{src}", "-o", "{tmp}/h", "--lang", "de"], 2, "--lang"),
        (["{src}", "-o", "{tmp}/h", "--operating-point", "lain"], 2, "lain"),
        (["{src}", "-o", "{src}"], 1, "bukan folder"),
        (["{src}", "-o", "{tmp}"], 1, "ekspor.csv"),
        (["{src}", "-o", "{tmp}/h", "--text-col", "tiada"], 1, "tiada"),
        (["{src}"], 2, "--out"),
        ([], 2, ""),
    ],
)
def test_mistakes_end_with_one_clear_line_and_the_right_code(
    tmp_path: Path,
    source: Path,
    tiny_bundle: Path,
    arguments: list[str],
    code: int,
    words: str,
) -> None:
    filled = [a.format(tmp=tmp_path, src=source) for a in arguments]
    result = invoke(*filled, "--model", tiny_bundle)
    assert result.exit_code == code, result.output
    assert words in result.stderr
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_a_model_that_is_missing_is_named(tmp_path: Path, source: Path) -> None:
    result = invoke(source, "-o", tmp_path / "h", "--model", tmp_path / "tiada", "--jobs", "1")
    assert result.exit_code == 1
    assert "tiada" in result.stderr
    assert not (tmp_path / "h").exists()


def test_a_run_of_another_file_is_refused_until_fresh(
    tmp_path: Path, source: Path, tiny_bundle: Path
) -> None:
    other = write_csv(tmp_path / "lain.csv", 5)
    invoke(source, "-o", tmp_path / "hasil", *with_model(tiny_bundle))
    refused = invoke(other, "-o", tmp_path / "hasil", *with_model(tiny_bundle))
    assert refused.exit_code == 1
    assert "lain.csv" in refused.stderr
    assert "--fresh" in refused.stderr
    replaced = invoke(other, "-o", tmp_path / "hasil", "--fresh", *with_model(tiny_bundle))
    assert replaced.exit_code == 0
    assert "5 baris dibaca" in replaced.stdout


def test_standard_input_goes_to_standard_output_as_json_lines(
    source: Path, tiny_bundle: Path
) -> None:
    process = command("-", "-o", "-", *with_model(tiny_bundle), stdin=subprocess.PIPE)
    output, errors = process.communicate(source.read_bytes(), timeout=120)
    rows = [json.loads(line) for line in output.splitlines()]
    assert process.returncode == 0, errors
    assert len(rows) == 30
    assert {row["source_file"] for row in rows} == {"stdin"}
    assert rows[0]["decision"] in {"flag", "review", "clear"}
    assert errors == b""


def test_rows_rejected_on_the_way_to_standard_output_are_told_on_standard_error(
    source: Path, tiny_bundle: Path
) -> None:
    content = source.read_bytes() + b"1,2,3,4,5,terlalu,banyak\n"
    process = command("-", "-o", "-", *with_model(tiny_bundle), stdin=subprocess.PIPE)
    output, errors = process.communicate(content, timeout=120)
    assert process.returncode == 3
    assert len(output.splitlines()) == 30
    assert b"stdin baris 31" in errors


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_standard_output_is_a_clear_error(source: Path, tiny_bundle: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        process = command(source, "-o", "-", *with_model(tiny_bundle), stdout=full)
        _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert b"penuh" in errors
    assert b"Traceback" not in errors


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_ctrl_c_says_how_to_go_on(tmp_path: Path, tiny_bundle: Path) -> None:
    source = write_csv(tmp_path / "banyak.csv", 60_000)
    out = tmp_path / "hasil"
    process = command(
        source, "-o", out, *with_model(tiny_bundle), "--rows-per-part", 50, start_new_session=True
    )
    deadline = time.monotonic() + 100
    while not list((out / "parts").glob("[0-9]*.done.json")) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "lanjutkan dengan perintah yang sama" in errors.decode()
    assert "Traceback" not in errors.decode()
    assert json.loads((out / "manifest.json").read_text())["state"] == "interrupted"


def test_wildcards_are_filled_in_for_shells_that_do_not(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", "c[1].csv"):
        (tmp_path / name).touch()
    assert expand([str(tmp_path / "[ab].csv")]) == [str(tmp_path / n) for n in ("a.csv", "b.csv")]
    assert expand([str(tmp_path / "c[1].csv")]) == [str(tmp_path / "c[1].csv")]
    with pytest.raises(InputError):
        expand([str(tmp_path / "*.parquet")])


def test_plain_progress_lines_tell_rate_and_time_left(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = Lines("id", every=0)
    lines(Progress("score", 1_000, 21_000, 0))
    time.sleep(0.1)
    lines(Progress("score", 11_000, 21_000, 10_000))
    shown = capsys.readouterr()
    assert shown.out == ""
    last = shown.err.splitlines()[-1]
    assert last.startswith("menskor: 11.000 dari ± 21.000 baris")
    assert "baris/detik" in last
    assert "sisa" in last


def test_numbers_and_times_are_written_as_the_language_does() -> None:
    assert (number(1234567, "id"), number(1234567, "en")) == ("1.234.567", "1,234,567")
    assert duration(59.6, "id") == "1 menit 0 detik"
    assert duration(7265, "id") == "2 jam 1 menit"
    assert duration(7265, "en") == "2 h 1 min"
    assert duration(4, "en") == "4 s"


def test_claims_are_told_from_an_index_and_a_missing_one_is_a_clear_error(
    tmp_path: Path, source: Path, tiny_bundle: Path
) -> None:
    index = tmp_path / "klaim.index"
    write_index([Claim("jalan desa rusak", "", "false", "", "")], index)
    options = with_model(tiny_bundle, "--claims", index)
    assert invoke(source, "--out", tmp_path / "hasil", *options).exit_code == 0
    manifest = json.loads((tmp_path / "hasil/manifest.json").read_text())
    assert manifest["config"]["claims"]["n_claims"] == 1
    missing = with_model(tiny_bundle, "--claims", tmp_path / "tidak-ada.index")
    result = invoke(source, "--out", tmp_path / "lain", *missing)
    assert result.exit_code == 1
    assert "tidak-ada.index" in result.stderr
    assert "claims build" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "lain").exists()
