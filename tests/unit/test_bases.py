"""Bases of any make: the layouts in which Indonesian BERTs are published, and what is refused."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from tiny import MAX_TOKENS
from tokenizers import Tokenizer
from transformers import BertConfig, BertForMaskedLM, BertModel

from netralitas_nlp.errors import BundleError
from netralitas_nlp.labels import LABELS
from netralitas_nlp.training.bases import masked_head, open_base


@pytest.fixture(scope="module")
def encoder(tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pretrained encoder with vocab.txt alone, as indobenchmark/indobert-base-p1 has it."""
    folder = tmp_path_factory.mktemp("indobert")
    vocabulary = Tokenizer.from_file(str(tiny_bundle / "tokenizer.json")).get_vocab()
    words = sorted(vocabulary, key=vocabulary.__getitem__)
    (folder / "vocab.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    torch.manual_seed(5)
    config = BertConfig(
        vocab_size=len(words), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=MAX_TOKENS,
    )  # fmt: skip
    BertForMaskedLM(config).save_pretrained(folder)
    return folder


@pytest.fixture
def folder(encoder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(encoder, tmp_path / "base"))


def refusal(folder: Path) -> BundleError:
    with pytest.raises(BundleError) as caught:
        open_base(folder)
    assert caught.value.render("id") != caught.value.render("en")
    return caught.value


def test_a_folder_with_vocab_txt_alone_is_a_base(folder: Path) -> None:
    base = open_base(folder)
    assert base.bundle is None
    assert (base.layers, base.hidden) == (2, 32)
    assert base.windows.max_tokens == MAX_TOKENS
    pieces = base.tokenizer.encode("rapat koordinasi", add_special_tokens=False).tokens
    assert pieces == ["rapat", "koordinasi"]
    assert masked_head(base) is not None


def test_text_for_others_is_masked_and_folded_only_where_their_settings_say(folder: Path) -> None:
    text = "Halo @budi LIHAT https://contoh.id #PilihDua sekaliii"
    (folder / "tokenizer_config.json").write_text('{"do_lower_case": false}')
    assert open_base(folder).normalizer(text) == "Halo @USER LIHAT HTTPURL #PilihDua sekaliii"
    (folder / "tokenizer_config.json").write_text('{"do_lower_case": true}')
    base = open_base(folder)
    assert base.normalizer(text) == "halo @USER lihat HTTPURL #pilihdua sekaliii"
    folded = base.tokenizer.encode("RAPAT", add_special_tokens=False).tokens
    assert folded == ["rapat"]


def test_tokenizer_json_is_read_as_well(folder: Path, tiny_bundle: Path) -> None:
    (folder / "vocab.txt").unlink()
    shutil.copy(tiny_bundle / "tokenizer.json", folder)
    assert open_base(folder).tokenizer.token_to_id("[CLS]") is not None


def test_sharded_weights_with_an_index_give_the_same_model(folder: Path, tmp_path: Path) -> None:
    whole = masked_head(open_base(folder))
    assert whole is not None
    parts = tmp_path / "shards"
    whole.save_pretrained(parts, max_shard_size="20KB")
    shutil.copy(folder / "vocab.txt", parts)
    assert (parts / "model.safetensors.index.json").is_file()
    again = masked_head(open_base(parts))
    assert again is not None
    for name, value in whole.state_dict().items():
        assert torch.equal(value, again.state_dict()[name]), name


def test_an_encoder_without_its_masked_head_is_a_base_too(folder: Path) -> None:
    BertModel.from_pretrained(folder).save_pretrained(folder)
    assert masked_head(open_base(folder)) is None


def test_weights_of_2019_with_gamma_and_beta_are_understood(folder: Path) -> None:
    file = folder / "model.safetensors"
    old = {
        key.replace("LayerNorm.weight", "LayerNorm.gamma").replace(
            "LayerNorm.bias", "LayerNorm.beta"
        ): value + 1
        for key, value in load_file(file).items()
    }
    save_file(old, file, metadata={"format": "pt"})
    model = masked_head(open_base(folder))
    assert model is not None
    norm = model.bert.encoder.layer[0].output.LayerNorm
    assert torch.allclose(norm.weight, torch.full((32,), 2.0))


def test_a_pickle_is_refused_with_the_command_that_converts_it(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    error = refusal(folder)
    assert error.code == "base_pickle"
    for lang in ("id", "en"):
        assert f"from_pretrained('{folder}').save_pretrained(" in error.render(lang)
        assert "pytorch_model.bin" in error.render(lang)


def test_other_architectures_and_folders_without_a_configuration_are_refused(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"model_type": "roberta"}))
    assert refusal(folder).code == "base_not_bert"
    (folder / "config.json").unlink()
    assert refusal(folder).code == "base_no_config"


def test_a_vocabulary_without_the_specials_of_bert_is_refused(folder: Path) -> None:
    words = (folder / "vocab.txt").read_text().split("\n")
    (folder / "vocab.txt").write_text("\n".join(w for w in words if w != "[CLS]"))
    assert refusal(folder).code == "bundle_tokenizer_broken"


def test_a_bundle_keeps_its_text_settings_and_thresholds(tiny_bundle: Path) -> None:
    base = open_base(tiny_bundle)
    assert base.bundle is not None
    assert base.bundle.labels == LABELS
    assert base.normalizer("HALOOOO 🔥") == "haloo api"
    assert masked_head(base) is not None
