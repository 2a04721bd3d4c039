"""``netralitas review``: every verb, in both languages, with errors that say what to do."""

import csv
import io
import json
from pathlib import Path

import pytest
from report_run import make_run, post
from review_desk import NO, YES, desk, posts, raw, rid
from typer.testing import CliRunner, Result

from netralitas_nlp.cli import review, review_privacy, review_user
from netralitas_nlp.review.judging import record
from netralitas_nlp.review.migrations import LATEST
from netralitas_nlp.review.people import check_password
from netralitas_nlp.review.queue import next_post
from netralitas_nlp.review.store import ReviewStore
from netralitas_nlp.verdicts import read_verdicts

assert review_privacy
assert review_user


def call(*arguments: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(review.app, [str(a) for a in arguments], input=stdin)


@pytest.fixture
def meja(tmp_path: Path) -> Path:
    """Return the path of a store on which a little was judged."""
    with desk(tmp_path, posts(60), audit=50, double=1.0) as store:
        for i in range(4):
            record(store, rid(i), YES if i == 0 else NO, reviewer="adi")
            record(store, rid(i), YES if i == 0 else NO, reviewer="budi")
    return tmp_path / "meja.db"


@pytest.mark.parametrize("lang", ["id", "en"])
def test_from_a_run_to_a_proof(tmp_path: Path, lang: str) -> None:
    run = make_run(tmp_path / "hasil", posts(60))
    store = tmp_path / "meja.db"
    added = call("add", store, run, "--seed", 3, "--audit", 50, "--lang", lang)
    assert added.exit_code == 0, added.output
    assert "60" in added.output
    assert call("add", store, run, "--lang", lang).exit_code == 0
    secret = "sepeda biru di pasar\n"
    assert call("user", "add", store, "siti", "--password-stdin", stdin=secret).exit_code == 0
    with ReviewStore.open(store) as opened:
        assert check_password(opened, "siti", secret.strip())
        while queued := next_post(opened, reviewer="siti", order="random"):
            record(opened, queued.row_id, NO, reviewer="siti")
    status = call("status", store, "--lang", lang)
    assert status.exit_code == 0
    assert "95 %" in status.output
    checked = call("check", store, "--lang", lang)
    assert (checked.exit_code, "150" in checked.output) == (0, True)


def test_copies_that_are_not_queued_twice_are_told_in_the_same_line(tmp_path: Path) -> None:
    rows = [
        post("disalin", (0.9, 0, 0), row_id=rid(1)),
        post("disalin", (0.9, 0, 0), row_id=rid(2), duplicate_of=rid(1)),
    ]
    run = make_run(tmp_path / "hasil", rows)
    told = call("add", tmp_path / "meja.db", run).output
    assert "1 menunggu ditinjau (1 salinan tidak diantre dua kali), " in told
    plain = make_run(tmp_path / "lain", posts(6))
    assert "salinan" not in call("add", tmp_path / "lain.db", plain).output
    assert "baris log" in call("check", tmp_path / "meja.db").output


def test_status_as_json_is_json(meja: Path) -> None:
    told = call("status", meja, "--json")
    facts = json.loads(told.stdout)
    assert facts["total"]["decided"] == 4
    assert facts["remaining"]["expected_violations"] is None
    assert facts["agreement"]["hoax"]["kappa"] == 1.0


def test_a_chain_that_was_changed_ends_with_an_error(meja: Path) -> None:
    with ReviewStore.open(meja) as store:
        base = raw(store)
    base.execute("UPDATE verdicts SET verdict = 'no' WHERE seq = 3")
    base.close()
    told = call("check", meja)
    assert told.exit_code == 1
    assert "putusan nomor 3" in told.output
    assert json.loads(call("check", meja, "--json").stdout)["what"] == "verdict_hash"


@pytest.mark.parametrize("form", ["verdicts", "training", "argilla", "label-studio", "doccano"])
def test_every_format_is_written_once(meja: Path, form: str) -> None:
    told = call("export", meja, "--format", form)
    assert told.exit_code == 0, told.output
    again = call("export", meja, "--format", form)
    assert again.exit_code == 1
    assert call("export", meja, "--format", form, "--overwrite").exit_code == 0


def test_verdicts_lie_beside_the_store_unless_told_otherwise(meja: Path, tmp_path: Path) -> None:
    call("export", meja)
    assert len(list(read_verdicts(tmp_path / "verdicts.jsonl"))) == 24
    call("export", meja, "--out", tmp_path / "v.jsonl", "--run", 1, "--history")
    assert len(list(read_verdicts(tmp_path / "v.jsonl"))) == 24


def test_what_was_exported_can_be_imported(meja: Path, tmp_path: Path) -> None:
    call("export", meja, "--format", "doccano", "--out", tmp_path / "d.jsonl")
    told = call("import", meja, tmp_path / "d.jsonl", "--format", "doccano")
    assert told.exit_code == 0, told.output
    assert "8 sudah ada" in told.output
    wrong = call("import", meja, tmp_path / "d.jsonl", "--format", "training")
    assert wrong.exit_code == 2


def test_migrations_go_both_ways(meja: Path) -> None:
    assert call("migrate", meja, "--to", 1).exit_code == 0
    told = call("migrate", meja)
    assert (told.exit_code, str(LATEST) in told.output) == (0, True)
    assert call("migrate", meja, "--to", 99).exit_code == 2


def test_forgetting_takes_the_name_from_stdin_and_does_not_repeat_it(meja: Path) -> None:
    told = call("forget", meja, "-", "--reason", "permintaan 3", stdin="warga_1\n")
    assert told.exit_code == 0, told.output
    assert "warga_1" not in told.output
    assert call("check", meja).exit_code == 0
    again = call("forget", meja, "warga_1", "--reason", "permintaan 3")
    assert again.exit_code == 1
    assert "warga_1" not in again.output


def test_retention_counts_first(meja: Path) -> None:
    told = call("retention", meja, "--days", 30, "--dry-run")
    assert (told.exit_code, told.output.startswith("0 ")) == (0, True)
    assert call("retention", meja, "--days", 0).exit_code == 2


def test_the_log_says_who_did_what(meja: Path, tmp_path: Path) -> None:
    call("set", meja, "double", 0.5, "--as", "pemilik")
    told = call("log", meja)
    assert "pemilik setting double 0.5" in told.output
    assert call("log", meja, "--out", tmp_path / "log.csv").exit_code == 0
    text = (tmp_path / "log.csv").read_text("utf-8-sig")
    acts = [row["act"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert acts[-2:] == ["setting", "export"]
    assert call("log", meja, "--out", tmp_path / "log.csv").exit_code == 1


def test_people_come_change_and_go(meja: Path) -> None:
    assert call("user", "role", meja, "adi", "adjudicator").exit_code == 0
    assert call("user", "disable", meja, "budi").exit_code == 0
    told = call("user", "list", meja)
    assert "adi: adjudicator" in told.output
    assert "budi: reviewer, tidak aktif" in told.output
    assert call("user", "password", meja, "adi", stdin="sepeda biru\nsepeda biru\n").exit_code == 0
    names = [person["name"] for person in json.loads(call("user", "list", meja, "--json").stdout)]
    assert names == ["adi", "baca", "budi", "ratu"]
    for arguments in (("role", meja, "adi", "raja"), ("disable", meja, "tidak ada")):
        assert call("user", *arguments).exit_code == 1
    assert call("user", "add", meja, "x", "--password-stdin", stdin="pendek\n").exit_code == 1
    assert call("user", "drift", meja, "adi").exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("status",), ("check",), ("export",), ("log",), ("migrate",), ("user", "list"),
        ("retention", "--days", 3), ("set", "double", 1),
    ],
)  # fmt: skip
def test_no_verb_makes_a_store_by_accident(tmp_path: Path, arguments: tuple[object, ...]) -> None:
    store = tmp_path / "tidak_ada.db"
    names = 2 if arguments[0] == "user" else 1
    told = call(*arguments[:names], store, *arguments[names:])
    assert told.exit_code == 1
    assert "tidak_ada.db" in told.output
    assert not store.exists()
