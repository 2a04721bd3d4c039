"""The file of remembered scores: the same bits, no texts, no foreign or damaged answers."""

import json
import multiprocessing
import os
import sqlite3
import stat
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fake_scorer import FLAG, REVIEW, HashScorer, write_csv
from hypothesis import given, settings
from hypothesis import strategies as st

from netralitas_nlp.errors import RunError
from netralitas_nlp.labels import LABELS
from netralitas_nlp.predictor import NOTHING, Scorer
from netralitas_nlp.schema import Prediction
from netralitas_nlp.scoring.cache import AnswerCache
from netralitas_nlp.scoring.cached import CachedScorer, context_of
from netralitas_nlp.scoring.pipeline import score_files


class Counting(HashScorer):
    """Notes what the model is asked; capital letters do not reach it."""

    asked: list[str]
    explained: list[str]

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.asked, self.explained = [], []

    def normal_form(self, text: str) -> str:
        return text.lower()

    def score_stream(self, texts: Iterable[tuple[str, str | None]]) -> Iterator[Prediction]:
        for text, parent in texts:
            self.asked.append(text)
            lowered = self.normal_form(parent) if parent else None
            yield from super().score_stream([(self.normal_form(text), lowered)])

    def evidence(self, questions: Any, predictions: Any) -> Any:
        self.explained += [text for text, _ in questions]
        return super().evidence(questions, predictions)


def outcomes(scorer: Any, questions: Sequence[tuple[str, str | None]]) -> list[Any]:
    predictions = list(scorer.score_stream(questions))
    return [*zip(predictions, scorer.evidence(questions, predictions), strict=True)]


def test_copies_are_computed_once_and_explained_once_per_raw_text(tmp_path: Path) -> None:
    questions = [(t, None) for t in ["Apel pagi", "apel PAGI", "Apel pagi", "rapat", "apel pagi"]]
    questions += [("apel pagi", "induk"), ("apel pagi", "INDUK")]
    plain = outcomes(Counting(), questions)
    scorer = Counting()
    with AnswerCache(tmp_path / "c") as cache:
        found = outcomes(CachedScorer(scorer, cache, context="x"), questions)
        assert found == plain
        assert scorer.asked == ["Apel pagi", "rapat", "apel pagi"]
        shown = {q for q, (p, _) in zip(questions, plain, strict=True) if p.decision != "clear"}
        assert 1 < len(shown) < len(questions)
        assert sorted(scorer.explained) == sorted(text for text, _ in shown)
        again = Counting()
        assert outcomes(CachedScorer(again, cache, context="x"), questions) == plain
        assert (again.asked, again.explained) == ([], [])


wild = st.text(alphabet=st.sampled_from("aAbB \0\n\"'\ud83d✌é"), max_size=6)


@settings(max_examples=40)
@given(st.lists(st.tuples(wild, st.none() | wild), max_size=12))
def test_scores_with_and_without_a_cache_are_the_same_bits(
    tmp_path_factory: pytest.TempPathFactory, questions: list[tuple[str, str | None]]
) -> None:
    questions = [(f"x {text}", parent or None) for text, parent in questions]
    plain = outcomes(Counting(), questions)
    with AnswerCache(tmp_path_factory.mktemp("ingatan") / "c") as cache:
        for _ in range(2):
            assert outcomes(CachedScorer(Counting(), cache, context="x"), questions) == plain


def test_a_real_model_says_the_same_from_a_cache(tmp_path: Path, tiny_bundle: Path) -> None:
    import tiny

    scorer = Scorer.from_pretrained(tiny_bundle, operating_point="recall")
    questions: list[tuple[str, str | None]] = [
        (text, parent)
        for text in [*tiny.SUPPORT, *tiny.HATE, *tiny.HOAX, "✌️✌️ COBLOS \ud83d", "  ", "…"]
        for parent in (None, "setuju", "✌️")
    ]
    questions += [(text.upper(), parent) for text, parent in questions]
    plain = outcomes(scorer, questions)
    context = context_of(scorer, backend="onnx", config={})
    with AnswerCache(tmp_path / "c") as cache:
        for _ in range(2):
            cached = CachedScorer(scorer, cache, context=context)
            assert outcomes(cached, questions) == plain
    assert NOTHING in [prediction for prediction, _ in plain]


