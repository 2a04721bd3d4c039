"""``netralitas evaluate --parity``, ``--faithfulness`` and ``--roster``: how scores come about."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netralitas_nlp.cli.evaluate_files import Measured
from netralitas_nlp.errors import InputError, phrase
from netralitas_nlp.labels import LABEL_NAMES, LABELS, Language

if TYPE_CHECKING:
    from netralitas_nlp.predictor import Scorer


def measure_parity(scorer: "Scorer", folder: Path | None, own: Path, lang: Language) -> Measured:
    """Return how far scores move when names, numbers, faiths and places are swapped.

    Over the suite and, where the file is there, our test posts.
    """
    from netralitas_nlp.datafiles import data_folder
    from netralitas_nlp.evaluation.parity import (
        MOST_FLIPS,
        audit,
        audited_texts,
        load_attributes,
    )

    where = folder or data_folder("suite")
    texts, known = audited_texts(where, own)
    found = audit(texts, scorer, load_attributes(where / "parity.toml"), known=known)
    moved = {name: asdict(one) | {"flip_share": one.flip_share} for name, one in found.items()}
    figures = {"most_flips": MOST_FLIPS, "attributes": moved}
    return Measured("parity", figures, _movements(moved, lang))


def measure_faithfulness(
    scorer: "Scorer", folder: Path | None, own: Path, lang: Language
) -> Measured:
    """Return what scores are without the words of their evidence, and with these alone.

    On the suite and, where the file is there, our test posts.
    """
    from netralitas_nlp.datafiles import data_folder
    from netralitas_nlp.evaluation.faithfulness import faithfulness, summary
    from netralitas_nlp.labeled.suite import load_suite
    from netralitas_nlp.labeled.tables import read_csv

    cases = load_suite(folder or data_folder("suite")).cases
    sets = {"suite": [(case.text, case.parent_text or None) for case in cases]}
    if own.is_file():
        tests = [row for row in read_csv(own).rows if row["split"] == "test"]
        sets["own"] = [(row["text"], row["parent_text"] or None) for row in tests]
    found = {name: summary(faithfulness(items, scorer)) for name, items in sets.items()}
    return Measured("faithfulness", {"sets": found}, _kept(found, lang))


def measure_roster(scorer: "Scorer", rosters: Sequence[str], own: Path, lang: Language) -> Measured:
    """Return the average precision on our test posts with and without marked contestants.

    Raises:
        InputError: The posts have no such columns, or a label that is none of 0, 1 and empty.
    """
    import numpy as np

    from netralitas_nlp.evaluation.roster_gain import roster_gain
    from netralitas_nlp.labeled.tables import read_csv

    marked = scorer.with_roster(rosters)
    table = read_csv(own, needs=("text", "parent_text", "split", "group_id", *LABELS))
    known = {"1": 1.0, "0": 0.0, "": np.nan}
    for number, row in enumerate(table.rows, start=1):
        for label in LABELS:
            if row[label] not in known:
                raise InputError(
                    "own_posts_value", file=own, column=label, row=number, allowed='"", 0, 1',
                    value=row[label],
                )  # fmt: skip
    rows = [row for row in table.rows if row["split"] == "test"]
    gains = roster_gain(
        scorer,
        marked,
        [(row["text"], row["parent_text"] or None) for row in rows],
        {label: np.array([known[row[label]] for row in rows]) for label in LABELS},
        groups=[row["group_id"] for row in rows],
    )
    return Measured("roster", gains, _gains(gains, lang))


def _movements(found: dict[str, dict[str, Any]], lang: Language) -> list[str]:
    lines = [phrase("parity_title", "text", lang=lang)]
    for name, moved in found.items():
        lines.append(
            f"  {name:<24}{moved['posts']:>7,}{moved['variants']:>9,}{moved['mean_shift']:>9.3f}"
            f"{moved['largest_shift']:>9.3f}{moved['flip_share']:>9.1%}"
        )
    return lines


def _kept(sets: dict[str, dict[str, Any]], lang: Language) -> list[str]:
    lines = [phrase("faithfulness_title", "text", lang=lang)]
    for name, groups in sets.items():
        lines.append(phrase(f"faithfulness_{name}", "text", lang=lang))
        for group, one in groups.items():
            shown = LABEL_NAMES[lang].get(group, "")  # type: ignore[call-overload]
            shown = shown or phrase("faithfulness_all", "text", lang=lang)
            if not one["labels_explained"]:
                continue
            lines.append(
                f"  {shown:<20}{one['labels_explained']:>7,}{one['share_of_words']:>8.0%}"
                f"{one['comprehensiveness']:>10.3f}{one['random_comprehensiveness']:>10.3f}"
                f"{one['sufficiency']:>10.3f}{one['random_sufficiency']:>10.3f}"
            )
    return lines


def _gains(found: dict[str, Any], lang: Language) -> list[str]:
    counts = {"named": found["named"], "posts": found["posts"]}
    lines = [phrase("roster_gain_title", "text", lang=lang, **counts)]
    for label, one in found["labels"].items():
        plain, marked, moved = one["plain"], one["marked"], one["difference"]
        lines.append(
            f"  {LABEL_NAMES[lang][label]:<20}{one['positives']:>6}{plain['value']:>9.3f}"
            f"{marked['value']:>9.3f}{moved['value']:>+9.3f}"
            f" ({moved['low']:+.3f}–{moved['high']:+.3f})"
        )
    return lines
