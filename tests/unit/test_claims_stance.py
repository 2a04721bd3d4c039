"""What a post does with a claim. All claims and posts are made up."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netralitas_nlp.claims.stance import STANCES, stance_of

CLAIM = "KPU Rantau Selasih curang menghitung suara"
CASES = {
    "asserts": [
        "KPU Rantau Selasih curang menghitung suara!!!",
        "Astaghfirullah.. kpu rantau selasih curang hitung suara. Sebarkan sebelum dihapus",
        "Ini bukan hoaks. KPU Rantau Selasih curang menghitung suara",
        "Dibilang hoax terus, nyatanya KPU Rantau Selasih curang menghitung suara",
        "Tahukah Anda? KPU Rantau Selasih curang menghitung suara",
        "Kenapa KPU Rantau Selasih curang menghitung suara?",
        "Kita tidak boleh diam. KPU Rantau Selasih curang menghitung suara",
    ],
    "denies": [
        "HOAKS: KPU Rantau Selasih curang menghitung suara",
        "[h0aks] KPU Rantau Selasih curang menghitung suara",
        "KPU Rantau Selasih curang menghitung suara. Itu tidak benar ya kawan.",
        "KPU Rantau Selasih tidak curang menghitung suara",
        "KPU Rantau Selasih ga curang kok ngitung suara",
        "Bawaslu membantah KPU Rantau Selasih curang menghitung suara",
        "gak bener itu KPU Rantau Selasih curang menghitung suara",
        "ora bener KPU Rantau Selasih curang menghitung suara",
        "KPU Rantau Selasih curang menghitung suara? teu leres eta mah. Hoax!",
        "jangan percaya kabar KPU Rantau Selasih curang menghitung suara",
    ],
    "asks": [
        "Benarkah KPU Rantau Selasih curang menghitung suara?",
        "KPU Rantau Selasih curang menghitung suara, bener gak sih",
        "KPU Rantau Selasih curang menghitung suara?",
        "opo bener KPU Rantau Selasih curang menghitung suara",
        "KPU Rantau Selasih curang menghitung suara leres teu",
        "KPU Rantau Selasih curang menghitung suara, hoax atau bukan ya",
        "Ada yang tahu? Beredar KPU Rantau Selasih curang menghitung suara",
    ],
    "reports": [
        "Katanya KPU Rantau Selasih curang menghitung suara",
        "Beredar kabar KPU Rantau Selasih curang menghitung suara",
        "Seorang warga mengklaim KPU Rantau Selasih curang menghitung suara",
        "jarene KPU Rantau Selasih curang menghitung suara",
        "cenah KPU Rantau Selasih curang menghitung suara",
        "Menurut saksi, KPU Rantau Selasih curang menghitung suara",
    ],
}


@pytest.mark.parametrize(
    ("stance", "post"), [(stance, post) for stance, posts in CASES.items() for post in posts]
)
def test_the_words_around_a_claim_show_the_stance(stance: str, post: str) -> None:
    assert stance_of(post, claim=CLAIM) == stance


def test_words_of_the_claim_itself_are_no_cue() -> None:
    claim = "Menteri menurut saksi memalsukan surat palsu rekayasa"
    assert stance_of("Menteri menurut saksi memalsukan surat palsu rekayasa", claim=claim) == (
        "asserts"
    )


def test_a_negation_that_belongs_to_the_claim_is_no_denial_and_its_absence_is_one() -> None:
    claim = "Vaksin rabies tidak aman bagi lansia"
    assert stance_of("awas vaksin rabies tdk aman bagi lansia", claim=claim) == "asserts"
    assert stance_of("vaksin rabies aman bagi lansia", claim=claim) == "denies"


def test_not_only_is_no_denial() -> None:
    post = "tidak hanya curang, KPU Rantau Selasih salah menghitung suara"
    assert stance_of(post, claim=CLAIM) == "asserts"


def test_a_far_away_rumour_of_something_else_does_not_count() -> None:
    far = "Hari ini hujan deras di kota. Pasar sepi pembeli. Harga cabai naik. Katanya besok libur."
    post = f"KPU Rantau Selasih curang menghitung suara. {far} Sampai jumpa."
    assert stance_of(post, claim=CLAIM) == "asserts"


@settings(deadline=None)
@given(st.text(st.characters()), st.text(st.characters()))
def test_any_text_has_one_stance(text: str, claim: str) -> None:
    assert stance_of(text, claim=claim) in STANCES
