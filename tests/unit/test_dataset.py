"""Copies, groups, splits, masking and the project's own posts."""

import re
import tomllib
from pathlib import Path

import pandas as pd
import pytest
import tiny_public_sets as tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from netralitas_nlp.errors import InputError
from netralitas_nlp.text.dedup import letters_key
from netralitas_nlp.training.dataset import (
    COLUMNS,
    counts,
    load_constructed,
    load_public,
    text_keys,
)
from netralitas_nlp.training.groups import group_ids, near_any, near_pairs, split_of
from netralitas_nlp.training.sources import PUBLIC_SETS
from netralitas_nlp.training.sources.common import clean

IBROHIM, OFFICIAL = "ibrohim-budi-2019-multilabel", "official_election_tweets"
HANDLE = re.compile(r"@(?!USER)\w")
PHONE = re.compile(r"(?<!\d)(?:\+?62|0)8\d{8,11}(?!\d)")
ROOT = Path(__file__).parents[2]


def sentences(count: int) -> list[str]:
    nouns = [
        "perahu",
        "bakso",
        "lembah",
        "jembatan",
        "pasar",
        "kebun",
        "sungai",
        "langit",
        "sepeda",
        "kucing",
    ]
    verbs = ["menunggu", "membawa", "melihat", "mencari", "menanam"]
    return [
        f"{nouns[i % 10]} {verbs[i // 10 % 5]} {nouns[i * 7 % 9]} ke{i} dekat "
        f"{nouns[i * 3 % 10]} {i * i}"
        for i in range(count)
    ]


def test_the_frame_has_the_agreed_columns_and_the_same_load_gives_the_same_frame(
    tmp_path: Path,
) -> None:
    tiny.ibrohim_2019(tmp_path, [tiny.hs(text) for text in sentences(60)])
    first = load_public(tmp_path, names=[IBROHIM])
    assert tuple(first.columns) == COLUMNS
    pd.testing.assert_frame_equal(first, load_public(tmp_path, names=[IBROHIM]))


def test_copies_across_sets_are_kept_once_with_the_label_of_the_first(tmp_path: Path) -> None:
    tiny.ibrohim_2019(tmp_path, [tiny.hs("@ani Rapat PLENO hari ini!! https://t.co/x")])
    tiny.official(tmp_path, [["x", "kpu", "2023", "rapat pleno, hari ini", "r"]])
    frame = load_public(tmp_path, names=[IBROHIM, OFFICIAL])
    assert frame["source"].tolist() == [IBROHIM]


def test_a_set_that_contradicts_itself_about_a_text_says_nothing_about_it(tmp_path: Path) -> None:
    rows = [tiny.hs("suku kabut maling", HS=1, HS_Race=1), tiny.hs("Suku kabut maling!")]
    tiny.ibrohim_2019(tmp_path, [*rows, tiny.hs("cuaca cerah sekali")])
    assert load_public(tmp_path, names=[IBROHIM])["text"].tolist() == ["cuaca cerah sekali"]


def test_near_copies_share_a_group_and_distinct_texts_do_not() -> None:
    texts = [
        "sebarkan kabar ini ke seluruh keluarga besar kita sebelum dihapus pihak sana",
        "tolong sebarkan kabar ini ke seluruh keluarga besar kita sebelum dihapus pihak sana!!",
        "panen jeruk di lembah awan tahun ini jauh lebih baik daripada tahun lalu",
        "satu dua tiga empat lima enam tujuh delapan lalu akhirnya begini",
        "satu dua tiga empat lima enam tujuh delapan namun berbeda sama sekali sesudahnya ya pak",
    ]
    groups = group_ids([letters_key(text) for text in texts], texts, ["", "", "", "", ""])
    assert groups[0] == groups[1]
    assert groups[3] == groups[4]
    assert len(set(groups)) == 3


def test_posts_of_one_author_share_a_group() -> None:
    texts = sentences(3)
    groups = group_ids([letters_key(text) for text in texts], texts, ["a", "b", "a"])
    assert groups[0] == groups[2] != groups[1]


