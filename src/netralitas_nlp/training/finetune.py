"""Fine-tuning a BERT on posts of which each knows some of the labels.

The loss of a label counts only where the source knows it, so that public sets, each labelled for
one question, train one model together.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import torch
from datasets import Dataset
from tokenizers import Tokenizer
from torch.nn.functional import binary_cross_entropy_with_logits
from transformers import (
    BertForSequenceClassification,
    EarlyStoppingCallback,
    PrinterCallback,
    Trainer,
    TrainerCallback,
    TrainingArguments,
)
from transformers.integrations.integration_utils import TensorBoardCallback
from transformers.trainer_utils import get_last_checkpoint

from netralitas_nlp.errors import MissingExtraError
from netralitas_nlp.evaluation.metrics import average_precision
from netralitas_nlp.labels import LABELS
from netralitas_nlp.text.marks import written_marks
from netralitas_nlp.text.normalize import Normalizer

OnStep = Callable[[int, int, Mapping[str, float]], None]
"""Steps done, steps in all, and the figures of dev where an evaluation has just ended."""

SAVE_STEPS: Final = 500
"""Steps between two checkpoints: minutes of work on a slow machine."""


@dataclass(frozen=True, slots=True)
class FinetuneSettings:
    """How to fine-tune.

    Attributes:
        epochs: Passes over the posts.
        learning_rate: Peak, for the classifier; each layer below learns ``layer_decay`` of it.
        batch_size: Posts per step.
        layer_decay: In (0, 1]; 1 trains all layers alike (Howard & Ruder 2018).
        weight_decay: Of AdamW.
        warmup_share: Share of the steps in which the learning rate rises.
        max_tokens: Longest input in word pieces; of longer posts training sees one window.
        max_parent_tokens: Longest parent text in word pieces.
        parent_dropout: Share of posts with a parent that are trained without it.
        dropout: In the encoder and before the classifier.
        gradient_accumulation: Batches whose gradients make one step, for large models on small
            devices: a step sees ``batch_size`` times this many posts.
        patience: Evaluations without a lower loss on dev after which training stops, and the best
            weights are kept; 0 trains to the end.
        bf16: Compute in bfloat16; ``None`` where the device does it in hardware.
        seed: Of the order, the dropout and the new weights.
    """

    epochs: float = 3
    learning_rate: float = 2e-4
    batch_size: int = 32
    layer_decay: float = 0.9
    weight_decay: float = 0.01
    warmup_share: float = 0.06
    max_tokens: int = 128
    max_parent_tokens: int = 40
    parent_dropout: float = 0.3
    dropout: float = 0.1
    gradient_accumulation: int = 1
    patience: int = 0
    bf16: bool | None = None
    seed: int = 13


def finetune(
    train: pd.DataFrame,
    dev: pd.DataFrame,
    *,
    base: str | Path,
    out: Path,
    tokenizer: Tokenizer,
    normalizer: Normalizer,
    settings: FinetuneSettings,
    resume: bool = False,
    on_step: OnStep | None = None,
    tensorboard: Path | None = None,
) -> BertForSequenceClassification:
    """Return the model after training; checkpoints and logs are kept in ``out``.

    Under ``torchrun`` or ``accelerate launch`` every process calls this alike, and the Trainer
    shares the batches out; all of them get the same weights.

    Args:
        train: Rows with ``text``, ``parent_text``, one column per label (0, 1 or NaN where the
            source does not know) and ``weight`` in [0, 1].
        dev: The same, for the figures printed after each epoch; never trained on.
        base: Folder or hub name of a BERT with safetensors weights.
        out: Where the Trainer keeps its state.
        tokenizer: Of the base.
        normalizer: Settings the base was trained with.
        settings: How to train.
        resume: Continue from the last checkpoint in ``out``, or start where there is none.
        on_step: Told after each step how many are done and how many there are, with the figures
            of dev after an evaluation; in the first process alone.
        tensorboard: Folder for TensorBoard logs; needs the package ``tensorboard``.
    """
    torch.manual_seed(settings.seed)
    model = BertForSequenceClassification.from_pretrained(
        base,
        num_labels=len(LABELS),
        problem_type="multi_label_classification",
        id2label=dict(enumerate(LABELS)),
        label2id={label: i for i, label in enumerate(LABELS)},
        hidden_dropout_prob=settings.dropout,
        attention_probs_dropout_prob=settings.dropout,
        dtype=torch.float32,
        use_safetensors=True,
        ignore_mismatched_sizes=True,  # a classifier of other labels gives its encoder alone
    )
    if not torch.cuda.is_available():
        model.set_attn_implementation("eager")  # faster than the fused kernel at these lengths
    encode = encoder(tokenizer, normalizer, settings)
    trainer = _MaskedTrainer(
        model=model,
        args=_arguments(out, settings, rows=len(train)),
        train_dataset=_dataset(
            train, encode, parent_dropout=settings.parent_dropout, seed=settings.seed
        ),
        eval_dataset=_dataset(dev, encode, parent_dropout=0.0, seed=0),
        data_collator=Collator(int(tokenizer.token_to_id("[PAD]") or 0)),
        compute_metrics=_metrics,
        optimizers=(_optimizer(model, settings), None),
        callbacks=_callbacks(settings, on_step, tensorboard),
    )
    if on_step is not None:
        trainer.remove_callback(PrinterCallback)
    # The loss is a mean over a batch: accumulated batches have to be averaged by the trainer.
    trainer.model_accepts_loss_kwargs = False
    last: str | None = get_last_checkpoint(str(out)) if resume and out.is_dir() else None  # type: ignore[no-untyped-call]
    trainer.train(resume_from_checkpoint=last)
    # The trainer has wrapped the forward pass in bf16; what is released computes in fp32.
    trained: BertForSequenceClassification = trainer.accelerator.unwrap_model(
        model, keep_fp32_wrapper=False
    )
    trained.train(False)
    return trained


def _callbacks(
    settings: FinetuneSettings, on_step: OnStep | None, tensorboard: Path | None
) -> list[TrainerCallback]:
    found: list[TrainerCallback] = []
    if tensorboard is not None:
        found.append(_tensorboard(tensorboard))
    if settings.patience:
        found.append(EarlyStoppingCallback(early_stopping_patience=settings.patience))
    if on_step is not None:
        found.append(_Teller(on_step))
    return found


def _tensorboard(folder: Path) -> TrainerCallback:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ModuleNotFoundError as error:
        raise MissingExtraError("tensorboard_missing", package=error.name) from None
    return TensorBoardCallback(SummaryWriter(log_dir=str(folder)))  # type: ignore[no-untyped-call]


class _Teller(TrainerCallback):
    """Passes the Trainer's events on to who wants to show them."""

    def __init__(self, tell: OnStep) -> None:
        self._tell = tell

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if state.is_world_process_zero:
            self._tell(state.global_step, state.max_steps, {})

    def on_evaluate(
        self, args: Any, state: Any, control: Any, metrics: Any = None, **_: Any
    ) -> None:
        if state.is_world_process_zero:
            self._tell(state.global_step, state.max_steps, dict(metrics or {}))


