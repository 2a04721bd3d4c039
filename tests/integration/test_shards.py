"""Runs in several shards: merged they are the run of one machine, byte for byte, or refused."""

import csv
import json
import random
import re
import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fake_scorer import FakeBundle, HashScorer, write_csv
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netralitas_nlp.accounts import COLUMNS, gather, whole_run
from netralitas_nlp.errors import RunError, UsageError
from netralitas_nlp.io.durable import TEMPORARY
from netralitas_nlp.io.tables import Overrides
from netralitas_nlp.report.page import write_report
from netralitas_nlp.scoring.attempt import RunSummary
from netralitas_nlp.scoring.merge import merge_runs
from netralitas_nlp.scoring.pipeline import score_files
from netralitas_nlp.scoring.run import RunFolder
from netralitas_nlp.scoring.shards import Dealing, Shard
from netralitas_nlp.scoring.verify import verify_run
from netralitas_nlp.text.rosters import Rosters

FORMATS = ("csv", "jsonl", "parquet")
EXAMPLES = Path(__file__).parents[2] / "data/examples"
ROWS = 20
"""Rows per part: a block, the least that is dealt."""

CHAIN = "Sebarkan sebelum dihapus: gaji pegawai desa dipotong mulai bulan depan, cek di balai"


def score(inputs: Sequence[Path], out: Path, **options: Any) -> RunSummary:
    options = {"jobs": 1, "make_scorer": HashScorer, "rows_per_part": ROWS} | options
    return score_files(inputs, out=out, **{"formats": FORMATS, **options})


def in_shards(inputs: Sequence[Path], folder: Path, n: int, **options: Any) -> list[Path]:
    made = []
    for number in range(1, n + 1):
        out = folder / f"bagian-{number}"
        score(inputs, out, shard=Shard(number, n), **options)
        made.append(out)
    return made


def exports(folder: Path) -> list[Path]:
    """Exports of every kind, with copies across files and rows that cannot be read."""
    folder.mkdir(exist_ok=True)
    one = write_csv(folder / "a.csv", 130)
    lines = one.read_text("utf-8").splitlines(keepends=True)
    lines.insert(1, "\r\n")
    lines.insert(45, lines[5].rstrip() + ",lebih,dari,itu\r\n")
    lines.insert(90, lines[0])
    lines.insert(100, "1,2024-09-01\r\n")
    lines.append("\r\n")
    one.write_text("".join(lines), "utf-8")
    two = folder / "b.jsonl"
    with two.open("w", encoding="utf-8") as file:
        for n in range(90):
            row: dict[str, Any] = {"text": f"{CHAIN} {n % 2}" if n % 7 == 0 else f"apel pagi {n}"}
            row |= {"username": f"warga_{n % 9}", "created_at": f"2024-09-{n % 28 + 1:02d}"}
            if n > 50:
                row[f"kolom_{n % 3}"] = n
            file.write(json.dumps(row) + "\n" if n % 31 != 30 else "{rusak\n\n")
    three = folder / "c.parquet"
    texts = [CHAIN if n % 11 == 0 else f"rapat nomor {n} di balai" for n in range(170)]
    table = pa.table({"text": texts, "username": [f"warga_{n % 5}" for n in range(170)],
                      "suka": pa.array(range(170))})  # fmt: skip
    pq.write_table(table, three, row_group_size=37)
    tiny = write_csv(folder / "d.csv", 3, seed=9)
    return [one, two, three, tiny]


def rows_files(folder: Path) -> dict[str, bytes]:
    """Everything but the manifest, the page and the secret of the pseudonyms."""
    left_out = {"manifest.json", "report.html", "pseudonym.key", ".lock"}
    files = {f.relative_to(folder).as_posix(): f for f in folder.rglob("*") if f.is_file()}
    return {name: f.read_bytes() for name, f in files.items() if name not in left_out}


def told(folder: Path) -> dict[str, Any]:
    """The manifest without moments and durations."""
    manifest = json.loads((folder / "manifest.json").read_text())
    for key in ("created_at", "finished_at", "seconds", "merged"):
        manifest.pop(key, None)
    return manifest


