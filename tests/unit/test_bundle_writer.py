"""What is written as a bundle loads everywhere: here, in transformers, with its language head."""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
import tiny
import torch
from tokenizers import Tokenizer
from transformers import BertForMaskedLM, BertForSequenceClassification

from netralitas_nlp.errors import BundleError
from netralitas_nlp.labels import LABELS
from netralitas_nlp.model.backend_onnx import OnnxBackend
from netralitas_nlp.model.bundle import Bundle
from netralitas_nlp.model.tokenizer import PostTokenizer
from netralitas_nlp.training.bundle_writer import halve, write_bundle
from netralitas_nlp.training.export import TOLERANCE, export_onnx, largest_difference


@pytest.fixture
def model(tiny_bundle: Path) -> BertForSequenceClassification:
    return BertForSequenceClassification.from_pretrained(tiny_bundle).eval()


def parts(tiny_bundle: Path, model: BertForSequenceClassification) -> dict:
    read = {
        name: json.loads((tiny_bundle / f"{name}.json").read_text())
        for name in ("calibration", "thresholds", "reference", "evaluation")
    }
    return read | {
        "model": model,
        "masked_language_model": BertForMaskedLM.from_pretrained(tiny_bundle),
        "tokenizer": Tokenizer.from_file(str(tiny_bundle / "tokenizer.json")),
        "normalizer_settings": {},
        "labels": LABELS,
        "card": "# Kartu\n",
        "license": "CC BY-NC-SA 4.0\n",
        "name": "netralitas-tiny-2x32-v9",
        "version": "9",
        "max_tokens": tiny.MAX_TOKENS,
        "window_overlap": tiny.OVERLAP,
        "max_parent_tokens": tiny.MAX_PARENT,
    }


def test_transformers_loads_the_classifier_with_nothing_missing(tiny_bundle: Path) -> None:
    model, info = BertForSequenceClassification.from_pretrained(
        tiny_bundle, output_loading_info=True
    )
    assert not info["missing_keys"]
    assert model.dtype == torch.float32
    assert model.config.id2label == dict(enumerate(LABELS))


def test_transformers_loads_the_language_head_with_nothing_missing(tiny_bundle: Path) -> None:
    model, info = BertForMaskedLM.from_pretrained(tiny_bundle, output_loading_info=True)
    assert not info["missing_keys"]
    assert torch.equal(
        model.cls.predictions.decoder.weight, model.bert.embeddings.word_embeddings.weight
    )


def test_the_weights_are_stored_in_half_precision(tiny_bundle: Path) -> None:
    from safetensors import safe_open

    with safe_open(tiny_bundle / "model.safetensors", "pt") as stored:
        kinds = {stored.get_tensor(key).dtype for key in stored.keys()}  # noqa: SIM118
    assert kinds == {torch.float16}


def test_the_graph_computes_what_the_stored_weights_compute(
    tiny_bundle: Path, model: BertForSequenceClassification, tmp_path: Path
) -> None:
    model.set_attn_implementation("eager")
    whole = write_bundle(tmp_path / "whole", **parts(tiny_bundle, model), precision="fp32")
    assert largest_difference(model, whole.folder / "model.onnx") < 1e-5


def test_the_default_graph_is_int8(tiny_bundle: Path) -> None:
    graph = onnx.load(str(tiny_bundle / "model.onnx")).graph
    assert {one.name for one in graph.input} == {"input_ids", "token_type_ids"}
    assert sum(node.op_type == "DynamicQuantizeMatMul" for node in graph.node) == 2 * 4 + 1
    assert not any(node.op_type == "MatMul" for node in graph.node)


def test_what_the_model_says_of_a_piece_is_what_the_graph_says(tiny_bundle: Path) -> None:
    bundle = Bundle.from_folder(tiny_bundle)
    tokenizer = PostTokenizer.from_folder(bundle.folder, bundle.windows)
    backend = OnnxBackend(bundle)
    stored = np.load(tiny_bundle / "pieces.npy")
    for piece in range(0, tokenizer.vocabulary, 7):
        assert (stored[piece] == backend.logits(tokenizer.alone(piece))).all()


def test_halving_twice_is_halving_once(
    model: BertForSequenceClassification,
) -> None:
    with torch.no_grad():
        model.classifier.weight.add_(1e-4 / 3)
    once = {k: v.clone() for k, v in halve(model).state_dict().items()}
    assert all(torch.equal(v, once[k]) for k, v in halve(model).state_dict().items())


def test_a_graph_that_differs_is_never_released(
    model: BertForSequenceClassification, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_onnx(model, tmp_path / "model.onnx")
    with torch.no_grad():
        model.classifier.bias.add_(0.01)
    assert largest_difference(model, tmp_path / "model.onnx") > TOLERANCE


def test_an_earlier_bundle_is_replaced_as_a_whole(
    tiny_bundle: Path, model: BertForSequenceClassification, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(tiny_bundle, tmp_path / "model"))
    old = Bundle.from_folder(folder).digest
    written = write_bundle(folder, **parts(tiny_bundle, model))
    assert written.name == "netralitas-tiny-2x32-v9"
    assert Bundle.from_folder(folder).digest == written.digest != old
    assert sorted(p.name for p in tmp_path.iterdir()) == ["model"]


def test_a_folder_that_holds_something_else_is_left_alone(
    tiny_bundle: Path, model: BertForSequenceClassification, tmp_path: Path
) -> None:
    (tmp_path / "tesis.docx").write_text("penting")
    with pytest.raises(FileExistsError, match=r"tesis\.docx"):
        write_bundle(tmp_path, **parts(tiny_bundle, model))
    assert (tmp_path / "tesis.docx").read_text() == "penting"


def test_a_bundle_that_could_not_be_loaded_is_not_put_in_place(
    tiny_bundle: Path, model: BertForSequenceClassification, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(tiny_bundle, tmp_path / "model"))
    broken = parts(tiny_bundle, model) | {"calibration": {"labels": {}}}
    with pytest.raises(BundleError, match=r"calibration\.json"):
        write_bundle(folder, **broken)
    assert Bundle.from_folder(folder).name == tiny.NAME
    assert sorted(p.name for p in tmp_path.iterdir()) == ["model"]


def test_the_graph_does_not_tell_where_it_was_made(tiny_bundle: Path) -> None:
    graph = (tiny_bundle / "model.onnx").read_bytes()
    for place in (Path(__file__).parents[2], Path(sys.prefix), Path.home()):
        assert str(place).encode() not in graph
    assert b"site-packages" not in graph


def test_a_weight_that_fp16_holds_takes_half_the_file(
    model: BertForSequenceClassification, tmp_path: Path
) -> None:
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(1e-9)  # no longer what fp16 can hold
    export_onnx(model, tmp_path / "whole.onnx")
    export_onnx(halve(model), tmp_path / "half.onnx")
    whole, half = ((tmp_path / f"{name}.onnx").stat().st_size for name in ("whole", "half"))
    assert half < 0.75 * whole
