"""How fast the desk hands out the next post when a million posts wait.

    python benchmarks/review_queue.py --posts 1000000 --out benchmarks/review_queue.md

Builds a run folder of invented posts that are all flagged or borderline, adds it to a store, and
measures what a reviewer waits for: the next post, saving three answers (on the disk), what remains,
and the context. Each order is asked after reviewers have judged, skipped and shared posts, so that
the easy case of an untouched queue is not what is measured. Every post is judged by two people,
and fifty known cases are mixed in.
"""

import argparse
import os
import platform
import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from netralitas_nlp.labels import LABELS
from netralitas_nlp.review.judging import mark_known, record
from netralitas_nlp.review.people import add_person
from netralitas_nlp.review.queue import context_of, next_post, skip
from netralitas_nlp.review.remaining import remaining
from netralitas_nlp.review.shapes import Queue
from netralitas_nlp.review.store import ReviewStore
from netralitas_nlp.schema import PART_SCHEMA
from netralitas_nlp.scoring.manifest import new_manifest
from netralitas_nlp.scoring.run import RunFolder

PART_ROWS = 50_000
PEOPLE = ("adi", "budi", "citra", "dewi")
ORDERS: tuple[Queue, ...] = ("likely", "uncertain", "random", "account")
THRESHOLDS = {label: {"flag": 0.6, "review": 0.3} for label in LABELS}


def table(first: int, n: int, chance: np.random.Generator) -> pa.Table:
    top = 0.3 + 0.7 * chance.beta(1.2, 2.0, n)
    account = chance.zipf(1.6, n) % 40_000
    rows = [
        dict.fromkeys(PART_SCHEMA.names)
        | {
            "input": "{}",
            "text": f"unggahan karangan nomor {first + i} tentang calon dan pilihan warga " * 2,
            "source_file": "karangan.csv",
            "source_row": first + i,
            "row_id": f"{first + i:016x}",
            "account": f"warga_{account[i]}",
            "posted_at": f"2024-{1 + i % 11:02d}-{1 + i % 28:02d}T08:00:00+07:00",
            "url": f"https://x.com/i/status/{first + i}",
            "text_kind": "own",
            "truncated": False,
            "score_candidate_support": float(top[i]),
            "score_hate_speech": 0.01,
            "score_hoax": 0.02,
            "labels": "candidate_support" if top[i] >= 0.6 else "",
            "decision": "flag" if top[i] >= 0.6 else "review",
            "clause": f"Luwu Utara {1 + i % 5}",
        }
        for i in range(n)
    ]
    return pa.Table.from_pylist(rows, schema=PART_SCHEMA)


def build(folder: Path, n: int) -> Path:
    chance = np.random.default_rng(0)
    manifest = new_manifest(
        inputs=[],
        config={},
        bundle={
            "name": "karangan",
            "sha256": "0" * 64,
            "operating_point": "balanced",
            "thresholds": THRESHOLDS,
        },
        versions={},
    )
    with RunFolder.create(folder, manifest) as run:
        for index, first in enumerate(range(0, n, PART_ROWS)):
            size = min(PART_ROWS, n - first)
            run.write_part(index, table(first, size, chance), first=first, stop=first + size)
        run.manifest["counts"] = run.counts()
        run.set_state("finished")
    return folder


def work(store: ReviewStore, asked: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {}

    def timed(name: str, act: Callable[[], object]) -> object:
        start = time.perf_counter()
        found = act()
        times.setdefault(name, []).append(1000 * (time.perf_counter() - start))
        return found

    no = dict.fromkeys(LABELS, "no")
    for i, (order, who) in enumerate(steps(asked)):
        below = bool(i % 2) and order != "account"
        queued = timed(
            f"next post, {order}",
            lambda o=order, w=who, b=below: next_post(store, reviewer=w, order=o, below=b),
        )
        if queued is None:
            continue
        if i % 10 == 9:
            skip(store, queued.row_id, reviewer=who)
            continue
        timed("save", lambda q=queued, w=who: record(store, q.row_id, no, reviewer=w, seconds=3.0))
        if i % 5 == 0:
            timed("what remains", lambda w=who, o=order: remaining(store, reviewer=w, order=o))
            timed("context", lambda q=queued: context_of(store, q.row_id, limit=20))
    return times


def steps(asked: int) -> Iterator[tuple[Queue, str]]:
    chance = np.random.default_rng(1)
    # One reviewer is far ahead of the others: the posts she has judged wait for a second person.
    for _ in range(asked):
        yield "likely", "adi"
    for _ in range(asked):
        for order in ORDERS:
            yield order, PEOPLE[int(chance.integers(len(PEOPLE)))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--asked", type=int, default=400, help="posts per order")
    parser.add_argument("--folder", type=Path, help="where to work; default a temporary folder")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        run = build(folder / "hasil", options.posts)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        store = ReviewStore.open(folder / "meja.db")
        start = time.perf_counter()
        store.add_run(run, audit=2 * options.asked, seed=0)
        added = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for person in PEOPLE:
            add_person(store, person, "reviewer", None)
        store.set_setting("double", 1.0, who="")
        # Known cases come up in the usual orders too.
        add_person(store, "ratu", "adjudicator", None)
        for i in range(50):
            answers = dict.fromkeys(LABELS, "no")
            mark_known(store, f"{i:016x}", answers, who="ratu", note="")
        times = work(store, options.asked)
        size = (folder / "meja.db").stat().st_size
        store.close()
    lines = [
        "# The queue of the review desk",
        "",
        "Written by `python benchmarks/review_queue.py`; its first lines say what is measured.",
        "",
        f"{options.posts:,} posts that wait, each for two people; {os.cpu_count()} cores"
        f" ({platform.machine()}), shared with other work; Python {platform.python_version()},"
        f" SQLite {sqlite3.sqlite_version}.",
        "",
        f"Adding the run took {added:.0f} s; the store holds {size / 1e6:,.0f} MB; the process"
        f" grew by {(after - before) / 1024:.0f} MB meanwhile.",
        "",
        "| act | n | p50 ms | p95 ms | largest ms |",
        "|---|---|---|---|---|",
    ]
    for act, found in times.items():
        p95 = statistics.quantiles(found, n=20)[-1]
        median = statistics.median(found)
        lines.append(f"| {act} | {len(found)} | {median:.1f} | {p95:.1f} | {max(found):.1f} |")
    text = "\n".join(lines) + "\n"
    print(text)
    if options.out:
        options.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
