"""From a fine-tuned classifier to a bundle: calibrated, measured beside the floor, described."""

import math
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
from tokenizers import Tokenizer
from transformers import BertForMaskedLM, BertForSequenceClassification

from netralitas_nlp import calibration, thresholds
from netralitas_nlp.evaluation.held_out import figures_of, is_neutral
from netralitas_nlp.labels import LABELS
from netralitas_nlp.model.backend_onnx import OnnxBackend
from netralitas_nlp.model.backend_torch import TorchBackend
from netralitas_nlp.model.batching import Backend, post_logits
from netralitas_nlp.model.bundle import Bundle
from netralitas_nlp.model.tokenizer import PostTokenizer
from netralitas_nlp.text.normalize import Normalizer
from netralitas_nlp.training.baseline import fit_baseline
from netralitas_nlp.training.bundle_writer import write_bundle
from netralitas_nlp.training.card import render_card
from netralitas_nlp.training.frames import Frames
from netralitas_nlp.training.precision import Precision, Rounding, rounding
from netralitas_nlp.training.reference import reference_of

FloatArray = npt.NDArray[np.float64]

POINT = "balanced"
"""The operating point whose figures are published first: it is the default."""

SPLITS = {
    "own": "unggahan uji tulisan proyek ini, tidak dipakai melatih maupun memilih ambang",
    "public": "bagian data publik yang tidak dipakai melatih maupun memilih ambang",
}
"""What the published figures were measured on, as the report shows it."""


@dataclass(frozen=True, slots=True)
class Release:
    """What a bundle is called and made of.

    Attributes:
        name: Such as ``netralitas-bert-4x256-v1``.
        version: Such as ``1``.
        license: Text of ``LICENSE``.
        sources: The ``[[set]]`` tables of ``data/sources.toml``.
        caution: What a reader of the figures must know beside them, as the card prints it.
        history: How it came about: ``pretraining`` and ``finetuning`` figures.
    """

    name: str
    version: str
    license: str
    sources: list[dict[str, Any]]
    history: Mapping[str, Any]
    caution: str = ""


def release(
    folder: Path,
    *,
    model: BertForSequenceClassification,
    masked_language_model: BertForMaskedLM,
    tokenizer: Tokenizer,
    normalizer: Normalizer,
    frames: Frames,
    about: Release,
    precision: Precision = "int8",
) -> Bundle:
    """Write the bundle and return it.

    Everything is fitted and measured on the exported graph, as users will run it.

    Args:
        folder: Where the bundle goes.
        model: The classifier.
        masked_language_model: Whose prediction head is released too.
        tokenizer: Of both.
        normalizer: Text settings of both.
        frames: ``calibrate`` and ``negatives`` fit, ``validate`` is reported.
        about: What the bundle is called and made of.
        precision: What the graph computes with.

    Raises:
        PrecisionError: Rounding to int8 costs more than it may.
    """
    parts: dict[str, Any] = {
        "model": model,
        "masked_language_model": masked_language_model,
        "tokenizer": tokenizer,
        "normalizer_settings": normalizer.to_settings(),
        "labels": LABELS,
        "license": about.license,
        "name": about.name,
        "version": about.version,
        "precision": precision,
    }
    with tempfile.TemporaryDirectory() as scratch:
        raw = _uncalibrated(Path(scratch) / "bundle", parts)
        logits = {name: frame_logits(raw, frame) for name, frame in _judged(frames).items()}
        fitted = _fit(frames.calibrate, logits["calibrate"])
        scores = {name: _apply(fitted, values) for name, values in logits.items()}
        points = _points(frames, scores)
        reference = reference_of(
            frames.negatives["text"].tolist(),
            scores["negatives"],
            bundle=raw,
            points=points["operating_points"],
        )
        evaluation = _evaluation(frames, scores, points, about) | {"precision": {"form": precision}}
        if precision == "int8":
            lost = _rounding(raw, model, frames, scores, fitted, points["operating_points"])
            lost.require()
            evaluation["precision"] |= lost.as_json()
    return write_bundle(
        folder,
        **parts,
        calibration={"labels": fitted, "fitted_on": _fitted_on(frames)},
        thresholds=points | {"fitted_on": _fitted_on(frames)},
        reference=reference,
        evaluation=evaluation,
        card=render_card(evaluation, about.sources),
    )


def _judged(frames: Frames) -> dict[str, pd.DataFrame]:
    return {
        "calibrate": frames.calibrate,
        "validate": frames.validate,
        "negatives": frames.negatives,
    }


def _uncalibrated(folder: Path, parts: Mapping[str, Any]) -> Bundle:
    same = {label: {"a": 1.0, "b": 0.0} for label in LABELS}
    half = {label: {"flag": 0.5, "review": 0.5} for label in LABELS}
    return write_bundle(
        folder,
        **parts,
        calibration={"labels": same, "fitted_on": "nothing"},
        thresholds={"operating_points": {"uncalibrated": half}},
        reference={},
        evaluation={},
        card="",
    )


