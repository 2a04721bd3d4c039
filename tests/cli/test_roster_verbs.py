"""``--roster`` as a user meets it: who was recognised, what changes, what is wrong in a file."""

import csv
import json
from pathlib import Path

import pytest
import typer
from tiny_roster import POSTS, ROSTER, with_marks_learnt
from typer.testing import CliRunner, Result

from netralitas_nlp.cli import roster
from netralitas_nlp.cli.evaluate import evaluate
from netralitas_nlp.cli.score import score
from netralitas_nlp.datafiles import data_folder

GOOD = (data_folder("rosters") / f"{ROSTER}.toml").read_text(encoding="utf-8")


def run(verb: str, *arguments: object) -> Result:
    app = typer.Typer()
    app.command("score")(score)
    app.command("evaluate")(evaluate)
    app.add_typer(roster.app, name="roster")
    return CliRunner().invoke(app, [verb, *map(str, arguments)])


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "ekspor.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id_str", "created_at", "username", "full_text"])
        for n, text in enumerate(POSTS):
            writer.writerow([str(n), f"2024-10-0{n + 1}T08:00:00+07:00", f"warga_{n}", text])
    return path


def scored(folder: Path) -> list[dict[str, str]]:
    with (folder / "scored.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def mentions(folder: Path) -> list[dict[str, str]]:
    with (folder / "contestants.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_find_shows_each_mention_and_counts_in_ballot_order(export: Path) -> None:
    done = run("roster", "find", export, "--roster", ROSTER)
    assert done.exit_code == 0, done.stderr
    assert "baris 1: «Lembuwangi» → peserta 2 (panggilan)" in done.stdout
    assert "baris 4: «✌️» → peserta 2 (nomor, tidak persis)" in done.stdout
    assert "3 dari 4 unggahan menyebut peserta" in done.stdout
    assert (
        done.stdout.index("    1. ") < done.stdout.index("    2. ") < done.stdout.index("    3. ")
    )
    assert "bukan dukungan" in done.stdout


def test_find_shows_no_more_than_asked_and_says_so(export: Path) -> None:
    done = run("roster", "find", export, "--roster", ROSTER, "--limit", "1", "--lang", "en")
    assert done.stdout.count("→") == 1
    assert "4 more mentions" in done.stdout


def test_find_gives_json_lines_whose_places_hold_the_words(export: Path) -> None:
    done = run("roster", "find", export, "--roster", ROSTER, "--json")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["source_row"] for one in found] == [1, 2, 2, 4, 4]
    for one in found:
        assert POSTS[one["source_row"] - 1][one["start"] : one["end"]] == one["text"]


def test_a_run_with_a_roster_tells_who_was_named_and_keeps_its_columns_and_scores(
    export: Path, tmp_path: Path, tiny_bundle: Path
) -> None:
    common = ("score", export, "--model", tiny_bundle, "--jobs", "1")
    plain = run(*common, "--out", tmp_path / "polos")
    named = run(*common, "--out", tmp_path / "hasil", "--roster", ROSTER)
    assert named.exit_code == plain.exit_code == 0, named.stderr
    assert "menyebut peserta dalam daftar: 3 unggahan" in named.stdout
    assert named.stdout.count("belum dilatih dengan tanda peserta") == 1
    assert "peserta" not in plain.stdout
    assert not (tmp_path / "polos" / "contestants.csv").exists()
    assert scored(tmp_path / "hasil") == scored(tmp_path / "polos")
    found = mentions(tmp_path / "hasil")
    rows = {row["row_id"]: row["full_text"] for row in scored(tmp_path / "hasil")}
    assert [one["number"] for one in found] == ["2", "1", "1", "2", "2"]
    for one in found:
        assert rows[one["row_id"]][int(one["start"]) : int(one["end"])] == one["text"].lstrip("'")
    page = (tmp_path / "hasil" / "report.html").read_text(encoding="utf-8")
    assert "Peserta yang dikenali" in page
    assert "tidak mengubah skor" in page
    assert "Peserta yang dikenali" not in (tmp_path / "polos/report.html").read_text("utf-8")


def test_a_model_trained_with_marks_scores_contestants_alike_in_any_number_of_processes(
    export: Path, tmp_path: Path, tiny_bundle: Path
) -> None:
    model = with_marks_learnt(tiny_bundle, tmp_path / "model")
    texts = ["coblos Lembuwangi besok", "coblos Tirtabuana besok"]
    export.write_text(
        "id,created_at,text\n" + "".join(f"1,2024-10-01,{t}\n" for t in texts), "utf-8"
    )
    for jobs in ("1", "2"):
        out = tmp_path / f"hasil{jobs}"
        done = run("score", export, "--model", model, "--out", out, "--roster", ROSTER, "-j", jobs)
        assert done.exit_code == 0, done.stderr
        assert "belum dilatih" not in done.stdout
        first, second = scored(out)
        names = [name for name in first if name.startswith("score_")]
        assert [first[name] for name in names] == [second[name] for name in names]


def test_a_run_goes_on_only_with_the_same_roster(
    export: Path, tmp_path: Path, tiny_bundle: Path
) -> None:
    common = ("score", export, "--model", tiny_bundle, "--jobs", "1", "--out", tmp_path / "hasil")
    assert run(*common, "--roster", ROSTER).exit_code == 0
    again = run(*common, "--roster", ROSTER)
    assert again.exit_code == 0
    assert "menyebut peserta dalam daftar: 3 unggahan" in again.stdout
    refused = run(*common)
    assert refused.exit_code == 1
    assert "rosters" in refused.stderr
    edited = tmp_path / "daftar.toml"
    edited.write_text(GOOD.replace('"Mas Baskoro"', '"Mas Basko"'), encoding="utf-8")
    assert run(*common, "--roster", edited).exit_code == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ini bukan TOML", "TOML"),
        ("", "roster"),
        (GOOD[: GOOD.index("[[contestant]]")] + "contestant = []\n", "contestant"),
        (GOOD.replace("number = 2", "number = 1"), "nomor 1 dipakai dua kali"),
        (None, "daftar.toml"),
    ],
)
@pytest.mark.parametrize("verb", ["score", "find"])
def test_a_broken_empty_or_missing_roster_is_named_with_its_reason(
    export: Path, tmp_path: Path, text: str | None, said: str, verb: str
) -> None:
    file = tmp_path / "daftar.toml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    start = (
        ("score", export, "--out", tmp_path / "hasil")
        if verb == "score"
        else ("roster", "find", export)
    )
    done = run(*start, "--roster", file)
    assert done.exit_code == 1
    assert said in done.stderr
    assert str(file) in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "hasil").exists()


def test_evaluate_measures_what_a_roster_is_worth(tmp_path: Path, tiny_bundle: Path) -> None:
    own = tmp_path / "uji.csv"
    lines = ["text,parent_text,split,group_id,candidate_support,hate_speech,hoax"]
    lines += [f"coblos Lembuwangi {n},,test,g{n},1,0,0" for n in range(3)]
    lines += [f"rapat Tirtabuana {n},,test,h{n},0,0,0" for n in range(3)]
    own.write_text("\n".join(lines) + "\n", encoding="utf-8")
    model = with_marks_learnt(tiny_bundle, tmp_path / "model")
    common = ("evaluate", "--roster", ROSTER, "--own", own, "--report", tmp_path / "ev")
    done = run(*common, "--model", model)
    assert done.exit_code == 0, done.stderr
    assert "6 dari 6 unggahan uji menyebut peserta" in done.stdout
    figures = json.loads((tmp_path / "ev" / "roster.json").read_text(encoding="utf-8"))
    assert set(figures["labels"]) == {"candidate_support"}
    refused = run(*common, "--model", tiny_bundle)
    assert refused.exit_code == 2
    assert "dilatih tanpa tanda" in refused.stderr
