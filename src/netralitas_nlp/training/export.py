"""A classifier as a plain ONNX graph, compared with the original before anybody uses it."""

import copy
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import onnxruntime as ort
import torch
from transformers import BertForSequenceClassification

TOLERANCE: Final = 1e-4
"""Largest difference of a logit between the graph and the original."""

INPUTS: Final = ("input_ids", "attention_mask", "token_type_ids")
OPSET: Final = 18

SMALLEST_HALVED: Final = 256
"""Values of a weight from which storing it in fp16 is worth a node of the graph."""


def export_onnx(model: BertForSequenceClassification, path: Path) -> float:
    """Write the graph and return the largest difference of a logit from the original.

    Inputs ``input_ids attention_mask token_type_ids``, int64, shape (batch, length); output
    ``logits``, float32, shape (batch, labels), before any sigmoid. Batch and length are free. No
    fusion beyond what the exporter does: fused graphs were slower.

    Raises:
        ValueError: The graph differs from the original by more than ``TOLERANCE``.
    """
    plain: Any = copy.deepcopy(model)
    plain.to(device="cpu", dtype=torch.float32).eval()
    plain.set_attn_implementation("eager")
    sizes = {
        0: torch.export.Dim("batch", min=1, max=65536),
        1: torch.export.Dim("length", min=2, max=plain.config.max_position_embeddings),
    }
    example = _inputs(plain, batch=2, length=min(16, plain.config.max_position_embeddings), seed=0)
    torch.onnx.export(
        plain,
        (),
        kwargs=example,
        f=str(path),
        input_names=list(INPUTS),
        output_names=["logits"],
        dynamic_shapes=dict.fromkeys(INPUTS, sizes),
        dynamo=True,
        external_data=False,
        opset_version=OPSET,
        verbose=False,
    )
    _forget_origin(path)
    _store_halves(path)
    difference = largest_difference(plain, path)
    if difference > TOLERANCE:
        raise ValueError(f"the exported graph differs by {difference:.2g} from the model")
    return difference


def _forget_origin(path: Path) -> None:
    """Remove what the exporter noted of source files and their places on this machine."""
    proto = onnx.load(str(path))
    del proto.metadata_props[:]
    del proto.graph.metadata_props[:]
    for part in (*proto.graph.node, *proto.graph.value_info, *proto.graph.initializer):
        part.ClearField("doc_string")
        del part.metadata_props[:]
    for value in (*proto.graph.input, *proto.graph.output):
        del value.metadata_props[:]
    onnx.save(proto, str(path))


def _store_halves(path: Path) -> None:
    """Store weights that fp16 holds exactly as fp16: half the file, the same arithmetic.

    A ``Cast`` to fp32 follows each of them; the runtime computes it once, when it opens the graph.
    """
    proto = onnx.load(str(path))
    casts = []
    for weight in proto.graph.initializer:
        values = onnx.numpy_helper.to_array(weight)
        if values.dtype != np.float32 or values.size < SMALLEST_HALVED:
            continue
        halves = values.astype(np.float16)
        if not np.array_equal(halves.astype(np.float32), values):
            continue
        name = weight.name
        weight.CopyFrom(onnx.numpy_helper.from_array(halves, f"{name}.fp16"))
        casts.append(
            onnx.helper.make_node("Cast", [weight.name], [name], to=onnx.TensorProto.FLOAT)
        )
    nodes = [*casts, *proto.graph.node]
    del proto.graph.node[:]
    proto.graph.node.extend(nodes)
    onnx.save(proto, str(path))


def largest_difference(model: BertForSequenceClassification, path: Path) -> float:
    """Return the largest absolute difference of a logit over inputs of several shapes."""
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    longest = model.config.max_position_embeddings
    shapes = ((1, 3), (1, longest), (5, longest // 2), (3, 7))
    worst = 0.0
    for seed, (batch, length) in enumerate(shapes):
        inputs = _inputs(model, batch=batch, length=length, seed=seed)
        with torch.inference_mode():
            wanted = model(**inputs).logits.numpy()
        found = session.run(["logits"], {name: value.numpy() for name, value in inputs.items()})[0]
        worst = max(worst, float(np.abs(wanted - found).max()))
    return worst


def _inputs(
    model: BertForSequenceClassification, *, batch: int, length: int, seed: int
) -> dict[str, torch.Tensor]:
    """Return posts of random pieces: some with padding, all with a second segment."""
    source = torch.Generator().manual_seed(seed)
    ids = torch.randint(0, model.config.vocab_size, (batch, length), generator=source)
    mask = torch.ones_like(ids)
    mask[1:, length - length // 3 :] = 0
    kinds = torch.zeros_like(ids)
    kinds[:, length // 2 :] = model.config.type_vocab_size - 1
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": kinds}
