"""A finished run on its way into the store: a snapshot of its posts, and its audit sample."""

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from netralitas_nlp.accounts import whole_run
from netralitas_nlp.errors import ReviewError
from netralitas_nlp.labels import LABELS
from netralitas_nlp.pseudonyms import bare_name, pseudonym, run_key
from netralitas_nlp.report.beside import claims_threshold
from netralitas_nlp.report.levels import limits
from netralitas_nlp.report.moments import moment
from netralitas_nlp.review.audit import draw_sample, keep_sample, thresholds_of
from netralitas_nlp.review.copies import tie_copies
from netralitas_nlp.review.journal import append
from netralitas_nlp.review.links import SALT_BYTES, salted
from netralitas_nlp.review.migrations import recount
from netralitas_nlp.review.rosters import keep_rosters, roster_facts
from netralitas_nlp.review.shapes import RunFacts
from netralitas_nlp.sampling import Sample, record_sample
from netralitas_nlp.scoring.manifest import now
from netralitas_nlp.scoring.run import RunFolder

if TYPE_CHECKING:
    from netralitas_nlp.review.store import ReviewStore

Progress = Callable[[int, int], None]
Floats = NDArray[np.float64]

COLUMNS: Final = (
    "text", "parent_text", "row_id", "account", "posted_at", "url", "text_kind",
    *(f"score_{label}" for label in LABELS), "labels", "decision", "evidence", "clause", "stage",
    "policy_version", "claim_url", "claim_title", "claim_similarity", "claim_stance",
    "claim_verdict", "claim_date", "duplicate_of",
)  # fmt: skip
"""Columns of a part that the store keeps."""

BATCH_ROWS: Final = 2_000
MOST_NAMES: Final = 50_000
"""Accounts whose numbers are held in memory while a run is read."""

_TIER: Final = {"flag": 2.0, "review": 1.0, "clear": 0.0}
CONTENT: Final = (
    "text", "parent_text", "url", "posted_at", "evidence", "claim_url", "claim_title",
    "claim_stance",
)  # fmt: skip
"""What the digest of a post covers, in this order."""


def add_run(
    store: "ReviewStore",
    path: Path,
    *,
    who: str,
    audit: int,
    seed: int | None,
    progress: Progress | None,
) -> RunFacts:
    """See ``ReviewStore.add_run``."""
    run = whole_run(path)
    if run.manifest["state"] != "finished":
        raise ReviewError("review_unfinished", folder=run.path.name)
    digest = run_digest(run)
    for facts in store.runs():
        if facts.digest == digest:
            keep_rosters(store, facts.run_id, run.manifest)
            return facts
    sample = draw_sample(run, audit, seed)
    key = run_key(run.path)
    with store.base.write() as base:
        row = base.execute("SELECT facts FROM runs WHERE digest = ?", (digest,)).fetchone()
        if row:
            return RunFacts(**json.loads(row[0]), new=False)
        if not base.execute("SELECT 1 FROM runs").fetchone():
            base.execute("UPDATE meta SET value = ? WHERE key = 'key'", (key.hex(),))
        else:
            found = base.execute("SELECT value FROM meta WHERE key = 'key'").fetchone()
            key = bytes.fromhex(found[0])
        facts = _Intake(base, run, digest, key).bring(sample, progress)
        append(base, who, "add_run", f"{facts.run_id} {facts.folder}", reason=digest)
    # Otherwise the first reviewer to save would wait while the whole run moves into the file.
    store.base.empty_log()
    return facts


def run_digest(run: RunFolder) -> str:
    """Return what tells a run from every other: SHA-256 over configuration, model and parts."""
    digest = hashlib.sha256()
    for value in (run.manifest["config_sha256"], str(run.manifest["bundle"].get("sha256"))):
        digest.update(value.encode() + b"\0")
    for part in run.parts:
        facts = json.loads(part.marker.read_bytes())
        digest.update(f"{facts['part']} {facts['sha256']}\n".encode())
    return digest.hexdigest()


def content_digest(salt: bytes, content: Mapping[str, Any]) -> str:
    """Return the digest that verdicts carry of what was shown."""
    return salted(salt, *(content[name] for name in CONTENT))