def page(folder: Path, place: Path) -> str:
    write_report(folder, out=place, reveal=True)
    return re.sub(r"\d\d?[.:]\d\d (WIB|UTC)", "", place.read_text("utf-8"))


def assert_same(merged: Path, whole: Path, room: Path, *, pages: bool = True) -> None:
    one, two = rows_files(merged), rows_files(whole)
    assert one.keys() == two.keys()
    assert [name for name in two if one[name] != two[name]] == []
    assert told(merged) == told(whole)
    accounts = [gather(whole_run(folder).batches(COLUMNS)) for folder in (merged, whole)]
    assert accounts[0] == accounts[1]
    if pages:
        assert page(merged, room / "satu.html") == page(whole, room / "dua.html")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], Path]:
    room = tmp_path_factory.mktemp("utuh")
    inputs = exports(room / "ekspor")
    score(inputs, room / "hasil")
    return inputs, room / "hasil"


@pytest.mark.parametrize("n", [1, 2, 3, 7, 40])
def test_merged_shards_are_the_run_of_one_machine(
    tmp_path: Path, whole: tuple[list[Path], Path], n: int
) -> None:
    inputs, undivided = whole
    shards = in_shards(inputs, tmp_path, n)
    random.Random(n).shuffle(shards)
    summary = merge_runs(shards, out=tmp_path / "gabung", formats=FORMATS)
    assert_same(tmp_path / "gabung", undivided, tmp_path)
    assert summary.counts["rejects"] == 3
    assert len(pq.read_table(undivided / "copies.parquet")) > 20


@pytest.mark.parametrize("jobs", [2, 3])
def test_neither_the_number_of_processes_nor_a_cache_shows_in_the_bytes(
    tmp_path: Path, whole: tuple[list[Path], Path], jobs: int
) -> None:
    inputs, undivided = whole
    options: dict[str, Any] = {"jobs": jobs, "cache": tmp_path / "ingatan"}
    score(inputs, tmp_path / "hasil", **options)
    assert_same(tmp_path / "hasil", undivided, tmp_path)
    shards = in_shards(inputs, tmp_path, 2, **options)
    merge_runs(shards, out=tmp_path / "gabung", formats=FORMATS)
    assert_same(tmp_path / "gabung", undivided, tmp_path)


def test_rosters_and_clauses_come_out_the_same(tmp_path: Path) -> None:
    inputs = [EXAMPLES / "tweet-harvest.csv", EXAMPLES / "pantauan-facebook.xlsx"]
    options: dict[str, Any] = {"rosters": Rosters.load([EXAMPLES / "peserta.toml"])}
    options["policy_folders"] = (str(EXAMPLES / "kebijakan"),)
    score(inputs, tmp_path / "utuh", **options)
    shards = in_shards(inputs, tmp_path, 4, **options)
    with pytest.raises(RunError) as error:
        merge_runs(shards, out=tmp_path / "gabung", formats=FORMATS)
    assert error.value.code == "merge_other_policy"
    merge_runs(
        shards, out=tmp_path / "gabung", formats=FORMATS, policy_folders=options["policy_folders"]
    )
    assert_same(tmp_path / "gabung", tmp_path / "utuh", tmp_path)
    assert (tmp_path / "gabung/contestants.csv").stat().st_size > 500


texts = st.sampled_from(["apel pagi", CHAIN, "", 'kutip " ganda', "dua\nbaris", "koma, koma"])


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(
    files=st.lists(st.lists(texts, min_size=1, max_size=30), min_size=1, max_size=3),
    bad=st.integers(0, 29),
    n=st.integers(1, 9),
    block=st.integers(1, 8),
    nested=st.booleans(),
)
def test_any_export_cut_anywhere_merges_to_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory,
    files: list[list[str]],
    bad: int,
    n: int,
    block: int,
    nested: bool,
) -> None:
    room = tmp_path_factory.mktemp("acak")
    inputs = []
    for number, rows in enumerate(files):
        place = room / f"{number}.csv"
        with place.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(["id_str", "username", "full_text"])
            for row, text in enumerate(rows):
                cells = [str(10**17 + row), f"warga_{row % 3}", text]
                out.writerow([*cells, "lebih"] if row == bad else cells)
        inputs.append(place)
    if nested:
        # Pages of a service: many posts in one record of the file.
        pages = [[{"text": t, "username": "a"} for t in rows] for rows in files]
        (room / "halaman.json").write_text(
            json.dumps([{"data": {"items": page_}, "n": 1} for page_ in pages])
        )
        inputs.append(room / "halaman.json")
    score(inputs, room / "utuh", rows_per_part=block, report=False)
    shards = in_shards(inputs, room, n, rows_per_part=block)
    merge_runs(shards, out=room / "gabung", formats=FORMATS, report=False)
    assert_same(room / "gabung", room / "utuh", room, pages=False)


