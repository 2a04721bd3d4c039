"""Samples with known weights, and intervals that hold what they promise."""

import json
import math
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from report_run import THRESHOLDS, Row, batch, make_run, post

from netralitas_nlp.errors import InputError, NetralitasError, UsageError
from netralitas_nlp.labels import LABELS
from netralitas_nlp.prevalence import prevalence
from netralitas_nlp.sampling import (
    MIN_DRAWN,
    Sample,
    allocate,
    draw,
    record_sample,
    score_strata,
)
from netralitas_nlp.scoring.run import RunFolder
from netralitas_nlp.stratified import stratified_share
from netralitas_nlp.verdicts import decided_rows, last_verdicts, read_verdicts


def population(n: int, seed: int = 0) -> list[Row]:
    chance = np.random.default_rng(seed)
    scores = chance.beta(0.3, 6, (n, 3)) * 0.999
    return [post(f"unggahan nomor {i}", tuple(s)) for i, s in enumerate(scores.tolist())]


def sample_of(rows: list[Row], **options: Any) -> Sample:
    options = {"purpose": "audit", "n": 100, "seed": 1, "thresholds": THRESHOLDS} | options
    table = batch(rows)
    size = options.pop("batch_rows", 300)
    return draw(lambda: [table.slice(k, size) for k in range(0, table.num_rows, size)], **options)


# --- the draw


def test_an_audit_draws_every_stratum_with_its_weight() -> None:
    rows = population(2_000)
    sample = sample_of(rows, n=200)
    assert len({row.row_id for row in sample.rows}) == len(sample.rows) == 200
    assert sum(s.size for s in sample.strata) == 2_000
    assert sum(s.drawn for s in sample.strata) == 200
    assert sum(row.stratum.weight for row in sample.rows) == pytest.approx(2_000)
    drawn = Counter(row.stratum for row in sample.rows)
    assert drawn == {s: s.drawn for s in sample.strata}
    weights = [s.weight for s in sample.strata]
    assert weights == sorted(weights, reverse=True)
    largest = {r["row_id"]: max(r[f"score_{k}"] for k in LABELS) for r in batch(rows).to_pylist()}
    by_stratum = [[largest[r.row_id] for r in sample.rows if r.stratum == s] for s in sample.strata]
    for below, above in pairwise(by_stratum):
        assert max(below) < min(above)


def test_the_draw_depends_on_the_seed_alone() -> None:
    rows = population(900)
    one = sample_of(rows, n=60, batch_rows=300)
    assert one == sample_of(rows, n=60, batch_rows=7)
    assert one.rows != sample_of(rows, n=60, seed=2).rows


def test_each_row_of_a_stratum_is_drawn_equally_often() -> None:
    rows = population(300)
    seen: Counter[str] = Counter()
    chance: dict[str, float] = {}
    for seed in range(150):
        for row in sample_of(rows, n=60, seed=seed).rows:
            seen[row.row_id] += 1
            chance[row.row_id] = 1 / row.stratum.weight
    z = [(seen[r] - 150 * p) / math.sqrt(150 * p * (1 - p)) for r, p in chance.items()]
    assert len(seen) == 300
    assert abs(float(np.mean(z))) < 0.2
    assert 0.8 < float(np.std(z)) < 1.2


def test_allocation_follows_the_root_and_fills_small_strata() -> None:
    given = allocate([10_000, 2_500, 100, 3], 300)
    assert sum(given) == 300
    assert given[3] == 3
    assert given[2] >= MIN_DRAWN
    assert given[0] / given[1] == pytest.approx(2, rel=0.02)
    assert allocate([10, 20], 500) == [10, 20]


def test_equal_scores_stay_in_one_stratum() -> None:
    counts = np.zeros(100, np.int64)
    counts[10] = 1_000
    cuts, sizes = score_strata(counts)
    assert (list(cuts), sizes) == ([], [1_000])
    counts[50] = 40
    _, sizes = score_strata(counts)
    assert sum(sizes) == 1_040
    assert 40 in sizes
    counts[:] = 0
    counts[3] = 1
    assert score_strata(counts)[1] == [1]


def test_training_takes_uncertain_texts_once_and_random_others() -> None:
    near = [post("Salinan yang sama persis!", (0.70, 0.1, 0.1)) for _ in range(50)]
    close = [post(f"hampir {n}", (0.69, 0.1, 0.1)) for n in range(20)]
    sample = sample_of(near + close + population(600), purpose="training", n=40)
    uncertain = [r for r in sample.rows if r.stratum.name == "uncertain"]
    assert len(uncertain) == 20
    assert sum("Salinan" in r.text for r in uncertain) == 1
    assert sum("hampir" in r.text for r in uncertain) == 19
    assert {r.stratum.weight for r in uncertain} == {1.0}
    assert sum(r.stratum.weight for r in sample.rows) == pytest.approx(670)
    assert len({r.row_id for r in sample.rows}) == 40


