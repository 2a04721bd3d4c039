"""Exports in object storage: read as if they lay here, refused in words; results stay here."""

import builtins
import os
from pathlib import Path
from typing import Any

import fsspec
import pytest
import typer
from fake_scorer import HashScorer, write_csv
from typer.testing import CliRunner

from netralitas_nlp.cli.score import expand, score
from netralitas_nlp.errors import InputError, MissingExtraError, NetralitasError, UsageError
from netralitas_nlp.io.remote import fetched, is_remote
from netralitas_nlp.scoring.inputs import display_names
from netralitas_nlp.scoring.merge import merge_runs
from netralitas_nlp.scoring.pipeline import score_files


def run(inputs: list[str], out: Path | str, **options: Any) -> Any:
    given = {"jobs": 1, "make_scorer": HashScorer, "formats": ("jsonl",), "report": False}
    return score_files(inputs, out=out, **(given | options))


@pytest.fixture
def store() -> Any:
    memory = fsspec.filesystem("memory")
    memory.store.clear()
    yield memory
    memory.store.clear()


def test_an_export_in_a_store_gives_the_rows_of_the_same_file_here(
    tmp_path: Path, store: Any
) -> None:
    here = write_csv(tmp_path / "e.csv", 60)
    with here.open("a") as file:
        file.write("1,2,3,4,5,terlalu,banyak\r\n")
    store.pipe("/ember/e.csv", here.read_bytes())
    run([str(here)], tmp_path / "sini")
    for number, address in enumerate(["memory://ember/e.csv", f"file://{here}"]):
        out = tmp_path / str(number)
        run([address], out)
        for name in ("scored.jsonl", "rejects.jsonl", "parts/00000.parquet"):
            assert (out / name).read_bytes() == (tmp_path / "sini" / name).read_bytes()
        text = (out / "manifest.json").read_text()
        assert "netralitas-" not in text.replace("netralitas-nlp", "")
        assert str(tmp_path) not in text
        assert run([address], out).already_finished


def test_nothing_of_it_stays_behind_and_nobody_else_may_look(store: Any) -> None:
    store.pipe("/ember/e.csv", b"text\napel pagi\n")
    with fetched("memory://ember/e.csv") as place:
        assert place.name == "e.csv"
        if os.name != "nt":
            assert place.parent.stat().st_mode & 0o077 == 0
    assert not place.parent.exists()


def test_files_of_one_name_are_told_apart() -> None:
    assert display_names(["s3://ember/a/e.csv", "s3://ember/b/e.csv", "/x/f.csv"]) == [
        "a/e.csv", "b/e.csv", "f.csv",
    ]  # fmt: skip
    assert len({*display_names(["s3://ember/e.csv", "gs://ember/e.csv"])}) == 2


def test_wildcards_are_filled_in_by_the_store(store: Any, tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", "c.txt"):
        store.pipe(f"/ember/{name}", b"text\napel\n")
    assert expand(["memory://ember/*.csv"]) == ["memory:///ember/a.csv", "memory:///ember/b.csv"]
    with pytest.raises(InputError) as error:
        expand(["memory://ember/*.xlsx"])
    assert error.value.code == "no_match"


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("memory://ember/tidak-ada.csv", "input_missing"),
        ("memory://ember", "input_is_folder"),
        ("https://contoh.example/e.csv", "input_scheme"),
        ("ftp://contoh.example/e.csv", "input_scheme"),
        ("simplecache::memory://ember/e.csv", "input_missing"),
        ("memory://ember/e.csv::file:///etc/passwd", "input_scheme"),
    ],
)
def test_an_address_that_gives_no_export_is_an_error_in_words(
    tmp_path: Path, store: Any, address: str, code: str
) -> None:
    store.pipe("/ember/e.csv", b"text\napel\n")
    with pytest.raises(InputError) as error:
        run([address], tmp_path / "hasil")
    assert error.value.code == code
    assert address in error.value.render("id")
    assert not (tmp_path / "hasil").exists()


def test_a_store_that_fails_is_named_without_a_traceback(
    tmp_path: Path, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError("kunci kedaluwarsa")

    store.pipe("/ember/e.csv", b"text\napel\n")
    monkeypatch.setattr(type(store), "_open", fail)
    with pytest.raises(InputError, match="kunci kedaluwarsa"):
        run(["memory://ember/e.csv"], tmp_path / "hasil")


def test_errors_about_the_content_name_the_address(tmp_path: Path, store: Any) -> None:
    store.pipe("/ember/e.csv", b"")
    with pytest.raises(NetralitasError) as error:
        run(["memory://ember/e.csv"], tmp_path / "hasil")
    assert "ember/e.csv" in error.value.render("id")
    assert "/tmp" not in error.value.render("id")


def test_the_same_address_twice_is_refused(tmp_path: Path, store: Any) -> None:
    store.pipe("/ember/e.csv", b"text\napel\n")
    with pytest.raises(UsageError) as error:
        run(["memory://ember/e.csv"] * 2, tmp_path / "hasil")
    assert error.value.code == "input_twice"


def test_a_missing_package_is_named_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.partition(".")[0] in ("fsspec", "s3fs"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError) as error, fetched("s3://ember/e.csv"):
        pass
    assert "netralitas-nlp[cloud]" in error.value.render("id")


def test_results_and_caches_stay_on_this_machine(tmp_path: Path) -> None:
    source = str(write_csv(tmp_path / "e.csv", 3))
    attempts = [
        lambda: run([source], "s3://ember/hasil"),
        lambda: run([source], tmp_path / "h", cache="memory://ember/c"),
        lambda: merge_runs([tmp_path], out="s3://ember/hasil"),
        lambda: merge_runs(["s3://ember/bagian-1"], out=tmp_path / "h"),
    ]
    for attempt in attempts:
        with pytest.raises(UsageError) as error:
            attempt()
        assert error.value.code == "out_remote"
        assert "aws s3 sync" in error.value.render("id")
    app = typer.Typer()
    app.command()(score)
    result = CliRunner().invoke(app, [source, "--out", "s3://ember/hasil"])
    assert result.exit_code == 2
    assert not Path("s3:").exists()


@pytest.mark.parametrize("name", ["e.csv", "/a/b.csv", "C:\\data\\e.csv", "C:/data/e.csv", "-"])
def test_a_path_is_no_address(name: str) -> None:
    assert not is_remote(name)
