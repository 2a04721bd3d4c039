"""Posts that the released model learnt from, mixed in so that new rows do not erase old knowledge.

Rehearsal is the plainest remedy against forgetting (McCloskey & Cohen 1989; Robins 1995,
Catastrophic Forgetting, Rehearsal and Pseudorehearsal).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from netralitas_nlp.labeled.rows import LabelledPosts
from netralitas_nlp.labels import LABELS
from netralitas_nlp.model.bundle import Bundle
from netralitas_nlp.predictor import Scorer
from netralitas_nlp.text.dedup import letters_key
from netralitas_nlp.training.dataset import load_constructed
from netralitas_nlp.training.groups import near_any

PER_NEW_ROW: Final = 4
FEWEST: Final = 1500
"""Released posts that are replayed: so many per new row, and at least this many."""


HARD: Final = 0.5
"""Share of the known label in the target of a replayed post, as in ``train/distil.toml``."""


@dataclass(frozen=True)
class Replay:
    """Released posts by their duty; none is a near copy of a user's post.

    Attributes:
        train: Drawn for training.
        dev: For calibration and thresholds.
        test: For the comparison with the base: what the model knew before.
        seen: User's dev and test posts that equal, or nearly, a post the released model trained
            on; figures of the base flatter it there.
    """

    train: pd.DataFrame
    dev: pd.DataFrame
    test: pd.DataFrame
    seen: int


def released_posts() -> Path | None:
    """Return ``data/labeled/posts.csv`` of a checkout, ``None`` in an installed package."""
    path = Path(__file__).resolve().parents[3] / "data" / "labeled" / "posts.csv"
    return path if path.is_file() else None


def load_replay(path: Path, posts: LabelledPosts, *, seed: int) -> Replay:
    """Return the released posts that go with a user's posts.

    Args:
        path: ``posts.csv``.
        posts: The user's, with their splits.
        seed: Of the draw.

    Raises:
        InputError: The file is not what ``training.dataset.load_constructed`` reads.
    """
    released = load_constructed(path).assign(kind="own", source="released")
    keys = released["text"].map(letters_key)
    users = [letters_key(text) for text in posts.text]
    held = [key for key, split in zip(users, posts.split, strict=True) if split != "train" and key]
    trained = set(keys[released["split"] == "train"])
    copies = sorted(near_any(keys.tolist(), set(users) - {""}))
    kept = released.drop(index=released.index[copies])
    part = {name: kept[kept["split"] == name] for name in ("train", "dev", "test")}
    wanted = max(FEWEST, PER_NEW_ROW * posts.split.count("train"))
    drawn = part["train"].sample(min(wanted, len(part["train"])), random_state=seed)
    return Replay(
        train=drawn.reset_index(drop=True),
        dev=part["dev"].reset_index(drop=True),
        test=part["test"].reset_index(drop=True),
        seen=len(near_any(held, trained)),
    )


def with_opinion(frame: pd.DataFrame, bundle: Bundle) -> pd.DataFrame:
    """Return replayed rows whose labels are half the known ones, half what the base says.

    A model that only sees the labels again drifts from what it knew beyond them; its own former
    scores hold it (Li & Hoiem 2016, Learning without Forgetting).
    """
    pairs = [
        (text, parent or None)
        for text, parent in zip(frame["text"], frame["parent_text"], strict=True)
    ]
    point = next(iter(bundle.operating_points))
    scorer = Scorer.from_pretrained(bundle.folder, operating_point=point)
    scores = [
        [found.scores.get(label, 0.0) for label in LABELS] for found in scorer.score_stream(pairs)
    ]
    known = frame[list(LABELS)].to_numpy(dtype=float)
    mixed = HARD * known + (1 - HARD) * np.array(scores).reshape(known.shape)
    return frame.assign(**{label: mixed[:, j] for j, label in enumerate(LABELS)})


def frame_of(posts: LabelledPosts, groups: list[str], *, split: str) -> pd.DataFrame:
    """Return the posts of one split as the rows that training and figures take."""
    chosen = [i for i, name in enumerate(posts.split) if name == split]
    part = posts.take(chosen)
    frame = pd.DataFrame(
        {
            "text": part.text,
            "parent_text": part.parent,
            "weight": 1.0,
            "kind": "own",
            "source": "user",
            "row_key": [str(row) for row in part.row],
            "group_id": [groups[i] for i in chosen],
        }
    )
    frame[list(LABELS)] = part.labels
    return frame


def posts_of(frame: pd.DataFrame, *, file: str) -> LabelledPosts:
    """Return released rows in the shape in which models are compared."""
    n = len(frame)
    return LabelledPosts(
        file=file,
        row=tuple(range(1, n + 1)),
        text=tuple(frame["text"]),
        parent=tuple(frame["parent_text"]),
        labels=frame[list(LABELS)].to_numpy(dtype=float),
        account=("",) * n,
        group=tuple(frame["group_id"]),
        split=tuple(frame["split"]),
        extra={
            name: tuple(frame[name].astype(str))
            for name in ("platform", "register", "language", "text_kind")
            if name in frame.columns
        },
    )