def _has_bf16() -> bool:
    """Return whether the device multiplies bfloat16 in hardware; elsewhere it is emulated."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    asked = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(bool(getattr(torch.cpu, name, lambda: False)()) for name in asked)


def _arguments(out: Path, settings: FinetuneSettings, *, rows: int) -> TrainingArguments:
    steps = rows / settings.batch_size / settings.gradient_accumulation
    # Early stopping compares evaluations, and goes back to what was saved with the best of them.
    often = "epoch" if steps <= SAVE_STEPS else "steps"
    stopping: dict[str, Any] = {
        "eval_strategy": often, "save_strategy": often, "load_best_model_at_end": True,
        "metric_for_best_model": "loss", "greater_is_better": False, "save_total_limit": 2,
    }  # fmt: skip
    to_the_end = {"eval_strategy": "epoch", "save_strategy": "steps", "save_total_limit": 1}
    return TrainingArguments(
        output_dir=str(out),
        num_train_epochs=settings.epochs,
        per_device_train_batch_size=settings.batch_size,
        per_device_eval_batch_size=64,
        lr_scheduler_type="linear",
        warmup_steps=settings.warmup_share,
        max_grad_norm=1.0,
        gradient_accumulation_steps=settings.gradient_accumulation,
        bf16=_has_bf16() if settings.bf16 is None else settings.bf16,
        use_cpu=not torch.cuda.is_available(),
        train_sampling_strategy="group_by_length",
        length_column_name="length",
        save_steps=SAVE_STEPS,
        eval_steps=SAVE_STEPS,
        logging_steps=100,
        label_names=["labels"],
        remove_unused_columns=False,
        dataloader_num_workers=0,
        report_to=[],
        ddp_find_unused_parameters=False,
        seed=settings.seed,
        disable_tqdm=True,
        **(stopping if settings.patience else to_the_end),
    )


class _MaskedTrainer(Trainer):
    """Binary cross-entropy over the labels that a row knows, weighted by the row."""

    def compute_loss(
        self,
        model: Any,
        inputs: dict[str, Any],
        return_outputs: bool = False,
        num_items_in_batch: Any = None,
    ) -> Any:
        labels, weight = inputs.pop("labels"), inputs.pop("weight")
        outputs = model(**inputs)
        known = ~labels.isnan()
        loss = binary_cross_entropy_with_logits(
            outputs.logits.float(), labels.nan_to_num(), reduction="none"
        )
        loss = (loss * known * weight[:, None]).sum() / known.sum().clamp(min=1)
        return (loss, outputs) if return_outputs else loss

    def prediction_step(
        self,
        model: Any,
        inputs: dict[str, Any],
        prediction_loss_only: bool,
        ignore_keys: Any = None,
    ) -> Any:
        inputs = self._prepare_inputs(dict(inputs))
        labels = inputs["labels"]
        with torch.no_grad():
            loss, outputs = self.compute_loss(model, inputs, return_outputs=True)
        return loss.detach(), outputs.logits.detach().float(), labels


class Collator:
    """Pads the rows of a batch to its longest."""

    def __init__(self, pad: int) -> None:
        self.pad = pad

    def __call__(self, rows: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
        """Return one batch: ids, kinds, attention, labels and weights."""
        width = max(len(row["input_ids"]) for row in rows)
        shape = (len(rows), width)
        ids = torch.full(shape, self.pad)
        kinds, attend = torch.zeros(shape, dtype=torch.long), torch.zeros(shape, dtype=torch.long)
        for i, row in enumerate(rows):
            n = len(row["input_ids"])
            ids[i, :n] = torch.tensor(row["input_ids"])
            kinds[i, :n] = torch.tensor(row["token_type_ids"])
            attend[i, :n] = 1
        return {
            "input_ids": ids,
            "token_type_ids": kinds,
            "attention_mask": attend,
            "labels": torch.tensor([row["labels"] for row in rows], dtype=torch.float32),
            "weight": torch.tensor([row["weight"] for row in rows], dtype=torch.float32),
        }


Encode = Callable[[str, str], tuple[list[int], list[int]]]


def encoder(tokenizer: Tokenizer, normalizer: Normalizer, settings: FinetuneSettings) -> Encode:
    """Return what turns a text and its parent into ids and segment kinds, as training sees them.

    Marks of contestants that ``roster_augmentation`` wrote into them become the mark's word piece.
    """
    cls, sep = (int(tokenizer.token_to_id(token) or 0) for token in ("[CLS]", "[SEP]"))

    def pieces(text: str) -> list[int]:
        normal = normalizer(text, written_marks(text))
        ids: list[int] = tokenizer.encode(normal, add_special_tokens=False).ids
        return ids

    def encode(text: str, parent: str) -> tuple[list[int], list[int]]:
        second: list[int] = pieces(parent)[: settings.max_parent_tokens] if parent else []
        room = settings.max_tokens - 2 - (len(second) + 1 if second else 0)
        first = [cls, *pieces(text)[:room], sep]
        tail = [*second, sep] if second else []
        return first + tail, [0] * len(first) + [1] * len(tail)

    return encode


def _dataset(frame: pd.DataFrame, encode: Encode, *, parent_dropout: float, seed: int) -> Dataset:
    draw = np.random.default_rng(seed).random(len(frame))
    parents = [
        parent if isinstance(parent, str) and chance >= parent_dropout else ""
        for parent, chance in zip(frame["parent_text"], draw, strict=True)
    ]
    encoded = [encode(text, parent) for text, parent in zip(frame["text"], parents, strict=True)]
    return Dataset.from_dict(
        {
            "input_ids": [ids for ids, _ in encoded],
            "token_type_ids": [kinds for _, kinds in encoded],
            "length": [len(ids) for ids, _ in encoded],
            "labels": frame[list(LABELS)].to_numpy(dtype=np.float32).tolist(),
            "weight": frame["weight"].to_numpy(dtype=np.float32).tolist(),
        }
    )


def _metrics(prediction: Any) -> dict[str, float]:
    found: dict[str, float] = {}
    for i, label in enumerate(LABELS):
        truth = prediction.label_ids[:, i]
        known = ~np.isnan(truth)
        if known.any() and 0 < truth[known].sum() < known.sum():
            found[f"ap_{label}"] = average_precision(truth[known], prediction.predictions[known, i])
    return found


def _optimizer(
    model: BertForSequenceClassification, settings: FinetuneSettings
) -> torch.optim.Optimizer:
    depth = model.config.num_hidden_layers
    groups = []
    for name, parameter in model.named_parameters():
        scale = settings.layer_decay ** (depth + 1 - _layer(name, depth))
        plain = parameter.ndim < 2 or "LayerNorm" in name
        groups.append(
            {
                "params": [parameter],
                "lr": settings.learning_rate * scale,
                "weight_decay": 0.0 if plain else settings.weight_decay,
            }
        )
    return torch.optim.AdamW(groups, lr=settings.learning_rate)


def _layer(name: str, depth: int) -> int:
    if ".layer." in name:
        return int(name.split(".layer.")[1].split(".", maxsplit=1)[0]) + 1
    return 0 if ".embeddings." in name else depth + 1
