"""What a run costs beside the model, per row and in memory.

Run with ``python benchmarks/run_overhead.py [--out TABLE.csv]``. A scorer that answers at once
stands in for the model, so all that is left is reading, naming, keeping and writing. Each size
runs in a process of its own.
"""

import argparse
import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from netralitas_nlp.labels import LABELS

SIZES = (10_000, 100_000, 300_000)
FORMATS = ("csv", "parquet")


@dataclass(frozen=True)
class Nothing:
    """A model that is not there."""

    name: str = "instant"
    digest: str = "0" * 64
    evaluation: Mapping[str, Any] | None = None


_NEVER = {label: {"flag": 1.0, "review": 1.0} for label in LABELS}


@dataclass
class InstantScorer:
    """A scorer that answers at once."""

    bundle: Nothing = field(default_factory=Nothing)
    operating_point: str = "balanced"
    thresholds: Mapping[Any, Any] = field(default_factory=lambda: _NEVER)

    def normal_form(self, text: str) -> str:
        return text

    def score_stream(self, texts: Iterable[Any]) -> Iterator[Any]:
        """Yield the same prediction for every text."""
        from netralitas_nlp.schema import Prediction

        answer = Prediction(dict.fromkeys(LABELS, 0.123456789), (), "clear", 20, 1)
        return (answer for _ in texts)

    def evidence(self, questions: Any, predictions: Any) -> Any:
        """Explain nothing: no post is flagged."""
        return [() for _ in questions]


def write_export(path: Path, rows: int) -> None:
    """Write a CSV in the shape of a tweet-harvest export: 15 columns, about 27 words of text."""
    names = [
        "conversation_id_str", "created_at", "favorite_count", "full_text", "id_str", "image_url",
        "in_reply_to_screen_name", "lang", "location", "quote_count", "reply_count",
        "retweet_count", "tweet_url", "user_id_str", "username",
    ]  # fmt: skip
    words = ("kerja", "bakti", "di", "balai", "desa", "hari", "ini", "berjalan", "lancar", "semua")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for n in range(rows):
            number = str(1_700_000_000_000_000_000 + n)
            text = " ".join(words[(n + k) % len(words)] for k in range(27)) + f" #{n}"
            writer.writerow(
                [
                    number,
                    "Sat Sep 21 02:10:00 +0000 2024",
                    n % 50,
                    text,
                    number,
                    "",
                    "",
                    "in",
                    "Kabupaten Contoh",
                    0,
                    0,
                    n % 9,
                    f"https://x.com/warga/status/{number}",
                    str(n % 999),
                    f"warga_{n % 999}",
                ]
            )


def measure(rows: int) -> dict[str, float]:
    """Return the cost of one run in this process."""
    from netralitas_nlp.io.readers import open_export
    from netralitas_nlp.scoring.pipeline import score_files

    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "export.csv"
        write_export(source, rows)
        before_reading = time.process_time()
        for table in open_export(str(source)):
            for _ in table:
                pass
        before, wall = time.process_time(), time.monotonic()
        score_files(
            [source], out=Path(folder) / "run", jobs=1, formats=FORMATS,
            make_scorer=InstantScorer, report=False,
        )  # fmt: skip
        spent, waited = time.process_time() - before, time.monotonic() - wall
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "rows": rows,
        "reading_us_per_row": (before - before_reading) / rows * 1e6,
        "run_cpu_us_per_row": spent / rows * 1e6,
        "run_wall_us_per_row": waited / rows * 1e6,
        "peak_memory_mb": peak,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, help="measure one size in this process")
    parser.add_argument("--out", type=Path, help="write the table to this CSV file")
    options = parser.parse_args()
    if options.rows:
        print(json.dumps(measure(options.rows)))
        return
    results = []
    for rows in SIZES:
        command = [sys.executable, __file__, "--rows", str(rows)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        results.append(json.loads(done.stdout))
        print(" ".join(f"{key}={value:,.1f}" for key, value in results[-1].items()), flush=True)
    if options.out:
        with options.out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(results[0]))
            writer.writeheader()
            writer.writerows(results)


if __name__ == "__main__":
    main()
