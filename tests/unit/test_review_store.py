"""The file of the desk: private, migrated both ways, named when damaged, never rebuilt."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
from report_run import make_run, post
from review_desk import NO, YES, desk, posts, rid

from netralitas_nlp.claims.match import THRESHOLD
from netralitas_nlp.errors import ReviewError, RunError, UsageError
from netralitas_nlp.evidence import Span
from netralitas_nlp.review.chain import check
from netralitas_nlp.review.copies import pass_on
from netralitas_nlp.review.judging import record
from netralitas_nlp.review.migrations import LATEST, MIGRATIONS
from netralitas_nlp.review.queue import context_of, next_post, post_of
from netralitas_nlp.review.store import ReviewStore, migrate_file
from netralitas_nlp.scoring.run import RunFolder


def code(path: Path, *, create: bool = True) -> str:
    with pytest.raises(ReviewError) as error:
        ReviewStore.open(path, create=create)
    for lang in ("id", "en"):
        assert path.name in error.value.render(lang)
    return error.value.code


def test_only_the_owner_reads_the_files_of_a_store(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        record(store, rid(0), NO, reviewer="adi")
        files = sorted(tmp_path.glob("meja.db*"))
        assert [f.name for f in files] == ["meja.db", "meja.db-shm", "meja.db-wal"]
        assert {f.stat().st_mode & 0o777 for f in files} == {0o600}


def test_a_store_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    desk(tmp_path).close()
    (tmp_path / "meja.db").chmod(0o644)
    ReviewStore.open(tmp_path / "meja.db").close()
    assert (tmp_path / "meja.db").stat().st_mode & 0o777 == 0o600


def test_a_missing_store_is_made_only_where_that_is_wanted(tmp_path: Path) -> None:
    assert code(tmp_path / "tidak_ada.db", create=False) == "review_missing"
    assert not (tmp_path / "tidak_ada.db").exists()
    ReviewStore.open(tmp_path / "baru.db").close()
    assert (tmp_path / "baru.db").is_file()


def test_other_files_are_refused_and_left_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "surat.txt").write_text("bukan meja tinjau")
    other = sqlite3.connect(tmp_path / "lain.db")
    other.execute("CREATE TABLE t (x)")
    other.close()
    for name in ("surat.txt", "lain.db"):
        before = (tmp_path / name).read_bytes()
        assert code(tmp_path / name) == "review_not_a_store"
        assert (tmp_path / name).read_bytes() == before
    (tmp_path / "map").mkdir()
    assert code(tmp_path / "map") == "review_not_a_store"


def test_a_store_of_a_later_version_is_refused(tmp_path: Path) -> None:
    desk(tmp_path).close()
    base = sqlite3.connect(tmp_path / "meja.db")
    base.execute(f"PRAGMA user_version = {LATEST + 1}")
    base.close()
    assert code(tmp_path / "meja.db") == "review_newer"


@pytest.mark.parametrize("damage", ["cut", "torn page", "lost table"])
def test_a_damaged_store_is_named_and_not_rebuilt(tmp_path: Path, damage: str) -> None:
    desk(tmp_path, posts(300)).close()
    path = tmp_path / "meja.db"
    if damage == "lost table":
        base = sqlite3.connect(path)
        base.execute("PRAGMA foreign_keys = OFF")
        base.execute("DROP TABLE contents")
        base.close()
    else:
        content = bytearray(path.read_bytes())
        if damage == "cut":
            del content[len(content) // 2 :]
        else:
            content[4096 : 4096 * 60] = b"\x5a" * (4096 * 59)
        path.write_bytes(content)
    before = path.read_bytes()
    with pytest.raises(ReviewError) as error, ReviewStore.open(path) as store:
        for i in range(300):
            post_of(store, rid(i))
    assert error.value.code == "review_damaged"
    assert path.read_bytes() == before


def test_check_names_a_damaged_file(tmp_path: Path) -> None:
    desk(tmp_path, posts(300)).close()
    path = tmp_path / "meja.db"
    content = bytearray(path.read_bytes())
    content[-4096 * 20 :] = b"\x5a" * (4096 * 20)
    path.write_bytes(content)
    with ReviewStore.open(path) as store:
        report = check(store)
    assert not report.ok
    assert report.what == "file"


LATER = {4: ("claim_verdict", "claim_date", "claim_threshold"), 5: ("rosters",), 6: ("chain",)}
"""Columns by the version that brought them."""


def everything(path: Path, *, without: Sequence[str] = ()) -> dict[str, list[dict[str, object]]]:
    base = sqlite3.connect(path)
    base.row_factory = sqlite3.Row
    kept = ("runs", "accounts", "posts", "contents", "verdicts", "notes", "journal", "people")
    found = {name: [dict(row) for row in base.execute(f"SELECT * FROM {name}")] for name in kept}
    base.close()
    return {
        name: [{k: v for k, v in row.items() if k not in without} for row in rows]
        for name, rows in found.items()
    }


def test_a_store_goes_back_to_every_older_version_and_forward_again(tmp_path: Path) -> None:
    with desk(tmp_path, posts(60), audit=50) as store:
        record(store, rid(0), YES, reviewer="adi", note="catatan")
        first = next_post(store, reviewer="budi", order="likely")
    path = tmp_path / "meja.db"
    before = everything(path)
    kept = {
        version: everything(path, without=[c for v in LATER if v > version for c in LATER[v]])
        for version in (5, 4, 3, 2, 1)
    }
    for version, of_version in kept.items():
        migrate_file(path, to=version)
        base = sqlite3.connect(path)
        assert base.execute("PRAGMA user_version").fetchone()[0] == version
        base.close()
        assert everything(path) == of_version
    with ReviewStore.open(path) as store:
        assert everything(path) == before
        assert check(store).ok
        assert post_of(store, rid(0)).claim_threshold == THRESHOLD
        assert next_post(store, reviewer="budi", order="likely") == first
        record(store, rid(3), NO, reviewer="budi")


def test_older_store_queues_the_flagged_copies_that_it_had_passed_over(tmp_path: Path) -> None:
    rows = [
        post("disalin", (0.1, 0, 0), row_id=rid(1)),
        post("disalin!", (0.9, 0, 0), row_id=rid(2), duplicate_of=rid(1)),
        post("diaudit", (0.1, 0, 0), row_id=rid(3)),
        post("diaudit!", (0.9, 0, 0), row_id=rid(4), duplicate_of=rid(3)),
    ]
    with desk(tmp_path, rows) as store:
        # As older versions tied them: to the first post of the text, whatever its score.
        with store.base.write() as base:
            pass_on(base, 2, 1)
            pass_on(base, 4, 3)
        record(store, rid(3), NO, reviewer="adi")
        assert next_post(store, reviewer="adi", order="likely") is None
    migrate_file(tmp_path / "meja.db", to=4)
    with ReviewStore.open(tmp_path / "meja.db") as store:
        queued = next_post(store, reviewer="adi", order="likely")
        assert queued is not None
        assert queued.row_id == rid(2)
        assert post_of(store, rid(4)).chain_id == rid(3), "what was judged stays as it was"
        assert check(store).ok


def test_every_step_of_the_migrations_undoes_itself() -> None:
    base = sqlite3.connect(":memory:", isolation_level=None)
    forms = []
    for step in MIGRATIONS:
        step.up(base)
        forms.append(set(base.execute("SELECT type, name, sql FROM sqlite_master")))
    for step, below in zip(reversed(MIGRATIONS[1:]), reversed(forms[:-1]), strict=True):
        step.down(base)
        assert set(base.execute("SELECT type, name, sql FROM sqlite_master")) == below


def test_a_version_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    desk(tmp_path).close()
    with pytest.raises(UsageError):
        migrate_file(tmp_path / "meja.db", to=LATEST + 1)
    with pytest.raises(UsageError):
        migrate_file(tmp_path / "meja.db", to=0)


def test_the_same_run_a_second_time_adds_nothing(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        facts = store.add_run(tmp_path / "hasil")
        assert not facts.new
        assert store.runs() == [facts]
        assert (facts.rows, facts.scored, facts.waiting) == (12, 12, 8)


def test_rows_that_an_earlier_run_brought_keep_what_was_shown(tmp_path: Path) -> None:
    with desk(tmp_path, posts(6)) as store:
        again = make_run(tmp_path / "lagi", [*posts(6), post("baru", (0.9, 0, 0), row_id=rid(99))])
        facts = store.add_run(again, audit=50)
        assert (facts.new, facts.rows, facts.known, facts.audit) == (True, 1, 6, 0)
        assert post_of(store, rid(0)).run_id == 1
        assert post_of(store, rid(99)).run_id == facts.run_id


def test_an_unfinished_run_and_a_damaged_one_bring_nothing(tmp_path: Path) -> None:
    run = make_run(tmp_path / "hasil", posts())
    store = ReviewStore.open(tmp_path / "meja.db")
    opened = RunFolder.open(run)
    opened.manifest["state"] = "running"
    opened.save()
    with pytest.raises(ReviewError):
        store.add_run(run)
    opened.set_state("finished")
    (run / "parts" / "00000.parquet").write_bytes(b"rusak")
    with pytest.raises(RunError):
        store.add_run(run)
    assert store.runs() == []


def test_a_post_comes_back_as_the_run_holds_it(tmp_path: Path) -> None:
    evidence = '[{"label": "hoax", "start": 0, "end": 5, "text": "sebar", "weight": 0.4}]'
    claim = {"claim_url": "https://contoh.id/1", "claim_title": "Klaim", "claim_stance": "asserts"}
    claim |= {"claim_verdict": "false", "claim_date": "2024-02-20"}
    row = post(
        "sebarkan kabar ini",
        (0.1, 0.2, 0.9),
        parent_text="kabar",
        evidence=evidence,
        claim_similarity=0.75,
        stage="pemilu-2024 kampanye",
        policy_version="1.2",
        row_id=rid(1),
        **claim,
    )
    with desk(tmp_path, [row]) as store:
        found = post_of(store, rid(1))
        hidden = post_of(store, rid(1), blind=True)
    assert (found.text, found.parent_text) == ("sebarkan kabar ini", "kabar")
    assert found.scores == {"candidate_support": 0.1, "hate_speech": 0.2, "hoax": 0.9}
    assert (found.labels, found.decision) == (("hoax",), "flag")
    assert found.evidence == (Span("hoax", 0, 5, "sebar", 0.4),)
    assert (found.claim_title, found.claim_similarity) == ("Klaim", 0.75)
    assert (found.claim_verdict, found.claim_date) == ("false", "2024-02-20")
    assert (found.policy_version, found.stage) == ("1.2", "pemilu-2024 kampanye")
    assert found.account_key != "akun_uji"
    assert (hidden.scores, hidden.labels, hidden.decision, hidden.evidence) == ({}, (), None, ())


@pytest.mark.parametrize("evidence", ["bukan json", "{}", '[{"label": "x"}]', "[1]", "[" * 5000])
def test_evidence_of_a_foreign_form_is_left_out(tmp_path: Path, evidence: str) -> None:
    row = post("teks", (0.9, 0, 0), evidence=evidence, row_id=rid(1))
    with desk(tmp_path, [row]) as store:
        assert post_of(store, rid(1)).evidence == ()


def test_the_context_holds_the_other_posts_of_the_account_neutral_ones_too(tmp_path: Path) -> None:
    with desk(tmp_path, posts(28)) as store:
        context = context_of(store, rid(8), limit=4)
        numbers = [int(p.row_id, 16) for p in context.account]
        all_of_them = context_of(store, rid(8), limit=20).account
    assert numbers == [0, 4, 12, 16]
    assert context.n_account == 6
    assert {p.decision for p in all_of_them} == {"flag", "review", "clear"}
    assert len({p.account_key for p in context.account}) == 1


def test_settings_have_bounds(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        assert store.setting("double") == 0
        for name, value in (("double", 1.5), ("double", -1.0), ("double", float("nan"))):
            with pytest.raises(UsageError):
                store.set_setting(name, value, who="uji")
        with pytest.raises(ReviewError):
            store.set_setting("lain", 0.5, who="uji")
