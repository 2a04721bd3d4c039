"""Writes a bundle: a classifier and all that travels with it, checked before it takes its place."""

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import BertForMaskedLM, BertForSequenceClassification

from netralitas_nlp.labels import Label
from netralitas_nlp.model.backend_onnx import OnnxBackend
from netralitas_nlp.model.bundle import OPTIONAL, REQUIRED, Bundle
from netralitas_nlp.model.pieces import write_pieces
from netralitas_nlp.model.sums import SUMS_FILE, write_sums
from netralitas_nlp.model.tokenizer import PostTokenizer
from netralitas_nlp.training.export import export_onnx
from netralitas_nlp.training.int8 import export_int8
from netralitas_nlp.training.precision import Precision

_TIED = "cls.predictions.decoder."
"""Repeats the word embeddings; transformers ties it again when it loads."""


def halve(model: BertForSequenceClassification) -> BertForSequenceClassification:
    """Round all weights to what fp16 can hold, in place, and return the model.

    Call it before calibration and thresholds are fitted: what is measured is then exactly what is
    released: ``model.safetensors`` holds them as they are, ``model.onnx`` is made from them.
    """
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.half().to(parameter.dtype))
    return model


def write_bundle(  # noqa: PLR0913 - one argument per file of the bundle
    folder: Path,
    *,
    model: BertForSequenceClassification,
    masked_language_model: BertForMaskedLM | None,
    tokenizer: Tokenizer,
    normalizer_settings: Mapping[str, Any],
    labels: Sequence[Label],
    calibration: Mapping[str, Any],
    thresholds: Mapping[str, Any],
    reference: Mapping[str, Any],
    evaluation: Mapping[str, Any],
    card: str,
    license: str,  # noqa: A002 - the name of the file
    name: str,
    version: str,
    max_tokens: int = 128,
    window_overlap: int = 32,
    max_parent_tokens: int = 40,
    precision: Precision = "int8",
) -> Bundle:
    """Return the bundle after all its files have been written and checked.

    ``folder`` is replaced as a whole and only at the end; a failure leaves it as it was.

    Args:
        folder: Where the bundle goes. May exist if it holds nothing but an earlier bundle.
        model: The classifier; its weights are rounded to fp16, see ``halve``.
        masked_language_model: Whose prediction head is released too, so that others can go on
            with pretraining from the released encoder; ``None`` where the base came without.
        tokenizer: Its vocabulary has as many entries as the model.
        normalizer_settings: ``Normalizer.to_settings()`` of training.
        labels: In the order of the logits.
        calibration: ``{"labels": {label: {"a", "b"}}, "fitted_on": …}``.
        thresholds: Of ``thresholds.fit_points``, with ``fitted_on``.
        reference: What later comparisons need, such as score quantiles; any JSON object.
        evaluation: Measured figures; any JSON object.
        card: Markdown of ``README.md``.
        license: Text of ``LICENSE``.
        name: Such as ``netralitas-bert-4x256-v1``.
        version: Such as ``1``.
        max_tokens: Word pieces of a window.
        window_overlap: Word pieces that neighbouring windows share.
        max_parent_tokens: Word pieces of a parent text.
        precision: What ``model.onnx`` computes with: ``int8`` is three times as fast and rounds,
            which ``precision.rounding`` measures.

    Raises:
        FileExistsError: The folder holds something else.
        ValueError: Model and tokenizer do not belong together, the graph differs, or the model
            has an activation that no int8 graph knows.
        BundleError: A file is not what the loader accepts; its key is named.
    """
    check_place(folder)
    if tokenizer.get_vocab_size() > model.config.vocab_size:
        raise ValueError("the tokenizer has more entries than the model")
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        halve(model)
        (export_int8 if precision == "int8" else export_onnx)(model, fresh / "model.onnx")
        _write_weights(fresh / "model.safetensors", model, masked_language_model)
        windows = {
            "name": name,
            "version": version,
            "max_tokens": max_tokens,
            "window_overlap": window_overlap,
            "max_parent_tokens": max_parent_tokens,
        }
        _write_json(fresh / "config.json", _config(model, labels) | {"netralitas": windows})
        tokenizer.save(str(fresh / "tokenizer.json"))
        _write_json(fresh / "labels.json", {"labels": list(labels)})
        _write_json(fresh / "normalizer.json", normalizer_settings)
        _write_json(fresh / "calibration.json", calibration)
        _write_json(fresh / "thresholds.json", thresholds)
        _write_json(fresh / "reference.json", reference)
        _write_json(fresh / "evaluation.json", evaluation)
        (fresh / "README.md").write_text(card, encoding="utf-8")
        (fresh / "LICENSE").write_text(license, encoding="utf-8")
        write_sums(fresh)
        _write_pieces(Bundle.from_folder(fresh))
        write_sums(fresh)
        Bundle.from_folder(fresh)
        if folder.exists():
            shutil.rmtree(folder)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return Bundle.from_folder(folder)