def test_another_context_or_threshold_is_another_question(tmp_path: Path) -> None:
    class Strict(Counting):
        @property
        def thresholds(self) -> Any:
            return {label: {"flag": FLAG + 0.1, "review": REVIEW - 0.2} for label in LABELS}

    questions = [(f"kata {n}", None) for n in range(40)]
    with AnswerCache(tmp_path / "c") as cache:
        outcomes(CachedScorer(Counting(), cache, context="x"), questions)
        other = Counting()
        outcomes(CachedScorer(other, cache, context="y"), questions)
        assert len(other.asked) == 40
        strict = Strict()
        found = outcomes(CachedScorer(strict, cache, context="x"), questions)
        assert strict.asked == []
        assert len(strict.explained) == sum(p.decision != "clear" for p, _ in found)


def test_the_context_names_model_packages_rosters_and_machine() -> None:
    config = {"packages": {"onnxruntime": "1"}, "rosters": {"a": "b"}}
    base = context_of(HashScorer(), backend="onnx", config=config)
    facts = json.loads(base)
    assert facts["bundle"] == HashScorer().bundle.digest
    assert facts["machine"][1]
    others = [
        context_of(HashScorer(), backend="torch", config=config),
        context_of(Counting(), backend="onnx", config=config),
        context_of(HashScorer(), backend="onnx", config=config | {"rosters": {"a": "c"}}),
        context_of(HashScorer(), backend="onnx", config=config | {"packages": {}}),
    ]
    assert len({base, *others}) == 5


