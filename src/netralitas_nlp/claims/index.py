"""The claims in one SQLite file, with what finds them by their words and trigrams."""

import contextlib
import hashlib
import math
import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Self
from urllib.parse import quote

from netralitas_nlp.claims.files import Claim, Skipped, read_claims
from netralitas_nlp.claims.postings import SCHEMA as _POSTINGS
from netralitas_nlp.claims.postings import Postings, write_postings
from netralitas_nlp.claims.words import COMMON, bare_title, trigrams, words
from netralitas_nlp.errors import InputError
from netralitas_nlp.io.durable import PRIVATE_FILE, sync_folder, temporary_name
from netralitas_nlp.text.dedup import letters_key

SCHEMA_VERSION: Final = 2
APPLICATION_ID: Final = 0x4E_54_52_4C
"""Marks our files among those of SQLite: the letters NTRL."""

Kind = Literal["words", "grams"]

COMMON_WEIGHT: Final = 0.1
"""How much a function word counts beside a rare word."""

NOTE_WORDS: Final = 120
"""Words of the checker's explanation that are indexed: the first ones name the claim."""

_MAGIC: Final = b"SQLite format 3\0"
_SCHEMA: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE claims (id INTEGER PRIMARY KEY, title TEXT NOT NULL, verdict TEXT NOT NULL,
  date TEXT NOT NULL, url TEXT NOT NULL, title_words TEXT NOT NULL, text_words TEXT NOT NULL);
CREATE TABLE terms (kind TEXT NOT NULL, term TEXT NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY (kind, term)) WITHOUT ROWID;
"""
_OURS: Final = "SELECT count(*) FROM sqlite_master WHERE type NOT IN ('table', 'index')"


@dataclass(frozen=True, slots=True)
class Built:
    """What became of the lists.

    Attributes:
        n_claims: Claims in the index.
        n_copies: Claims left out because they say the same as another one.
        skipped: Rows that are no claim.
        digest: SHA-256 of the claims; the same claims give the same digest in any order.
    """

    n_claims: int
    n_copies: int
    skipped: tuple[Skipped, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A claim of the index.

    Attributes:
        id: Its number.
        title: As the list has it; ``verdict``, ``date`` and ``url`` likewise.
        title_words: Its folded words; ``text_words``: those of what circulated.
    """

    id: int
    title: str
    verdict: str
    date: str
    url: str
    title_words: str
    text_words: str


def build_index(files: Sequence[Path], out: Path) -> Built:
    """Write the index of some lists. The same claims give the same bytes, in any order.

    Args:
        files: Lists as ``read_claims`` takes them.
        out: The index; an older one is replaced once the new one is complete.

    Raises:
        InputError: A list is refused, holds no claim, or the index cannot be written.
    """
    claims: set[Claim] = set()
    skipped: list[Skipped] = []
    n_rows = 0
    for file in files:
        for row in read_claims(file):
            if isinstance(row, Skipped):
                skipped.append(row)
            else:
                n_rows += 1
                claims.add(row)
    return write_index(claims, out, n_rows=n_rows, skipped=skipped)


def write_index(
    claims: Iterable[Claim],
    out: Path,
    *,
    n_rows: int | None = None,
    skipped: Sequence[Skipped] = (),
) -> Built:
    """Write the index of claims in memory.

    Args:
        claims: What goes in; copies of one another are kept once.
        out: The index.
        n_rows: How many claims were read; without it, as many as are given.
        skipped: Rows that were read and are no claim.

    Raises:
        InputError: There is no claim, or the index cannot be written.
    """
    given = sorted(claims)
    # What is judged alike and reads alike is one claim; the one with a link and a date is kept.
    given.sort(key=lambda claim: (not claim.url, not claim.date, not claim.note))
    kept: dict[tuple[str, str, str], Claim] = {}
    for claim in given:
        key = (letters_key(bare_title(claim.title)), letters_key(claim.text), claim.verdict)
        if words(bare_title(claim.title)) or words(claim.text):
            kept.setdefault(key, claim)
    chosen = sorted(kept.values())
    if not chosen:
        raise InputError("claims_none")
    digest = hashlib.sha256("\x1e".join(map(repr, chosen)).encode()).hexdigest()
    temporary = temporary_name(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE_FILE))
        _write(chosen, temporary, digest)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(out)
        sync_folder(out.parent)
    except OSError as error:
        raise InputError("claims_unwritable", file=out, reason=error.strerror) from None
    except sqlite3.Error as error:
        raise InputError("claims_unwritable", file=out, reason=error) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()
    n_copies = (len(given) if n_rows is None else n_rows) - len(chosen)
    return Built(len(chosen), n_copies, tuple(skipped), digest)


