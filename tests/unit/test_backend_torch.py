"""Hugging Face folders of others load through torch, and are never decided on by accident."""

import json
import shutil
import sys
from pathlib import Path

import pytest
import tiny
import torch
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertForSequenceClassification

from netralitas_nlp import Scorer
from netralitas_nlp.errors import BundleError, NetralitasError, UsageError
from netralitas_nlp.labels import LABELS

TEXTS = [text for text, _ in tiny.POSTS]


@pytest.fixture
def foreign(tiny_bundle: Path, tmp_path: Path) -> Path:
    """The folder that transformers would write for a classifier of somebody else."""
    folder = tmp_path / "bert-orang-lain"
    model = BertForSequenceClassification.from_pretrained(tiny_bundle)
    names = ["hoax", "Ujaran Kebencian", "candidate-support"]
    model.config.id2label = dict(enumerate(names))
    model.config.label2id = {name: i for i, name in enumerate(names)}
    del model.config.netralitas
    model.save_pretrained(folder)
    shutil.copy(tiny_bundle / "tokenizer.json", folder)
    return folder


def refusal(folder: Path | str, **options: str) -> NetralitasError:
    with pytest.raises(NetralitasError) as caught:
        Scorer.from_pretrained(folder, backend="torch", **options)
    assert caught.value.render("id") != caught.value.render("en")
    return caught.value