def test_a_label_that_never_flags_is_uncertain_at_its_review_threshold() -> None:
    never = {k: {"flag": 1.0, "review": 0.5} for k in LABELS}
    rows = [post(f"tinggi {n}", (0.99, 0.0, 0.0)) for n in range(30)]
    rows += [post(f"batas {n}", (0.5, 0.0, 0.0)) for n in range(5)]
    sample = sample_of(rows, purpose="training", n=10, thresholds=never)
    assert all("batas" in r.text for r in sample.rows if r.stratum.name == "uncertain")


def test_a_small_run_is_taken_whole_and_an_empty_one_refused() -> None:
    sample = sample_of(population(30), n=50)
    assert len(sample.rows) == 30
    assert all(row.stratum.weight == 1 for row in sample.rows)
    for rows, n in (([post(None, None)], 50), (population(5), 49)):
        with pytest.raises(UsageError):
            sample_of(rows, n=n)


# --- the interval


def test_one_stratum_gives_the_interval_of_wilson() -> None:
    # Wilson (1927) for 7 of 50; the population is too large for its correction to be seen.
    share = stratified_share([10**12], [50], [7])
    assert (share.low, share.high) == pytest.approx((0.0695, 0.2619), abs=1e-4)
    assert stratified_share([10**12], [50], [0]).high == pytest.approx(0.0714, abs=1e-4)
    assert stratified_share([10**12], [50], [50]).low == pytest.approx(1 - 0.0714, abs=1e-4)


def test_what_was_judged_in_full_is_known() -> None:
    share = stratified_share([40, 60], [40, 60], [4, 0])
    assert (share.value, share.low, share.high) == (0.04, 0.04, 0.04)
    share = stratified_share([40, 60], [40, 20], [4, 0])
    assert share.low == pytest.approx(0.04)
    assert 0.04 < share.high < 0.2


def test_strata_without_hits_do_not_close_the_interval() -> None:
    share = stratified_share([5_000, 100], [100, 30], [0, 12])
    assert share.low < share.value < share.high
    assert share.high > 0.02
    for wrong in (([5], [6], [0]), ([5], [0], [0]), ([5], [2], [3]), ([], [], [])):
        with pytest.raises(ValueError, match="stratum"):
            stratified_share(*wrong)


@pytest.mark.parametrize(("rate", "n"), [(0.01, 300), (0.03, 400), (0.10, 300), (0.02, 1_000)])
def test_500_simulated_audits_hold_the_truth_95_times_in_100(rate: float, n: int) -> None:
    chance = np.random.default_rng(int(rate * 1000) + n)
    sizes = np.array([10_000, 6_000, 2_000, 1_000, 600, 200, 200])
    # Violations gather in the strata of high scores, as they do with a model that works.
    shape = np.array([0.05, 0.2, 0.8, 2.0, 5.0, 12.0, 25.0])
    hits = np.round(sizes * np.minimum(0.95, shape * rate / (sizes @ shape) * sizes.sum()))
    judged = np.array(allocate(sizes.tolist(), n))
    truth = hits.sum() / sizes.sum()
    held = []
    interval = cache(lambda seen: stratified_share(sizes, judged, seen))
    for _ in range(500):
        seen = chance.hypergeometric(hits.astype(int), (sizes - hits).astype(int), judged)
        share = interval(tuple(seen.tolist()))
        held.append(share.low <= truth <= share.high)
    assert 0.93 <= np.mean(held) <= 0.97


# --- verdicts


def verdict(row_id: str, label: str = "hoax", answer: str = "no", **values: Any) -> str:
    entry = {"row_id": row_id, "label": label, "verdict": answer, "reviewer": "r1"}
    entry |= {"decided_at": "2024-10-01T08:00:00+07:00", "bundle": "b", "policy_version": "p"}
    return json.dumps(entry | {"sampling_weight": None} | values)


def audit(folder: Path, *, rows: int = 1_500, n: int = 150) -> tuple[RunFolder, Sample]:
    run = RunFolder.open(make_run(folder, population(rows)))
    sample = draw(run.batches, purpose="audit", n=n, seed=3, thresholds=THRESHOLDS)
    record_sample(run, sample)
    return run, sample


def judged(sample: Sample, answer: Any, labels: tuple[str, ...] = LABELS) -> list[str]:
    return [
        verdict(row.row_id, label, answer(row, label), sampling_weight=row.stratum.weight)
        for row in sample.rows
        for label in labels
    ]


