"""The real public sets, where this machine has them."""

import hashlib
import os
import re
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from netralitas_nlp.labels import LABELS
from netralitas_nlp.text.dedup import letters_key
from netralitas_nlp.training.dataset import counts, load_public, text_keys

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("NETRALITAS_SHARED", "not-given")) / "data" / "labeled"
"""Reading all sets takes minutes, so it is asked for by name."""

pytestmark = [
    pytest.mark.shared,
    pytest.mark.slow,
    pytest.mark.skipif(
        not DATA.is_dir(),
        reason="set NETRALITAS_SHARED to the folder of data/labeled to check the public sets",
    ),
]


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return load_public(DATA)


def test_every_file_is_the_one_that_the_list_of_sources_describes() -> None:
    listed = tomllib.loads((ROOT / "data/sources.toml").read_text(encoding="utf-8"))["set"]
    for entry in listed:
        for file in entry["files"]:
            data = (DATA / file["path"]).read_bytes()
            assert len(data) == file["bytes"], file["path"]
            assert hashlib.sha256(data).hexdigest() == file["sha256"], file["path"]


def test_counts_are_those_of_the_sets_own_descriptions(
    frame: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    table = counts(frame)
    with capsys.disabled():
        print("\n" + table.to_string())
    # Rows known before duplicates across sets are dropped, from the sets' descriptions.
    expected = {
        ("alamsyah-sagama-2024-toxicity", "hate_speech", "0"): (8755, 0.02),
        ("ibrohim-budi-2019-multilabel", "hate_speech", "0"): (5860 + 1748 + 1506, 0.05),
        ("hendrawan-2020-codemixed", "hate_speech", "1"): (333, 0.1),
        ("netifier-2018", "hate_speech", "1"): (911, 0.06),
        ("official_election_tweets", "hoax", "0"): (935, 0.001),
        ("election_headlines_2023", "hoax", "0"): (2111, 0.25),
        ("headlines_2025", "hoax", "0"): (1244, 0.01),
        ("pilgub_dki2017_campaign_accounts", "candidate_support", "1"): (4894, 0.03),
        ("pilgub_dki2017_campaign_accounts", "candidate_support", "0"): (2386, 0.01),
        ("pilgub_dki2024_x", "candidate_support", "1"): (397, 0.02),
        ("pilpres2019_sentiment", "candidate_support", "1"): (612, 0.01),
        ("pilpres2024_target_sentiment", "candidate_support", "1"): (2485, 0.12),
        ("pilpres_hoax_titles_2023", "hoax", "0"): (3650, 0.01),
        ("hoax_posts", "hoax", "1"): (8178 - 833, 0.01),
        ("emotion_tweets", "hoax", "0"): (1017 + 997 + 649 + 637, 0.03),
    }
    for (source, label, value), (wanted, tolerance) in expected.items():
        assert table.loc[source, (label, value)] == pytest.approx(wanted, rel=tolerance), source


def test_no_person_can_be_found_in_the_texts(frame: pd.DataFrame) -> None:
    for pattern in (
        r"@(?!USER)\w",
        r"https?://",
        r"(?<!\d)(?:\+?62|0)8\d{8,11}(?!\d)",
        r"\w@\w+\.\w",
    ):
        found = frame["text"].str.contains(pattern, regex=True)
        assert not found.any(), (pattern, frame.loc[found, "row_key"].tolist()[:5])
    assert not frame["account"].map(lambda account: bool(re.search(r"[^0-9a-f]", account))).any()


def test_groups_do_not_straddle_and_every_row_knows_something(frame: pd.DataFrame) -> None:
    assert frame.groupby("group_id")["split"].nunique().max() == 1
    assert frame[list(LABELS)].notna().any(axis=1).all()
    assert frame["weight"].between(0, 1).all()
    assert not frame["text"].map(letters_key).duplicated().any()
    assert 0.05 < (frame["split"] == "dev").mean() < 0.15


def test_sets_that_may_not_be_released_are_absent(frame: pd.DataFrame) -> None:
    assert {"luqyana-2018-instagram-cyberbullying", "turnbackhoax_2025_2026"}.isdisjoint(
        frame["source"]
    )
    every = load_public(DATA, release_only=False, names=["hoax_posts"])
    assert len(every) > len(load_public(DATA, names=["hoax_posts"])) + 700


def test_a_test_fold_and_its_near_copies_stay_out_of_training(frame: pd.DataFrame) -> None:
    fold = pd.read_csv(DATA / "benchmarks/hs1-folds/test0.csv.gz", encoding="latin-1")
    held = text_keys(fold["Tweet"].astype(str))
    hate = ["ibrohim-budi-2019-multilabel", "netifier-2018", "alamsyah-sagama-2024-toxicity"]
    rest = load_public(DATA, names=hate, exclude_texts=held)
    assert held.isdisjoint(rest["text"].map(letters_key))
    assert len(rest) < frame["source"].isin(hate).sum() - 1500
