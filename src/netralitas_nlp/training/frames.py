"""Which labelled rows do what: train, fit the calibration, be reported, or stand for real life."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from netralitas_nlp.evaluation.held_out import is_neutral
from netralitas_nlp.training.dataset import load_constructed, load_public, text_keys
from netralitas_nlp.training.relabelled import load_relabelled

NEGATIVE_SHARE = 0.3
"""Share of the groups of everyday, official and news rows that is kept from training altogether."""


@dataclass(frozen=True)
class Frames:
    """Rows by their duty; no group of copies or author has two duties.

    Attributes:
        public: Public rows to train on.
        own: Posts written for the project to train on.
        relabelled: Real posts that carry our labels to train on; may be empty.
        calibrate: Rows on which calibration and thresholds are fitted, ``kind`` tells which.
        validate: Rows that only the reported figures see, of the same kinds.
        negatives: Real everyday posts without any label, used for nothing but the bounds of
            false flags.
    """

    public: pd.DataFrame
    own: pd.DataFrame
    relabelled: pd.DataFrame
    calibrate: pd.DataFrame
    validate: pd.DataFrame
    negatives: pd.DataFrame


def load_frames(data: Path, *, own: Path | None = None, relabel: Path | None = None) -> Frames:
    """Return the rows of a training run.

    Args:
        data: Folder of the public sets (``hate/ hoax/ neutral/ support/``).
        own: CSV of the posts written for the project; its ``dev`` rows calibrate, its ``test``
            rows validate.
        relabel: Our labels of real posts (``relabel.csv``). Those posts and their near copies
            leave the public rows, so that no proxy label of theirs is trained on.
    """
    again = load_relabelled(data, relabel) if relabel else None
    seen = set() if again is None else text_keys(again["text"])
    public = load_public(data, exclude_texts=seen).assign(kind="public")
    again = public.iloc[:0] if again is None else again.assign(kind="relabelled")
    drawn = public["group_id"].map(lambda g: _draw(g, "negatives"))
    kept = is_neutral(public) & (drawn < NEGATIVE_SHARE)
    negatives, public = public[kept], public[~kept]
    dev = public[public["split"] == "dev"]
    reported = dev["group_id"].map(lambda g: _draw(g, "validate")) < 0.5
    posts = load_constructed(own).assign(kind="own") if own else public.iloc[:0]
    part = {split: again[again["split"] == split] for split in ("train", "dev", "test")}
    return Frames(
        public=public[public["split"] == "train"].reset_index(drop=True),
        own=posts[posts["split"] == "train"].reset_index(drop=True),
        relabelled=part["train"].reset_index(drop=True),
        calibrate=_joined(dev[~reported], posts[posts["split"] == "dev"], part["dev"]),
        validate=_joined(dev[reported], posts[posts["split"] == "test"], part["test"]),
        negatives=negatives.reset_index(drop=True),
    )


def _joined(public: pd.DataFrame, *others: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([public, *others], ignore_index=True)[list(public.columns)]


def _draw(group: str, purpose: str) -> float:
    """Return a number in [0, 1) that is the same for a group in every run."""
    digest = hashlib.blake2b(f"{purpose} {group}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64
