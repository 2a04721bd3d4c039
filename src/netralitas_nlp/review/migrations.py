"""The form of the store, version by version: small steps up, and back down again."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from netralitas_nlp.claims.match import THRESHOLD
from netralitas_nlp.review.copies import keep_chains, let_raised_stand_first, part_by_letters

Step = Callable[[sqlite3.Connection], None]


@dataclass(frozen=True, slots=True)
class Migration:
    """One step. ``down`` undoes ``up`` and loses nothing that a person entered."""

    up: Step
    down: Step


_CORE: Final = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE runs (id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, folder TEXT NOT NULL,
      bundle TEXT NOT NULL, bundle_sha256 TEXT NOT NULL, operating_point TEXT NOT NULL,
      thresholds TEXT NOT NULL, added_at TEXT NOT NULL, facts TEXT NOT NULL)""",
    """CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
      key TEXT NOT NULL UNIQUE, waiting INTEGER NOT NULL DEFAULT 0)""",
    # state: -1 never judged (unscored), 0 waits, 1 waits for a second person, 2 conflict, 3 decided
    """CREATE TABLE posts (id INTEGER PRIMARY KEY, row_id TEXT NOT NULL UNIQUE,
      run INTEGER NOT NULL REFERENCES runs (id), account INTEGER REFERENCES accounts (id),
      head INTEGER NOT NULL, copy INTEGER NOT NULL, state INTEGER NOT NULL,
      first_by TEXT NOT NULL DEFAULT '', outcome INTEGER, decided_at TEXT,
      raised INTEGER NOT NULL, likely REAL, doubt REAL, top REAL,
      scores TEXT, labels TEXT NOT NULL, decision TEXT, text_kind TEXT NOT NULL,
      clause TEXT NOT NULL, stage TEXT NOT NULL, policy_version TEXT NOT NULL,
      at REAL, day TEXT, digest TEXT NOT NULL, forgotten INTEGER)""",
    """CREATE TABLE contents (post INTEGER PRIMARY KEY REFERENCES posts (id), salt BLOB NOT NULL,
      text TEXT NOT NULL, parent_text TEXT NOT NULL, url TEXT NOT NULL, posted_at TEXT NOT NULL,
      evidence TEXT NOT NULL, claim_url TEXT NOT NULL, claim_title TEXT NOT NULL,
      claim_similarity REAL, claim_stance TEXT NOT NULL)""",
    """CREATE TABLE audit (run INTEGER NOT NULL, place INTEGER NOT NULL,
      post INTEGER NOT NULL UNIQUE, stratum INTEGER NOT NULL, weight REAL NOT NULL,
      PRIMARY KEY (run, place)) WITHOUT ROWID""",
    """CREATE TABLE strata (run INTEGER NOT NULL, stratum INTEGER NOT NULL, size INTEGER NOT NULL,
      drawn INTEGER NOT NULL, low REAL NOT NULL, high REAL NOT NULL, open INTEGER NOT NULL,
      PRIMARY KEY (run, stratum)) WITHOUT ROWID""",
    """CREATE TABLE verdicts (seq INTEGER PRIMARY KEY, act INTEGER NOT NULL,
      post INTEGER NOT NULL REFERENCES posts (id), head INTEGER NOT NULL, row_id TEXT NOT NULL,
      label TEXT NOT NULL, verdict TEXT NOT NULL, reviewer TEXT NOT NULL, decided_at TEXT NOT NULL,
      bundle TEXT NOT NULL, policy_version TEXT NOT NULL, sampling_weight REAL,
      blind INTEGER NOT NULL, kind TEXT NOT NULL, previous INTEGER, seconds REAL,
      post_digest TEXT NOT NULL, note_digest TEXT NOT NULL,
      prev_hash TEXT NOT NULL, hash TEXT NOT NULL)""",
    """CREATE TABLE notes (act INTEGER PRIMARY KEY, head INTEGER NOT NULL, salt BLOB NOT NULL,
      note TEXT NOT NULL)""",
    """CREATE TABLE journal (seq INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL,
      act TEXT NOT NULL, subject TEXT NOT NULL, reason TEXT NOT NULL, verdicts INTEGER NOT NULL,
      head TEXT NOT NULL, prev_hash TEXT NOT NULL, hash TEXT NOT NULL)""",
    "CREATE TABLE tombstones (key TEXT PRIMARY KEY, entry INTEGER NOT NULL) WITHOUT ROWID",
    """CREATE TABLE people (name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT,
      created_at TEXT NOT NULL, disabled_at TEXT) WITHOUT ROWID""",
    """CREATE TABLE known (head INTEGER PRIMARY KEY, post INTEGER NOT NULL, answers TEXT NOT NULL,
      marked_by TEXT NOT NULL, marked_at TEXT NOT NULL, place REAL NOT NULL)""",
    "CREATE INDEX posts_of_account ON posts (account, at)",
    "CREATE INDEX posts_of_run ON posts (run, state, top)",
    "CREATE INDEX posts_copies ON posts (head) WHERE copy = 1",
    "CREATE INDEX posts_confirmed ON posts (run) WHERE outcome = 1",
    "CREATE INDEX verdicts_of_post ON verdicts (head)",
    "CREATE INDEX verdicts_of_reviewer ON verdicts (reviewer, seq)",
    "CREATE INDEX notes_of_post ON notes (head)",
    *(
        f"CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table}"
        " BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        for table in ("verdicts", "journal")
        for act in ("UPDATE", "DELETE")
    ),
)

