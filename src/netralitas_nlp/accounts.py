"""What a run holds per account: counts of posts, so that people know what waits for review.

No score, rank or verdict of a person: the order is that of the work that waits.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from netralitas_nlp.errors import RunError
from netralitas_nlp.evaluation.metrics import clopper_pearson
from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.pseudonyms import bare_name
from netralitas_nlp.report.moments import moment
from netralitas_nlp.scoring.run import RunFolder
from netralitas_nlp.text.dedup import letters_key

COLUMNS: Final = ("text", "row_id", "account", "posted_at", "labels", "decision", "clause", "chain")
"""Columns of a part that ``gather`` reads."""

MAX_CLAUSES: Final = 12
"""Most clauses kept per account; the record of an account stays small."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account of a run.

    Attributes:
        name: As the export writes it, without a leading ``@``.
        scored: Posts with a decision.
        flag: Flagged posts that no human has decided yet.
        review: The same for the band below.
        decided: Posts of either kind that a human has decided.
        texts: Distinct texts among ``scored``; copies of one normal form count once, near
            copies of one chain (``scoring.chains``) too.
        independent_flags: Distinct texts with at least one flagged copy.
        labels: Flagged posts per label.
        first: Earliest ``posted_at`` of the scored posts, as exported; empty where unknown.
        last: Latest.
        clauses: Clauses (district and point) cited beside its posts, in order of appearance.
    """

    name: str
    scored: int
    flag: int
    review: int
    decided: int
    texts: int
    independent_flags: int
    labels: Mapping[Label, int]
    first: str
    last: str
    clauses: tuple[str, ...]

    @property
    def waiting(self) -> int:
        """Posts that wait for a human."""
        return self.flag + self.review

    @property
    def share_flagged(self) -> float:
        """Share of the distinct texts that are flagged."""
        return self.independent_flags / self.texts if self.texts else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of ``share_flagged``, exact (Clopper and Pearson, 1934).

        It treats the distinct texts as draws from what the account writes; it says nothing about
        whether the flags are right.
        """
        return _interval(self.independent_flags, self.texts)


@dataclass(frozen=True, slots=True)
class AccountList:
    """The accounts of a run, ordered by what waits for review.

    Attributes:
        accounts: Most waiting posts first; then most distinct flagged texts, then the oldest.
        scored: Scored posts of the run.
        without_account: Scored posts whose export names no author.
    """

    accounts: tuple[Account, ...]
    scored: int
    without_account: int


def whole_run(path: Path | str) -> RunFolder:
    """Open a run of which every part can be read, finished or not.

    Raises:
        RunError: No run is there, or a part of it is missing or damaged.
    """
    run = RunFolder.open(path)
    rows = run.counts()["rows"]
    short = run.manifest["state"] == "finished" and rows < run.manifest["counts"]["rows"]
    if run.damaged or short or len(run.parts) < len(run.sound):
        raise RunError("run_incomplete", folder=run.path.name)
    return run


def gather(batches: Iterable[pa.RecordBatch], *, decided: Collection[str] = ()) -> AccountList:
    """Count the posts of each account in one pass.

    Memory holds one small record per account. The texts themselves are told apart by 8-byte
    digests in a private database that SQLite keeps on the disk and removes.

    Args:
        batches: Rows in order, with at least ``COLUMNS``.
        decided: Row ids that a human has decided; they no longer wait.
    """
    records: dict[str, _Record] = {}
    scored = without = 0
    with closing(sqlite3.connect("", isolation_level=None)) as texts:
        texts.execute("CREATE TABLE text (account INTEGER, digest INTEGER, flagged INTEGER)")
        for batch in batches:
            found = []
            for row in _rows(batch):
                if row["decision"] is None:
                    continue
                scored += 1
                name = bare_name(row["account"])
                if not name:
                    without += 1
                    continue
                record = records.get(name)
                if record is None:
                    record = records[name] = _Record(len(records))
                record.add(row, decided)
                said = _digest(row["text"] or "", chain=row["chain"])
                found.append((record.number, said, row["decision"] == "flag"))
            texts.execute("BEGIN")
            texts.executemany("INSERT INTO text VALUES (?, ?, ?)", found)
            texts.execute("COMMIT")
        distinct = _distinct(texts)
        accounts = [
            record.account(name, *pair)
            for (name, record), pair in zip(records.items(), distinct, strict=True)
        ]
    accounts.sort(key=lambda a: (-a.waiting, -a.independent_flags, a.first or "~", a.name))
    return AccountList(tuple(accounts), scored, without)


@dataclass(slots=True)
class _Record:
    number: int
    scored: int = 0
    flag: int = 0
    review: int = 0
    decided: int = 0
    labels: list[int] = field(default_factory=lambda: [0] * len(LABELS))
    first: tuple[datetime, str] | None = None
    last: tuple[datetime, str] | None = None
    clauses: tuple[str, ...] = ()

    def add(self, row: Mapping[str, Any], decided: Collection[str]) -> None:
        self.scored += 1
        if row["decision"] != "clear":
            if row["row_id"] in decided:
                self.decided += 1
            elif row["decision"] == "flag":
                self.flag += 1
            else:
                self.review += 1
        if row["labels"]:
            named = row["labels"].split(";")
            self.labels = [
                n + (label in named) for label, n in zip(LABELS, self.labels, strict=True)
            ]
        if row["clause"]:
            new = [c for c in row["clause"].split(";") if c not in self.clauses]
            self.clauses = (self.clauses + tuple(new))[:MAX_CLAUSES] if new else self.clauses
        when = moment(row["posted_at"])
        if when is None:
            return
        # A time without zone is read as Western Indonesian Time, for the order alone.
        seen = (when.at.replace(tzinfo=None), row["posted_at"])
        self.first = seen if self.first is None else min(self.first, seen)
        self.last = seen if self.last is None else max(self.last, seen)

    def account(self, name: str, texts: int, flags: int) -> Account:
        return Account(
            name=name,
            scored=self.scored,
            flag=self.flag,
            review=self.review,
            decided=self.decided,
            texts=texts,
            independent_flags=flags,
            labels=dict(zip(LABELS, self.labels, strict=True)),
            first=self.first[1] if self.first else "",
            last=self.last[1] if self.last else "",
            clauses=self.clauses,
        )


def _rows(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    nothing = [None] * batch.num_rows
    columns = [
        batch[name].to_pylist() if name in batch.schema.names else nothing for name in COLUMNS
    ]
    for values in zip(*columns, strict=True):
        yield dict(zip(COLUMNS, values, strict=True))


def _digest(text: str, *, chain: str | None) -> int:
    # A text of emoji alone has no letters; it is then compared as written.
    key = f"\0{chain}" if chain else letters_key(text) or text.strip()
    raw = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(raw, "big", signed=True)


def _distinct(texts: sqlite3.Connection) -> Iterator[tuple[int, int]]:
    """Yield the number of distinct texts and of flagged ones, in the order of the records."""
    yield from texts.execute(
        "SELECT COUNT(*), SUM(flagged) FROM"
        " (SELECT account, digest, MAX(flagged) AS flagged FROM text GROUP BY account, digest)"
        " GROUP BY account ORDER BY account"
    )


@lru_cache(maxsize=20_000)
def _interval(count: int, total: int) -> tuple[float, float]:
    return clopper_pearson(count, total)
