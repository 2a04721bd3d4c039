"""The chains of near copies in a run: found once it is scored, kept beside its parts."""

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from netralitas_nlp.errors import RunError
from netralitas_nlp.io.durable import temporary_name, whole_file
from netralitas_nlp.labels import UNSCORED_KINDS
from netralitas_nlp.scoring.beside import COPIES, COPIES_SCHEMA
from netralitas_nlp.scoring.clusters import Chain, Clusters, Entry
from netralitas_nlp.scoring.manifest import ChainFacts
from netralitas_nlp.scoring.run import CHAINS, RunFolder
from netralitas_nlp.scoring.trouble import writing
from netralitas_nlp.text.copies import LIKENESS, LONG, LONG_LIKENESS, MIN_WORDS

CHAINS_SCHEMA: Final = pa.schema(
    [
        ("first_row", pa.string()),
        ("first_account", pa.string()),
        ("first_at", pa.string()),
        ("count", pa.int64()),
        ("accounts", pa.int64()),
        ("spread", pa.float64()),
    ]
)
_COLUMNS: Final = ("text", "row_id", "account", "posted_at", "text_kind")
_BATCH: Final = 10_000


def write_chains(run: RunFolder, *, advance: Callable[[int], None] = lambda rows: None) -> None:
    """Find the chains of a run and write them beside its parts.

    The result depends on the rows and their order alone. Memory does not grow with the rows:
    whatever does lies in a database in the run folder, some 700 bytes per row, until it is done.

    Args:
        run: A run whose rows are all scored, opened for writing.
        advance: Called with the number of rows of each batch taken in.

    Raises:
        RunError: The disk is full or read-only, or a part is damaged.
    """
    run.manifest.pop("chains", None)
    with (
        writing(run.path),
        _database_errors(run.path),
        Clusters(temporary_name(run.path / "chains.sqlite")) as clusters,
    ):
        row = 0
        for batch in run.batches(_COLUMNS):
            clusters.add(_entries(batch, row))
            row += batch.num_rows
            advance(batch.num_rows)
        clusters.settle()
        n_copies = _write(run.path / COPIES, COPIES_SCHEMA, clusters.members())
        found = (
            (c.first_row, c.first_account, c.first_at, c.count, c.accounts, c.spread)
            for c in clusters.chains()
        )
        n_chains = _write(run.path / CHAINS, CHAINS_SCHEMA, found)
    facts: ChainFacts = {
        "chains": n_chains,
        "posts": n_copies,
        "min_words": MIN_WORDS,
        "likeness": LIKENESS,
        "long": LONG,
        "long_likeness": LONG_LIKENESS,
        "sha256": _digest(run.path),
    }
    run.manifest["chains"] = facts


def are_sound(run: RunFolder) -> bool:
    """Return whether the chains of a run are there, as they were written."""
    facts = run.manifest.get("chains")
    try:
        return facts is not None and facts["sha256"] == _digest(run.path)
    except OSError:
        return False


def chain_of(run: RunFolder) -> dict[str, str]:
    """Return the chain of each post that is in one: row id to row id of the chain's first post.

    Memory grows with the posts in chains; ``run.batches([..., "chain"])`` streams the same.

    Raises:
        RunError: The file is damaged.
    """
    return {row["row_id"]: row["chain"] for row in _rows(run, COPIES)}


def chains(run: RunFolder) -> list[Chain]:
    """Return the chains of a run, longest first, then earliest first; none before it is finished.

    Raises:
        RunError: The file is damaged.
    """
    return list(each_chain(run))


def each_chain(run: RunFolder) -> Iterator[Chain]:
    """Yield what ``chains`` returns, one by one."""
    for row in _rows(run, CHAINS):
        yield Chain(**row)


def _entries(batch: pa.RecordBatch, first: int) -> Iterator[Entry]:
    columns = [batch.column(name).to_pylist() for name in _COLUMNS]
    for place, (text, name, account, posted_at, kind) in enumerate(zip(*columns, strict=True)):
        if text and kind not in UNSCORED_KINDS:
            yield Entry(first + place, name, account or "", posted_at or "", text)


def _write(path: Path, schema: pa.Schema, rows: Iterator[Sequence[Any]]) -> int:
    n = 0
    with whole_file(path) as file, pq.ParquetWriter(file, schema, compression="zstd") as writer:
        while some := list(islice(rows, _BATCH)):
            arrays = [
                pa.array(values, field.type)
                for values, field in zip(zip(*some, strict=True), schema, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            n += len(some)
    return n


def _rows(run: RunFolder, name: str) -> Iterator[dict[str, Any]]:
    if "chains" not in run.manifest:
        return
    try:
        with pq.ParquetFile(run.path / name) as file:
            for batch in file.iter_batches():
                yield from batch.to_pylist()
    except (OSError, pa.ArrowException) as error:
        raise RunError("run_part_damaged", folder=run.path.name, file=name, error=error) from None


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in (COPIES, CHAINS):
        with (folder / name).open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


@contextlib.contextmanager
def _database_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        code = "run_disk_full" if full else "run_cannot_write"
        raise RunError(code, folder=folder.name, error=error) from error
