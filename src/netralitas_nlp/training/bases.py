"""What fine-tuning starts from: a bundle, or the folder of any BERT, with its own text settings."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from tokenizers import Tokenizer
from transformers import BertForMaskedLM

from netralitas_nlp.errors import BundleError
from netralitas_nlp.labels import LABELS
from netralitas_nlp.model.backend_torch import is_hub_name, model_folder, read_tokenizer
from netralitas_nlp.model.bundle import Bundle, is_bundle
from netralitas_nlp.model.foreign import weight_files
from netralitas_nlp.model.settings import WindowSettings, read_json
from netralitas_nlp.model.sums import PICKLE_SUFFIXES
from netralitas_nlp.text.normalize import Normalizer, NormalizerSettings
from netralitas_nlp.training.wordpiece import text_settings

WINDOW: Final = 128
"""Word pieces of a window over a foreign base: posts are short, and attention is quadratic."""

SMALL: Final = 384
"""Width up to which a base learns with the rates of our own models."""

_NEEDED: Final = ("[CLS]", "[SEP]", "[PAD]", "[UNK]")


@dataclass(frozen=True, slots=True)
class Base:
    """A model to start from.

    Attributes:
        folder: Where its weights lie, as safetensors.
        name: What cards call it.
        tokenizer: Of the model.
        normalizer: How its text is prepared.
        windows: How long posts are cut.
        hidden: Width of the encoder.
        layers: Depth of the encoder.
        bundle: Its calibration, thresholds and labels; ``None`` for an encoder of others.
    """

    folder: Path
    name: str
    tokenizer: Tokenizer
    normalizer: Normalizer
    windows: WindowSettings
    hidden: int
    layers: int
    bundle: Bundle | None

    @property
    def learning_rate(self) -> float:
        """Peak that suits its width (Devlin et al. 2019 for wide ones); a bundle moves gently."""
        if self.hidden > SMALL:
            return 3e-5
        return 1e-4 if self.bundle is None else 5e-5


def open_base(model: str | Path | None) -> Base:
    """Return the base of a folder, an installed name, a hub name, or the released bundle.

    A bundle keeps its text settings. Text for other models is only masked (handles, addresses,
    numbers of persons); case is folded where ``tokenizer_config.json`` says so, and everything
    else is left to their tokenizer.

    Raises:
        BundleError: There is no such model; it is no BERT; it holds no safetensors, and the
            message says how a pickle is converted; or its tokenizer is not BERT's.
    """
    folder = model_folder(model)
    if is_bundle(folder):
        return _of_bundle(Bundle.from_folder(folder))
    config = _config(folder)
    _require_weights(folder)
    tokenizer = read_tokenizer(folder)
    missing = [name for name in _NEEDED if name not in _entries(folder, tokenizer)]
    if missing:
        problem = f"no {', '.join(missing)} in the vocabulary"
        raise BundleError("bundle_tokenizer_broken", folder=folder, problem=problem)
    entries = tokenizer.get_vocab_size(with_added_tokens=True)
    if entries > config["vocab_size"]:
        # A missing special is added at the end, where the model has no embedding for it.
        problem = f"{entries} entries, but the model knows {config['vocab_size']}"
        raise BundleError("bundle_tokenizer_broken", folder=folder, problem=problem)
    return Base(
        folder=folder,
        name=str(model) if is_hub_name(model) else folder.resolve().name,
        tokenizer=tokenizer,
        normalizer=_normalizer(folder),
        windows=_windows(int(config["max_position_embeddings"])),
        hidden=int(config["hidden_size"]),
        layers=int(config["num_hidden_layers"]),
        bundle=None,
    )


def masked_head(base: Base) -> BertForMaskedLM | None:
    """Return the model with its masked-language head; ``None`` where the folder holds none."""
    found: Any = BertForMaskedLM.from_pretrained(
        base.folder, output_loading_info=True, use_safetensors=True
    )
    model, loaded = found
    lacking = [key for key in loaded["missing_keys"] if "decoder" not in key]
    complete = not any(key.startswith("cls.") for key in lacking)
    return cast(BertForMaskedLM, model) if complete else None


def _of_bundle(bundle: Bundle) -> Base:
    config = _config(bundle.folder)
    _require_weights(bundle.folder)
    if bundle.labels != LABELS:
        raise BundleError("base_label_order", folder=bundle.folder, labels=", ".join(LABELS))
    tokenizer, normalizer = text_settings(bundle.folder)
    return Base(
        folder=bundle.folder,
        name=bundle.name,
        tokenizer=tokenizer,
        normalizer=normalizer,
        windows=bundle.windows,
        hidden=int(config["hidden_size"]),
        layers=int(config["num_hidden_layers"]),
        bundle=bundle,
    )


def _config(folder: Path) -> dict[str, Any]:
    if not (folder / "config.json").is_file():
        raise BundleError("base_no_config", folder=folder)
    config = read_json(folder, "config.json")
    kind = config.get("model_type")
    if kind != "bert":
        raise BundleError("base_not_bert", folder=folder, kind=kind or "?")
    for key in ("hidden_size", "num_hidden_layers", "max_position_embeddings", "vocab_size"):
        if not isinstance(config.get(key), int):
            raise BundleError(
                "bundle_json_key", folder=folder, file="config.json", key=key,
                problem=config.get(key),
            )  # fmt: skip
    return dict(config)


def _entries(folder: Path, tokenizer: Tokenizer) -> set[str]:
    """Return the vocabulary as published: a special that is added has no embedding of its own."""
    if (folder / "tokenizer.json").is_file() or not (folder / "vocab.txt").is_file():
        return set(tokenizer.get_vocab(with_added_tokens=True))
    return set((folder / "vocab.txt").read_text(encoding="utf-8", errors="replace").split("\n"))


def _require_weights(folder: Path) -> None:
    try:
        weight_files(folder)
    except BundleError as error:
        pickles = sorted(p.name for p in folder.iterdir() if p.suffix.lower() in PICKLE_SUFFIXES)
        if error.code == "bundle_pickle" or pickles:
            raise BundleError("base_pickle", folder=folder, file=pickles[0]) from None
        raise


def _normalizer(folder: Path) -> Normalizer:
    if (folder / "normalizer.json").is_file():
        return Normalizer.from_settings(read_json(folder, "normalizer.json"))
    lower = False
    if (folder / "tokenizer_config.json").is_file():
        lower = read_json(folder, "tokenizer_config.json").get("do_lower_case") is True
    return Normalizer(
        NormalizerSettings(
            lowercase=lower, compatibility=False, mask=True, escapes=False, split_hashtags=False,
            max_repeats=0,
        )
    )  # fmt: skip


def _windows(positions: int) -> WindowSettings:
    longest = min(WINDOW, positions)
    return WindowSettings(
        name="foreign",
        version="0",
        max_tokens=longest,
        window_overlap=longest // 4,
        max_parent_tokens=min(40, longest // 4),
    )
