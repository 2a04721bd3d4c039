"""Streaming statistics of a run: one pass, memory that does not grow with the rows."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from netralitas_nlp.labels import LABELS, Decision, Label
from netralitas_nlp.report.levels import Thresholds, limits, urgency
from netralitas_nlp.report.listed import ListedPost, Sample, Urgent
from netralitas_nlp.report.moments import moment

N_BINS: Final = 50
"""Bins of the score distribution, each 0.02 wide; the last one holds 1.0 too."""

COLUMNS: Final = (
    "text", "parent_text", "source_file", "source_row", "row_id", "account", "posted_at", "url",
    "text_kind", "truncated", *(f"score_{label}" for label in LABELS), "decision", "claim_url",
    "claim_title", "claim_similarity", "claim_stance", "claim_verdict", "claim_date", "chain",
    "evidence", "clause", "stage",
)  # fmt: skip
"""Columns of a part that ``aggregate`` reads."""


@dataclass(slots=True)
class Totals:
    """What the page says about all rows.

    Attributes:
        rows: Rows of the run, rejects not counted.
        empty: Rows without text.
        unscored: Rows with text that are never scored (likes).
        decisions: Scored rows per decision.
        kinds: Scored rows per (kind of text, decision).
        levels: Scored rows per label and per level of that label's own score.
        histograms: Scored rows per label and bin of the score, ``(N_BINS,)``.
        days: Scored rows per day (WIB where the zone is known) and decision.
        undated: Scored rows without a readable date.
        zoneless: Scored rows whose time has no zone.
        truncated: Scored rows whose text the export cut.
        listed: Posts that most need a look, most urgent first.
        passed: A few posts that were not flagged, drawn evenly from the run.
    """

    rows: int = 0
    empty: int = 0
    unscored: int = 0
    decisions: Counter[Decision] = field(default_factory=Counter)
    kinds: Counter[tuple[str, Decision]] = field(default_factory=Counter)
    levels: dict[Label, Counter[Decision]] = field(
        default_factory=lambda: {label: Counter() for label in LABELS}
    )
    histograms: dict[Label, NDArray[np.int64]] = field(
        default_factory=lambda: {label: np.zeros(N_BINS, np.int64) for label in LABELS}
    )
    days: dict[date, Counter[Decision]] = field(default_factory=dict)
    undated: int = 0
    zoneless: int = 0
    truncated: int = 0
    listed: list[ListedPost] = field(default_factory=list)
    passed: list[ListedPost] = field(default_factory=list)

    @property
    def scored(self) -> int:
        """Rows that have scores."""
        return self.decisions.total()

    @property
    def waiting(self) -> int:
        """Rows that a human must look at."""
        return self.decisions["flag"] + self.decisions["review"]


def aggregate(
    batches: Iterable[pa.RecordBatch], thresholds: Thresholds, *, limit: int, sample: int = 5
) -> Totals:
    """Return the statistics of a run.

    Args:
        batches: Rows in order, with at least ``COLUMNS``.
        thresholds: Of the operating point that the run used.
        limit: Most posts in ``listed``.
        sample: Most posts in ``passed``.
    """
    totals = Totals()
    urgent, passed = Urgent(limit), Sample(sample)
    for batch in batches:
        decisions = np.asarray(batch["decision"].to_pylist(), dtype=object)
        scores = {
            label: np.asarray(batch[f"score_{label}"].to_numpy(zero_copy_only=False), np.float64)
            for label in LABELS
        }
        scored = np.array([d is not None for d in decisions], dtype=bool)
        _count_rows(totals, batch, scored)
        _count_scores(totals, scores, thresholds)
        _count_words(totals, batch, decisions)
        rank = urgency(scores, thresholds) + (decisions == "flag")
        rank[(decisions != "flag") & (decisions != "review")] = -np.inf
        first = totals.rows - batch.num_rows
        urgent.add(batch, rank, first)
        passed.add(batch, decisions == "clear", first)
    totals.listed, totals.passed = urgent.posts(), passed.posts()
    return totals


def _count_rows(totals: Totals, batch: pa.RecordBatch, scored: NDArray[np.bool_]) -> None:
    empty = pc.fill_null(pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(batch["text"])), 0), True)
    blank = np.asarray(empty.to_numpy(zero_copy_only=False), dtype=bool)
    totals.rows += batch.num_rows
    totals.empty += int((blank & ~scored).sum())
    totals.unscored += int((~blank & ~scored).sum())


def _count_scores(
    totals: Totals, scores: Mapping[Label, NDArray[np.float64]], thresholds: Thresholds
) -> None:
    for label in LABELS:
        known = scores[label][~np.isnan(scores[label])]
        flag, review = limits(thresholds, label)
        above, in_band = int((known >= flag).sum()), int(((known >= review) & (known < flag)).sum())
        totals.levels[label].update(
            {"flag": above, "review": in_band, "clear": len(known) - above - in_band}
        )
        bins = np.clip((known * N_BINS).astype(np.int64), 0, N_BINS - 1)
        totals.histograms[label] += np.bincount(bins, minlength=N_BINS)


def _count_words(totals: Totals, batch: pa.RecordBatch, decisions: NDArray[Any]) -> None:
    kinds, cuts = batch["text_kind"].to_pylist(), batch["truncated"].to_pylist()
    pairs = [(k or "unknown", d) for k, d in zip(kinds, decisions, strict=True) if d is not None]
    totals.kinds.update(pairs)
    totals.decisions.update(decision for _, decision in pairs)
    totals.truncated += sum(
        bool(cut) for cut, d in zip(cuts, decisions, strict=True) if d is not None
    )
    for posted_at, decision in zip(batch["posted_at"].to_pylist(), decisions, strict=True):
        if decision is None:
            continue
        when = moment(posted_at)
        if when is None:
            totals.undated += 1
            continue
        totals.zoneless += not when.zoned
        day = when.at.date()
        if day not in totals.days:
            totals.days[day] = Counter()
        totals.days[day][decision] += 1