def frame_logits(
    bundle: Bundle, frame: pd.DataFrame, *, backend: Backend | None = None
) -> FloatArray:
    """Return logits of shape (rows, labels), from the windows that users get.

    Args:
        bundle: Whose text settings, and whose graph where there is no ``backend``.
        frame: Rows with ``text`` and ``parent_text``.
        backend: What computes in place of the graph.

    Raises:
        ValueError: A row holds no word.
    """
    normalize = Normalizer.from_settings(bundle.normalizer or {})
    tokenize = PostTokenizer.from_folder(bundle.folder, bundle.windows)
    posts = [
        tokenize(normalize(text), normalize(parent) if isinstance(parent, str) and parent else None)
        for text, parent in zip(frame["text"], frame["parent_text"], strict=True)
    ]
    if not all(post.windows for post in posts):
        raise ValueError("a labelled row holds no word")
    return np.array(post_logits(posts, backend or OnnxBackend(bundle)), dtype=np.float64)


def _rounding(
    bundle: Bundle,
    model: BertForSequenceClassification,
    frames: Frames,
    scores: Mapping[str, FloatArray],
    fitted: Mapping[str, Mapping[str, float]],
    points: Mapping[str, Any],
) -> Rounding:
    """Return what int8 costs on the reported posts with our labels, or on all without any."""
    frame, rounded = frames.validate, scores["validate"]
    ours = (frame["kind"] != "public").to_numpy(dtype=bool)
    if ours.any():
        frame, rounded = frame[ours], rounded[ours]
    whole = frame_logits(bundle, frame, backend=TorchBackend(model.train(False)))
    truth = frame[list(LABELS)].to_numpy(dtype=np.float64)
    return rounding(_apply(fitted, whole), rounded, truth, points[POINT])


def _fit(frame: pd.DataFrame, logits: FloatArray) -> dict[str, dict[str, float]]:
    """Return the calibration; our own posts weigh as much together as all public rows."""
    own = (frame["kind"] == "own").to_numpy(dtype=bool)
    weights = frame["weight"].to_numpy(dtype=np.float64).copy()
    if own.any() and (~own).any():
        weights[own] *= weights[~own].sum() / weights[own].sum()
    fitted: dict[str, dict[str, float]] = {}
    for j, label in enumerate(LABELS):
        a, b = calibration.fit(logits[:, j], frame[label].to_numpy(dtype=float), weights=weights)
        fitted[label] = {"a": a, "b": b}
    return fitted


def _apply(fitted: Mapping[str, Mapping[str, float]], logits: FloatArray) -> FloatArray:
    columns = [
        calibration.apply(logits[:, j], fitted[label]["a"], fitted[label]["b"])
        for j, label in enumerate(LABELS)
    ]
    return np.column_stack(columns)


def _points(frames: Frames, scores: Mapping[str, FloatArray]) -> dict[str, Any]:
    """Return operating points.

    Where there are posts of our own, they alone speak for the labels; of the public rows those
    without any label stand beside them, so that neutral posts are both hard and everyday ones.
    """
    own = (frames.calibrate["kind"] == "own").to_numpy(dtype=bool)
    chosen = own | is_neutral(frames.calibrate) if own.any() else np.ones(len(own), dtype=bool)
    truth = frames.calibrate.loc[chosen, list(LABELS)].to_numpy(dtype=float)
    return thresholds.fit_points(scores["calibrate"][chosen], truth, negatives=scores["negatives"])


def _evaluation(
    frames: Frames,
    scores: Mapping[str, FloatArray],
    points: Mapping[str, Any],
    about: Release,
) -> dict[str, Any]:
    floor, floor_points = _floor(frames)
    model = figures_of(frames.validate, scores["validate"], points["operating_points"])
    kind = "own" if "own" in model else "public"
    evaluation = {
        "bundle": about.name,
        "operating_point": POINT,
        "split": SPLITS[kind],
        "caution": about.caution,
        "operating_points": {name: model[kind][name] for name in points["operating_points"]},
        "rows": {name: len(frame) for name, frame in vars(frames).items()},
        "history": dict(about.history),
        "model": model,
        "floor": figures_of(frames.validate, floor, floor_points),
        "fitted": points["figures"],
    }
    return cast(dict[str, Any], without_nan(evaluation))


def without_nan(value: Any) -> Any:
    """Return the value with ``None`` where a figure is undefined: JSON knows no NaN."""
    if isinstance(value, dict):
        return {key: without_nan(part) for key, part in value.items()}
    if isinstance(value, list):
        return [without_nan(part) for part in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def _floor(frames: Frames) -> tuple[FloatArray, Mapping[str, Any]]:
    """Return the scores of TF-IDF on the reported rows, and its operating points, fitted alike.

    Public rows and ours teach TF-IDF different things and harm each other, so each kind of row is
    judged by the floor that is best for it: one fitted on posts with our labels, one on the
    public rows.
    """
    ours = pd.concat([frames.own, frames.relabelled], ignore_index=True)
    judged = pd.concat(_judged(frames).values(), ignore_index=True)
    together = fit_baseline(frames.public if ours.empty else ours, judged).matrix
    ends = np.cumsum([len(frame) for frame in _judged(frames).values()])
    calibrate, validate, negatives = np.split(together, ends[:-1])
    points = _points(frames, {"calibrate": calibrate, "negatives": negatives})
    public = (frames.validate["kind"] == "public").to_numpy(dtype=bool)
    if public.any() and not ours.empty:
        validate[public] = fit_baseline(frames.public, frames.validate[public]).matrix
    return validate, points["operating_points"]


def _fitted_on(frames: Frames) -> str:
    own = int((frames.calibrate["kind"] == "own").sum())
    return (
        f"{own} posts written for the project and {len(frames.calibrate) - own} public rows kept "
        f"from training; thresholds on the former and on the public rows without any label, "
        f"`precision` also on {len(frames.negatives)} real posts without any label"
    )