@dataclass(slots=True)
class _Seen:
    rows: int = 0
    scored: int = 0
    known: int = 0
    forgotten: int = 0


class _Intake:
    """One run being read into an open write transaction."""

    def __init__(self, base: sqlite3.Connection, run: RunFolder, digest: str, key: bytes) -> None:
        self.base = base
        self.run = run
        self.digest = digest
        self.key = key
        self.thresholds = thresholds_of(run)
        self.names: dict[str, int | None] = {}
        self.seen = _Seen()
        self.forgotten = {k for (k,) in base.execute("SELECT key FROM tombstones")}
        self.first = _next(base, "posts")
        self.number = self.first
        self.id = _next(base, "runs")

    def bring(self, sample: Sample | None, progress: Progress | None) -> RunFacts:
        self._announce()
        self.base.execute("CREATE TEMP TABLE copies (post INTEGER, original TEXT)")
        total = self.run.counts()["rows"]
        done = 0
        for batch in self.run.batches(COLUMNS, batch_rows=BATCH_ROWS):
            self._add(batch)
            done += batch.num_rows
            if progress:
                progress(done, total)
        tie_copies(self.base, self.id)
        self.base.execute("DROP TABLE copies")
        n_audit = 0
        if sample is not None and not self.seen.known:
            record_sample(self.run, sample)
            n_audit = keep_sample(self.base, self.id, sample)
        recount(self.base)
        facts = self._facts(n_audit)
        kept = {k: v for k, v in asdict(facts).items() if k != "new"}
        self.base.execute(
            "UPDATE runs SET facts = ? WHERE id = ?", (json.dumps(kept), facts.run_id)
        )
        return facts

    def _announce(self) -> None:
        bundle = self.run.manifest["bundle"]
        self.base.execute(
            "INSERT INTO runs (id, digest, folder, bundle, bundle_sha256, operating_point,"
            " thresholds, added_at, facts, claim_threshold, rosters)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, '{}', ?, ?)",
            (
                self.id,
                self.digest,
                self.run.path.resolve().name,
                str(bundle.get("name") or ""),
                str(bundle.get("sha256") or ""),
                str(bundle.get("operating_point") or ""),
                json.dumps(bundle.get("thresholds") or {}),
                now(),
                claims_threshold(self.run.manifest),
                roster_facts(self.run.manifest),
            ),
        )

    def _facts(self, n_audit: int) -> RunFacts:
        waiting, copies = self.base.execute(
            "SELECT coalesce(sum(copy = 0), 0), coalesce(sum(copy = 1), 0) FROM posts"
            " WHERE run = ? AND raised = 1",
            (self.id,),
        ).fetchone()
        bundle = self.run.manifest["bundle"]
        return RunFacts(
            run_id=self.id,
            folder=self.run.path.resolve().name,
            digest=self.digest,
            bundle=str(bundle.get("name") or ""),
            operating_point=str(bundle.get("operating_point") or ""),
            rows=self.seen.rows,
            scored=self.seen.scored,
            waiting=waiting,
            audit=n_audit,
            known=self.seen.known,
            forgotten=self.seen.forgotten,
            new=True,
            copies=copies,
        )

    def _add(self, batch: pa.RecordBatch) -> None:
        columns = {name: batch[name].to_pylist() for name in COLUMNS}
        scores = _scores(batch)
        top = np.nan_to_num(scores).max(axis=1)
        doubt = self._doubt(scores)
        known = self._known(columns["row_id"])
        salts = secrets.token_bytes(SALT_BYTES * batch.num_rows)
        posts, contents, copies = [], [], []
        for i in range(batch.num_rows):
            row = {name: values[i] for name, values in columns.items()}
            if row["row_id"] in known:
                self.seen.known += 1
                continue
            known.add(row["row_id"])
            account = self._account(row["account"])
            if account is None and self._is_forgotten(row["account"]):
                self.seen.forgotten += 1
                continue
            salt = salts[SALT_BYTES * i : SALT_BYTES * (i + 1)]
            content = {name: row[name] or "" for name in CONTENT}
            posts.append(self._post(row, content, salt, account, float(top[i]), float(doubt[i])))
            contents.append(
                (
                    self.number,
                    salt,
                    *(content[name] for name in CONTENT),
                    row["claim_similarity"],
                    row["claim_verdict"] or "",
                    row["claim_date"] or "",
                )
            )
            if row["duplicate_of"] and row["decision"] is not None:
                copies.append((self.number, row["duplicate_of"]))
            self.number += 1
        self.base.executemany(_INSERT_POST, posts)
        self.base.executemany(_INSERT_CONTENT, contents)
        self.base.executemany("INSERT INTO copies VALUES (?, ?)", copies)
        self.seen.rows += len(posts)

    def _post(
        self,
        row: Mapping[str, Any],
        content: Mapping[str, str],
        salt: bytes,
        account: int | None,
        top: float,
        doubt: float,
    ) -> tuple[Any, ...]:
        decision = row["decision"]
        scored = decision is not None
        self.seen.scored += scored
        when = moment(row["posted_at"])
        scores = {label: row[f"score_{label}"] for label in LABELS} if scored else {}
        return (
            self.number,
            row["row_id"],
            self.id,
            account,
            self.number,
            0 if scored else -1,
            int(decision in ("flag", "review")),
            _TIER[decision] + top if scored else None,
            doubt if scored else None,
            top if scored else None,
            json.dumps(scores),
            row["labels"] or "",
            decision,
            row["text_kind"] or "unknown",
            row["clause"] or "",
            row["stage"] or "",
            row["policy_version"] or "",
            # A time without zone is read as Western Indonesian Time, for the order alone.
            when.at.replace(tzinfo=None).timestamp() if when else None,
            when.day.isoformat() if when else None,
            content_digest(salt, content),
        )

    def _doubt(self, scores: Floats) -> Floats:
        """Return the distance, in log-odds, to the nearest threshold that a label can reach."""
        edges = []
        for label in LABELS:
            flag, review = limits(self.thresholds, label)
            edges.append(min(flag if flag < 1 else review, 1.0))
        held = np.clip(np.nan_to_num(scores), 1e-9, 1 - 1e-9)
        ends = np.clip(np.array(edges), 1e-9, 1 - 1e-9)
        far = np.abs((np.log(held) - np.log1p(-held)) - (np.log(ends) - np.log1p(-ends)))
        return np.asarray(far.min(axis=1), dtype=np.float64)

    def _known(self, row_ids: list[str]) -> set[str]:
        marks = ",".join("?" * len(row_ids))
        query = f"SELECT row_id FROM posts WHERE row_id IN ({marks})"  # noqa: S608 - marks alone
        return {name for (name,) in self.base.execute(query, row_ids)}

    def _account(self, raw: str | None) -> int | None:
        name = bare_name(raw)
        if not name:
            return None
        if name not in self.names:
            if len(self.names) >= MOST_NAMES:
                self.names.clear()
            self.names[name] = self._account_id(name)
        return self.names[name]

    def _account_id(self, name: str) -> int | None:
        found = self.base.execute("SELECT id FROM accounts WHERE name = ?", (name,)).fetchone()
        if found:
            return int(found[0])
        key = pseudonym(name, key=self.key)
        if key in self.forgotten:
            return None
        added = self.base.execute("INSERT INTO accounts (name, key) VALUES (?, ?)", (name, key))
        return added.lastrowid

    def _is_forgotten(self, raw: str | None) -> bool:
        name = bare_name(raw)
        return bool(name) and pseudonym(name, key=self.key) in self.forgotten


def _scores(batch: pa.RecordBatch) -> Floats:
    columns = [batch[f"score_{k}"].to_numpy(zero_copy_only=False) for k in LABELS]
    return np.column_stack(columns).astype(np.float64)


def _next(base: sqlite3.Connection, table: str) -> int:
    query = {"posts": "SELECT max(id) FROM posts", "runs": "SELECT max(id) FROM runs"}[table]
    return (base.execute(query).fetchone()[0] or 0) + 1


_INSERT_POST: Final = (
    "INSERT INTO posts (id, row_id, run, account, head, copy, state, raised, likely, doubt, top,"
    " scores, labels, decision, text_kind, clause, stage, policy_version, at, day, digest)"
    " VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_CONTENT: Final = (
    "INSERT INTO contents (post, salt, text, parent_text, url, posted_at, evidence, claim_url,"
    " claim_title, claim_stance, claim_similarity, claim_verdict, claim_date)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
