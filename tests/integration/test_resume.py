"""Runs that are killed, interrupted or starved, and go on as if nothing had happened."""

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_scorer import write_csv

from netralitas_nlp.scoring.run import RunFolder

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="kill -9 and process groups are POSIX"),
]

ROWS = 400
ROWS_PER_PART = 20
DELAY = 0.002
FORMATS = ("csv", "jsonl", "parquet", "xlsx")
KILL_POINTS = 20
TESTS = Path(__file__).parents[1]


def start(
    out: Path, source: Path, *, jobs: int = 1, delay: float = DELAY, **options: Any
) -> subprocess.Popen[str]:
    paths = os.pathsep.join([str(TESTS), str(TESTS.parent / "src")])
    arguments = [out, jobs, ROWS_PER_PART, delay, ",".join(FORMATS), source]
    return subprocess.Popen(
        [sys.executable, str(TESTS / "scoring_driver.py"), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": paths},
        **options,
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, errors = process.communicate(timeout=120)
    return process.returncode, errors


def complete(out: Path, source: Path, *, jobs: int = 1) -> None:
    code, errors = finish(start(out, source, jobs=jobs, delay=0))
    assert (code, errors) == (0, "")


def views(folder: Path) -> dict[str, bytes]:
    names = [*(f"scored.{kind}" for kind in FORMATS), "rejects.jsonl"]
    return {name: (folder / name).read_bytes() for name in names}


def state(folder: Path) -> str:
    return str(json.loads((folder / "manifest.json").read_text())["state"])


def wait_for_parts(process: subprocess.Popen[str], folder: Path, least: int) -> None:
    deadline = time.monotonic() + 60
    while len(list((folder / "parts").glob("[0-9]*.done.json"))) < least:
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.005)


def children(pid: int) -> list[int]:
    place = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in place.read_text().split()] if place.exists() else []


