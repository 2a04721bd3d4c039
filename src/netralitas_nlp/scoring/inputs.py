"""The inputs of a run: opened, named without the user's folders, and known by their digests."""

import contextlib
import hashlib
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from netralitas_nlp.errors import InputError, NetralitasError, UsageError, phrase
from netralitas_nlp.io.readers import is_headerless, name_of, open_export, require_text_column
from netralitas_nlp.io.remote import fetched, is_remote, parts_of
from netralitas_nlp.io.tables import ColumnMap, Overrides, Table
from netralitas_nlp.labels import Language
from netralitas_nlp.schema import Post, Reject
from netralitas_nlp.scoring.manifest import InputFacts, PartialFacts, ProblemFacts, TableFacts

STDIN: Final = "-"
STDIN_NAME: Final = "stdin"
_BLOCK: Final = 1 << 20
_PACKED: Final = (b"\x1f\x8b", b"PK\x03\x04")


@dataclass(slots=True)
class Tally:
    """What was met while reading one table; complete once its rows have all been read.

    Attributes:
        n_records: Rows and rejects.
        n_rejects: Rejects.
        n_empty_text: Rows without text.
        n_newlines: Line feeds inside texts.
        column_names: Columns in the order in which they were met, each with its first row.
    """

    n_records: int = 0
    n_rejects: int = 0
    n_empty_text: int = 0
    n_newlines: int = 0
    column_names: dict[str, int] = field(default_factory=dict)

    def count(self, item: Post | Reject) -> None:
        """Take note of a record."""
        self.n_records += 1
        if isinstance(item, Reject):
            self.n_rejects += 1
            return
        if not item.text.strip():
            self.n_empty_text += 1
        self.n_newlines += item.text.count("\n")
        if not item.fields.keys() <= self.column_names.keys():
            new = [name for name in item.fields if name not in self.column_names]
            self.column_names.update(dict.fromkeys(new, item.source_row))


@dataclass(slots=True)
class Source:
    """One input file.

    Attributes:
        path: As the readers know it.
        name: As the run knows it: no folder of the user beyond what tells two files apart.
        sha256: Digest of the bytes.
        size: Number of bytes.
        n_newlines: Number of line feeds among them, for an estimate of the rows.
        is_compressed: Whether the bytes are packed, so that line feeds tell nothing.
        tables: What the file holds.
        tallies: One per table.
        opened: Per table what was noticed on opening it: message code to count.
    """

    path: str
    name: str
    sha256: str
    size: int
    n_newlines: int
    is_compressed: bool
    tables: list[Table]
    tallies: list[Tally]
    opened: list[Counter[str]] = field(default_factory=list)

    def named(self, source_file: str) -> str:
        """Return a name from the readers with the user's folders taken off."""
        if source_file.startswith(self.path):
            return self.name + source_file[len(self.path) :]
        return source_file

    def leave_unread(self) -> None:
        """Set the counters of the tables to what was noticed on opening."""
        for table in self.tables:
            table.raw.begin_pass()

    def facts(self, *, partial: bool = False) -> InputFacts:
        """Return what the manifest says about this file.

        Args:
            partial: Whether only some of its rows were read, so that the rest is to be added.
        """
        tables = []
        for table, tally, opened in zip(self.tables, self.tallies, self.opened, strict=True):
            facts = self._table_facts(table, tally)
            if partial:
                facts["partial"] = self._partial(table, tally, opened)
            tables.append(facts)
        return {"file": self.name, "sha256": self.sha256, "bytes": self.size, "tables": tables}

    def _table_facts(self, table: Table, tally: Tally) -> TableFacts:
        raw = table.raw
        problems = raw.problems if raw.problems is table.problems else raw.problems + table.problems
        return {
            "name": self.named(name_of(raw)),
            "sheet": raw.sheet,
            "format": raw.format,
            "encoding": raw.encoding,
            "preset": table.preset,
            "columns": {role: getattr(table.columns, role) for role in ColumnMap.__slots__},
            "column_names": list(tally.column_names) or list(raw.columns),
            "column_types": _column_types(table),
            "n_records": tally.n_records,
            "n_rejects": tally.n_rejects,
            "n_empty_text": tally.n_empty_text,
            "problems": problem_facts(problems, self._values(table, problems)),
        }

    def _partial(self, table: Table, tally: Tally, opened: Counter[str]) -> PartialFacts:
        codes = {*opened, *table.raw.problems, *table.problems}
        return {
            "columns_seen": dict(tally.column_names),
            "opened": dict(opened),
            "values": self._values(table, sorted(codes)),
        }

    def _values(self, table: Table, codes: Iterable[str]) -> dict[str, dict[str, str | int]]:
        """Return what the placeholders of messages stand for, the user's folders taken off."""
        file = self.named(table.raw.file)
        return {code: {"file": file, **table.raw.values.get(code, {})} for code in codes}


