"""The JSON files of a model folder, checked key by key."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from netralitas_nlp.errors import BundleError
from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.thresholds import Threshold

MAX_JSON_BYTES: Final = 64_000_000
"""A tokenizer of 120,000 pieces takes 10 MB; anything far larger is no model file."""

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Model = TypeVar("Model", bound=BaseModel)


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, protected_namespaces=())


class WindowSettings(_Lenient):
    """How long posts are cut into windows, and what the model is called.

    Attributes:
        name: Such as ``netralitas-bert-4x256-v1``.
        version: Such as ``1``.
        max_tokens: Word pieces of a window, specials and parent included.
        window_overlap: Word pieces that neighbouring windows share.
        max_parent_tokens: Word pieces of the parent text that each window sees.
    """

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
    version: Annotated[str, Field(min_length=1, max_length=40)]
    max_tokens: Annotated[int, Field(ge=8, le=8192)]
    window_overlap: Annotated[int, Field(ge=0)]
    max_parent_tokens: Annotated[int, Field(ge=0)]

    @model_validator(mode="after")
    def _leaves_room(self) -> "WindowSettings":
        # Three specials frame the two texts; each window must move on by at least one piece.
        if self.max_tokens - 3 - self.max_parent_tokens <= self.window_overlap:
            raise ValueError("max_tokens - 3 - max_parent_tokens must exceed window_overlap")
        return self


class ConfigFile(_Lenient):
    """``config.json``: a Hugging Face BertConfig with our settings under ``netralitas``."""

    model_type: Annotated[str, Field(pattern="^bert$")]
    max_position_embeddings: Annotated[int, Field(ge=8)]
    type_vocab_size: Annotated[int, Field(ge=1)] = 2
    netralitas: WindowSettings

    @model_validator(mode="after")
    def _fits(self) -> "ConfigFile":
        if self.netralitas.max_tokens > self.max_position_embeddings:
            raise ValueError("netralitas.max_tokens exceeds max_position_embeddings")
        return self


class LabelsFile(_Lenient):
    """``labels.json``: the labels in the order of the logits."""

    labels: tuple[Label, ...]

    @model_validator(mode="after")
    def _complete(self) -> "LabelsFile":
        if sorted(self.labels) != sorted(LABELS):
            raise ValueError(f"each of {', '.join(LABELS)} must be named once")
        return self


class Platt(_Lenient):
    """Calibration of one label: probability = sigmoid(a · logit + b); a > 0 keeps the order."""

    a: Positive
    b: Finite


class CalibrationFile(_Lenient):
    """``calibration.json``."""

    labels: dict[Label, Platt]

    @model_validator(mode="after")
    def _complete(self) -> "CalibrationFile":
        _every_label(self.labels)
        return self


class _ThresholdModel(_Lenient):
    flag: Share
    review: Share

    @model_validator(mode="after")
    def _ordered(self) -> "_ThresholdModel":
        if self.review > self.flag:
            raise ValueError("review lies above flag")
        return self


class ThresholdsFile(_Lenient):
    """``thresholds.json``: named sets of thresholds."""

    operating_points: Annotated[dict[str, dict[Label, _ThresholdModel]], Field(min_length=1)]

    @model_validator(mode="after")
    def _complete(self) -> "ThresholdsFile":
        for point in self.operating_points.values():
            _every_label(point)
        return self

    def as_mapping(self) -> dict[str, dict[Label, Threshold]]:
        """Return ``{operating point: {label: {"flag": p, "review": p}}}``."""
        return {
            name: {label: Threshold(flag=t.flag, review=t.review) for label, t in point.items()}
            for name, point in self.operating_points.items()
        }


def read_settings(model: type[Model], folder: Path, name: str) -> Model:
    """Return one JSON file of a bundle as a checked value.

    Raises:
        BundleError: The file is missing, no JSON, or a key is absent or wrong; the key is named.
    """
    try:
        return model.model_validate(read_json(folder, name))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(step) for step in first["loc"]) or "(all)"
        raise BundleError(
            "bundle_json_key", folder=folder, file=name, key=key, problem=first["msg"]
        ) from None


def read_json(folder: Path, name: str) -> Mapping[str, Any]:
    """Return a JSON object of a bundle.

    Raises:
        BundleError: The file is missing, too large, or holds no JSON object.
    """
    path = folder / name
    if not path.is_file():
        raise BundleError("bundle_file_missing", folder=folder, file=name)
    check_size(path, MAX_JSON_BYTES)
    try:
        value = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise BundleError("bundle_json_broken", folder=folder, file=name, problem=error) from None
    if not isinstance(value, dict):
        raise BundleError("bundle_json_broken", folder=folder, file=name, problem="no object {…}")
    return value


def check_size(path: Path, limit: int) -> None:
    """Raise ``BundleError`` if a file is larger than ``limit`` bytes."""
    size = path.stat().st_size
    if size > limit:
        raise BundleError(
            "bundle_too_large", file=path.name, limit=limit // 1_000_000, size=size // 1_000_000
        )


def _every_label(values: Mapping[Label, object]) -> None:
    missing = [label for label in LABELS if label not in values]
    if missing:
        raise ValueError(f"no entry for {', '.join(missing)}")
