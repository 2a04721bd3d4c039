"""Candidate support on what training never saw: another election, another candidate.

The test rows are real posts with our labels; what is left out of a fold is left out of every
source, the public sets as well as the relabelled posts. Posts written for the project name invented
people only and may stay.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from netralitas_nlp.evaluation.metrics import average_precision
from netralitas_nlp.evaluation.protocols.folds import (
    Fold,
    judged,
    sampled,
    summary,
    without_copies_of,
)
from netralitas_nlp.labels import Label
from netralitas_nlp.training.dataset import load_constructed, load_public
from netralitas_nlp.training.relabelled import load_relabelled

LABEL: Final[Label] = "candidate_support"

ELECTIONS: Final[Mapping[str, str]] = {
    "pilpres2024_astagatra": "pilpres-2024",
    "pilpres2024_target_sentiment": "pilpres-2024",
    "prabowo_gibran_2023_x": "pilpres-2024",
    "debat_pilpres2024_youtube": "pilpres-2024",
    "pemilu_sept2024_x": "pilpres-2024",
    "pilpres2019_sentiment": "pilpres-2019",
    "pilgub_dki2017_campaign_accounts": "pilgub-dki-2017",
    "pilgub_dki2024_x": "pilgub-dki-2024",
    "pilgub_banten2024_youtube": "pilgub-banten-2024",
}
"""The election that a public set speaks of; other sets speak of none, or of several."""

CAMPS: Final[Mapping[str, re.Pattern[str]]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "anies-muhaimin": r"an[iy]es|muhaimin|[cg](?:ak|us) ?imin|\bamin\b|#\w*amin|\b0?1\b",
        "prabowo-gibran": r"prabowo|gibran|gemoy|indonesia ?maju|\b0?2\b",
        "ganjar-mahfud": r"ganjar|mahfud|gama\b|\b0?3\b",
    }.items()
}
"""The pairs of 2024, as posts name them."""

CAMP_ELECTION: Final = "pilpres-2024"
SUPPORT_SETS: Final = (
    "pilpres2024_target_sentiment", "pilpres2019_sentiment", "stance_articles",
    "pilgub_dki2017_campaign_accounts", "pilgub_dki2024_x", "prabowo_gibran_2023_x",
    "pemilu_sept2024_x", "official_election_tweets", "election_headlines_2023",
)  # fmt: skip


def unseen_election(
    data: Path, base: Path, *, own: Path, relabel: Path, out: Path, seed: int = 13
) -> dict[str, Any]:
    """Return average precision per election that training left out, ready for JSON.

    Args:
        data: Folder of the public sets.
        base: Encoder with ``tokenizer.json`` and ``normalizer.json``.
        own: Posts written for the project; their test rows are not used.
        relabel: Our labels of real posts.
        out: Where training keeps its state.
        seed: Of training.
    """
    rows, dev = _rows(data, own, relabel)
    figures = _judged(by_election(rows), dev, base=base, out=out, seed=seed)
    return summary("unseen-election", base, figures, measure="average precision")


def unseen_candidate(
    data: Path, base: Path, *, own: Path, relabel: Path, out: Path, seed: int = 13
) -> dict[str, Any]:
    """Return average precision per pair of 2024 whose names training never saw; see above."""
    rows, dev = _rows(data, own, relabel)
    figures = _judged(by_candidate(rows), dev, base=base, out=out, seed=seed)
    return summary("unseen-candidate", base, figures, measure="average precision")


def by_election(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame, pd.DataFrame]]:
    """Yield ``(election, training rows, test rows)`` for each election with relabelled posts.

    Args:
        rows: With ``source`` (``relabelled:NAME`` for posts with our labels) and the label.
    """
    election = rows["source"].str.removeprefix("relabelled:").map(ELECTIONS)
    ours = rows["source"].str.startswith("relabelled:")
    for name in sorted(set(election[ours].dropna())):
        yield name, rows[election != name], rows[ours & (election == name)]


def by_candidate(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame, pd.DataFrame]]:
    """Yield ``(pair, training rows, test rows)``: tests name that pair alone, training never."""
    source = rows["source"].str.removeprefix("relabelled:")
    here = rows["source"].str.startswith("relabelled:") & (source.map(ELECTIONS) == CAMP_ELECTION)
    real = source != "constructed"
    named = {name: rows["text"].str.contains(camp) for name, camp in CAMPS.items()}
    for name, found in named.items():
        others = pd.concat([named[other] for other in CAMPS if other != name], axis=1).any(axis=1)
        # A number is a candidate in these sets; invented posts use numbers for invented pairs.
        yield name, rows[~(found & real)], rows[here & found & ~others]


def _judged(
    parts: Iterator[tuple[str, pd.DataFrame, pd.DataFrame]],
    dev: pd.DataFrame,
    *,
    base: Path,
    out: Path,
    seed: int,
) -> list[dict[str, Any]]:
    folds = (
        Fold(name, sampled(without_copies_of(test, train), seed=seed), dev, test)
        for name, train, test in parts
    )
    return judged(folds, label=LABEL, measure=average_precision, base=base, out=out, seed=seed)


def _rows(data: Path, own: Path, relabel: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return everything with the label known, and our dev posts."""
    posts = load_constructed(own)
    parts = [
        load_public(data, names=SUPPORT_SETS),
        posts[posts["split"] == "train"],
        load_relabelled(data, relabel),
    ]
    rows = pd.concat(parts, ignore_index=True)
    known = rows[rows[LABEL].notna()].reset_index(drop=True)
    return known, posts[posts["split"] == "dev"].reset_index(drop=True)
