"""Contestants are found in everyday spelling; rosters with errors are refused."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netralitas_nlp.datafiles import data_folder
from netralitas_nlp.errors import InputError
from netralitas_nlp.text.roster import Roster, load_roster, without_titles

ROSTER = load_roster("pilkada-rantau-selasih")
GOOD = (data_folder("rosters") / "pilkada-rantau-selasih.toml").read_text(encoding="utf-8")
PIECES = st.sampled_from(
    ["Tirtabuana", "#DuaAja", "Lembuwangi", "nomor 2", "✌️", "\u200b", "𝗟𝗲𝗺𝗯𝘂wangi", "e\u0301", "ﬁ"]
)


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "daftar.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Baskoro Lembuwangi datang", [("Baskoro Lembuwangi", "name", (2,), True)]),
        ("mahardika  TIRTABUANA hadir", [("mahardika  TIRTABUANA", "name", (1,), True)]),
        ("sama T1rt4bu4na", [("T1rt4bu4na", "nickname", (1,), True)]),
        ("lembuwaaangiii menang", [("lembuwaaangiii", "nickname", (2,), True)]),
        ("lembu\u200bwangi", [("lembu\u200bwangi", "nickname", (2,), True)]),
        ("Lembuwnagi oke", [("Lembuwnagi", "nickname", (2,), False)]),
        ("Lembuwang oke", [("Lembuwang", "nickname", (2,), False)]),
        ("Datuangingnya hadir", [("Datuangingnya", "nickname", (2,), False)]),
        ("#duaAJA dong", [("#duaAJA", "hashtag", (2,), True)]),
        ("SEBAYA! kata mereka", [("SEBAYA", "slogan", (1,), True)]),
        ("dari kebun untuk kabupaten", [("dari kebun untuk kabupaten", "slogan", (3,), True)]),
        ("kader PJN", [("PJN", "party", (1,), True)]),
        ("nomor urut tiga", [("nomor urut tiga", "number", (3,), True)]),
        ("liburan ✌️", [("✌️", "number", (2,), False)]),
    ],
)
def test_a_contestant_is_found_as_people_write(
    text: str, found: list[tuple[str, str, tuple[int, ...], bool]]
) -> None:
    assert [(m.text, m.kind, m.numbers, m.exact) for m in ROSTER.find(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "nomor urut 7",
        "Pak camat dan Bu lurah apel pagi",
        "lembu di wangi kebun",
        "Wulandari kelas dua",
        "UU nomor 2 tahun 2020",
        "#DuaAjaib",
        "",
    ],
)
def test_nobody_is_found_where_nobody_is_named(text: str) -> None:
    assert ROSTER.find(text) == []


def test_of_two_that_overlap_the_longer_stays() -> None:
    (match,) = ROSTER.find("Siti Karomah Datuanging")
    assert (match.kind, match.numbers) == ("name", (2,))


def test_a_nickname_of_two_pairs_points_to_both(tmp_path: Path) -> None:
    shared = GOOD.replace('"Bang Ulurimba"', '"Bang Ulurimba", "Datuanging"')
    roster = load_roster(written(tmp_path, shared))
    (match,) = roster.find("dukung Datuanging")
    assert match.numbers == (2, 3)
    assert [(w.code, w.key, w.value) for w in roster.warnings()] == [
        ("roster_shared", "contestant[3].person[1].nicknames[2]", "Datuanging")
    ]


@given(st.lists(PIECES | st.text(), max_size=8).map("".join))
def test_spans_always_lie_inside_the_text_and_hold_what_they_say(text: str) -> None:
    end = 0
    for match in ROSTER.find(text):
        assert end <= match.start < match.end <= len(text)
        assert match.text == text[match.start : match.end]
        assert set(match.numbers) <= {1, 2, 3}
        end = match.end


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_name_is_found_whatever_stands_around_it(before: str, after: str) -> None:
    matches = ROSTER.find(f"{before} , Baskoro Lembuwangi , {after}")
    assert any("Lembuwangi" in m.text and 2 in m.numbers for m in matches)


def test_the_search_of_a_huge_cell_grows_with_its_length_and_no_faster() -> None:
    """Processor time, as a ratio: a search of quadratic cost would take sixteen times as long."""

    def search(times: int) -> float:
        begun = time.process_time()
        matches = ROSTER.find("#DuaAja nomor nomor 2 Lembuwnagi \u0301 " * times)
        assert len(matches) == 3 * times
        return time.process_time() - begun

    search(1_000)
    assert search(20_000) < 10 * search(5_000)


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Drs. H. Mahardika Tirtabuana, M.Si.", "Mahardika Tirtabuana"),
        ("Jenderal (Purn.) Bramantya Wirogeni", "Bramantya Wirogeni"),
        ("dr. Nurhaliza Sungkawela, Sp.A.", "Nurhaliza Sungkawela"),
        ("Yosafat Ulurimba", "Yosafat Ulurimba"),
        ("Ir. H.", "Ir. H."),
    ],
)
def test_titles_are_no_part_of_a_name(name: str, bare: str) -> None:
    assert without_titles(name) == bare


@pytest.mark.parametrize(
    ("nickname", "code"),
    [("Cahaya", "roster_everyday"), ("Mas Bintang Jaya", None), ("Pak", "roster_everyday"),
     ("Zul", "roster_short"), ("Mas Agung", "roster_everyday")],
)  # fmt: skip
def test_nicknames_that_are_everyday_words_are_warned_about(
    tmp_path: Path, nickname: str, code: str | None
) -> None:
    roster = load_roster(written(tmp_path, GOOD.replace("Bang Ulurimba", nickname)))
    assert [warning.code for warning in roster.warnings()] == ([code] if code else [])


@pytest.mark.parametrize("name", ["pilkada-rantau-selasih", "pilpres-nusa-sembilan"])
def test_the_packaged_rosters_are_fictional_and_without_warnings(name: str) -> None:
    roster = load_roster(name)
    assert isinstance(roster, Roster)
    assert roster.file.fictional
    assert roster.warnings() == []


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ("number = 2", "number = 1", "contestant", "number 1 is used twice"),
        ("number = 2", "number = 0", "contestant[2].number", "between 1 and 99"),
        ("number = 2", 'number = "2"', "contestant[2].number", "whole number"),
        ('kind = "pilkada"', 'kind = "pilkades"', "kind", "must be one of"),
        ('"#DuaAja"', '"#Dua Aja"', "contestant[2].hashtags[2]", "form"),
        ('area = "Kabupaten Rantau Selasih"\n', "", "area", "required"),
        ('role = "calon bupati"\n', "", "contestant[1].person[1].role", "required"),
        ("colours =", "colors =", "contestant[1].colors", "not known"),
        ('slogans = ["Selasih Bangkit Bersama", "SEBAYA"]', 'slogans = "SEBAYA"',
         "contestant[1].slogans", "list"),
    ],
)  # fmt: skip
def test_a_bad_roster_is_refused_with_file_key_and_reason(
    tmp_path: Path, old: str, new: str, key: str, reason: str
) -> None:
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        load_roster(written(tmp_path, GOOD.replace(old, new, 1)))
    message = str(caught.value)
    assert "daftar.toml" in message
    assert f"`{key}`" in message
    assert reason in message


def test_a_missing_roster_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"tiada\.toml"):
        load_roster(tmp_path / "tiada.toml")
