"""Which ways of batching leave a post's score alone, and what each costs.

    python benchmarks/batch_invariance.py --out benchmarks/batch_invariance.md

A 4x256 BERT of random weights (speed does not depend on them; they are drawn wide enough that
attention is not uniform) scores posts whose lengths follow those of real tweets, 27 word pieces on
average, on one thread. Each way runs several times, each time in another order; the best time
counts, as processor time, so that other work on the machine disturbs it little. "Identical" counts
posts whose logits are bit for bit those of the other order, and those of the post scored alone.
Memory is the growth of the peak while a way runs, in a process of its own (Linux only).
"""

import argparse
import json
import multiprocessing
import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import onnxruntime as ort

PIECES, LONGEST, MEAN_LENGTH = 16_000, 128, 27


def main() -> None:
    args = arguments()
    with tempfile.TemporaryDirectory() as folder:
        graph = args.graph or export(Path(folder) / "model.onnx")
        # One process per way: memory freed by one must not hide what the next takes.
        with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
            jobs = [(name, str(graph), args.posts, args.repeats) for name in WAYS]
            rows = []
            for row in pool.imap(measure, jobs):
                rows.append(row)
                print(json.dumps(row))
    if args.out:
        args.out.write_text(table(rows, args.posts), encoding="utf-8")


def measure(job: tuple[str, str, int, int]) -> dict:
    name, graph, n_posts, repeats = job
    posts = draw_posts(n_posts)
    session = open_session(graph)
    alone = np.stack([run(session, [post], len(post), 1)[0] for post in posts[:200]])
    before = peak_mb()
    seconds, outputs = [], []
    for repeat in range(repeats):
        order = np.random.default_rng(repeat).permutation(n_posts)
        began = time.process_time()
        found = WAYS[name](session, [posts[i] for i in order])
        seconds.append(time.process_time() - began)
        restored = np.empty_like(found)
        restored[order] = found
        outputs.append(restored)
    moved = (outputs[0] != outputs[1]).any(axis=1)
    unlike = (outputs[0][:200] != alone).any(axis=1)
    return {
        "way": name,
        "posts_per_cpu_second": round(n_posts / min(seconds)),
        "identical_in_another_order": f"{100 * (1 - moved.mean()):.2f} %",
        "identical_to_alone": f"{100 * (1 - unlike.mean()):.2f} %",
        "largest_difference": f"{max(gap(*outputs[:2]), gap(outputs[0][:200], alone)):.1e}",
        "memory_growth_mb": f"{peak_mb() - before:.0f}",
    }


def draw_posts(n: int) -> list[np.ndarray]:
    draw = np.random.default_rng(0)
    # Log-normal with a standard deviation of 0.8 in the exponent, as tweets are.
    lengths = np.clip(draw.lognormal(np.log(MEAN_LENGTH) - 0.32, 0.8, n).round(), 1, LONGEST - 2)
    return [
        np.concatenate(([2], draw.integers(5, PIECES, int(length)), [3])).astype(np.int64)
        for length in lengths
    ]


def exact(session: ort.InferenceSession, posts: list[np.ndarray]) -> np.ndarray:
    return np.concatenate([run(session, [post], len(post), 1) for post in posts])


def buckets(*, rows: int, step: int, full: bool) -> Callable[..., np.ndarray]:
    """Return a way that pads a post to a multiple of ``step``, whatever stands beside it."""

    def way(session: ort.InferenceSession, posts: list[np.ndarray]) -> np.ndarray:
        found: dict[int, np.ndarray] = {}
        for length, group in grouped(posts, rows=rows, step=step):
            batch = [posts[i] for i in group]
            logits = run(session, batch, length, rows if full else len(batch))
            found |= dict(zip(group, logits, strict=True))
        return np.stack([found[i] for i in range(len(posts))])

    return way


def grouped(posts: list[np.ndarray], *, rows: int, step: int) -> Iterator[tuple[int, list[int]]]:
    waiting: dict[int, list[int]] = {}
    for i, post in enumerate(posts):
        length = min(LONGEST, -(-len(post) // step) * step)
        waiting.setdefault(length, []).append(i)
        if len(waiting[length]) == rows:
            yield length, waiting.pop(length)
    yield from waiting.items()


def free(session: ort.InferenceSession, posts: list[np.ndarray], *, ordered: bool) -> np.ndarray:
    """Batches of 32 padded to the longest post in them, as most programs do."""
    order = sorted(range(len(posts)), key=lambda i: len(posts[i])) if ordered else range(len(posts))
    found = np.empty((len(posts), 3), np.float32)
    for begin in range(0, len(posts), 32):
        group = list(order[begin : begin + 32])
        batch = [posts[i] for i in group]
        found[group] = run(session, batch, max(map(len, batch)), len(batch))
    return found


WAYS: dict[str, Callable[..., np.ndarray]] = {
    "one post, own length, no padding": exact,
    "8 rows filled up, length to 8": buckets(rows=8, step=8, full=True),
    "16 rows filled up, length to 16": buckets(rows=16, step=16, full=True),
    "32 rows filled up, length to 32": buckets(rows=32, step=32, full=True),
    "up to 8 rows of one length": buckets(rows=8, step=1, full=False),
    "up to 32 rows of one length": buckets(rows=32, step=1, full=False),
    "up to 32 rows, length to 8": buckets(rows=32, step=8, full=False),
    "free batches of 32, sorted by length": lambda s, p: free(s, p, ordered=True),
    "free batches of 32": lambda s, p: free(s, p, ordered=False),
}


def gap(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one - other).max())


def run(
    session: ort.InferenceSession, batch: list[np.ndarray], length: int, rows: int
) -> np.ndarray:
    ids = np.zeros((rows, length), np.int64)
    mask = np.zeros((rows, length), np.int64)
    mask[len(batch) :, 0] = 1  # rows that only fill up
    for row, post in enumerate(batch):
        ids[row, : len(post)] = post
        mask[row, : len(post)] = 1
    feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    return session.run(["logits"], feed)[0][: len(batch)]


def open_session(graph: str) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False
    return ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def export(path: Path) -> Path:
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    from netralitas_nlp.training.export import export_onnx

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=PIECES,
        hidden_size=256,
        num_hidden_layers=4,
        num_attention_heads=4,
        intermediate_size=1024,
        max_position_embeddings=LONGEST,
        initializer_range=0.08,
        num_labels=3,
    )
    export_onnx(BertForSequenceClassification(config), path)
    return path


def peak_mb() -> float:
    # Not getrusage, which would count what the parent process held when this one was started.
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def table(rows: list[dict], n_posts: int) -> str:
    heads = list(rows[0])
    lines = [
        "# Batch invariance",
        "",
        f"Written by `benchmarks/batch_invariance.py`: {n_posts} posts, one thread, "
        f"onnxruntime {ort.__version__}, {platform.machine()}, Python {platform.python_version()}.",
        "",
        "| " + " | ".join(head.replace("_", " ") for head in heads) + " |",
        "|" + "---|" * len(heads),
        *("| " + " | ".join(str(row[head]) for head in heads) + " |" for row in rows),
    ]
    return "\n".join(lines) + "\n"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, help="Markdown table to write")
    parser.add_argument(
        "--graph", type=Path, help="model.onnx to measure instead of random weights"
    )
    parser.add_argument("--posts", type=int, default=2000)
    parser.add_argument("--repeats", type=int, default=3, help="the best time counts; at least 2")
    return parser.parse_args()


if __name__ == "__main__":
    main()
