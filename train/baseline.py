"""Fit the TF-IDF floor on the labelled sets and write its figures on the dev split."""

import argparse
import json
import math
import time
from pathlib import Path

import pandas as pd

from netralitas_nlp.training.baseline import fit_baseline
from netralitas_nlp.training.dataset import counts, load_constructed, load_public

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--data", type=Path, required=True, help="folder of the public sets")
parser.add_argument("--own", type=Path, help="CSV of the posts written for the project")
parser.add_argument("--out", type=Path, required=True, help="JSON file to write")
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
    frame = load_public(options.data, release_only=not options.all_sets)
    if options.own:
        frame = pd.concat([frame, load_constructed(options.own)], ignore_index=True)
    train, dev = frame[frame["split"] == "train"], frame[frame["split"] == "dev"]
    result = fit_baseline(train, dev, stem=options.stem)
    table = counts(frame)
    figures = {
        "model": "TF-IDF word(1,2) + char_wb(2,5), logistic regression per label",
        "stem": options.stem,
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
