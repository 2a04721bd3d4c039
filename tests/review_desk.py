"""A review desk for tests: a small run of invented posts, three people."""

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from report_run import Row, make_run, post

from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.review.people import add_person
from netralitas_nlp.review.store import ReviewStore
from netralitas_nlp.verdicts import Answer

NO: Mapping[Label, Answer] = dict.fromkeys(LABELS, "no")
YES: Mapping[Label, Answer] = {**NO, "hoax": "yes"}
UNSURE: Mapping[Label, Answer] = {**NO, "hate_speech": "unsure"}
PEOPLE = {"adi": "reviewer", "budi": "reviewer", "ratu": "adjudicator", "baca": "reader"}


def rid(number: int) -> str:
    """Return the id that ``numbered`` would not give: readable in a failing test."""
    return f"{number:016x}"


def posts(n: int = 12, **values: Any) -> list[Row]:
    """Return flagged, borderline and clear posts by turns, of three accounts."""
    tops = (0.95, 0.5, 0.05)
    return [
        post(
            f"unggahan contoh nomor {i}",
            (max(tops[i % 3] - i / 1000, 0.001), 0.02, 0.03),
            account=f"warga_{i % 4}",
            url=f"https://x.com/warga_{i % 4}/status/{100 + i}",
            posted_at=f"2024-09-{1 + i % 28:02d}T08:00:00+07:00",
            clause="Luwu Utara 3" if i % 2 else None,
            row_id=rid(i),
            **values,
        )
        for i in range(n)
    ]


def desk(
    folder: Path, rows: Sequence[Row] | None = None, *, audit: int = 0, **settings: float
) -> ReviewStore:
    """Return an open store with one run and the people of ``PEOPLE``."""
    run = make_run(folder / "hasil", posts() if rows is None else rows)
    store = ReviewStore.open(folder / "meja.db")
    store.add_run(run, who="uji", audit=audit, seed=1)
    for name, role in PEOPLE.items():
        add_person(store, name, role, None, who="uji")  # type: ignore[arg-type]
    for name, value in ({"seeded": 0.0} | settings).items():
        store.set_setting(name, value, who="uji")
    return store


def raw(store: ReviewStore) -> sqlite3.Connection:
    """Return a connection that may do what the store never does."""
    base = sqlite3.connect(store.path, isolation_level=None)
    for (name,) in base.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_no_%'"
    ).fetchall():
        base.execute(f"DROP TRIGGER {name}")
    return base
