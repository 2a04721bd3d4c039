"""Hugging Face folders of other projects: read as a bundle, without inventing what they lack.

Such a folder has no text settings, no calibration and no measured thresholds. It is scored with its
text as it is and its probabilities as they come; it has no operating point unless its owner adds
``thresholds.json``. ``normalizer.json`` and ``calibration.json`` are used where they are present.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from netralitas_nlp.errors import BundleError
from netralitas_nlp.labels import LABEL_NAMES, LABELS, Label
from netralitas_nlp.model.bundle import Bundle
from netralitas_nlp.model.settings import (
    CalibrationFile,
    Platt,
    ThresholdsFile,
    WindowSettings,
    read_json,
    read_settings,
)
from netralitas_nlp.model.sums import file_digest, refuse_pickles
from netralitas_nlp.thresholds import Threshold

MAX_WINDOW: Final = 512
"""Longest window; BERT models of others rarely know more positions."""

_READ_FILES: Final = (
    "config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.txt",
    "normalizer.json",
    "calibration.json",
    "thresholds.json",
)


class _ForeignConfig(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, protected_namespaces=())

    model_type: Literal["bert"]
    max_position_embeddings: Annotated[int, Field(ge=8)]
    id2label: dict[int, str] = Field(default_factory=lambda: {0: "LABEL_0", 1: "LABEL_1"})
    problem_type: str | None = None


def foreign_bundle(folder: Path, *, name: str | None = None) -> Bundle:
    """Return a Hugging Face BERT classification folder as a bundle.

    Args:
        folder: Holds ``config.json`` and safetensors weights. Links are followed, since the cache
            of the hub consists of them; nothing in it is ever executed.
        name: What it is called in results; the name of the folder if left out.

    Raises:
        BundleError: No BERT, no safetensors, or its outputs are not our labels.
    """
    weights = weight_files(folder)
    config = read_settings(_ForeignConfig, folder, "config.json")
    if config.problem_type == "single_label_classification":
        raise BundleError("bundle_single_label", folder=folder)
    longest = min(MAX_WINDOW, config.max_position_embeddings)
    windows = WindowSettings(
        name="foreign",
        version="0",
        max_tokens=longest,
        window_overlap=longest // 4,
        max_parent_tokens=longest // 4,
    )
    return Bundle(
        folder=folder,
        name=name or folder.resolve().name,
        version="0",
        digest=_digest(folder, weights),
        labels=_labels(folder, config.id2label),
        windows=windows,
        normalizer=_normalizer(folder),
        calibration=_calibration(folder),
        operating_points=_operating_points(folder),
    )


def weight_files(folder: Path) -> list[Path]:
    """Return the safetensors files of a folder: one, or the numbered shards of a large model.

    Raises:
        BundleError: There are none; where a pickle lies instead, the message says how to convert.
    """
    single = folder / "model.safetensors"
    files = [single] if single.is_file() else sorted(folder.glob("model-*-of-*.safetensors"))
    if not files:
        refuse_pickles(folder)
        raise BundleError("bundle_no_safetensors", folder=folder)
    return files


def _labels(folder: Path, names: dict[int, str]) -> tuple[Label, ...]:
    ours = {_folded(known): label for label in LABELS for known in _known_names(label)}
    found = [ours.get(_folded(names[i])) for i in sorted(names)]
    labels = tuple(label for label in found if label is not None)
    if len(labels) != len(found) or sorted(labels) != sorted(LABELS):
        raise BundleError(
            "bundle_labels_foreign",
            folder=folder,
            labels=", ".join(LABELS),
            names=", ".join(names[i] for i in sorted(names)),
        )
    return labels


def _known_names(label: Label) -> tuple[str, ...]:
    return (label, LABEL_NAMES["id"][label], LABEL_NAMES["en"][label])


def _folded(name: str) -> str:
    return name.casefold().replace("_", " ").replace("-", " ").strip()


def _normalizer(folder: Path) -> Mapping[str, Any] | None:
    return read_json(folder, "normalizer.json") if _has(folder, "normalizer.json") else None


def _operating_points(folder: Path) -> dict[str, dict[Label, Threshold]]:
    if not _has(folder, "thresholds.json"):
        return {}
    return read_settings(ThresholdsFile, folder, "thresholds.json").as_mapping()


def _calibration(folder: Path) -> dict[Label, Platt]:
    if _has(folder, "calibration.json"):
        return read_settings(CalibrationFile, folder, "calibration.json").labels
    return {label: Platt(a=1.0, b=0.0) for label in LABELS}


def _digest(folder: Path, weights: list[Path]) -> str:
    """Return what stands for the files that are read, written as ``SHA256SUMS`` would be."""
    files = [folder / name for name in _READ_FILES if _has(folder, name)] + weights
    lines = [f"{file_digest(path)}  {path.name}\n" for path in sorted(files)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _has(folder: Path, name: str) -> bool:
    return (folder / name).is_file()
