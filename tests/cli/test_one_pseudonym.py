"""One account of a run has one pseudonym, wherever people meet it."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import typer
from dossier_run import ACCOUNT, VERDICTS, rows, write_verdicts
from report_run import make_run
from typer.testing import CliRunner

from netralitas_nlp.cli.accounts import accounts
from netralitas_nlp.cli.dossier import dossier
from netralitas_nlp.cli.sample import sample
from netralitas_nlp.report.page import write_report
from netralitas_nlp.review.accounts import accounts_waiting
from netralitas_nlp.review.store import ReviewStore
from netralitas_nlp.scoring.pipeline import score_files

PSEUDONYM = r"[2-9B-DF-HJ-NP-TV-Z]{5}-[2-9B-DF-HJ-NP-TV-Z]{5}"


def invoke(verb: Callable[..., None], *arguments: object) -> str:
    app = typer.Typer()
    app.command()(verb)
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def names_on(page: Path) -> set[str]:
    return set(re.findall(r'<bdi class="account">([^<]+)</bdi>', page.read_text("utf-8")))


def test_page_list_sample_dossier_and_desk_agree(tmp_path: Path) -> None:
    # The export writes handles with ``@`` in some rows and without it in others.
    some = [dict(row) for row in rows()]
    some[1]["account"] = "@" + ACCOUNT
    run = make_run(tmp_path / "hasil", some)
    write_report(run, out=run / "report.html")
    listed = {a["account"] for a in json.loads(invoke(accounts, run, "--json"))["accounts"]}
    assert len(listed) == 2
    assert all(re.fullmatch(PSEUDONYM, name) for name in listed)
    assert names_on(run / "report.html") == listed
    invoke(sample, run, "--for", "audit", "--n", 50, "--out", tmp_path / "s.csv")
    text = (tmp_path / "s.csv").read_text("utf-8-sig")
    assert {r["account"] for r in csv.DictReader(io.StringIO(text, newline=""))} == listed
    store = ReviewStore.open(tmp_path / "meja.db")
    store.add_run(run, who="uji", audit=0)
    assert {a.account_key for a in accounts_waiting(store, limit=9)} == listed
    verdicts = write_verdicts(tmp_path / "v.jsonl", VERDICTS)
    for account in (ACCOUNT, "@" + ACCOUNT.upper()):
        invoke(dossier, run, account, "--verdicts", verdicts, "--out", tmp_path / "d")
    (file,) = (tmp_path / "d").iterdir()
    own = file.stem.removeprefix("dossier-")
    assert own in listed
    invoke(dossier, run, own, "--verdicts", verdicts, "--out", tmp_path / "d")
    assert [f.name for f in (tmp_path / "d").iterdir()] == [file.name]


def test_page_made_while_scoring_agrees_with_the_list_and_names_outlive_a_new_start(
    tmp_path: Path, tiny_bundle: Path
) -> None:
    export = tmp_path / "ekspor.csv"
    lines = [f"{n},warga_{n % 2},kabar nomor {n} dari desa" for n in range(6)]
    export.write_text("\n".join(["id,username,text", *lines]) + "\n", encoding="utf-8")
    run = tmp_path / "hasil"
    found = []
    for fresh in (False, True):
        score_files([export], out=run, model=tiny_bundle, jobs=1, fresh=fresh)
        shown = names_on(run / "report.html")
        listed = {a["account"] for a in json.loads(invoke(accounts, run, "--json"))["accounts"]}
        assert shown
        assert shown <= listed
        found.append(listed)
    assert found[0] == found[1]
    assert (run / "pseudonym.key").stat().st_mode & 0o777 == 0o600
