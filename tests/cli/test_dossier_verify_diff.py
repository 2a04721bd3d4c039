"""``dossier``, ``verify`` and ``diff`` as a user meets them."""

import json
from pathlib import Path

import pytest
import typer
from dossier_run import ACCOUNT, VERDICTS, make_case, rows, write_verdicts
from report_run import make_run
from typer.testing import CliRunner, Result

from netralitas_nlp.cli.diff import diff
from netralitas_nlp.cli.dossier import dossier
from netralitas_nlp.cli.verify import verify
from netralitas_nlp.errors import catalogue
from netralitas_nlp.scoring.pipeline import score_files


def invoke(verb: object, *arguments: object) -> Result:
    app = typer.Typer()
    app.command()(verb)  # type: ignore[type-var]
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.mark.parametrize("lang", ["id", "en"])
def test_dossier_says_what_it_wrote_and_hides_the_name(tmp_path: Path, lang: str) -> None:
    run, verdicts = make_case(tmp_path)
    result = invoke(
        dossier, run, ACCOUNT, "--verdicts", verdicts, "--sheet", "--format", "html,docx",
        "--known-on", "2024-10-05", "--lang", lang,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert ACCOUNT not in result.stdout
    assert len(list((run / "dossier").iterdir())) == 4
    assert "2024-10-12" in result.stdout
    assert {"id": "dikonfirmasi manusia", "en": "a human confirmed"}[lang] in result.stdout


def test_dossier_tells_that_a_reveal_is_noted(tmp_path: Path) -> None:
    run, verdicts = make_case(tmp_path)
    result = invoke(dossier, run, ACCOUNT, "--verdicts", verdicts, "--reveal")
    assert result.exit_code == 0
    assert "dicatat di reveal.log" in result.stdout
    assert (run / "reveal.log").is_file()


def test_bad_input_ends_with_a_sentence_and_no_traceback(tmp_path: Path) -> None:
    run, verdicts = make_case(tmp_path)
    other = write_verdicts(tmp_path / "lain.jsonl", [VERDICTS[0] | {"row_id": "zz"}])
    for arguments, words in (
        ((run, "siapa", "--verdicts", verdicts), "tidak ada di folder"),
        ((run, "penulis_lain", "--verdicts", verdicts), "tidak ada unggahan terkonfirmasi"),
        ((run, ACCOUNT, "--verdicts", other), "row_id `zz`"),
        ((run, ACCOUNT, "--verdicts", tmp_path / "x.jsonl"), "x.jsonl"),
        ((tmp_path, ACCOUNT, "--verdicts", verdicts), "manifest.json"),
        ((run, ACCOUNT, "--verdicts", verdicts, "--captures", tmp_path / "c.csv"), "c.csv"),
    ):
        result = invoke(dossier, *arguments)
        assert result.exit_code == 1
        assert result.stderr.startswith("netralitas: ")
        assert words in result.stderr
    for option, value in (
        ("--known-on", "besok"),
        ("--known-on", "9999-12-31"),
        ("--format", "pdf"),
    ):
        result = invoke(dossier, run, ACCOUNT, "--verdicts", verdicts, option, value)
        assert result.exit_code == 2
        assert value in result.stderr


def test_verify_ends_with_zero_only_where_the_run_agrees(tmp_path: Path, tiny_bundle: Path) -> None:
    export = tmp_path / "ekspor.csv"
    export.write_text("id,text\n1,ayo coblos nomor dua besok\n2,apel pagi\n", encoding="utf-8")
    run = tmp_path / "hasil"
    score_files([export], out=run, model=tiny_bundle, jobs=1, report=False)
    good = invoke(verify, run, "--model", tiny_bundle)
    assert good.exit_code == 0, good.output
    assert "Cocok" in good.stdout
    assert "2 dari 2" in good.stdout
    as_json = json.loads(invoke(verify, run, "--model", tiny_bundle, "--json").stdout)
    assert as_json["ok"] is True
    assert as_json["largest"] == 0.0
    part = run / "parts" / "00000.parquet"
    part.write_bytes(part.read_bytes()[:-1])
    bad = invoke(verify, run, "--model", tiny_bundle, "--lang", "en")
    assert bad.exit_code == 1
    assert "! parts damaged" in bad.stdout
    assert json.loads(invoke(verify, run, "--model", tiny_bundle, "--json").stdout)["ok"] is False


def test_verify_says_in_the_users_language_that_the_model_is_another(
    tmp_path: Path, tiny_bundle: Path
) -> None:
    run = make_run(tmp_path / "hasil", rows())
    result = invoke(verify, run, "--model", tiny_bundle)
    assert result.exit_code == 1
    assert "Hasil ini diskor oleh model netralitas-bert-4x256-v1" in result.stdout
    assert invoke(verify, run, "--sample", "-1").exit_code == 2
    assert invoke(verify, tmp_path).exit_code == 1


def test_diff_prints_a_table_that_adds_up(tmp_path: Path) -> None:
    one = make_run(tmp_path / "lama", rows())
    two = make_run(tmp_path / "baru", rows()[:-1])
    result = invoke(diff, one, two)
    assert result.exit_code == 0
    assert "Dari lama ke baru" in result.stdout
    line = next(line for line in result.stdout.splitlines() if line.startswith("berita bohong"))
    assert line.split() == ["berita", "bohong", "2", "-1", "0", "0", "0", "0", "1"]
    facts = json.loads(invoke(diff, one, two, "--json").stdout)
    assert (facts["vanished"], facts["new"], facts["changed"]) == (1, 0, 0)
    assert facts["steps"]["hoax"]["after"] == 1
    assert invoke(diff, one, one).exit_code == 2
    assert invoke(diff, one, tmp_path / "x").exit_code == 1


def test_every_message_has_both_languages() -> None:
    for code, message in catalogue().items():
        if code.startswith(("dossier_", "capture_", "verify_", "diff_")):
            assert set(message) == {"id", "en"}, code
            assert set(message["id"]) == set(message["en"]), code
