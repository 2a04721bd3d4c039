"""Stand-ins: what must not move a score is written alike, and what it means stays."""

import json
import tomllib
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netralitas_nlp.text.normalize import Normalizer, NormalizerSettings
from netralitas_nlp.text.standins import StandinGroup, Standins

FILE = Path(__file__).parents[2] / "train/standins.toml"
GROUPS = tuple(
    StandinGroup.from_settings(group)
    for group in tomllib.loads(FILE.read_text(encoding="utf-8"))["group"]
)
RELEASED = Standins(GROUPS)
NUMBERS = ["1", "2", "3", "4", "5", "01", "03", "satu", "tiga", "lima"]


@pytest.mark.parametrize(
    "posts",
    [
        ["pilih nomor 3, jangan nomor 1", "pilih nomor 5, jangan nomor 2"],
        ["paslon no. 4 di luwu utara", "paslon no. 1 di bireuen"],
        ["kpu boven digoel libur", "kpu garut libur"],
        ["orang dayak antre", "orang bugis antre"],
        ["umat kristen dan umat islam", "umat hindu dan umat katolik"],
    ],
)
def test_posts_that_differ_in_what_is_exchanged_are_read_alike(posts: list[str]) -> None:
    assert len({RELEASED(post) for post in posts}) == 1


@pytest.mark.parametrize(
    "posts",
    [
        ["nomor 3 menang, nomor 3 juara", "nomor 3 menang, nomor 1 juara"],
        ["umat islam dan umat kristen", "umat islam dan umat islam"],
        ["apel jam 2", "apel jam 3"],
    ],
)
def test_posts_that_say_something_else_stay_different(posts: list[str]) -> None:
    assert len({RELEASED(post) for post in posts}) == 2


@pytest.mark.parametrize(
    "post",
    [
        "coblos satu saja",
        "nasib malang, hati padang",
        "serang balik",
        "antre dua jam",
        "jawa timur",
        "anak saya",
    ],
)
def test_words_that_mean_something_else_are_left(post: str) -> None:
    assert RELEASED(post) == post


def test_a_district_that_is_also_a_word_needs_a_cue() -> None:
    assert RELEASED("bupati pati, di serang") == "bupati garut, di jember"


def test_one_number_is_one_stand_in_in_all_its_forms() -> None:
    assert RELEASED("nomor tiga! paslon 03, no 3, nomor 1") == "nomor dua! paslon 02, no 2, nomor 1"


@given(st.permutations(NUMBERS), st.lists(st.integers(0, 9), min_size=1, max_size=6))
def test_any_exchange_of_numbers_is_read_alike(others: list[str], said: list[int]) -> None:
    forms = {"01": "1", "03": "3", "satu": "1", "tiga": "3", "lima": "5"}
    kept = [i for i in said if NUMBERS[i].isdecimal() and len(NUMBERS[i]) == 1]
    digits = [number for number in others if len(number) == 1]
    exchange = dict(zip("12345", digits, strict=True))
    post = " ".join(f"nomor {NUMBERS[i]}" for i in kept)
    other = " ".join(f"nomor {exchange[forms.get(NUMBERS[i], NUMBERS[i])]}" for i in kept)
    assert RELEASED(post) == RELEASED(other)


@given(st.text(max_size=120))
def test_replacing_twice_changes_nothing_more(text: str) -> None:
    once = RELEASED(text.lower())
    assert RELEASED(once) == once


def test_the_table_travels_with_the_settings_of_a_model() -> None:
    normalizer = Normalizer(NormalizerSettings(standins=GROUPS))
    stored = json.loads(json.dumps(normalizer.to_settings()))
    again = Normalizer.from_settings(stored)
    assert again.settings == normalizer.settings
    assert again("Pilih NOMOR 4 di Jeneponto #nomor4") == "pilih nomor 2 di garut # nomor 2"
    assert [group["name"] for group in stored["standins"]] == [g.name for g in GROUPS]


def test_without_a_table_nothing_is_replaced() -> None:
    assert Normalizer()("Pilih nomor 4 di Jeneponto") == "pilih nomor 4 di jeneponto"


def test_every_identity_and_every_cued_word_stands_in_the_table_once() -> None:
    for group in GROUPS:
        written = [form for forms in group.words for form in forms]
        assert len(written) == len(set(written)), group.name
        assert set(group.cued) <= {forms[0] for forms in group.words}
        assert all(form == form.lower() for form in written)
        assert StandinGroup.from_settings(asdict(group)) == group
