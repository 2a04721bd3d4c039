"""Rows drawn for people to judge, with known chances of being drawn."""

import heapq
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from netralitas_nlp.errors import UsageError
from netralitas_nlp.io.durable import make_private_folder, write_whole
from netralitas_nlp.labels import LABELS
from netralitas_nlp.pseudonyms import bare_name
from netralitas_nlp.report.levels import Thresholds, limits
from netralitas_nlp.scoring.manifest import now
from netralitas_nlp.scoring.run import RunFolder
from netralitas_nlp.scoring.trouble import writing
from netralitas_nlp.text.dedup import letters_key

Purpose = Literal["audit", "training"]
PURPOSES: Final[tuple[Purpose, ...]] = ("audit", "training")

SAMPLES: Final = "samples"
"""Folder of a run with one record per sample: who was drawn from where, with what chance."""

COLUMNS: Final = (
    "text", "parent_text", "row_id", "account", *(f"score_{k}" for k in LABELS), "decision",
)  # fmt: skip
"""Columns of a part that a draw reads."""

CUTS: Final = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99)
"""Quantiles of the largest score between strata: violations gather at the top, where a large
stratum would drown them."""

MIN_STRATUM: Final = 20
MIN_DRAWN: Final = 5
MIN_ROWS: Final[Mapping[Purpose, int]] = {"audit": 50, "training": 2}
"""Fewest rows that may be asked for."""

_BINS: Final = 1 << 16
_LOGIT: Final = 16.0
"""Scores are counted in bins of equal width in log-odds within ± this."""

Floats = NDArray[np.float64]
Batches = Callable[[], Iterable[pa.RecordBatch]]


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of the scored rows in which each row had the same chance.

    Attributes:
        name: ``s1`` holds the lowest scores; the other names are strategies of training.
        size: Rows of the run in it.
        drawn: Rows of the sample in it.
        random: Whether each of its rows had the same chance; otherwise there is no weight.
    """

    name: str
    size: int
    drawn: int
    random: bool = True

    @property
    def weight(self) -> float:
        """Rows that each drawn row stands for: one over its chance of being drawn."""
        return self.size / self.drawn if self.drawn and self.random else math.nan


@dataclass(frozen=True, slots=True)
class Drawn:
    """A row of a sample."""

    row_id: str
    text: str
    parent_text: str
    account: str
    stratum: Stratum


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows drawn for one purpose, in random order, so that a part of the work is random too."""

    purpose: Purpose
    seed: int
    strata: tuple[Stratum, ...]
    rows: tuple[Drawn, ...]
    strategy: str = ""


def draw(
    batches: Batches, *, purpose: Purpose, n: int, seed: int, thresholds: Thresholds
) -> Sample:
    """Draw rows without replacement; the same seed and run give the same rows.

    Args:
        batches: Starts a pass over the rows, with ``COLUMNS``.
        purpose: ``audit``: random within strata of the largest score, the share of a stratum in
            proportion to the square root of its size (a power allocation, Bankier 1988).
            ``training``: half the distinct texts nearest to a flag threshold, half random among
            the other rows.
        n: Rows; all scored rows where the run has fewer.
        seed: Of the draw.
        thresholds: Of the run; only ``training`` uses them.

    Raises:
        UsageError: ``n`` is too small, or the run has no scored row.
    """
    if n < MIN_ROWS[purpose]:
        raise UsageError("sample_n", n=n, least=MIN_ROWS[purpose], purpose=purpose)
    chance = np.random.default_rng(seed)
    if purpose == "audit":
        strata, rows = _audit(batches, n, chance)
    else:
        strata, rows = _training(batches, n, chance, thresholds)
    order = chance.permutation(len(rows))
    return Sample(purpose, seed, tuple(strata), tuple(rows[i] for i in order))


