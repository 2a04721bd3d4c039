"""``netralitas accounts`` as a user meets it: order, pseudonyms, the log of reveals."""

import csv
import io
import json
from pathlib import Path

import pytest
import typer
from report_run import make_run, post
from typer.testing import CliRunner, Result

from netralitas_nlp.cli.accounts import HEADER, accounts

FLAG, REVIEW, CLEAR = (0.9, 0.1, 0.1), (0.5, 0.1, 0.1), (0.1, 0.1, 0.1)
HUMAN = {"id": "Manusia yang memutuskan", "en": "A human decides"}


def invoke(*arguments: object) -> Result:
    app = typer.Typer()
    app.command()(accounts)
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture
def run(tmp_path: Path) -> Path:
    rows = [
        *(post(f"pilih {n}", FLAG, account="warga_satu", clause="Langkat 2") for n in range(3)),
        post("batas", REVIEW, account="=1+1"),
        post("apel", CLEAR, account="warga_tiga"),
        post("tanpa nama", CLEAR, account=None),
    ]
    return make_run(tmp_path / "hasil", rows)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_page_shows_pseudonyms_and_says_that_a_human_decides(run: Path, lang: str) -> None:
    result = invoke(run, "--lang", lang)
    assert result.exit_code == 0
    assert HUMAN[lang] in result.stdout
    assert "warga" not in result.stdout
    assert "Langkat 2" in result.stdout
    assert "3 dari 3 = 100,0 %" in result.stdout or lang == "en"
    assert not (run / "reveal.log").exists()
    assert (run / "pseudonym.key").stat().st_mode & 0o777 == 0o600
    assert result.stdout == invoke(run, "--lang", lang).stdout


def test_reveal_shows_names_and_is_logged(run: Path) -> None:
    result = invoke(run, "--reveal", "--json")
    shown = json.loads(result.stdout)
    assert [a["account"] for a in shown["accounts"]] == ["warga_satu", "=1+1", "warga_tiga"]
    assert shown["revealed"] is True
    assert "Manusia yang memutuskan" in shown["note"]
    assert shown["without_account"] == 1
    (line,) = (run / "reveal.log").read_text().splitlines()
    assert line.endswith("--reveal --json")
    assert (run / "reveal.log").stat().st_mode & 0o777 == 0o600


def test_no_name_is_shown_where_the_log_cannot_be_written(run: Path) -> None:
    (run / "reveal.log").mkdir()
    result = invoke(run, "--reveal")
    assert result.exit_code == 1
    assert "warga_satu" not in result.output


def test_the_csv_holds_every_account_and_no_formula(run: Path, tmp_path: Path) -> None:
    out = tmp_path / "akun.csv"
    assert invoke(run, "--reveal", "--out", out).exit_code == 0
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8-sig"), newline="")))
    assert list(rows[0]) == list(HEADER)
    assert [r["account"] for r in rows] == ["warga_satu", "'=1+1", "warga_tiga"]
    assert rows[0]["waiting_flag"] == rows[0]["flagged_candidate_support"] == "3"
    assert not any(word in HEADER for word in ("score", "rank", "guilt"))


def test_what_a_human_decided_no_longer_waits(run: Path) -> None:
    from netralitas_nlp.scoring.run import RunFolder

    row_id = next(RunFolder.open(run).batches(["row_id"]))["row_id"][0].as_py()
    entry = {"row_id": row_id, "label": "hoax", "verdict": "no", "reviewer": "r"}
    line = json.dumps(entry | {"decided_at": "2024-10-01"})
    (run / "verdicts.jsonl").write_text(line + "\n")
    first = json.loads(invoke(run, "--json").stdout)["accounts"][0]
    assert (first["waiting"], first["decided"]) == (2, 1)
    (run / "verdicts.jsonl").write_text(line + "\n{rusak\n")
    result = invoke(run)
    assert result.exit_code == 1
    assert "Baris 2" in result.stderr


def test_bad_folders_end_with_a_sentence(tmp_path: Path, run: Path) -> None:
    (tmp_path / "kosong").mkdir()
    for folder in (tmp_path / "tidak_ada", tmp_path / "kosong", run / "manifest.json"):
        result = invoke(folder)
        assert result.exit_code == 1
        assert result.stderr.startswith("netralitas: ")
        assert "Traceback" not in result.output
    (run / "parts/00000.parquet").unlink()
    assert "hilang atau rusak" in invoke(run).stderr


def test_an_export_without_accounts_is_told_how_to_get_them(tmp_path: Path) -> None:
    run = make_run(tmp_path / "r", [post("apel", CLEAR, account="")])
    result = invoke(run, "--lang", "en")
    assert result.exit_code == 1
    assert "--account-col" in result.stderr


def test_an_empty_run_has_nothing_that_waits(tmp_path: Path) -> None:
    for rows in ([], [post(None, None)]):
        run = make_run(tmp_path / f"r{len(rows)}", rows)
        result = invoke(run, "--out", tmp_path / "a.csv")
        assert result.exit_code == 0
        assert "Tidak ada unggahan yang menunggu" in result.stdout
        assert (tmp_path / "a.csv").read_text("utf-8-sig").splitlines() == [",".join(HEADER)]


def test_an_unfinished_run_says_so_and_long_lists_are_cut(tmp_path: Path) -> None:
    rows = [post(f"p {n}", FLAG, account=f"a{n}") for n in range(40)]
    run = make_run(tmp_path / "r", rows)
    manifest = json.loads((run / "manifest.json").read_text())
    (run / "manifest.json").write_text(json.dumps(manifest | {"state": "interrupted"}))
    shown = invoke(run).stdout
    assert "belum selesai" in shown
    assert "15 akun lagi" in shown
    assert "akun lagi" not in invoke(run, "--limit", "0").stdout
