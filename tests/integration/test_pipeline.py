"""From exports to a run folder: every row accounted for, named, scored once, resumed or refused."""

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from fake_scorer import FakeBundle, HashScorer, first_word, prediction, write_csv

from netralitas_nlp.claims.files import Claim
from netralitas_nlp.claims.index import write_index
from netralitas_nlp.errors import InputError, NetralitasError, RunError, UsageError
from netralitas_nlp.evidence import to_json
from netralitas_nlp.io.tables import Overrides
from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.schema import SCORED_SCHEMA, Prediction
from netralitas_nlp.scoring.clusters import Clusters
from netralitas_nlp.scoring.pipeline import RunSummary, score_files
from netralitas_nlp.scoring.progress import Progress
from netralitas_nlp.scoring.run import RunFolder


def run(inputs: list[Path] | Path, out: Path, **options: Any) -> RunSummary:
    options = {"jobs": 1, "make_scorer": HashScorer} | options
    return score_files([inputs] if isinstance(inputs, Path) else inputs, out=out, **options)


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "scored.jsonl").read_text().splitlines()]


def test_every_row_comes_back_with_its_input_and_its_score(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "e.csv", 60)
    summary = run(source, tmp_path / "hasil", formats=("csv", "jsonl", "parquet"))
    with source.open(encoding="utf-8", newline="") as file:
        given = list(csv.DictReader(file))
    rows = lines(tmp_path / "hasil")
    table = pq.read_table(tmp_path / "hasil/scored.parquet")
    assert table.num_rows == len(rows) == len(given) == 60
    assert list(rows[0]) == [*given[0], *SCORED_SCHEMA.names]
    assert [{key: row[key] for key in given[0]} for row in rows] == given
    for number, (row, fields) in enumerate(zip(rows, given, strict=True), 1):
        assert (row["source_file"], row["source_row"]) == ("e.csv", number)
        if not fields["full_text"]:
            assert row["decision"] is None
            assert row["score_hoax"] is None
            continue
        expected = prediction(fields["full_text"])
        assert {label: row[f"score_{label}"] for label in LABELS} == expected.scores
        assert row["decision"] == expected.decision
        assert (row["labels"] or "") == ";".join(expected.labels)
    assert summary.counts["empty_text"] == 2
    assert summary.counts["rows"] == 60


def test_scores_are_kept_to_the_last_bit_in_every_format(tmp_path: Path) -> None:
    run(write_csv(tmp_path / "e.csv", 20), tmp_path / "hasil", formats=("csv", "jsonl", "parquet"))
    exact = pq.read_table(tmp_path / "hasil/scored.parquet")["score_hoax"].to_pylist()
    text = (tmp_path / "hasil/scored.csv").read_bytes().decode("utf-8-sig")
    from_csv = [float(r["score_hoax"]) for r in csv.DictReader(io.StringIO(text, newline=""))]
    assert [row["score_hoax"] for row in lines(tmp_path / "hasil")] == exact == from_csv


def test_row_ids_are_unique_even_when_two_files_hold_the_same(tmp_path: Path) -> None:
    one = write_csv(tmp_path / "a.csv", 30)
    (tmp_path / "b.csv").write_bytes(one.read_bytes())
    run([one, tmp_path / "b.csv"], tmp_path / "hasil", formats=("jsonl",))
    ids = [row["row_id"] for row in lines(tmp_path / "hasil")]
    assert len(set(ids)) == 60
    assert all(len(name) == 16 and int(name, 16) >= 0 for name in ids)


def test_files_of_one_name_are_told_apart_without_showing_where_they_lie(tmp_path: Path) -> None:
    for folder in ("utara", "selatan"):
        (tmp_path / folder).mkdir()
        write_csv(tmp_path / folder / "e.csv", 3, seed=len(folder))
    inputs = [tmp_path / "utara/e.csv", tmp_path / "selatan/e.csv"]
    run(inputs, tmp_path / "hasil", formats=("jsonl",))
    files = [row["source_file"] for row in lines(tmp_path / "hasil")]
    assert files == ["utara/e.csv"] * 3 + ["selatan/e.csv"] * 3
    assert str(tmp_path) not in (tmp_path / "hasil/manifest.json").read_text()


def test_the_same_file_twice_is_refused(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "e.csv", 3)
    with pytest.raises(UsageError) as error:
        run([source, tmp_path / "." / "e.csv"], tmp_path / "hasil")
    assert error.value.code == "input_twice"
    assert not (tmp_path / "hasil").exists()


