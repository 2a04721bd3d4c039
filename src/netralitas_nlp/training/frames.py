"""Which labelled rows do what: train, fit the calibration, be reported, or stand for real life."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from netralitas_nlp.evaluation.held_out import is_neutral
from netralitas_nlp.training.dataset import load_constructed, load_public

NEGATIVE_SHARE = 0.3
"""Share of the groups of everyday, official and news rows that is kept from training altogether."""


@dataclass(frozen=True)
class Frames:
    """Rows by their duty; no group of copies or author has two duties.

    Attributes:
        public: Public rows to train on.
        own: Posts written for the project to train on.
        calibrate: Rows on which calibration and thresholds are fitted, ``own`` tells which kind.
        validate: Rows that only the reported figures see, of the same two kinds.
        negatives: Real everyday posts without any label, used for nothing but the bounds of
            false flags.
    """

    public: pd.DataFrame
    own: pd.DataFrame
    calibrate: pd.DataFrame
    validate: pd.DataFrame
    negatives: pd.DataFrame


def load_frames(data: Path, *, own: Path | None = None) -> Frames:
    """Return the rows of a training run.

    Args:
        data: Folder of the public sets (``hate/ hoax/ neutral/ support/``).
        own: CSV of the posts written for the project; its ``dev`` rows calibrate, its ``test``
            rows validate.
    """
    public = load_public(data).assign(own=False)
    drawn = public["group_id"].map(lambda g: _draw(g, "negatives"))
    kept = is_neutral(public) & (drawn < NEGATIVE_SHARE)
    negatives, public = public[kept], public[~kept]
    dev = public[public["split"] == "dev"]
    reported = dev["group_id"].map(lambda g: _draw(g, "validate")) < 0.5
    posts = load_constructed(own).assign(own=True) if own else public.iloc[:0]
    return Frames(
        public=public[public["split"] == "train"].reset_index(drop=True),
        own=posts[posts["split"] == "train"].reset_index(drop=True),
        calibrate=_joined(dev[~reported], posts[posts["split"] == "dev"]),
        validate=_joined(dev[reported], posts[posts["split"] == "test"]),
        negatives=negatives.reset_index(drop=True),
    )


def _joined(public: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([public, own], ignore_index=True)[list(public.columns)]


def _draw(group: str, purpose: str) -> float:
    """Return a number in [0, 1) that is the same for a group in every run."""
    digest = hashlib.blake2b(f"{purpose} {group}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64
