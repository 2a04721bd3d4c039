"""The posts that a page lists: the most urgent texts, copies gathered, and an even sample."""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import blake2b
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from netralitas_nlp.evidence import Span, from_json
from netralitas_nlp.labels import LABELS, Decision, Label
from netralitas_nlp.report.moments import moment
from netralitas_nlp.report.untrusted import shorten

MAX_PLACES: Final = 5
"""Further places of a copied text that are listed; the rest is only counted."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands: row, author and time."""

    source_file: str
    source_row: int
    account: str
    posted_at: str
    url: str


@dataclass(frozen=True, slots=True)
class SeenClaim:
    """The checked claim beside a row; texts as the list of claims has them."""

    title: str
    url: str
    similarity: float
    stance: str
    verdict: str
    date: str


@dataclass(slots=True)
class ListedPost:
    """A post of the list, its text shortened.

    Attributes:
        rank: Distance to the thresholds, see ``urgency``.
        order: Number of the row in the run, from 0.
        place: Of the first copy.
        row_id: Of the first copy.
        text: At most ``MAX_TEXT`` characters.
        n_chars: Length of the whole text, in characters.
        parent_text: As ``text``; empty where there is none.
        n_parent_chars: As ``n_chars``.
        text_kind: Whose words these are.
        truncated: Whether the export cut the text.
        scores: Per label, in [0, 1].
        decision: ``flag``, ``review`` or ``clear``.
        explained: Whether the run looked for evidence.
        spans: The evidence; its places are those of the whole text.
        copies: Rows with this text under this parent, or of this chain, that were met, the first
            one counted.
        others: Up to ``MAX_PLACES`` of the further copies.
        first_day: Earliest day of all copies.
        last_day: Latest day of all copies.
        claim: The checked claim that it repeats, if one was found.
        chain: Row id of the first post of its chain of near copies; empty where it is in none.
        clause: Points of a pledge that its row cites, or why none is; empty where unknown.
        stage: Codes of the stages of elections on its day.
    """

    rank: float
    order: int
    place: Place
    row_id: str
    text: str
    n_chars: int
    parent_text: str
    n_parent_chars: int
    text_kind: str
    truncated: bool
    scores: Mapping[Label, float]
    decision: Decision
    explained: bool = False
    spans: tuple[Span, ...] = ()
    copies: int = 1
    others: list[Place] = field(default_factory=list)
    first_day: date | None = None
    last_day: date | None = None
    claim: SeenClaim | None = None
    chain: str = ""
    clause: str = ""
    stage: str = ""


class Urgent:
    """The ``limit`` most urgent texts, copies gathered.

    Equal text under an equal parent has an equal score, hence an equal rank. The bar to enter
    only rises, so a text that fell out never comes back, and the copies of those that stay
    have all been counted. Near copies of one chain have ranks of their own: the most urgent one
    stands for the chain.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.by_text: dict[bytes, ListedPost] = {}
        self.heap: list[tuple[float, int, bytes]] = []

    def add(self, batch: pa.RecordBatch, rank: NDArray[np.float64], first: int) -> None:
        """Take the rows of a batch in.

        Args:
            batch: Rows with the columns of ``aggregate.COLUMNS``.
            rank: See ``levels.urgency``; shape (rows,); minus infinity where a row is not wanted.
            first: Number of its first row in the run, from 0.
        """
        found = np.flatnonzero(rank > -np.inf) if self.limit else ()
        chains = batch["chain"].to_pylist() if "chain" in batch.schema.names else None
        for index in found:
            value, chain = float(rank[index]), chains[index] if chains else None
            if chain is None and value < self._bar():
                continue
            self._add_row(batch, int(index), value, first + int(index), chain)

    def _add_row(
        self, batch: pa.RecordBatch, index: int, rank: float, order: int, chain: str | None
    ) -> None:
        if chain is None:
            key = _text_key(batch["text"][index].as_py(), batch["parent_text"][index].as_py())
        else:
            key = chain.encode()
        known = self.by_text.get(key)
        if known is not None:
            _add_copy(known, batch, index)
            if rank > known.rank:
                self._put(key, _stand_in(known, _listed(_row(batch, index), rank, order)))
        elif rank > self._bar():
            if len(self.by_text) == self.limit:
                del self.by_text[heapq.heappop(self.heap)[2]]
            self._put(key, _listed(_row(batch, index), rank, order))

    def _put(self, key: bytes, post: ListedPost) -> None:
        self.by_text[key] = post
        heapq.heappush(self.heap, (post.rank, -post.order, key))

    def _bar(self) -> float:
        """Return the rank to exceed, with a post that holds it on top of the heap."""
        if len(self.by_text) < self.limit:
            return -np.inf
        while True:
            rank, order, key = self.heap[0]
            post = self.by_text.get(key)
            if post is not None and (post.rank, -post.order) == (rank, order):
                return rank
            heapq.heappop(self.heap)  # Since then the chain has a more urgent post.

    def posts(self) -> list[ListedPost]:
        """Return the texts, most urgent first."""
        return sorted(self.by_text.values(), key=lambda post: (-post.rank, post.order))


class Sample:
    """The rows with the smallest ids: ids are digests, so this is an even draw without chance."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.kept: dict[str, ListedPost] = {}

    def add(self, batch: pa.RecordBatch, wanted: NDArray[np.bool_], first: int) -> None:
        """Take the rows of a batch in, as ``Urgent.add``; ``wanted`` has shape (rows,)."""
        ids = batch["row_id"].to_pylist()
        bar = max(self.kept) if len(self.kept) == self.size and self.kept else None
        found = [i for i in np.flatnonzero(wanted) if bar is None or ids[i] < bar]
        for index in heapq.nsmallest(self.size, found, key=lambda i: ids[i]):
            row = _row(batch, int(index))
            self.kept[row["row_id"]] = _listed(row, 0.0, first + int(index))
        self.kept = {row_id: self.kept[row_id] for row_id in sorted(self.kept)[: self.size]}

    def posts(self) -> list[ListedPost]:
        """Return the posts in the order of the run."""
        return sorted(self.kept.values(), key=lambda post: post.order)


