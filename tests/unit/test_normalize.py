import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netralitas_nlp.text.dedup import letters_key
from netralitas_nlp.text.normalize import (
    IDENTITY,
    PLACEHOLDERS,
    Normalizer,
    NormalizerSettings,
    mask,
)

WILD = st.text(st.characters(codec="utf-8") | st.sampled_from("@#\\x ‍️✌👍🇮🇩0123789"))
OURS = Normalizer(NormalizerSettings(emoji_tokens=("👍", "✌"), emoji_words={"🌹": "mawar"}))


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("Pilih NOMOR 02 yaaaaaa!!!!!", "pilih nomor 02 yaa!!"),
        ("#PilihNomorDua #2024GantiCamat", "# pilih nomor dua # 2024 ganti camat"),
        ("salam dua jari ✌️✌🏽", "salam dua jari ✌ ✌"),
        ("untuk bu guru 🌹", "untuk bu guru mawar"),
        ("merdeka 🇮🇩", "merdeka bendera id"),
        ("nomor 2️⃣", "nomor 2"),
        ("𝗖𝗼𝗯𝗹𝗼𝘀 ②", "coblos 2"),
        ("kata\\nkata \\xf0\\x9f\\x91\\x8d", "kata kata 👍"),
        ("tunjangan 1000000 rupiah", "tunjangan 1000000 rupiah"),
        ("ke\u200bbo\u00adhongan", "kebohongan"),
        ("  \t\n ", ""),
    ],
)
def test_the_normal_form_is_what_the_model_was_trained_on(raw: str, normal: str) -> None:
    assert OURS(raw) == normal


@pytest.mark.parametrize(
    ("raw", "masked"),
    [
        ("halo @pak_camat07, apa kabar", "halo @USER, apa kabar"),
        ("cek https://contoh.test/a?b=1 dan www.contoh.test", "cek HTTPURL dan HTTPURL"),
        ("surel dinas@contoh.test ya", "surel EMAIL ya"),
        ("wa 0812-3456-7890 / +62 812 3456 7890", "wa PHONE / PHONE"),
        ("NIK 7301012345678901", "NIK IDNUM"),
        (
            "rapat jam 08.00 tanggal 27-11-2024 di ruang 02",
            "rapat jam 08.00 tanggal 27-11-2024 di ruang 02",
        ),
    ],
)
def test_handles_addresses_and_numbers_of_persons_are_masked(raw: str, masked: str) -> None:
    assert mask(raw) == masked


@given(WILD)
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(WILD)
def test_any_text_has_a_normal_form_on_one_line_without_invisible_characters(text: str) -> None:
    normal = OURS(text)
    assert normal == " ".join(normal.split())
    assert not set(normal) & set("\u200b\u200d\ufe0f\ufeff\ue000\ue001")


@given(WILD)
def test_capitals_in_a_normal_form_belong_to_placeholders_only(text: str) -> None:
    """So that no post can smuggle in a piece that the model reads as a signal of its own."""
    rest = OURS(text)
    for name in PLACEHOLDERS:
        rest = rest.replace(name, "")
    assert rest == rest.lower()


def test_special_tokens_typed_by_a_person_stay_words() -> None:
    assert OURS("[MASK] [SEP] [CALON]") == "[mask] [sep] [calon]"


def test_settings_survive_the_journey_through_json() -> None:
    again = Normalizer.from_settings(json.loads(json.dumps(OURS.to_settings())))
    assert again.settings == OURS.settings


def test_unknown_settings_are_refused() -> None:
    with pytest.raises(TypeError, match="stemming"):
        Normalizer.from_settings({"stemming": True})


def test_models_of_others_see_the_text_as_it_was() -> None:
    assert (
        Normalizer(IDENTITY)("Pilih @Budi 😀 #SalamDua yaaaa") == "Pilih @Budi 😀 #SalamDua yaaaa"
    )


@pytest.mark.parametrize(
    "copy",
    [
        "PILIH nomor dua, menang!",
        "RT @akun_satu: pilih nomor dua menang https://contoh.test/x",
        "pilih  nomor dua... menang 👍👍",
    ],
)
def test_copies_share_a_key_whatever_their_case_marks_and_mentions(copy: str) -> None:
    assert letters_key(copy) == letters_key("pilih nomor dua menang")


def test_different_texts_have_different_keys() -> None:
    assert letters_key("pilih nomor satu") != letters_key("pilih nomor dua")
