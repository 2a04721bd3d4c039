"""Chains of copies in a run: who was first, who copied, and what a run of many copies costs."""

import random
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from report_run import Row, make_run, post

from netralitas_nlp.accounts import COLUMNS, gather
from netralitas_nlp.errors import RunError
from netralitas_nlp.scoring.chains import are_sound, chain_of, chains, write_chains
from netralitas_nlp.scoring.clusters import Chain, Clusters, Entry
from netralitas_nlp.scoring.run import RunFolder

RUMOUR = (
    "Server penghitungan suara Rantau Selasih sudah diatur dari luar negeri sejak bulan lalu, "
    "sebarkan sebelum dihapus"
)
NEAR = RUMOUR.replace("bulan", "minggu")
OTHER = "Apel pagi di halaman kantor kecamatan lalu kerja bakti membersihkan saluran air"
FLAG = (0.1, 0.1, 0.9)


def chained(folder: Path, rows: Sequence[Row], *, rows_per_part: int = 3) -> RunFolder:
    path = make_run(folder, rows, rows_per_part=rows_per_part)
    run = RunFolder.open(path)
    write_chains(run)
    run.save()
    return RunFolder.open(path)


def duplicates(run: RunFolder) -> list[str | None]:
    return [v for b in run.batches(["duplicate_of"]) for v in b["duplicate_of"].to_pylist()]


def at(day: int, **values: object) -> dict[str, object]:
    return {"posted_at": f"2024-09-{day:02d}T08:00:00+07:00", **values}


def test_later_copies_point_to_the_earliest_post_and_not_to_the_first_row(tmp_path: Path) -> None:
    rows = [
        post(RUMOUR, FLAG, row_id="r1", account="b", **at(5)),
        post(OTHER, row_id="r2", account="c", **at(1)),
        post(f"RT @a: {RUMOUR.upper()} https://t.co/1", FLAG, row_id="r3", account="b", **at(9)),
        post(NEAR, FLAG, row_id="r4", account="a", **at(2)),
        post(RUMOUR, FLAG, row_id="r5", account=None, posted_at=None),
    ]
    run = chained(tmp_path / "r", rows)
    assert duplicates(run) == ["r4", None, "r4", None, "r4"]
    assert chain_of(run) == dict.fromkeys(["r1", "r3", "r4", "r5"], "r4")
    assert chains(run) == [Chain("r4", "a", "2024-09-02T08:00:00+07:00", 4, 2, 7 * 86_400.0)]


def test_without_dates_the_earlier_row_is_first(tmp_path: Path) -> None:
    rows = [post(RUMOUR, FLAG, row_id=f"r{n}", posted_at=None) for n in range(3)]
    run = chained(tmp_path / "r", rows)
    assert duplicates(run) == [None, "r0", "r0"]
    assert chains(run)[0].spread is None


def test_times_of_different_zones_are_compared_as_moments(tmp_path: Path) -> None:
    rows = [
        post(RUMOUR, FLAG, row_id="wib", posted_at="2024-09-21T08:00:00+07:00"),
        post(RUMOUR, FLAG, row_id="utc", posted_at="2024-09-21T00:30:00+00:00"),
    ]
    assert duplicates(chained(tmp_path / "r", rows)) == ["utc", None]


@pytest.mark.parametrize(
    "text", ["mantap", "👍👍👍", "", "mantap pak bupati lanjutkan terus", None]
)
def test_short_texts_are_never_a_chain(tmp_path: Path, text: str | None) -> None:
    run = chained(tmp_path / "r", [post(text, FLAG if text else None) for _ in range(4)])
    assert duplicates(run) == [None] * 4
    assert chains(run) == []


def test_likes_are_no_copies(tmp_path: Path) -> None:
    rows = [post(RUMOUR, FLAG), post(RUMOUR, None, text_kind="like")]
    assert duplicates(chained(tmp_path / "r", rows)) == [None, None]


def test_chains_do_not_drift_away_from_their_first_post(tmp_path: Path) -> None:
    words = [f"kata{n}" for n in range(30)]
    rows = []
    for step in range(12):
        rows.append(post(" ".join(words), FLAG, row_id=f"r{step:02d}", **at(step + 1)))
        words[step * 2 + 1] = f"baru{step}"
    heads = {c or f"r{n:02d}" for n, c in enumerate(duplicates(chained(tmp_path / "r", rows)))}
    assert 2 <= len(heads) <= 8


