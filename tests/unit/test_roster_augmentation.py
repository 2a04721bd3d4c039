"""Marked and swapped rows: names go, labels stay true, and the mark does not give them away."""

import tomllib
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netralitas_nlp.model.bundle import Bundle
from netralitas_nlp.model.tokenizer import PostTokenizer
from netralitas_nlp.text.marks import written_marks
from netralitas_nlp.training.cast import addressed_in, named_in
from netralitas_nlp.training.exchange import styled
from netralitas_nlp.training.finetune import FinetuneSettings, encoder
from netralitas_nlp.training.roster_augmentation import (
    RosterAugmentation,
    RosterSettings,
    augment,
    with_marks_learnt,
)
from netralitas_nlp.training.wordpiece import text_settings

TRAIN = Path(__file__).parents[2] / "train"

ROWS = [
    ("Menangkan Bu Rahmania! nomor 2 harga mati", "", 1, "Bu Rahmania", "g1", "Garut"),
    ("Bu Rahmania sudah keluar dari ICU, semoga sehat", "", 0, "", "g1", "Garut"),
    ("RAHMANIA di hati #RahmaniaSaja", "Profil bu Rahmania", 1, "Bu Rahmania", "g1", "Garut"),
    ("Coblos Pak Lodewyk Matulapelwa", "", 1, "Pak Lodewyk Matulapelwa (2)", "g2", "Garut"),
    ("Selamat pagi Pak Darto, rapat jam 9 ya", "", 0, "", "g3", "Garut"),
    ("Warga Garut antre nomor 3 di puskesmas", "", 0, "", "g4", "Garut"),
    ("skip nomor 1, dukung nomor 2", "", 1, "nomor 2", "g5", "Sumedang"),
    ("pilih yang tengah, nomor 2", "", 1, "nomor 2", "g6", "Sumedang"),
    ("gas calon berkumis", "", 1, "calon berkumis", "g7", "Sumedang"),
    ("libur panjang, alhamdulillah", "", 0, "", "g8", "Sumedang"),
]
FRAME = pd.DataFrame(
    [
        {"text": text, "parent_text": parent, "candidate_support": float(support),
         "hate_speech": 0.0, "contestant": contestant, "group_id": group, "district": district,
         "election": "pilkada" if group not in ("g3", "g4", "g8") else "none", "kind": "own",
         "identity_target": "none"}
        for text, parent, support, contestant, group, district in ROWS
    ]
)  # fmt: skip
MADE = RosterAugmentation(FRAME)
RECORDS = FRAME.to_dict("records")


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Bu Retno Palupi (no. 1)", ["Retno Palupi"]),
        ("Zahroni-Opan (ZaOp)", ["Zahroni", "Opan", "ZaOp"]),
        ("Bakal capres Zainir", ["Zainir"]),
        ("WAPI", ["WAPI"]),
        ("Partai Layar Nusa", ["Partai Layar Nusa"]),
        ("diri sendiri, caleg nomor 5", []),
        ("calon asal Cirebon", []),
        ("petahana Garut", []),
        ("kubu baju merah", []),
        ("", []),
    ],
)
def test_a_cell_names_people_or_only_describes_them(cell: str, names: list[str]) -> None:
    assert [one.full for one in named_in(cell, places=frozenset({"garut"}))] == names


def test_an_office_is_nobody_in_particular() -> None:
    found = addressed_in("Pak Bupati, Bu Camat, Pak Darto dan dr. Ayu Seruni rapat")
    assert [one.full for one in found] == ["Darto", "Ayu Seruni"]


def test_marks_take_the_name_and_number_and_leave_the_rest() -> None:
    assert MADE.mark(RECORDS[0]) == ("Menangkan [CALON]! [CALON] harga mati", "")
    assert MADE.mark(RECORDS[2]) == ("[CALON] di hati [CALON] #RahmaniaSaja", "Profil [CALON]")
    assert MADE.mark(RECORDS[8])[0] == "gas calon berkumis"


def test_neutral_posts_about_the_same_people_and_about_others_are_marked_too() -> None:
    assert MADE.mark(RECORDS[1])[0] == "[CALON] sudah keluar dari ICU, semoga sehat"
    assert MADE.mark(RECORDS[4])[0] == "Selamat pagi [CALON], rapat jam 9 ya"
    assert MADE.mark(RECORDS[5])[0] == "Warga Garut antre [CALON] di puskesmas"


@given(st.integers(0, 10_000))
def test_a_swap_is_the_same_in_post_parent_and_hashtag(seed: int) -> None:
    text, parent = MADE.swap(RECORDS[2], seed)
    new = parent.removeprefix("Profil bu ")
    assert new.lower() != "rahmania"
    assert text == f"{new.upper()} di hati #{new}Saja"


