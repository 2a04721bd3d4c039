"""Labelled posts are read from tables, ``datasets`` folders, and verdicts with their run."""

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from netralitas_nlp.errors import InputError, MissingExtraError, UsageError, phrase
from netralitas_nlp.io.readers import open_export, require_text_column
from netralitas_nlp.io.tables import Overrides, Table
from netralitas_nlp.io.view_cells import original
from netralitas_nlp.labeled.rows import (
    SPLITS,
    LabelledPosts,
    LabelWords,
    joined,
    one_label,
    split_word,
)
from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.schema import JsonValue, Post, Reject
from netralitas_nlp.scoring.run import RunFolder, is_run
from netralitas_nlp.text.normalize import Normalizer
from netralitas_nlp.verdicts import VERDICTS, last_verdicts, read_verdicts

LABEL_COLUMNS: Final = ("labels", "label", "labels_id")
"""Columns in which joined labels are looked for where the user names none."""

SPLIT_COLUMNS: Final = ("split", "bagian")
GROUP_COLUMNS: Final = ("group_id", "group", "kelompok")
ACCOUNT_COLUMNS: Final = ("account", "author_batch")
ID_COLUMNS: Final = ("id", "row_id")
SLICES: Final = (
    "platform", "register", "language", "district", "election", "stage", "text_kind", "persona",
    "source", "topic",
)  # fmt: skip
"""Further columns that are kept, so that figures can be told apart by them."""

SCORED: Final = frozenset({"row_id", "labels", "decision", "operating_point"})
"""Columns of our own results: their labels are those of a model, not of a human."""

LARGEST: Final = 5_000_000
"""Most labelled posts read at once."""

_VISIBLE: Final = Normalizer()
"""Says whether a text holds anything at all; a post may well be two emoji and nothing else."""

_TABLES: Final = (".csv", ".tsv", ".jsonl", ".json", ".parquet", ".xlsx")


@dataclass(frozen=True, slots=True)
class Columns:
    """What the user says about a labelled file; what is left out is recognised.

    Attributes:
        export: Roles that labelled files share with exports, such as the text column.
        labels: Column of joined labels, ``;`` between them.
        split: Column that says ``train``, ``dev`` or ``test``.
        words: The user's words for our labels, of columns and of values.
    """

    export: Overrides = field(default_factory=Overrides)
    labels: str | None = None
    split: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)


def read_labelled(
    path: Path, columns: Columns | None = None, *, run: Path | None = None
) -> LabelledPosts:
    """Return the labelled posts of a file or folder, in its order.

    Args:
        path: CSV, TSV, JSON, JSONL, Parquet or XLSX; a folder of ``datasets`` (``save_to_disk``);
            a folder whose files are named after their split; or ``verdicts.jsonl``.
        columns: What the user says about it.
        run: The run folder that ``verdicts.jsonl`` judges; by default the one it lies in.

    Raises:
        InputError: Nothing of that kind is there, a column is missing, a row cannot be read, a
            text is empty, or a label is none of ours. File, row and column are named.
        UsageError: Verdicts come without their run.
        MissingExtraError: A ``datasets`` folder needs the extra ``train``.
    """
    said = columns or Columns()
    if path.name == VERDICTS or run is not None or (path.is_dir() and is_run(path)):
        return _verdicts(path / VERDICTS if path.is_dir() else path, run)
    if path.is_dir():
        return _folder(path, said)
    return _file(path, said)


def _file(path: Path, said: Columns, *, split: str = "") -> LabelledPosts:
    if not path.exists():
        raise InputError("labelled_missing", file=path)
    tables = open_export(str(path), overrides=said.export)
    found = [_Reading(table, said, split=split) for table in tables]
    if said.labels is None and any(set(one.names) >= SCORED for one in found):
        raise InputError("labelled_own_scores", file=path)
    with_labels = [one for one in found if one.has_labels]
    if not with_labels:
        seen = ", ".join(name for one in found for name in one.names[:40]) or "-"
        column = said.labels or "labels"
        raise InputError("labelled_no_labels", file=path, column=column, seen=seen)
    return joined([one.posts() for one in with_labels])