def test_parts_make_no_difference(tmp_path: Path) -> None:
    chance = random.Random(3)
    rows = [
        post(
            chance.choice([RUMOUR, NEAR, OTHER, f"{OTHER} bersama", f"kabar lain {n} " * 3]),
            FLAG, row_id=f"r{n:03d}", account=f"a{n % 7}", **at(chance.randint(1, 28)),
        )
        for n in range(120)
    ]  # fmt: skip
    found = [chained(tmp_path / str(size), rows, rows_per_part=size) for size in (1, 7, 50, 500)]
    assert len({tuple(duplicates(run)) for run in found}) == 1
    assert len({(run.path / "copies.parquet").read_bytes() for run in found}) == 1
    assert any(duplicates(found[0]))


def test_a_reader_gets_chains_in_batches_of_any_size(tmp_path: Path) -> None:
    rows = [post(RUMOUR if n % 3 else OTHER, FLAG, row_id=f"r{n}", **at(n + 1)) for n in range(20)]
    run = chained(tmp_path / "r", rows)
    whole = duplicates(run)
    for size in (1, 3, 1000):
        batches = run.batches(["chain", "duplicate_of"], batch_rows=size)
        got = [v for b in batches for v in b["duplicate_of"].to_pylist()]
        assert got == whole
    only = [v for b in run.batches(["chain"]) for v in b["chain"].to_pylist()]
    assert only == [chain_of(run).get(f"r{n}") for n in range(20)]


def test_a_run_without_chains_has_empty_columns(tmp_path: Path) -> None:
    run = RunFolder.open(make_run(tmp_path / "r", [post(RUMOUR, FLAG)] * 2))
    assert duplicates(run) == [None, None]
    assert (chains(run), chain_of(run)) == ([], {})
    assert not are_sound(run)


@pytest.mark.parametrize("name", ["copies.parquet", "chains.parquet"])
def test_a_damaged_file_is_noticed_and_named(tmp_path: Path, name: str) -> None:
    run = chained(tmp_path / "r", [post(RUMOUR, FLAG), post(NEAR, FLAG)])
    assert are_sound(run)
    (run.path / name).write_bytes(b"rusak")
    assert not are_sound(run)
    with pytest.raises(RunError, match=name):
        (duplicates if name == "copies.parquet" else chains)(run)


def test_nothing_is_left_of_the_database(tmp_path: Path) -> None:
    run = chained(tmp_path / "r", [post(RUMOUR, FLAG), post(NEAR, FLAG)])
    names = {p.name for p in run.path.iterdir()}
    assert names == {"manifest.json", "parts", ".lock", "copies.parquet", "chains.parquet"}


def test_a_full_disk_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Clusters) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr(Clusters, "settle", fail)
    run = RunFolder.open(make_run(tmp_path / "r", [post(RUMOUR, FLAG)]))
    with pytest.raises(RunError) as caught:
        write_chains(run)
    assert caught.value.code == "run_disk_full"
    assert not list(run.path.glob(".tmp-*"))


def test_a_post_costs_a_few_hundred_bytes_of_disk(tmp_path: Path) -> None:
    chance = random.Random(1)
    entries = [
        Entry(n, f"{n:016x}", f"warga_{n % 99}", "2024-09-21T08:00:00+07:00",
              " ".join(f"k{chance.randint(0, 9_999)}" for _ in range(25)))
        for n in range(4_000)
    ]  # fmt: skip
    with Clusters(tmp_path / "x.sqlite") as clusters:
        clusters.add(entries)
        clusters.settle()
        size = (tmp_path / "x.sqlite").stat().st_size
    assert size / len(entries) < 900


def test_a_chain_is_one_text_of_an_account(tmp_path: Path) -> None:
    rows = [
        *(post(text, FLAG, account="a") for text in (RUMOUR, NEAR, OTHER)),
        post(RUMOUR, FLAG, account="b"),
    ]
    run = chained(tmp_path / "r", rows)
    found = {a.name: (a.texts, a.independent_flags) for a in gather(run.batches(COLUMNS)).accounts}
    assert found == {"a": (2, 2), "b": (1, 1)}
    assert pq.read_table(run.path / "chains.parquet")["count"].to_pylist() == [3]