def test_columns_of_different_files_stand_side_by_side(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", 2)
    (tmp_path / "b.jsonl").write_text(
        '{"text": "apel pagi", "username": "warga", "labels": ["x"], "n": 1}\n'
        '{"text": "upacara", "username": "warga", "baru": {"a": null}}\n'
    )
    run([tmp_path / "a.csv", tmp_path / "b.jsonl"], tmp_path / "hasil", formats=("parquet",))
    table = pq.read_table(tmp_path / "hasil/scored.parquet")
    ours = ["id_str", "created_at", "username", "full_text", "tweet_url", "text", "labels", "n"]
    assert table.column_names[:9] == [*ours, "baru"]
    assert "netralitas_labels" in table.column_names
    assert table["labels"].to_pylist() == [None, None, '["x"]', None]
    assert table["baru"].to_pylist() == [None, None, None, '{"a": null}']


def test_a_row_that_cannot_be_read_is_kept_with_its_reason(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "e.csv", 5)
    with source.open("a", encoding="utf-8", newline="") as file:
        file.write("1,2,3,4,5,terlalu,banyak\r\n")
    summary = run(source, tmp_path / "hasil", formats=("jsonl",))
    (reject,) = [json.loads(x) for x in (tmp_path / "hasil/rejects.jsonl").read_text().splitlines()]
    assert (reject["file"], reject["row"]) == ("e.csv", 6)
    assert "terlalu" in reject["raw"]
    assert reject["reason"] != reject["reason_en"]
    assert summary.counts["records"] == 6 == summary.counts["rows"] + summary.counts["rejects"]


def test_text_of_the_post_that_is_answered_reaches_the_model(tmp_path: Path) -> None:
    source = tmp_path / "e.jsonl"
    source.write_text('{"text": "setuju", "username": "a", "induk": "rapat jam dua"}\n')
    overrides = Overrides(parent_col="induk")
    run(source, tmp_path / "hasil", formats=("jsonl",), overrides=overrides)
    assert (
        lines(tmp_path / "hasil")[0]["score_hoax"]
        == (prediction("setuju", "rapat jam dua").scores["hoax"])
    )


def test_a_finished_run_is_left_alone(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "e.csv", 20)
    run(source, tmp_path / "hasil")
    before = {f: f.stat().st_mtime_ns for f in (tmp_path / "hasil").rglob("*") if f.is_file()}
    summary = run(source, tmp_path / "hasil")
    assert summary.already_finished
    assert {f: f.stat().st_mtime_ns for f in before} == before


def test_a_finished_run_gains_a_format_without_scoring_again(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "e.csv", 20)
    run(source, tmp_path / "hasil", formats=("csv",))
    parts = {f: f.stat().st_mtime_ns for f in (tmp_path / "hasil/parts").iterdir()}
    run(source, tmp_path / "hasil", formats=("jsonl", "csv"), lang="en")
    assert len(lines(tmp_path / "hasil")) == 20
    assert {f: f.stat().st_mtime_ns for f in parts} == parts
    assert 'lang="en"' in (tmp_path / "hasil/report.html").read_text("utf-8")[:400]


def test_a_damaged_part_of_a_finished_run_is_redone_and_said(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "e.csv", 30)
    run(source, tmp_path / "hasil", rows_per_part=10, formats=("jsonl",))
    before = (tmp_path / "hasil/scored.jsonl").read_bytes()
    (tmp_path / "hasil/parts/00001.parquet").write_bytes(b"rusak")
    summary = run(source, tmp_path / "hasil", rows_per_part=10, formats=("jsonl",))
    assert (summary.redone, summary.passed_over) == ((1,), 20)
    assert (tmp_path / "hasil/scored.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"make_scorer": partial(HashScorer, operating_point="recall")}, "run_other_config"),
        ({"overrides": Overrides(account_col="username")}, "run_other_config"),
        ({"rows_per_part": 7}, "run_other_config"),
        ({"evidence": False}, "run_other_config"),
        (
            {"make_scorer": partial(HashScorer, bundle=FakeBundle(digest="cd" * 32))},
            "run_other_bundle",
        ),
    ],
)
def test_a_folder_of_another_run_is_refused_and_kept(
    tmp_path: Path, changed: dict[str, Any], code: str
) -> None:
    source = write_csv(tmp_path / "e.csv", 10)
    run(source, tmp_path / "hasil", formats=("jsonl",))
    before = (tmp_path / "hasil/manifest.json").read_bytes()
    with pytest.raises(RunError) as error:
        run(source, tmp_path / "hasil", **changed)
    assert error.value.code == code
    assert (tmp_path / "hasil/manifest.json").read_bytes() == before
    assert run(source, tmp_path / "hasil", fresh=True, **changed).counts["rows"] == 10


