"""Doubtful labels: planted errors are found, files are read as people keep them."""

import random
import sys
from pathlib import Path

import numpy as np
import pytest

from netralitas_nlp.errors import InputError
from netralitas_nlp.labeled.files import read_labelled
from netralitas_nlp.training.label_errors import (
    LabelledRow,
    find_label_errors,
    labelled_rows,
    out_of_fold,
)

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))
from label_errors import found_share, plant  # noqa: E402

POSTS = ROOT / "data/labeled/posts.csv"


@pytest.fixture(scope="module")
def some_posts() -> list[LabelledRow]:
    """Our posts of every third author, some three thousand."""
    rows = labelled_rows(read_labelled(POSTS))
    authors = sorted({row.author for row in rows})[::3][:9]
    return [row for row in rows if row.author in authors]


@pytest.mark.slow
def test_most_planted_errors_stand_in_the_first_tenth(some_posts: list[LabelledRow]) -> None:
    planted, where = plant(some_posts, share=0.05, kind="uniform", seed=0)
    assert len(where) == round(0.05 * len(some_posts))
    assert found_share(planted, where, folds=4) >= 0.6


def test_planting_turns_one_label_of_each_chosen_row(some_posts: list[LabelledRow]) -> None:
    for kind in ("uniform", "balanced"):
        planted, where = plant(some_posts, share=0.05, kind=kind, seed=0)
        changed = {
            old.row_id: sum(a != b for a, b in zip(old.labels, new.labels, strict=True))
            for old, new in zip(some_posts, planted, strict=True)
            if old != new
        }
        assert changed == dict.fromkeys(where, 1)


SUPPORT = ["coblos", "menangkan", "paslon", "pilih", "kawal", "jagoan"]
EVERYDAY = ["posyandu", "panen", "arsip", "apel", "pupuk", "jalan"]
COMMON = [
    "kami", "kita", "besok", "pagi", "sore", "bersama", "warga", "desa", "kantor", "lapangan",
    "pasar", "sekolah", "teman", "keluarga", "hujan", "cerah", "ramai", "tenang", "cepat",
    "lambat", "sudah", "belum", "akan", "semua", "banyak", "sedikit", "balai", "kecamatan",
]  # fmt: skip


def made(n: int = 120, wrong_rows: tuple[int, ...] = (30,)) -> list[LabelledRow]:
    """Posts that a word model tells apart, of twelve authors, with one wrong label."""
    chance = random.Random(4)
    rows = []
    for i in range(n):
        support = i % 3 == 0
        own = SUPPORT if support else EVERYDAY
        text = " ".join([*chance.sample(own, 3), *chance.sample(COMMON, 7)])
        labels = (1.0 if support else 0.0, 0.0, 0.0)
        rows.append(LabelledRow(i + 1, f"p{i}", text, "", labels, f"w{i % 12}", ""))
    for i in wrong_rows:
        row = rows[i]
        other = (1.0 - row.labels[0], 0.0, 0.0)
        rows[i] = LabelledRow(i + 1, row.row_id, row.text, "", other, row.author, "")
    return rows


def test_the_most_suspect_row_is_the_wrong_one_and_says_why() -> None:
    found = find_label_errors(made(), folds=4, most=5)
    first = found.suspects[0]
    assert first.row.row_id == "p30"
    assert (first.given, first.suggested) == ((), ("candidate_support",))
    assert first.score > 0.5
    assert set(" ".join(first.words).split()) & set(SUPPORT)
    assert found.unjudged == ("hate_speech", "hoax")
    assert found.grouped_by == "author"


def test_the_number_of_probable_errors_is_near_that_of_the_planted_ones() -> None:
    planted = tuple(range(0, 120, 7))
    found = find_label_errors(made(wrong_rows=planted), folds=4, most=len(planted))
    assert found.likely["candidate_support"] == pytest.approx(len(planted), abs=6)
    marked = {s.row.number - 1 for s in found.suspects if s.likely}
    assert len(marked & set(planted)) > len(marked) / 2


def test_no_author_and_no_near_copy_is_on_both_sides_of_a_fold() -> None:
    rows = made()
    truth = np.array([row.labels for row in rows])
    fold = out_of_fold(rows, truth, folds=4).fold
    for name in {row.author for row in rows}:
        assert len({fold[i] for i, row in enumerate(rows) if row.author == name}) == 1


def test_without_authors_near_copies_stay_together() -> None:
    rows = [LabelledRow(r.number, r.row_id, r.text, "", r.labels, "", f"g{r.number // 10}")
            for r in made()]  # fmt: skip
    found = out_of_fold(rows, np.array([r.labels for r in rows]), folds=4)
    assert found.grouped_by == "copies"
    for group in {row.group for row in rows}:
        assert len({found.fold[i] for i, row in enumerate(rows) if row.group == group}) == 1


def test_a_bundle_that_agrees_with_the_label_takes_suspicion_away() -> None:
    rows = made()
    agree = np.full((len(rows), 3), 0.5)
    agree[30] = 0.001
    alone = find_label_errors(rows, folds=4, most=120)
    both = find_label_errors(rows, folds=4, most=120, bundle_scores=agree)

    def quality(found: object) -> float:
        return next(s.quality for s in found.suspects if s.row.row_id == "p30")  # type: ignore[attr-defined]

    assert quality(both) > quality(alone)
    assert next(s for s in both.suspects if s.row.row_id == "p30").bundle_score == 0.001


def test_a_label_that_is_unknown_is_never_suspect() -> None:
    rows = made()
    rows[0] = LabelledRow(1, "p0", rows[0].text, "", (np.nan, 0.0, np.nan), rows[0].author, "")
    found = find_label_errors(rows, folds=4, most=len(rows))
    assert found.suspects[-1].row.row_id == "p0"


def test_too_little_to_judge_is_said() -> None:
    with pytest.raises(InputError) as few:
        find_label_errors(made()[:20])
    assert few.value.code == "label_errors_few"
    same = [LabelledRow(r.number, r.row_id, r.text, "", (0.0, 0.0, 0.0), r.author, "")
            for r in made()]  # fmt: skip
    with pytest.raises(InputError) as one_sided:
        find_label_errors(same)
    assert one_sided.value.code == "label_errors_one_sided"


def test_copies_of_one_text_cannot_be_dealt() -> None:
    rows = [
        LabelledRow(i, f"p{i}", "satu teks yang sama saja", "", (float(i % 2), 0.0, 0.0), "", "")
        for i in range(60)
    ]
    with pytest.raises(InputError) as caught:
        find_label_errors(rows)
    assert caught.value.code == "label_errors_copies"


def test_a_sheet_is_read_as_excel_leaves_it_and_unlabelled_rows_wait(tmp_path: Path) -> None:
    path = tmp_path / "label.csv"
    path.write_bytes(
        "\ufeffid;text;candidate_support;hate_speech;hoax;account\r\n"
        "a;'=ayo coblos nomor dua besok pagi;1;0;;W-1\r\n"
        "b;rapat posyandu dimulai pukul delapan;0;0;0;W-2\r\n"
        "c;belum dilabeli sama sekali hari ini;;;;W-2\r\n".encode()
    )
    posts = read_labelled(path)
    rows = labelled_rows(posts)
    assert len(posts) == 3
    assert [row.row_id for row in rows] == ["a", "b"]
    assert rows[0].text == "=ayo coblos nomor dua besok pagi"
    assert np.isnan(rows[0].labels[2])
    assert rows[0].author == "W-1"
