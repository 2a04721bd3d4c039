"""What `data check` looks for beyond the form of a row: copies, leaks, habits, real persons."""

from pathlib import Path

import pytest
from test_labeled_schema import post

from netralitas_nlp.labeled import leakage, wording
from netralitas_nlp.labeled.suite import load_suite

DATA = Path(__file__).parents[2] / "data"
LONG = "rapat koordinasi pelayanan terpadu kecamatan ditunda sampai hari kamis pukul sembilan"


def test_a_copy_is_found_whatever_its_case_and_spacing() -> None:
    rows = [post(1, text="Rapat ditunda!"), post(2, text="rapat  DITUNDA"), post(3, text="lain")]
    assert [(p.code, p.row, p.expected) for p in leakage.copies(rows)] == [("copy", 2, "#1")]


def test_the_same_words_under_another_parent_are_another_post() -> None:
    rows = [post(1, text="setuju", parent_text="usir"), post(2, text="setuju", parent_text="sabar")]
    assert list(leakage.copies(rows)) == []


def test_near_copies_leak_only_across_splits() -> None:
    near = LONG.replace("kamis", "jumat")
    same = [post(1, text=LONG), post(2, text=near)]
    apart = [post(1, text=LONG), post(2, text=near, split="test")]
    assert list(leakage.across_splits(same)) == []
    assert {p.row for p in leakage.across_splits(apart)} == {2}


def test_a_text_of_the_suite_or_of_a_public_set_is_found() -> None:
    rows = [post(1), post(2, text=LONG)]
    found = list(leakage.between(rows, ["apa saja", LONG + " ya"], code="leak_suite"))
    assert [(p.row, p.expected) for p in found] == [(2, "a90-0002")]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hubungi 0812-3456-7890 ya", "phone"),
        ("wa +62 812 3456 7890", "phone"),
        ("kirim ke tatausaha.x@gmail.com", "email"),
        ("lihat https://bit.ly/3abcde", "link"),
        ("kata @rangga_wirya77 begitu", "handle"),
        ("nik 3273012345678901", "id"),
    ],
)
def test_what_could_lead_to_a_person_is_found(text: str, kind: str) -> None:
    assert kind in {found for found, _ in wording.real_looking(text)}


@pytest.mark.parametrize(
    "text",
    ["@USER bilang begitu", "kata @warga_kampung7", "lihat contoh.id/surat", "tahun 2024, 0,8 %",
     "pasal 280 ayat 2", "HTTPURL", "harga 1.250.000"],
)  # fmt: skip
def test_what_says_that_it_is_invented_is_let_through(text: str) -> None:
    assert wording.real_looking(text) == []


def test_a_run_of_words_is_a_habit_only_from_the_seventh_post_on() -> None:
    run = "mari kita jaga bersama netralitas"
    others = [f"kalimat nomor {i} tidak mirip apa pun sama sekali {i}" for i in range(20)]
    six = [f"{i} {run} {i}" for i in range(6)]
    seven = [*six, f"x {run} y"]
    shared = {index for index, _ in wording.repeating([*six, *others])}
    assert not shared & set(range(6))
    assert set(range(7)) <= {index for index, found in wording.repeating([*seven, *others])}


def test_openings_and_closings_are_counted() -> None:
    opening, closing = wording.habits(["Selamat pagi semua, rapat jadi", "selamat pagi semua ya"])
    assert opening["selamat pagi semua"] == 2
    assert closing["semua rapat jadi"] == 1


def test_the_suite_of_the_project_keeps_its_own_form() -> None:
    suite = load_suite(DATA / "suite")
    assert list(suite.problems()) == []
    assert len(suite.functionalities) >= 50
    violations = sum(f.violation for f in suite.functionalities.values())
    assert abs(violations - len(suite.functionalities) / 2) <= 5
