"""The proof: every way of changing what was decided is found and named."""

from pathlib import Path

import pytest
from review_desk import NO, YES, desk, posts, raw, rid

from netralitas_nlp.review.chain import check
from netralitas_nlp.review.judging import record, verdicts_of
from netralitas_nlp.review.links import START, VERDICT_FIELDS, link
from netralitas_nlp.review.reveal import reveal
from netralitas_nlp.review.store import ReviewStore


def judged(folder: Path) -> ReviewStore:
    store = desk(folder, posts(30))
    for i in range(6):
        record(store, rid(i), YES if i % 2 else NO, reviewer="adi", note=f"catatan {i}")
    reveal(store, rid(0), who="adi", reason="surat tugas 12")
    return store


def test_a_sound_store_is_proved(tmp_path: Path) -> None:
    with judged(tmp_path) as store:
        report = check(store)
    assert report.ok
    assert (report.verdicts, report.first_bad, report.what) == (18, None, "")
    assert report.head != START


@pytest.mark.parametrize(
    ("change", "what", "seq"),
    [
        ("UPDATE verdicts SET verdict = 'no' WHERE seq = 6", "verdict_hash", 6),
        ("UPDATE verdicts SET reviewer = 'budi' WHERE seq = 4", "verdict_hash", 4),
        ("UPDATE verdicts SET decided_at = '2020-01-01' WHERE seq = 1", "verdict_hash", 1),
        ("UPDATE verdicts SET sampling_weight = 9 WHERE seq = 2", "verdict_hash", 2),
        ("DELETE FROM verdicts WHERE seq = 7", "verdict_gap", 7),
        ("DELETE FROM verdicts WHERE seq > 15", "log_head", 7),
        ("UPDATE journal SET reason = 'lain' WHERE act = 'reveal'", "log_hash", 7),
        ("DELETE FROM journal WHERE seq = 3", "log_gap", 3),
        ("UPDATE contents SET text = 'diganti' WHERE post = 2", "post_altered", 4),
        ("UPDATE posts SET digest = 'x' WHERE id = 2", "post_altered", 4),
        ("UPDATE notes SET note = 'diganti' WHERE act = 4", "note_altered", 4),
        ("DELETE FROM notes WHERE act = 4", "note_altered", 4),
        ("DELETE FROM contents WHERE post = 2", "forgotten_unlogged", None),
        ("UPDATE posts SET state = 0 WHERE id = 3", "state", 7),
        ("UPDATE posts SET state = 3 WHERE id = 20", "state", None),
    ],
)
def test_every_change_is_found_and_named(
    tmp_path: Path, change: str, what: str, seq: int | None
) -> None:
    with judged(tmp_path) as store:
        base = raw(store)
        assert base.execute(change).rowcount > 0
        base.close()
        report = check(store)
    assert (report.ok, report.what, report.first_bad) == (False, what, seq)


def test_anyone_can_repeat_the_hashes(tmp_path: Path) -> None:
    with judged(tmp_path) as store:
        base = raw(store)
        names = (*VERDICT_FIELDS, "prev_hash", "hash")
        rows = base.execute(f"SELECT {', '.join(names)} FROM verdicts ORDER BY seq").fetchall()
        base.close()
        shown = verdicts_of(store, rid(0))
    last = START
    for values in rows:
        row = dict(zip(names, values, strict=True)) | {"blind": False}
        assert row["hash"] == link(last, VERDICT_FIELDS, row)
        last = str(row["hash"])
    assert shown[0].hash == rows[0][-1]
