"""Labelled files of an invented researcher, made from the posts of the tiny model."""

import csv
import itertools
from pathlib import Path

from tiny import POSTS

from netralitas_nlp.labels import LABELS

PLACES = (
    "Kertaraya", "Sukamaju", "Tirtasari", "Wanajaya", "Karangbale", "Lembahasri", "Pulosari",
    "Rawakembang", "Gunungsewu", "Tanjungbale", "Muaralaya", "Batukarang",
)  # fmt: skip
"""Fictional."""


def posts(rounds: int = 6) -> list[dict[str, str]]:
    """Return rows that are no copies of one another, with the labels of the tiny posts."""
    number = itertools.count()
    rows = []
    for turn in range(rounds):
        for text, labels in POSTS:
            n = next(number)
            first, last = n * 7919 % 1000, n * 613 % 997
            place, other = PLACES[turn % len(PLACES)], PLACES[(turn * 5 + n) % len(PLACES)]
            rows.append(
                {
                    "text": f"{place} {first} {other} {text} {other} {last} {place}",
                    "labels": ";".join(x for x, y in zip(LABELS, labels, strict=True) if y),
                    "account": f"warga_{n}",
                    "platform": "x" if n % 2 else "facebook",
                }
            )
    return rows


def write_csv(path: Path, rows: list[dict[str, str]], *, encoding: str = "utf-8") -> Path:
    """Write the rows as CSV and return the path."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path