class _Reading:
    """One table on its way to labelled posts."""

    def __init__(self, table: Table, said: Columns, *, split: str) -> None:
        self._table, self._said, self._split = table, said, split
        self._words = LabelWords(said.words)
        self.names = list(table.raw.columns)
        self._joined = said.labels or next((n for n in LABEL_COLUMNS if n in self.names), None)
        if said.labels is not None and said.labels not in self.names:
            self._missing(said.labels, "--labels-col")
        self._single: dict[str, Label] = {}
        if said.labels is None:
            named = {name: self._words.label_of(name) for name in self.names}
            self._single = {name: label for name, label in named.items() if label is not None}
        if said.split is not None and said.split not in self.names:
            self._missing(said.split, "--split-col")
        self._split_name = said.split or next((n for n in SPLIT_COLUMNS if n in self.names), None)
        # Our own word, which exports of others do not use; what the user names wins.
        self._account_name = next((n for n in ACCOUNT_COLUMNS if n in self.names), None)
        self._id_name = next((n for n in ID_COLUMNS if n in self.names), None)
        self._group_name = next((n for n in GROUP_COLUMNS if n in self.names), None)

    @property
    def has_labels(self) -> bool:
        return bool(self._single) or self._joined is not None

    def posts(self) -> LabelledPosts:
        require_text_column(self._table, self._said.export)
        posts = list(self._sound())
        if not posts:
            raise InputError("labelled_no_rows", file=self._table.raw.file)
        rows = [self._labels(post) for post in posts]
        kept = [name for name in SLICES if name in self.names]
        return LabelledPosts(
            file=self._table.raw.file,
            row=tuple(post.source_row for post in posts),
            # Sheets of ours hold a "'" before what a spreadsheet would run.
            text=tuple(original(post.text) for post in posts),
            parent=tuple(original(post.parent_text or "") for post in posts),
            labels=np.array(rows, dtype=np.float64),
            account=tuple(post.account or self._cell(post, self._account_name) for post in posts),
            group=tuple(self._cell(post, self._group_name) for post in posts),
            split=self._splits(posts),
            extra={name: tuple(self._cell(post, name) for post in posts) for name in kept},
            ident=tuple(self._cell(post, self._id_name) for post in posts) if self._id_name else (),
        )

    def _sound(self) -> Iterator[Post]:
        file = self._table.raw.file
        for number, item in enumerate(self._table):
            if isinstance(item, Reject):
                reason = phrase(item.code, "text", lang="id", **item.values)
                raise InputError("labelled_row", file=file, row=item.source_row, reason=reason)
            if number >= LARGEST:
                raise InputError("labelled_too_many", file=file, limit=LARGEST)
            if any(isinstance(cell, str) and "\ufffd" in cell for cell in item.fields.values()):
                encoding = self._table.raw.encoding or "-"
                raise InputError(
                    "labelled_garbled", file=file, row=item.source_row, encoding=encoding
                )
            if not _VISIBLE(item.text):
                raise InputError("labelled_no_text", file=file, row=item.source_row)
            yield item

    def _labels(self, post: Post) -> list[float]:
        file, row = self._table.raw.file, post.source_row
        if self._single:
            found = dict.fromkeys(LABELS, float("nan"))
            for name, label in self._single.items():
                cell = post.fields.get(name)
                found[label] = one_label(cell, file=file, row=row, column=name)
            return list(found.values())
        column = self._joined or ""
        cell = post.fields.get(column)
        named = self._words.labels_in(cell, file=file, row=row, column=column)
        return [float(label in named) for label in LABELS]

    def _splits(self, posts: Sequence[Post]) -> tuple[str, ...]:
        name, file = self._split_name, self._table.raw.file
        cells = [self._cell(post, name) for post in posts]
        # The desk leaves the column empty for whoever trains: then nothing is divided yet.
        if name is None or (self._said.split is None and not any(cells)):
            return (self._split,) * len(posts)
        return tuple(
            split_word(cell, file=file, row=post.source_row, column=name)
            for cell, post in zip(cells, posts, strict=True)
        )

    def _cell(self, post: Post, name: str | None) -> str:
        value: JsonValue = post.fields.get(name) if name is not None else None
        return "" if value is None else str(value)

    def _missing(self, column: str, option: str) -> None:
        seen = ", ".join(self.names[:40]) or "-"
        raise InputError(
            "column_unknown", file=self._table.raw.file, option=option, column=column, seen=seen
        )