@settings(max_examples=200)
@given(
    sizes=st.lists(st.integers(1, 10**12), min_size=1, max_size=6),
    n=st.integers(1, 60),
    block=st.integers(1, 50),
    known=st.booleans(),
)
def test_every_row_is_dealt_to_exactly_one_shard_that_reads_its_file(
    sizes: list[int], n: int, block: int, known: bool
) -> None:
    dealings = [Dealing(sizes, shard=Shard(i, n), block=block) for i in range(1, n + 1)]
    for source in range(len(sizes)):
        parts = [dealing.rows(source, 0, 400 if known else None) for dealing in dealings]
        for row in (1, 2, block, block + 1, 173, 400):
            owners = [i for i, rows in enumerate(parts) if rows.holds(row)]
            assert len(owners) == 1
            assert dealings[owners[0]].reads(source)


def test_one_large_file_is_dealt_evenly_and_small_files_whole() -> None:
    n = 8
    large = [Dealing([10**9], shard=Shard(i, n), block=1).rows(0, 0, None) for i in range(1, n + 1)]
    held = [sum(rows.holds(row) for row in range(1, 1_001)) for rows in large]
    assert max(held) - min(held) <= 3
    readers = [
        sum(Dealing([7] * 800, shard=Shard(i, n), block=1).reads(s) for i in range(1, n + 1))
        for s in range(800)
    ]
    assert sorted(set(readers)) == [1]


def test_a_shard_leaves_alone_the_row_groups_of_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import netralitas_nlp.io.columnar as columnar

    place = tmp_path / "e.parquet"
    table = pa.table({"text": [f"rapat {n}" for n in range(400)], "username": ["a"] * 400})
    pq.write_table(table, place, row_group_size=40)
    passes: list[list[int]] = []
    records, group = columnar._records, columnar._group

    def started(*given: Any, **span: int) -> Any:
        passes.append([])
        return records(*given, **span)

    def noted(file: Any, number: int, *rest: Any) -> Any:
        passes[-1].append(number)
        return group(file, number, *rest)

    monkeypatch.setattr(columnar, "_records", started)
    monkeypatch.setattr(columnar, "_group", noted)
    score([place], tmp_path / "b", shard=Shard(4, 5))
    assert passes[-1] == [6, 7]
    rows = [r for b in RunFolder.open(tmp_path / "b", shards=True).batches() for r in b.to_pylist()]
    assert [row["source_row"] for row in rows] == list(range(241, 321))


def test_a_shard_is_marked_as_a_part_and_no_table_is_made_of_it(
    tmp_path: Path, whole: tuple[list[Path], Path]
) -> None:
    inputs, _ = whole
    summary = score(inputs, tmp_path / "b", shard=Shard(1, 2))
    assert (summary.shard, summary.files) == (Shard(1, 2), ())
    names = {f.name for f in (tmp_path / "b").iterdir() if not f.name.startswith(TEMPORARY)}
    assert names == {"manifest.json", "parts", ".lock"}
    manifest = json.loads((tmp_path / "b/manifest.json").read_text())
    assert manifest["shard"]["number"], manifest["shard"]["of"] == (1, 2)
    assert "bukan hasil utuh" in manifest["shard"]["note_id"]
    assert len(manifest["shard"]["inputs_sha256"]) == 64
    for reads in (
        whole_run,
        RunFolder.open,
        lambda run: write_report(run, out=tmp_path / "r.html"),
    ):
        with pytest.raises(RunError) as error:
            reads(tmp_path / "b")
        assert error.value.code == "run_is_shard"
        assert "netralitas merge" in error.value.render("id")