@contextlib.contextmanager
def open_sources(inputs: Sequence[str | Path], *, overrides: Overrides) -> Iterator[list[Source]]:
    """Open every input and make sure that each has a column of text.

    Args:
        inputs: Paths; ``-`` is standard input, kept in a temporary file while the block runs, as is
            what lies at an address such as ``s3://ember/ekspor.csv``.
        overrides: What the user says about the columns.

    Raises:
        UsageError: No input, or the same file twice.
        InputError: One of them cannot be read.
        MissingExtraError: The packages for a store are not installed.
    """
    paths = [str(path) for path in inputs]
    if not paths:
        raise UsageError("no_input")
    _require_different(paths)
    names = display_names(paths)
    with contextlib.ExitStack() as stack:
        sources = []
        for path, name in zip(paths, names, strict=True):
            place, shown = path, path
            if path == STDIN:
                place, shown = stack.enter_context(_spooled_stdin()), name
            elif is_remote(path):
                place = str(stack.enter_context(fetched(path)))
            with _named_as(place, shown):
                sources.append(_open(place, name, overrides))
        yield sources


def display_names(paths: Sequence[str]) -> list[str]:
    """Return the shortest ends of paths that tell them apart, at least the file name."""
    pieces = [_pieces(path) for path in paths]
    lengths = [1] * len(paths)
    while True:
        names = ["/".join(p[-n:]) for p, n in zip(pieces, lengths, strict=True)]
        times = Counter(names)
        twins = [i for i, name in enumerate(names) if times[name] > 1]
        longer = [i for i in twins if lengths[i] < len(pieces[i])]
        if not longer:
            return names
        for i in longer:
            lengths[i] += 1


def _pieces(path: str) -> list[str]:
    if path == STDIN:
        return [STDIN_NAME]
    return parts_of(path) if is_remote(path) else list(Path(path).absolute().parts)


def _open(path: str, name: str, overrides: Overrides) -> Source:
    tables = open_export(path, overrides=overrides)
    _require_text(tables, overrides)
    digest, size, newlines, packed = _digest(Path(path))
    tallies = [Tally() for _ in tables]
    opened = [table.raw.notes + table.problems for table in tables]
    return Source(path, name, digest, size, newlines, packed, tables, tallies, opened)


def _require_text(tables: Sequence[Table], overrides: Overrides) -> None:
    """Accept an archive whose other tables hold posts; rows without text are kept unscored."""
    missing: list[InputError] = []
    for table in tables:
        try:
            require_text_column(table, overrides)
        except InputError as error:
            if is_headerless(table.raw):
                raise
            missing.append(error)
    if missing and len(missing) == len(tables):
        raise missing[0]


def _digest(path: Path) -> tuple[str, int, int, bool]:
    digest, size, newlines, packed = hashlib.sha256(), 0, 0, False
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            packed = packed or (size == 0 and block.startswith(_PACKED))
            digest.update(block)
            size += len(block)
            newlines += block.count(b"\n")
    return digest.hexdigest(), size, newlines, packed


def _require_different(paths: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for path in paths:
        key = path if path == STDIN or is_remote(path) else str(Path(path).resolve())
        if key in seen:
            raise UsageError("input_twice", file=path)
        seen[key] = path


@contextlib.contextmanager
def _spooled_stdin() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="netralitas-") as folder:
        place = Path(folder) / STDIN_NAME
        with place.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file, _BLOCK)
        yield str(place)


@contextlib.contextmanager
def _named_as(path: str, name: str) -> Iterator[None]:
    """Say what the user named in errors, not the name of the temporary file."""
    try:
        yield
    except NetralitasError as error:
        error.values = {
            key: value.replace(path, name) if isinstance(value, str) else value
            for key, value in error.values.items()
        }
        raise


def _column_types(table: Table) -> dict[str, str]:
    """Return the types of the columns of a Parquet input that are not text."""
    if table.raw.format != "parquet" or table.raw.path is None:
        return {}
    import pyarrow.parquet as pq

    schema = pq.read_schema(table.raw.path)
    return {field.name: str(field.type) for field in schema if str(field.type) != "string"}


def problem_facts(
    counts: Mapping[str, int], values: Mapping[str, Mapping[str, str | int]]
) -> list[ProblemFacts]:
    """Return what was noticed about a table as the manifest says it, by code.

    Args:
        counts: Message code to count; what counts nothing is left out.
        values: Message code to what its placeholders stand for, the count aside.
    """
    return [
        {
            "code": code,
            "count": count,
            "text_id": _words(code, count, values[code], "id"),
            "text_en": _words(code, count, values[code], "en"),
        }
        for code, count in sorted(counts.items())
        if count
    ]


def _words(code: str, count: int, values: Mapping[str, str | int], lang: Language) -> str:
    try:
        return phrase(code, "text", lang=lang, **{"count": count, "n": count, **values})
    except KeyError:
        return code
