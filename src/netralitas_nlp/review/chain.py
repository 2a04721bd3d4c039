"""The proof of a store: both chains walked, and the posts compared with what the chain says."""

import sqlite3
from dataclasses import dataclass
from typing import Final

from netralitas_nlp.errors import ReviewError
from netralitas_nlp.review.intake import CONTENT, content_digest
from netralitas_nlp.review.links import ENTRY_FIELDS, START, VERDICT_FIELDS, link, salted
from netralitas_nlp.review.standing import judged_twice, standing_of, state_of
from netralitas_nlp.review.store import ReviewStore

Bad = tuple[int | None, str]


@dataclass(frozen=True, slots=True)
class ChainReport:
    """Whether a store is whole.

    Attributes:
        ok: Nothing was found.
        verdicts: Rows of the verdict chain that fit.
        entries: Entries of the log that fit.
        first_bad: ``seq`` of the first verdict, or entry of the log, that does not fit; ``None``
            where all do or the fault lies elsewhere.
        what: Code of what is wrong there (``verdict_hash``, ``verdict_gap``, ``log_hash``,
            ``log_gap``, ``log_head``: verdicts were cut off, ``post_altered``, ``note_altered``,
            ``forgotten_unlogged``, ``state``, ``file``); empty where nothing is.
        head: Hash of the last verdict; written down elsewhere it shows a chain that was cut.
        log_head: Hash of the last entry of the log.
    """

    ok: bool
    verdicts: int
    entries: int
    first_bad: int | None
    what: str
    head: str
    log_head: str


def check(store: ReviewStore) -> ChainReport:
    """Walk both chains and compare the posts with what the chain says of them.

    Whoever can write the file could make a new chain that fits; hashes noted elsewhere (every
    export of the log, a printed ``head``) are what it is then measured against.
    """
    verdicts = entries = 0
    head = log_head = START
    bad: Bad | None = None
    try:
        with store.base.read() as base:
            verdicts, head, bad = _walk(base, "verdicts")
            entries, log_head, log_bad = _walk(base, "journal")
            steps = (_heads, _posts, _notes, _forgotten)
            bad = bad or log_bad
            for step in steps:
                bad = bad or step(base)
            bad = bad or _states(base, store) or _pages(base)
    except ReviewError as error:
        if error.code != "review_damaged":
            raise
        bad = (None, "file")
    return ChainReport(
        ok=bad is None,
        verdicts=verdicts,
        entries=entries,
        first_bad=bad[0] if bad else None,
        what=bad[1] if bad else "",
        head=head,
        log_head=log_head,
    )


_CHAINS: Final = {
    "verdicts": (VERDICT_FIELDS, "verdict"),
    "journal": (ENTRY_FIELDS, "log"),
}


def _walk(base: sqlite3.Connection, table: str) -> tuple[int, str, Bad | None]:
    """Return the number of rows that fit, the hash of the last of them, and the first that not."""
    fields, name = _CHAINS[table]
    columns = ", ".join((*fields, "prev_hash", "hash"))
    last, prev_hash = 0, START
    query = f"SELECT {columns} FROM {table} ORDER BY seq"  # noqa: S608 - our own names
    for values in base.execute(query):
        row = dict(zip((*fields, "prev_hash", "hash"), values, strict=True))
        if "blind" in row:
            row["blind"] = bool(row["blind"])
        if row["seq"] != last + 1:
            return last, prev_hash, (last + 1, f"{name}_gap")
        if row["prev_hash"] != prev_hash or row["hash"] != link(prev_hash, fields, row):
            return last, prev_hash, (row["seq"], f"{name}_hash")
        last, prev_hash = row["seq"], row["hash"]
    return last, prev_hash, None


