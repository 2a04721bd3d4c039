"""A retrained classifier becomes a bundle: calibrated, measured, compared with its base."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from transformers import BertForSequenceClassification

from netralitas_nlp import calibration
from netralitas_nlp.errors import BundleError
from netralitas_nlp.evaluation.comparison import compare_models
from netralitas_nlp.evaluation.held_out import figures_of
from netralitas_nlp.labeled.rows import LabelledPosts
from netralitas_nlp.labeled.splits import balance
from netralitas_nlp.labels import LABELS
from netralitas_nlp.model.backend_torch import TorchBackend
from netralitas_nlp.model.batching import Backend
from netralitas_nlp.model.bundle import Bundle
from netralitas_nlp.predictor import Scorer
from netralitas_nlp.profiles import TEST_POSTS
from netralitas_nlp.training.baseline import fit_baseline
from netralitas_nlp.training.bases import Base, masked_head
from netralitas_nlp.training.bundle_writer import amend_bundle, put_in_place, write_bundle
from netralitas_nlp.training.card import render_retrained_card
from netralitas_nlp.training.finetune import FinetuneSettings
from netralitas_nlp.training.graph import Shape
from netralitas_nlp.training.precision import Precision, Rounding, rounding
from netralitas_nlp.training.reference import reference_of
from netralitas_nlp.training.refit import Refit, as_json, refit
from netralitas_nlp.training.release import frame_logits, without_nan
from netralitas_nlp.training.replay import Replay, frame_of, posts_of

FloatArray = npt.NDArray[np.float64]

SPLIT: Final = "bagian uji data Anda, tidak dipakai melatih maupun memilih ambang"
"""What the published figures were measured on, as the report shows it."""

LICENCE: Final = """The model weights, tokenizer and figures in this folder were made from {base}.

