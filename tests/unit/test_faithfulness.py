"""Evidence of the released model carries its scores better than words drawn by chance."""

import csv
from pathlib import Path

import pytest

from netralitas_nlp import Scorer
from netralitas_nlp.evaluation.faithfulness import Faithful, faithfulness, summary

POSTS = Path(__file__).parents[2] / "data/labeled/posts.csv"


@pytest.fixture(scope="module")
def found(released_bundle: Path) -> list[Faithful]:
    with POSTS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "test"][::12]
    scorer = Scorer.from_pretrained(released_bundle)
    return faithfulness([(row["text"], row["parent_text"] or None) for row in rows], scorer)


def test_without_its_evidence_a_score_falls_more_than_without_random_words(
    found: list[Faithful],
) -> None:
    for name, figures in summary(found).items():
        low, _ = figures["comprehensiveness_interval"]
        _, high = figures["random_comprehensiveness_interval"]
        assert low > high, name


def test_evidence_alone_keeps_a_score_better_than_random_words(found: list[Faithful]) -> None:
    figures = summary(found)["all"]
    assert figures["sufficiency_interval"][1] < figures["random_sufficiency_interval"][0]


def test_nearly_every_score_has_evidence_of_a_few_words(found: list[Faithful]) -> None:
    figures = summary(found)["all"]
    assert figures["labels_explained"] > 50
    assert figures["labels_without_evidence"] <= 0.05 * len(found)
    assert figures["share_of_words"] < 0.4


def test_labels_without_evidence_are_counted_and_not_averaged() -> None:
    some = [Faithful("hoax", "a b", 2, 1, 0.5, 0.1, 0.2, 0.4), Faithful("hoax", "c d", 2, 0)]
    figures = summary(some)
    assert set(figures) == {"all", "hoax"}
    assert figures["hoax"]["labels_without_evidence"] == 1
    assert figures["hoax"]["comprehensiveness"] == 0.5
    assert summary([]) == {}


def test_random_words_are_the_same_each_time(tiny_bundle: Path) -> None:
    import tiny

    scorer = Scorer.from_pretrained(tiny_bundle, operating_point="recall")
    items = [(text, None) for text, _ in tiny.POSTS]
    assert faithfulness(items, scorer) == faithfulness(items, scorer)
    assert faithfulness(items, scorer) != faithfulness(items, scorer, seed=1)
