"""What a written bundle does on the behavioural suite and when names are exchanged."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from netralitas_nlp.evaluation.parity import audit, load_attributes
from netralitas_nlp.evaluation.suite import run_suite
from netralitas_nlp.labeled.suite import load_suite
from netralitas_nlp.model.bundle import Bundle
from netralitas_nlp.model.sums import write_sums
from netralitas_nlp.predictor import Scorer
from netralitas_nlp.training.card import render_card

WEAK = 0.7
"""Share of passed cases under which a functionality counts as weak."""


def add_behaviour(
    folder: Path, suite_folder: Path, *, sources: Sequence[Mapping[str, Any]]
) -> Bundle:
    """Measure a bundle on the suite, add the figures to its evaluation and card, return it.

    Args:
        folder: A bundle; ``evaluation.json``, ``README.md`` and the checksums are rewritten.
        suite_folder: The behavioural suite with its ``parity.toml``.
        sources: The ``[[set]]`` tables of ``data/sources.toml``, for the card.
    """
    scorer = Scorer.from_pretrained(folder)
    suite = load_suite(suite_folder)
    figures = run_suite(suite, scorer).as_dict()
    moved = audit(
        [case.text for case in suite.cases], scorer, load_attributes(suite_folder / "parity.toml")
    )
    path = folder / "evaluation.json"
    evaluation = json.loads(path.read_text(encoding="utf-8"))
    kinds = figures["functionalities"]
    evaluation["suite"] = {
        name: figures[name]
        for name in (
            "cases", "passed", "violations_passed", "violations_flag_or_review",
            "non_violations_passed", "contrast_groups",
        )
    } | {
        "functionalities": len(kinds),
        "weak": sorted(one["name"] for one in kinds.values() if one["passed"] < WEAK),
    }  # fmt: skip
    evaluation["parity"] = {
        name: {"posts": one.posts, "variants": one.variants, "mean_shift": one.mean_shift,
               "flip_share": one.flip_share}
        for name, one in moved.items() if one.posts
    }  # fmt: skip
    text = json.dumps(evaluation, ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")
    (folder / "README.md").write_text(render_card(evaluation, sources), encoding="utf-8")
    write_sums(folder)
    return Bundle.load(folder)