def _write(claims: Sequence[Claim], path: Path, digest: str) -> None:
    counts: dict[Kind, Counter[str]] = {"words": Counter(), "grams": Counter()}
    fields: dict[str, list[str]] = {"title": [], "text": [], "note": []}
    with contextlib.closing(sqlite3.connect(path)) as base, base:
        base.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA page_size = 4096;"
            f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION};"
            + _SCHEMA
            + _POSTINGS
        )
        for number, claim in enumerate(claims, start=1):
            title, text = words(bare_title(claim.title)), words(claim.text)
            joined = (" ".join(title), " ".join(text))
            counts["words"].update({*title, *text})
            counts["grams"].update(trigrams(joined[0]) | trigrams(joined[1]))
            note = " ".join(words(claim.note)[:NOTE_WORDS])
            for field, found in zip(fields.values(), (*joined, note), strict=True):
                field.append(found)
            base.execute(
                "INSERT INTO claims VALUES (?, ?, ?, ?, ?, ?, ?)",
                (number, claim.title, claim.verdict, claim.date, claim.url, *joined),
            )
        for kind, count in counts.items():
            rows = ((kind, term, n) for term, n in sorted(count.items()))
            base.executemany("INSERT INTO terms VALUES (?, ?, ?)", rows)
        write_postings(base, fields)
        meta = {"n_claims": str(len(claims)), "digest": digest}
        base.executemany("INSERT INTO meta VALUES (?, ?)", sorted(meta.items()))


class ClaimIndex:
    """An index, opened for reading alone. One process and one thread at a time.

    Args:
        path: What ``build_index`` wrote.

    Raises:
        InputError: The file is missing, another program's, of another version, or damaged.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._base = _opened(self.path)
        with self._refusals():
            meta = dict(self._base.execute("SELECT key, value FROM meta"))
            self.digest = str(meta["digest"])
            self.n_claims = int(meta["n_claims"])
            self._counts: dict[str, dict[str, int]] = {"words": {}, "grams": {}}
            for kind, term, n in self._base.execute("SELECT kind, term, n FROM terms"):
                self._counts[kind][term] = int(n)
        if self.n_claims < 1:
            raise InputError("claims_empty", file=self.path)
        self._postings = Postings(self._base, self.n_claims)
        self._rarest = _idf(1, self.n_claims)

    def candidates(self, joined: str, *, limit: int) -> list[tuple[int, float]]:
        """Return the claims nearest to some folded words as (number, score), best first.

        Args:
            joined: Folded words joined by spaces.
            limit: How many at most.
        """
        with self._refusals():
            return self._postings.best(joined, limit=limit)

    def entries(self, numbers: Sequence[int]) -> list[Entry]:
        """Return claims by their numbers, in that order."""
        places = ",".join("?" * len(numbers))
        query = (
            "SELECT id, title, verdict, date, url, title_words, text_words "  # noqa: S608
            f"FROM claims WHERE id IN ({places})"  # only question marks
        )
        with self._refusals():
            found = {row[0]: Entry(*row) for row in self._base.execute(query, list(numbers))}
            return [found[number] for number in numbers]

    def weight(self, term: str, *, kind: Kind) -> float:
        """Return how much a word or trigram says, from 0 (in every claim) to 1 (in one or none)."""
        n = max(1, self._counts[kind].get(term, 0))
        share = min(1.0, _idf(n, self.n_claims) / self._rarest)
        return share * COMMON_WEIGHT if kind == "words" and term in COMMON else share

    def close(self) -> None:
        """Give the file back."""
        self._base.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, KeyError, ValueError, TypeError, IndexError):
            raise InputError("claims_damaged", file=self.path) from None


def _idf(n: int, of: int) -> float:
    return math.log(1 + (of - n + 0.5) / (n + 0.5)) if n <= of else 0.0


def _opened(path: Path) -> sqlite3.Connection:
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
    except OSError as error:
        raise InputError("claims_unreadable", file=path, reason=error.strerror) from None
    if not magic:
        raise InputError("claims_empty", file=path)
    if magic != _MAGIC:
        raise InputError("claims_foreign", file=path)
    base = None
    try:
        # Nothing is written beside the file either, so that it may lie on a read-only disk.
        address = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
        base = sqlite3.connect(address, uri=True, check_same_thread=False)
        base.execute("PRAGMA trusted_schema = OFF")
        ours = base.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        if not ours or base.execute(_OURS).fetchone()[0]:
            raise InputError("claims_foreign", file=path)
        version = base.execute("PRAGMA user_version").fetchone()[0]
        if version != SCHEMA_VERSION:
            raise InputError("claims_version", file=path, seen=version, wanted=SCHEMA_VERSION)
        if base.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise InputError("claims_damaged", file=path)
    except BaseException as error:
        if base is not None:
            base.close()
        if isinstance(error, sqlite3.Error):
            raise InputError("claims_damaged", file=path) from None
        raise
    return base
