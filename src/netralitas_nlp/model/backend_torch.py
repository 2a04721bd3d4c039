"""Logits from torch: for Hugging Face BERT folders and hub names that have no ONNX graph."""

import re
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from netralitas_nlp.errors import BundleError, MissingExtraError
from netralitas_nlp.model.bundle import Bundle, is_bundle
from netralitas_nlp.model.foreign import foreign_bundle, weight_files
from netralitas_nlp.model.places import find_folder
from netralitas_nlp.model.tokenizer import PostTokenizer, Window

try:
    import torch
    from safetensors.torch import load_file
    from tokenizers import Tokenizer
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification
except ImportError as error:
    raise MissingExtraError("missing_extra", package=error.name, extra="train") from None

_HUB_NAME: Final = re.compile(r"[A-Za-z0-9][\w.-]*(?:/[A-Za-z0-9][\w.-]*)?")
_WANTED: Final = ["config.json", "tokenizer*.json", "vocab.txt", "special_tokens_map.json"]
_WEIGHTS: Final = ["*.safetensors", "*.safetensors.index.json"]


class TorchBackend:
    """Runs a classifier in fp32 on the CPU, one window at a time as ``OnnxBackend`` does.

    Its scores differ from those of an int8 graph by what rounding moves: ``evaluation.json`` of a
    bundle tells under ``precision`` how far that is.

    Args:
        model: In evaluation mode.
    """

    def __init__(self, model: BertForSequenceClassification) -> None:
        self._model = model
        self._segments = model.config.type_vocab_size

    def logits(self, window: Window) -> NDArray[np.float32]:
        """Return the logits of one window, shape (labels,)."""
        ids = torch.from_numpy(window.ids)[None]
        kinds = torch.from_numpy(window.type_ids)[None].clamp(max=self._segments - 1)
        with torch.inference_mode():
            output = self._model(
                input_ids=ids, attention_mask=torch.ones_like(ids), token_type_ids=kinds
            )
        result: NDArray[np.float32] = output.logits[0].numpy()
        return result


def open_torch(
    model: str | Path | None, *, verify: bool = True
) -> tuple[Bundle, PostTokenizer, TorchBackend]:
    """Return bundle, tokenizer and backend of one of our bundles or of a Hugging Face model.

    Args:
        model: A folder, the name of an installed bundle, or a name on the Hugging Face Hub, which
            is looked for in the local cache before the network is asked.
        verify: Compare the files of a bundle with their recorded digests.

    Raises:
        BundleError: There is no such model, it cannot be fetched, or is no BERT classifier with
            our labels in safetensors.
    """
    folder = model_folder(model)
    if is_bundle(folder):
        bundle = Bundle.from_folder(folder, verify=verify)
    else:
        bundle = foreign_bundle(folder, name=str(model) if is_hub_name(model) else None)
    return bundle, _tokenizer(bundle), TorchBackend(_classifier(bundle))


def model_folder(model: str | Path | None) -> Path:
    """Return the folder of a model: a path, an installed name, or a hub name fetched once.

    Raises:
        BundleError: There is none, and the hub cannot be reached or does not know it.
    """
    try:
        return find_folder(model)
    except BundleError as error:
        if error.code != "bundle_not_found" or not is_hub_name(model):
            raise
        return _fetch(str(model))


def is_hub_name(model: str | Path | None) -> bool:
    """Return whether a model is named as on the hub, and no folder of that name is here."""
    return isinstance(model, str) and bool(_HUB_NAME.fullmatch(model)) and not Path(model).is_dir()


def _fetch(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    wanted = _WANTED + _WEIGHTS
    try:
        return Path(snapshot_download(name, allow_patterns=wanted, local_files_only=True))
    except LocalEntryNotFoundError:
        pass
    try:
        return Path(snapshot_download(name, allow_patterns=wanted))
    except Exception as error:  # the hub client raises those of its network library as well
        raise BundleError("hub_unreachable", model=name, problem=_first_line(error)) from None


def _tokenizer(bundle: Bundle) -> PostTokenizer:
    if (bundle.folder / "tokenizer.json").is_file():
        return PostTokenizer.from_folder(bundle.folder, bundle.windows)
    return PostTokenizer(read_tokenizer(bundle.folder), bundle.windows)


def read_tokenizer(folder: Path) -> Tokenizer:
    """Return the tokenizer of a Hugging Face folder, from ``tokenizer.json`` or ``vocab.txt``.

    Raises:
        BundleError: It is damaged, or no BERT tokenizer.
    """
    try:
        slow: Any = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
        return Tokenizer.from_str(slow.backend_tokenizer.to_str())
    except Exception as error:  # transformers raises many kinds for a damaged vocabulary
        problem = _first_line(error)
        raise BundleError("bundle_tokenizer_broken", folder=folder, problem=problem) from None


def _classifier(bundle: Bundle) -> BertForSequenceClassification:
    # Read without from_pretrained, which fills what is missing with random weights.
    try:
        weights = {
            _modern(key): value.float() if value.is_floating_point() else value
            for file in weight_files(bundle.folder)
            for key, value in load_file(file).items()
        }
        config = BertConfig.from_pretrained(str(bundle.folder), local_files_only=True)
        config.num_labels = len(bundle.labels)
        config._attn_implementation = "eager"
        model: Any = BertForSequenceClassification(config)
        model.to(dtype=torch.float32)
        missing, _ = model.load_state_dict(weights, strict=False)
    except BundleError:
        raise
    except Exception as error:  # torch, safetensors and transformers each raise their own
        problem = _first_line(error)
        raise BundleError("bundle_weights_broken", folder=bundle.folder, problem=problem) from None
    if missing:
        problem = f"no weights for {', '.join(sorted(missing)[:5])}"
        raise BundleError("bundle_weights_broken", folder=bundle.folder, problem=problem)
    model.eval()
    classifier: BertForSequenceClassification = model
    return classifier


def _modern(key: str) -> str:
    """Return the present name of a weight; models of 2019 call those of norms gamma and beta."""
    return re.sub(
        r"LayerNorm\.(gamma|beta)$",
        lambda m: "LayerNorm." + ("weight" if m[1] == "gamma" else "bias"),
        key,
    )


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
