"""The same post gets the identical score in any batch, order, thread and process count."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import tiny
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netralitas_nlp import Scorer
from netralitas_nlp.schema import Prediction

Load = Callable[[int], Scorer]

WORDS = sorted({word for text, _ in tiny.POSTS for word in text.split()})
POST = st.lists(st.sampled_from(WORDS), max_size=90).map(" ".join) | st.text(max_size=60)
ITEM = st.tuples(POST, st.none() | POST)


@pytest.fixture(scope="module", params=["tiny_bundle", "released_bundle"])
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