def test_a_shard_can_be_verified(tmp_path: Path, whole: tuple[list[Path], Path]) -> None:
    score(whole[0], tmp_path / "b", shard=Shard(1, 2))
    found = verify_run(
        tmp_path / "b", sample=20, load=lambda *_: HashScorer(), input_folders=[whole[0][0].parent]
    )
    assert found.ok
    assert found.identical == 20


def test_a_shard_that_was_interrupted_goes_on_and_is_finished_once(
    tmp_path: Path, whole: tuple[list[Path], Path]
) -> None:
    inputs, undivided = whole
    shards = in_shards(inputs, tmp_path, 2)
    (shards[0] / "parts/00001.done.json").unlink()
    (shards[0] / "parts/00002.parquet").write_bytes(b"rusak")
    summary = score(inputs, shards[0], shard=Shard(1, 2))
    assert summary.redone == (1, 2)
    assert score(inputs, shards[0], shard=Shard(1, 2)).already_finished
    merge_runs(shards, out=tmp_path / "gabung", formats=FORMATS)
    assert_same(tmp_path / "gabung", undivided, tmp_path)


@pytest.mark.parametrize("other", [Shard(2, 2), Shard(1, 3), None])
def test_a_folder_of_one_shard_takes_no_other(
    tmp_path: Path, whole: tuple[list[Path], Path], other: Shard | None
) -> None:
    score(whole[0], tmp_path / "b", shard=Shard(1, 2))
    with pytest.raises(RunError) as error:
        score(whole[0], tmp_path / "b", shard=other)
    assert error.value.code == "run_other_shard"
    assert "1/2" in error.value.render("id")


@pytest.mark.parametrize("text", ["", "2", "0/3", "4/3", "a/b", "1/0", "-1/2", "1/3/4", "1/999999"])
def test_a_shard_that_does_not_exist_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError) as error:
        Shard.parse(text)
    assert error.value.code == "shard_form"
    assert "--shard 2/8" in error.value.render("id")


def test_a_merge_that_was_interrupted_goes_on(
    tmp_path: Path, whole: tuple[list[Path], Path]
) -> None:
    shards = in_shards(whole[0], tmp_path, 3)
    out = tmp_path / "gabung"

    def stop(moment: Any) -> None:
        if moment.stage == "merge" and moment.done > 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        merge_runs(shards, out=out, formats=FORMATS, progress=stop)
    kept = {f: f.stat().st_mtime_ns for f in (out / "parts").glob("*.parquet")}
    summary = merge_runs(shards, out=out, formats=FORMATS)
    assert summary.passed_over > 0
    assert {f: f.stat().st_mtime_ns for f in kept} == kept
    assert_same(out, whole[1], tmp_path)
    assert merge_runs(shards, out=out, formats=FORMATS).already_finished
    more = merge_runs(shards, out=out, formats=("xlsx",))
    assert (out / "scored.xlsx").is_file()
    assert more.already_finished


Harm = Callable[[list[Path], Path, Path], list[Path]]


def rescored(**options: Any) -> Harm:
    def harm(shards: list[Path], inputs_in: Path, room: Path) -> list[Path]:
        inputs = options.pop("inputs", None)
        files = exports(inputs_in) if inputs is None else inputs(exports(inputs_in))
        score(files, shards[1], fresh=True, **({"shard": Shard(2, 3)} | options))
        return shards

    return harm


def altered(change: Callable[[Path], None]) -> Harm:
    def harm(shards: list[Path], inputs_in: Path, room: Path) -> list[Path]:
        change(shards[1])
        return shards

    return harm


def rewritten(file: str, **values: Any) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        place = folder / file
        place.write_text(json.dumps(json.loads(place.read_text()) | values))

    return change