def test_an_input_that_changed_is_refused(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "e.csv", 10)
    run(source, tmp_path / "hasil")
    write_csv(source, 11)
    with pytest.raises(RunError) as error:
        run(source, tmp_path / "hasil")
    assert error.value.code == "run_other_input"


def test_an_input_that_cannot_be_read_leaves_no_folder_behind(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        run(tmp_path / "tidak-ada.csv", tmp_path / "hasil")
    assert not (tmp_path / "hasil").exists()


@pytest.mark.parametrize("options", [{"jobs": 0}, {"formats": ("ods",)}])
def test_options_that_make_no_sense_are_usage_errors(
    tmp_path: Path, options: dict[str, Any]
) -> None:
    with pytest.raises(UsageError):
        run(write_csv(tmp_path / "e.csv", 3), tmp_path / "hasil", **options)


def test_an_error_in_a_worker_is_told_without_a_traceback(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "e.csv", 400)
    with source.open(encoding="utf-8", newline="") as file:
        text = list(csv.DictReader(file))[300]["full_text"]
    make = partial(HashScorer, dies_at=text)
    with pytest.raises(NetralitasError) as error:
        run(source, tmp_path / "hasil", jobs=2, make_scorer=make)
    assert error.value.code == "worker_died"
    assert "9" in error.value.render("id")
    manifest = RunFolder.open(tmp_path / "hasil").manifest
    assert manifest["state"] == "interrupted"


class _Broken(HashScorer):
    def score_stream(self, texts: Any) -> Any:
        raise ValueError("angka rusak")
        yield


def test_a_fault_of_a_worker_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="angka rusak"):
        run(write_csv(tmp_path / "e.csv", 5), tmp_path / "h", jobs=2, make_scorer=_Broken)


def test_a_huge_cell_ends_a_part_early_and_survives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netralitas_nlp.scoring.plan.PART_CHARACTERS", 100_000)
    source = tmp_path / "e.jsonl"
    texts = ["pendek", "p" * 300_000, "apel", "rapat"]
    source.write_text("".join(json.dumps({"text": t, "username": "a"}) + "\n" for t in texts))
    run(source, tmp_path / "hasil", formats=("jsonl",))
    assert [row["text"] for row in lines(tmp_path / "hasil")] == texts
    assert [p.stop for p in RunFolder.open(tmp_path / "hasil").parts] == [2, 4]


