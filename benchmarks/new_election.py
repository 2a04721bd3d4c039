"""What 300 labelled posts of an election that the model never saw are worth.

    python benchmarks/new_election.py --base train/encoder --out benchmarks/new_election.md

Takes every post of one election out of our labelled posts, trains a bundle without them, adds 300
of them with one command (`netralitas train`), and compares both bundles on the election's other
posts (`netralitas compare`). No group of posts is both among the 300 and among those judged.
"""

import argparse
import csv
import json
import random
import subprocess
import sys
import time
from pathlib import Path

ADDED = 300
NAMES = {"f1": "F1", "ap": "average precision", "neutral_flagged": "neutral posts flagged"}


def main() -> None:
    args = arguments()
    args.work.mkdir(parents=True, exist_ok=True)
    with args.posts.open(encoding="utf-8", newline="") as file:
        posts = list(csv.DictReader(file))
    # Parts are dealt by the command itself: an author and near copies stay together.
    posts = [{k: v for k, v in post.items() if k != "split"} for post in posts]
    others = [post for post in posts if post["election"] != args.election]
    here = [post for post in posts if post["election"] == args.election]
    added, judged = parted(here, seed=args.seed)
    paths = {
        name: write(args.work / f"{name}.csv", rows)
        for name, rows in (("others", others), ("added", added), ("judged", judged))
    }
    seconds = {}
    before, after = args.work / "before", args.work / "after"
    start = time.monotonic()
    train(paths["others"], base=args.base, out=before, released=None)
    seconds["before"] = time.monotonic() - start
    start = time.monotonic()
    train(paths["added"], base=before, out=after, released=paths["others"])
    seconds["after"] = time.monotonic() - start
    found = compared(before, after, on=paths["judged"], work=args.work)
    text = page(args, found, sizes=(len(others), len(added), len(judged)), seconds=seconds)
    args.out.write_text(text, encoding="utf-8")
    print(text)


def parted(posts: list[dict], *, seed: int) -> tuple[list[dict], list[dict]]:
    """Return ``ADDED`` posts to add and the posts to judge, of other groups."""
    groups: dict[str, list[dict]] = {}
    for post in posts:
        groups.setdefault(post["group_id"], []).append(post)
    names = sorted(groups)
    random.Random(seed).shuffle(names)
    added: list[dict] = []
    judged: list[dict] = []
    for name in names:
        if len(added) < ADDED:
            added += groups[name]
        else:
            judged += groups[name]
    return added[:ADDED], judged


def write(path: Path, rows: list[dict]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def train(data: Path, *, base: Path, out: Path, released: Path | None) -> None:
    replay = ["--released", str(released)] if released else ["--without-released"]
    run(
        "train", "--data", str(data), "--account-col", "author_batch", "--base", str(base),
        "--out", str(out), "--fresh", *replay,
    )  # fmt: skip


def compared(before: Path, after: Path, *, on: Path, work: Path) -> dict:
    shown = run(
        "compare", str(before), str(after), "--on", str(on), "--out", str(work / "compare.html"),
        "--json", "--no-suite",
    )  # fmt: skip
    return json.loads(shown)


def run(*words: str) -> str:
    print("netralitas", *words, flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "netralitas_nlp", *words],
        check=False,
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        raise SystemExit(done.stdout)
    return done.stdout


def page(args, found: dict, *, sizes: tuple[int, int, int], seconds: dict[str, float]) -> str:
    others, added, judged = sizes
    lines = [
        f"# {added} posts of an election that the model never saw",
        "",
        f"Written by `python benchmarks/new_election.py --base {args.base}`. Election "
        f"`{args.election}`; {others:,} posts of other elections and of none train the model "
        f"before, {added} posts are added with one command, {judged} others are judged. Training "
        f"took {seconds['before'] / 60:.0f} and {seconds['after'] / 60:.0f} minutes on two cores. "
        f"The encoder below had {tokens(args.base)} tokens of pretraining.",
        "",
        "| figure | before | after | difference (95 % interval) | p, Holm |",
        "|---|---:|---:|---|---:|",
        *(row(name, one) for name, one in found["figures"].items()),
        "",
        f"Verdict of `netralitas compare`: {found['verdict']['kind']}; better: "
        f"{', '.join(found['verdict']['better']) or 'nothing'}; worse: "
        f"{', '.join(found['verdict']['worse']) or 'nothing'}.",
        "",
    ]
    return "\n".join(lines)


def tokens(base: Path) -> str:
    path = base / "pretraining.json"
    return (
        f"{json.loads(path.read_text('utf-8'))['tokens']:,}"
        if path.exists()
        else "an unknown number of"
    )


def row(name: str, one: dict) -> str:
    kind, _, label = name.partition(":")
    return (
        f"| {NAMES.get(kind, kind)} {label} | {one['first']:.3f} | {one['second']:.3f} "
        f"| {one['value']:+.3f} ({one['low']:+.3f} to {one['high']:+.3f}) "
        f"| {one['p_adjusted']:.3f} |"
    )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--posts", type=Path, default=Path("data/labeled/posts.csv"))
    parser.add_argument("--election", default="pileg")
    parser.add_argument("--base", type=Path, default=Path("train/encoder"))
    parser.add_argument("--work", type=Path, default=Path("work/new-election"))
    parser.add_argument("--out", type=Path, default=Path("benchmarks/new_election.md"))
    parser.add_argument("--seed", type=int, default=13)
    return parser.parse_args()


if __name__ == "__main__":
    main()
