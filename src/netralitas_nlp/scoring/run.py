"""A run folder: parts that survive a crash, a manifest, and a lock."""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Self

import pyarrow as pa
import pyarrow.parquet as pq

from netralitas_nlp.errors import RunError
from netralitas_nlp.io.durable import (
    TEMPORARY,
    FolderLock,
    make_private_folder,
    remove_leftovers,
    write_whole,
)
from netralitas_nlp.schema import PART_SCHEMA, Reject
from netralitas_nlp.scoring.beside import COPIES, Beside
from netralitas_nlp.scoring.manifest import (
    Counts,
    Manifest,
    State,
    add_counts,
    now,
    read_manifest,
    require_same_run,
)
from netralitas_nlp.scoring.parts import Part, part_facts, read_part
from netralitas_nlp.scoring.trouble import writing

MANIFEST: Final = "manifest.json"
LOCK: Final = ".lock"
PARTS: Final = "parts"
REJECTS: Final = "rejects.jsonl"
REPORT: Final = "report.html"
CONTESTANTS: Final = "contestants.csv"
CHAINS: Final = "chains.parquet"
"""A chain of near copies per row; ``COPIES`` holds the posts of the chains."""

VIEWS: Final = ("scored.csv", "scored.xlsx", "scored.jsonl", "scored.parquet")
BATCH_ROWS: Final = 1_000
"""Rows per batch handed to readers of a run: small beside a model, large beside call overhead."""

_PART_FILE = re.compile(r"\d{5,}\.(parquet|done\.json)")