Its licence and the terms of the labelled posts hold for them; neither is known to this program.
Whoever shares this folder must state them here.
"""

NOT_FITTED: Final = "nothing here: those of the base"


@dataclass(frozen=True, slots=True)
class Material:
    """What a retrained model was made of.

    Attributes:
        base: What it started from.
        posts: The user's posts with their splits.
        groups: Group of each post.
        replay: Released posts; ``None`` without.
        trained: Rows that it was trained on.
    """

    base: Base
    posts: LabelledPosts
    groups: list[str]
    replay: Replay | None
    trained: int


def rerelease(
    model: BertForSequenceClassification,
    material: Material,
    *,
    out: Path,
    scratch: Path,
    name: str,
    settings: FinetuneSettings,
    tell: Callable[[str], None],
) -> tuple[Bundle, dict[str, Any], dict[str, Any] | None]:
    """Write the bundle; return it, and the comparisons on the user's and on the released posts.

    Everything is fitted and measured on the exported graph, as users will run it.

    Args:
        model: The classifier.
        material: What it was made of.
        out: Where the bundle goes.
        scratch: A folder on the same disk for what is not finished.
        name: Of the bundle.
        settings: How it was trained, for the card.
        tell: Told what begins: ``export``, ``figures``, ``compare``.
    """
    draft = scratch / "bundle"
    shutil.rmtree(draft, ignore_errors=True)
    bundle, fitted, precision = _drafted(draft, model, material, name=name, tell=tell)
    fitted_on = _dev(material)[1]
    test = frame_of(material.posts, material.groups, split="test")
    scores = _scores(bundle, test, fitted)
    evaluation = _evaluation(test, scores, fitted, material) | {
        "bundle": name, "settings": asdict(settings), "precision": precision,
    }  # fmt: skip
    measured: dict[str, Any] = {
        "calibration": {"labels": fitted.calibration, "fitted_on": fitted_on},
        "thresholds": {
            "operating_points": fitted.points,
            "fitted_on": fitted_on if fitted.fitted else NOT_FITTED,
            "figures": fitted.figures,
        },
        "reference": reference_of(
            test["text"].tolist(), scores, bundle=bundle,
            points=fitted.points, about=TEST_POSTS,
        ),
    }  # fmt: skip
    bundle = amend_bundle(draft, **measured, evaluation=evaluation, card="")
    tell("compare")
    comparison, known = _comparisons(bundle, material)
    evaluation["comparison"] = {
        "posts": _shareable(comparison), "released": _shareable(known) if known else None,
    }  # fmt: skip
    amend_bundle(draft, **measured, evaluation=evaluation, card=render_retrained_card(evaluation))
    return put_in_place(draft, out), comparison, known


def _drafted(
    folder: Path,
    model: BertForSequenceClassification,
    material: Material,
    *,
    name: str,
    tell: Callable[[str], None],
) -> tuple[Bundle, Refit, dict[str, Any]]:
    """Return the bundle in int8 with what was fitted on it, or in fp32 where int8 will not do."""
    facts: dict[str, Any] = {"form": "fp32"}
    if Shape.of(model.config).is_drawable:
        tell("export")
        bundle = _draft(folder, model, material.base, name=name, precision="int8")
        tell("figures")
        fitted = _refit(bundle, material)
        lost = _rounding(bundle, model, material, fitted)
        if lost.acceptable:
            return bundle, fitted, {"form": "int8", **lost.as_json()}
        facts["refused"] = lost.as_json()
    tell("export")
    bundle = _draft(folder, model, material.base, name=name, precision="fp32")
    tell("figures")
    return bundle, _refit(bundle, material), facts


def _rounding(
    bundle: Bundle, model: BertForSequenceClassification, material: Material, fitted: Refit
) -> Rounding:
    """Return what int8 costs on all posts that were not trained on: the test posts may be few."""
    test = frame_of(material.posts, material.groups, split="test")
    frame = pd.concat([_dev(material)[0], test], ignore_index=True)
    rounded = _scores(bundle, frame, fitted)
    whole = _scores(bundle, frame, fitted, backend=TorchBackend(model.train(False)))
    truth = frame[list(LABELS)].to_numpy(dtype=np.float64)
    point = fitted.points.get("balanced") or next(iter(fitted.points.values()))
    return rounding(whole, rounded, truth, point)


def _draft(
    folder: Path,
    model: BertForSequenceClassification,
    base: Base,
    *,
    name: str,
    precision: Precision,
) -> Bundle:
    same = {label: {"a": 1.0, "b": 0.0} for label in LABELS}
    half = {label: {"flag": 0.5, "review": 0.5} for label in LABELS}
    licence = base.folder / "LICENSE"
    return write_bundle(
        folder,
        model=model,
        masked_language_model=masked_head(base),
        tokenizer=base.tokenizer,
        normalizer_settings=base.normalizer.to_settings(),
        labels=LABELS,
        calibration={"labels": same, "fitted_on": "nothing"},
        thresholds={"operating_points": {"uncalibrated": half}},
        reference={},
        evaluation={},
        card="",
        license=licence.read_text(encoding="utf-8", errors="replace")
        if licence.is_file()
        else LICENCE.format(base=base.name),
        name=name,
        version="1",
        max_tokens=base.windows.max_tokens,
        window_overlap=base.windows.window_overlap,
        max_parent_tokens=base.windows.max_parent_tokens,
        precision=precision,
    )


def _dev(material: Material) -> tuple[pd.DataFrame, str]:
    """Return the rows that calibration is fitted on, the user's first, and what they are."""
    dev = frame_of(material.posts, material.groups, split="dev")
    words = f"{len(dev)} dev posts of {material.posts.file}"
    if material.replay is not None:
        words += f" and {len(material.replay.dev)} released dev posts"
        dev = pd.concat([dev, material.replay.dev], ignore_index=True)
    return dev, words


