"""Fit the TF-IDF floor on labelled rows and write its figures.

    python train/baseline.py --data DIR --own data/labeled/posts.csv --out floor.json
    python train/baseline.py --own data/labeled/posts.csv --folds 5 --out data/labeled/floor.json

The first judges the dev split; the second asks how easy our own posts are, by cross-validation
over author batches on train and dev (the test split is never read).
"""

import argparse
import json
import math
import time
from pathlib import Path

import pandas as pd

from netralitas_nlp.training.baseline import cross_validate, fit_baseline
from netralitas_nlp.training.dataset import counts, load_constructed, load_public

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
parser.add_argument("--data", type=Path, help="folder of the public sets")
parser.add_argument("--own", type=Path, help="CSV of the posts written for the project")
parser.add_argument("--out", type=Path, required=True, help="JSON file to write")
parser.add_argument("--folds", type=int, default=0, help="cross-validate over author batches")
parser.add_argument("--stem", action="store_true", help="Sastrawi stems before counting")
parser.add_argument("--all-sets", action="store_true", help="also sets whose terms forbid release")


def plain(value: object) -> object:
    """Return a value that strict JSON can hold."""
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, float):
        return None if not math.isfinite(value) else round(value, 6)
    return value


def main() -> None:
    options = parser.parse_args()
    started = time.perf_counter()
    if not (options.data or options.own):
        parser.error("give --data, --own or both")
    frames = []
    if options.data:
        frames.append(load_public(options.data, release_only=not options.all_sets))
    if options.own:
        frames.append(load_constructed(options.own))
    frame = pd.concat(frames, ignore_index=True)
    train, dev = frame[frame["split"] == "train"], frame[frame["split"] == "dev"]
    if options.folds:
        train = dev = frame[frame["split"] != "test"].reset_index(drop=True)
        result = cross_validate(dev, by="author_batch", folds=options.folds, stem=options.stem)
    else:
        result = fit_baseline(train, dev, stem=options.stem)
    table = counts(frame)
    figures = {
        "model": "TF-IDF word(1,2) + char_wb(2,5), logistic regression per label",
        "stem": options.stem,
        "folds": options.folds,
        "train_rows": len(train),
        "dev_rows": len(dev),
        "sources": {
            source: {"/".join(filter(None, column)): int(row[column]) for column in table.columns}
            for source, row in table.iterrows()
        },
        "thresholds": dict(result.thresholds),
        "dev": dict(result.figures),
        "seconds": time.perf_counter() - started,
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(plain(figures), indent=1) + "\n", encoding="utf-8")
    for label, found in result.figures.items():
        print(
            f"{label:18} P {found['precision']:.3f}  R {found['recall']:.3f}  "
            f"F1 {found['f1']:.3f}  AP {found['average_precision']:.3f}"
        )


if __name__ == "__main__":
    main()
