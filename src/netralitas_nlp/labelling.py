"""What to label next: posts of a run that teach a model most, by four strategies."""

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, Literal

import numpy as np
import pyarrow as pa

from netralitas_nlp.errors import UsageError
from netralitas_nlp.report.levels import Thresholds
from netralitas_nlp.rising import RisingWord, count_words, rising_words, words_of
from netralitas_nlp.sampling import (
    MIN_ROWS,
    Batches,
    Drawn,
    Sample,
    Stratum,
    drawn_row,
    nearest,
    places_within,
    require_rows,
    scored_rows,
)
from netralitas_nlp.spread import letter_vectors, plus_plus
from netralitas_nlp.text.dedup import letters_key

Strategy = Literal["uncertain", "diverse", "random", "slang"]
STRATEGIES: Final[tuple[Strategy, ...]] = ("uncertain", "diverse", "random", "slang")

POOL: Final = 20_000
"""Distinct texts among which ``diverse`` looks, drawn at random: 80 MB of vectors."""

UNCERTAIN: Final = 5_000
"""Most texts that ``slang`` counts as uncertain; otherwise a tenth of the run."""


@dataclass(frozen=True, slots=True)
class Next:
    """Posts to label next.

    Attributes:
        sample: The posts. Only ``random`` (and the whole of ``uncertain``) have weights.
        words: Words that led ``slang`` to its posts.
    """

    sample: Sample
    words: tuple[RisingWord, ...] = ()


def draw_next(
    batches: Batches,
    *,
    strategy: Strategy,
    n: int,
    seed: int,
    thresholds: Thresholds,
    pieces: Callable[[str], int] | None = None,
) -> Next:
    """Choose posts to label; the same seed and run give the same posts.

    Args:
        batches: Starts a pass over the rows, with ``sampling.COLUMNS``.
        strategy: ``uncertain``: distinct texts nearest to a flag threshold (Lewis and Gale 1994).
            ``diverse``: distinct texts far from one another in their letters. ``random``: every
            scored row has the same chance. ``slang``: uncertain texts that hold words which are
            commoner there than elsewhere and which the tokenizer cuts into many pieces.
        n: Posts; fewer where the run or the words give no more.
        seed: Of the draw.
        thresholds: Of the run.
        pieces: Word pieces of a word, 0 where unknown; ``slang`` needs it.

    Raises:
        UsageError: ``n`` is too small, the run has no scored row, or no word rises.
        ValueError: ``slang`` without ``pieces``.
    """
    if n < MIN_ROWS["training"]:
        raise UsageError("sample_n", n=n, least=MIN_ROWS["training"], purpose="training")
    chance = np.random.default_rng(seed)
    words: tuple[RisingWord, ...] = ()
    if strategy == "random":
        strata, rows = _random(batches, n, chance)
    elif strategy == "uncertain":
        strata, rows = _uncertain(batches, n, thresholds)
    elif strategy == "diverse":
        strata, rows = _diverse(batches, n, chance, seed)
    else:
        if pieces is None:
            raise ValueError("slang needs the tokenizer's pieces")
        strata, rows, words = _slang(batches, n, thresholds, pieces)
    order = chance.permutation(len(rows))
    sample = Sample("training", seed, strata, tuple(rows[i] for i in order), strategy)
    return Next(sample, words)


def _random(
    batches: Batches, n: int, chance: np.random.Generator
) -> tuple[tuple[Stratum, ...], list[Drawn]]:
    total = sum(batch.num_rows for batch, _ in scored_rows(batches()))
    require_rows(total)
    stratum = Stratum("random", total, min(n, total))
    places = chance.choice(total, stratum.drawn, replace=False)
    return (stratum,), _rows_at(batches(), places.tolist(), stratum)


def _uncertain(
    batches: Batches, n: int, thresholds: Thresholds
) -> tuple[tuple[Stratum, ...], list[Drawn]]:
    total, places = nearest(batches(), n, thresholds)
    require_rows(total)
    stratum = Stratum("uncertain", total, len(places), random=False)
    return (stratum,), _rows_at(batches(), places, stratum)


def _diverse(
    batches: Batches, n: int, chance: np.random.Generator, seed: int
) -> tuple[tuple[Stratum, ...], list[Drawn]]:
    total, places = _pool(batches(), seed)
    require_rows(total)
    drafts = _rows_at(batches(), places, Stratum("diverse", total, len(places), random=False))
    chosen = plus_plus(letter_vectors([row.text for row in drafts]), n, chance)
    stratum = Stratum("diverse", total, len(chosen), random=False)
    return (stratum,), [_in(drafts[i], stratum) for i in chosen]