def test_half_surrogates_and_nul_survive_where_the_format_allows(tmp_path: Path) -> None:
    source = tmp_path / "e.jsonl"
    source.write_text('{"text": "apel \\ud83d pagi \\u0000", "username": "a"}\n')
    run(source, tmp_path / "hasil", formats=("jsonl", "csv", "parquet", "xlsx"))
    assert lines(tmp_path / "hasil")[0]["text"] == "apel \ud83d pagi \x00"
    parquet = pq.read_table(tmp_path / "hasil/scored.parquet")
    assert parquet["text"].to_pylist() == ["apel \ufffd pagi \x00"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_flagged_and_near_rows_carry_their_evidence(tmp_path: Path, jobs: int) -> None:
    source = write_csv(tmp_path / "e.csv", 60)
    run(source, tmp_path / "hasil", jobs=jobs, formats=("jsonl",))
    decisions = set()
    for row in lines(tmp_path / "hasil"):
        decisions.add(row["decision"])
        explained = row["decision"] in ("flag", "review")
        expected = to_json(first_word(row["full_text"])) if explained else None
        assert row["evidence"] == expected
    assert decisions == {"flag", "review", "clear", None}


def test_a_run_without_evidence_asks_for_none(tmp_path: Path) -> None:
    class Mute(HashScorer):
        def evidence(self, questions: Any, predictions: Any) -> Any:
            raise AssertionError("nobody asked")

    source = write_csv(tmp_path / "e.csv", 20)
    run(source, tmp_path / "hasil", make_scorer=Mute, evidence=False, formats=("jsonl",))
    assert {row["evidence"] for row in lines(tmp_path / "hasil")} == {None}


def test_places_of_evidence_are_those_of_the_text_in_the_run(
    tmp_path: Path, tiny_bundle: Path
) -> None:
    import tiny

    loud = [*tiny.SUPPORT, *tiny.HATE, *tiny.HOAX]
    wild = [f"✌️✌️ {text.upper()} \ud83d \\n#{number} e\u0301" for number, text in enumerate(loud)]
    mojibake = "coblos nomor dua ✌️".encode().decode("latin-1")
    source = tmp_path / "e.jsonl"
    source.write_text(
        "".join(json.dumps({"text": t, "username": "a"}) + "\n" for t in [*loud, *wild, mojibake])
    )
    options = {"make_scorer": None, "model": tiny_bundle, "operating_point": "recall"}
    run(source, tmp_path / "satu", formats=("jsonl", "csv", "xlsx"), **options)
    run(source, tmp_path / "dua", formats=("jsonl",), jobs=2, **options)
    rows = [row for b in RunFolder.open(tmp_path / "satu").batches() for row in b.to_pylist()]
    spans = [(row["text"], span) for row in rows for span in json.loads(row["evidence"] or "[]")]
    assert len(spans) > len(loud)
    for text, span in spans:
        assert list(span) == ["label", "start", "end", "text", "weight"]
        assert text[span["start"] : span["end"]] == span["text"]
    assert lines(tmp_path / "satu") == lines(tmp_path / "dua")


def test_a_parquet_input_keeps_its_types(tmp_path: Path) -> None:
    import pyarrow as pa

    table = pa.table({"text": ["apel", None], "username": ["a", "b"], "suka": pa.array([3, None])})
    pq.write_table(table, tmp_path / "e.parquet")
    run(tmp_path / "e.parquet", tmp_path / "hasil", formats=("parquet",))
    found = pq.read_table(tmp_path / "hasil/scored.parquet")
    assert found.schema.field("suka").type == pa.int64()
    assert found["suka"].to_pylist() == [3, None]


def test_progress_ends_at_the_total(tmp_path: Path) -> None:
    moments: list[Progress] = []
    run(write_csv(tmp_path / "e.csv", 700), tmp_path / "hasil", progress=moments.append)
    scored = [m for m in moments if m.stage == "score"]
    assert scored[0].done < 700
    assert (scored[-1].done, scored[-1].total) == (700, 700)
    assert moments[-1] == Progress("write", 700, 700, 700)
    assert all(680 <= (m.total or 0) <= 720 for m in scored)


def test_the_manifest_tells_how_each_table_was_understood(tmp_path: Path) -> None:
    run(write_csv(tmp_path / "e.csv", 46), tmp_path / "hasil")
    manifest = RunFolder.open(tmp_path / "hasil").manifest
    (table,) = manifest["inputs"][0]["tables"]
    assert table["columns"]["text"] == "full_text"
    assert (table["n_records"], table["n_empty_text"], table["n_rejects"]) == (46, 2, 0)
    assert manifest["bundle"]["thresholds"]["hoax"] == {"flag": 0.8, "review": 0.6}
    assert manifest["state"] == "finished"
    assert manifest["counts"]["rows"] == 46


def test_scoring_loads_neither_torch_nor_pandas(tmp_path: Path) -> None:
    import subprocess

    code = (
        "import sys; from netralitas_nlp.scoring import pipeline; from netralitas_nlp.io import "
        "writers; sys.exit(any(m in sys.modules for m in "
        "('torch', 'pandas', 'transformers', 'onnxruntime')))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)


RUMOUR = "Server KPU Rantau Selasih diatur dari luar negeri, sebarkan sebelum dihapus"
TITLE = "[SALAH] Server KPU Rantau Selasih diatur dari luar negeri"


class AllHoax(HashScorer):
    """Flags every text as a hoax but those that begin with ``Apel``."""

    def score_stream(self, texts: Iterable[tuple[str, str | None]]) -> Iterator[Prediction]:
        for text, _ in texts:
            high = 0.1 if text.startswith("Apel") else 0.9
            scores = {label: high if label == "hoax" else 0.1 for label in LABELS}
            labels: tuple[Label, ...] = () if high < 0.5 else ("hoax",)
            yield Prediction(scores, labels, "flag" if labels else "clear", 5, 1)


def written(path: Path, texts: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id_str", "created_at", "username", "full_text"])
        for n, text in enumerate(texts):
            day = f"2024-09-{len(texts) - n:02d}T08:00:00+07:00"
            out.writerow([str(1_700_000_000_000_000_000 + n), day, f"warga_{n % 3}", text])
    return path


def an_index(path: Path, *, title: str = TITLE) -> Path:
    claims = [Claim(title, "", "false", "2024-02-20", "https://periksa.example/1")]
    claims += [Claim(f"Foto banjir di Desa {n}", "", "false", "", "") for n in range(30)]
    write_index(claims, path)
    return path


POSTS = [
    RUMOUR,
    "Tidak benar server KPU Rantau Selasih diatur dari luar negeri",
    "Apel pagi bersama server KPU Rantau Selasih diatur dari luar negeri",
    "Kabar lain sama sekali tentang harga pupuk di pasar kecamatan",
    RUMOUR.upper(),
]


def test_flagged_rows_carry_the_claim_that_they_repeat_and_their_stance(tmp_path: Path) -> None:
    options = {"claims": an_index(tmp_path / "k.index"), "make_scorer": AllHoax}
    run(written(tmp_path / "e.csv", POSTS), tmp_path / "r", formats=("jsonl",), **options)
    rows = lines(tmp_path / "r")
    assert [row["claim_stance"] for row in rows] == ["asserts", "denies", None, None, "asserts"]
    assert {row["claim_title"] for row in rows} == {TITLE, None}
    assert {row["claim_url"] for row in rows} == {"https://periksa.example/1", None}
    assert all(row["claim_similarity"] is None or row["claim_similarity"] >= 0.5 for row in rows)


def test_copies_point_to_the_earliest_post_in_every_format_and_process_count(
    tmp_path: Path,
) -> None:
    source = written(tmp_path / "e.csv", POSTS)
    seen = set()
    for jobs in (1, 2):
        out = tmp_path / str(jobs)
        run(source, out, formats=("jsonl", "parquet", "csv"), jobs=jobs, make_scorer=AllHoax)
        rows = lines(out)
        earliest = rows[4]["row_id"]
        assert [row["duplicate_of"] for row in rows] == [earliest, None, None, None, None]
        parquet = pq.read_table(out / "scored.parquet")["duplicate_of"].to_pylist()
        assert parquet == [row["duplicate_of"] for row in rows]
        assert earliest in (out / "scored.csv").read_text(encoding="utf-8").splitlines()[1]
        seen.add((out / "copies.parquet").read_bytes())
    assert len(seen) == 1


def test_another_index_is_another_run(tmp_path: Path) -> None:
    source = written(tmp_path / "e.csv", POSTS)
    first = an_index(tmp_path / "a.index")
    run(source, tmp_path / "r", claims=first)
    assert run(source, tmp_path / "r", claims=first).already_finished
    for other in (an_index(tmp_path / "b.index", title="Lain sama sekali"), None):
        with pytest.raises(RunError) as caught:
            run(source, tmp_path / "r", claims=other)
        assert caught.value.code == "run_other_config"
        assert "claims" in caught.value.render("id")


@pytest.mark.parametrize("content", [None, b"", b"bukan indeks", b"SQLite format 3\0rusak"])
def test_an_index_that_is_none_stops_before_anything_is_written(
    tmp_path: Path, content: bytes | None
) -> None:
    index = tmp_path / "k.index"
    if content is not None:
        index.write_bytes(content)
    with pytest.raises(InputError) as caught:
        run(written(tmp_path / "e.csv", POSTS), tmp_path / "r", claims=index)
    assert "k.index" in caught.value.render("id")
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize("name", ["copies.parquet", "chains.parquet"])
def test_a_lost_or_damaged_file_of_copies_is_made_again(tmp_path: Path, name: str) -> None:
    source = written(tmp_path / "e.csv", POSTS)
    run(source, tmp_path / "r")
    before = (tmp_path / "r" / name).read_bytes()
    for spoil in (b"rusak", None):
        if spoil is None:
            (tmp_path / "r" / name).unlink()
        else:
            (tmp_path / "r" / name).write_bytes(spoil)
        assert run(source, tmp_path / "r").already_finished
        assert (tmp_path / "r" / name).read_bytes() == before


def test_a_run_that_ends_while_copies_are_sought_gives_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = written(tmp_path / "e.csv", POSTS)
    run(source, tmp_path / "whole", formats=("jsonl",))

    def interrupted(self: Clusters) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Clusters, "settle", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run(source, tmp_path / "r", formats=("jsonl",))
    assert RunFolder.open(tmp_path / "r").manifest["state"] == "interrupted"
    run(source, tmp_path / "r", formats=("jsonl",))
    assert lines(tmp_path / "r") == lines(tmp_path / "whole")
    assert not list((tmp_path / "r").glob(".tmp-*"))


def test_a_fresh_run_leaves_no_copies_of_the_old_one(tmp_path: Path) -> None:
    run(written(tmp_path / "e.csv", POSTS), tmp_path / "r")
    run(written(tmp_path / "f.csv", ["Apel"]), tmp_path / "r", fresh=True)
    assert pq.read_table(tmp_path / "r/copies.parquet").num_rows == 0