_WORK: Final = (
    # What a reviewer holds and has put off: passing states that may be lost.
    """CREATE TABLE leases (reviewer TEXT PRIMARY KEY, head INTEGER NOT NULL, post INTEGER NOT NULL,
      known INTEGER NOT NULL, until REAL NOT NULL) WITHOUT ROWID""",
    "CREATE INDEX leases_of_post ON leases (head)",
    """CREATE TABLE skips (reviewer TEXT NOT NULL, head INTEGER NOT NULL, at REAL NOT NULL,
      PRIMARY KEY (reviewer, head)) WITHOUT ROWID""",
)
_WORK_DOWN: Final = ("DROP TABLE leases", "DROP TABLE skips")

_QUEUES: Final = (
    # A post leaves the part of the index that is searched once it is judged.
    "CREATE INDEX queue_likely ON posts (state, first_by, raised, likely DESC) WHERE copy = 0",
    "CREATE INDEX queue_doubt ON posts (state, first_by, raised, doubt) WHERE copy = 0",
    "CREATE INDEX queue_account ON posts (account, state, likely DESC) WHERE raised = 1",
    "CREATE INDEX accounts_waiting ON accounts (waiting)",
    """CREATE TABLE tally (state INTEGER NOT NULL, first_by TEXT NOT NULL, raised INTEGER NOT NULL,
      n INTEGER NOT NULL, PRIMARY KEY (state, first_by, raised)) WITHOUT ROWID""",
    """CREATE TRIGGER posts_tally AFTER UPDATE OF state, first_by ON posts
      WHEN NEW.copy = 0 AND (OLD.state <> NEW.state OR OLD.first_by <> NEW.first_by) BEGIN
        UPDATE tally SET n = n - 1
          WHERE state = OLD.state AND first_by = OLD.first_by AND raised = OLD.raised;
        INSERT INTO tally VALUES (NEW.state, NEW.first_by, NEW.raised, 1)
          ON CONFLICT DO UPDATE SET n = n + 1;
      END""",
    """CREATE TRIGGER posts_waiting AFTER UPDATE OF state ON posts
      WHEN NEW.raised = 1 AND NEW.account IS NOT NULL
        AND (OLD.state IN (0, 1)) <> (NEW.state IN (0, 1)) BEGIN
        UPDATE accounts SET waiting = waiting - (OLD.state IN (0, 1)) + (NEW.state IN (0, 1))
          WHERE id = NEW.account;
      END""",
    """CREATE TRIGGER posts_open AFTER UPDATE OF state ON posts
      WHEN (OLD.state = 3) <> (NEW.state = 3) BEGIN
        UPDATE strata SET open = open + (OLD.state = 3) - (NEW.state = 3)
          WHERE run = NEW.run AND low <= NEW.top AND NEW.top < high;
      END""",
)
_QUEUES_DOWN: Final = (
    "DROP TRIGGER posts_open",
    "DROP TRIGGER posts_waiting",
    "DROP TRIGGER posts_tally",
    "DROP TABLE tally",
    "DROP INDEX accounts_waiting",
    "DROP INDEX queue_account",
    "DROP INDEX queue_doubt",
    "DROP INDEX queue_likely",
)

