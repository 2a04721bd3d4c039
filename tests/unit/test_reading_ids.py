"""Ids stay text; what a spreadsheet damaged is seen, and comes from the address or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netralitas_nlp.io.ids import (
    account_from_url,
    clean_account,
    clean_id,
    column_is_rounded,
    id_from_url,
    is_damaged,
    is_phone,
    looks_rounded,
    pseudonym,
)

DIGITS = st.integers(min_value=10**18, max_value=2 * 10**18).map(str)


@given(DIGITS)
def test_an_id_comes_back_exactly_from_every_wrapping(digits: str) -> None:
    for written in (
        digits,
        f'="{digits}"',
        f'=""{digits}""',
        f"'{digits}",
        f" {digits} ",
        int(digits),
    ):
        assert clean_id(written) == digits


@given(DIGITS, st.sampled_from(",."))
def test_scientific_notation_is_damage(digits: str, comma: str) -> None:
    assert is_damaged(f"{digits[0]}{comma}{digits[1:3]}E+18")
    assert not is_damaged(digits)


@given(st.lists(DIGITS, min_size=5, max_size=30))
def test_a_rounded_column_is_told_from_a_sound_one(ids: list[str]) -> None:
    assert column_is_rounded([digits[:15] + "0000" for digits in ids])
    assert not column_is_rounded([digits[:-1] + "7" for digits in ids])


def test_short_ids_are_never_rounded() -> None:
    assert not looks_rounded("1000000000000000")
    assert not column_is_rounded(["100", "2000", "30000000"])


@pytest.mark.parametrize(
    ("url", "account", "post_id"),
    [
        ("https://twitter.com/budi_s/status/1763734020123456789", "budi_s", "1763734020123456789"),
        (
            "https://mobile.x.com/budi_s/status/1763734020123456789?s=20",
            "budi_s",
            "1763734020123456789",
        ),
        ("https://x.com/undefined/status/1763734020123456789", "", "1763734020123456789"),
        ("https://x.com/i/web/status/17", "", "17"),
        ("https://www.tiktok.com/@budi.s/video/73", "budi.s", "73"),
        ("https://www.instagram.com/p/AbC-d_/", "", "AbC-d_"),
        ("https://www.instagram.com/p/AbC/c/179/", "", "179"),
        ("https://www.instagram.com/budi.s/reel/AbC/", "budi.s", "AbC"),
        ("https://www.facebook.com/desa/posts/pfbid0x", "desa", "pfbid0x"),
        ("https://www.facebook.com/groups/5/permalink/6/", "", "6"),
        ("https://www.facebook.com/desa/posts/1?comment_id=22", "desa", "22"),
        ("https://www.youtube.com/watch?v=abc&lc=Ug1", "", "Ug1"),
        ("https://www.youtube.com/watch?v=abc", "", ""),
        ("https://www.threads.net/@budi.s/post/Cx1", "budi.s", "Cx1"),
        ("https://bsky.app/profile/budi.id/post/3k", "budi.id", "3k"),
        ("https://t.me/kanal_desa/42", "kanal_desa", "42"),
        ("https://contoh.invalid/budi/status/1", "", ""),
        ("https://x.com.jahat.invalid/budi/status/1", "", ""),
        ("javascript:alert(1)", "", ""),
    ],
)
def test_an_address_tells_account_and_id(url: str, account: str, post_id: str) -> None:
    assert (account_from_url(url), id_from_url(url)) == (account, post_id)


@pytest.mark.parametrize(
    "written", ["undefined", "NA", "null", "None", "nan", "", "  ", "@undefined", None, [], {}]
)
def test_a_stand_in_is_never_an_account(written: object) -> None:
    assert clean_account(written) == ""  # type: ignore[arg-type]


def test_an_account_is_written_as_the_platform_writes_it() -> None:
    assert clean_account("ID: 809570028") == "809570028"
    assert clean_account("@budi") == "@budi"
    assert clean_account("\u200eBudi\u202c") == "Budi"


@given(st.integers(min_value=81_000_000_00, max_value=89_999_999_999).map(str))
def test_one_number_in_any_spelling_has_one_pseudonym(rest: str) -> None:
    spellings = [
        f"0{rest}",
        f"+62{rest}",
        f"+62 {rest[:3]}-{rest[3:7]}-{rest[7:]}",
        f"\u202a+62 {rest}\u202c",
    ]
    assert all(is_phone(spelling) for spelling in spellings)
    names = {pseudonym(spelling) for spelling in spellings}
    assert len(names) == 1
    assert rest not in names.pop()


def test_names_and_short_numbers_are_no_telephone_numbers() -> None:
    assert not any(
        is_phone(word) for word in ("Budi 2", "user111", "12345", "Pak RT 05/08", "9" * 19)
    )


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading_of_ids(text: str) -> None:
    for url in (
        text,
        f"https://x.com/{text}",
        f"https://www.facebook.com/{text}?{text}",
        f"https://[{text}",
    ):
        assert isinstance(account_from_url(url) + id_from_url(url), str)
    assert not is_damaged(clean_id(text)) or "e" in text.casefold()