def edit(path: Path, **values: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_our_bundle_scores_alike_in_torch_and_onnx(tiny_bundle: Path) -> None:
    onnx = Scorer.from_pretrained(tiny_bundle).score(TEXTS)
    torch_ = Scorer.from_pretrained(tiny_bundle, backend="torch").score(TEXTS)
    for one, other in zip(onnx, torch_, strict=True):
        # The graph computes in int8, torch in fp32.
        assert one.scores == pytest.approx(other.scores, abs=5e-3)
        assert one.n_tokens == other.n_tokens


def test_a_foreign_folder_is_scored_with_its_own_names_put_in_our_order(
    foreign: Path, tiny_bundle: Path
) -> None:
    scorer = Scorer.from_pretrained(foreign, backend="torch", operating_point="uncalibrated")
    assert scorer.bundle.labels == ("hoax", "hate_speech", "candidate_support")
    assert scorer.bundle.name == "bert-orang-lain"
    assert scorer.operating_point == "uncalibrated"
    # The head was not reordered, so the first logit, ours for support, is now theirs for hoax.
    raw = scorer.score("rapat desa").scores["hoax"]
    ours = Scorer.from_pretrained(tiny_bundle).score("rapat desa").scores["candidate_support"]
    logit = float(torch.logit(torch.tensor(ours, dtype=torch.float64))) / 2
    assert raw == pytest.approx(1 / (1 + torch.exp(torch.tensor(-logit)).item()), abs=1e-4)


def test_without_measured_thresholds_nothing_is_decided_unless_asked_for(foreign: Path) -> None:
    error = refusal(foreign)
    assert isinstance(error, UsageError)
    assert error.code == "operating_point_uncalibrated"
    assert "thresholds.json" in str(error)


def test_thresholds_laid_beside_the_model_are_used(foreign: Path, tiny_bundle: Path) -> None:
    shutil.copy(tiny_bundle / "thresholds.json", foreign)
    scorer = Scorer.from_pretrained(foreign, backend="torch", operating_point="recall")
    assert (
        scorer.thresholds
        == Scorer.from_pretrained(tiny_bundle, operating_point="recall").thresholds
    )


def test_the_digest_follows_the_weights(foreign: Path) -> None:
    def digest() -> str:
        options = {"backend": "torch", "operating_point": "uncalibrated"}
        return Scorer.from_pretrained(foreign, **options).bundle.digest  # type: ignore[arg-type]

    before = digest()
    weights = load_file(foreign / "model.safetensors")
    weights["classifier.bias"] = weights["classifier.bias"] + 1
    save_file(weights, str(foreign / "model.safetensors"), metadata={"format": "pt"})
    assert digest() != before


@pytest.mark.parametrize("names", [["LABEL_0", "LABEL_1", "LABEL_2"], ["hoax"], ["hoax"] * 3])
def test_outputs_that_are_not_our_labels_are_refused(foreign: Path, names: list[str]) -> None:
    edit(foreign / "config.json", id2label={str(i): n for i, n in enumerate(names)})
    error = refusal(foreign)
    assert error.code == "bundle_labels_foreign"
    assert names[0] in str(error)
    assert all(label in str(error) for label in LABELS)


def test_a_model_that_picks_one_class_is_refused(foreign: Path) -> None:
    edit(foreign / "config.json", problem_type="single_label_classification")
    assert refusal(foreign).code == "bundle_single_label"


def test_an_encoder_without_classifier_is_refused_instead_of_filled_with_chance(
    foreign: Path,
) -> None:
    weights = load_file(foreign / "model.safetensors")
    kept = {k: v for k, v in weights.items() if not k.startswith("classifier")}
    save_file(kept, str(foreign / "model.safetensors"), metadata={"format": "pt"})
    error = refusal(foreign, operating_point="uncalibrated")
    assert error.code == "bundle_weights_broken"
    assert "classifier" in str(error)


def test_weights_of_2019_with_gamma_and_beta_load(foreign: Path) -> None:
    options = {"backend": "torch", "operating_point": "uncalibrated"}
    wanted = Scorer.from_pretrained(foreign, **options).score(TEXTS)  # type: ignore[arg-type]
    weights = load_file(foreign / "model.safetensors")
    old = {
        k.replace("LayerNorm.weight", "LayerNorm.gamma").replace(
            "LayerNorm.bias", "LayerNorm.beta"
        ): v
        for k, v in weights.items()
    }
    save_file(old, str(foreign / "model.safetensors"), metadata={"format": "pt"})
    found = Scorer.from_pretrained(foreign, **options).score(TEXTS)  # type: ignore[arg-type]
    assert found == wanted


def test_a_folder_with_pickled_weights_only_is_refused(foreign: Path) -> None:
    (foreign / "model.safetensors").rename(foreign / "pytorch_model.bin")
    error = refusal(foreign)
    assert error.code == "bundle_pickle"
    assert "safe_serialization" in str(error)


def test_damaged_weights_are_refused_in_words(foreign: Path) -> None:
    (foreign / "model.safetensors").write_bytes(b"\xff" * 100)
    assert refusal(foreign, operating_point="uncalibrated").code == "bundle_weights_broken"


def test_a_vocabulary_without_tokenizer_json_is_enough(foreign: Path) -> None:
    from tokenizers import Tokenizer

    options = {"backend": "torch", "operating_point": "uncalibrated"}
    wanted = Scorer.from_pretrained(foreign, **options).score(TEXTS[-1])  # type: ignore[arg-type]
    vocabulary = Tokenizer.from_file(str(foreign / "tokenizer.json")).get_vocab()
    (foreign / "tokenizer.json").unlink()
    ordered = sorted(vocabulary, key=lambda piece: vocabulary[piece])
    (foreign / "vocab.txt").write_text("\n".join(ordered) + "\n", encoding="utf-8")
    found = Scorer.from_pretrained(foreign, **options).score(TEXTS[-1])  # type: ignore[arg-type]
    assert found.n_tokens == wanted.n_tokens
    assert found.scores == wanted.scores


def test_another_architecture_is_refused(foreign: Path) -> None:
    edit(foreign / "config.json", model_type="roberta")
    error = refusal(foreign)
    assert error.code == "bundle_json_key"
    assert "model_type" in str(error)


def test_a_hub_name_without_copy_and_network_says_both(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    error = refusal("tidak-ada/model-fiktif")
    assert isinstance(error, BundleError)
    assert error.code == "hub_unreachable"
    assert "tidak-ada/model-fiktif" in error.render("id")


def test_a_folder_for_torch_is_pointed_there_by_the_onnx_backend(foreign: Path) -> None:
    with pytest.raises(BundleError) as caught:
        Scorer.from_pretrained(foreign)
    assert "--backend torch" in str(caught.value)


def test_without_torch_the_message_gives_the_install_line(
    tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "netralitas_nlp.model.backend_torch", raising=False)
    monkeypatch.setitem(sys.modules, "torch", None)
    error = refusal(tiny_bundle)
    assert error.code == "missing_extra"
    assert "netralitas-nlp[train]" in str(error)


def test_a_model_with_one_segment_type_takes_a_parent(foreign: Path) -> None:
    config = BertConfig.from_pretrained(foreign)
    config.type_vocab_size = 1
    torch.manual_seed(3)
    BertForSequenceClassification(config).save_pretrained(foreign)
    scorer = Scorer.from_pretrained(foreign, backend="torch", operating_point="uncalibrated")
    assert scorer.score("setuju", parent="rapat desa").scores
