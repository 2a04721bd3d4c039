"""The int8 graph computes the model, rounds it little, and can see one post only."""

import sys
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from transformers import BertConfig, BertForSequenceClassification

from netralitas_nlp.training.graph import Shape, bert_graph
from netralitas_nlp.training.int8 import LARGEST, export_int8, round_weight

ACTIVATIONS = ["gelu", "gelu_new", "relu"]


def model_of(activation: str = "gelu", *, layers: int = 2) -> BertForSequenceClassification:
    torch.manual_seed(5)
    config = BertConfig(
        vocab_size=60, hidden_size=32, num_hidden_layers=layers, num_attention_heads=4,
        intermediate_size=64, max_position_embeddings=24, num_labels=3, hidden_act=activation,
        initializer_range=0.2,
    )  # fmt: skip
    return BertForSequenceClassification(config).eval()


def weights_of(model: BertForSequenceClassification) -> dict[str, np.ndarray]:
    return {name: value.numpy() for name, value in model.state_dict().items()}


def post(length: int, *, rows: int = 1) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(length)
    ids = draw.integers(0, 60, (rows, length))
    kinds = np.repeat([[0] * (length - length // 3) + [1] * (length // 3)], rows, axis=0)
    return {"input_ids": ids, "token_type_ids": kinds}


def logits(graph: bytes, inputs: dict[str, np.ndarray]) -> np.ndarray:
    session = ort.InferenceSession(graph, providers=["CPUExecutionProvider"])
    found: np.ndarray = session.run(["logits"], inputs)[0]
    return found


def wanted(model: BertForSequenceClassification, inputs: dict[str, np.ndarray]) -> np.ndarray:
    with torch.inference_mode():
        given = {name: torch.from_numpy(value) for name, value in inputs.items()}
        found: np.ndarray = model(**given).logits.numpy()
    return found


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("layers", [1, 3])
def test_without_rounding_the_graph_is_the_model(activation: str, layers: int) -> None:
    model = model_of(activation, layers=layers)
    drawn = bert_graph(weights_of(model), Shape.of(model.config), batch="batch")
    for length, rows in ((3, 1), (11, 4), (24, 2)):
        inputs = post(length, rows=rows)
        found = logits(drawn.SerializeToString(), inputs)
        assert np.abs(found - wanted(model, inputs)).max() < 1e-5


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_rounding_moves_a_logit_little(activation: str, tmp_path: Path) -> None:
    model = model_of(activation)
    export_int8(model, tmp_path / "model.onnx")
    graph = (tmp_path / "model.onnx").read_bytes()
    posts = [post(length) for length in range(3, 25)]
    found = np.concatenate([logits(graph, inputs) for inputs in posts])
    whole = np.concatenate([wanted(model, inputs) for inputs in posts])
    assert 0 < np.abs(found - whole).mean() < 0.05 * whole.std()


def test_two_posts_cannot_be_asked_at_once(tmp_path: Path) -> None:
    export_int8(model_of(), tmp_path / "model.onnx")
    with pytest.raises(Exception, match="invalid dimensions"):
        logits((tmp_path / "model.onnx").read_bytes(), post(5, rows=2))


def test_an_unknown_activation_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="silu"):
        export_int8(model_of("silu"), tmp_path / "model.onnx")
    assert not (tmp_path / "model.onnx").exists()


def test_weights_that_fp16_cannot_hold_are_kept_whole() -> None:
    model = model_of()
    key = "bert.embeddings.word_embeddings.weight"
    with torch.no_grad():
        model.bert.embeddings.word_embeddings.weight.add_(1e-9).mul_(1 + 1e-5)
    drawn = bert_graph(weights_of(model), Shape.of(model.config))
    kept = next(one for one in drawn.graph.initializer if one.name == key)
    assert len(kept.raw_data) == 4 * 60 * 32


@given(
    arrays(
        np.float32,
        array_shapes(min_dims=2, max_dims=2, max_side=9),
        elements=st.floats(-9, 9, width=32, allow_subnormal=False),
    )
)
def test_a_rounded_weight_lies_within_half_a_step(weight: np.ndarray) -> None:
    rounded, scale = round_weight(weight)
    assert np.abs(rounded.astype(int)).max() <= LARGEST
    assert (np.abs(rounded * scale - weight) <= 0.5001 * scale + 1e-30).all()


def test_two_products_fit_into_sixteen_bits() -> None:
    assert np.iinfo(np.int16).max >= 2 * 255 * LARGEST


def test_the_graph_does_not_tell_where_it_was_made(tmp_path: Path) -> None:
    export_int8(model_of(), tmp_path / "model.onnx")
    graph = (tmp_path / "model.onnx").read_bytes()
    for place in (tmp_path, Path(__file__).parents[2], Path(sys.prefix), Path.home()):
        assert str(place).encode() not in graph
