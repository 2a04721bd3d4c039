"""``netralitas evaluate --public`` and ``--protocol``: sets that never trained a model."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from netralitas_nlp.cli.evaluate_files import Measured
from netralitas_nlp.errors import MissingExtraError, UsageError, phrase
from netralitas_nlp.labels import LABEL_NAMES, LABELS, Language

if TYPE_CHECKING:
    from netralitas_nlp.predictor import Scorer


def measure_protocol(
    name: str, public: Path | None, base: Path | None, out: Path, *, own: Path, relabel: Path
) -> Measured:
    """Train anew per fold of a protocol and return the figures.

    Raises:
        UsageError: No such protocol, or it lacks ``public`` or ``base``.
        MissingExtraError: The training stack is not installed.
    """
    from netralitas_nlp.evaluation.protocols import PROTOCOLS, run_protocol

    if name not in PROTOCOLS or public is None or base is None:
        raise UsageError("protocol_needs", name=name, available=", ".join(PROTOCOLS))
    try:
        figures = run_protocol(name, public, base, own=own, relabel=relabel, out=out)
    except ModuleNotFoundError as error:
        raise MissingExtraError("extra_train", package=error.name) from None
    return Measured(name, figures)


def measure_public(
    scorer: "Scorer", public: Path, point: str, lang: Language, *, own: Path, relabel: Path
) -> Measured:
    """Return how a model does on every fixed set.

    Raises:
        MissingExtraError: The training stack is not installed.
    """
    try:
        from netralitas_nlp.evaluation.fixed import evaluate_fixed
        from netralitas_nlp.training.frames import load_frames
    except ModuleNotFoundError as error:
        raise MissingExtraError("extra_train", package=error.name) from None
    frames = load_frames(public, own=own, relabel=relabel if relabel.is_file() else None)
    figures = evaluate_fixed(scorer, frames.validate, own=own)
    # The floor was fitted when the model was; it stands on the same rows of the same sets.
    floor = (scorer.bundle.evaluation or {}).get("floor")
    lines = _table(figures["sets"], point, lang)
    return Measured("fixed", figures | ({"floor": floor} if floor else {}), lines)


def _table(sets: dict[str, Any], point: str, lang: Language) -> list[str]:
    lines = []
    for kind, figures in sets.items():
        at = figures[point]
        lines.append(phrase(f"fixed_{kind}", "text", lang=lang, rows=figures["rows"]))
        for label in LABELS:
            if label not in at:
                continue
            one, (low, high) = at[label], at[label]["f1_interval"]
            lines.append(
                f"  {LABEL_NAMES[lang][label]:<20} P {one['precision']:.2f}  R {one['recall']:.2f}"
                f"  F1 {one['f1']:.2f} ({low:.2f}–{high:.2f})  AP {one['average_precision']:.2f}"
            )
        neutral = at["neutral_flagged"]
        share = {"n": neutral["flagged"], "of": neutral["posts"], "share": neutral["share"] or 0.0}
        lines.append(phrase("fixed_neutral", "text", lang=lang, **share))
    return lines
