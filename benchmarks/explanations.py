"""What explaining flagged and near posts adds to the time of a run.

Run with ``python benchmarks/explanations.py [--model DIR] [--rows N] [--out TABLE.md]``. Whole
runs of ``netralitas score``, start included, with and without ``--no-evidence`` in turn, each in a
process of its own. The example exports are taken as they are; of the labelled posts so many are
drawn, each once, that a fifth of the rows is flagged or near the threshold.
"""

import argparse
import csv
import json
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import onnxruntime

from netralitas_nlp import Scorer

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = [ROOT / "data/examples" / n for n in ("tweet-harvest.csv", "pantauan-facebook.xlsx")]
SHARE = 0.2
"""Of rows that are flagged or near: what an export of a campaign holds."""

COMMAND = [sys.executable, "-c", "from netralitas_nlp.cli.app import main; main()", "score"]
HEADER = "| rows | flagged or near | cpu s without | cpu s with | growth |"


def write_export(path: Path, rows: int, model: str | None) -> Path:
    """Write an export of different labelled posts, a fifth of them flagged or near."""
    with (ROOT / "data/labeled/posts.csv").open(encoding="utf-8", newline="") as file:
        texts = list(dict.fromkeys(row["text"] for row in csv.DictReader(file)))
    random.Random(5).shuffle(texts)
    raised: list[str] = []
    clear: list[str] = []
    wanted = round(SHARE * rows)
    for text, found in zip(texts, Scorer.from_pretrained(model).score_stream(texts), strict=True):
        (clear if found.decision == "clear" else raised).append(text)
        if len(raised) >= wanted and len(clear) >= rows - wanted:
            break
    chosen = raised[:wanted] + clear[: rows - wanted]
    random.Random(6).shuffle(chosen)
    with path.open("w", encoding="ascii") as file:
        for n, text in enumerate(chosen):
            file.write(json.dumps({"username": f"warga_{n % 99}", "full_text": text}) + "\n")
    return path


def run(inputs: Sequence[Path], out: Path, *options: str) -> float:
    """Return the CPU seconds of a run: other work on the machine moves them little."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    given = [*map(str, inputs), "--out", str(out), "--fresh", "--jobs", "1", "-q", *options]
    subprocess.run([*COMMAND, *given], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def compare(inputs: Sequence[Path], *, repeats: int, model: str | None) -> str:
    """Return a row of the table."""
    chosen = [] if model is None else ["--model", model]
    times: dict[str, list[float]] = {"--no-evidence": [], "--evidence": []}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(repeats):
            for option, found in times.items():
                found.append(run(inputs, Path(folder) / "run", option, *chosen))
        counts = json.loads((Path(folder) / "run/manifest.json").read_text())["counts"]
    without, explained = times["--no-evidence"], times["--evidence"]
    growth = statistics.median(b / a - 1 for a, b in zip(without, explained, strict=True))
    raised = (counts["flag"] + counts["review"]) / counts["rows"]
    return (
        f"| {counts['rows']} | {raised:.0%} | "
        f"{statistics.median(without):.2f} | {statistics.median(explained):.2f} | {growth:+.1%} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", help="a bundle; the released one if left out")
    parser.add_argument("--rows", type=int, default=4000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--note", default="", help="a sentence on the machine")
    parser.add_argument("--out", type=Path, help="write the table to this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        export = write_export(Path(folder) / "unggahan.jsonl", options.rows, options.model)
        rows = []
        for inputs in (EXAMPLES, [export]):
            rows.append(compare(inputs, repeats=options.repeats, model=options.model))
            print(rows[-1], flush=True)
    bundle = Scorer.from_pretrained(options.model).bundle
    stored = "with" if (bundle.folder / "pieces.npy").is_file() else "without"
    text = (
        "# Explanations\n\n"
        f"Written by `benchmarks/explanations.py`: {bundle.name} {stored} `pieces.npy`, medians of "
        f"{options.repeats} runs each way in turn, one process, csv and parquet and the page, "
        f"onnxruntime {onnxruntime.__version__}, {platform.machine()}, Python "
        f"{platform.python_version()}. {options.note}\n\n"
        f"{HEADER}\n|---|---|---|---|---|\n" + "\n".join(rows) + "\n"
    )
    print(text)
    if options.out:
        options.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
