"""Labelled posts of a user, checked before anything learns from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from netralitas_nlp.errors import InputError
from netralitas_nlp.labels import LABEL_NAMES, LABELS, Label

FloatArray = npt.NDArray[np.float64]

YES: Final = frozenset({"1", "1.0", "true", "ya", "y", "yes"})
NO: Final = frozenset({"0", "0.0", "false", "tidak", "t", "n", "no"})
UNKNOWN: Final = frozenset({"", "-", "?", "na", "nan", "null", "none"})
"""Words of a column that holds one label: yes, no, and nothing said."""

NEUTRAL: Final = frozenset({"", "-", "netral", "neutral", "none", "tidak ada", "[]"})
"""Words of a column of joined labels that mean: none of them."""

SPLITS: Final[Mapping[str, str]] = {
    "train": "train", "latih": "train", "training": "train",
    "dev": "dev", "valid": "dev", "validation": "dev", "val": "dev", "validasi": "dev",
    "test": "test", "uji": "test",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LabelledPosts:
    """Posts with labels; every sequence has one entry per post.

    Attributes:
        file: Where they come from, as errors and cards name it.
        row: Number of the record in its table, from 1.
        text: As the author wrote it.
        parent: The post it answers; empty where there is none.
        labels: Shape (posts, labels), 1, 0 or NaN where the source does not say.
        account: Author; empty where unknown.
        group: Group that the file itself names; empty where it names none.
        split: ``train``, ``dev``, ``test``, or empty where the file does not say.
        extra: Further columns as text, for slices.
        ident: What the file calls each post; empty where it has no such column.
    """

    file: str
    row: tuple[int, ...]
    text: tuple[str, ...]
    parent: tuple[str, ...]
    labels: FloatArray
    account: tuple[str, ...]
    group: tuple[str, ...]
    split: tuple[str, ...]
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ident: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.text)

    def take(self, chosen: Sequence[int] | npt.NDArray[np.integer]) -> "LabelledPosts":
        """Return the posts at these positions, in this order."""

        def some(values: tuple[Any, ...]) -> tuple[Any, ...]:
            return tuple(values[i] for i in chosen)

        return replace(
            self,
            row=some(self.row),
            text=some(self.text),
            parent=some(self.parent),
            labels=self.labels[np.asarray(chosen, dtype=np.intp)],
            account=some(self.account),
            group=some(self.group),
            split=some(self.split),
            extra={name: some(values) for name, values in self.extra.items()},
            ident=some(self.ident) if self.ident else (),
        )

    def with_split(self, split: Sequence[str]) -> "LabelledPosts":
        """Return the same posts dealt to other splits."""
        return replace(self, split=tuple(split))

    @property
    def neutral(self) -> npt.NDArray[np.bool_]:
        """Which posts are known to carry none of the labels, shape (posts,)."""
        return np.asarray((self.labels == 0).all(axis=1), dtype=bool)


def joined(parts: Sequence[LabelledPosts]) -> LabelledPosts:
    """Return several lots of posts as one; further columns that one of them lacks are empty."""
    names = dict.fromkeys(name for part in parts for name in part.extra)

    def all_of(attribute: str) -> tuple[Any, ...]:
        return tuple(value for part in parts for value in getattr(part, attribute))

    return LabelledPosts(
        file=", ".join(dict.fromkeys(part.file for part in parts)),
        row=all_of("row"),
        text=all_of("text"),
        parent=all_of("parent"),
        labels=np.concatenate([part.labels for part in parts]),
        account=all_of("account"),
        group=all_of("group"),
        split=all_of("split"),
        extra={
            name: tuple(
                value for part in parts for value in part.extra.get(name, ("",) * len(part))
            )
            for name in names
        },
        ident=all_of("ident") if all(part.ident for part in parts) else (),
    )


def split_word(cell: object, *, file: str, row: int, column: str) -> str:
    """Return the split that a cell names.

    Raises:
        InputError: It names none that is known.
    """
    word = str(cell).strip().casefold()
    if word not in SPLITS:
        raise InputError(
            "labelled_value", file=file, row=row, column=column, value=cell,
            allowed="train, dev, test",
        )  # fmt: skip
    return SPLITS[word]


def one_label(cell: object, *, file: str, row: int, column: str) -> float:
    """Return 1, 0 or NaN for the cell of a column that holds one label.

    Raises:
        InputError: The cell says neither yes, no nor nothing.
    """
    word = "" if cell is None else str(cell).strip().casefold()
    if word in YES:
        return 1.0
    if word in NO:
        return 0.0
    if word in UNKNOWN:
        return float("nan")
    raise InputError(
        "labelled_value", file=file, row=row, column=column, value=cell, allowed="1, 0, ya, tidak"
    )


class LabelWords:
    """Which words stand for our labels: their names in both languages, and what the user adds.

    Args:
        named: The user's word to our label; an empty label means: none of ours.

    Raises:
        InputError: A label of the mapping is not one of ours.
    """

    def __init__(self, named: Mapping[str, str] | None = None) -> None:
        self._known: dict[str, Label | None] = {
            _folded(word): label
            for label in LABELS
            for word in (label, LABEL_NAMES["id"][label], LABEL_NAMES["en"][label])
        }
        self._known |= dict.fromkeys(NEUTRAL)
        for word, meant in (named or {}).items():
            if _folded(meant) not in self._known:
                raise InputError("labelled_map", word=word, meant=meant, allowed=", ".join(LABELS))
            self._known[_folded(word)] = self._known[_folded(meant)]

    def label_of(self, column: str) -> Label | None:
        """Return the label that a column name stands for, if any."""
        return self._known.get(_folded(column))

    def labels_in(self, cell: object, *, file: str, row: int, column: str) -> frozenset[Label]:
        """Return the labels that a cell of joined labels names (``;``, ``,``, ``|``, or a list).

        Raises:
            InputError: A word is not known; the message shows how to map it.
        """
        words = cell if isinstance(cell, list) else _parts("" if cell is None else str(cell))
        found: set[Label] = set()
        for word in words:
            folded = _folded(str(word))
            if folded not in self._known:
                raise InputError(
                    "labelled_word", file=file, row=row, column=column, value=word,
                    allowed=", ".join(LABELS),
                )  # fmt: skip
            label = self._known[folded]
            if label is not None:
                found.add(label)
        return frozenset(found)


def _parts(cell: str) -> list[str]:
    whole = cell.strip().removeprefix("[").removesuffix("]")
    for mark in ";|,":
        whole = whole.replace(mark, "\n")
    return [part.strip().strip("'\"") for part in whole.split("\n") if part.strip()]


def _folded(word: str) -> str:
    return word.casefold().replace("_", " ").replace("-", " ").strip() or ""
