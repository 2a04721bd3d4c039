"""Identities that must not decide a label: exchanged in training rows, or never read at all."""

import random
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from netralitas_nlp.evaluation.parity import Attribute
from netralitas_nlp.text.normalize import Normalizer
from netralitas_nlp.text.standins import StandinGroup


def with_standins(normalizer: Normalizer, table: Path) -> Normalizer:
    """Return the normaliser of a model that reads stand-ins (``text.standins``).

    Args:
        normalizer: Its other settings are kept.
        table: A ``standins.toml``.

    Raises:
        TypeError: The table has an unknown key.
    """
    groups = tomllib.loads(table.read_text("utf-8"))["group"]
    standins = tuple(StandinGroup.from_settings(group) for group in groups)
    return Normalizer(replace(normalizer.settings, standins=standins))


def exchanged(
    frame: pd.DataFrame, attributes: Sequence[Attribute], *, share: float, seed: int
) -> pd.DataFrame:
    """Return training rows of which some speak of another religion, people, gender or number.

    Labels stay: contempt for one group is contempt for another, and a neutral mention stays
    neutral. A text that names several of the words is left as it is, since it may set one against
    the other. (Counterfactual augmentation, Garg et al. 2019.)

    Args:
        frame: Rows with ``text``; never rows that calibrate or are reported.
        attributes: What may stand for what.
        share: Of the rows that hold such a word, 0 to 1.
        seed: Of the draw.
    """
    draw = random.Random(seed)  # noqa: S311 - a draw of texts, not a secret
    texts = [_other(text, attributes, draw) if draw.random() < share else text
             for text in frame["text"]]  # fmt: skip
    return frame.assign(text=texts)


def _other(text: str, attributes: Sequence[Attribute], draw: random.Random) -> str:
    for attribute in draw.sample(list(attributes), len(attributes)):
        variants = attribute.variants(text)
        if variants:
            return draw.choice(variants)
    return text