def allocate(sizes: Sequence[int], n: int) -> list[int]:
    """Share ``n`` rows among strata by the square root of their sizes.

    Every stratum gets ``MIN_DRAWN`` rows, or all it has; the rest follows Webster's divisors.
    """
    given = [min(size, MIN_DRAWN) for size in sizes]
    for _ in range(min(n, sum(sizes)) - sum(given)):
        open_ = [i for i, size in enumerate(sizes) if given[i] < size]
        given[max(open_, key=lambda i: math.sqrt(sizes[i]) / (given[i] + 0.5))] += 1
    return given


def score_strata(counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], list[int]]:
    """Return the first bin of every stratum but the lowest, and the size of each stratum.

    Equal scores stay together; a stratum of fewer than ``MIN_STRATUM`` rows joins the one below.

    Args:
        counts: (bins,) rows per bin of the largest score.
    """
    up_to = np.cumsum(counts)
    total = int(up_to[-1])
    wanted = np.unique(np.searchsorted(up_to, np.ceil(np.array(CUTS) * total), side="left") + 1)
    edges: list[int] = []
    above = total
    for edge in wanted[::-1]:
        below = int(up_to[edge - 1])
        if above - below >= MIN_STRATUM and below >= MIN_STRATUM:
            edges.append(int(edge))
            above = below
    cuts = np.array(edges[::-1], dtype=np.int64)
    bounds = [0, *(int(up_to[edge - 1]) for edge in cuts), total]
    return cuts, list(np.diff(bounds).astype(int).tolist())


def record_sample(run: RunFolder, sample: Sample) -> Path:
    """Write down in the run folder who was drawn, which ``prevalence`` needs.

    Raises:
        RunError: The folder cannot be written.
    """
    content = {
        "format": 1,
        "purpose": sample.purpose,
        "seed": sample.seed,
        **({"strategy": sample.strategy} if sample.strategy else {}),
        "drawn_at": now(),
        "config_sha256": run.manifest["config_sha256"],
        "bundle_sha256": run.manifest["bundle"]["sha256"],
        "inputs_sha256": [facts["sha256"] for facts in run.manifest["inputs"]],
        "strata": [{"name": s.name, "size": s.size, "drawn": s.drawn} for s in sample.strata],
        "rows": {row.row_id: row.stratum.name for row in sample.rows},
    }
    folder = run.path / SAMPLES
    with writing(run.path):
        make_private_folder(folder)
        kind = f"{sample.purpose}-{sample.strategy}" if sample.strategy else sample.purpose
        path = folder / f"{kind}-{len(sample.rows)}-{sample.seed}.json"
        write_whole(path, json.dumps(content, indent=1).encode("ascii") + b"\n")
    return path


def _audit(
    batches: Batches, n: int, chance: np.random.Generator
) -> tuple[list[Stratum], list[Drawn]]:
    counts = np.zeros(_BINS, np.int64)
    for _, scores in scored_rows(batches()):
        counts += np.bincount(_bin(scores.max(axis=1)), minlength=_BINS)
    require_rows(int(counts.sum()))
    cuts, sizes = score_strata(counts)
    given = allocate(sizes, n)
    strata = [Stratum(f"s{i + 1}", s, g) for i, (s, g) in enumerate(zip(sizes, given, strict=True))]
    wanted = [np.sort(chance.choice(s.size, s.drawn, replace=False)) for s in strata]
    passed = [0] * len(strata)
    rows: list[list[Drawn]] = [[] for _ in strata]
    for batch, scores in scored_rows(batches()):
        at = np.searchsorted(cuts, _bin(scores.max(axis=1)), side="right")
        for i, stratum in enumerate(strata):
            inside = np.flatnonzero(at == i)
            places = places_within(wanted[i], passed[i], passed[i] + len(inside))
            passed[i] += len(inside)
            rows[i] += [drawn_row(batch, int(inside[p]), stratum) for p in places]
    # By stratum, so that the size of batches leaves no trace.
    return strata, [row for some in rows for row in some]


