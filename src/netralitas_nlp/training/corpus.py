"""Unlabelled text for pretraining: read, cleaned of texts kept for labels, normalised."""

import csv
import gzip
import hashlib
import io
import json
import random
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import pyarrow as pa

from netralitas_nlp.text.dedup import letters_key
from netralitas_nlp.text.normalize import Normalizer

SHORTEST_KEY = 20
"""Keys of fewer letters ("mantapjiwa") are everyday words, not somebody's labelled post."""


def documents(path: Path) -> Iterator[str]:
    """Yield the lines of a ``.txt`` or ``.txt.zst`` file, one document each."""
    with pa.OSFile(str(path)) as raw:
        stream = pa.CompressedInputStream(raw, "zstd") if path.suffix == ".zst" else raw
        with io.TextIOWrapper(stream, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if line.strip():
                    yield line.rstrip("\n")


def labelled_keys(folder: Path) -> set[int]:
    """Return hashes of the letters of every text in the tables below a folder.

    Every cell counts, whatever its column: a text that carries a label, or is kept for a test,
    must not be seen in pretraining either.
    """
    keys: set[int] = set()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            for cell in _cells(path):
                key = letters_key(cell)
                if len(key) >= SHORTEST_KEY:
                    keys.add(hash_key(key))
    return keys


def hash_key(key: str) -> int:
    """Return 64 bits of a key, the same in every process."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big")


def _cells(path: Path) -> Iterator[str]:
    suffixes = [s for s in path.suffixes if s != ".gz"]
    kind = suffixes[-1] if suffixes else ""
    if kind == ".xlsx":
        from python_calamine import CalamineWorkbook

        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            for row in book.get_sheet_by_name(name).iter_rows():
                yield from (cell for cell in row if isinstance(cell, str))
        return
    if kind not in {".csv", ".tsv", ".jsonl"}:
        return
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    if kind == ".jsonl":
        for line in text.splitlines():
            yield from (value for value in json.loads(line).values() if isinstance(value, str))
        return
    head = text[:5000]
    delimiter = max(",;\t", key=head.split("\n", 1)[0].count)
    reader = csv.reader(io.StringIO(text.replace("\0", "")), delimiter=delimiter)
    try:
        for cells in reader:
            yield from cells
    except csv.Error:
        yield from text.splitlines()


def normal_forms(
    texts: Iterable[str], normalizer: Normalizer, *, excluded: set[int], workers: int = 2
) -> Iterator[str]:
    """Yield the normal form of each text whose letters are not excluded, in order.

    Args:
        texts: Raw documents.
        normalizer: The settings that will travel with the model.
        excluded: What ``labelled_keys`` returned.
        workers: Processes.
    """
    work = partial(_clean, normalizer=normalizer, excluded=frozenset(excluded))
    with ProcessPoolExecutor(workers) as pool:
        for chunk in pool.map(work, _chunks(texts, 5000)):
            yield from chunk


def _clean(texts: list[str], *, normalizer: Normalizer, excluded: frozenset[int]) -> list[str]:
    kept = []
    for text in texts:
        key = letters_key(text)
        if len(key) < SHORTEST_KEY or hash_key(key) not in excluded:
            kept.append(normalizer(text))
    return kept


def _chunks(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    chunk: list[str] = []
    for text in texts:
        chunk.append(text)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def mixture(
    parts: dict[str, list[Path]], shares: dict[str, float], *, words: int, seed: int
) -> Iterator[str]:
    """Yield documents drawn without replacement until each genre has its share of the words.

    Args:
        parts: Genre to files.
        shares: Genre to share of the words, adding up to 1.
        words: How many words to draw in all; a genre that runs out gives what it has.
        seed: Of the draw.
    """
    draw = random.Random(seed)  # noqa: S311 - a draw of texts, not a secret
    chosen: list[str] = []
    for genre, paths in parts.items():
        pool = [text for path in paths for text in documents(path)]
        draw.shuffle(pool)
        chosen += _take(pool, budget=words * shares[genre])
    draw.shuffle(chosen)
    yield from chosen


def _take(pool: list[str], *, budget: float) -> list[str]:
    taken, used = [], 0
    for text in pool:
        if used >= budget:
            break
        used += len(text.split())
        taken.append(text)
    return taken
