"""Near copies: what shares a band, what is alike, and what is too short to be a copy."""

import os
import subprocess
import sys

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from netralitas_nlp.text.copies import (
    BANDS,
    LIKENESS,
    MAX_WORDS,
    are_near,
    bands,
    likeness,
    shingles,
)
from netralitas_nlp.text.dedup import own_words
from netralitas_nlp.text.lexicon import released_lexicon

WORDS = [f"kata{n}" for n in range(40)]


def test_a_text_is_wholly_like_itself_and_not_at_all_like_another() -> None:
    one, two = shingles(WORDS[:20]), shingles(WORDS[20:])
    assert (likeness(one, one), likeness(one, two)) == (1.0, 0.0)


def test_one_word_changed_in_fourteen_is_a_copy_and_in_eight_is_not() -> None:
    for n, expected in ((14, True), (8, False)):
        changed = [*WORDS[: n // 2], "lain", *WORDS[n // 2 + 1 : n]]
        assert (likeness(shingles(WORDS[:n]), shingles(changed)) >= LIKENESS) is expected


def test_a_long_chain_may_gain_a_line_and_exchange_a_place_and_a_headline_may_not() -> None:
    chain = WORDS[:28]
    edited = [
        *["terusan", "grup", "sebelah"],
        *chain[:9],
        "lain",
        *chain[10:20],
        "juga",
        *chain[21:],
    ]
    assert likeness(shingles(chain), shingles(edited)) < LIKENESS
    assert are_near(shingles(chain), shingles(edited))
    short, other = WORDS[:10], [*["reaksi", "warga", "usai"], *WORDS[:8]]
    assert likeness(shingles(short), shingles(other)) >= 0.5
    assert not are_near(shingles(short), shingles(other))


def test_short_forms_are_read_as_what_they_stand_for() -> None:
    spelling = released_lexicon().spelling
    one, two = (
        shingles(own_words(text), spelling=spelling)
        for text in (
            "info dr org gudang utk kec Jelai",
            "info dari orang gudang untuk kecamatan jelai",
        )
    )
    assert likeness(one, two) == 1


def test_near_copies_share_a_band() -> None:
    rng = np.random.default_rng(0)
    met = 0
    for _ in range(300):
        words = [f"k{n}" for n in rng.integers(0, 5_000, 30)]
        changed = [*words]
        changed[int(rng.integers(1, 29))] = "ubah"
        one, two = bands([shingles(words), shingles(changed)])
        met += bool(np.any(one == two))
    assert met >= 298


def test_bands_do_not_depend_on_the_texts_beside() -> None:
    texts = [shingles(WORDS[i : i + 9]) for i in range(20)]
    together = bands(texts)
    assert together.shape == (20, BANDS)
    assert all(np.array_equal(bands([t])[0], row) for t, row in zip(texts, together, strict=True))
    assert bands([]).shape == (0, BANDS)


def test_every_process_computes_the_same_bands() -> None:
    program = (
        "from netralitas_nlp.text.copies import *; print(bands([shingles('a b c d'.split())]))"
    )
    said = {
        subprocess.check_output(
            [sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}
        )
        for seed in ("1", "2")
    }
    assert len(said) == 1


def test_handles_addresses_case_and_lengthened_letters_are_no_difference() -> None:
    plain = own_words("Server KPU diatur dari luar negeri")
    assert (
        own_words("RT @bu.guru: SERVERRR kpu diatur dari luar negeri!! https://t.co/x 😡") == plain
    )


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts_can_be_compared(one: str, two: str) -> None:
    a, b = shingles(own_words(one)), shingles(own_words(two))
    assert 0 <= likeness(a, b) == likeness(b, a) <= 1


def test_a_text_of_megabytes_is_known_by_its_beginning() -> None:
    assert len(shingles([f"w{n}" for n in range(100_000)])) <= MAX_WORDS