@given(st.integers(0, 10_000))
def test_swapped_numbers_stay_apart(seed: int) -> None:
    text, _ = MADE.swap(RECORDS[6], seed)
    first, second = (word.strip(",") for word in text.split() if word.strip(",").isdigit())
    assert first != second
    assert text.startswith("skip nomor ")
    assert {first, second} <= {"1", "2", "3", "4"}


@pytest.mark.parametrize("row", [5, 7])
def test_a_number_stays_where_it_is_no_ballot_number_or_is_said_otherwise_too(row: int) -> None:
    numbers = [c for c in RECORDS[row]["text"] if c.isdigit()]
    for seed in range(20):
        assert [c for c in MADE.swap(RECORDS[row], seed)[0] if c.isdigit()] == numbers


def test_under_hate_of_who_somebody_is_the_name_stays() -> None:
    row = {**RECORDS[0], "hate_speech": 1.0, "identity_target": "ethnicity"}
    assert all("Rahmania" in MADE.swap(row, seed)[0] for seed in range(20))


def test_a_district_becomes_another_of_the_frame() -> None:
    assert MADE.swap(RECORDS[5], 1)[0] == "Warga Sumedang antre nomor 3 di puskesmas"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rahmania", "danur"),
        ("RAHMANIA", "DANUR"),
        ("R4hm4nia", "D4nur"),
        ("Rahmaniaaa", "Danurrr"),
    ],
)
def test_a_new_name_is_written_in_the_style_of_the_old_one(old: str, new: str) -> None:
    assert styled(old, "Danur") == new


def test_the_same_seed_gives_the_same_rows_and_labels_are_untouched() -> None:
    first, again = (augment(FRAME, marked=0.5, swapped=0.5, seed=3) for _ in range(2))
    pd.testing.assert_frame_equal(first, again)
    assert not first["text"].equals(FRAME["text"])
    rest = [name for name in FRAME.columns if name not in ("text", "parent_text")]
    pd.testing.assert_frame_equal(first[rest], FRAME[rest])
    other = augment(FRAME, marked=0.5, swapped=0.5, seed=4)
    assert not first["text"].equals(other["text"])


def test_nothing_asked_is_nothing_changed() -> None:
    pd.testing.assert_frame_equal(augment(FRAME, marked=0, swapped=0, seed=1), FRAME)


def test_posts_with_and_without_support_carry_the_mark_equally_often() -> None:
    many = pd.concat([FRAME] * 300, ignore_index=True)
    done = augment(many, marked=0.4, swapped=0.3, seed=5)
    parts = done["text"] + done["parent_text"]
    share = parts.map(lambda text: bool(written_marks(text))).groupby(done["candidate_support"])
    with_support, without = share.mean()[1.0], share.mean()[0.0]
    assert with_support == pytest.approx(without, abs=0.05)
    assert with_support > 0.25


def test_a_row_without_the_columns_of_our_own_posts_is_taken_as_it_comes() -> None:
    public = pd.DataFrame(
        {"text": ["Pak Darto hadir", "antre"], "parent_text": ["", float("nan")],
         "candidate_support": [float("nan")] * 2, "hate_speech": [float("nan"), 1.0]}
    )  # fmt: skip
    done = augment(public, marked=1.0, swapped=1.0, seed=1)
    assert done["text"].tolist() == ["[CALON] hadir", "antre"]
    assert done["parent_text"].tolist() == ["", ""]


def test_a_share_outside_of_zero_to_one_is_refused() -> None:
    with pytest.raises(ValueError, match="marked"):
        augment(FRAME, marked=1.5, swapped=0, seed=1)


@pytest.mark.parametrize(
    "file",
    [*sorted(TRAIN.glob("finetune*.toml")), TRAIN / "distil.toml"],
    ids=lambda file: file.name,
)
def test_the_released_student_meets_marks_and_other_names_and_its_teachers_do_not(
    file: Path,
) -> None:
    roster = RosterSettings(**tomllib.loads(file.read_text("utf-8"))["roster"])
    assert roster.active == (file.name == "distil.toml")


def test_training_turns_a_written_mark_into_its_word_piece_and_no_other(tiny_bundle: Path) -> None:
    tokenizer, normalizer = text_settings(tiny_bundle)
    learns = with_marks_learnt(normalizer, RosterSettings(marked=0.3))
    mark = tokenizer.token_to_id("[CALON]")
    written = "ayo coblos [CALON] besok"
    ids, _ = encoder(tokenizer, learns, FinetuneSettings())(written, "")
    assert ids.count(mark) == 1
    as_scored = PostTokenizer.from_folder(tiny_bundle, Bundle.load(tiny_bundle).windows)
    (window,) = as_scored(learns("ayo coblos Budi besok", [(11, 15)])).windows
    assert window.ids.tolist() == ids
    without = with_marks_learnt(learns, RosterSettings(swapped=0.5))
    assert mark not in encoder(tokenizer, without, FinetuneSettings())(written, "")[0]
