"""The int8 form of a classifier: a third of the time, and still one score per post.

Weights are rounded once, per output (Jacob et al. 2018, "Quantization and Training of Neural
Networks for Efficient Integer-Arithmetic-Only Inference"); activations while they are computed,
with one scale per linear layer and **per post**, because the graph takes one window in a call and
no more. Company therefore has no way into the arithmetic. ``benchmarks/precision.py`` compares the
forms that were tried.
"""

from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from transformers import BertForSequenceClassification

from netralitas_nlp.training.graph import (
    CONTRIB,
    Drawing,
    FloatArray,
    Shape,
    bert_graph,
)

LARGEST: Final = 63
"""Of a rounded weight. Processors without VNNI add two products of an unsigned and a signed byte in
16 bits, where 2 · 255 · 127 does not fit and is cut off without a word; 2 · 255 · 63 = 32,130 does
fit, so no sum is wrong anywhere. Scores may still differ between kinds of processors, whose
arithmetic in fp32 does. What the lost bit costs could not be told from chance."""


def export_int8(model: BertForSequenceClassification, path: Path) -> None:
    """Write the int8 graph of a classifier; see ``graph.bert_graph`` for inputs and output.

    Raises:
        ValueError: The model has an activation that the graph does not know.
    """
    weights = {
        name: np.asarray(value.detach().to(device="cpu", dtype=torch.float32).numpy())
        for name, value in model.state_dict().items()
        if value.is_floating_point()
    }
    onnx.save(bert_graph(weights, Shape.of(model.config), linear=int8_linear), str(path))


def int8_linear(
    draw: Drawing,
    name: str,
    x: str,
    weight: FloatArray,
    bias: FloatArray,
    *,
    largest: int = LARGEST,
) -> str:
    """Draw a product of integers: activations 8 bits, weights 7, sums 32.

    See ``graph.Linear`` for the arguments and ``round_weight`` for ``largest``.
    """
    rounded, scale = round_weight(weight, largest=largest)
    return draw.node(
        "DynamicQuantizeMatMul",
        x,
        draw.constant(f"{name}.weight", rounded),
        draw.constant(f"{name}.scale", scale),
        draw.constant("no_shift", np.int8(0)),
        draw.constant(f"{name}.bias", bias),
        domain=CONTRIB,
    )


def round_weight(
    weight: FloatArray, *, largest: int = LARGEST
) -> tuple[NDArray[np.int8], FloatArray]:
    """Return integers in [-largest, largest] and the scale of each column.

    Args:
        weight: Shape (in, out).
        largest: At most 127.

    Returns:
        Integers of shape (in, out), scales of shape (out,); their product is within half a scale
        of the weight.
    """
    scale = np.abs(weight).max(axis=0) / largest
    scale = np.where(scale == 0, 1, scale).astype(np.float32)
    rounded: Any = np.rint(weight / scale)
    return np.clip(rounded, -largest, largest).astype(np.int8), scale
