"""A BERT classifier written node by node: only what one unpadded post needs is computed.

Against what exporters write, it lacks the attention mask (nothing is padded), computes the last
layer for ``[CLS]`` alone (nothing else is read), and multiplies queries, keys and values in one go.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

FloatArray = NDArray[np.float32]

OPSET: Final = 20
"""The first that has ``Gelu``."""

IR_VERSION: Final = 9
CONTRIB: Final = "com.microsoft"
"""Operators that ONNX Runtime brings beside those of the standard."""

INPUTS: Final = ("input_ids", "token_type_ids")

_ACTIVATIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "gelu": {"op": "Gelu"},
    "gelu_new": {"op": "Gelu", "approximate": "tanh"},
    "gelu_pytorch_tanh": {"op": "Gelu", "approximate": "tanh"},
    "relu": {"op": "Relu"},
}


@dataclass(frozen=True, slots=True)
class Shape:
    """What a BERT looks like.

    Attributes:
        layers: How many.
        heads: Of the attention; they divide the width.
        epsilon: Of the layer norms.
        activation: Name that Hugging Face gives it, one of those that ``is_drawable`` knows.
    """

    layers: int
    heads: int
    epsilon: float
    activation: str

    @classmethod
    def of(cls, config: Any) -> "Shape":
        """Return the shape that a Hugging Face ``BertConfig`` describes."""
        return cls(
            config.num_hidden_layers,
            config.num_attention_heads,
            config.layer_norm_eps,
            str(config.hidden_act),
        )

    @property
    def is_drawable(self) -> bool:
        """Whether the graph knows the activation."""
        return self.activation in _ACTIVATIONS


class Drawing:
    """Nodes and constants as they are put down."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, values: Any) -> str:
        """Keep an array under a name, once, and return the name."""
        if name not in self.constants:
            array = np.ascontiguousarray(values) if np.ndim(values) else np.asarray(values)
            self.constants[name] = numpy_helper.from_array(array, name)
        return name

    def integers(self, *values: int) -> str:
        """Return the name of a constant of shape (values,), int64."""
        return self.constant(f"i{values}", np.array(values, dtype=np.int64))

    def node(self, op: str, *inputs: str, domain: str = "", name: str = "", **given: Any) -> str:
        """Put an operator down and return the name of its only output."""
        name = name or f"{op}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [name], domain=domain, name=name, **given))
        return name

    def split(self, value: str, parts: int) -> list[str]:
        """Return the names of equal parts along the last axis."""
        names = [f"{value}_{part}" for part in range(parts)]
        self.nodes.append(
            helper.make_node("Split", [value], names, axis=-1, num_outputs=parts, name=names[0])
        )
        return names


Linear = Callable[[Drawing, str, str, FloatArray, FloatArray], str]
"""Draws ``x · weight + bias``: drawing, name of the layer, name of x (…, in), weight (in, out),
bias (out,); returns the name of the result (…, out)."""


def plain_linear(draw: Drawing, name: str, x: str, weight: FloatArray, bias: FloatArray) -> str:
    """Draw a product in fp32."""
    product = draw.node("MatMul", x, draw.constant(f"{name}.weight", weight))
    return draw.node("Add", product, draw.constant(f"{name}.bias", bias))


def bert_graph(
    weights: Mapping[str, FloatArray],
    shape: Shape,
    *,
    linear: Linear = plain_linear,
    batch: int | str = 1,
) -> onnx.ModelProto:
    """Return the graph of a classifier.

    Inputs ``input_ids`` and ``token_type_ids``, int64, shape (batch, length), without padding;
    output ``logits``, float32, shape (batch, labels), before any sigmoid.

    Args:
        weights: By the names of ``BertForSequenceClassification.state_dict()``.
        shape: Of the model.
        linear: Draws the linear layers of the encoder; pooler and classifier stay in fp32.
        batch: Windows in a call; a name leaves it free. At 1 nothing else can be asked.

    Raises:
        ValueError: The activation is none that the graph knows.
    """
    if not shape.is_drawable:
        known = ", ".join(_ACTIVATIONS)
        raise ValueError(f"activation {shape.activation!r}: this graph knows {known}")
    draw = Drawing()
    x = _embedded(draw, weights, shape)
    for number in range(shape.layers):
        last = number == shape.layers - 1
        x = _layer(draw, weights, shape, linear, number=number, x=x, last=last)
    _head(draw, weights, x)
    labels = len(weights["classifier.bias"])
    graph = helper.make_graph(
        draw.nodes,
        "netralitas",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, [batch, "length"])
            for name in INPUTS
        ],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [batch, labels])],
        list(draw.constants.values()),
    )
    operators = [helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)]
    return helper.make_model(graph, opset_imports=operators, ir_version=IR_VERSION)


