"""Folders of the user add to the policy or override it; a bad file is refused with its reason."""

from datetime import date
from pathlib import Path

import pytest

from netralitas_nlp.datafiles import data_folder
from netralitas_nlp.errors import NetralitasError
from netralitas_nlp.policy.clauses import clause_for
from netralitas_nlp.policy.policies import load_policy, released_policy
from netralitas_nlp.policy.rules import overseers_on
from netralitas_nlp.policy.stages import stage_of

SIXTH = """
district = "Rantau Selasih"
province = "Provinsi Rekaan"
revised = 2026-11-21

[[pledge]]
date = 2028-10-02
form = "verbatim"
numbered = true
occasion = { id = "apel pagi", en = "morning roll call" }
labels = { candidate_support = { point = 4 }, hoax = { point = 5, also = [4] } }

[[pledge.source]]
publisher = "Koran Rekaan"
title = "Ikrar di Rantau Selasih"
url = "https://koran.test/ikrar"

[[pledge.point]]
number = 4
text = "tidak memihak"

[[pledge.point]]
number = 5
text = "tidak menyebarkan berita bohong"
"""


def folder_with(tmp_path: Path, name: str, text: str) -> Path:
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return tmp_path


def refused(folder: Path, lang: str = "en") -> str:
    with pytest.raises(NetralitasError) as caught:
        load_policy(folder)
    return caught.value.render(lang)  # type: ignore[arg-type]


def test_a_sixth_district_is_one_file_in_a_folder(tmp_path: Path) -> None:
    policy = load_policy(folder_with(tmp_path, "pledges/rantau-selasih.toml", SIXTH))
    assert len(policy.districts) == len(released_policy().districts) + 1
    on = date(2028, 10, 2)
    assert clause_for("hoax", "rantau selasih", on, policy=policy).citation == "Rantau Selasih 5"
    assert clause_for("candidate_support", "Rantau Selasih", on, policy=policy).point == 4
    assert clause_for("hate_speech", "Rantau Selasih", on, policy=policy).standing == "not_covered"
    assert clause_for("hoax", "Langkat", on, policy=policy).point == 3


def test_a_file_of_the_user_replaces_the_packaged_district(tmp_path: Path) -> None:
    ours = SIXTH.replace("Rantau Selasih", "Langkat").replace("2028-10-02", "2023-11-01")
    policy = load_policy(folder_with(tmp_path, "pledges/x.toml", ours))
    assert clause_for("hoax", "Langkat", date(2023, 11, 2), policy=policy).point == 5
    assert clause_for("hoax", "Langkat", date(2023, 12, 2)).point == 3


def test_a_newer_pledge_counts_from_its_day_and_an_ended_one_no_more(tmp_path: Path) -> None:
    second = SIXTH[SIXTH.index("[[pledge]]") :].replace("2028-10-02", "2029-01-05")
    second = second.replace("point = 4 }", "point = 5 }")
    second = second.replace("form =", "until = 2029-03-01\nform =")
    policy = load_policy(folder_with(tmp_path, "pledges/r.toml", SIXTH + second))

    def point(day: date) -> int | None:
        return clause_for("candidate_support", "Rantau Selasih", day, policy=policy).point

    assert [point(date(2029, 1, 4)), point(date(2029, 1, 5))] == [4, 5]
    assert [point(date(2029, 3, 1)), point(date(2029, 3, 2))] == [5, None]


def test_an_institution_of_the_user_replaces_the_one_of_its_id(tmp_path: Path) -> None:
    text = (
        'revised = 2027-12-01\n[[institution]]\nid = "bkn"\nshort = "LPM"\nsince = 2027-11-01\n'
        'name = { id = "Lembaga Merit", en = "Merit Agency" }\n'
        'role = { id = "mengawasi", en = "oversees" }\n'
    )
    policy = load_policy(folder_with(tmp_path, "institutions.toml", text))
    assert "LPM" in {body.short for body in overseers_on(date(2027, 11, 1), policy=policy)}
    assert policy.version.startswith("2027-12-01-")