def test_near_pairs_agree_with_an_exact_comparison_of_all_pairs() -> None:
    keys = [letters_key(text) for text in sentences(80)]
    keys += [key[:-2] + "zz" for key in keys[:20]]

    def shingles(key: str) -> set[str]:
        return {key[i : i + 5] for i in range(len(key) - 4)}

    found = set(near_pairs(keys, across=80))
    for left in range(80):
        for right in range(80, 100):
            a, b = shingles(keys[left]), shingles(keys[right])
            likeness = len(a & b) / len(a | b)
            assert ((left, right) in found) <= (likeness >= 0.7)
            if likeness >= 0.9:
                assert (left, right) in found


def test_no_group_lies_in_both_splits_and_about_a_tenth_is_for_development(tmp_path: Path) -> None:
    tiny.ibrohim_2019(tmp_path, [tiny.hs(text) for text in sentences(400)])
    rows = [
        ["x", f"akun{i % 40}", "2023", f"giat {text} bersama", "r"]
        for i, text in enumerate(sentences(200))
    ]
    tiny.official(tmp_path, rows)
    frame = load_public(tmp_path, names=[IBROHIM, OFFICIAL])
    assert frame.groupby("group_id")["split"].nunique().max() == 1
    shares = [split_of(f"group {i}") == "dev" for i in range(5000)]
    assert 0.08 < sum(shares) / 5000 < 0.12


def test_texts_kept_for_a_test_and_their_near_copies_are_never_loaded(tmp_path: Path) -> None:
    kept = "hasil panen jeruk lembah awan tahun ini naik dua kali lipat kata pak lurah"
    tiny.ibrohim_2019(
        tmp_path,
        [
            tiny.hs(kept),
            tiny.hs(kept + " tadi"),
            tiny.hs("@ani " + kept.upper()),
            tiny.hs("hujan lagi"),
        ],
    )
    frame = load_public(tmp_path, names=[IBROHIM], exclude_texts=text_keys([kept]))
    assert frame["text"].tolist() == ["hujan lagi"]
    assert near_any(["abc"], {"abc"}) == {0}


def test_authors_appear_as_digests_only(tmp_path: Path) -> None:
    tiny.official(tmp_path, [["x", "kpu_awan", "2023", "rapat pleno hari ini", "r"]])
    frame = load_public(tmp_path, names=[OFFICIAL])
    assert re.fullmatch(r"[0-9a-f]{12}", frame["account"].iloc[0])


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("RT USER: lihat URL", "RT @USER: lihat HTTPURL"),
        ("[USERNAME] <USERNAME> [URL]", "@USER @USER HTTPURL"),
        ("halo@budi_awan dan ani@kantor.test", "halo @USER dan EMAIL"),
        (r"foto https:\/\/t.co\/ab12", "foto HTTPURL"),
        ("lihat pic.twitter.com/abc dan https:…", "lihat HTTPURL dan HTTPURL"),
        ("a &amp;gt; b", "a > b"),
        (r"siap\n\nbos \xf0\x9f\x98\x80 \xa", "siap bos 😀"),
        ("%u2705 siap", "✅ siap"),
        ("senang 馃槀", "senang 😂"),
        ("hubungi 0812-3456-7890 ya", "hubungi PHONE ya"),
    ],
)
def test_damage_and_placeholders_of_the_sets_are_brought_to_ours(raw: str, expected: str) -> None:
    assert clean(raw) == expected


WILD = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(
            ["@budi", "@ani_awan.x", "x@y", "USER", "URL", "https://t.co/a", "www.a.test", "&amp;",
             "0812 3456 7890", "+6281234567890", "ani@kantor.test", r"\n", r"\xf0\x9f",
             "%u2063", "ð", " "]
        ),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(WILD)
