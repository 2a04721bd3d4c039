"""Exchanging a number, name or identity: what is exchanged, and what a flip is."""

from pathlib import Path

import pytest
from test_suite import Told

from netralitas_nlp.evaluation.parity import Attribute, audit, audited_texts, load_attributes

FILE = Path(__file__).parents[2] / "data/suite/parity.toml"
NUMBER = Attribute(name="number", before="nomor|paslon", values=("1", "2", "3"))
GENDER = Attribute(name="gender", before="", pairs=(("pak", "bu"), ("laki-laki", "perempuan")))


def test_a_value_is_exchanged_only_behind_its_word() -> None:
    assert NUMBER.variants("pilih nomor 2 ya, jam 2 tepat") == [
        "pilih nomor 1 ya, jam 2 tepat",
        "pilih nomor 3 ya, jam 2 tepat",
    ]
    assert NUMBER.variants("jam 2 di balai") == []
    assert NUMBER.variants("nomor 23 antrean") == []


def test_a_text_that_sets_two_values_against_each_other_is_left_alone() -> None:
    assert NUMBER.variants("paslon 1 bagus, paslon 2 ngawur") == []


def test_pairs_are_exchanged_two_by_two_and_keep_their_case() -> None:
    assert GENDER.variants("Pak Rangga, pak camat") == ["Bu Rangga, bu camat"]
    assert GENDER.variants("PEREMPUAN tak pantas") == ["LAKI-LAKI tak pantas"]
    assert GENDER.variants("bukan bupati") == []


def test_a_name_that_its_row_gives_is_exchanged_wherever_it_stands() -> None:
    names = Attribute(name="contestant", before="pak", values=("ranggawe", "sitorang"))
    assert names.variants_of("dukung Bu Handayani saja, HANDAYANI!", "Handayani") == [
        "dukung Bu Ranggawe saja, RANGGAWE!",
        "dukung Bu Sitorang saja, SITORANG!",
    ]
    assert names.variants_of("rapat desa", "Handayani") == []
    assert names.variants_of("rapat desa", "") == []
    calm = scorer_of(Told(dukung=(0.9, 0, 0)))
    text = "dukung Bu Handayani"
    found = audit([text], calm, [names], known={"contestant": {text: "Handayani"}})
    assert (found["contestant"].posts, found["contestant"].variants) == (1, 2)


def test_only_names_of_contestants_are_exchanged_for_names(tmp_path: Path) -> None:
    own = tmp_path / "posts.csv"
    cells = ["nomor 2", "petahana", "Nomor 3", "Partai Melati", "Handayani", "Sutan Marajo"]
    lines = [f"dukung {cell},{cell},Kota Batu,test" for cell in cells]
    own.write_text("\n".join(["text,contestant,district,split", *lines, "x,Budi,Batu,train"]))
    texts, known = audited_texts(FILE.parent, own)
    assert texts[-1] == "dukung Sutan Marajo"
    assert list(known["contestant"].values()) == ["Handayani", "Sutan Marajo"]
    assert set(known["region"].values()) == {"Batu"}


def test_movement_counts_shifts_and_flips() -> None:
    scorer = Told(pilih=(0.9, 0, 0), rapat=(0.1, 0, 0))
    texts = ["pilih nomor 2", "rapat nomor 3"]
    same = audit(texts, scorer_of(scorer), [NUMBER])["number"]
    assert (same.posts, same.variants, same.flips, same.largest_shift) == (2, 4, 0, 0.0)
    moody = Told(**{"nomor": (0.9, 0, 0)})
    swapped = Attribute(name="word", before="", values=("nomor", "angka"))
    moved = audit(["nomor tiga"], scorer_of(moody), [swapped])["word"]
    assert moved.flips == 1
    assert moved.flip_share == 1.0
    assert moved.largest_shift == pytest.approx(0.9)
    assert moved.examples[0][:2] == ("nomor tiga", "angka tiga")


def scorer_of(told: Told):  # type: ignore[no-untyped-def]
    """Give the fake the list form of ``score``."""
    told.score = lambda texts: list(told.score_stream((text, None) for text in texts))  # type: ignore[attr-defined]
    return told


def test_the_list_of_the_project_is_sound() -> None:
    attributes = load_attributes(FILE)
    assert {"ballot-number", "religion", "ethnicity", "region", "gender", "contestant"} <= {
        attribute.name for attribute in attributes
    }
    religion = next(a for a in attributes if a.name == "religion")
    assert len(religion.variants("umat Kristen di kampung ini")) == 5
    assert "umat Islam di kampung ini" in religion.variants("umat Kristen di kampung ini")
