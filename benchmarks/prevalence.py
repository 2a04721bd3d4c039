"""Does the interval of `netralitas prevalence` hold the truth 95 times in 100?

    python benchmarks/prevalence.py --audits 2000 --out benchmarks/prevalence.md

Simulated audits: 20,000 posts in seven strata of rising score, violations gathered in the strata of
high scores as they do with a model that works; each audit draws as `netralitas sample` allots and
counts how often the interval holds the true share.
"""

import argparse
from functools import cache
from pathlib import Path

import numpy as np

from netralitas_nlp.sampling import allocate
from netralitas_nlp.stratified import stratified_share

SIZES = np.array([10_000, 6_000, 2_000, 1_000, 600, 200, 200])
SHAPE = np.array([0.05, 0.2, 0.8, 2.0, 5.0, 12.0, 25.0])
CASES = ((0.01, 300), (0.03, 400), (0.10, 300), (0.02, 1_000))


def main() -> None:
    args = arguments()
    lines = [
        "# Coverage of the interval of prevalence",
        "",
        f"Written by `python benchmarks/prevalence.py --audits {args.audits}`.",
        "",
        "| true share | posts judged | intervals that hold it | mean width |",
        "|---:|---:|---:|---:|",
    ]
    for rate, judged in CASES:
        truth, held, width = coverage(rate, judged, audits=args.audits, seed=args.seed)
        lines.append(f"| {truth:.2%} | {judged:,} | {held:.1%} | {width:.2%} |")
        print(lines[-1], flush=True)
    args.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


def coverage(rate: float, n: int, *, audits: int, seed: int) -> tuple[float, float, float]:
    """Return the true share, how many intervals hold it, and their mean width."""
    chance = np.random.default_rng((seed, int(rate * 1000), n))
    hits = np.round(SIZES * np.minimum(0.95, SHAPE * rate / (SIZES @ SHAPE) * SIZES.sum()))
    judged = np.array(allocate(SIZES.tolist(), n))
    truth = hits.sum() / SIZES.sum()
    interval = cache(lambda seen: stratified_share(SIZES, judged, seen))
    held, width = 0, 0.0
    for _ in range(audits):
        seen = chance.hypergeometric(hits.astype(int), (SIZES - hits).astype(int), judged)
        share = interval(tuple(seen.tolist()))
        held += share.low <= truth <= share.high
        width += share.high - share.low
    return truth, held / audits, width / audits


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--audits", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/prevalence.md"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
