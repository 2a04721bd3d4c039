"""People and roles, revealing, forgetting, retention and the log."""

import csv
import io
from pathlib import Path

import pytest
from report_run import make_run, post
from review_desk import NO, UNSURE, YES, desk, posts, raw, rid

from netralitas_nlp.errors import ReviewError, UsageError
from netralitas_nlp.review.chain import check
from netralitas_nlp.review.forgetting import forget, retention
from netralitas_nlp.review.journal import entries, export_log, log
from netralitas_nlp.review.judging import record, undo, verdicts_of
from netralitas_nlp.review.people import (
    add_person,
    check_password,
    disable,
    people,
    roles_of,
    set_password,
    set_role,
)
from netralitas_nlp.review.queue import context_of, next_post, post_of
from netralitas_nlp.review.reveal import reveal
from netralitas_nlp.review.store import ReviewStore

SECRET = "sepeda biru di pasar"


def test_passwords_are_kept_as_argon2id_and_checked(tmp_path: Path) -> None:
    with ReviewStore.open(tmp_path / "meja.db") as store:
        add_person(store, "siti", "reviewer", SECRET, who="uji")
        add_person(store, "tanpa", "reviewer", None, who="uji")
        assert check_password(store, "siti", SECRET)
        for name, password in (("siti", "salah sekali"), ("siti", ""), ("tidak ada", SECRET)):
            assert not check_password(store, name, password)
        assert not check_password(store, "tanpa", "")
        base = raw(store)
        kept = base.execute("SELECT password FROM people WHERE name = 'siti'").fetchone()[0]
        base.close()
        assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
        set_password(store, "siti", "payung merah basah", who="uji")
        assert not check_password(store, "siti", SECRET)
        assert [(e.act, e.subject) for e in entries(store)][-1] == ("password", "siti")
        assert SECRET not in repr(list(entries(store)))


