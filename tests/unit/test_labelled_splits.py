"""Splits by group: what belongs together stays together, and a leaking test is refused."""

from pathlib import Path

import pytest
from made_labels import posts, write_csv

from netralitas_nlp.errors import InputError
from netralitas_nlp.labeled.files import read_labelled
from netralitas_nlp.labeled.rows import LabelledPosts
from netralitas_nlp.labeled.splits import balance, dealt, groups_of, taught

ROWS = posts(6)


def read(tmp_path: Path, rows: list[dict[str, str]]) -> LabelledPosts:
    return read_labelled(write_csv(tmp_path / "data.csv", rows))


def refusal(posts: LabelledPosts) -> InputError:
    with pytest.raises(InputError) as caught:
        dealt(posts)
    return caught.value


def test_every_split_has_every_label_and_the_same_file_gives_the_same_splits(
    tmp_path: Path,
) -> None:
    found = read(tmp_path, ROWS)
    first, _ = dealt(found)
    assert first.split == dealt(found)[0].split
    for name in ("train", "dev", "test"):
        part = first.take([i for i, split in enumerate(first.split) if split == name])
        assert len(taught(part)) == 3, balance(part)
    assert first.split.count("train") > 0.6 * len(ROWS)


def test_the_order_of_the_rows_does_not_choose_the_split(tmp_path: Path) -> None:
    there = read(tmp_path, ROWS)
    back = read(tmp_path, ROWS[::-1])
    first = dict(zip(there.text, dealt(there)[0].split, strict=True))
    second = dict(zip(back.text, dealt(back)[0].split, strict=True))
    assert first == second


def test_copies_and_one_account_lie_in_one_split(tmp_path: Path) -> None:
    rows = [dict(row) for row in ROWS]
    for row in rows[:5]:
        row["account"] = "warga_sama"
    rows[10]["text"] = rows[11]["text"].upper() + " !!!"
    found, groups = dealt(read(tmp_path, rows))
    assert len(set(found.split[:5])) == 1
    assert len(set(groups[:5])) == 1
    assert found.split[10] == found.split[11]


def test_a_group_named_by_the_file_stays_together(tmp_path: Path) -> None:
    rows = [row | {"group_id": f"g{n // 3}"} for n, row in enumerate(ROWS)]
    found = read(tmp_path, rows)
    groups = groups_of(found)
    assert all(groups[n] == groups[n - n % 3] for n in range(len(rows)))


def test_a_test_text_that_is_trained_on_is_refused_with_both_rows(tmp_path: Path) -> None:
    rows = [row | {"split": "test" if n % 5 == 0 else "train"} for n, row in enumerate(ROWS)]
    rows[7]["text"] = rows[5]["text"].replace(" ", "  ") + "."
    error = refusal(read(tmp_path, rows))
    assert error.code == "split_leak"
    assert "row 6 (test)" in str(error)
    assert "row 8 (train)" in str(error)


def test_a_near_copy_across_splits_is_refused_too(tmp_path: Path) -> None:
    rows = [row | {"split": "uji" if n % 5 == 0 else "latih"} for n, row in enumerate(ROWS)]
    rows[7]["text"] = rows[5]["text"] + " ya"
    assert refusal(read(tmp_path, rows)).code == "split_leak"


def test_a_missing_dev_split_is_taken_from_train_and_test_is_left_alone(tmp_path: Path) -> None:
    rows = [row | {"split": "test" if n % 5 == 0 else "train"} for n, row in enumerate(ROWS)]
    found, _ = dealt(read(tmp_path, rows))
    assert [n for n, name in enumerate(found.split) if name == "test"] == list(
        range(0, len(rows), 5)
    )
    assert found.split.count("dev") > 5


def test_twelve_rows_one_class_and_one_account_are_refused(tmp_path: Path) -> None:
    error = refusal(read(tmp_path, ROWS[:12]))
    assert error.code == "train_few"
    assert "12" in str(error)
    neutral = [row | {"labels": ""} for row in ROWS]
    assert refusal(read(tmp_path, neutral)).code == "train_one_class"
    alone = [row | {"account": "warga_1"} for row in ROWS]
    assert refusal(read(tmp_path, alone)).code == "split_groups"
