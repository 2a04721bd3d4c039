"""Which post comes next: orders, copies, known cases, and what nobody should get twice."""

from pathlib import Path

import pytest
from report_run import make_run, post
from review_desk import NO, UNSURE, YES, desk, posts, rid

from netralitas_nlp.errors import ReviewError
from netralitas_nlp.review.chain import check
from netralitas_nlp.review.judging import adjudicate, mark_known, record, verdicts_of
from netralitas_nlp.review.queue import context_of, next_post, post_of, skip
from netralitas_nlp.review.remaining import remaining
from netralitas_nlp.review.shapes import Queue
from netralitas_nlp.review.store import ReviewStore, migrate_file


def handed_out(store: ReviewStore, who: str, order: Queue, **options: object) -> list[int]:
    """Judge until nothing is left; return the posts in the order they came."""
    found = []
    while (queued := next_post(store, reviewer=who, order=order, **options)) is not None:  # type: ignore[arg-type]
        assert len(found) < 200, "the queue never ends"
        found.append(int(queued.row_id, 16))
        record(store, queued.row_id, NO, reviewer=who)
    return found


def test_likely_takes_flagged_posts_first_then_the_band_each_by_score(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        assert remaining(store, reviewer="adi", order="likely").count == 8
        assert handed_out(store, "adi", "likely") == [0, 3, 6, 9, 1, 4, 7, 10]
        assert remaining(store, reviewer="adi", order="likely").count == 0


def test_below_goes_on_with_what_the_model_cleared(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        assert remaining(store, reviewer="adi", order="likely", below=True).count == 12
        assert handed_out(store, "adi", "likely", below=True)[8:] == [2, 5, 8, 11]


def test_uncertain_begins_beside_the_threshold(tmp_path: Path) -> None:
    scores = {1: 0.99, 2: 0.72, 3: 0.5, 4: 0.69}
    rows = [post(f"t{i}", (s, 0.001, 0.001), row_id=rid(i)) for i, s in scores.items()]
    with desk(tmp_path, rows) as store:
        # The flag threshold of the first label is 0.71.
        assert handed_out(store, "adi", "uncertain") == [2, 4, 3, 1]


def test_the_random_order_is_the_audit_sample_with_its_weights(tmp_path: Path) -> None:
    with desk(tmp_path, posts(200), audit=60) as store:
        assert remaining(store, reviewer="adi", order="random").count == 60
        queued = next_post(store, reviewer="adi", order="random")
        assert queued is not None
        assert queued.sampling_weight is not None
        assert queued.sampling_weight >= 1
        found = handed_out(store, "adi", "random")
        assert len(set(found)) == 60
        assert found != sorted(found)
        weights = [post_of(store, rid(i)).sampling_weight or 0 for i in found]
        assert sum(weights) == pytest.approx(200)


def test_the_posts_of_one_account_come_together(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        account = post_of(store, rid(1)).account_key
        mine = handed_out(store, "adi", "account", account=account)
        assert sorted(mine) == [1, 9]
        rest = handed_out(store, "adi", "account")
        accounts = [i % 4 for i in rest]
        assert sorted(rest) == [0, 3, 4, 6, 7, 10]
        # Once an account was begun it is finished before the next one.
        assert accounts == sorted(accounts, key=accounts.index)
        assert next_post(store, reviewer="adi", order="account", account="TIADA-AKUN0") is None


def test_asked_again_before_an_answer_the_same_post_comes(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        orders: tuple[Queue, ...] = ("likely", "uncertain", "account")
        for order in orders:
            first = next_post(store, reviewer="adi", order=order)
            assert first == next_post(store, reviewer="adi", order=order)


def test_two_reviewers_do_not_get_the_same_post(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        one = next_post(store, reviewer="adi", order="likely")
        two = next_post(store, reviewer="budi", order="likely")
        assert one is not None
        assert two is not None
        assert one.row_id != two.row_id


def test_a_reviewer_never_gets_a_judged_post_even_while_it_waits_for_the_second(
    tmp_path: Path,
) -> None:
    with desk(tmp_path, double=1.0) as store:
        mine = handed_out(store, "adi", "likely")
        assert len(mine) == len(set(mine)) == 8
        assert remaining(store, reviewer="adi", order="likely").count == 0
        assert remaining(store, reviewer="budi", order="likely").count == 8
        assert sorted(handed_out(store, "budi", "likely")) == sorted(mine)
        assert next_post(store, reviewer="ratu", order="likely") is None


def test_skipped_posts_come_last(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        skip(store, rid(0), reviewer="adi")
        assert handed_out(store, "adi", "likely") == [3, 6, 9, 1, 4, 7, 10, 0]


def test_a_blind_review_shows_nothing_of_the_model(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        queued = next_post(store, reviewer="adi", order="likely", blind=True)
    assert queued is not None
    assert (queued.scores, queued.labels, queued.decision, queued.evidence) == ({}, (), None, ())


def test_copies_of_a_text_are_judged_once(tmp_path: Path) -> None:
    rows = [
        post("disalin", (0.9, 0, 0), row_id=rid(1), account="a"),
        post("disalin", (0.9, 0, 0), row_id=rid(2), account="b", duplicate_of=rid(1)),
        post("disalin", (0.9, 0, 0), row_id=rid(3), account="c", duplicate_of=rid(2)),
        post("lain", (0.8, 0, 0), row_id=rid(4), account="a"),
    ]
    with desk(tmp_path, rows) as store:
        assert (store.runs()[0].waiting, store.runs()[0].copies) == (2, 2)
        queued = next_post(store, reviewer="adi", order="likely")
        assert queued is not None
        assert (queued.chain_id, queued.chain_size) == (rid(1), 3)
        assert [p.row_id for p in context_of(store, rid(2)).chain] == [rid(1), rid(3)]
        assert handed_out(store, "adi", "likely") == [1, 4]
        assert next_post(store, reviewer="budi", order="account") is None


CHAIN = [
    post("sebarkan: dua dus sudah tercoblos", (0.9, 0, 0), row_id=rid(1), account="a"),
    post("Sebarkan! dua dus sudah tercoblos", (0.9, 0, 0), row_id=rid(2), account="b",
         duplicate_of=rid(1)),
    post("dari grup: dua dus tercoblos", (0.8, 0, 0), row_id=rid(3), account="c",
         duplicate_of=rid(1)),
    post("dari grup: DUA dus tercoblos", (0.7, 0, 0), row_id=rid(4), account="d",
         duplicate_of=rid(1)),
]  # fmt: skip


def test_near_copies_with_other_letters_wait_by_themselves_and_are_shown_as_one_chain(
    tmp_path: Path,
) -> None:
    with desk(tmp_path, CHAIN) as store:
        assert (store.runs()[0].waiting, store.runs()[0].copies) == (2, 2)
        record(store, rid(1), YES, reviewer="adi")
        assert account_states(store) == {1: 3, 2: 3, 3: 0, 4: 0}
        queued = next_post(store, reviewer="adi", order="likely")
        assert queued is not None
        assert (queued.row_id, queued.chain_size) == (rid(3), 2)
        found = context_of(store, rid(3))
        assert [p.row_id for p in found.chain] == [rid(1), rid(2), rid(4)]
        assert (found.n_chain, found.chain_accounts) == (3, 4)
        record(store, rid(3), NO, reviewer="adi")
        assert next_post(store, reviewer="adi", order="likely") is None
        assert account_states(store) == {1: 3, 2: 3, 3: 3, 4: 3}
        assert check(store).ok


def account_states(store: ReviewStore) -> dict[int, int]:
    with store.base.read() as base:
        return dict(base.execute("SELECT id, state FROM posts ORDER BY id").fetchall())


def test_older_store_lets_near_copies_wait_that_it_held_for_judged(tmp_path: Path) -> None:
    with desk(tmp_path, CHAIN) as store:
        # As older versions tied them: all to one, whatever their letters.
        with store.base.write() as base:
            base.execute("UPDATE posts SET head = 1, copy = (id <> 1)")
        record(store, rid(1), YES, reviewer="adi")
        assert account_states(store) == {1: 3, 2: 3, 3: 3, 4: 3}
    migrate_file(tmp_path / "meja.db", to=5)
    with ReviewStore.open(tmp_path / "meja.db") as store:
        assert account_states(store) == {1: 3, 2: 3, 3: 0, 4: 0}
        queued = next_post(store, reviewer="adi", order="likely")
        assert queued is not None
        assert queued.row_id == rid(3)
        assert [p.row_id for p in context_of(store, rid(3)).chain] == [rid(1), rid(2), rid(4)]
        assert remaining(store, reviewer="adi", order="likely").count == 1
        assert check(store).ok


FIRST_CLEAR = [
    post("disalin", (0.1, 0, 0), row_id=rid(1), account="a", posted_at="2024-09-01T08:00:00+07:00"),
    post("disalin!", (0.5, 0, 0), row_id=rid(2), account="b", duplicate_of=rid(1)),
    post("disalin!!", (0.9, 0, 0), row_id=rid(3), account="c", duplicate_of=rid(1)),
    post("disalin!!!", (0.8, 0, 0), row_id=rid(4), account="d", duplicate_of=rid(1)),
    post("lain", (0.85, 0, 0), row_id=rid(5), account="e"),
]


@pytest.mark.parametrize("order", ["likely", "uncertain", "account"])
def test_flagged_copy_of_a_post_that_was_not_flagged_is_queued_once(
    tmp_path: Path, order: Queue
) -> None:
    with desk(tmp_path, FIRST_CLEAR) as store:
        assert (store.runs()[0].waiting, store.runs()[0].copies) == (2, 2)
        assert remaining(store, reviewer="adi", order="likely").count == 2
        chains = {post_of(store, rid(i)).chain_id for i in handed_out(store, "adi", order)}
        assert chains == {rid(3), rid(5)}
        assert remaining(store, reviewer="adi", order="likely").count == 0


def test_first_flagged_copy_stands_for_a_text_whose_first_post_is_milder(tmp_path: Path) -> None:
    with desk(tmp_path, FIRST_CLEAR) as store:
        queued = next_post(store, reviewer="adi", order="likely")
        assert queued is not None
        assert (queued.row_id, queued.chain_id, queued.chain_size) == (rid(3), rid(3), 4)
        chain = context_of(store, rid(3)).chain
        assert [p.row_id for p in chain] == [rid(1), rid(2), rid(4)]
        record(store, rid(3), YES, reviewer="adi")
        assert handed_out(store, "adi", "likely", below=True) == [5]


def test_flagged_copy_of_a_later_run_is_queued_though_the_cleared_first_one_was_judged(
    tmp_path: Path,
) -> None:
    with desk(tmp_path, FIRST_CLEAR[:1]) as store:
        record(store, rid(1), NO, reviewer="adi")
        store.add_run(make_run(tmp_path / "nanti", FIRST_CLEAR), audit=0)
        assert handed_out(store, "adi", "likely") == [3, 5]
        assert check(store).ok


def test_copy_of_a_later_run_joins_a_text_that_still_waits(tmp_path: Path) -> None:
    with desk(tmp_path, FIRST_CLEAR[:2]) as store:
        store.add_run(make_run(tmp_path / "nanti", FIRST_CLEAR), audit=0)
        assert handed_out(store, "adi", "likely") == [3, 5]


def test_a_ring_of_copies_hides_no_post(tmp_path: Path) -> None:
    rows = [
        post("x", (0.9, 0, 0), row_id=rid(1), duplicate_of=rid(2)),
        post("x", (0.9, 0, 0), row_id=rid(2), duplicate_of=rid(1)),
        post("x", (0.9, 0, 0), row_id=rid(3), duplicate_of=rid(3)),
        post("x", (0.9, 0, 0), row_id=rid(4), duplicate_of="tidak ada"),
    ]
    with desk(tmp_path, rows) as store:
        assert sorted(handed_out(store, "adi", "likely")) == [1, 2, 3, 4]


def test_rows_without_scores_are_never_queued(tmp_path: Path) -> None:
    rows = [post("", None, row_id=rid(1)), post("a", (0.9, 0, 0), row_id=rid(2))]
    with desk(tmp_path, rows) as store:
        assert handed_out(store, "adi", "likely", below=True) == [2]
        with pytest.raises(ReviewError, match="scored"):
            record(store, rid(1), NO, reviewer="adi")


def test_known_cases_are_mixed_in_and_change_no_decision(tmp_path: Path) -> None:
    with desk(tmp_path, posts(90), seeded=0.3) as store:
        for i in (2, 5, 8):
            mark_known(store, rid(i), NO, who="ratu", note="kasus acuan")
        seeded = []
        for _ in range(40):
            queued = next_post(store, reviewer="adi", order="likely")
            assert queued is not None
            assert queued == next_post(store, reviewer="adi", order="likely")
            if queued.seeded:
                seeded.append(int(queued.row_id, 16))
            rows = record(store, queued.row_id, YES, reviewer="adi")
            assert {row.kind for row in rows} == {"check" if queued.seeded else "first"}
        assert sorted(seeded) == [2, 5, 8], "each known case once within a month"
        assert {v.verdict for v in verdicts_of(store, rid(2)) if v.kind == "adjudication"} == {"no"}


def test_the_order_of_checks_holds_known_cases_alone(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        assert next_post(store, reviewer="adi", order="checks") is None
        mark_known(store, rid(2), NO, who="ratu", note="")
        assert remaining(store, reviewer="adi", order="checks").count == 1
        queued = next_post(store, reviewer="adi", order="checks")
        assert queued is not None
        assert (queued.row_id, queued.seeded) == (rid(2), True)
        record(store, queued.row_id, NO, reviewer="adi")
        assert next_post(store, reviewer="adi", order="checks") is None
        assert next_post(store, reviewer="ratu", order="checks") is None, "marked by herself"


def test_disagreements_go_to_adjudicators(tmp_path: Path) -> None:
    with desk(tmp_path, double=1.0) as store:
        record(store, rid(0), YES, reviewer="adi")
        record(store, rid(0), NO, reviewer="budi")
        record(store, rid(3), UNSURE, reviewer="adi")
        record(store, rid(3), UNSURE, reviewer="budi")
        with pytest.raises(ReviewError, match="adjudicator"):
            next_post(store, reviewer="adi", order="disagreements")
        assert remaining(store, reviewer="ratu", order="disagreements").count == 2
        found = []
        while queued := next_post(store, reviewer="ratu", order="disagreements"):
            found.append(int(queued.row_id, 16))
            adjudicate(store, queued.row_id, NO, adjudicator="ratu", note="")
        assert found == [0, 3]


def test_readers_and_strangers_get_no_post(tmp_path: Path) -> None:
    with desk(tmp_path) as store:
        for name in ("baca", "orang asing"):
            with pytest.raises(ReviewError, match="role"):
                next_post(store, reviewer=name, order="likely")
        with pytest.raises(ReviewError, match="orders"):
            next_post(store, reviewer="adi", order="apa saja")  # type: ignore[arg-type]
