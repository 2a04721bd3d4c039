"""Our labels of real posts: joined by digest, never by place, and never with a text of theirs."""

import csv
from pathlib import Path

import pytest

from netralitas_nlp.errors import InputError
from netralitas_nlp.labels import LABELS
from netralitas_nlp.training.relabelled import COLUMNS, digest, load_relabelled, read_labels

RELABEL = Path(__file__).parents[2] / "data/labeled/relabel.csv"
TWEETS = ["coblos 02 ya @ramai_sekali", "rapat desa", "debat tadi malam ramai"]


def public(folder: Path, tweets: list[str] = TWEETS) -> Path:
    path = folder / "support/pilpres2024_target_sentiment/dataset.csv"
    path.parent.mkdir(parents=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["full_text"], *([tweet] for tweet in tweets)])
    return folder


def labels(path: Path, *rows: tuple[str, str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for number, (text, named, split) in enumerate(rows, start=1):
            key = ("pilpres2024_target_sentiment", f"dataset.csv:{number}", digest(text))
            writer.writerow([*key, named, "0", "100;100", split])
    return path


def test_labels_find_their_texts_wherever_the_row_has_moved(tmp_path: Path) -> None:
    path = labels(
        tmp_path / "r.csv", (TWEETS[0], "candidate_support", "test"), (TWEETS[1], "", "train")
    )
    frame = load_relabelled(public(tmp_path / "data", TWEETS[::-1]), path)
    assert frame["text"].tolist() == ["coblos 02 ya @USER", "rapat desa"]
    assert frame[list(LABELS)].to_numpy().tolist() == [[1, 0, 0], [0, 0, 0]]
    assert frame["source"].unique().tolist() == ["relabelled:pilpres2024_target_sentiment"]
    only = load_relabelled(tmp_path / "data", path, splits=("train",))
    assert only["text"].tolist() == ["rapat desa"]


def test_a_post_that_is_gone_is_named(tmp_path: Path) -> None:
    path = labels(tmp_path / "r.csv", ("sudah dihapus", "", "test"))
    with pytest.raises(InputError, match="pilpres2024_target_sentiment") as caught:
        load_relabelled(public(tmp_path / "data"), path)
    assert digest("sudah dihapus")[:20] in str(caught.value)


def test_unknown_labels_and_repeated_rows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Row 1"):
        read_labels(labels(tmp_path / "a.csv", (TWEETS[0], "dukungan", "test")))
    twice = (TWEETS[0], "hoax", "test")
    with pytest.raises(InputError, match="Row 2"):
        read_labels(labels(tmp_path / "b.csv", twice, twice))


def test_the_project_keeps_labels_and_no_texts_of_others() -> None:
    if not RELABEL.is_file():
        pytest.skip("relabel.csv has not been made yet")
    table = read_labels(RELABEL)
    assert tuple(table.columns[: len(COLUMNS)]) == COLUMNS
    assert len(table) >= 3000
    assert table["text_sha256"].str.fullmatch("[0-9a-f]{64}").all()
    assert table["votes"].str.fullmatch("[01]{3};[01]{3}").all()
    assert set(table["split"]) == {"train", "dev", "test"}
