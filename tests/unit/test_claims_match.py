"""Which claim a post repeats, and what may be said about it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from netralitas_nlp.claims.files import Claim
from netralitas_nlp.claims.index import ClaimIndex, write_index
from netralitas_nlp.claims.match import ClaimMatch, ClaimMatcher, finding

SERVER = "[SALAH] Server KPU Rantau Selasih diatur dari luar negeri"
CLAIMS = [
    Claim(SERVER, "", "false", "2024-02-20", "https://periksa.example/1"),
    Claim("Beras bantuan dicampur plastik",
          "AWAS beras bansos isinya plastik semua, sudah dites dibakar malah meleleh",
          "false", "2023-05-01", "https://periksa.example/2"),
    Claim("Jembatan Antah Berantah ditutup selama sebulan", "", "true", "2024-03-01", ""),
    Claim("Lowongan PPPK jalur khusus lewat tautan Danau Kelabu", "", "scam", "", ""),
    *(Claim(f"Foto banjir di Desa Nomor{n} terjadi kemarin", "", "false", "2022-01-01", "")
      for n in range(40)),
]  # fmt: skip
DEBUNKED = "cocok dengan klaim yang sudah dibantah"
UNVERIFIED = "belum diverifikasi, perlu cek fakta"


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> ClaimMatcher:
    path = tmp_path_factory.mktemp("klaim") / "x.index"
    write_index(CLAIMS, path)
    return ClaimMatcher(ClaimIndex(path))


@pytest.mark.parametrize(
    "post",
    [
        "Server KPU Rantau Selasih diatur dari luar negeri",
        "SERVERR KPU Rantau Selasih di atur dr luar negeri!!! sebarkan 😡",
        "pantas saja. server kpu rantauselasih diaturr luar negri, viralkan #ServerKPU",
        "RT @seseorang: S\u200berver KPU Rantau Selasih diatur dari luar negeri https://t.co/x1",
    ],
)
def test_a_repeated_claim_is_found_in_other_spellings(matcher: ClaimMatcher, post: str) -> None:
    match = matcher.match(post)
    assert match is not None
    assert (match.title, match.verdict, match.date) == (SERVER, "false", "2024-02-20")
    assert match.url == "https://periksa.example/1"
    assert 0.5 < match.similarity <= 1
    assert match.stance == "asserts"
    assert finding(match) == DEBUNKED


def test_what_circulated_is_compared_as_well_as_the_title(matcher: ClaimMatcher) -> None:
    match = matcher.match("awas bun beras bansos isinya plastik, sdh dites dibakar malah meleleh")
    assert match is not None
    assert match.title == "Beras bantuan dicampur plastik"


@pytest.mark.parametrize(
    "post",
    [
        "",
        "   ",
        "👍👍",
        "KPU",
        "selamat pagi semua",
        "rapat di kantor KPU besok jam sembilan",
        "123",
    ],
)
def test_other_texts_match_nothing(matcher: ClaimMatcher, post: str) -> None:
    assert matcher.match(post) is None
    assert finding(None) == UNVERIFIED


@pytest.mark.parametrize(
    "post",
    [
        "Tidak benar server KPU Rantau Selasih diatur dari luar negeri",
        "Server KPU Rantau Selasih tidak diatur dari luar negeri",
        "Benarkah server KPU Rantau Selasih diatur dari luar negeri?",
        "katanya server KPU Rantau Selasih diatur dari luar negeri",
        "Jembatan Antah Berantah ditutup selama sebulan",
        "Lowongan PPPK jalur khusus lewat tautan Danau Kelabu",
    ],
)
def test_only_an_asserted_claim_that_was_found_false_is_called_debunked(
    matcher: ClaimMatcher, post: str
) -> None:
    match = matcher.match(post)
    assert match is not None
    assert not match.debunked
    assert finding(match) == UNVERIFIED
    assert "debunked" not in finding(match, lang="en")


def test_the_threshold_is_the_callers(matcher: ClaimMatcher) -> None:
    text = "server di luar negeri"
    similarity = matcher.rank(text)[0].similarity
    assert ClaimMatcher(matcher._index, threshold=similarity).match(text) is not None
    assert ClaimMatcher(matcher._index, threshold=similarity + 0.01).match(text) is None


def test_a_list_of_one_claim_works(tmp_path: Path) -> None:
    write_index(CLAIMS[:1], tmp_path / "x.index")
    with ClaimIndex(tmp_path / "x.index") as index:
        matcher = ClaimMatcher(index)
        assert matcher.match("server KPU Rantau Selasih diatur dari luar negeri") is not None
        assert matcher.match("dari luar") is None


def test_every_process_measures_the_same_to_the_last_bit(tmp_path: Path) -> None:
    write_index(CLAIMS, tmp_path / "x.index")
    program = (
        "import sys; from netralitas_nlp.claims.index import ClaimIndex;"
        "from netralitas_nlp.claims.match import ClaimMatcher;"
        "print([(r.entry.id, r.similarity.hex()) for r in"
        " ClaimMatcher(ClaimIndex(sys.argv[1])).rank('server KPU banjir desa luar negeri foto')])"
    )
    said = {
        subprocess.check_output(
            [sys.executable, "-c", program, str(tmp_path / "x.index")],
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1


@settings(deadline=None, max_examples=150)
@given(
    st.one_of(
        st.text(),
        st.text(st.characters(categories=["Cs", "Cc", "So", "L"])),
        st.lists(
            st.sampled_from(
                ["server", "KPU", '"', "'", "NEAR(", ")", "OR", "AND", "NOT", "*", "^", "-",
                 "title_words:", "{a b}:", ";--", "\0", "\ud83d", "😡", "%", "\\",
                 "luar negeri", "\u202e"]
            ), max_size=12,
        ).map(" ".join),
    )
)  # fmt: skip
@example('server" OR "kpu')
@example("\0server\0kpu\ud800")
@example("NEAR(server kpu, 5) AND title_words : * ^")
@example("rantau selasih " * 5_000)
def test_any_text_is_answered_and_twice_alike(matcher: ClaimMatcher, text: str) -> None:
    match = matcher.match(text)
    assert match == matcher.match(text)
    assert match is None or (isinstance(match, ClaimMatch) and 0 <= match.similarity <= 1)
    assert all(0 <= one.similarity <= 1 for one in matcher.rank(text))