def test_roles_hold_what_they_say_and_end_when_a_person_leaves(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        assert roles_of(store, "baca") == {"reader"}
        assert roles_of(store, "adi") == {"reader", "reviewer"}
        assert roles_of(store, "ratu") == {"reader", "reviewer", "adjudicator"}
        assert roles_of(store, "tidak ada") == frozenset()
        record(store, rid(0), NO, reviewer="adi")
        disable(store, "adi", who="uji")
        assert roles_of(store, "adi") == frozenset()
        assert verdicts_of(store, rid(0))[0].reviewer == "adi"
        for act in (
            lambda: record(store, rid(3), NO, reviewer="adi"),
            lambda: undo(store, reviewer="adi"),
        ):
            with pytest.raises(ReviewError, match="role"):
                act()
        set_role(store, "adi", "adjudicator", who="uji")
        assert "adjudicator" in roles_of(store, "adi")


def test_people_have_one_name_each_and_a_real_password(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        for name in ("", "  ", "x" * 61, "a\nb", "ADI"):
            with pytest.raises(ReviewError):
                add_person(store, name, "reviewer", None)
        with pytest.raises(ReviewError):
            add_person(store, "baru", "reviewer", "pendek")
        with pytest.raises(ReviewError):
            add_person(store, "baru", "raja", None)  # type: ignore[arg-type]
        assert [p.name for p in people(store)] == ["adi", "baca", "budi", "ratu"]


def test_a_name_is_shown_only_with_a_reason_that_stands_in_the_log(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        key = post_of(store, rid(1)).account_key
        for reason in ("", "   "):
            with pytest.raises(ReviewError, match="reason"):
                reveal(store, rid(1), who="adi", reason=reason)
        with pytest.raises(ReviewError, match="role"):
            reveal(store, rid(1), who="baca", reason="ingin tahu")
        assert [e for e in entries(store) if e.act == "reveal"] == []
        assert reveal(store, rid(1), who="adi", reason="surat tugas 12") == "warga_1"
        assert reveal(store, key, who="ratu", reason="klarifikasi") == "warga_1"
        found = [(e.who, e.subject, e.reason) for e in entries(store) if e.act == "reveal"]
        assert found == [
            ("adi", f"{key} {rid(1)}", "surat tugas 12"),
            ("ratu", key, "klarifikasi"),
        ]
        with pytest.raises(ReviewError):
            reveal(store, "TIADA-AKUN0", who="adi", reason="x")


def test_nothing_that_the_desk_hands_out_holds_a_name(tmp_path: Path) -> None:
    rows = [dict(row) | {"url": None} for row in posts()]
    with desk(tmp_path, rows) as store:
        shown = [next_post(store, reviewer="adi", order="likely"), context_of(store, rid(0))]
    assert "warga_" not in repr(shown)


def held(folder: Path) -> bytes:
    return b"".join(f.read_bytes() for f in sorted(folder.glob("meja.db*")))


def test_forgetting_leaves_no_word_of_a_person_and_a_chain_that_holds(tmp_path: Path) -> None:
    with desk(tmp_path, posts(60)) as store:
        record(store, rid(1), YES, reviewer="adi", note="catatan tentang orang ini")
        record(store, rid(3), YES, reviewer="adi", note="catatan lain")
        key = post_of(store, rid(1)).account_key
        assert b"unggahan contoh nomor 13" in held(tmp_path)
        done = forget(store, "@warga_1", who="pemilik", reason="permintaan 7/2024")
        assert (done.account_key, done.posts, done.notes) == (key, 15, 1)
        kept = held(tmp_path)
        for gone in (b"warga_1", b"unggahan contoh nomor 13", b"status/113", b"orang ini"):
            assert gone not in kept
        assert b"catatan lain" in kept
        report = check(store)
        assert report.ok
        assert report.verdicts == 6
        entry = list(entries(store))[-1]
        assert (entry.act, entry.subject, entry.reason) == ("forget", key, "permintaan 7/2024")
        assert [v.verdict for v in verdicts_of(store, rid(1))] == ["no", "no", "yes"]
        assert verdicts_of(store, rid(1))[0].note == ""
        emptied = post_of(store, rid(1))
        assert (emptied.text, emptied.url, emptied.account_key) == ("", "", "")
        with pytest.raises(ReviewError):
            record(store, rid(5), NO, reviewer="budi")
        while queued := next_post(store, reviewer="budi", order="likely"):
            assert int(queued.row_id, 16) % 4 != 1
            record(store, queued.row_id, NO, reviewer="budi")
        assert check(store).ok


def test_a_forgotten_account_does_not_come_back_with_a_later_run(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        forget(store, "warga_1", who="pemilik", reason="permintaan")
        rows = [
            post("lagi", (0.9, 0, 0), account=name, row_id=rid(50 + i))
            for i, name in enumerate(("warga_1", "@warga_1", "warga_2"))
        ]
        facts = store.add_run(make_run(tmp_path / "lagi", rows))
        assert (facts.rows, facts.forgotten) == (1, 2)
        assert b"warga_1" not in held(tmp_path)


@pytest.mark.parametrize("judged", [False, True])
def test_a_copied_text_goes_on_when_its_first_author_is_forgotten(
    tmp_path: Path, judged: bool
) -> None:
    rows = [
        post("disalin", (0.9, 0, 0), row_id=rid(1), account="a"),
        post("disalin,", (0.1, 0, 0), row_id=rid(4), account="d", duplicate_of=rid(1)),
        post("disalin", (0.9, 0, 0), row_id=rid(2), account="b", duplicate_of=rid(1)),
        post("disalin", (0.9, 0, 0), row_id=rid(3), account="c", duplicate_of=rid(1)),
    ]
    with desk(tmp_path, rows) as store:
        if judged:
            record(store, rid(1), UNSURE, reviewer="adi")
        forget(store, "a", who="pemilik", reason="permintaan")
        assert check(store).ok
        queued = next_post(store, reviewer="budi", order="likely")
        assert queued is not None
        assert (queued.row_id, queued.text, queued.chain_size) == (rid(2), "disalin", 3)
        assert [p.row_id for p in context_of(store, rid(2)).chain] == [rid(4), rid(3)]
        record(store, rid(2), NO, reviewer="budi")
        assert check(store).ok
        assert next_post(store, reviewer="adi", order="likely") is None


def test_the_reason_of_forgetting_must_not_name_the_person(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        for reason in ("", "permintaan Warga_1"):
            with pytest.raises(ReviewError):
                forget(store, "warga_1", who="pemilik", reason=reason)
        with pytest.raises(ReviewError):
            forget(store, "tidak ada", who="pemilik", reason="permintaan")
        assert post_of(store, rid(1)).text != ""


def test_retention_empties_old_decisions_alone(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        for i in (0, 1, 3):
            record(store, rid(i), YES, reviewer="adi")
        base = raw(store)
        base.execute("UPDATE posts SET decided_at = '2020-01-01T00:00:00+00:00' WHERE id IN (1, 2)")
        base.close()
        assert retention(store, 365, who="pemilik", dry_run=True) == 2
        assert post_of(store, rid(0)).text != ""
        assert retention(store, 365, who="pemilik") == 2
        assert [post_of(store, rid(i)).text == "" for i in (0, 1, 3, 4)] == [
            True,
            True,
            False,
            False,
        ]
        assert retention(store, 365, who="pemilik") == 0
        assert check(store).ok
        assert [e.act for e in entries(store)].count("retention") == 1
        with pytest.raises(UsageError):
            retention(store, 0, who="pemilik")


def test_the_log_is_exported_with_cells_no_spreadsheet_runs(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        log(store, "=SUM(A1)", "catat", "@hasil", reason="-1+2\n\ud800")
        n = export_log(store, tmp_path / "log.csv", who="uji")
    text = (tmp_path / "log.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == n
    assert (rows[-2]["who"], rows[-2]["subject"], rows[-2]["reason"]) == (
        "'=SUM(A1)", "'@hasil", "'-1+2\n\ufffd",
    )  # fmt: skip
    assert rows[-1]["act"] == "export"
    assert (tmp_path / "log.csv").stat().st_mode & 0o777 == 0o600
