"""The same post gets the identical score in any batch, order, thread and process count."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
import tiny
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from transformers import BertForSequenceClassification

from netralitas_nlp import Scorer
from netralitas_nlp.model.backend_onnx import OnnxBackend
from netralitas_nlp.model.bundle import Bundle
from netralitas_nlp.model.sums import write_sums
from netralitas_nlp.model.tokenizer import PostTokenizer, Window
from netralitas_nlp.schema import Prediction
from netralitas_nlp.training.export import export_onnx

Load = Callable[[int], Scorer]

WORDS = sorted({word for text, _ in tiny.POSTS for word in text.split()})
POST = st.lists(st.sampled_from(WORDS), max_size=90).map(" ".join) | st.text(max_size=60)
ITEM = st.tuples(POST, st.none() | POST)


@pytest.fixture(scope="module")
def fp32_bundle(tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny bundle as bundles were before there was int8: with a graph that takes a mask."""
    folder = tmp_path_factory.mktemp("fp32") / "tiny"
    shutil.copytree(tiny_bundle, folder)
    export_onnx(BertForSequenceClassification.from_pretrained(tiny_bundle), folder / "model.onnx")
    (folder / "pieces.npy").unlink()
    write_sums(folder)
    return folder


@pytest.fixture(scope="module", params=["tiny_bundle", "fp32_bundle", "released_bundle"])
def folder(request: pytest.FixtureRequest) -> Path:
    return Path(request.getfixturevalue(request.param))


@pytest.fixture(scope="module")
def load(folder: Path) -> Load:
    known: dict[int, Scorer] = {}

    def get(threads: int) -> Scorer:
        if threads not in known:
            known[threads] = Scorer.from_pretrained(folder, threads=threads)
        return known[threads]

    return get


def alone(scorer: Scorer, items: list[tuple[str, str | None]]) -> list[Prediction]:
    return [scorer.score(text, parent=parent) for text, parent in items]


@given(items=st.lists(ITEM, min_size=1, max_size=12), order=st.randoms(use_true_random=False))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30
)
def test_company_and_order_do_not_move_a_score(
    load: Load, items: list[tuple[str, str | None]], order: object
) -> None:
    scorer = load(1)
    wanted = alone(scorer, items)
    assert list(scorer.score_stream(items)) == wanted
    shuffled = list(enumerate(items))
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    found = list(scorer.score_stream([item for _, item in shuffled]))
    assert found == [wanted[index] for index, _ in shuffled]
    assert list(scorer.score_stream(items * 3)) == wanted * 3


def test_threads_do_not_move_a_score(load: Load) -> None:
    items: list[tuple[str, str | None]] = [
        (" ".join(WORDS[i % 40 : i % 40 + 1 + 7 * i % 90]), WORDS[i % 50] if i % 3 else None)
        for i in range(60)
    ]
    wanted = alone(load(1), items)
    for _ in range(3):
        assert list(load(4).score_stream(items)) == wanted


def test_another_process_gives_the_identical_scores(load: Load, folder: Path) -> None:
    texts = [" ".join(WORDS[i : i + 3 * i]) for i in range(1, 25)]
    script = (
        "import json, sys\n"
        "from netralitas_nlp import Scorer\n"
        "texts = json.load(sys.stdin)\n"
        "scorer = Scorer.from_pretrained(sys.argv[1], threads=2)\n"
        "print(json.dumps([dict(p.scores) for p in scorer.score(texts[::-1])][::-1]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    # JSON keeps every bit of a double.
    assert json.loads(done.stdout) == [dict(p.scores) for p in load(1).score(texts)]


def test_thousands_of_windows_have_one_answer_each(folder: Path) -> None:
    """In any order, beside any others, from several threads of one session and from another."""
    bundle = Bundle.from_folder(folder)
    draw = np.random.default_rng(11)
    vocabulary = PostTokenizer.from_folder(folder, bundle.windows).vocabulary
    windows = [
        Window(draw.integers(0, vocabulary, length), int(draw.integers(2, length + 1)))
        for length in draw.integers(3, bundle.windows.max_tokens + 1, 400)
    ]
    backend = OnnxBackend(bundle)
    wanted = [backend.logits(window).tobytes() for window in windows]
    order = [int(i) for _ in range(5) for i in draw.permutation(len(windows))]
    other = OnnxBackend(bundle)
    assert [other.logits(windows[i]).tobytes() for i in order] == [wanted[i] for i in order]
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(lambda i: backend.logits(windows[i]).tobytes(), order)
        assert list(found) == [wanted[i] for i in order]


def test_a_graph_that_takes_a_mask_gets_one_without_padding(fp32_bundle: Path) -> None:
    ids = np.arange(5, 14)
    feed = {
        "input_ids": ids[None],
        "attention_mask": np.ones((1, 9), np.int64),
        "token_type_ids": np.array([[0] * 6 + [1] * 3]),
    }
    session = ort.InferenceSession(str(fp32_bundle / "model.onnx"))
    found = OnnxBackend(Bundle.from_folder(fp32_bundle)).logits(Window(ids, 6))
    assert np.array_equal(found, session.run(["logits"], feed)[0][0])