def ended(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def wait_until(happened: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.05)
    return happened()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = write_csv(tmp_path_factory.mktemp("ekspor") / "ekspor.csv", ROWS)
    lines = path.read_text("utf-8").splitlines(keepends=True)
    # A row with too many cells: it is rejected, and a resumed run must say so as well.
    lines.insert(ROWS // 2, lines[5].rstrip() + ",lebih,dari,itu\r\n")
    path.write_text("".join(lines), "utf-8")
    return path


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, source: Path) -> tuple[Path, float]:
    """A run that nobody disturbed, and how long one takes."""
    out = tmp_path_factory.mktemp("utuh") / "hasil"
    before = time.monotonic()
    code, errors = finish(start(out, source))
    assert (code, errors) == (0, "")
    assert len((out / "rejects.jsonl").read_text().splitlines()) == 1
    return out, time.monotonic() - before


@pytest.mark.parametrize("point", range(KILL_POINTS))
def test_a_killed_run_goes_on_to_the_same_bytes(
    tmp_path: Path, source: Path, whole: tuple[Path, float], point: int
) -> None:
    undisturbed, seconds = whole
    jobs = 1 + point % 2
    process = start(tmp_path / "hasil", source, jobs=jobs)
    # One point in each twentieth of a run, anywhere within it.
    time.sleep(seconds * (point + random.random()) / KILL_POINTS)
    process.kill()
    finish(process)
    complete(tmp_path / "hasil", source, jobs=2 - point % 2)
    assert views(tmp_path / "hasil") == views(undisturbed)
    left = [f.name for f in (tmp_path / "hasil").rglob(".tmp-*")]
    assert left == []


def test_the_number_of_processes_does_not_show_in_the_result(
    tmp_path: Path, source: Path, whole: tuple[Path, float]
) -> None:
    complete(tmp_path / "hasil", source, jobs=3)
    assert views(tmp_path / "hasil") == views(whole[0])


def test_a_resumed_run_keeps_the_parts_it_has(tmp_path: Path, source: Path) -> None:
    out = tmp_path / "hasil"
    process = start(out, source)
    wait_for_parts(process, out, 4)
    process.kill()
    finish(process)
    kept = {f: f.stat().st_mtime_ns for f in (out / "parts").glob("[0-9]*.done.json")}
    assert state(out) == "running"
    complete(out, source)
    assert len(kept) >= 4
    assert {f: f.stat().st_mtime_ns for f in kept} == kept
    assert state(out) == "finished"


def test_a_part_that_was_altered_is_scored_again(
    tmp_path: Path, source: Path, whole: tuple[Path, float]
) -> None:
    out = tmp_path / "hasil"
    complete(out, source)
    part = out / "parts/00003.parquet"
    part.write_bytes(part.read_bytes()[:-20])
    (out / "scored.csv").unlink()
    complete(out, source)
    assert views(out) == views(whole[0])


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_ends_cleanly_and_the_run_can_go_on(
    tmp_path: Path, source: Path, whole: tuple[Path, float], jobs: int
) -> None:
    out = tmp_path / "hasil"
    process = start(out, source, jobs=jobs)
    wait_for_parts(process, out, 3)
    os.killpg(process.pid, signal.SIGINT)
    code, errors = finish(process)
    assert (code, errors) == (130, "")
    assert state(out) == "interrupted"
    complete(out, source)
    assert views(out) == views(whole[0])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_workers_end_when_their_parent_is_killed(tmp_path: Path, source: Path) -> None:
    out = tmp_path / "hasil"
    process = start(out, source, jobs=2, delay=0.02)
    wait_for_parts(process, out, 1)
    workers = children(process.pid)
    assert len(workers) >= 2
    process.kill()
    finish(process)
    assert wait_until(lambda: all(ended(pid) for pid in workers))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_worker_that_dies_is_named_and_the_run_goes_on_later(
    tmp_path: Path, source: Path, whole: tuple[Path, float]
) -> None:
    out = tmp_path / "hasil"
    process = start(out, source, jobs=2)
    wait_for_parts(process, out, 2)
    victim = children(process.pid)[-1]
    os.kill(victim, signal.SIGKILL)
    code, errors = finish(process)
    assert code == 1
    assert f"pid {victim}" in errors
    assert "Traceback" not in errors
    assert state(out) == "interrupted"
    complete(out, source)
    assert views(out) == views(whole[0])


@pytest.mark.parametrize("limit", [600, 9_000, 60_000])
def test_a_full_disk_keeps_what_is_done(
    tmp_path: Path, source: Path, whole: tuple[Path, float], limit: int
) -> None:
    def small_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    out = tmp_path / "hasil"
    code, errors = finish(start(out, source, delay=0, preexec_fn=small_disk))
    assert code == 1
    assert errors.startswith("run_disk_full")
    assert "Traceback" not in errors
    assert [f.name for f in out.rglob(".tmp-*")] == []
    if limit == 60_000:
        assert len(RunFolder.open(out).parts) == -(-(ROWS + 1) // ROWS_PER_PART)
    complete(out, source)
    assert views(out) == views(whole[0])


def places_nobody_writes_to(tmp_path: Path) -> Iterator[Path]:
    locked = tmp_path / "terkunci"
    locked.mkdir(mode=0o500)
    if os.geteuid() != 0:
        yield locked / "hasil"
    if Path("/sys/kernel").is_dir():
        yield Path("/sys/hasil")


def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path, source: Path) -> None:
    places = list(places_nobody_writes_to(tmp_path))
    assert places
    for place in places:
        code, errors = finish(start(place, source, delay=0))
        assert code == 1
        assert errors.startswith("run_read_only")
        assert "Traceback" not in errors


def test_two_runs_at_once_in_one_folder_are_refused(tmp_path: Path, source: Path) -> None:
    out = tmp_path / "hasil"
    first = start(out, source, delay=0.02)
    wait_for_parts(first, out, 1)
    code, errors = finish(start(out, source))
    first.kill()
    finish(first)
    assert code == 1
    assert errors.startswith("run_in_use")