_CHECKS: Final = (
    # What the checker found. Posts that came before have none: of them nothing more is said.
    "ALTER TABLE contents ADD COLUMN claim_verdict TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE contents ADD COLUMN claim_date TEXT NOT NULL DEFAULT ''",
    f"ALTER TABLE runs ADD COLUMN claim_threshold REAL NOT NULL DEFAULT {THRESHOLD}",
)
_CHECKS_DOWN: Final = (
    "ALTER TABLE runs DROP COLUMN claim_threshold",
    "ALTER TABLE contents DROP COLUMN claim_date",
    "ALTER TABLE contents DROP COLUMN claim_verdict",
)

_ROSTERS: Final = ("ALTER TABLE runs ADD COLUMN rosters TEXT NOT NULL DEFAULT '[]'",)
_ROSTERS_DOWN: Final = ("ALTER TABLE runs DROP COLUMN rosters",)

_CHAINS: Final = (
    "ALTER TABLE posts ADD COLUMN chain INTEGER",
    "CREATE INDEX posts_chain ON posts (chain) WHERE chain IS NOT NULL",
)
_CHAINS_DOWN: Final = ("DROP INDEX posts_chain", "ALTER TABLE posts DROP COLUMN chain")


def recount(base: sqlite3.Connection) -> None:
    """Fill what the triggers keep up to date, after rows were added in bulk."""
    base.execute("DELETE FROM tally")
    base.execute(
        "INSERT INTO tally SELECT state, first_by, raised, count(*) FROM posts WHERE copy = 0"
        " GROUP BY state, first_by, raised"
    )
    base.execute(
        "UPDATE accounts SET waiting = (SELECT count(*) FROM posts WHERE account = accounts.id"
        " AND raised = 1 AND state IN (0, 1))"
    )
    base.execute(
        "UPDATE strata SET open = (SELECT count(*) FROM posts WHERE run = strata.run"
        " AND state IN (0, 1, 2) AND top >= low AND top < high)"
    )


def _all(statements: Sequence[str]) -> Step:
    def step(base: sqlite3.Connection) -> None:
        for statement in statements:
            base.execute(statement)

    return step


def _queues_up(base: sqlite3.Connection) -> None:
    _all(_QUEUES)(base)
    recount(base)


def _rosters_up(base: sqlite3.Connection) -> None:
    _all(_ROSTERS)(base)
    # Older desks never queued a flagged copy of a post that was not flagged.
    let_raised_stand_first(base)
    recount(base)


def _chains_up(base: sqlite3.Connection) -> None:
    _all(_CHAINS)(base)
    keep_chains(base)
    # Older desks held near copies with other letters for judged, and recorded nothing of them.
    part_by_letters(base)
    let_raised_stand_first(base)
    recount(base)


MIGRATIONS: Final[tuple[Migration, ...]] = (
    Migration(_all(_CORE), _all(())),
    Migration(_all(_WORK), _all(_WORK_DOWN)),
    Migration(_queues_up, _all(_QUEUES_DOWN)),
    Migration(_all(_CHECKS), _all(_CHECKS_DOWN)),
    Migration(_rosters_up, _all(_ROSTERS_DOWN)),
    Migration(_chains_up, _all(_CHAINS_DOWN)),
)
"""Step ``i`` leads to version ``i + 1``. The first one cannot be undone: it holds the verdicts."""

LATEST: Final = len(MIGRATIONS)
OLDEST: Final = 1


def migrate(base: sqlite3.Connection, *, to: int = LATEST) -> None:
    """Bring an open store to a version, inside the transaction of the caller.

    Args:
        base: A connection in a write transaction.
        to: ``OLDEST`` to ``LATEST``.
    """
    version = base.execute("PRAGMA user_version").fetchone()[0]
    while version < to:
        MIGRATIONS[version].up(base)
        version += 1
    while version > to:
        version -= 1
        MIGRATIONS[version].down(base)
    base.execute(f"PRAGMA user_version = {version:d}")
