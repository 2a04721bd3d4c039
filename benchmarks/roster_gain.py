"""What a roster adds for contestants that training never saw.

Run with ``python benchmarks/roster_gain.py [--model DIR] [--out TABLE.md]``. The posts of the test
split are by authors of their own, and so are their contestants. For each author and district the
names in the column ``contestant`` make a roster, whatever the label of the row; every post of
that author and district is then scored with and without it. Only posts that name a contestant
count. Labels are not looked at before both scores are there.
"""

import argparse
import platform
from collections import defaultdict
from pathlib import Path

import numpy as np
import onnxruntime
import pandas as pd

from netralitas_nlp import Scorer
from netralitas_nlp.evaluation.roster_gain import gain
from netralitas_nlp.labels import LABELS
from netralitas_nlp.text.rosters import Rosters
from netralitas_nlp.training.cast import Cast, named_in

ROOT = Path(__file__).resolve().parent.parent
POSTS = ROOT / "data/labeled/posts.csv"
HEADER = "| label | posts | positives | AP without | AP with | difference (95 % interval) |"


def scores(rows: pd.DataFrame, plain: Scorer) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """Return scores without and with a roster, shape (posts, labels), and the posts named in."""
    marked, bare, kept = [], [], []
    places = frozenset(rows["district"].str.removeprefix("Kota ").str.lower())
    by_roster: dict[frozenset[str], list[int]] = defaultdict(list)
    casts: dict[frozenset[str], Cast] = {}
    for _, group in rows.groupby(["author_batch", "district"]):
        named = [one for cell in group["contestant"] for one in named_in(cell, places=places)]
        cast = Cast.of(named, group["text"])
        key = frozenset(one.full for one in cast.named)
        casts.setdefault(key, cast)
        by_roster[key] += [
            index
            for index, row in group.iterrows()
            if any(cast.roster.find(part) for part in (row["text"], row["parent_text"]) if part)
        ]
    for key, indexes in by_roster.items():
        posts = [
            (row["text"], row["parent_text"] or None) for _, row in rows.loc[indexes].iterrows()
        ]
        if not posts:
            continue
        with_roster = plain.with_roster(Rosters([casts[key].roster]))
        for scorer, found in ((plain, bare), (with_roster, marked)):
            found += [[one.scores[label] for label in LABELS] for one in scorer.score_stream(posts)]
        kept += indexes
    return np.array(bare), np.array(marked), rows.loc[kept]


def table(rows: pd.DataFrame, scorer: Scorer) -> list[str]:
    """Return the lines of the table."""
    bare, marked, named = scores(rows, scorer)
    lines = []
    for j, label in enumerate(LABELS):
        truth = named[label].to_numpy(dtype=float)
        found = gain(truth, bare[:, j], marked[:, j], groups=named["group_id"].tolist())
        moved = found.difference
        lines.append(
            f"| {label} | {found.posts} | {found.positives} | {found.plain.value:.3f} | "
            f"{found.marked.value:.3f} | "
            f"{moved.value:+.3f} ({moved.low:+.3f} to {moved.high:+.3f}) |"
        )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", help="a bundle; the released one if left out")
    parser.add_argument("--out", type=Path, help="write the table to this file")
    options = parser.parse_args()
    scorer = Scorer.from_pretrained(options.model)
    if not scorer.marks_contestants:
        raise SystemExit(f"{scorer.bundle.name} was not trained with marked contestants.")
    rows = pd.read_csv(POSTS, dtype=str, keep_default_na=False)
    rows = rows[rows["split"] == "test"].reset_index(drop=True)
    text = (
        "# Roster gain\n\n"
        f"Written by `benchmarks/roster_gain.py`: {scorer.bundle.name}, test posts that name a "
        f"contestant of their author's roster, onnxruntime {onnxruntime.__version__}, "
        f"{platform.machine()}.\n\n"
        f"{HEADER}\n|---|---:|---:|---:|---:|---|\n" + "\n".join(table(rows, scorer)) + "\n"
    )
    print(text)
    if options.out:
        options.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
