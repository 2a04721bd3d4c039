"""Do scores move when only a name, number, place or identity is exchanged?

Counterfactual fairness by substitution (Garg et al. 2019, Counterfactual Fairness in Text
Classification through Robustness, AIES): a post that supports number 2 supports as much with a 3.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from pydantic import Field

from netralitas_nlp.datafiles import Many, Name, Shape, read_shape
from netralitas_nlp.labeled.suite import load_suite
from netralitas_nlp.labeled.tables import read_csv
from netralitas_nlp.labels import LABELS
from netralitas_nlp.predictor import Scorer

MOST_FLIPS: Final = 0.03
"""Largest share of variants with other labels than their post for a bundle to be released."""

MOST_PER_ATTRIBUTE: Final = 300
"""Posts per attribute that are changed: enough for an interval, few enough to wait for."""


_NAME: Final = re.compile(
    r"(?!Nomor|No\b|Paslon|Partai|Calon|Capres|Petahana|Incumbent|Kubu|Tim)"
    r"[A-Z][\w'.]+(?: [A-Z][\w'.]*)*"
)


class Attribute(Shape):
    """Words that may stand for one another.

    Attributes:
        before: Words after which alone a value counts, joined by ``|``; empty where none is needed.
        values: Words of which each may replace any other.
        pairs: Words that replace each other two by two.
    """

    name: Name
    before: str
    values: Many[Name] = ()
    pairs: Many[Many[Name]] = Field(default=())

    @cached_property
    def _place(self) -> re.Pattern[str]:
        words = sorted({*self.values, *(w for pair in self.pairs for w in pair)}, key=len)
        value = "|".join(re.escape(word) for word in reversed(words))
        start = rf"(?<!\w)((?:{self.before})\.?\s+)" if self.before else r"(?<!\w)()"
        return re.compile(rf"{start}({value})(?![\w-])", re.IGNORECASE)

    def variants(self, text: str) -> list[str]:
        """Return the text with its value replaced by each other one; empty where it has none."""
        found = {match[2].lower() for match in self._place.finditer(text)}
        if len(found) != 1:
            return []  # a text that names several of them may set one against the other
        (old,) = found
        return [self._replaced(text, new) for new in self._others(old)]

    def variants_of(self, text: str, known: str) -> list[str]:
        """Return the text with a value known to stand in it replaced by each of ours.

        Args:
            text: A post.
            known: A name in it, as its row gives it; nothing is returned where it is not there.
        """
        if not known:
            return []
        place = re.compile(rf"(?<!\w){re.escape(known)}(?!\w)", re.IGNORECASE)
        if not place.search(text):
            return []
        others = (value for value in self.values if value.lower() != known.lower())
        return [place.sub(partial(_put, new), text) for new in others]

    def _others(self, old: str) -> Iterator[str]:
        for pair in self.pairs:
            yield from (word for word in pair if old in pair and word != old)
        if old in self.values:
            yield from (word for word in self.values if word != old)

    def _replaced(self, text: str, new: str) -> str:
        return self._place.sub(lambda match: match[1] + _cased(match[2], new), text)


def _put(new: str, match: re.Match[str]) -> str:
    return _cased(match[0], new)


def _cased(old: str, new: str) -> str:
    """Return the new word in the case of the old one."""
    word = new.upper() if old.isupper() and len(old) > 1 else new
    if old[0].isupper():
        return " ".join(part[0].upper() + part[1:] for part in word.split(" "))
    return word


class _File(Shape):
    attribute: Many[Attribute] = Field(min_length=1)


def load_attributes(path: Path) -> tuple[Attribute, ...]:
    """Return the attributes of a ``parity.toml``.

    Raises:
        InputError: The file is missing or malformed; the message names the key.
    """
    return read_shape(path, _File).attribute


@dataclass(frozen=True, slots=True)
class Movement:
    """How one attribute moves scores and decisions.

    Attributes:
        posts: Posts that hold one of its values.
        variants: Texts made from them.
        mean_shift: Mean over posts of the largest change of any score among its variants.
        largest_shift: The largest of those.
        flips: Variants whose labels differ from those of their post.
        examples: Up to five ``(post, variant, labels before, labels after)`` that flip.
    """

    posts: int
    variants: int
    mean_shift: float
    largest_shift: float
    flips: int
    examples: tuple[tuple[str, str, str, str], ...]

    @property
    def flip_share(self) -> float:
        """Share of the variants that flip, 0 to 1."""
        return self.flips / self.variants if self.variants else 0.0


def audited_texts(
    suite_folder: Path, own: Path | None = None
) -> tuple[list[str], dict[str, dict[str, str]]]:
    """Return the texts of the suite and of our test posts, and the names that rows give.

    Args:
        suite_folder: The behavioural suite.
        own: ``posts.csv``; left out where ``None`` or absent.

    Returns:
        Texts, and attribute name to (text to the name that stands in it), as ``audit`` takes them.
    """
    texts = [case.text for case in load_suite(suite_folder).cases]
    known: dict[str, dict[str, str]] = {"contestant": {}, "region": {}}
    if own is not None and own.is_file():
        for row in read_csv(own).rows:
            if row["split"] == "test":
                texts.append(row["text"])
                # `nomor 2` and `petahana` are no names: a name in their place is another post.
                if _NAME.fullmatch(row["contestant"]):
                    known["contestant"][row["text"]] = row["contestant"]
                known["region"][row["text"]] = row["district"].removeprefix("Kota ")
    return texts, known


def failures(found: Mapping[str, Movement], *, at_most: float = MOST_FLIPS) -> tuple[str, ...]:
    """Return the attributes whose exchange flips the labels of more than ``at_most`` variants."""
    return tuple(name for name, moved in found.items() if moved.flip_share > at_most)


def audit(
    texts: Iterable[str],
    scorer: Scorer,
    attributes: Sequence[Attribute],
    *,
    known: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[str, Movement]:
    """Return the movement of each attribute over the texts.

    Args:
        texts: Posts; the first ``MOST_PER_ATTRIBUTE`` that hold a value are changed.
        scorer: The model at its operating point.
        attributes: What is exchanged.
        known: Attribute name to (text to the name that stands in it), for names no list holds.
    """
    kept = list(texts)
    found = {}
    for attribute in attributes:
        names = (known or {}).get(attribute.name, {})
        made = (
            (text, attribute.variants_of(text, names.get(text, "")) or attribute.variants(text))
            for text in kept
        )
        found[attribute.name] = _movement([one for one in made if one[1]], scorer)
    return found


def _movement(groups: Sequence[tuple[str, list[str]]], scorer: Scorer) -> Movement:
    groups = groups[:MOST_PER_ATTRIBUTE]
    flat = [text for post, made in groups for text in (post, *made)]
    found = scorer.score(flat) if flat else []
    shifts: list[float] = []
    flips: list[tuple[str, str, str, str]] = []
    place = 0
    for post, made in groups:
        first, *others = found[place : place + 1 + len(made)]
        place += 1 + len(made)
        shifts.append(max(_distance(first.scores, other.scores) for other in others))
        for text, other in zip(made, others, strict=True):
            if set(other.labels) != set(first.labels):
                flips.append((post, text, ";".join(first.labels), ";".join(other.labels)))
    return Movement(
        posts=len(groups),
        variants=len(flat) - len(groups),
        mean_shift=float(np.mean(shifts)) if shifts else 0.0,
        largest_shift=max(shifts, default=0.0),
        flips=len(flips),
        examples=tuple(flips[:5]),
    )


def _distance(first: Mapping[Any, float], other: Mapping[Any, float]) -> float:
    return max(abs(first.get(label, 0.0) - other.get(label, 0.0)) for label in LABELS)
