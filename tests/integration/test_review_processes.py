"""Several people at once, and a process killed in the middle of saving: nothing is lost."""

import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from review_desk import NO, YES, desk, posts, rid

from netralitas_nlp.review.chain import check
from netralitas_nlp.review.judging import record, verdicts_of
from netralitas_nlp.review.overview import overview
from netralitas_nlp.review.store import ReviewStore

WORKER = Path(__file__).parents[1] / "review_worker.py"


def worker(path: Path, name: str, most: int = 10_000) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(WORKER), str(path), name, str(most)],
        stdout=subprocess.PIPE,
        text=True,
    )


def answers_in(output: str) -> list[tuple[str, int, str]]:
    """Return what a worker said was saved; a line cut off by a kill counts for nothing."""
    whole = [line.split() for line in output.split("\n")[:-1]]
    return [(line[0], int(line[1]), line[2]) for line in whole if len(line) == 3]


def test_two_processes_that_save_at_once_lose_nothing(tmp_path: Path) -> None:
    desk(tmp_path, posts(120), double=1.0).close()
    path = tmp_path / "meja.db"
    started = [worker(path, name) for name in ("adi", "budi")]
    outputs = [process.communicate(timeout=240)[0] for process in started]
    assert [process.returncode for process in started] == [0, 0]
    said = [answer for output in outputs for answer in answers_in(output)]
    assert len(said) == 240
    with ReviewStore.open(path) as store:
        report = check(store)
        assert report.ok
        assert report.verdicts == 3 * 240
        assert overview(store).total.decided == 120
        hashes = {v.hash for i in range(120) for v in verdicts_of(store, rid(i))}
    assert {hashed for _, _, hashed in said} <= hashes


def test_threads_share_a_store(tmp_path: Path) -> None:
    with desk(tmp_path, posts(40)) as store:

        def judge(name: str, answers: object) -> None:
            for i in range(20):
                record(store, rid(i), answers, reviewer=name)  # type: ignore[arg-type]

        threads = [
            threading.Thread(target=judge, args=args) for args in (("adi", YES), ("budi", NO))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert check(store).ok
        assert check(store).verdicts == 120
        assert overview(store).total.conflict == 20


@pytest.mark.parametrize("seed", range(4))
def test_a_killed_process_loses_at_most_the_answer_in_flight(tmp_path: Path, seed: int) -> None:
    desk(tmp_path, posts(400)).close()
    path = tmp_path / "meja.db"
    process = worker(path, "adi")
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(random.Random(seed).uniform(0.05, 1.0))
    process.send_signal(signal.SIGKILL)
    said = answers_in(process.stdout.read())
    process.wait()
    with ReviewStore.open(path) as store:
        report = check(store)
        assert report.ok
        assert report.verdicts % 3 == 0, "a judgement is kept whole or not at all"
        # The last answer may have been saved in the moment between disk and word.
        assert len(said) <= report.verdicts // 3 <= len(said) + 1
        for row_id, seq, hashed in said:
            assert (seq, hashed) in {(v.seq, v.hash) for v in verdicts_of(store, row_id)}
        record(store, rid(399), NO, reviewer="budi")
        assert check(store).ok


def test_a_run_whose_adding_was_killed_leaves_nothing_half(tmp_path: Path) -> None:
    with desk(tmp_path, posts(3)) as store:
        before = store.runs()
    from report_run import make_run, post

    big = make_run(
        tmp_path / "besar", [post(f"t{i}", (0.9, 0, 0), row_id=rid(1000 + i)) for i in range(9000)]
    )
    code = (
        "import os, signal, sys\n"
        "from netralitas_nlp.review.store import ReviewStore\n"
        "kill = lambda done, of: done > 4000 and os.kill(os.getpid(), signal.SIGKILL)\n"
        "ReviewStore.open(sys.argv[1]).add_run(sys.argv[2], progress=kill)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code, tmp_path / "meja.db", big])
    assert ended.returncode == -signal.SIGKILL
    with ReviewStore.open(tmp_path / "meja.db") as store:
        assert store.runs() == before
        assert check(store).ok
        assert store.add_run(big).rows == 9000