def _row(batch: pa.RecordBatch, index: int) -> dict[str, Any]:
    row: dict[str, Any] = batch.slice(index, 1).to_pylist()[0]
    return row


def _text_key(text: str | None, parent: str | None) -> bytes:
    digest = blake2b(digest_size=16)
    for part in (text or "", parent or ""):
        encoded = " ".join(part.split()).encode("utf-8")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.digest()


def _place(row: Mapping[str, Any]) -> Place:
    return Place(
        row["source_file"] or "", row["source_row"] or 0, row["account"] or "",
        row["posted_at"] or "", row["url"] or "",
    )  # fmt: skip


def _listed(row: Mapping[str, Any], rank: float, order: int) -> ListedPost:
    text, parent = row["text"] or "", row["parent_text"] or ""
    when = moment(row["posted_at"])
    decision: Decision = row["decision"]
    return ListedPost(
        rank=rank,
        order=order,
        place=_place(row),
        row_id=row["row_id"] or "",
        text=shorten(text),
        n_chars=len(text),
        parent_text=shorten(parent),
        n_parent_chars=len(parent),
        text_kind=row["text_kind"] or "unknown",
        truncated=bool(row["truncated"]),
        scores={
            label: row[f"score_{label}"] for label in LABELS if row[f"score_{label}"] is not None
        },
        decision=decision,
        explained=row["evidence"] is not None,
        spans=from_json(row["evidence"], text),
        first_day=when.day if when else None,
        last_day=when.day if when else None,
        claim=_claim(row),
        chain=row.get("chain") or "",
        clause=row.get("clause") or "",
        stage=row.get("stage") or "",
    )


def _claim(row: Mapping[str, Any]) -> SeenClaim | None:
    if not row.get("claim_title"):
        return None
    return SeenClaim(
        title=row["claim_title"],
        url=row["claim_url"] or "",
        similarity=row["claim_similarity"] or 0.0,
        stance=row["claim_stance"] or "",
        verdict=row.get("claim_verdict") or "",
        date=row.get("claim_date") or "",
    )


def _stand_in(old: ListedPost, new: ListedPost) -> ListedPost:
    """Return the more urgent post of a chain with what is known of the other ones."""
    others = [place for place in (old.place, *old.others) if place != new.place]
    return replace(
        new,
        copies=old.copies,
        others=others[:MAX_PLACES],
        first_day=old.first_day,
        last_day=old.last_day,
    )


def _add_copy(post: ListedPost, batch: pa.RecordBatch, index: int) -> None:
    post.copies += 1
    if len(post.others) < MAX_PLACES:
        post.others.append(_place(_row(batch, index)))
    when = moment(batch["posted_at"][index].as_py())
    if when is not None:
        post.first_day = min(post.first_day or when.day, when.day)
        post.last_day = max(post.last_day or when.day, when.day)
