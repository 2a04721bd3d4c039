"""A bundle: one released model folder, checked before use."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from netralitas_nlp.errors import BundleError
from netralitas_nlp.labels import Label
from netralitas_nlp.model.places import find_folder
from netralitas_nlp.model.settings import (
    MAX_JSON_BYTES,
    CalibrationFile,
    ConfigFile,
    LabelsFile,
    Platt,
    ThresholdsFile,
    WindowSettings,
    check_size,
    read_json,
    read_settings,
)
from netralitas_nlp.model.sums import (
    SUMS_FILE,
    check_plain,
    check_sum,
    read_sums,
    refuse_pickles,
    write_sums,
)
from netralitas_nlp.thresholds import Threshold

__all__ = ["Bundle", "Threshold", "WindowSettings", "write_sums"]

ONNX_FILE: Final = "model.onnx"
REQUIRED: Final = frozenset(
    {
        "config.json",
        "tokenizer.json",
        ONNX_FILE,
        "labels.json",
        "normalizer.json",
        "calibration.json",
        "thresholds.json",
    }
)
OPTIONAL: Final = frozenset(
    {
        "model.int8.onnx",
        "model.safetensors",
        "pieces.npy",
        "reference.json",
        "evaluation.json",
        "README.md",
        "LICENSE",
    }
)
MAX_WEIGHTS_BYTES: Final = 4_000_000_000
"""ONNX files cannot exceed 2 GB; fp32 safetensors of the largest BERT take 1.3 GB."""


@dataclass(frozen=True)
class Bundle:
    """One model and everything that travels with it.

    Attributes:
        folder: Where it lies.
        name: Such as ``netralitas-bert-4x256-v1``.
        version: Such as ``1``.
        digest: SHA-256 of ``SHA256SUMS``, in hexadecimal: stands for the whole folder.
        labels: In the order of the logits.
        windows: How long posts are cut.
        normalizer: Settings of the text normaliser; ``None`` leaves text as it is.
        calibration: Per label.
        operating_points: ``{name: {label: {"flag": p, "review": p}}}``; empty where the folder of
            another project has no measured thresholds.
    """

    folder: Path
    name: str
    version: str
    digest: str
    labels: tuple[Label, ...]
    windows: WindowSettings
    normalizer: Mapping[str, Any] | None
    calibration: Mapping[Label, Platt]
    operating_points: Mapping[str, Mapping[Label, Threshold]]

    @classmethod
    def load(cls, model: str | Path | None = None, *, verify: bool = True) -> "Bundle":
        """Return the bundle of a folder, by path, by name, or the released one for ``None``.

        Args:
            model: See ``places.find_folder``.
            verify: Compare every file with its recorded digest. A process that follows another
                one which has just done so may leave it out.

        Raises:
            BundleError: The folder is missing, incomplete, altered or unsafe; the message names
                the file and the key.
        """
        return cls.from_folder(find_folder(model), verify=verify)

    @classmethod
    def from_folder(cls, folder: Path, *, verify: bool = True) -> "Bundle":
        """Return the bundle that lies in ``folder``; see ``load``."""
        digest = check_folder(folder, verify=verify)
        windows = read_settings(ConfigFile, folder, "config.json").netralitas
        thresholds = read_settings(ThresholdsFile, folder, "thresholds.json")
        return cls(
            folder=folder,
            name=windows.name,
            version=windows.version,
            digest=digest,
            labels=read_settings(LabelsFile, folder, "labels.json").labels,
            windows=windows,
            normalizer=read_json(folder, "normalizer.json"),
            calibration=read_settings(CalibrationFile, folder, "calibration.json").labels,
            operating_points=thresholds.as_mapping(),
        )

    @cached_property
    def evaluation(self) -> Mapping[str, Any] | None:
        """Measured figures of ``evaluation.json``, ``None`` where there are none."""
        if not (self.folder / "evaluation.json").is_file():
            return None
        return read_json(self.folder, "evaluation.json")

    @property
    def has_onnx(self) -> bool:
        """Whether the folder can be scored without torch."""
        return (self.folder / ONNX_FILE).is_file()


def is_bundle(folder: Path) -> bool:
    """Return whether a folder claims to be one of ours, rather than a plain Hugging Face folder."""
    return (folder / SUMS_FILE).exists() or (folder / "labels.json").exists()


def check_folder(folder: Path, *, verify: bool = True) -> str:
    """Return the digest of a bundle whose files are all there, plain, known and unaltered.

    Raises:
        BundleError: One is not; the message names it.
    """
    refuse_pickles(folder)
    sums, digest = read_sums(folder)
    for name in sorted(sums):
        if name not in REQUIRED | OPTIONAL:
            raise BundleError("bundle_file_unknown", folder=folder, file=name)
    for name in sorted(REQUIRED | OPTIONAL):
        if name not in sums and (name in REQUIRED or (folder / name).exists()):
            there = (folder / name).exists()
            code = "bundle_file_unlisted" if there else "bundle_file_missing"
            raise BundleError(code, folder=folder, file=name)
    for name in sorted(sums):
        check_plain(folder, name)
        check_size(folder / name, _limit(name))
        if verify:
            check_sum(folder, name, sums[name])
    return digest


def _limit(name: str) -> int:
    return MAX_WEIGHTS_BYTES if name.endswith((".onnx", ".safetensors")) else MAX_JSON_BYTES
