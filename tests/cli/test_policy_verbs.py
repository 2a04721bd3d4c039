"""``netralitas policy`` and ``netralitas roster`` say what applies; people do the rest."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from netralitas_nlp.cli import policy, roster
from netralitas_nlp.labels import LABELS

CLOSING = {
    "id": "Manusia yang memutuskan. Halaman ini tidak menyebut sanksi dan tidak menyatakan siapa "
    "pun bersalah.",
    "en": "A human decides. This page names no sanction and declares nobody guilty.",
}


def run(*args: str) -> Result:
    return CliRunner().invoke(policy.app, list(args))


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("on", ["2023-12-10", "2024-02-12", "2024-10-15", "2019-01-01"])
@pytest.mark.parametrize("district", ["Luwu Utara", "Jeneponto"])
def test_every_page_ends_with_a_human_who_decides(district: str, on: str, lang: str) -> None:
    result = run("show", district, "--on", on, "--lang", lang)
    assert result.exit_code == 0
    assert result.stdout.rstrip("\n").splitlines()[-1] == CLOSING[lang]


def test_the_page_shows_wording_point_stage_rules_and_overseer() -> None:
    page = run("show", "Langkat", "--on", "2024-02-12").stdout
    assert "3. Menggunakan media sosial secara bijak dan tidak menyebarkan" in page
    assert "kepentingan calon: poin 2" in page
    assert "Pemilu 2024: Masa tenang (2024-02-11 s.d. 2024-02-13)" in page
    assert "Pasal 283" in page
    assert "KASN" in page
    assert "halkahalki.com" in page


def test_a_day_before_the_pledge_says_so_and_cites_nothing() -> None:
    page = run("show", "Jeneponto", "--on", "2024-09-30", "--lang", "en").stdout
    assert "no pledge is on record by this date (the first: 2024-10-01)" in page
    assert "Point of each label" in page
    assert "candidate support: point" not in page


def test_json_holds_the_same_and_the_closing_words() -> None:
    answer = json.loads(run("show", "Lombok Tengah", "--on", "2024-01-01", "--json").stdout)
    assert set(answer["labels"]) == set(LABELS)
    support = answer["labels"]["candidate_support"]
    assert (support["point"], support["citation"]) == (2, "Lombok Tengah 2")
    assert support["cautions"] == ["paraphrase", "unnumbered"]
    assert [stage["code"] for stage in answer["stages"]] == ["pemilu-2024 kampanye"]
    assert answer["closing"] == CLOSING["id"]
    assert "uu-7-2017-283" in {rule["id"] for rule in answer["rules"]}


@pytest.mark.parametrize(
    "day", ["01-10-2024", "besok", "2024-13-01", "20241001", "2024-W40-2", " 2024-1-2"]
)
def test_a_day_in_another_form_is_refused_and_not_guessed(day: str) -> None:
    result = run("show", "Langkat", "--on", day)
    assert result.exit_code == 2
    assert day in result.stderr


def test_an_unknown_district_is_a_usage_error_that_names_the_known_ones() -> None:
    result = run("show", "Antah Berantah", "--lang", "en")
    assert result.exit_code == 2
    assert "Murung Raya" in result.stderr
    assert result.stdout == ""


def test_without_a_day_today_is_taken_and_said() -> None:
    assert "(hari ini, karena --on tidak diberikan)" in run("show", "Langkat").stdout


def test_list_names_districts_and_calendars_and_ends_with_the_closing_words() -> None:
    result = run("list")
    for name in ("Luwu Utara", "Murung Raya", "Lombok Tengah", "Langkat", "Jeneponto"):
        assert name in result.stdout
    assert "pilkada-2024" in result.stdout
    assert result.stdout.rstrip("\n").splitlines()[-1] == CLOSING["id"]
    assert len(json.loads(run("list", "--json").stdout)["districts"]) == 5


def test_a_bad_file_of_the_user_is_one_line_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "pledges").mkdir()
    (tmp_path / "pledges" / "salah.toml").write_text('district = "X"\n', encoding="utf-8")
    result = run("list", "--policy-dir", str(tmp_path))
    assert result.exit_code == 1
    assert "salah.toml" in result.stderr
    assert "`province`" in result.stderr
    assert "Traceback" not in result.stderr


def test_roster_check_lists_the_pairs_and_says_that_naming_is_no_support() -> None:
    result = CliRunner().invoke(roster.app, ["check", "pilkada-rantau-selasih"])
    assert result.exit_code == 0
    assert "2. Ir. Baskoro Lembuwangi / Ny. Siti Karomah Datuanging" in result.stdout
    assert "bukan dukungan" in result.stdout


def test_roster_check_refuses_a_bad_file_with_file_key_and_reason(tmp_path: Path) -> None:
    file = tmp_path / "daftar.toml"
    file.write_text('roster = "Salah Id"\n', encoding="utf-8")
    result = CliRunner().invoke(roster.app, ["check", str(file), "--lang", "en"])
    assert result.exit_code == 1
    assert "daftar.toml" in result.stderr
    assert "`roster`" in result.stderr
    assert "Traceback" not in result.stderr