def written(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n")
    return path


def test_shares_come_from_the_last_verdict_and_the_weights(tmp_path: Path) -> None:
    run, sample = audit(tmp_path / "r")
    top = sample.strata[-1].name

    def answer(row: Any, label: str) -> str:
        return "yes" if label == "hoax" and row.stratum.name == top else "no"

    lines = judged(sample, answer)
    early = {"decided_at": "2024-09-01", "sampling_weight": sample.rows[0].stratum.weight}
    lines.append(verdict(sample.rows[0].row_id, "hate_speech", "yes", **early))
    found = prevalence(run, written(tmp_path / "v.jsonl", lines))
    by = {e.target: e for e in found.estimates}
    expected = sample.strata[-1].size / 1_500
    assert by["hoax"].share and by["any"].share and by["hate_speech"].share
    assert by["hoax"].share.value == pytest.approx(expected) == by["any"].share.value
    assert by["hate_speech"].yes == 0 == by["hate_speech"].share.low
    assert (found.population, found.drawn, found.judged, found.outside) == (1_500, 150, 150, 0)


def test_unsure_and_unanswered_are_told_and_bounded(tmp_path: Path) -> None:
    run, sample = audit(tmp_path / "r")
    first = {row.row_id for row in sample.rows[:20]}
    lines = judged(sample, lambda row, _: "unsure" if row.row_id in first else "no", ("hoax",))
    found = prevalence(run, written(tmp_path / "v.jsonl", lines))
    by = {e.target: e for e in found.estimates}
    hoax = by["hoax"]
    assert (hoax.yes, hoax.no, hoax.unsure, hoax.unanswered) == (0, 130, 20, 0)
    assert hoax.if_no == 0 < hoax.if_yes < 0.5
    assert by["any"].share is None and by["any"].unanswered == 150


def test_verdicts_outside_the_sample_are_left_out(tmp_path: Path) -> None:
    run, sample = audit(tmp_path / "r")
    drawn = {row.row_id for row in sample.rows}
    ids = [i for b in run.batches(["row_id"]) for i in b["row_id"].to_pylist() if i not in drawn]
    lines = judged(sample, lambda *_: "no") + [verdict(i, "hoax", "yes") for i in ids[:100]]
    found = prevalence(run, written(tmp_path / "v.jsonl", lines))
    assert found.outside == 100
    assert found.estimates[2].yes == 0


def refused(run: RunFolder, path: Path, lines: list[str]) -> NetralitasError:
    with pytest.raises(NetralitasError) as error:
        prevalence(run, written(path, lines))
    assert error.value.render("id") and error.value.render("en")
    return error.value


def test_verdicts_that_are_no_random_sample_are_refused(tmp_path: Path) -> None:
    run, sample = audit(tmp_path / "r")
    path, rows = tmp_path / "v.jsonl", sample.rows
    plain = [verdict(row.row_id) for row in rows]
    assert refused(run, path, plain).code == "prevalence_no_weights"
    good = judged(sample, lambda *_: "no")
    assert refused(run, path, good[:60]).code == "prevalence_few"
    assert refused(run, path, [""]).code == "prevalence_few"
    wrong = [verdict(rows[0].row_id, sampling_weight=1.5)]
    error = refused(run, path, good + wrong)
    assert (error.code, error.values["row"], error.exit_code) == ("verdict_weight", 451, 1)
    foreign = [verdict("f" * 16, sampling_weight=2.0)]
    error = refused(run, path, good + foreign)
    assert (error.code, error.values["row"]) == ("verdict_other_run", 451)
    for file in (run.path / "samples").iterdir():
        file.write_text(file.read_text()[:-40])
    error = refused(run, path, good)
    assert (error.code, error.exit_code) == ("prevalence_no_strata", 2)


def test_a_training_sample_does_not_measure(tmp_path: Path) -> None:
    run, _ = audit(tmp_path / "r")
    sample = draw(run.batches, purpose="training", n=80, seed=3, thresholds=THRESHOLDS)
    record_sample(run, sample)
    error = refused(run, tmp_path / "v.jsonl", judged(sample, lambda *_: "no"))
    assert error.code == "prevalence_not_random"


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("{", "JSON"),
        ("[1]", "JSON"),
        ("\xff", "JSON"),
        (verdict(""), "row_id"),
        (verdict("a", "judi"), "label"),
        (verdict("a", "hoax", "ya"), "verdict"),
        (verdict("a", verdict=["yes"]), "verdict"),
        (verdict("a", label={}), "label"),
        (verdict("a", reviewer=None), "reviewer"),
        (verdict("a", decided_at="kemarin"), "decided_at"),
        (verdict("a", decided_at=None), "decided_at"),
        (verdict("a", sampling_weight=0), "sampling_weight"),
        (verdict("a", sampling_weight="2"), "sampling_weight"),
        (verdict("a", sampling_weight=float("nan")), "sampling_weight"),
        (verdict("a", sampling_weight=True), "sampling_weight"),
    ],
)
def test_a_malformed_verdict_is_named_by_its_line(tmp_path: Path, line: str, column: str) -> None:
    path = tmp_path / "v.jsonl"
    path.write_bytes((verdict("a") + "\n\n").encode() + line.encode("latin-1") + b"\n")
    with pytest.raises(InputError) as error:
        list(read_verdicts(path))
    assert (error.value.values["row"], error.value.values["column"]) == (3, column)


def test_the_last_word_counts_and_unsure_decides_nothing(tmp_path: Path) -> None:
    lines = [
        verdict("a", answer="yes", decided_at="2024-10-02"),
        verdict("a", answer="no", decided_at="2024-10-01"),
        verdict("b", answer="yes"),
        verdict("b", answer="unsure"),
    ]
    path = written(tmp_path / "v.jsonl", lines)
    last = last_verdicts(read_verdicts(path))
    assert [last[key, "hoax"].answer for key in "ab"] == ["yes", "unsure"]
    assert decided_rows(path) == {"a"}
