"""A scorer without a model, and exports for it: for tests of everything around the scoring."""

import csv
import hashlib
import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from netralitas_nlp.evidence import Span
from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.schema import Prediction
from netralitas_nlp.thresholds import Threshold

FLAG, REVIEW = 0.8, 0.6


@dataclass(frozen=True)
class FakeBundle:
    """What a run asks of a bundle."""

    name: str = "model-uji-v1"
    digest: str = "ab" * 32
    evaluation: Mapping[str, Any] | None = None


@dataclass
class HashScorer:
    """Gives every text the same scores whenever it is asked: digits of its hash.

    Attributes:
        bundle: Name and digest that go into the manifest.
        delay: Seconds per text, to have time to be killed.
        dies_at: Text that ends the process, as a memory killer would.
    """

    bundle: FakeBundle = field(default_factory=FakeBundle)
    operating_point: str = "balanced"
    delay: float = 0.0
    dies_at: str | None = None

    @property
    def thresholds(self) -> Mapping[Label, Threshold]:
        return {label: Threshold(flag=FLAG, review=REVIEW) for label in LABELS}

    def normal_form(self, text: str) -> str:
        return text

    def score_stream(self, texts: Iterable[tuple[str, str | None]]) -> Iterator[Prediction]:
        for text, parent in texts:
            if self.delay:
                time.sleep(self.delay)
            if text == self.dies_at:
                import os

                os._exit(9)
            yield prediction(text, parent)

    def evidence(
        self, questions: Sequence[tuple[str, str | None]], predictions: Sequence[Prediction]
    ) -> list[tuple[Span, ...]]:
        return [
            first_word(text) if found.decision != "clear" else ()
            for (text, _), found in zip(questions, predictions, strict=True)
        ]


def first_word(text: str) -> tuple[Span, ...]:
    """Return what the fake model holds for evidence: the first word, for the last label."""
    word = text.split(maxsplit=1)[0]
    start = text.index(word)
    return (Span(LABELS[-1], start, start + len(word), word, 0.25),)


def prediction(text: str, parent: str | None = None) -> Prediction:
    """Return what the fake model says about a text."""
    digest = hashlib.sha256(f"{text}\0{parent}".encode("utf-8", "surrogatepass")).digest()
    scores = {
        label: int.from_bytes(digest[4 * i : 4 * i + 4], "big") / 2**32
        for i, label in enumerate(LABELS)
    }
    labels = tuple(label for label in LABELS if scores[label] >= FLAG)
    near = any(score >= REVIEW for score in scores.values())
    decision = "flag" if labels else "review" if near else "clear"
    return Prediction(scores, labels, decision, len(text.split()), 1)


_WORDS = ("jalan", "desa", "balai", "warga", "apel", "pagi", "rapat", "pupuk", "panen", "pasar")


def write_csv(path: Path, rows: int, *, seed: int = 1, extra: int = 0) -> Path:
    """Write an export of everyday posts by fictional people, some of them without text."""
    chance = random.Random(seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        names = [f"kolom_{n}" for n in range(extra)]
        writer.writerow(["id_str", "created_at", "username", "full_text", "tweet_url", *names])
        for n in range(1, rows + 1):
            text = " ".join(chance.choices(_WORDS, k=chance.randint(4, 30)))
            writer.writerow(
                [
                    str(1_700_000_000_000_000_000 + n),
                    f"2024-09-{n % 28 + 1:02d}T0{n % 9}:10:00+08:00",
                    f"warga_{n % 37}",
                    "" if n % 23 == 0 else f"{text} #{n}",
                    f"https://x.com/warga_{n % 37}/status/{1_700_000_000_000_000_000 + n}",
                    *(f"isi {n}" for _ in names),
                ]
            )
    return path