def _heads(base: sqlite3.Connection) -> Bad | None:
    """Compare what each entry of the log says of the chain of verdicts with that chain."""
    row = base.execute(
        "SELECT j.seq FROM journal j LEFT JOIN verdicts v ON v.seq = j.verdicts"
        " WHERE j.verdicts > 0 AND (v.hash IS NULL OR v.hash <> j.head) ORDER BY j.seq LIMIT 1"
    ).fetchone()
    return (int(row[0]), "log_head") if row else None


def _posts(base: sqlite3.Connection) -> Bad | None:
    """Compare the words that were judged with the digests in the chain."""
    columns = ", ".join(f"c.{name}" for name in CONTENT)
    query = (
        "SELECT min(v.seq), v.post_digest, p.digest, c.salt, "  # noqa: S608 - our own names
        f"{columns} FROM verdicts v JOIN posts p ON p.id = v.post"
        " LEFT JOIN contents c ON c.post = v.post GROUP BY v.post, v.post_digest ORDER BY 1"
    )
    for seq, in_chain, in_store, salt, *words in base.execute(query):
        if in_chain != in_store:
            return int(seq), "post_altered"
        content = dict(zip(CONTENT, words, strict=True))
        if salt is not None and content_digest(salt, content) != in_chain:
            return int(seq), "post_altered"
    wrong = base.execute(
        "SELECT min(v.seq) FROM verdicts v JOIN posts p ON p.id = v.post"
        " WHERE v.row_id <> p.row_id OR (v.head <> p.head AND p.forgotten IS NULL)"
    ).fetchone()[0]
    return None if wrong is None else (int(wrong), "post_altered")


def _notes(base: sqlite3.Connection) -> Bad | None:
    query = (
        "SELECT v.seq, v.note_digest, n.salt, n.note, (SELECT count(*) FROM posts p WHERE"
        " p.forgotten IS NOT NULL AND (p.id = v.head OR p.head = v.head)) FROM verdicts v"
        " LEFT JOIN notes n ON n.act = v.act WHERE v.note_digest <> '' ORDER BY v.seq"
    )
    for seq, digest, salt, note, forgotten in base.execute(query):
        if salt is None and forgotten:
            continue
        if salt is None or salted(salt, note) != digest:
            return int(seq), "note_altered"
    return None


def _forgotten(base: sqlite3.Connection) -> Bad | None:
    """Every post without words needs an act in the log that took them away."""
    row = base.execute(
        "SELECT p.id FROM posts p LEFT JOIN contents c ON c.post = p.id LEFT JOIN journal j"
        " ON j.seq = p.forgotten AND j.act IN ('forget', 'retention')"
        " WHERE (c.post IS NULL) <> (j.seq IS NOT NULL) LIMIT 1"
    ).fetchone()
    return (None, "forgotten_unlogged") if row else None


def _states(base: sqlite3.Connection, store: ReviewStore) -> Bad | None:
    """Compare the state of every judged post with its answers, and of the others with none."""
    key, share = store.key, store.setting("double")
    heads = base.execute("SELECT head, min(seq) FROM verdicts GROUP BY head ORDER BY 2").fetchall()
    for head, seq in heads:
        row_id, state, forgotten = base.execute(
            "SELECT row_id, state, forgotten FROM posts WHERE id = ?", (head,)
        ).fetchone()
        standing = standing_of(base, head)
        # The share may have changed since: either answer to "twice" is a state it can be in.
        twice = judged_twice(row_id, key, share)
        allowed = {state_of(standing, twice=way)[0] for way in (twice, True, False)}
        if forgotten is None and state not in allowed:
            return int(seq), "state"
    idle = base.execute(
        "SELECT 1 FROM posts p WHERE p.state IN (1, 2, 3) AND p.copy = 0 AND NOT EXISTS"
        " (SELECT 1 FROM verdicts v WHERE v.head = p.id) LIMIT 1"
    ).fetchone()
    return (None, "state") if idle else None


def _pages(base: sqlite3.Connection) -> Bad | None:
    found = base.execute("PRAGMA integrity_check(1)").fetchone()
    return None if found and found[0] == "ok" else (None, "file")
