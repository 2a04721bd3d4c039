"""``netralitas inspect`` shows what was recognised, for people and as JSON, and scores nothing."""

import json
from pathlib import Path

import pytest
import typer
from made_exports import MADE
from making import TEXT, table
from typer.testing import CliRunner, Result

from netralitas_nlp.cli.inspect import inspect

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
app.command()(inspect)
HARVEST = next(made for made in MADE if made.name == "tweet-harvest")


def run(*args: str) -> Result:
    return CliRunner().invoke(app, list(args))


def test_json_is_a_list_with_one_object_per_table(tmp_path: Path) -> None:
    nested = next(made for made in MADE if made.name == "apify-instagram-replies")
    result = run(HARVEST.write(tmp_path), nested.write(tmp_path), "--json")
    assert result.exit_code == 0
    first, posts, replies = json.loads(result.stdout)
    assert first["columns"] == {
        "text": "full_text", "account": "username", "posted_at": "created_at",
        "url": "tweet_url", "post_id": "id_str", "parent_text": None,
    }  # fmt: skip
    assert {k: first[k] for k in ("sheet", "format", "encoding", "n_records", "n_empty_text")} == {
        "sheet": None, "format": "csv", "encoding": "utf-8", "n_records": 2, "n_empty_text": 0,
    }  # fmt: skip
    assert first["file"].endswith(HARVEST.file)
    assert first["estimate"]["seconds"] >= 1 and first["estimate"]["memory_mb"] > 0
    assert (posts["n_records"], replies["n_records"]) == (2, 1)


def test_problems_have_code_count_and_words(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(table(["teks"], ["Setuju &amp; siap"], [TEXT]))
    (report,) = json.loads(run(str(path), "--json").stdout)
    problems = {problem["code"]: problem for problem in report["problems"]}
    assert problems["text_repaired"]["count"] == 1
    assert "HTML" in problems["text_repaired"]["text"]
    (english,) = json.loads(run(str(path), "--json", "--lang", "en").stdout)
    assert english["problems"] != report["problems"]


def test_a_file_without_header_has_column_numbers(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "Selamat pagi, warga semua!;1\nTerima kasih, sampai besok ya;0\n", encoding="utf-8"
    )
    (report,) = json.loads(run(str(path), "--json").stdout)
    assert report["columns"]["text"] == 0
    assert "--text-col" in run(str(path)).stdout


def test_people_read_a_short_table_in_their_language(tmp_path: Path) -> None:
    path = HARVEST.write(tmp_path)
    shown = run(path).stdout
    assert "full_text" in shown and "teks" in shown and "tweet-harvest" in shown
    assert "2 baris" in shown
    assert "2 rows" in run(path, "--lang", "en").stdout
    assert len(shown.splitlines()) < 25


def test_overrides_are_obeyed(tmp_path: Path) -> None:
    path = HARVEST.write(tmp_path)
    (report,) = json.loads(run(path, "--json", "--text-col", "location").stdout)
    assert report["columns"]["text"] == "location"


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_missing_file_is_one_line_and_exit_code_one(tmp_path: Path, lang: str) -> None:
    result = run(str(tmp_path / "tidak-ada.csv"), "--lang", lang)
    assert result.exit_code == 1
    assert result.stderr.startswith("netralitas: ") and "Traceback" not in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_an_unknown_column_is_named_with_the_columns_seen(tmp_path: Path) -> None:
    result = run(HARVEST.write(tmp_path), "--account-col", "pemilik")
    assert result.exit_code == 1
    assert "pemilik" in result.stderr and "full_text" in result.stderr


def test_an_unknown_language_is_a_usage_error(tmp_path: Path) -> None:
    assert run(HARVEST.write(tmp_path), "--lang", "xx").exit_code == 2