class RunFolder:
    """The folder of one run. Made by ``create``, ``resume`` or ``open``, never by itself.

    Attributes:
        path: The folder.
        manifest: Content of ``manifest.json``; ``save`` writes changes back.
        sound: The parts that are whole, by number.
        damaged: Numbers of parts that were found torn or altered and have to be redone.
    """

    def __init__(self, path: Path, manifest: Manifest, *, lock: FolderLock | None = None) -> None:
        self.path = path
        self.manifest = manifest
        self.sound: dict[int, Part] = {}
        self.damaged: list[int] = []
        self._lock = lock

    @classmethod
    def create(cls, path: Path, manifest: Manifest, *, fresh: bool = False) -> Self:
        """Start a run in a new or empty folder and hold its lock.

        Args:
            path: The folder; made where it is missing.
            manifest: From ``new_manifest``.
            fresh: Replace a run that is already there. Files that are not ours stay.

        Raises:
            RunError: The folder is another run and ``fresh`` is not set, holds foreign files,
                is in use, or cannot be written.
        """
        lock = _claim(path)
        try:
            if is_run(path):
                if not fresh:
                    raise RunError("run_exists", folder=path.name)
                _clear(path)
            elif _foreign(path):
                raise RunError("run_foreign_files", folder=path.name, files=_some(_foreign(path)))
            run = cls(path, manifest, lock=lock)
            with writing(path):
                remove_leftovers(path)
                run.save()
                make_private_folder(path / PARTS)
        except BaseException:
            lock.release()
            raise
        return run

    @classmethod
    def resume(cls, path: Path, manifest: Manifest) -> Self:
        """Go on with a run, or look at a finished one, and hold its lock.

        Every part is compared with its digest; what does not agree is listed in ``damaged``.

        Args:
            path: The folder.
            manifest: What would be started now, to be compared with what was started then.

        Raises:
            RunError: Input, configuration or model differ, no run is there, or it is in use.
        """
        old = read_manifest(path / MANIFEST)
        require_same_run(old, manifest, folder=path.name)
        lock = _claim(path)
        try:
            run = cls(path, read_manifest(path / MANIFEST), lock=lock)
            with writing(path):
                make_private_folder(path / PARTS)
                remove_leftovers(path)
                remove_leftovers(path / PARTS)
            run._load_parts(verify=True)
        except BaseException:
            lock.release()
            raise
        return run

    @classmethod
    def open(cls, path: Path | str, *, shards: bool = False) -> Self:
        """Open a run for reading, finished or not.

        Args:
            path: The folder.
            shards: Whether it may be one of several shards. Counts, accounts, copies and shares
                of a shard are not those of the run, so whoever reads one has to say so.

        Raises:
            RunError: No run is there, its parts are damaged, or it is a shard.
        """
        run = cls(Path(path), read_manifest(Path(path) / MANIFEST))
        shard = run.manifest.get("shard")
        if shard and not shards:
            values = {"number": shard["number"], "of": shard["of"]}
            raise RunError("run_is_shard", folder=run.path.name, **values)
        run._load_parts(verify=False)
        return run

    def _load_parts(self, *, verify: bool) -> None:
        folder = self.path / PARTS
        marked = {int(f.name.split(".")[0]) for f in folder.glob("[0-9]*.done.json")}
        for index in range(max(marked, default=-1) + 1):
            part = read_part(folder, index, verify=verify)
            if part is None:
                self.damaged.append(index)
            else:
                self.sound[index] = part

    @property
    def parts(self) -> list[Part]:
        """The sound parts in order, up to the first gap."""
        gapless: list[Part] = []
        while (part := self.sound.get(len(gapless))) is not None:
            if part.first != (gapless[-1].stop if gapless else 0):
                break
            gapless.append(part)
        return gapless

    def write_part(
        self,
        index: int,
        table: pa.Table,
        *,
        first: int,
        stop: int,
        rejects: Sequence[Reject] = (),
        place: tuple[int, int, int] | None = None,
    ) -> Part:
        """Write a part, then its marker, each whole and on the disk before the next step.

        Args:
            index: Number of the part; one that is already there is replaced.
            table: Rows of ``PART_SCHEMA``, in order.
            first: Number of the first record of the part, from 0 over the whole run.
            stop: One more than the last; the range holds rows and rejects.
            rejects: Records of the range that could not be read.
            place: See ``Part``.

        Raises:
            RunError: The disk is full or read-only. Earlier parts are untouched.
        """
        sink = pa.BufferOutputStream()
        pq.write_table(table.cast(PART_SCHEMA), sink, compression="zstd")
        content = sink.getvalue()
        facts = part_facts(
            table,
            index=index,
            first=first,
            stop=stop,
            sha256=hashlib.sha256(content).hexdigest(),
            rejects=rejects,
            place=place,
        )
        return self.take_part(content, facts)

    def take_part(self, content: bytes, facts: dict[str, Any]) -> Part:
        """Write a part that is a file already, as ``write_part`` does.

        Args:
            content: Of the Parquet file.
            facts: Of its marker.

        Raises:
            RunError: The disk is full or read-only. Earlier parts are untouched.
        """
        part = Part.of(self.path / PARTS, facts)
        with writing(self.path):
            write_whole(part.path, content)
            write_whole(part.marker, json.dumps(facts, ensure_ascii=True).encode("ascii"))
        self.sound[facts["part"]] = part
        return part

    def forget_part(self, index: int) -> None:
        """Drop a part that does not continue the one before it; it has to be redone."""
        part = self.sound.pop(index)
        self.damaged.append(index)
        with writing(self.path):
            part.marker.unlink(missing_ok=True)

    def drop_parts_from(self, index: int) -> None:
        """Remove parts behind the end of the run, which the inputs do not account for."""
        for later in [i for i in self.sound if i >= index]:
            self.forget_part(later)

    def batches(
        self, columns: Sequence[str] | None = None, *, batch_rows: int = BATCH_ROWS
    ) -> Iterator[pa.RecordBatch]:
        """Yield the rows of the run in order.

        Args:
            columns: Some of ``PART_SCHEMA`` and ``CHAIN``; all of the former where ``None``.
            batch_rows: Most rows per batch.

        Raises:
            RunError: A part cannot be read.
        """
        place = self.path / COPIES
        try:
            with Beside(place if "chains" in self.manifest else None, columns) as beside:
                for part in self.parts:
                    place = part.path
                    with pq.ParquetFile(part.path) as file:
                        stored = file.iter_batches(batch_size=batch_rows, columns=beside.stored)
                        for batch in stored:
                            yield beside.completed(batch)
        except (OSError, pa.ArrowException) as error:
            raise RunError(
                "run_part_damaged", folder=self.path.name, file=place.name, error=error
            ) from None

    def rejects(self) -> Iterator[Reject]:
        """Yield the records that could not be read, in order."""
        for part in self.parts:
            yield from part.rejects()

    def counts(self) -> Counts:
        """Return the totals of the sound parts."""
        return add_counts(part.counts for part in self.parts)

    def set_state(self, state: State) -> None:
        """Write the manifest with a new state; ``finished`` also notes the time."""
        self.manifest["state"] = state
        self.manifest["finished_at"] = now() if state == "finished" else None
        self.save()

    def save(self) -> None:
        """Write ``manifest.json``."""
        content: Any = self.manifest
        text = json.dumps(content, ensure_ascii=True, indent=1)
        with writing(self.path):
            write_whole(self.path / MANIFEST, text.encode("ascii") + b"\n")

    def close(self) -> None:
        """Let other processes into the folder."""
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def is_run(path: Path) -> bool:
    """Return whether a folder holds a run of ours, of any state."""
    if not (path / MANIFEST).is_file():
        return False
    try:
        read_manifest(path / MANIFEST)
    except RunError as error:
        return error.code == "run_format"
    return True


def _claim(path: Path) -> FolderLock:
    if path.exists() and not path.is_dir():
        raise RunError("run_not_a_folder", folder=path.name)
    with writing(path):
        make_private_folder(path)
        lock = FolderLock(path / LOCK)
        free = lock.acquire()
    if not free:
        raise RunError("run_in_use", folder=path.name)
    return lock


def _foreign(path: Path) -> list[str]:
    names = sorted(entry.name for entry in os.scandir(path))
    return [name for name in names if name != LOCK and not name.startswith(TEMPORARY)]


def _some(names: Sequence[str], most: int = 5) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown}, … ({len(names)})"


def _clear(path: Path) -> None:
    """Remove what a run wrote, by name; the manifest goes when the next one replaces it."""
    with writing(path):
        for name in (*VIEWS, REPORT, REJECTS, CONTESTANTS, COPIES, CHAINS):
            (path / name).unlink(missing_ok=True)
        parts = path / PARTS
        if parts.is_dir() and not parts.is_symlink():
            for file in sorted(parts.iterdir()):
                if _PART_FILE.fullmatch(file.name):
                    file.unlink()
            remove_leftovers(parts)