def test_nobody_can_be_found_in_a_cleaned_text(parts: list[str]) -> None:
    text = clean(" ".join(parts))
    assert not HANDLE.search(text)
    assert not PHONE.search(text)
    assert "://" not in text or "t.co" not in text
    assert "@kantor" not in text


@settings(max_examples=300, deadline=None)
@given(WILD)
def test_cleaning_twice_changes_nothing(parts: list[str]) -> None:
    once = clean("".join(parts))
    assert clean(once) == once


def test_a_missing_file_says_which_and_where(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_public(tmp_path, names=[OFFICIAL])
    assert "official_election_tweets.csv" in caught.value.render("id")


def test_a_missing_column_is_named_with_those_that_were_seen(tmp_path: Path) -> None:
    path = tmp_path / "neutral/official_election_tweets/official_election_tweets.csv"
    tiny.write(path, ["username", "isi"], [["kpu", "rapat"]])
    with pytest.raises(InputError) as caught:
        load_public(tmp_path, names=[OFFICIAL])
    assert "created_at" in str(caught.value)
    assert "isi" in str(caught.value)


def test_an_unknown_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="bulan"):
        load_public(tmp_path, names=["bulan"])


def test_the_list_of_sources_agrees_with_what_is_read_and_released() -> None:
    listed = tomllib.loads((ROOT / "data/sources.toml").read_text(encoding="utf-8"))["set"]
    used = {entry["name"]: entry["release"] for entry in listed if entry["used"]}
    assert used == {public.name: public.release for public in PUBLIC_SETS}
    assert {entry["family"] for entry in listed} >= {public.family for public in PUBLIC_SETS}
    for entry in listed:
        assert entry["licence"]
        assert entry["mapping"]
        assert all(len(file["sha256"]) == 64 and file["bytes"] > 0 for file in entry["files"])


OWN = ["id", "text", "candidate_support", "hate_speech", "hoax", "borderline", "text_kind"]
OWN += ["parent_text", "group_id", "author_batch", "split"]


def own(path: Path, *rows: list[object]) -> Path:
    tiny.write(path, OWN, rows)
    return path


def test_own_posts_come_in_the_shape_of_the_public_sets(tmp_path: Path) -> None:
    path = own(
        tmp_path / "posts.csv",
        ["a1", "coblos nomor 2 @budi", 1, 0, 0, 0, "own", "", "g1", "b1", "train"],
        ["a2", "mantap", 1, 0, 0, 1, "reply", "pilih @ani saja", "g2", "b1", ""],
    )
    frame = load_constructed(path)
    assert tuple(frame.columns[: len(COLUMNS)]) == COLUMNS
    assert frame["text"].tolist() == ["coblos nomor 2 @USER", "mantap"]
    assert frame["parent_text"].tolist() == ["", "pilih @USER saja"]
    assert frame["weight"].tolist() == [1.0, 0.5]
    assert frame["split"].iloc[1] == split_of("g2")
    assert frame["author_batch"].tolist() == ["b1", "b1"]
    assert counts(frame).loc["constructed", ("candidate_support", "1")] == 2


@pytest.mark.parametrize(
    ("second", "part"),
    [
        (["a2", "halo", 2, 0, 0, 0, "own", "", "g2", "b1", "train"], "candidate_support"),
        (["a1", "halo", 0, 0, 0, 0, "own", "", "g2", "b1", "train"], "`a1`"),
        (["a2", "halo", 0, 0, 0, 0, "own", "", "g1", "b1", "dev"], "`g1`"),
        (["a2", "halo", 0, 0, 0, 0, "own", "", "g2", "b1", "latih"], "`latih`"),
    ],
)
def test_a_fault_in_own_posts_is_shown_with_its_row(
    tmp_path: Path, second: list[object], part: str
) -> None:
    first = ["a1", "pagi", 0, 0, 0, 0, "own", "", "g1", "b1", "train"]
    with pytest.raises(InputError) as caught:
        load_constructed(own(tmp_path / "posts.csv", first, second))
    assert part in str(caught.value)
    assert "ow " in str(caught.value)