def _pool(batches: Iterable[pa.RecordBatch], seed: int) -> tuple[int, list[int]]:
    """Return the number of scored rows, and the places of distinct texts drawn at random."""
    heap: list[tuple[int, int]] = []
    kept: set[int] = set()
    passed = 0
    key = seed.to_bytes(8, "big", signed=False)
    for batch, _ in scored_rows(batches):
        for i, text in enumerate(batch["text"].to_pylist()):
            plain = letters_key(text or "") or text or ""
            mark = _mark(plain, key)
            # The smallest digests are a random choice of texts, and copies share theirs.
            if mark in kept or (len(heap) == POOL and mark >= -heap[0][0]):
                continue
            if len(heap) == POOL:
                kept.discard(-heapq.heappop(heap)[0])
            heapq.heappush(heap, (-mark, passed + i))
            kept.add(mark)
        passed += batch.num_rows
    return passed, sorted(place for _, place in heap)


def _mark(text: str, key: bytes) -> int:
    digest = blake2b(text.encode("utf-8", "surrogatepass"), key=key, digest_size=8).digest()
    return int.from_bytes(digest, "big")


def _slang(
    batches: Batches, n: int, thresholds: Thresholds, pieces: Callable[[str], int]
) -> tuple[tuple[Stratum, ...], list[Drawn], tuple[RisingWord, ...]]:
    total, places = nearest(batches(), UNCERTAIN, thresholds)
    require_rows(total)
    places = places[: max(2 * n, total // 10)]
    stratum = Stratum("slang", total, 0, random=False)
    uncertain = _rows_at(batches(), places, stratum)
    inside, n_inside = count_words(row.text for row in uncertain)
    outside, n_outside = count_words(_others(batches(), places), only=frozenset(inside))
    words = rising_words(
        inside,
        outside,
        n_inside=n_inside,
        n_outside=n_outside,
        pieces=pieces,
        authors=_authors(uncertain),
    )
    if not words:
        raise UsageError("sample_no_slang", n=len(uncertain))
    rank = {place: i for i, place in enumerate(places)}
    in_order = sorted(zip(sorted(places), uncertain, strict=True), key=lambda one: rank[one[0]])
    chosen = _in_turn([row for _, row in in_order], [w.word for w in words], n)
    stratum = Stratum("slang", total, len(chosen), random=False)
    return (stratum,), [_in(row, stratum) for row in chosen], tuple(words)


def _in_turn(rows: list[Drawn], words: list[str], n: int) -> list[Drawn]:
    """Return rows by going round the words, each time its first row that is still free."""
    held = [words_of(row.text) for row in rows]
    queues = [iter([i for i in range(len(rows)) if word in held[i]]) for word in words]
    taken: list[int] = []
    seen: set[int] = set()
    while queues and len(taken) < n:
        left = []
        for queue in queues:
            place = next((i for i in queue if i not in seen), None)
            if place is None or len(taken) == n:
                continue
            seen.add(place)
            taken.append(place)
            left.append(queue)
        queues = left
    return [rows[i] for i in taken]


def _authors(rows: Iterable[Drawn]) -> Mapping[str, int] | None:
    found: dict[str, set[str]] = {}
    for row in rows:
        if row.account:
            for word in words_of(row.text):
                found.setdefault(word, set()).add(row.account)
    return {word: len(names) for word, names in found.items()} or None


def _others(batches: Iterable[pa.RecordBatch], places: Iterable[int]) -> Iterator[str]:
    apart = set(places)
    passed = 0
    for batch, _ in scored_rows(batches):
        for i, text in enumerate(batch["text"].to_pylist()):
            if passed + i not in apart and text:
                yield text
        passed += batch.num_rows


def _rows_at(
    batches: Iterable[pa.RecordBatch], places: Iterable[int], stratum: Stratum
) -> list[Drawn]:
    """Return the scored rows at the places, in the order of the run."""
    wanted = np.sort(np.fromiter(places, dtype=np.int64))
    rows: list[Drawn] = []
    passed = 0
    for batch, _ in scored_rows(batches):
        for place in places_within(wanted, passed, passed + batch.num_rows):
            rows.append(drawn_row(batch, int(place), stratum))
        passed += batch.num_rows
    return rows


def _in(row: Drawn, stratum: Stratum) -> Drawn:
    return Drawn(row.row_id, row.text, row.parent_text, row.account, stratum)
