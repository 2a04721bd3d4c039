"""What to label next: spread texts, rising words, and the four strategies."""

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from report_run import THRESHOLDS, batch, post

from netralitas_nlp.errors import UsageError
from netralitas_nlp.labelling import STRATEGIES, draw_next
from netralitas_nlp.rising import count_words, log_odds_z, rising_words, words_of
from netralitas_nlp.spread import letter_vectors, plus_plus

TOPICS = (
    "panen padi di sawah kelompok tani {}",
    "vaksin balita posyandu melati {}",
    "lampu jalan depan pasar padam {}",
    "pendaftaran siswa baru dibuka {}",
)


def pieces(word: str) -> int:
    """Stand for a tokenizer that knows no word with a double letter."""
    return 4 if any(a == b for a, b in itertools.pairwise(word)) else 1


def run_of(rows: Sequence[Any], *, rows_per_batch: int = 97) -> Any:
    def batches() -> list[Any]:
        whole = batch(rows)
        return [whole.slice(i, rows_per_batch) for i in range(0, len(rows), rows_per_batch)]

    return batches


@pytest.fixture
def rows() -> list[Any]:
    chance = np.random.default_rng(0)
    everyday = [
        post(TOPICS[i % 4].format(i), tuple(chance.uniform(0, 0.1, 3)), account=f"w{i % 40}")
        for i in range(600)
    ]
    doubtful = [
        post(f"gasspoll bos {TOPICS[i % 4].format(i)}", (0.69, 0.02, 0.02), account=f"d{i % 9}")
        for i in range(30)
    ]
    return [*everyday, *doubtful]


def test_texts_of_one_topic_lie_closer_than_those_of_two() -> None:
    vectors = letter_vectors([t.format(i) for i in range(5) for t in TOPICS])
    same, other = vectors[0] @ vectors[4], vectors[0] @ vectors[1]
    assert same > other
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_far_rows_are_chosen_before_near_ones_and_copies_never_twice() -> None:
    texts = [TOPICS[0]] * 50 + list(TOPICS[1:])
    chosen = plus_plus(letter_vectors(texts), 10, np.random.default_rng(0))
    assert len(chosen) == 4
    assert len({texts[i] for i in chosen}) == 4


def test_texts_without_letters_are_no_obstacle() -> None:
    vectors = letter_vectors(["", "👍👍", "abcd"])
    assert len(plus_plus(vectors, 3, np.random.default_rng(0))) == 2
    assert plus_plus(letter_vectors([]), 3, np.random.default_rng(0)) == []


def test_the_z_scores_are_those_of_monroe_and_others() -> None:
    # One word by hand, with the prior in proportion to the pooled frequency.
    a, b, n, m, prior = 30.0, 10.0, 1000.0, 2000.0, 100.0
    alpha = prior * (a + b + 0.01) / (n + m + 0.01)
    left = np.log((a + alpha) / (n + prior - a - alpha))
    right = np.log((b + alpha) / (m + prior - b - alpha))
    by_hand = (left - right) / np.sqrt(1 / (a + alpha) + 1 / (b + alpha))
    found = log_odds_z(np.array([a]), np.array([b]), n_inside=n, n_outside=m, prior=prior)
    assert found[0] == pytest.approx(by_hand)
    assert log_odds_z(np.array([5.0]), np.array([5.0]), n_inside=100, n_outside=100)[0] == 0


def test_a_rare_word_does_not_outrank_a_common_one_of_the_same_ratio() -> None:
    z = log_odds_z(np.array([2.0, 200.0]), np.array([0.0, 20.0]), n_inside=5000, n_outside=5000)
    assert z[1] > z[0]


def test_a_word_counts_once_per_post_and_handles_not_at_all() -> None:
    assert words_of("Gass gass GASS @akun_uji https://contoh.id/x 2024 ayo-ayo") == {
        "gass", "ayo-ayo",
    }  # fmt: skip
    counts, total = count_words(["gass gass", "gass bro"], only=frozenset({"gass"}))
    assert (dict(counts), total) == ({"gass": 2}, 3)


def test_known_words_and_the_habit_of_one_author_are_no_slang() -> None:
    inside = {"gass": 20, "bos": 20, "siipp": 20}
    shown = rising_words(
        inside, {}, n_inside=100, n_outside=5000, pieces=pieces,
        authors={"gass": 5, "bos": 5, "siipp": 1},
    )  # fmt: skip
    assert [one.word for one in shown] == ["gass"]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_same_seed_gives_the_same_posts_in_whatever_batches(
    rows: list[Any], strategy: Any
) -> None:
    def drawn(size: int) -> list[str]:
        found = draw_next(
            run_of(rows, rows_per_batch=size), strategy=strategy, n=20, seed=3,
            thresholds=THRESHOLDS, pieces=pieces,
        )  # fmt: skip
        return [row.row_id for row in found.sample.rows]

    first = drawn(97)
    assert first == drawn(10)
    assert len(set(first)) == 20


def test_only_random_posts_have_a_weight(rows: list[Any]) -> None:
    for strategy in STRATEGIES:
        found = draw_next(
            run_of(rows), strategy=strategy, n=20, seed=1, thresholds=THRESHOLDS, pieces=pieces
        )
        (stratum,) = found.sample.strata
        assert np.isnan(stratum.weight) == (strategy != "random")
    assert draw_next(
        run_of(rows), strategy="random", n=21, seed=1, thresholds=THRESHOLDS
    ).sample.strata[0].weight == pytest.approx(30)


def test_uncertain_posts_are_those_near_a_threshold(rows: list[Any]) -> None:
    found = draw_next(run_of(rows), strategy="uncertain", n=30, seed=1, thresholds=THRESHOLDS)
    assert all("gasspoll" in row.text for row in found.sample.rows)


def test_diverse_posts_cover_the_topics(rows: list[Any]) -> None:
    found = draw_next(run_of(rows), strategy="diverse", n=12, seed=1, thresholds=THRESHOLDS)
    heads = {row.text.removeprefix("gasspoll bos ").split()[0] for row in found.sample.rows}
    assert heads == {topic.split()[0] for topic in TOPICS}


def test_slang_finds_the_new_word_and_the_posts_that_hold_it(rows: list[Any]) -> None:
    found = draw_next(
        run_of(rows), strategy="slang", n=15, seed=1, thresholds=THRESHOLDS, pieces=pieces
    )
    assert found.words[0].word == "gasspoll"
    assert "bos" not in {one.word for one in found.words}
    assert len(found.sample.rows) == 15
    assert all("gasspoll" in row.text for row in found.sample.rows)


def test_without_a_rising_word_the_user_is_told(rows: list[Any]) -> None:
    with pytest.raises(UsageError) as caught:
        draw_next(
            run_of(rows), strategy="slang", n=15, seed=1, thresholds=THRESHOLDS,
            pieces=lambda word: 1,
        )  # fmt: skip
    assert caught.value.code == "sample_no_slang"


def test_a_run_without_scored_rows_is_refused() -> None:
    for strategy in STRATEGIES:
        with pytest.raises(UsageError) as caught:
            draw_next(
                run_of([post("", None)]), strategy=strategy, n=5, seed=1, thresholds=THRESHOLDS,
                pieces=pieces,
            )  # fmt: skip
        assert caught.value.code == "sample_nothing"