def test_no_text_is_stored_and_only_the_owner_may_look(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with AnswerCache(tmp_path / "c") as cache:
            scorer = CachedScorer(Counting(), cache, context="x")
            outcomes(scorer, [(f"rahasia{n} warga", "indukrahasia") for n in range(30)])
            stored = b"".join(f.read_bytes() for f in tmp_path.iterdir())
            modes = {stat.S_IMODE(f.stat().st_mode) for f in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert b"rahasia" not in stored
    assert len(stored) > 4_000
    if os.name != "nt":
        assert modes == {0o600}


def filled(path: Path) -> tuple[list[tuple[str, None]], list[Any]]:
    questions = [(f"kata nomor {n}", None) for n in range(300)]
    with AnswerCache(path) as cache:
        found = outcomes(CachedScorer(Counting(), cache, context="x"), questions)
    return questions, found


@pytest.mark.parametrize("content", [b"skripsi penting", b"\0" * 5_000, b"SQLite format 3"])
def test_a_foreign_file_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "c").write_bytes(content)
    with pytest.raises(RunError) as error:
        AnswerCache(tmp_path / "c")
    assert error.value.code == "cache_foreign"
    assert (tmp_path / "c").read_bytes() == content


def test_the_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    base = sqlite3.connect(tmp_path / "c")
    base.execute("CREATE TABLE answer (key BLOB PRIMARY KEY, value BLOB)")
    base.commit()
    base.close()
    before = (tmp_path / "c").read_bytes()
    with pytest.raises(RunError) as error:
        AnswerCache(tmp_path / "c")
    assert error.value.code == "cache_foreign"
    assert (tmp_path / "c").read_bytes() == before


def test_a_file_of_a_later_layout_is_refused(tmp_path: Path) -> None:
    filled(tmp_path / "c")
    base = sqlite3.connect(tmp_path / "c")
    base.execute("PRAGMA user_version = 9")
    base.close()
    with pytest.raises(RunError, match="9"):
        AnswerCache(tmp_path / "c")


def test_a_damaged_file_gives_no_wrong_answer_wherever_it_is_hurt(tmp_path: Path) -> None:
    questions, right = filled(tmp_path / "c")
    content = (tmp_path / "c").read_bytes()
    refused = 0
    for place in range(3, len(content), max(1, len(content) // 40)):
        harmed = bytearray(content)
        harmed[place : place + 6] = bytes(b ^ 0xA5 for b in harmed[place : place + 6])
        (tmp_path / "c").write_bytes(harmed)
        for side in ("c-wal", "c-shm"):
            (tmp_path / side).unlink(missing_ok=True)
        try:
            with AnswerCache(tmp_path / "c") as cache:
                assert outcomes(CachedScorer(Counting(), cache, context="x"), questions) == right
        except RunError as error:
            refused += 1
            assert error.code in ("cache_damaged", "cache_foreign", "cache_layout")
            assert "Hapus" in error.render("id") or "nama lain" in error.render("id")
    assert refused > 10


@pytest.mark.parametrize("place", ["tidak/ada/c", "."])
def test_a_place_that_cannot_hold_a_cache_is_a_clear_error(tmp_path: Path, place: str) -> None:
    with pytest.raises(RunError) as error:
        AnswerCache(tmp_path / place)
    assert error.value.code == "cache_no_access"


def _fill(path: Path, start: int, errors: "multiprocessing.Queue[str]") -> None:
    try:
        for _ in range(5):
            with AnswerCache(path) as cache:
                questions = [(f"kata {n}", None) for n in range(start, start + 200)]
                scorer = CachedScorer(HashScorer(), cache, context="x")
                assert outcomes(scorer, questions) == outcomes(HashScorer(), questions)
    except Exception as error:
        errors.put(repr(error))


def test_several_processes_make_and_fill_one_file_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    errors = context.Queue()
    workers = [context.Process(target=_fill, args=(tmp_path / "c", n, errors)) for n in (0, 50, 99)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert errors.empty()
    scorer = Counting()
    with AnswerCache(tmp_path / "c") as cache:
        list(CachedScorer(HashScorer(), cache, context="x").score_stream([("kata 7", None)]))
    assert scorer.asked == []


def views(folder: Path) -> dict[str, bytes]:
    names = ("scored.jsonl", "scored.csv", "copies.parquet", "parts/00000.parquet")
    return {name: (folder / name).read_bytes() for name in names}


def run(source: Path, out: Path, **options: Any) -> dict[str, bytes]:
    given = {"jobs": 1, "make_scorer": HashScorer, "formats": ("csv", "jsonl"), "report": False}
    score_files([source], out=out, **(given | options))
    return views(out)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_with_a_cache_is_the_run_without(tmp_path: Path, jobs: int) -> None:
    source = write_csv(tmp_path / "e.csv", 120)
    plain = run(source, tmp_path / "tanpa")
    for name in ("dingin", "hangat"):
        found = run(source, tmp_path / name, cache=tmp_path / "c", jobs=jobs)
        assert found == plain
        assert not [f for f in (tmp_path / name).iterdir() if "answers" in f.name]


class Once(HashScorer):
    """Refuses to score a text twice."""

    seen: set[str]

    def score_stream(self, texts: Iterable[tuple[str, str | None]]) -> Iterator[Prediction]:
        self.seen = getattr(self, "seen", set())
        for text, parent in texts:
            assert text not in self.seen
            self.seen.add(text)
            yield from super().score_stream([(text, parent)])


def test_within_a_run_copies_are_computed_once_however_far_apart(tmp_path: Path) -> None:
    source = tmp_path / "e.jsonl"
    posts = [f"rapat nomor {n % 350} di balai desa" for n in range(1_400)]
    source.write_text("".join(json.dumps({"text": t, "username": "a"}) + "\n" for t in posts))
    run(source, tmp_path / "r", make_scorer=Once, rows_per_part=300)
    lines = (tmp_path / "r/scored.jsonl").read_text().splitlines()
    assert [json.loads(line)["text"] for line in lines] == posts


def test_a_run_goes_on_where_its_own_cache_cannot_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: AnswerCache, path: Path) -> None:
        raise RunError("cache_full", file=path.name, error="")

    source = write_csv(tmp_path / "e.csv", 40)
    plain = run(source, tmp_path / "dengan")
    monkeypatch.setattr(AnswerCache, "__init__", refuse)
    assert run(source, tmp_path / "tanpa") == plain


def test_a_cache_that_fails_half_way_is_left_aside_if_it_is_our_own(tmp_path: Path) -> None:
    questions, right = filled(tmp_path / "c")

    class Failing(AnswerCache):
        def get(self, keys: Any) -> Any:
            raise RunError("cache_damaged", file="c", error="")

    own = CachedScorer(Counting(), Failing(tmp_path / "c"), context="x", own=True)
    assert outcomes(own, questions) == right
    named = CachedScorer(Counting(), Failing(tmp_path / "c"), context="x")
    with pytest.raises(RunError):
        outcomes(named, questions)


def test_a_file_that_is_no_cache_stops_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "c").write_text("bukan ingatan")
    with pytest.raises(RunError) as error:
        run(write_csv(tmp_path / "e.csv", 5), tmp_path / "r", cache=tmp_path / "c")
    assert error.value.code == "cache_foreign"
    assert not (tmp_path / "r").exists()


def test_a_cache_does_not_make_a_run_another_run(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "e.csv", 30)
    run(source, tmp_path / "r")
    given = partial(score_files, [source], out=tmp_path / "r", jobs=1, make_scorer=HashScorer)
    assert given(cache=tmp_path / "c").already_finished