def _write_pieces(bundle: Bundle) -> None:
    tokenizer = PostTokenizer.from_folder(bundle.folder, bundle.windows)
    write_pieces(bundle.folder, tokenizer, OnnxBackend(bundle), labels=len(bundle.labels))


def amend_bundle(
    folder: Path,
    *,
    calibration: Mapping[str, Any],
    thresholds: Mapping[str, Any],
    reference: Mapping[str, Any],
    evaluation: Mapping[str, Any],
    card: str,
) -> Bundle:
    """Return a bundle whose measured files were replaced and whose checksums were renewed.

    Raises:
        BundleError: A file is not what the loader accepts; its key is named.
    """
    _write_json(folder / "calibration.json", calibration)
    _write_json(folder / "thresholds.json", thresholds)
    _write_json(folder / "reference.json", reference)
    _write_json(folder / "evaluation.json", evaluation)
    (folder / "README.md").write_text(card, encoding="utf-8")
    write_sums(folder)
    return Bundle.from_folder(folder)


def put_in_place(made: Path, folder: Path) -> Bundle:
    """Move a finished bundle to where it belongs, replacing an earlier bundle, and return it.

    Raises:
        FileExistsError: The folder holds something else.
    """
    check_place(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        shutil.rmtree(folder)
    shutil.move(made, folder)
    return Bundle.from_folder(folder)


def check_place(folder: Path) -> None:
    """Raise ``FileExistsError`` where a folder holds anything but a bundle."""
    known = REQUIRED | OPTIONAL | {SUMS_FILE}
    strange = (
        [path.name for path in folder.iterdir() if path.name not in known]
        if folder.exists()
        else []
    )
    if strange:
        raise FileExistsError(
            f"{folder} holds more than a bundle: {', '.join(sorted(strange)[:5])}"
        )


def _write_weights(
    path: Path, model: BertForSequenceClassification, masked_language_model: BertForMaskedLM | None
) -> None:
    tensors = dict(model.state_dict())
    head = {} if masked_language_model is None else masked_language_model.state_dict()
    tensors |= {
        key: value
        for key, value in head.items()
        if key.startswith("cls.") and not key.startswith(_TIED)
    }
    # Buffers of integers stay as they are.
    halves = {
        key: (value.half() if value.is_floating_point() else value).contiguous().cpu()
        for key, value in tensors.items()
    }
    save_file(halves, str(path), metadata={"format": "pt"})


def _config(model: BertForSequenceClassification, labels: Sequence[Label]) -> dict[str, Any]:
    config: dict[str, Any] = model.config.to_dict()
    return config | {
        "architectures": ["BertForSequenceClassification"],
        # The weights are stored in fp16 and computed with in fp32.
        "dtype": "float32",
        "problem_type": "multi_label_classification",
        "id2label": {str(i): label for i, label in enumerate(labels)},
        "label2id": {label: i for i, label in enumerate(labels)},
        "_name_or_path": "",
    }


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")
