"""Windows leave nothing out, and a post cannot change how it is framed."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from netralitas_nlp.errors import BundleError
from netralitas_nlp.model.bundle import Bundle
from netralitas_nlp.model.tokenizer import PASSAGE_CHARS, PostTokenizer, passages, spans

WILD = st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=400)


@pytest.fixture(scope="module")
def tokenizer(tiny_bundle: Path) -> PostTokenizer:
    return PostTokenizer.from_folder(tiny_bundle, Bundle.load(tiny_bundle).windows)


@pytest.fixture(scope="module")
def plain(tiny_bundle: Path) -> Tokenizer:
    return Tokenizer.from_file(str(tiny_bundle / "tokenizer.json"))


@given(
    length=st.integers(1, 2000),
    room=st.integers(2, 120),
    overlap=st.integers(0, 60),
)
def test_spans_cover_every_place_and_neighbours_share_enough(
    length: int, room: int, overlap: int
) -> None:
    overlap = min(overlap, room - 1)
    found = list(spans(length, room=room, overlap=overlap))
    assert found[0][0] == 0
    assert found[-1][1] == length
    assert all(end - start == min(room, length) for start, end in found)
    for (before, end), (start, _) in pairwise(found):
        assert before < start
        assert end - start >= overlap


@given(text=WILD, parent=st.none() | WILD)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_windows_put_together_are_the_text(
    tokenizer: PostTokenizer, plain: Tokenizer, text: str, parent: str | None
) -> None:
    plain.encode_special_tokens = True
    wanted = plain.encode(text, add_special_tokens=False).ids
    post = tokenizer(text, parent)
    assert post.n_tokens == len(wanted)
    rebuilt: list[int] = []
    tail = None
    for window in post.windows:
        assert len(window.ids) <= 32
        body = window.ids[1 : window.n_first - 1].tolist()
        assert window.ids[0] == 2
        assert window.ids[window.n_first - 1] == 3
        second = window.ids[window.n_first :].tolist()
        assert tail in (None, second)
        tail = second
        keep = next(
            k
            for k in range(len(rebuilt), -1, -1)
            if rebuilt[:k] + body == wanted[: k + len(body)] and k + len(body) > len(rebuilt)
        )
        rebuilt = rebuilt[:keep] + body
    assert rebuilt == wanted


def test_a_post_of_a_hundred_thousand_words_becomes_many_windows(tokenizer: PostTokenizer) -> None:
    post = tokenizer("jalan " * 100_000)
    assert post.n_tokens >= 100_000
    assert len(post.windows) * 30 >= post.n_tokens


@given(
    words=st.lists(
        st.sampled_from(["rapat", "desa,", "ñandú", "👍", "\t", "\n", "a" * 90]), max_size=80
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_text_read_in_passages_gives_the_same_pieces(plain: Tokenizer, words: list[str]) -> None:
    text = " ".join(words)
    parts = list(passages(text, limit=25))
    assert "".join(parts) == text
    pieces = [i for part in parts for i in plain.encode(part, add_special_tokens=False).ids]
    assert pieces == plain.encode(text, add_special_tokens=False).ids


def test_long_texts_are_read_in_passages() -> None:
    text = "kata " * PASSAGE_CHARS
    assert max(map(len, passages(text, limit=PASSAGE_CHARS))) <= PASSAGE_CHARS + 5


@pytest.mark.parametrize("special", ["[CLS]", "[SEP]", "[PAD]", "[MASK]"])
def test_a_post_that_spells_out_a_special_token_does_not_get_it(
    tokenizer: PostTokenizer, plain: Tokenizer, special: str
) -> None:
    plain.encode_special_tokens = False
    body = tokenizer(f"rapat {special} desa").windows[0].ids[1:-1].tolist()
    assert plain.token_to_id(special) not in body


def test_the_parent_is_the_second_segment_and_cut_to_its_limit(tokenizer: PostTokenizer) -> None:
    post = tokenizer("rapat desa", "jalan " * 50)
    window = post.windows[0]
    kinds = window.type_ids.tolist()
    assert kinds == [0] * window.n_first + [1] * (len(window.ids) - window.n_first)
    assert sum(kinds) == 8 + 1
    assert post.n_tokens == tokenizer("rapat desa").n_tokens


def test_text_without_words_has_no_window(tokenizer: PostTokenizer) -> None:
    assert tokenizer("").windows == ()
    assert tokenizer(" \n\t", "induk").windows == ()


def test_an_empty_parent_is_no_parent(tokenizer: PostTokenizer) -> None:
    with_empty, without = tokenizer("rapat desa", "").windows[0], tokenizer("rapat desa").windows[0]
    assert np.array_equal(with_empty.ids, without.ids)


@pytest.mark.parametrize("content", ["", "{}", "not json", '{"version": "1.0", "model": {}}'])
def test_a_damaged_tokenizer_is_refused_in_words(
    tiny_bundle: Path, tmp_path: Path, content: str
) -> None:
    (tmp_path / "tokenizer.json").write_text(content)
    with pytest.raises(BundleError) as caught:
        PostTokenizer.from_folder(tmp_path, Bundle.load(tiny_bundle).windows)
    assert caught.value.code == "bundle_tokenizer_broken"
    assert caught.value.render("id")