def _refit(bundle: Bundle, material: Material) -> Refit:
    dev, _ = _dev(material)
    truth = dev[list(LABELS)].to_numpy(dtype=float)
    of_user = material.posts.split.count("dev")
    return refit(frame_logits(bundle, dev), truth, material.base.bundle, of_user=of_user)


def _scores(
    bundle: Bundle, frame: pd.DataFrame, fitted: Refit, *, backend: Backend | None = None
) -> FloatArray:
    logits = frame_logits(bundle, frame, backend=backend)
    return np.column_stack(
        [
            calibration.apply(logits[:, j], line["a"], line["b"])
            for j, line in enumerate(fitted.calibration[label] for label in LABELS)
        ]
    )


def _evaluation(
    test: pd.DataFrame, scores: FloatArray, fitted: Refit, material: Material
) -> dict[str, Any]:
    figures = figures_of(test, scores, fitted.points)["own"]
    posts, replay, base = material.posts, material.replay, material.base
    evaluation: dict[str, Any] = {
        "operating_point": "balanced" if "balanced" in fitted.points else next(iter(fitted.points)),
        "split": SPLIT,
        "operating_points": {name: figures[name] for name in fitted.points},
        "calibration": figures["calibration"],
        "floor": _floor(test, material),
        "fitted": list(fitted.fitted),
        "kept": as_json(fitted),
        "base": {
            "name": base.name, "digest": base.bundle.digest if base.bundle else None,
            "layers": base.layers, "hidden": base.hidden,
            "head": masked_head_of(base), "bundle": base.bundle is not None,
        },
        "data": {
            "file": Path(posts.file).name,
            "posts": len(posts),
            "groups": len(set(material.groups)),
            "splits": {name: posts.split.count(name) for name in ("train", "dev", "test")},
            "balance": {label: asdict(one) for label, one in balance(posts).items()},
            "seen_by_released": None if replay is None else replay.seen,
        },
        "rows": {
            "trained": material.trained,
            "replayed": 0 if replay is None else len(replay.train),
            "released_dev": 0 if replay is None else len(replay.dev),
        },
    }  # fmt: skip
    return dict(without_nan(evaluation))


def masked_head_of(base: Base) -> bool:
    """Return whether the base brings its masked-language head along."""
    return masked_head(base) is not None


def _floor(test: pd.DataFrame, material: Material) -> dict[str, Any] | None:
    """Return the figures of TF-IDF on the same rows; ``None`` where it cannot be fitted."""
    train = frame_of(material.posts, material.groups, split="train")
    if material.replay is not None:
        train = pd.concat([train, material.replay.train], ignore_index=True)
    try:
        figures = fit_baseline(train, test).figures
    except ValueError:  # too few words occur in three posts
        return None
    return {
        label: {
            "f1": figures[label]["f1"],
            "average_precision": figures[label]["average_precision"],
        }
        for label in LABELS
    }


def _comparisons(
    bundle: Bundle, material: Material
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    second = _scorer(bundle.folder)
    try:
        before = material.base.bundle or Bundle.load(None)
    except BundleError:
        return {}, None
    first = _scorer(before.folder)
    chosen = [i for i, name in enumerate(material.posts.split) if name == "test"]
    groups = [material.groups[i] for i in chosen]
    on_posts = compare_models(first, second, material.posts.take(chosen), groups=groups)
    if material.replay is None or material.replay.test.empty:
        return on_posts, None
    released = posts_of(material.replay.test, file="posts.csv")
    return on_posts, compare_models(first, second, released, groups=list(released.group))


def _scorer(folder: Path) -> Scorer:
    points = Bundle.from_folder(folder).operating_points
    point = "balanced" if "balanced" in points else next(iter(points))
    return Scorer.from_pretrained(folder, operating_point=point)


def _shareable(comparison: Mapping[str, Any]) -> dict[str, Any]:
    """Return a comparison without the texts of posts: the bundle may travel where they may not."""
    return {name: value for name, value in comparison.items() if name != "flips"}