def test_the_version_changes_with_any_value_and_with_nothing_else(tmp_path: Path) -> None:
    base = released_policy().version
    assert load_policy().version == base
    first = load_policy(folder_with(tmp_path / "a", "pledges/r.toml", SIXTH)).version
    again = load_policy(folder_with(tmp_path / "b", "pledges/other-name.toml", SIXTH)).version
    other = load_policy(
        folder_with(tmp_path / "c", "pledges/r.toml", SIXTH.replace("memihak", "berpihak"))
    ).version
    assert first == again
    assert len({base, first, other}) == 3


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ('province = "Provinsi Rekaan"\n', "", "province", "required"),
        ("revised =", "revized =", "revised", "required"),
        ('province = "Provinsi Rekaan"', 'province = ""', "province", "empty"),
        ("2028-10-02", '"2028-10-02"', "pledge[1].date", "without quotation marks"),
        ('"verbatim"', '"ringkasan"', "pledge[1].form", "verbatim"),
        ("numbered = true", 'numbered = "ya"', "pledge[1].numbered", "true or false"),
        ("number = 4", 'number = "4"', "pledge[1].point[1].number", "whole number"),
        ("number = 4", "number = 5", "pledge[1]", "used twice"),
        ("hoax = { point = 5", "hoax = { point = 9", "pledge[1].labels.hoax", "no point 9"),
        ("hoax =", "fitnah =", "pledge[1].labels.fitnah", "must be one of"),
        ("https://koran.test/ikrar", "javascript:alert(1)", "pledge[1].source[1].url", "https://"),
        ('{ id = "apel pagi", en = "morning roll call" }', '"apel"', "pledge[1].occasion", "table"),
        ("form =", "until = 2020-01-01\nform =", "pledge[1]", "reversed"),
        ("form =", "sanksi = 1\nform =", "pledge[1].sanksi", "not known"),
        ("district =", "district", "", "TOML"),
        ("revised = 2026-11-21", "revised = 2026-13-41", "", "TOML"),
    ],
)
def test_a_bad_pledge_is_refused_with_file_key_and_reason(
    tmp_path: Path, old: str, new: str, key: str, reason: str
) -> None:
    assert old in SIXTH
    folder = folder_with(tmp_path, "pledges/salah.toml", SIXTH.replace(old, new, 1))
    english = refused(folder)
    assert "salah.toml" in english
    assert key in english
    assert reason in english
    assert refused(folder, "id") != english


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "pledges/biner.toml", "")
    (folder / "pledges/biner.toml").write_bytes(b"\xff\xfe\x00district")
    assert "biner.toml" in refused(folder)


def test_a_file_of_absurd_size_is_refused_unread(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "pledges/besar.toml", "#" * 2_000_001)
    assert "besar.toml" in refused(folder)


def test_one_district_in_two_files_is_refused(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "pledges/a.toml", SIXTH)
    folder_with(tmp_path, "pledges/b.toml", SIXTH.replace("Rantau Selasih", "Kab. RANTAU selasih"))
    assert "b.toml" in refused(folder)


def test_an_alias_of_another_district_is_refused(tmp_path: Path) -> None:
    text = SIXTH.replace("revised =", 'aliases = ["Langkat"]\nrevised =', 1)
    assert "Langkat" in refused(folder_with(tmp_path, "pledges/a.toml", text))


def test_a_rule_used_twice_is_refused(tmp_path: Path) -> None:
    rule = (
        '[[rule]]\nid = "r-1"\ntitle = "T"\narticle = "A"\nkind = "statute"\nsince = 2020-01-01\n'
        'status = "in_force"\nlabels = []\ntext = { id = "a", en = "b" }\n'
    )
    folder = folder_with(tmp_path, "rules.toml", "revised = 2026-11-21\n" + rule + rule)
    assert "r-1" in refused(folder)


@pytest.mark.parametrize("made", [True, False])
def test_a_folder_without_any_policy_is_refused(tmp_path: Path, made: bool) -> None:
    folder = tmp_path / "kosong"
    if made:
        folder.mkdir()
    assert "kosong" in refused(folder)


def test_the_template_is_not_read_and_makes_an_election_once_filled_in(tmp_path: Path) -> None:
    template = (data_folder("policy") / "stages" / "template.toml").read_text(encoding="utf-8")
    folder_with(tmp_path, "stages/template.toml", template)
    assert "kosong" not in load_policy(folder_with(tmp_path, "pledges/r.toml", SIXTH)).elections
    assert "pemilu-2029.toml" in refused(folder_with(tmp_path, "stages/pemilu-2029.toml", template))
    filled = template.replace('election = ""', 'election = "pemilu-2029"').replace(
        'name = { id = "", en = "" }', 'name = { id = "Pemilu 2029", en = "Election 2029" }'
    )
    filled = filled.replace('revised = ""', "revised = 2028-01-01")
    filled = filled.replace('source = ""', 'source = "PKPU rekaan"')
    for place in range(7):
        filled = filled.replace('start = ""', f"start = 2028-0{place + 1}-01", 1)
        filled = filled.replace('end = ""', f"end = 2028-0{place + 1}-20", 1)
    policy = load_policy(folder_with(tmp_path, "stages/pemilu-2029.toml", filled))
    assert stage_of(date(2028, 2, 20), "pemilu-2029", policy=policy).code == "pemilu-2029 kampanye"
