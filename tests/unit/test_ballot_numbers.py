"""Ballot numbers in figures, words, regional languages and emoji; and what is no ballot number."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netralitas_nlp.datafiles import data_folder
from netralitas_nlp.text.numbers import number_of, released_numbers

FORMS = tomllib.loads((data_folder("lexicon") / "numbers.toml").read_text(encoding="utf-8"))
VALUES = {number["value"]: number["words"] for number in FORMS["number"]}
CUES = ["nomor", "no", "nomor urut", "paslon", "pasangan calon nomor urut", "NOMER", "coblos"]
WILD = st.text(
    st.characters(codec="utf-8") | st.sampled_from("0123456789 .:#-no urut paslon dua ✌️☝🏽2️⃣②\u200b")
)


@pytest.mark.parametrize(
    "form",
    [
        "2", "02", "002", "dua", "DUA", "duaa", "no. 2", "no 2", "No.02", "nomor urut dua",
        "nomor urut 02", "nmr dua", "paslon 02", "paslon02", "no2", "#02", "✌️", "✌🏽", "✌", "2️⃣",
        "②", "𝟐", "２", "dua jari", "salam 2 jari", "loro", "rua", "du4", "nomor: 2",
    ],
)  # fmt: skip
def test_all_forms_of_two_are_two(form: str) -> None:
    assert number_of(form) == 2


@pytest.mark.parametrize(
    "form",
    ["", "nomor", "0", "00", "dua tiga", "02 03", "100", "2024", "dia", "👍", "paslon", "2.5"],
)
def test_what_is_not_one_number_is_none(form: str) -> None:
    assert number_of(form) is None


@given(
    st.sampled_from(sorted(VALUES)),
    st.sampled_from(CUES),
    st.sampled_from([" ", ". ", ": ", " - ", "  "]),
    st.data(),
)
def test_a_cue_and_any_form_give_the_number_and_its_place(
    value: int, cue: str, gap: str, data: st.DataObject
) -> None:
    word = data.draw(st.sampled_from([str(value), f"0{value}", *VALUES[value]]))
    form = f"{cue}{gap}{word}"
    assert number_of(form) == value
    text = f"hari ini {form} ya"
    (found,) = released_numbers().find(text)
    assert (found.value, found.form, text[found.start : found.end]) == (value, "cued", form)


@pytest.mark.parametrize(
    "text",
    [
        "UU No. 2 Tahun 2020 tentang kepolisian",
        "Perda nomor 2 soal sampah",
        "Peraturan Bupati Contoh Nomor 2",
        "Jalan Mawar no 2, RT 02 RW 03",
        "rapat jam 02.00 sampai 03:30 tanggal 02-11-2024",
        "skor akhir 02-01, harga 02,5 ribu",
        "anak saya dua, umur 2 dan 5",
        "dua kali dua empat",
        "TPS 02 dapil 03",
        "bantuan nomor 2 juta penerima",
    ],
)
def test_laws_addresses_times_and_counts_are_no_ballot_numbers(text: str) -> None:
    assert released_numbers().find(text) == []


@pytest.mark.parametrize(
    ("text", "form", "written"),
    [
        ("02 aja", "padded", "02"),
        ("liburan dulu ✌️", "sign", "✌️"),
        ("salam dua jari dari kami", "cued", "salam dua jari"),
        ("gas paslon02!", "cued", "paslon02"),
        ("di jalan ini coblos nomor 2", "cued", "coblos nomor 2"),
        ("pilih 2️⃣ ya", "sign", "2️⃣"),
    ],
)
def test_a_number_without_a_cue_is_told_apart(text: str, form: str, written: str) -> None:
    (found,) = released_numbers().find(text)
    assert (found.form, text[found.start : found.end], found.value) == (form, written, 2)


@given(WILD)
def test_spans_lie_inside_any_text_in_order_and_hold_the_number(text: str) -> None:
    end = 0
    for found in released_numbers().find(text):
        assert end <= found.start < found.end <= len(text)
        assert 1 <= found.value <= 99
        end = found.end
