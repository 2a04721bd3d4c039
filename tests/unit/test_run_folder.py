"""Run folders: whole or absent parts, resume, refusals, privacy."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from netralitas_nlp.errors import RunError
from netralitas_nlp.io.durable import whole_file
from netralitas_nlp.schema import PART_SCHEMA, Reject
from netralitas_nlp.scoring.manifest import Manifest, config_digest, new_manifest
from netralitas_nlp.scoring.run import RunFolder, is_run


def manifest(
    *, file: str = "ekspor.csv", digest: str = "11" * 32, point: str = "balanced", model: str = "m"
) -> Manifest:
    return new_manifest(
        inputs=[{"file": file, "sha256": digest, "bytes": 10, "tables": []}],
        config={"operating_point": point, "rows_per_part": 3},
        bundle={"name": model, "sha256": model * 64, "operating_point": point, "thresholds": {}},
        versions={"netralitas-nlp": "0.1.0"},
    )


def rows(texts: list[str], **columns: list[Any]) -> pa.Table:
    base: dict[str, list[Any]] = {
        name: [None] * len(texts) for name in PART_SCHEMA.names if name not in columns
    }
    base |= {"input": ["{}"] * len(texts), "text": list(texts)}
    base |= {"text_kind": ["own"] * len(texts)} | columns
    return pa.table({name: base[name] for name in PART_SCHEMA.names}, schema=PART_SCHEMA)


def texts_of(run: RunFolder) -> list[str]:
    return [text for batch in run.batches(["text"]) for text in batch.column("text").to_pylist()]


def three_parts(path: Path) -> None:
    with RunFolder.create(path, manifest()) as run:
        run.write_part(0, rows(["a", "b"]), first=0, stop=2)
        run.write_part(1, rows(["c"]), first=2, stop=4, rejects=[Reject("ekspor.csv", 4, "x")])
        run.write_part(2, rows(["d"]), first=4, stop=5)


def test_rows_come_back_in_order_with_the_columns_asked_for(tmp_path: Path) -> None:
    three_parts(tmp_path / "hasil")
    run = RunFolder.open(tmp_path / "hasil")
    assert texts_of(run) == ["a", "b", "c", "d"]
    assert next(run.batches()).schema.names == PART_SCHEMA.names
    assert [batch.schema.names for batch in run.batches(["decision"])] == [["decision"]] * 3


def test_rejects_come_back_with_their_reason_and_their_raw_row(tmp_path: Path) -> None:
    reject = Reject("e.csv", 2, "ragged", {"found": 9, "word": "é\ud800"}, raw='a,"b\x00\udcff')
    with RunFolder.create(tmp_path / "hasil", manifest()) as run:
        run.write_part(0, rows(["a"]), first=0, stop=2, rejects=[reject])
    assert list(RunFolder.open(tmp_path / "hasil").rejects()) == [reject]


def test_counts_tell_scored_empty_and_unscored_rows_apart(tmp_path: Path) -> None:
    table = rows(
        ["a", "b", "", "d", "e"],
        text_kind=["own", "own", "own", "like", "own"],
        decision=["flag", "review", None, None, "clear"],
        labels=["candidate_support;hoax", None, None, None, None],
    )
    with RunFolder.create(tmp_path / "hasil", manifest()) as run:
        run.write_part(0, table, first=0, stop=6, rejects=[Reject("e.csv", 6, "x")])
        counts = run.counts()
    assert counts == {
        "records": 6, "rows": 5, "scored": 3, "empty_text": 1, "not_scored": 1, "rejects": 1,
        "flag": 1, "review": 1, "clear": 1,
        "labels": {"candidate_support": 1, "hate_speech": 0, "hoax": 1},
    }  # fmt: skip


def test_a_run_goes_on_after_its_last_whole_part(tmp_path: Path) -> None:
    three_parts(tmp_path / "hasil")
    with RunFolder.resume(tmp_path / "hasil", manifest()) as run:
        assert [part.stop for part in run.parts] == [2, 4, 5]
        assert run.damaged == []


@pytest.mark.parametrize("harm", ["cut", "flip", "lost", "marker cut"])
def test_a_damaged_part_is_noticed_and_the_others_are_kept(tmp_path: Path, harm: str) -> None:
    three_parts(tmp_path / "hasil")
    part = tmp_path / "hasil/parts/00001.parquet"
    marker = part.with_name("00001.done.json")
    content = bytearray(part.read_bytes())
    if harm == "cut":
        part.write_bytes(content[: len(content) // 2])
    elif harm == "flip":
        content[len(content) // 2] ^= 0xFF
        part.write_bytes(content)
    elif harm == "lost":
        part.unlink()
    else:
        marker.write_text(marker.read_text()[:40])
    with RunFolder.resume(tmp_path / "hasil", manifest()) as run:
        assert run.damaged == [1]
        assert sorted(run.sound) == [0, 2]
        assert [part.stop for part in run.parts] == [2]
        run.write_part(1, rows(["c"]), first=2, stop=4)
        assert texts_of(run) == ["a", "b", "c", "d"]


def test_a_part_without_its_marker_does_not_count(tmp_path: Path) -> None:
    three_parts(tmp_path / "hasil")
    (tmp_path / "hasil/parts/00002.done.json").unlink()
    with RunFolder.resume(tmp_path / "hasil", manifest()) as run:
        assert texts_of(run) == ["a", "b", "c"]


def test_reading_a_part_that_is_damaged_says_which(tmp_path: Path) -> None:
    three_parts(tmp_path / "hasil")
    (tmp_path / "hasil/parts/00002.parquet").write_bytes(b"PAR1 nothing")
    with pytest.raises(RunError, match=r"00002\.parquet"):
        texts_of(RunFolder.open(tmp_path / "hasil"))


@pytest.mark.parametrize(
    ("changed", "code", "words"),
    [
        ({"digest": "22" * 32}, "run_other_input", "222222222222"),
        ({"file": "lain.csv"}, "run_other_input", "lain.csv"),
        ({"point": "recall"}, "run_other_config", "'balanced' -> 'recall'"),
        ({"model": "n"}, "run_other_bundle", "nnnnnnnnnnnn"),
    ],
)
def test_resume_names_what_differs(
    tmp_path: Path, changed: dict[str, str], code: str, words: str
) -> None:
    three_parts(tmp_path / "hasil")
    with pytest.raises(RunError) as error:
        RunFolder.resume(tmp_path / "hasil", manifest(**changed))
    assert error.value.code == code
    assert words in error.value.render("id")
    assert words in error.value.render("en")


def test_the_digest_of_a_configuration_does_not_depend_on_the_order_of_its_keys() -> None:
    assert config_digest({"a": 1, "b": [2]}) == config_digest({"b": [2], "a": 1})
    assert config_digest({"a": 1}) != config_digest({"a": 2})


def test_a_second_run_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    three_parts(tmp_path / "hasil")
    with pytest.raises(RunError) as error:
        RunFolder.create(tmp_path / "hasil", manifest())
    assert error.value.code == "run_exists"


def test_a_folder_with_files_of_others_is_refused_even_when_fresh(tmp_path: Path) -> None:
    (tmp_path / "skripsi.docx").write_text("penting")
    for fresh in (False, True):
        with pytest.raises(RunError, match=r"skripsi\.docx"):
            RunFolder.create(tmp_path, manifest(), fresh=fresh)
    assert (tmp_path / "skripsi.docx").read_text() == "penting"


def test_fresh_replaces_a_run_and_leaves_what_others_put_there(tmp_path: Path) -> None:
    three_parts(tmp_path / "hasil")
    (tmp_path / "hasil/scored.csv").write_text("lama")
    (tmp_path / "hasil/catatan.txt").write_text("punya saya")
    (tmp_path / "hasil/parts/catatan.txt").write_text("punya saya juga")
    with RunFolder.create(tmp_path / "hasil", manifest(model="n"), fresh=True) as run:
        assert run.parts == []
    left = {p.relative_to(tmp_path / "hasil").as_posix() for p in (tmp_path / "hasil").rglob("*")}
    assert left == {"manifest.json", ".lock", "catatan.txt", "parts", "parts/catatan.txt"}
    assert RunFolder.open(tmp_path / "hasil").manifest["bundle"]["name"] == "n"


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "hasil").write_text("berkas")
    with pytest.raises(RunError) as error:
        RunFolder.create(tmp_path / "hasil", manifest())
    assert error.value.code == "run_not_a_folder"


def test_two_processes_do_not_write_in_one_folder(tmp_path: Path) -> None:
    with RunFolder.create(tmp_path / "hasil", manifest()):
        with pytest.raises(RunError) as error:
            RunFolder.resume(tmp_path / "hasil", manifest())
        assert error.value.code == "run_in_use"
    RunFolder.resume(tmp_path / "hasil", manifest()).close()


def test_an_empty_folder_left_by_a_crash_can_be_used(tmp_path: Path) -> None:
    folder = tmp_path / "hasil"
    folder.mkdir()
    (folder / ".lock").touch()
    (folder / ".tmp-0a1b2c3d-manifest.json").write_text("{")
    with RunFolder.create(folder, manifest()):
        assert {f.name for f in folder.iterdir()} == {".lock", "manifest.json", "parts"}


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "{}", '{"format": 1}', "[" * 100_000, '{"format": "1", "state": "running"}'],
)
def test_a_damaged_manifest_is_an_error_with_a_way_out(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(RunError) as error:
        RunFolder.open(tmp_path)
    assert error.value.code == "run_manifest_damaged"
    assert not is_run(tmp_path)


def test_a_manifest_of_a_later_version_is_not_touched(tmp_path: Path) -> None:
    three_parts(tmp_path / "hasil")
    place = tmp_path / "hasil/manifest.json"
    place.write_text(json.dumps(json.loads(place.read_text()) | {"format": 99}))
    with pytest.raises(RunError, match="99"):
        RunFolder.resume(tmp_path / "hasil", manifest())
    assert is_run(tmp_path / "hasil")


def test_a_folder_without_manifest_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(RunError) as error:
        RunFolder.open(tmp_path / "tidak-ada")
    assert error.value.code == "run_not_a_run"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_only_the_owner_may_look_into_a_run(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        three_parts(tmp_path / "hasil")
    finally:
        os.umask(before)
    for entry in [tmp_path / "hasil", *(tmp_path / "hasil").rglob("*")]:
        assert entry.stat().st_mode & 0o077 == 0, entry


def test_a_file_that_fails_half_way_leaves_the_older_one(tmp_path: Path) -> None:
    place = tmp_path / "scored.csv"
    place.write_text("lama")
    with pytest.raises(ZeroDivisionError), whole_file(place) as file:
        file.write(b"baru")
        raise ZeroDivisionError
    assert place.read_text() == "lama"
    assert [f.name for f in tmp_path.iterdir()] == ["scored.csv"]


def test_the_manifest_holds_no_place_and_no_user(tmp_path: Path) -> None:
    three_parts(tmp_path / "hasil")
    text = (tmp_path / "hasil/manifest.json").read_text()
    assert str(tmp_path) not in text
    assert not re.search(r'"/|[A-Z]:\\\\', text)
