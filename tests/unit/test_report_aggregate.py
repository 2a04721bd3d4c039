"""The streaming statistics of the report agree with a plain count over all rows."""

import random
from collections import Counter
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from report_run import THRESHOLDS, batch, campaign, numbered, post

from netralitas_nlp.labels import DECISIONS, LABELS
from netralitas_nlp.report.aggregate import N_BINS, Totals, aggregate, urgency
from netralitas_nlp.report.moments import moment
from netralitas_nlp.report.periods import timeline
from netralitas_nlp.report.untrusted import MAX_TEXT
from netralitas_nlp.schema import PART_SCHEMA


def totals_of(rows, *, limit=300, size=97) -> Totals:
    rows = numbered(rows)
    batches = (
        pa.RecordBatch.from_pylist(rows[i : i + size], schema=PART_SCHEMA)
        for i in range(0, len(rows), size)
    )
    return aggregate(batches, THRESHOLDS, limit=limit)


def test_counts_agree_with_a_plain_count_over_the_rows():
    rows = campaign(300)
    totals = totals_of(rows)
    assert totals.rows == len(rows)
    assert totals.decisions == Counter(row["decision"] for row in rows if row["decision"])
    assert totals.empty == sum(not row["text"] for row in rows)
    assert totals.unscored == sum(row["text_kind"] == "like" for row in rows)
    for label in LABELS:
        scores = [row[f"score_{label}"] for row in rows if row["decision"]]
        flagged = sum(score >= THRESHOLDS[label]["flag"] for score in scores)
        waiting = sum(score >= THRESHOLDS[label]["review"] for score in scores)
        assert totals.levels[label]["flag"] == flagged
        assert totals.levels[label]["review"] == waiting - flagged
        assert totals.levels[label]["clear"] == len(scores) - waiting
        expected, _ = np.histogram(scores, bins=N_BINS, range=(0, 1))
        assert abs(totals.histograms[label] - expected).sum() <= 2  # edges in floating point
        assert totals.histograms[label].sum() == len(scores)


def test_how_rows_are_cut_into_batches_changes_nothing():
    rows = campaign(200)
    first, second = totals_of(rows, limit=20, size=7), totals_of(rows, limit=20, size=1000)
    assert first.listed == second.listed
    assert first.passed == second.passed
    assert first.days == second.days
    assert all((first.histograms[n] == second.histograms[n]).all() for n in LABELS)


def test_list_holds_the_posts_farthest_above_their_thresholds():
    rows = [post(f"unggahan {n}", (n / 200, 0.0, 0.0)) for n in range(200)]
    random.Random(3).shuffle(rows)
    listed = totals_of(rows, limit=10).listed
    assert [p.text for p in listed] == [f"unggahan {n}" for n in range(199, 189, -1)]


def test_flagged_posts_stand_before_posts_of_the_review_band_whatever_the_label():
    rows = [post("dekat", (0.70, 0.82, 0.65)), post("ditandai", (0.0, 0.0, 0.661))]
    assert [p.text for p in totals_of(rows).listed] == ["ditandai", "dekat"]


def test_copies_are_shown_once_and_counted_exactly_although_the_list_is_short():
    chance = random.Random(5)
    rows = [post(f"teks {n % 40}", (0.72 + (n % 40) / 200, 0.0, 0.0)) for n in range(2_000)]
    chance.shuffle(rows)
    listed = totals_of(rows, limit=7).listed
    assert len(listed) == 7
    assert all(p.copies == 50 and len(p.others) == 5 for p in listed)


def test_the_same_words_under_another_parent_are_another_post():
    rows = [post("setuju", (0.9, 0, 0), parent_text=parent) for parent in ("satu", "dua", "satu")]
    assert sorted(p.copies for p in totals_of(rows).listed) == [1, 2]


def test_equal_ranks_keep_the_order_of_the_rows():
    rows = [post(f"teks {n}", (0.9, 0, 0)) for n in range(30)]
    assert [p.text for p in totals_of(rows, limit=4).listed] == [f"teks {n}" for n in range(4)]


def test_texts_are_held_shortened_with_their_length():
    (listed,) = totals_of([post("kata " * 400_000, (0.9, 0, 0))]).listed
    assert listed.n_chars == 2_000_000
    assert len(listed.text) <= MAX_TEXT


def test_no_more_texts_are_held_than_the_list_shows():
    rows = [post(f"teks {n}", (0.72 + n / 100_000, 0, 0)) for n in range(5_000)]
    totals = totals_of(rows, limit=25)
    assert len(totals.listed) == 25
    assert totals.waiting == 5_000


def test_threshold_that_cannot_be_reached_never_flags():
    thresholds = THRESHOLDS | {"hoax": {"flag": None, "review": 0.5}}
    totals = aggregate([batch([post("kabar", (0, 0, 1.0))])], thresholds, limit=5)
    assert totals.levels["hoax"] == Counter(flag=0, review=1, clear=0)


def test_missing_scores_rank_below_everything():
    scores = {label: np.array([np.nan, 0.0]) for label in LABELS}
    missing, zero = urgency(scores, THRESHOLDS)
    assert missing < zero < 0


def test_empty_run_has_empty_totals():
    totals = totals_of([])
    assert (totals.rows, totals.scored, totals.waiting, totals.listed) == (0, 0, 0, [])


@pytest.mark.parametrize(
    ("written", "day", "zoned", "timed"),
    [
        ("2024-09-21T23:30:00+00:00", date(2024, 9, 22), True, True),
        ("2024-09-21T23:30:00Z", date(2024, 9, 22), True, True),
        ("2024-09-22T00:30:00+09:00", date(2024, 9, 21), True, True),
        ("2024-09-21T23:30:00", date(2024, 9, 21), False, True),
        ("2024-09-21", date(2024, 9, 21), False, False),
    ],
)
def test_day_is_counted_in_western_indonesian_time_where_the_zone_is_known(
    written, day, zoned, timed
):
    when = moment(written)
    assert (when.day, when.zoned, when.timed) == (day, zoned, timed)


@pytest.mark.parametrize(
    "written",
    ["", None, "kemarin", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00+09:00", "9999-12-31T23:00Z"],
)
def test_unreadable_and_impossible_dates_are_counted_as_undated(written):
    assert moment(written) is None
    assert totals_of([post("a", posted_at=written)]).undated == 1


@pytest.mark.parametrize(
    ("days", "unit"), [(1, "day"), (62, "day"), (63, "week"), (600, "month"), (9_000, "year")]
)
def test_chart_uses_the_period_that_fits_and_loses_no_post(days, unit):
    start = date(2001, 3, 14)
    counts = {start + timedelta(n): Counter(clear=2, flag=1) for n in range(days)}
    line = timeline(counts)
    assert line.unit == unit
    assert sum(p.total for p in line.periods) + line.before + line.after == 3 * days
    assert line.periods[0].start <= start
    assert len(line.periods) <= 121


def test_stray_dates_do_not_squeeze_the_chart_but_are_told():
    counts = {date(2024, 9, 1) + timedelta(n): Counter(clear=100) for n in range(30)}
    counts[date(2009, 1, 1)] = Counter(clear=2)
    counts[date(2031, 1, 1)] = Counter(flag=1)
    line = timeline(counts)
    assert (line.unit, line.before, line.after) == ("day", 2, 1)
    assert len(line.periods) == 30


def test_every_decision_is_in_every_period_of_the_chart():
    line = timeline({date(2024, 9, 1): Counter(flag=1), date(2024, 9, 9): Counter(clear=1)})
    assert all(set(p.counts) == set(DECISIONS) for p in line.periods)
    assert len(line.periods) == 9
