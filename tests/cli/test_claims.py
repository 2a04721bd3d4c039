"""``netralitas claims`` builds an index and says what a text repeats, never more."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from netralitas_nlp.cli import claims

DEBUNKED = "cocok dengan klaim yang sudah dibantah"
UNVERIFIED = "belum diverifikasi, perlu cek fakta"
LIST = (
    "claim,verdict,date,url\n"
    "Server KPU Rantau Selasih diatur dari luar negeri,false,2024-02-20,https://periksa.example/1\n"
    "Jembatan Antah Berantah ditutup selama sebulan,true,,\n"
)


def run(*args: str) -> Result:
    return CliRunner().invoke(claims.app, list(args))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("klaim")
    (folder / "daftar.csv").write_text(LIST, encoding="utf-8")
    result = run("build", str(folder / "daftar.csv"), "--out", str(folder / "x.index"))
    assert result.exit_code == 0, result.stderr
    assert "2 klaim" in result.stdout
    return str(folder / "x.index")


def test_an_asserted_false_claim_is_shown_with_link_and_date(index: str) -> None:
    page = run("find", "server KPU Rantau Selasih diatur luar negeri!", "--index", index).stdout
    assert page.startswith(DEBUNKED)
    assert "https://periksa.example/1" in page
    assert "Putusan pemeriksa fakta: salah · 2024-02-20" in page
    assert page.rstrip("\n").endswith("Manusia yang memutuskan. Kemiripan bukan bukti; baca "
                                      "tautannya dulu.")  # fmt: skip


def test_a_verdict_without_words_of_ours_is_shown_as_listed(tmp_path: Path) -> None:
    row = LIST.replace(",false,", ",Menyesatkan,")
    (tmp_path / "a.csv").write_text(row, encoding="utf-8")
    run("build", str(tmp_path / "a.csv"), "--out", str(tmp_path / "x.index"))
    text = "server KPU Rantau Selasih diatur dari luar negeri"
    page = run("find", text, "--index", str(tmp_path / "x.index")).stdout
    assert "Putusan pemeriksa fakta: menyesatkan" in page.replace("Menyesatkan", "menyesatkan")


@pytest.mark.parametrize(
    "text",
    [
        "hoaks server KPU Rantau Selasih diatur dari luar negeri",
        "apa benar server KPU Rantau Selasih diatur dari luar negeri?",
        "Jembatan Antah Berantah ditutup selama sebulan",
        "selamat pagi",
        "",
    ],
)
def test_everything_else_is_unverified(index: str, text: str) -> None:
    page = run("find", text, "--index", index).stdout
    assert page.startswith(UNVERIFIED)
    assert DEBUNKED not in page


def test_json_holds_the_match_or_null(index: str) -> None:
    text = "server KPU Rantau Selasih diatur dari luar negeri"
    answer = json.loads(run("find", text, "--index", index, "--json", "--lang", "en").stdout)
    assert answer["debunked"] is True
    assert answer["finding"] == "matches a claim already debunked"
    assert set(answer["match"]) == {"url", "title", "verdict", "date", "similarity", "stance"}
    assert json.loads(run("find", "halo", "--index", index, "--json").stdout)["match"] is None


def test_skipped_rows_are_named_and_end_with_exit_code_3(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(LIST + "tanpa putusan,,,\n", encoding="utf-8")
    result = run("build", str(tmp_path / "a.csv"), "--out", str(tmp_path / "x.index"))
    assert result.exit_code == 3
    assert "baris 3: tidak ada verdict" in result.stderr
    assert (tmp_path / "x.index").is_file()


def test_errors_are_one_line_in_the_language_chosen(tmp_path: Path) -> None:
    (tmp_path / "bukan.index").write_text("halo", encoding="utf-8")
    result = run("find", "x", "--index", str(tmp_path / "bukan.index"), "--lang", "en")
    assert result.exit_code == 1
    assert "another kind of file" in result.stderr
    assert "Traceback" not in result.stderr
    result = run("build", str(tmp_path / "tidak-ada.csv"), "--out", str(tmp_path / "x.index"))
    assert result.exit_code == 1
    assert not (tmp_path / "x.index").exists()


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(st.characters()))
@example('" OR "a" NEAR(')
@example("server\0KPU \ud800 😡")
@example("-- ; DROP TABLE claims")
def test_wild_text_is_answered(index: str, text: str) -> None:
    result = run("find", "--index", index, "--", text)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(UNVERIFIED)
