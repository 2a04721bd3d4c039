import gzip
import json
from pathlib import Path

import numpy as np
import pytest
import zstandard

from netralitas_nlp.text.dedup import letters_key
from netralitas_nlp.text.normalize import PLACEHOLDERS, Normalizer
from netralitas_nlp.training.corpus import (
    documents,
    hash_key,
    labelled_keys,
    mixture,
    normal_forms,
)
from netralitas_nlp.training.vectors import cooccurrence, ppmi_vectors
from netralitas_nlp.training.wordpiece import emoji_tables, train_wordpiece

SENTENCES = [
    "apel pagi dimulai pukul tujuh di halaman kantor kecamatan",
    "rapat persiapan pemilihan di aula kantor kecamatan besok pagi",
    "jalan menuju kantor desa rusak parah sejak bulan lalu",
    "pelayanan kartu keluarga dibuka sampai pukul tiga sore",
] * 8


def write_zst(path: Path, lines: list[str]) -> Path:
    path.write_bytes(zstandard.compress("\n".join(lines).encode()))
    return path


def test_a_compressed_corpus_is_read_line_by_line_and_blank_lines_are_skipped(
    tmp_path: Path,
) -> None:
    path = write_zst(tmp_path / "a.txt.zst", ["satu dua", "", "tiga empat"])
    assert list(documents(path)) == ["satu dua", "tiga empat"]


@pytest.mark.parametrize("kind", ["csv", "csv.gz", "jsonl", "latin1.csv"])
def test_labelled_texts_of_every_kind_of_table_are_kept_out_of_pretraining(
    tmp_path: Path, kind: str
) -> None:
    labelled = "Camat meminta semua pegawai netral, katanya é begitu"
    path = tmp_path / f"set.{kind}"
    table = f'id,teks\n1,"{labelled}"\n'
    if kind == "jsonl":
        path.write_text(json.dumps({"teks": labelled}) + "\n", encoding="utf-8")
    elif kind == "csv.gz":
        path.write_bytes(gzip.compress(table.encode()))
    else:
        path.write_bytes(table.encode("latin-1" if kind == "latin1.csv" else "utf-8"))
    copy = "RT @akun_lain: CAMAT meminta semua pegawai NETRAL katanya é begitu!!"
    kept = normal_forms(
        [copy, SENTENCES[0]], Normalizer(), excluded=labelled_keys(tmp_path), workers=1
    )
    assert list(kept) == [SENTENCES[0]]


def test_everyday_phrases_are_not_kept_out_because_a_table_holds_them(tmp_path: Path) -> None:
    (tmp_path / "set.csv").write_text("teks\nmantap jiwa pak\n", encoding="utf-8")
    assert hash_key(letters_key("mantap jiwa pak")) not in labelled_keys(tmp_path)


def test_each_genre_gets_its_share_of_the_words(tmp_path: Path) -> None:
    parts = {
        "social": [
            write_zst(tmp_path / "s.zst", [f"cuitan nomor {i} singkat" for i in range(400)])
        ],
        "news": [write_zst(tmp_path / "n.zst", [f"berita nomor {i} singkat" for i in range(400)])],
    }
    drawn = list(mixture(parts, {"social": 0.75, "news": 0.25}, words=400, seed=1))
    assert sum(text.startswith("cuitan") for text in drawn) == 75
    assert sum(text.startswith("berita") for text in drawn) == 25
    assert len(set(drawn)) == len(drawn)
    assert drawn == list(mixture(parts, {"social": 0.75, "news": 0.25}, words=400, seed=1))


def test_frequent_emoji_become_pieces_and_all_others_short_words() -> None:
    tokens, words = emoji_tables(["👍👍👍 mantap 👍", "🌹"], tokens=1)
    assert tokens == ("👍",)
    assert words["🌹"] == "mawar"
    assert all(len(name.split()) <= 3 for name in words.values())
    assert "👍" not in words


@pytest.fixture(scope="module")
def tokenizer():  # type: ignore[no-untyped-def]
    return train_wordpiece(SENTENCES * 10, size=400, emoji_tokens=("👍",))


def test_placeholders_and_ballot_numbers_are_single_pieces(tokenizer) -> None:  # type: ignore[no-untyped-def]
    for word in (*PLACEHOLDERS, "02", "👍", "[CALON]"):
        assert len(tokenizer.encode(word, add_special_tokens=False).ids) == 1, word


def test_pairs_are_framed_as_bert_expects(tokenizer) -> None:  # type: ignore[no-untyped-def]
    pair = tokenizer.encode("apel pagi", "rapat besok")
    assert pair.tokens[0] == "[CLS]"
    assert pair.tokens.count("[SEP]") == 2
    assert set(pair.type_ids) == {0, 1}
    assert tokenizer.token_to_id("[PAD]") == 0


def test_the_tokenizer_neither_folds_case_nor_strips_accents_itself(tokenizer) -> None:  # type: ignore[no-untyped-def]
    assert tokenizer.normalizer is None


def test_pieces_used_in_the_same_places_get_similar_vectors() -> None:
    draw = np.random.default_rng(0)
    # 1 and 2 stand between 5 and 6; 3 and 4 stand between 7 and 8; 0 separates.
    texts = [
        [0, 5, draw.choice([1, 2]), 6, 0]
        if draw.random() < 0.5
        else [0, 7, draw.choice([3, 4]), 8, 0]
        for _ in range(3000)
    ]
    counts = cooccurrence(np.concatenate(texts), size=10, window=2, breaks=0)
    vectors = ppmi_vectors(counts, dim=4, shift=0.0)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    assert unit[1] @ unit[2] > 0.9 > unit[1] @ unit[3]
    assert vectors[1:9].std() == pytest.approx(0.02, rel=0.05)
    assert np.linalg.norm(vectors[9]) > 0  # never seen, yet not zero


def test_texts_do_not_leak_into_their_neighbours_across_a_break() -> None:
    counts = cooccurrence(np.array([0, 1, 1, 0, 2, 2]), size=3, window=4, breaks=0).todense()
    assert counts[0].sum() == 0
    assert counts[1, 2] == 0
    assert counts[1, 1] == counts[2, 2] == 2
