"""What a written bundle does: by slice, on the suite, when names are exchanged, per protocol."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from netralitas_nlp.evaluation.fixed import evaluate_fixed
from netralitas_nlp.evaluation.parity import Movement, audit, audited_texts, load_attributes
from netralitas_nlp.evaluation.suite import WEAK, run_suite
from netralitas_nlp.labeled.suite import load_suite
from netralitas_nlp.model.bundle import Bundle
from netralitas_nlp.model.sums import write_sums
from netralitas_nlp.predictor import Scorer
from netralitas_nlp.training.card import render_card
from netralitas_nlp.training.release import without_nan


@dataclass(frozen=True)
class Behaviour:
    """What is measured on a written bundle.

    Attributes:
        suite: Folder of the behavioural suite, with its ``parity.toml``.
        own: ``posts.csv``; its test posts give slices and take part in the parity audit.
        validate: Rows as ``Frames.validate``, for reliability; none leaves slices and reliability
            out.
        protocols: Folder with the JSON files that ``netralitas evaluate --protocol`` wrote.
    """

    suite: Path
    own: Path | None = None
    validate: pd.DataFrame | None = None
    protocols: Path | None = None


def add_behaviour(
    folder: Path, what: Behaviour, *, sources: Sequence[Mapping[str, Any]]
) -> tuple[Bundle, dict[str, Movement]]:
    """Add measured behaviour to a bundle's evaluation and card; return it with its parity audit.

    Args:
        folder: A bundle; ``evaluation.json``, ``README.md`` and the checksums are rewritten.
        what: Where the cases and posts lie.
        sources: The ``[[set]]`` tables of ``data/sources.toml``, for the card.
    """
    scorer = Scorer.from_pretrained(folder)
    path = folder / "evaluation.json"
    evaluation = json.loads(path.read_text(encoding="utf-8"))
    texts, known = audited_texts(what.suite, what.own)
    attributes = load_attributes(what.suite / "parity.toml")
    moved = audit(texts, scorer, attributes, known=known)
    evaluation["suite"] = _suite(what.suite, scorer)
    evaluation["parity"] = {
        name: {"posts": one.posts, "variants": one.variants, "mean_shift": one.mean_shift,
               "flip_share": one.flip_share}
        for name, one in moved.items() if one.posts
    }  # fmt: skip
    if what.validate is not None:
        fixed = evaluate_fixed(scorer, what.validate, own=what.own)
        evaluation |= {name: fixed[name] for name in ("reliability", "slices") if name in fixed}
    if what.protocols is not None:
        evaluation["protocols"] = [
            json.loads(file.read_text(encoding="utf-8"))
            for file in sorted(what.protocols.glob("*.json"))
        ]
    text = json.dumps(without_nan(evaluation), ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")
    (folder / "README.md").write_text(render_card(json.loads(text), sources), encoding="utf-8")
    write_sums(folder)
    return Bundle.load(folder), moved


def _suite(folder: Path, scorer: Scorer) -> dict[str, Any]:
    figures = run_suite(load_suite(folder), scorer).as_dict()
    kinds = figures["functionalities"]
    names = (
        "cases", "passed", "violations_passed", "violations_flag_or_review",
        "non_violations_passed", "contrast_groups",
    )  # fmt: skip
    return {name: figures[name] for name in names} | {
        "functionalities": len(kinds),
        "weak": sorted(one["name"] for one in kinds.values() if one["passed"] < WEAK),
    }
