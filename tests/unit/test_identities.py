"""An exchanged identity changes a word, never a label, and only in training rows that hold one."""

from pathlib import Path

import pandas as pd
import pytest

from netralitas_nlp.evaluation.parity import Movement, audited_texts, failures, load_attributes
from netralitas_nlp.training.identities import exchanged

SUITE = Path(__file__).parents[2] / "data/suite"
ATTRIBUTES = load_attributes(SUITE / "parity.toml")
FRAME = pd.DataFrame(
    {
        "text": ["Orang Jawa mah begitu", "besok rapat", "coblos nomor 2", "Islam dan Kristen"],
        "hate_speech": [1.0, 0.0, 0.0, 0.0],
    }
)


def test_texts_with_an_identity_change_and_the_others_stay() -> None:
    found = exchanged(FRAME, ATTRIBUTES, share=1.0, seed=4)
    assert found["text"][0] != FRAME["text"][0]
    assert found["text"][0].startswith("Orang ")
    assert found["text"][1] == "besok rapat"
    assert found["text"][2] in {f"coblos nomor {n}" for n in (1, 3, 4, 5)}
    assert found["text"][3] == "Islam dan Kristen"
    assert found["hate_speech"].equals(FRAME["hate_speech"])


def test_the_draw_repeats_and_a_share_of_nothing_changes_nothing() -> None:
    first = exchanged(FRAME, ATTRIBUTES, share=0.5, seed=9)
    assert first.equals(exchanged(FRAME, ATTRIBUTES, share=0.5, seed=9))
    assert exchanged(FRAME, ATTRIBUTES, share=0.0, seed=9).equals(FRAME)


@pytest.mark.parametrize(("flips", "named"), [(3, ()), (4, ("religion",))])
def test_a_bundle_fails_by_what_flips_more_than_three_in_a_hundred(
    flips: int, named: tuple[str, ...]
) -> None:
    moved = {"religion": Movement(20, 100, 0.1, 0.3, flips, ())}
    assert failures(moved) == named


def test_the_audit_reads_suite_and_test_posts_with_the_names_they_give() -> None:
    posts = SUITE.parent / "labeled/posts.csv"
    alone, _ = audited_texts(SUITE)
    texts, known = audited_texts(SUITE, posts)
    assert len(texts) > len(alone) == 1080
    assert set(known) == {"contestant", "region"}
    assert set(known["contestant"]) <= set(texts)
