"""How many planted label errors the search finds among the most suspect tenth of the rows.

    python benchmarks/label_errors.py                       # all our posts, two minutes a kind
    python benchmarks/label_errors.py --split test --model  # with the released bundle, unseen rows

One label of 5 % of the rows is turned round: `uniform` draws row and label evenly, so that most
planted errors add a label; `balanced` adds and takes away equally often, which is harder.
"""

import argparse
import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from netralitas_nlp.labeled.files import read_labelled
from netralitas_nlp.labels import LABELS
from netralitas_nlp.training.label_errors import LabelledRow, find_label_errors, labelled_rows

KINDS = ("uniform", "balanced")


def plant(
    rows: Sequence[LabelledRow], *, share: float, kind: str, seed: int
) -> tuple[list[LabelledRow], dict[str, int]]:
    """Return the rows with one label of some turned round, and the planted label per row id."""
    chance = np.random.default_rng(seed)
    truth = np.array([row.labels for row in rows])
    n = round(share * len(rows))
    if kind == "uniform":
        at = chance.choice(len(rows), n, replace=False)
        labels = chance.integers(0, len(LABELS), n)
    else:
        at, labels = _balanced(truth, n, chance)
    planted = list(rows)
    for i, j in zip(at.tolist(), labels.tolist(), strict=True):
        values = list(planted[i].labels)
        values[j] = 1 - values[j]
        planted[i] = dataclasses.replace(planted[i], labels=tuple(values))
    return planted, {rows[i].row_id: int(j) for i, j in zip(at, labels, strict=True)}


def _balanced(
    truth: NDArray[np.float64], n: int, chance: np.random.Generator
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    order = chance.permutation(len(truth))
    positive = order[(truth[order] == 1).any(axis=1)][: n // 2]
    taken = [int(chance.choice(np.flatnonzero(truth[i] == 1))) for i in positive]
    others = np.setdiff1d(order, positive)
    added_to = chance.permutation(others[(truth[others] == 0).any(axis=1)])[: n - len(positive)]
    added = [int(chance.choice(np.flatnonzero(truth[i] == 0))) for i in added_to]
    return np.concatenate([positive, added_to]), np.array([*taken, *added])


def found_share(rows: Sequence[LabelledRow], planted: dict[str, int], **options: object) -> float:
    """Return the share of planted errors among the most suspect tenth of the rows."""
    found = find_label_errors(rows, **options)  # type: ignore[arg-type]
    top = {suspect.row.row_id for suspect in found.suspects}
    return len(top & planted.keys()) / len(planted)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("data/labeled/posts.csv"))
    parser.add_argument("--split", help="only rows of this split")
    parser.add_argument("--share", type=float, default=0.05)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--model", nargs="?", const="rilis", help="bundle as additional evidence")
    options = parser.parse_args()
    posts = read_labelled(options.data)
    if options.split:
        posts = posts.take([i for i, name in enumerate(posts.split) if name == options.split])
    rows = labelled_rows(posts)
    scores = _bundle(rows, options.model) if options.model else None
    for kind in KINDS:
        for seed in range(options.seeds):
            planted, where = plant(rows, share=options.share, kind=kind, seed=seed)
            share = found_share(planted, where)
            figures = {"kind": kind, "seed": seed, "rows": len(rows), "planted": len(where)}
            figures["found"] = round(share, 3)
            if scores is not None:
                figures["with_bundle"] = round(found_share(planted, where, bundle_scores=scores), 3)
            print(json.dumps(figures), flush=True)


def _bundle(rows: Sequence[LabelledRow], model: str) -> NDArray[np.float64]:
    from netralitas_nlp import Scorer

    scorer = Scorer.from_pretrained(None if model == "rilis" else model)
    posts = scorer.score_stream((row.text, row.parent_text or None) for row in rows)
    return np.array([[post.scores.get(label, 0.5) for label in LABELS] for post in posts])


if __name__ == "__main__":
    main()