def flipped(folder: Path) -> None:
    place = folder / "parts/00001.parquet"
    content = bytearray(place.read_bytes())
    content[len(content) // 2] ^= 0xFF
    place.write_bytes(content)


def last_gone(folder: Path) -> None:
    last = max((folder / "parts").glob("*.parquet"))
    last.unlink()
    last.with_name(f"{last.stem}.done.json").unlink()


def twin(shards: list[Path], _: Path, room: Path) -> list[Path]:
    shutil.copytree(shards[0], room / "kembar")
    return [*shards, room / "kembar"]


def grown(files: list[Path]) -> list[Path]:
    write_csv(files[3], 4, seed=9)
    return files


HARMS: dict[str, tuple[Harm, str, str]] = {
    "missing": (lambda shards, *_: shards[:2], "merge_missing", "3/3"),
    "twice": (twin, "merge_twice", "kembar"),
    "the same folder twice": (lambda s, *_: [*s, s[0]], "merge_twice", "bagian-1"),
    "another n": (rescored(shard=Shard(2, 4)), "merge_other_count", "bagian-2"),
    "another order": (rescored(inputs=lambda f: f[::-1]), "merge_other_input", "d.csv, c.parquet"),
    "another input": (rescored(inputs=grown), "merge_other_input", "d.csv"),
    "a file less": (rescored(inputs=lambda f: f[:3]), "merge_other_input", "d.csv"),
    "another model": (
        rescored(make_scorer=partial(HashScorer, bundle=FakeBundle(digest="cd" * 32))),
        "merge_other_bundle",
        "cdcdcdcdcdcd",
    ),
    "another operating point": (
        rescored(make_scorer=partial(HashScorer, operating_point="recall")),
        "merge_other_bundle",
        "recall",
    ),
    "other options": (rescored(evidence=False), "merge_other_config", "evidence"),
    "other columns": (
        rescored(overrides=Overrides(account_col="username")),
        "merge_other_config",
        "account_col",
    ),
    "other blocks": (rescored(rows_per_part=21), "merge_other_config", "rows_per_part"),
    "a roster more": (
        rescored(rosters=Rosters.load([EXAMPLES / "peserta.toml"])),
        "merge_other_config",
        "rosters",
    ),
    "unfinished": (
        altered(rewritten("manifest.json", state="interrupted")),
        "merge_unfinished",
        "bagian-2",
    ),
    "a bit flipped": (altered(flipped), "merge_damaged", "00001.parquet"),
    "a part gone": (
        altered(lambda f: (f / "parts/00001.parquet").unlink()),
        "merge_damaged",
        "00001",
    ),
    "the last part gone": (altered(last_gone), "merge_damaged", "bagian-2"),
    "a marker torn": (
        altered(lambda f: (f / "parts/00000.done.json").write_text("{")),
        "merge_damaged",
        "00000",
    ),
    "a manifest that lies": (
        altered(rewritten("manifest.json", shard={"number": 2, "of": 3, "inputs_sha256": "x"})),
        "merge_damaged",
        "manifest.json",
    ),
    "a manifest without its shard": (
        altered(rewritten("manifest.json", shard=7)),
        "run_manifest_damaged",
        "bagian-2",
    ),
    "no run": (lambda s, _, room: [*s, room], "run_not_a_run", "manifest.json"),
}


@pytest.mark.parametrize("name", HARMS)
def test_shards_that_do_not_fit_are_refused_and_nothing_is_written(
    tmp_path: Path, name: str
) -> None:
    harm, code, words = HARMS[name]
    inputs = exports(tmp_path / "ekspor")
    (tmp_path / "kosong").mkdir()
    shards = harm(in_shards(inputs, tmp_path, 3), tmp_path / "ekspor", tmp_path / "kosong")
    with pytest.raises(RunError) as error:
        merge_runs(shards, out=tmp_path / "gabung")
    assert error.value.code == code
    assert words in error.value.render("id")
    assert words in error.value.render("en")
    assert not (tmp_path / "gabung/scored.csv").exists()


def test_a_whole_run_is_no_shard(tmp_path: Path, whole: tuple[list[Path], Path]) -> None:
    with pytest.raises(RunError) as error:
        merge_runs([whole[1]], out=tmp_path / "gabung")
    assert error.value.code == "merge_not_a_shard"
    with pytest.raises(UsageError):
        merge_runs([], out=tmp_path / "gabung")


def test_a_merge_does_not_write_into_one_of_its_shards(
    tmp_path: Path, whole: tuple[list[Path], Path]
) -> None:
    shards = in_shards(whole[0], tmp_path, 2)
    before = rows_files(shards[0])
    with pytest.raises(RunError) as error:
        merge_runs(shards, out=shards[0])
    assert error.value.code == "run_other_shard"
    assert rows_files(shards[0]) == before