def _embedded(draw: Drawing, weights: Mapping[str, FloatArray], shape: Shape) -> str:
    key = "bert.embeddings"
    words = _looked_up(draw, weights, f"{key}.word_embeddings.weight", "input_ids")
    kinds = _looked_up(draw, weights, f"{key}.token_type_embeddings.weight", "token_type_ids")
    places = draw.node(
        "Slice",
        draw.constant(f"{key}.places", weights[f"{key}.position_embeddings.weight"]),
        draw.integers(0),
        draw.node("Shape", "input_ids", start=1, end=2),
        draw.integers(0),
    )
    total = draw.node("Add", draw.node("Add", words, kinds), places)
    return _norm(draw, weights, shape, f"{key}.LayerNorm", total)


def _looked_up(draw: Drawing, weights: Mapping[str, FloatArray], key: str, ids: str) -> str:
    table = weights[key]
    halves = table.astype(np.float16)
    if not np.array_equal(halves.astype(np.float32), table):
        return draw.node("Gather", draw.constant(key, table), ids)
    # Half the file, the same numbers: released weights are rounded to what fp16 holds.
    found = draw.node("Gather", draw.constant(key, halves), ids)
    return draw.node("Cast", found, to=TensorProto.FLOAT)


def _norm(draw: Drawing, weights: Mapping[str, FloatArray], shape: Shape, key: str, x: str) -> str:
    scale = draw.constant(f"{key}.weight", weights[f"{key}.weight"])
    shift = draw.constant(f"{key}.bias", weights[f"{key}.bias"])
    return draw.node("LayerNormalization", x, scale, shift, axis=-1, epsilon=shape.epsilon)


def _first(draw: Drawing, x: str) -> str:
    """Return the position of ``[CLS]``, shape (batch, 1, width)."""
    return draw.node("Slice", x, draw.integers(0), draw.integers(1), draw.integers(1))


def _layer(
    draw: Drawing,
    weights: Mapping[str, FloatArray],
    shape: Shape,
    linear: Linear,
    *,
    number: int,
    x: str,
    last: bool,
) -> str:
    key = f"bert.encoder.layer.{number}"

    def dense(name: str, value: str) -> str:
        weight, bias = weights[f"{key}.{name}.weight"].T, weights[f"{key}.{name}.bias"]
        return linear(draw, f"{number}.{name}", value, weight, bias)

    read = _first(draw, x) if last else x
    mixed = _attention(draw, weights, shape, linear, number=number, x=x, read=read)
    y = draw.node("Add", dense("attention.output.dense", mixed), read)
    y = _norm(draw, weights, shape, f"{key}.attention.output.LayerNorm", y)
    inner = dense("intermediate.dense", y)
    given = dict(_ACTIVATIONS[shape.activation])
    inner = draw.node(given.pop("op"), inner, **given)
    z = draw.node("Add", dense("output.dense", inner), y)
    return _norm(draw, weights, shape, f"{key}.output.LayerNorm", z)


def _attention(
    draw: Drawing,
    weights: Mapping[str, FloatArray],
    shape: Shape,
    linear: Linear,
    *,
    number: int,
    x: str,
    read: str,
) -> str:
    """Return what the positions of ``read`` gather from those of ``x``."""
    key = f"bert.encoder.layer.{number}.attention.self"
    parts = {
        name: (weights[f"{key}.{name}.weight"].T, weights[f"{key}.{name}.bias"])
        for name in ("query", "key", "value")
    }

    def together(names: tuple[str, ...], value: str) -> list[str]:
        weight = np.concatenate([parts[name][0] for name in names], axis=1)
        bias = np.concatenate([parts[name][1] for name in names])
        product = linear(draw, f"{number}.{'-'.join(names)}", value, weight, bias)
        return draw.split(product, len(names)) if len(names) > 1 else [product]

    if read == x:
        q, k, v = together(("query", "key", "value"), x)
    else:
        (q,), (k, v) = together(("query",), read), together(("key", "value"), x)
    # Divides the dot products by the root of a head's width, as BERT does, when not told otherwise.
    return draw.node("MultiHeadAttention", q, k, v, domain=CONTRIB, num_heads=shape.heads)


def _head(draw: Drawing, weights: Mapping[str, FloatArray], x: str) -> None:
    pooled = draw.node("Squeeze", x, draw.integers(1))

    def product(key: str, value: str, name: str = "") -> str:
        weight = draw.constant(f"{key}.weight", weights[f"{key}.weight"])
        bias = draw.constant(f"{key}.bias", weights[f"{key}.bias"])
        return draw.node("Gemm", value, weight, bias, name=name, transB=1)

    product("classifier", draw.node("Tanh", product("bert.pooler.dense", pooled)), "logits")
