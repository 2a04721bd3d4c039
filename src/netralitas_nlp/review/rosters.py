"""The contestants of a run's rosters, kept in the store, so that the desk names them too."""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from netralitas_nlp.review.store import ReviewStore
from netralitas_nlp.text.rosters import Rosters

NONE: Final = "[]"
"""How a run without rosters stands in the store."""


def roster_facts(manifest: Mapping[str, Any]) -> str:
    """Return the rosters of a run as JSON, without any that it was not scored with.

    Args:
        manifest: Of the run: ``rosters`` holds them whole, its configuration their digests.
    """
    scored_with = manifest["config"].get("rosters")
    if not isinstance(scored_with, dict):
        return NONE
    kept = [
        {"roster": one["roster"], "content": one["content"]}
        for one in manifest.get("rosters", ())
        if _digest(one.get("content", "")) == scored_with.get(one.get("roster"))
    ]
    return json.dumps(kept, ensure_ascii=False)


def keep_rosters(store: ReviewStore, run_id: int, manifest: Mapping[str, Any]) -> None:
    """Give a run that an older desk took in the rosters that it did not keep."""
    facts = roster_facts(manifest)
    if facts == NONE:
        return
    with store.base.write() as base:
        base.execute(
            "UPDATE runs SET rosters = ? WHERE id = ? AND rosters = ?", (facts, run_id, NONE)
        )


def rosters_of_run(store: ReviewStore, run_id: int) -> Rosters:
    """Return the rosters of a run in the store; none where they cannot be read any more."""
    with store.base.read() as base:
        row = base.execute("SELECT rosters FROM runs WHERE id = ?", (run_id,)).fetchone()
    return _read(row[0] if row else NONE)


@lru_cache(maxsize=32)
def _read(facts: str) -> Rosters:
    try:
        return Rosters.from_facts(json.loads(facts))
    except ValueError:  # A form of a roster that this version does not know.
        return Rosters([])


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode("utf-8")).hexdigest()
