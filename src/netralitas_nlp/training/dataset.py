"""The labelled rows a model is trained on: public sets and the posts written for the project."""

import hashlib
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

import pandas as pd

from netralitas_nlp.errors import InputError
from netralitas_nlp.labels import LABELS
from netralitas_nlp.text.dedup import letters_key
from netralitas_nlp.training.groups import group_ids, near_any, split_of
from netralitas_nlp.training.sources import PUBLIC_SETS
from netralitas_nlp.training.sources.common import UNKNOWN, PublicSet, clean, read_table

COLUMNS: Final = (
    "source", "row_key", "text", "parent_text", *LABELS, "weight", "account", "date", "group_id",
    "split",
)  # fmt: skip
"""Columns of a labelled row. A label is 1, 0 or NaN where the set does not know it."""

CONSTRUCTED: Final = "constructed"
BORDERLINE_WEIGHT: Final = 0.5


def load_public(
    data: Path,
    *,
    release_only: bool = True,
    names: Collection[str] | None = None,
    exclude_texts: Collection[str] = (),
) -> pd.DataFrame:
    """Return the public sets mapped to our labels: masked, without copies, split by group.

    Args:
        data: Folder that holds ``hate/ hoax/ neutral/ support/``.
        release_only: Leave out rows on which released weights may not be trained.
        names: Sets to read; all by default. Copies are looked for among those read.
        exclude_texts: ``text_keys`` of texts never to train on, such as a test fold; near
            copies of them go too.

    Returns:
        One row per distinct text with at least one known label, columns ``COLUMNS``. ``weight``
        is the confidence in the labels, 0 to 1; ``account`` a digest; no group lies in both
        splits. The same files and options give the same frame.

    Raises:
        InputError: A file is missing or has other columns, or a name is unknown.
    """
    frames = [_read(chosen, data) for chosen in _chosen(names, release_only=release_only)]
    frame = pd.concat(frames, ignore_index=True)
    if release_only:
        frame = frame[frame["released"].astype(bool)]
    frame = _without_copies(frame.drop(columns="released"))
    frame = frame[frame[list(LABELS)].notna().any(axis=1)].reset_index(drop=True)
    excluded = near_any(frame["key"].tolist(), exclude_texts)
    frame = frame.drop(index=sorted(excluded)).reset_index(drop=True)
    frame["group_id"] = group_ids(
        frame["key"].tolist(), frame["text"].tolist(), frame["account"].tolist()
    )
    frame["split"] = frame["group_id"].map(split_of)
    return frame[list(COLUMNS)]


def load_constructed(path: Path) -> pd.DataFrame:
    """Return the posts written for the project, checked, in the shape of ``load_public``.

    Args:
        path: CSV with the columns ``id text candidate_support hate_speech hoax group_id`` and,
            where present, ``borderline text_kind parent_text author_batch split``; other columns
            are kept as they are. Borderline rows weigh half. A row without a split gets the one
            of its group's hash.

    Raises:
        InputError: A column is missing, a label is neither 0 nor 1, an id occurs twice, or a
            group lies in two splits.
    """
    table = read_table(path, ["id", "text", *LABELS, "group_id"])
    for name in ("borderline", "text_kind", "parent_text", "author_batch", "split"):
        if name not in table.columns:
            table[name] = ""
    for label in LABELS:
        _must_hold(table, label, {"0", "1"}, path)
    _must_hold(table, "borderline", {"", "0", "1"}, path)
    _must_hold(table, "split", {"", "train", "dev", "test"}, path)
    empty = table["split"] == ""
    table.loc[empty, "split"] = table.loc[empty, "group_id"].map(split_of)
    _must_be_sound(table, path)
    frame = table.assign(source=CONSTRUCTED, row_key=table["id"], account="", date="")
    frame[list(LABELS)] = frame[list(LABELS)].astype("float64")
    frame["weight"] = (frame["borderline"] == "1").map({True: BORDERLINE_WEIGHT, False: 1.0})
    frame["text"] = frame["text"].map(clean)
    frame["parent_text"] = frame["parent_text"].map(clean)
    rest = [name for name in frame.columns if name not in {*COLUMNS, "id"}]
    return frame[[*COLUMNS, *rest]]


def text_keys(texts: Iterable[str]) -> set[str]:
    """Return the letters-only keys of texts as published, for ``exclude_texts``."""
    return {letters_key(clean(text)) for text in texts} - {""}


def counts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return, per source and label, how many rows are 1, 0 and unknown."""
    parts = {}
    for label in LABELS:
        value = frame[label].map({1.0: "1", 0.0: "0"}).fillna("unknown")
        parts[label] = pd.crosstab(frame["source"], value).reindex(
            columns=["1", "0", "unknown"], fill_value=0
        )
    table = pd.concat(parts, axis=1)
    table.insert(0, ("rows", ""), frame["source"].value_counts())
    return table


def _chosen(names: Collection[str] | None, *, release_only: bool) -> list[PublicSet]:
    known = {public.name: public for public in PUBLIC_SETS}
    for name in names or ():
        if name not in known:
            raise InputError("public_set_unknown", name=name, known=", ".join(known))
    wanted = known if names is None else names
    return [s for s in PUBLIC_SETS if s.name in wanted and (s.release or not release_only)]


def _read(public: PublicSet, data: Path) -> pd.DataFrame:
    frame = public.read(data)
    text = frame["text"].map(clean)
    key = text.map(letters_key)
    frame = frame.assign(source=public.name, family=public.family, text=text, key=key)
    frame = frame[frame["key"] != ""]
    account = frame["account"].map(_pseudonym)
    return frame.assign(parent_text="", account=account)


def _pseudonym(account: str) -> str:
    return hashlib.sha256(account.lower().encode()).hexdigest()[:12] if account else ""


def _without_copies(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the first row of each text; a row left out hides copies in its own family only.

    Where one set contradicts itself about a text, that label becomes unknown.
    """
    copies = frame.groupby(["source", "key"], sort=False)
    for label in LABELS:
        disagree = copies[label].transform("nunique") > 1
        frame.loc[disagree, label] = UNKNOWN
    frame = frame[~frame.duplicated(["family", "key"])]
    known = frame[list(LABELS)].notna().any(axis=1)
    frame = frame[known]
    return frame[~frame.duplicated("key")]


def _must_hold(table: pd.DataFrame, column: str, allowed: Iterable[str], path: Path) -> None:
    wrong = ~table[column].isin(set(allowed))
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        shown = ", ".join(sorted(value or '""' for value in allowed))
        raise InputError(
            "own_posts_value", file=path, column=column, row=row + 1, allowed=shown,
            value=table[column].iloc[row],
        )  # fmt: skip


def _must_be_sound(table: pd.DataFrame, path: Path) -> None:
    repeated = table["id"].duplicated()
    if repeated.any():
        row = int(repeated.to_numpy().argmax())
        raise InputError("own_posts_repeated", file=path, row=row + 1, value=table["id"].iloc[row])
    straddles = table.groupby("group_id")["split"].transform("nunique") > 1
    if straddles.any():
        row = int(straddles.to_numpy().argmax())
        group = table["group_id"].iloc[row]
        raise InputError("own_posts_straddle", file=path, row=row + 1, value=group)
