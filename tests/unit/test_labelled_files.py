"""Labelled files of users: what is recognised, and what is refused with file, row and column."""

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_labels import posts, write_csv
from report_run import make_run, post

from netralitas_nlp.errors import NetralitasError, catalogue
from netralitas_nlp.io.tables import Overrides
from netralitas_nlp.labeled.files import Columns, read_labelled
from netralitas_nlp.labels import LABELS

ROWS = posts(2)
TRUTH = [[float(label in row["labels"].split(";")) for label in LABELS] for row in ROWS]


def refusal(path: Path, columns: Columns | None = None) -> NetralitasError:
    with pytest.raises(NetralitasError) as caught:
        read_labelled(path, columns)
    assert caught.value.render("id") != caught.value.render("en")
    return caught.value


def test_a_csv_with_joined_labels_is_read_without_any_option(tmp_path: Path) -> None:
    found = read_labelled(write_csv(tmp_path / "data.csv", ROWS))
    assert found.text == tuple(row["text"] for row in ROWS)
    assert found.labels.tolist() == TRUTH
    assert found.account[3] == "warga_3"
    assert found.extra["platform"][:2] == ("facebook", "x")
    assert found.row[:2] == (1, 2)


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_json_lines_and_parquet_give_the_same(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"data.{kind}"
    if kind == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    else:
        pq.write_table(pa.Table.from_pylist(ROWS), path)
    found = read_labelled(path)
    assert found.labels.tolist() == TRUTH
    assert found.text == tuple(row["text"] for row in ROWS)


def test_one_column_per_label_may_leave_labels_out_and_cells_empty(tmp_path: Path) -> None:
    rows = [
        {"teks": "pilih nomor dua", "kepentingan calon": "ya", "hoaks": ""},
        {"teks": "apel pagi", "kepentingan calon": "0", "hoaks": "tidak"},
    ]
    columns = Columns(words={"hoaks": "hoax"})
    found = read_labelled(write_csv(tmp_path / "data.csv", rows), columns)
    assert np.array_equal(found.labels, [[1, np.nan, np.nan], [0, np.nan, 0]], equal_nan=True)


def test_words_of_the_user_are_mapped_and_unknown_ones_are_refused(tmp_path: Path) -> None:
    rows = [{"text": "pilih dua", "label": "dukung"}, {"text": "apel", "label": "biasa"}]
    path = write_csv(tmp_path / "data.csv", rows)
    words = {"dukung": "candidate_support", "biasa": "netral"}
    assert read_labelled(path, Columns(words=words)).labels.tolist() == [[1, 0, 0], [0, 0, 0]]
    error = refusal(path, Columns(words={"dukung": "candidate_support"}))
    assert error.code == "labelled_word"
    assert "biasa" in str(error)
    assert "row 2" in str(error)
    assert refusal(path, Columns(words={"dukung": "dukungan"})).code == "labelled_map"


@pytest.mark.parametrize(
    ("rows", "columns", "code", "said"),
    [
        ([{"text": "a b c", "sentimen": "1"}], None, "labelled_no_labels", "text, sentimen"),
        ([{"text": "a b c", "labels": ""}], Columns(labels="etiket"), "column_unknown", "labels"),
        ([{"text": "a b c", "labels": ""}], Columns(split="bagi"), "column_unknown", "labels"),
        (
            [{"text": "a b c", "labels": ""}],
            Columns(export=Overrides(text_col="isi")),
            "column_unknown",
            "text, labels",
        ),
        ([{"text": "a b", "labels": ""}, {"text": " ", "labels": ""}], None, "labelled_no_text",
         "row 2"),
        ([{"text": "a b", "hoax": "1"}, {"text": "c d", "hoax": "mungkin"}], None,
         "labelled_value", "row 2"),
        ([{"text": "a b", "labels": "", "split": "ujian"}], None, "labelled_value", "ujian"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_place(
    tmp_path: Path, rows: list[dict[str, str]], columns: Columns | None, code: str, said: str
) -> None:
    error = refusal(write_csv(tmp_path / "data.csv", rows), columns)
    assert error.code == code
    assert said.lower() in str(error).lower()


def test_texts_in_a_damaged_encoding_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes("text,labels\n“pagi” semua 👍,\n".encode() + b"salah \xff\xfe tulis,hoax\n")
    assert refusal(path).code == "labelled_garbled"
    fine = tmp_path / "lama.csv"
    fine.write_bytes("text,labels\n“pagi” semua,\n".encode("cp1252"))
    assert read_labelled(fine).text == ("“pagi” semua",)


def test_a_post_of_emoji_alone_is_a_post(tmp_path: Path) -> None:
    rows = [{"text": "✌️✌️", "labels": "candidate_support"}, {"text": "apel pagi", "labels": ""}]
    assert read_labelled(write_csv(tmp_path / "data.csv", rows)).text[0] == "✌️✌️"
    rows.append({"text": "\u200b \u200e", "labels": ""})
    assert refusal(write_csv(tmp_path / "data.csv", rows)).code == "labelled_no_text"


def test_results_of_our_own_scoring_do_not_teach(tmp_path: Path) -> None:
    row = {"text": "a b", "labels": "hoax", "row_id": "1", "decision": "flag",
           "operating_point": "balanced"}  # fmt: skip
    assert refusal(write_csv(tmp_path / "scored.csv", [row])).code == "labelled_own_scores"


def test_a_missing_file_and_an_empty_folder_are_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "tidak-ada.csv").code == "labelled_missing"
    assert refusal(tmp_path).code == "labelled_folder"


def test_a_split_column_that_is_empty_throughout_divides_nothing(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "data.csv", [row | {"split": ""} for row in ROWS])
    assert set(read_labelled(path).split) == {""}
    with pytest.raises(NetralitasError):
        read_labelled(path, Columns(split="split"))


def test_a_split_column_with_one_empty_cell_is_refused(tmp_path: Path) -> None:
    rows = [row | {"split": "train"} for row in ROWS]
    rows[2]["split"] = ""
    assert refusal(write_csv(tmp_path / "data.csv", rows)).code == "labelled_value"


def test_files_named_after_their_split_are_read_together(tmp_path: Path) -> None:
    write_csv(tmp_path / "train.csv", ROWS[:10])
    write_csv(tmp_path / "validation.csv", ROWS[10:15])
    write_csv(tmp_path / "test.csv", ROWS[15:])
    found = read_labelled(tmp_path)
    assert found.split.count("train") == 10
    assert found.split.count("dev") == 5
    assert len(found) == len(ROWS)


def test_a_folder_of_datasets_is_read_with_its_splits(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    parts = {"train": ROWS[:20], "test": ROWS[20:]}
    made = datasets.DatasetDict({k: datasets.Dataset.from_list(v) for k, v in parts.items()})
    made.save_to_disk(tmp_path / "set")
    found = read_labelled(tmp_path / "set")
    assert sorted(found.text) == sorted(row["text"] for row in ROWS)
    assert found.split.count("test") == len(ROWS) - 20
    datasets.Dataset.from_list(ROWS).save_to_disk(tmp_path / "one")
    assert read_labelled(tmp_path / "one").labels.tolist() == TRUTH


def test_verdicts_give_known_labels_and_leave_the_others_unknown(tmp_path: Path) -> None:
    scores = (0.9, 0.1, 0.1)
    rows = [post(f"pilih {n}", scores, account=f"w{n}") for n in range(4)]
    run = make_run(tmp_path / "hasil", rows)
    from netralitas_nlp.scoring.run import RunFolder

    ids = [r for b in RunFolder.open(run).batches(["row_id"]) for r in b["row_id"].to_pylist()]
    when = datetime(2024, 10, 3, tzinfo=UTC).isoformat()

    def said(row_id: str, label: str, answer: str) -> str:
        entry = {"row_id": row_id, "label": label, "verdict": answer, "reviewer": "ani",
                 "decided_at": when}  # fmt: skip
        return json.dumps(entry) + "\n"

    (run / "verdicts.jsonl").write_text(
        said(ids[0], "candidate_support", "no") + said(ids[0], "candidate_support", "yes")
        + said(ids[1], "hoax", "no") + said(ids[2], "hoax", "unsure")
    )  # fmt: skip
    found = read_labelled(run / "verdicts.jsonl")
    assert found.text == ("pilih 0", "pilih 1")
    assert np.array_equal(found.labels, [[1, np.nan, np.nan], [np.nan, np.nan, 0]], equal_nan=True)
    moved = tmp_path / "verdicts.jsonl"
    moved.write_text((run / "verdicts.jsonl").read_text())
    assert refusal(moved).code == "labelled_run"
    assert len(read_labelled(moved, run=run)) == 2


def test_every_message_of_training_and_comparison_has_the_same_parts_in_both_languages() -> None:
    codes = [
        c for c in catalogue()
        if c.startswith(("labelled_", "train_", "split_", "base_", "compare_", "replay_"))
    ]  # fmt: skip
    assert len(codes) > 30
    for code in codes:
        assert set(catalogue()[code]["id"]) == set(catalogue()[code]["en"]), code
