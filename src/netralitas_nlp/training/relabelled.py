"""Our labels of real posts, joined to the public files that a user has pulled.

``data/labeled/relabel.csv`` holds no text: only the set, the row of its file, a digest of the
cell and our labels. The text stays with its publisher.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from netralitas_nlp.errors import InputError
from netralitas_nlp.labels import LABELS
from netralitas_nlp.text.dedup import letters_key
from netralitas_nlp.training.dataset import BORDERLINE_WEIGHT
from netralitas_nlp.training.sources.common import (
    clean,
    read_lines,
    read_table,
    without_stray_quote,
)

COLUMNS: Final = ("source", "row_key", "text_sha256", "labels", "borderline", "votes", "split")
"""Columns of ``relabel.csv``.

``labels`` are joined by ``;``. ``votes`` are two words of three digits each, in the order of
``labels.LABELS``: ``100;110`` says that both annotators saw support and the second also hate.
"""


@dataclass(frozen=True, slots=True)
class Pool:
    """Files of one public set from which posts were drawn for relabelling.

    Attributes:
        source: Name of the set, as in ``data/sources.toml``.
        files: Pattern of its files below the data folder.
        column: Column of the text.
        sep: Delimiter; empty for JSON lines.
        encoding: Of delimited files.
    """

    source: str
    files: str
    column: str
    sep: str = ","
    encoding: str = "utf-8-sig"


POOLS: Final = (
    Pool("pilpres2024_astagatra", "support/pilpres2024_astagatra/*2024.csv", "text", ";"),
    Pool("pilpres2024_target_sentiment", "support/pilpres2024_target_sentiment/*.csv", "full_text"),
    Pool("prabowo_gibran_2023_x", "support/prabowo_gibran_2023_x/Raw_Data/*.csv", "full_text", ";"),
    Pool("pilgub_banten2024_youtube", "support/pilgub_banten2024_youtube/*.csv", "Comment"),
    Pool("debat_pilpres2024_youtube", "support/debat_pilpres2024_youtube/*.csv", "text"),
    Pool("pilgub_dki2024_x", "support/pilgub_dki2024_x/*.csv", "full_text"),
    Pool(
        "ibrohim-budi-2019-multilabel", "hate/ibrohim-budi-2019-multilabel/re_dataset.csv", "Tweet",
        encoding="latin-1",
    ),
    Pool("hoax_posts", "hoax/hoax_posts/*.jsonl.gz", "text", ""),
    Pool("official_election_tweets", "neutral/official_election_tweets/*.csv", "text"),
    Pool("emotion_tweets", "neutral/emotion_tweets/*.csv", "tweet"),
)  # fmt: skip
"""A pool's files are read in the order of their names."""


def digest(cell: str) -> str:
    """Return the digest by which a published cell is recognised (SHA-256 of its UTF-8 bytes)."""
    return hashlib.sha256(cell.encode("utf-8", "surrogatepass")).hexdigest()


def read_pool(pool: Pool, data: Path) -> pd.DataFrame:
    """Return the posts of a pool: ``source row_key text_sha256 text``, the text as published.

    Raises:
        InputError: No file of the pool lies below ``data``, or a column is missing.
    """
    paths = sorted(path for path in data.glob(pool.files) if "unlabeled" not in path.name)
    if not paths:
        folder, name = pool.files.rsplit("/", 1)
        raise InputError("public_set_missing", file=name, folder=data / folder)
    frames = []
    for path in paths:
        if pool.sep:
            table = read_table(path, [pool.column], sep=pool.sep, encoding=pool.encoding)
        else:
            table = read_lines(path, [pool.column])
        text = table[pool.column].astype(str)
        frames.append(
            pd.DataFrame(
                {
                    "source": pool.source,
                    "row_key": [f"{path.name}:{number + 1}" for number in text.index],
                    "text_sha256": text.map(digest),
                    "text": text,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def shown(text: "pd.Series[str]") -> "pd.Series[str]":
    """Return published cells as annotators and models see them: repaired and masked."""
    return without_stray_quote(text).map(clean)


def read_labels(path: Path) -> pd.DataFrame:
    """Return ``relabel.csv``, checked, with one column of 0 and 1 per label.

    Raises:
        InputError: A column is missing, a label or split is unknown, or a row occurs twice.
    """
    table = read_table(path, COLUMNS)
    named = table["labels"].map(lambda cell: frozenset(filter(None, cell.split(";"))))
    for row, labels in enumerate(named, start=1):
        if not labels <= set(LABELS):
            raise InputError(
                "own_posts_value", file=path, column="labels", row=row,
                allowed="; ".join(LABELS), value=table["labels"].iloc[row - 1],
            )  # fmt: skip
    for label in LABELS:
        table[label] = named.map(lambda labels, label=label: float(label in labels))
    repeated = table.duplicated(["source", "text_sha256"])
    if repeated.any():
        row = int(repeated.to_numpy().argmax())
        key = table["row_key"].iloc[row]
        raise InputError("own_posts_repeated", file=path, row=row + 1, value=key)
    return table


def load_relabelled(
    data: Path, path: Path, *, splits: Iterable[str] = ("train", "dev", "test")
) -> pd.DataFrame:
    """Return the relabelled posts with their texts, in the shape of ``dataset.load_public``.

    A post is found by its set and digest, so a file with moved rows still matches.

    Args:
        data: Folder of the public sets.
        path: ``relabel.csv``.
        splits: Splits to return.

    Raises:
        InputError: A pool is missing, or a file no longer holds a labelled post.
    """
    labels = read_labels(path)
    labels = labels[labels["split"].isin(set(splits))].drop(columns="row_key")
    wanted = set(labels["source"])
    pools = [read_pool(pool, data) for pool in POOLS if pool.source in wanted]
    texts = pd.concat(pools, ignore_index=True).drop_duplicates(["source", "text_sha256"])
    frame = labels.merge(texts, on=["source", "text_sha256"], how="left", validate="one_to_one")
    lost = frame["text"].isna()
    if lost.any():
        row = frame[lost].iloc[0]
        raise InputError(
            "relabelled_lost", n=int(lost.sum()), source=row["source"], digest=row["text_sha256"]
        )
    text = shown(frame["text"])
    return frame.assign(
        source="relabelled:" + frame["source"],
        text=text,
        parent_text="",
        weight=(frame["borderline"] == "1").map({True: BORDERLINE_WEIGHT, False: 1.0}),
        account="",
        date="",
        group_id="relabelled:" + text.map(letters_key).map(digest).str[:16],
    ).drop(columns=["text_sha256", "labels"])
