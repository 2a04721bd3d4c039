"""The scorer: one text in, one prediction out; a list in, a list in the same order."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import tiny
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netralitas_nlp import Scorer
from netralitas_nlp.calibration import probability
from netralitas_nlp.errors import BundleError, UsageError
from netralitas_nlp.labels import DECISIONS, LABELS
from netralitas_nlp.model import batching
from netralitas_nlp.model.backend_onnx import OnnxBackend
from netralitas_nlp.model.tokenizer import PostTokenizer
from netralitas_nlp.schema import Prediction
from netralitas_nlp.text.normalize import Normalizer

TEXTS = [text for text, _ in tiny.POSTS]


@pytest.fixture(scope="module")
def scorer(tiny_bundle: Path) -> Scorer:
    return Scorer.from_pretrained(tiny_bundle)


def test_one_text_gives_one_prediction(scorer: Scorer) -> None:
    # Which post the tiny model is surest of depends on the machine's arithmetic.
    surest = max(tiny.SUPPORT, key=lambda text: scorer.score(text).scores["candidate_support"])
    found = scorer.score(surest)
    assert isinstance(found, Prediction)
    assert set(found.scores) == set(LABELS)
    assert found.decision == "flag"
    assert found.labels == ("candidate_support",)
    assert found.n_windows == 1


def test_a_list_gives_a_list_in_the_same_order(scorer: Scorer) -> None:
    assert scorer.score(TEXTS) == [scorer.score(text) for text in TEXTS]
    assert scorer.score(TEXTS[::-1]) == scorer.score(TEXTS)[::-1]
    assert scorer.score([]) == []


def test_all_three_decisions_occur_on_the_posts_of_the_tiny_model(scorer: Scorer) -> None:
    assert {p.decision for p in scorer.score(TEXTS)} == set(DECISIONS)


@pytest.mark.parametrize("text", ["", "   ", "\n\t\u200b", "\ufe0f"])
def test_a_text_without_words_is_clear_and_has_no_scores(scorer: Scorer, text: str) -> None:
    assert scorer.score(text) == Prediction({}, (), "clear", 0, 0)
    assert scorer.score(text, parent="rapat desa").scores == {}


@pytest.mark.parametrize("bad", [None, 3, b"bytes", 1.5, ["list"]])
def test_what_is_no_text_is_refused_by_its_index(scorer: Scorer, bad: object) -> None:
    with pytest.raises(TypeError, match="text 2 "):
        scorer.score(["satu", "dua", bad])  # type: ignore[list-item]


@pytest.mark.parametrize("bad", [None, 3, b"bytes", {"teks"}])
def test_what_is_neither_text_nor_list_is_refused(scorer: Scorer, bad: object) -> None:
    with pytest.raises(TypeError, match="string"):
        scorer.score(bad)  # type: ignore[call-overload]


def test_a_parent_must_be_text_and_each_text_needs_its_own(scorer: Scorer) -> None:
    with pytest.raises(TypeError, match="parent"):
        scorer.score("rapat", parent=3)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="parent 1"):
        list(scorer.score_stream([("a", "b"), ("a", 3)]))  # type: ignore[list-item]
    with pytest.raises(ValueError, match="parent"):
        scorer.score(["a", "b"], parent=["c"])
    with pytest.raises(ValueError, match="parent"):
        scorer.score(["a", "b"], parent="c")  # type: ignore[call-overload]


def test_a_parent_changes_the_score_and_not_the_length(scorer: Scorer) -> None:
    alone, answered = scorer.score("setuju"), scorer.score("setuju", parent=tiny.SUPPORT[0])
    assert alone.scores != answered.scores
    assert alone.n_tokens == answered.n_tokens
    assert scorer.score(["setuju", "setuju"], parent=[None, tiny.SUPPORT[0]]) == [alone, answered]
    assert scorer.score("setuju", parent="  ") == alone


def test_a_long_post_has_the_largest_score_of_its_windows(scorer: Scorer) -> None:
    filler = tiny.NEUTRAL[0]
    long = " ".join([filler] * 30 + [tiny.SUPPORT[0]] + [filler] * 30)
    found = scorer.score(long)
    assert found.n_windows > 20
    bundle = scorer.bundle
    normalize = Normalizer.from_settings(bundle.normalizer or {})
    windows = PostTokenizer.from_folder(bundle.folder, bundle.windows)(normalize(long)).windows
    backend = OnnxBackend(bundle)
    logits = [backend.logits(window).tolist() for window in windows]
    for j, label in enumerate(bundle.labels):
        line = bundle.calibration[label]
        each = [probability(row[j], line.a, line.b) for row in logits]
        assert found.scores[label] == max(each)
        assert len(set(each)) > 1


def test_the_end_of_a_long_post_is_not_cut(scorer: Scorer) -> None:
    filler = " ".join([tiny.NEUTRAL[0]] * 40)
    ending = max(tiny.HOAX, key=lambda text: scorer.score(text).scores["hoax"])
    plain, ended = scorer.score(filler), scorer.score(f"{filler} {ending} {ending} {ending}")
    assert ended.scores["hoax"] > plain.scores["hoax"]


def test_a_stream_is_read_chunk_by_chunk(scorer: Scorer) -> None:
    taken = 0

    def endless() -> Iterator[str]:
        nonlocal taken
        while True:
            taken += 1
            yield TEXTS[taken % len(TEXTS)]

    stream = scorer.score_stream(endless())
    next(stream)
    assert taken <= batching.CHUNK_POSTS


def test_a_stream_of_huge_posts_is_held_one_at_a_time(scorer: Scorer) -> None:
    taken = 0

    def huge() -> Iterator[str]:
        nonlocal taken
        for _ in range(3):
            taken += 1
            yield "\u200b" * batching.CHUNK_CHARS

    stream = scorer.score_stream(huge())
    next(stream)
    assert taken == 1
    assert len(list(stream)) == 2


def test_a_stream_takes_texts_and_pairs_alike(scorer: Scorer) -> None:
    items = ["rapat desa", ("setuju", tiny.SUPPORT[0]), ("rapat desa", None)]
    first, second, third = scorer.score_stream(items)
    assert first == third == scorer.score("rapat desa")
    assert second == scorer.score("setuju", parent=tiny.SUPPORT[0])


def test_an_unknown_operating_point_lists_those_there_are(tiny_bundle: Path) -> None:
    with pytest.raises(UsageError) as caught:
        Scorer.from_pretrained(tiny_bundle, operating_point="bagus")
    assert "balanced, precision, recall" in str(caught.value)
    assert "bagus" in caught.value.render("id")


def test_a_released_bundle_has_no_unmeasured_point(tiny_bundle: Path) -> None:
    with pytest.raises(UsageError):
        Scorer.from_pretrained(tiny_bundle, operating_point="uncalibrated")


def test_the_operating_point_changes_decisions_and_not_scores(tiny_bundle: Path) -> None:
    strict = Scorer.from_pretrained(tiny_bundle, operating_point="precision").score(TEXTS)
    loose = Scorer.from_pretrained(tiny_bundle, operating_point="recall").score(TEXTS)
    assert [p.scores for p in strict] == [p.scores for p in loose]
    count = [sum(p.decision == "flag" for p in found) for found in (strict, loose)]
    assert count[0] < count[1]


@pytest.mark.parametrize("options", [{"backend": "tf"}, {"threads": 0}])
def test_an_option_that_does_not_exist_is_a_usage_error(tiny_bundle: Path, options: dict) -> None:
    with pytest.raises(UsageError) as caught:
        Scorer.from_pretrained(tiny_bundle, **options)
    assert caught.value.render("id") != caught.value.render("en")


def test_a_damaged_graph_is_refused_in_words(tiny_bundle: Path, tmp_path: Path) -> None:
    import shutil

    from netralitas_nlp.model.sums import write_sums

    folder = Path(shutil.copytree(tiny_bundle, tmp_path / "b"))
    (folder / "model.onnx").write_bytes((folder / "model.onnx").read_bytes()[:5000])
    write_sums(folder)
    with pytest.raises(BundleError) as caught:
        Scorer.from_pretrained(folder)
    assert caught.value.code == "bundle_onnx_broken"


def test_text_settings_that_do_not_exist_are_named(tiny_bundle: Path, tmp_path: Path) -> None:
    import shutil

    from netralitas_nlp.model.sums import write_sums

    folder = Path(shutil.copytree(tiny_bundle, tmp_path / "b"))
    (folder / "normalizer.json").write_text('{"stemming": true}')
    write_sums(folder)
    with pytest.raises(BundleError, match="stemming"):
        Scorer.from_pretrained(folder)


@given(st.text(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_at_all_gets_a_prediction(scorer: Scorer, text: str) -> None:
    found = scorer.score(text)
    assert (found.n_tokens == 0) == (not found.scores) == (found.n_windows == 0)
    assert all(0 < score < 1 for score in found.scores.values())


@pytest.mark.parametrize("backend", ["onnx", "torch"])
def test_a_file_is_scored_by_the_same_model_and_backend(
    tiny_bundle: Path, tmp_path: Path, backend: str
) -> None:
    import pyarrow.parquet as pq

    export = tmp_path / "unggahan.csv"
    export.write_text("full_text\n" + "".join(f'"{text}"\n' for text in TEXTS), encoding="utf-8")
    scorer = Scorer.from_pretrained(tiny_bundle, backend=backend, operating_point="recall")
    scorer.score_file(export, out=tmp_path / "run", jobs=1, formats=("parquet",))
    rows = pq.read_table(tmp_path / "run" / "scored.parquet").to_pylist()
    assert [row["score_hoax"] for row in rows] == [p.scores["hoax"] for p in scorer.score(TEXTS)]
    assert {row["operating_point"] for row in rows} == {"recall"}


def test_lone_surrogates_are_text_too(scorer: Scorer) -> None:
    assert scorer.score("rapat \ud800 desa").n_tokens > 0
    assert scorer.score("rapat", parent="\udfff desa").n_tokens > 0