def _folder(path: Path, said: Columns) -> LabelledPosts:
    if (path / "state.json").is_file() or (path / "dataset_dict.json").is_file():
        return _saved_dataset(path, said)
    files = [
        (file, SPLITS[word])
        for file in sorted(path.iterdir())
        if file.suffix.lower() in _TABLES and (word := file.stem.split("-")[0].lower()) in SPLITS
    ]
    if not files:
        raise InputError("labelled_folder", folder=path)
    return joined([_file(file, said, split=split) for file, split in files])


def _saved_dataset(path: Path, said: Columns) -> LabelledPosts:
    """Read what ``Dataset.save_to_disk`` wrote, by way of JSON lines: one way for all files."""
    try:
        from netralitas_nlp.training.saved import saved_parts
    except ModuleNotFoundError as error:
        raise MissingExtraError("missing_extra", package=error.name, extra="train") from None
    parts = saved_parts(path)
    lots = []
    with tempfile.TemporaryDirectory() as scratch:
        for name, part in parts.items():
            if name and name.lower() not in SPLITS:
                raise InputError("labelled_value", file=path, row=1, column="split", value=name,
                                 allowed=", ".join(SPLITS))  # fmt: skip
            file = Path(scratch) / f"{name or 'data'}.jsonl"
            with file.open("w", encoding="utf-8") as stream:
                stream.writelines(json.dumps(row, default=str) + "\n" for row in part)
            lots.append(_file(file, said, split=SPLITS[name.lower()] if name else ""))
    return joined(lots)


def _verdicts(path: Path, run: Path | None) -> LabelledPosts:
    """Return the posts that people have judged; a label nobody judged stays unknown."""
    folder = run or path.parent
    if not path.is_file():
        raise InputError("labelled_missing", file=path)
    if not is_run(folder):
        raise UsageError("labelled_run", file=path, folder=folder)
    last = last_verdicts(read_verdicts(path))
    judged: dict[str, dict[Label, float]] = {}
    for (row_id, label), verdict in last.items():
        if verdict.answer != "unsure":
            judged.setdefault(row_id, {})[label] = float(verdict.answer == "yes")
    found = list(_judged_rows(RunFolder.open(folder), judged))
    if not found:
        raise InputError("labelled_no_verdicts", file=path, folder=folder)
    return LabelledPosts(
        file=path.name,
        row=tuple(int(row["source_row"] or 0) for row in found),
        text=tuple(str(row["text"]) for row in found),
        parent=tuple(str(row["parent_text"] or "") for row in found),
        labels=np.array(
            [[judged[row["row_id"]].get(label, np.nan) for label in LABELS] for row in found]
        ),
        account=tuple(str(row["account"] or "") for row in found),
        group=("",) * len(found),
        split=("",) * len(found),
        extra={"text_kind": tuple(str(row["text_kind"] or "") for row in found)},
        ident=tuple(str(row["row_id"]) for row in found),
    )


def _judged_rows(run: RunFolder, judged: Mapping[str, object]) -> Iterable[dict[str, Any]]:
    names = ("row_id", "source_row", "text", "parent_text", "account", "text_kind")
    for batch in run.batches(names):
        for row in batch.to_pylist():
            if row["row_id"] in judged and _VISIBLE(row["text"] or ""):
                yield row
