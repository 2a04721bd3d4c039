"""Each change between two runs is put down to posts, text, model, thresholds or policy."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_run import THRESHOLDS, make_run, post

from netralitas_nlp.errors import RunError, UsageError
from netralitas_nlp.labels import LABELS
from netralitas_nlp.scoring.diff import decided, diff_runs
from netralitas_nlp.scoring.matching import DECISIONS, bits_of
from netralitas_nlp.thresholds import decide

LOWER = {**THRESHOLDS, "candidate_support": {"flag": 0.6, "review": 0.3}}
FLAG, NEAR, CLEAR = (0.9, 0.1, 0.1), (0.65, 0.1, 0.1), (0.1, 0.1, 0.1)


def at(text: str, scores: tuple[float, ...] | None, limits: Any = THRESHOLDS, **values: Any) -> Any:
    """Return a row decided at some thresholds."""
    row = dict(post(text, scores, account=values.pop("account", f"a-{text}"), **values))
    if scores is not None:
        named = dict(zip(LABELS, scores, strict=True))
        decision, labels = decide(named, limits)
        row |= {"decision": decision, "labels": ";".join(labels) or None}
    return row


def run(folder: Path, rows: list[Any], *, name: str, limits: Any = THRESHOLDS, **more: Any) -> Path:
    """Write a run; row ids differ between runs unless the rows have their own."""
    own = [row if row["row_id"] else row | {"row_id": f"{name}-{n}"} for n, row in enumerate(rows)]
    return make_run(folder / name, own, thresholds=limits, **more)


def test_new_and_vanished_posts_are_told_apart(tmp_path: Path) -> None:
    one = run(tmp_path, [at("sama", FLAG), at("hilang", FLAG)], name="one")
    two = run(tmp_path, [at("baru", NEAR), at("sama", FLAG), at("baru juga", FLAG)], name="two")
    found = diff_runs(one, two)
    assert (found.by_id, found.by_post, found.new, found.vanished) == (0, 1, 2, 1)
    flag = found.steps["flag"]
    assert (flag.before, flag.vanished, flag.new, flag.after) == (2, 1, 1, 2)
    assert found.changed == 0


def test_rows_are_matched_by_id_before_anything_else(tmp_path: Path) -> None:
    one = run(tmp_path, [at("x", FLAG, row_id="k1"), at("y", FLAG, row_id="k2")], name="one")
    two = run(tmp_path, [at("y", FLAG, row_id="k2"), at("x", FLAG, row_id="k3")], name="two")
    found = diff_runs(one, two)
    assert (found.by_id, found.by_post, found.new, found.vanished) == (1, 1, 0, 0)


def test_copies_of_one_post_are_matched_once_each(tmp_path: Path) -> None:
    one = run(tmp_path, [at("x", FLAG)] * 2, name="one")
    two = run(tmp_path, [at("x", FLAG)] * 5, name="two")
    found = diff_runs(one, two)
    assert (found.by_post, found.new, found.vanished) == (2, 3, 0)


def test_a_change_at_the_old_thresholds_is_the_models(tmp_path: Path) -> None:
    one = run(tmp_path, [at("x", FLAG), at("y", CLEAR)], name="one")
    two = run(tmp_path, [at("x", CLEAR), at("y", CLEAR)], name="two", sha256="9" * 64)
    found = diff_runs(one, two)
    assert (found.model_only, found.thresholds_only, found.both) == (1, 0, 0)
    assert found.steps["flag"].model == found.steps["candidate_support"].model == -1
    assert (found.moved, round(found.largest, 6)) == (1, 0.8)
    assert not found.same_model


def test_a_change_at_the_same_scores_is_the_thresholds(tmp_path: Path) -> None:
    one = run(tmp_path, [at("x", NEAR)], name="one")
    two = run(tmp_path, [at("x", NEAR, LOWER)], name="two", limits=LOWER)
    found = diff_runs(one, two)
    assert (found.model_only, found.thresholds_only, found.both) == (0, 1, 0)
    assert found.steps["flag"].thresholds == 1
    assert found.steps["review"].thresholds == -1
    assert found.moved == 0
    assert found.same_model
    assert not found.same_thresholds


def test_model_and_thresholds_together_and_against_each_other(tmp_path: Path) -> None:
    before = [at("x", CLEAR), at("y", FLAG)]
    after = [at("x", NEAR, LOWER), at("y", NEAR, LOWER)]
    one = run(tmp_path, before, name="one")
    two = run(tmp_path, after, name="two", limits=LOWER)
    found = diff_runs(one, two)
    assert (found.both, found.cancelled, found.changed) == (1, 1, 1)
    assert found.steps["flag"].model == -1
    assert found.steps["flag"].thresholds == 2


def test_text_read_otherwise_is_not_put_down_to_the_model(tmp_path: Path) -> None:
    one = run(tmp_path, [at("x", FLAG, row_id="k1"), at("z", None, row_id="k2")], name="one")
    two = run(tmp_path, [at("y", CLEAR, row_id="k1"), at("z", FLAG, row_id="k2")], name="two")
    found = diff_runs(one, two)
    assert (found.reread, found.model_only, found.moved) == (2, 0, 0)
    assert found.steps["flag"].reread == 0
    assert found.steps["clear"].reread == 1


def test_the_parent_belongs_to_what_was_read(tmp_path: Path) -> None:
    one = run(tmp_path, [at("x", FLAG)], name="one")
    two = run(tmp_path, [at("x", CLEAR, parent_text="Pilih dua")], name="two")
    assert diff_runs(one, two).reread == 1


def test_another_clause_under_the_same_labels_is_the_policys(tmp_path: Path) -> None:
    before = [at("x", FLAG, clause="Langkat 2"), at("y", CLEAR), at("z", FLAG, stage="a")]
    after = [at("x", FLAG, clause="Luwu Utara 3"), at("y", FLAG, clause="Langkat 2"),
             at("z", FLAG, stage="b")]  # fmt: skip
    found = diff_runs(run(tmp_path, before, name="one"), run(tmp_path, after, name="two"))
    assert (found.clause, found.clause_policy, found.stage) == (2, 1, 1)


def test_unusable_folders_are_refused(tmp_path: Path) -> None:
    one = run(tmp_path, [at("x", FLAG)], name="one")
    two = run(tmp_path, [at("x", FLAG)], name="two")
    with pytest.raises(UsageError):
        diff_runs(one, tmp_path / "." / "one")
    with pytest.raises(RunError):
        diff_runs(one, tmp_path)
    manifest = json.loads((two / "manifest.json").read_text())
    del manifest["bundle"]["thresholds"]["hoax"]
    (two / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(RunError, match="thresholds"):
        diff_runs(one, two)


def test_empty_runs_differ_in_nothing(tmp_path: Path) -> None:
    found = diff_runs(run(tmp_path, [], name="one"), run(tmp_path, [], name="two"))
    assert (found.changed, found.new, found.vanished) == (0, 0, 0)


score = st.sampled_from([0.05, 0.31, 0.33, 0.5, 0.65, 0.72, 0.9])
rows = st.lists(
    st.tuples(st.sampled_from("abcd"), st.one_of(st.none(), st.tuples(score, score, score))),
    max_size=12,
)


@given(before=rows, after=rows)
def test_the_steps_of_every_count_add_up(
    before: Any, after: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("d")
    one = run(folder, [at(text, scores) for text, scores in before], name="one")
    two = run(folder, [at(text, scores, LOWER) for text, scores in after], name="two", limits=LOWER)
    found = diff_runs(one, two)
    for steps in found.steps.values():
        gains = steps.new - steps.vanished + steps.reread + steps.model + steps.thresholds
        assert steps.before + gains == steps.after
    matched = found.by_id + found.by_post
    assert matched + found.new == len(after)
    assert matched + found.vanished == len(before)


@given(st.lists(st.tuples(score, score, score), min_size=1, max_size=20))
def test_decisions_are_those_of_the_predictor(scores: list[tuple[float, ...]]) -> None:
    limits = np.array(
        [[THRESHOLDS[label][kind] for label in LABELS] for kind in ("flag", "review")]
    )
    decisions, labels = decided(np.array(scores), limits)
    for row, number, bits in zip(scores, decisions, labels, strict=True):
        decision, named = decide(dict(zip(LABELS, row, strict=True)), THRESHOLDS)  # type: ignore[arg-type]
        assert DECISIONS[number] == decision
        assert bits == bits_of(";".join(named))