def _training(
    batches: Batches, n: int, chance: np.random.Generator, thresholds: Thresholds
) -> tuple[list[Stratum], list[Drawn]]:
    total, closest = nearest(batches(), n // 2, thresholds)
    require_rows(total)
    first = np.array(sorted(closest), dtype=np.int64)
    rest = total - len(first)
    more = min(n - len(first), rest)
    strata = [Stratum("uncertain", len(first), len(first)), Stratum("random", rest, more)]
    places = np.sort(chance.choice(rest, more, replace=False)) if more else np.array([], np.int64)
    # The place among the other rows becomes the place among all.
    others = places + np.searchsorted(first - np.arange(len(first)), places, side="right")
    near = set(first.tolist())
    wanted, passed = np.sort(np.concatenate([first, others])), 0
    rows: list[Drawn] = []
    for batch, _ in scored_rows(batches()):
        for place in places_within(wanted, passed, passed + batch.num_rows):
            rows.append(drawn_row(batch, int(place), strata[passed + int(place) not in near]))
        passed += batch.num_rows
    return strata, rows


def nearest(
    batches: Iterable[pa.RecordBatch], n: int, thresholds: Thresholds
) -> tuple[int, list[int]]:
    """Return the number of scored rows, and the places of the ``n`` most uncertain texts.

    A place counts the scored rows from 0. The nearest to a flag threshold, in log-odds, come
    first; of copies only one is kept.
    """
    edges = [_logit(np.array(_edge(thresholds, i))) for i in range(len(LABELS))]
    heap: list[tuple[float, int, str]] = []
    kept: set[str] = set()
    passed = 0
    for batch, scores in scored_rows(batches):
        far = np.min(np.abs(_logit(scores) - np.array(edges)), axis=1)
        for i in np.argsort(far, kind="stable"):
            # Copies score alike, so a text that was pushed out cannot come back.
            if n == 0 or (len(heap) == n and far[i] >= -heap[0][0]):
                break
            text = batch["text"][int(i)].as_py() or ""
            key = letters_key(text) or text
            if key in kept:
                continue
            if len(heap) == n:
                kept.discard(heapq.heappop(heap)[2])
            heapq.heappush(heap, (-float(far[i]), -(passed + int(i)), key))
            kept.add(key)
        passed += batch.num_rows
    return passed, [-place for _, place, _ in sorted(heap, reverse=True)]


def _edge(thresholds: Thresholds, index: int) -> float:
    flag, review = limits(thresholds, LABELS[index])
    # A label that flags nothing at this operating point is uncertain where its review begins.
    return min(flag if flag < 1 else review, 1.0)


def scored_rows(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[pa.RecordBatch, Floats]]:
    """Yield the scored rows of each batch with their (rows, labels) scores."""
    for batch in batches:
        some = batch.filter(batch["decision"].is_valid())
        if some.num_rows:
            columns = [some[f"score_{k}"].to_numpy(zero_copy_only=False) for k in LABELS]
            yield some, np.nan_to_num(np.column_stack(columns).astype(np.float64))


def _logit(scores: Floats) -> Floats:
    tiny = 1e-9
    held = np.clip(scores, tiny, 1 - tiny)
    return np.asarray(np.log(held) - np.log1p(-held))


def _bin(scores: Floats) -> NDArray[np.int64]:
    share = (_logit(scores) + _LOGIT) / (2 * _LOGIT)
    return np.clip((share * _BINS).astype(np.int64), 0, _BINS - 1)


def places_within(wanted: NDArray[np.int64], start: int, stop: int) -> NDArray[np.int64]:
    """Return those of the sorted places that lie in a range, counted from its start."""
    low, high = np.searchsorted(wanted, [start, stop])
    return wanted[low:high] - start


def drawn_row(batch: pa.RecordBatch, index: int, stratum: Stratum) -> Drawn:
    """Return one row of a batch as a row of a sample."""

    def cell(name: str) -> Any:
        return batch[name][index].as_py() or ""

    account = bare_name(cell("account"))
    return Drawn(cell("row_id"), cell("text"), cell("parent_text"), account, stratum)


def require_rows(n: int) -> None:
    """Raise ``UsageError`` where a run holds no scored row."""
    if n == 0:
        raise UsageError("sample_nothing")
