"""The same text elsewhere in a run: who has it first on record, and how many have it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from netralitas_nlp.scoring.run import RunFolder

COLUMNS: Final = ("row_id", "duplicate_of", "account", "posted_at")


@dataclass(frozen=True, slots=True)
class Chain:
    """The same text elsewhere in the run.

    Attributes:
        first_row: Row of which the others are copies.
        first_account: Its author; empty where unknown.
        first_at: Its time, as exported; empty where unknown.
        copies: Rows of the chain, the first and this one among them.
        accounts: Different authors among them.
    """

    first_row: str
    first_account: str
    first_at: str
    copies: int
    accounts: int


def chains_of(run: RunFolder, rows: Sequence[Mapping[str, Any]]) -> dict[str, Chain]:
    """Return the chain of each first row that has copies."""
    roots = pa.array(sorted({row["duplicate_of"] or row["row_id"] for row in rows}), pa.string())
    members: dict[str, list[Mapping[str, Any]]] = {}
    for batch in run.batches(COLUMNS):
        root = pc.coalesce(batch["duplicate_of"], batch["row_id"])
        for row in batch.filter(pc.is_in(root, value_set=roots)).to_pylist():
            members.setdefault(row["duplicate_of"] or row["row_id"], []).append(row)
    return {root: _chain(root, some) for root, some in members.items() if len(some) > 1}


def _chain(root: str, members: Sequence[Mapping[str, Any]]) -> Chain:
    first = next((row for row in members if row["row_id"] == root), members[0])
    return Chain(
        first_row=root,
        first_account=first["account"] or "",
        first_at=first["posted_at"] or "",
        copies=len(members),
        accounts=len({row["account"] for row in members if row["account"]}),
    )
