"""From labelled rows to a bundle that scores, on a model of two layers."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from tiny import HATE, HOAX, NEUTRAL, POSTS, SUPPORT, _tokenizer
from tokenizers import Tokenizer
from transformers import BertConfig, BertForMaskedLM, BertForSequenceClassification

from netralitas_nlp import Scorer
from netralitas_nlp.labels import LABELS
from netralitas_nlp.text.normalize import Normalizer
from netralitas_nlp.training.finetune import FinetuneSettings, finetune
from netralitas_nlp.training.frames import Frames
from netralitas_nlp.training.release import Release, release

NORMALIZER = Normalizer()
SETTINGS = FinetuneSettings(
    epochs=40, learning_rate=2e-3, batch_size=8, dropout=0.0, layer_decay=1.0
)
UNKNOWN = np.nan


def frame(
    rows: list[tuple[str, tuple[float, ...]]], *, own: bool = True, copies: int = 1
) -> pd.DataFrame:
    table = pd.DataFrame(
        [(text, *labels) for text, labels in rows for _ in range(copies)], columns=["text", *LABELS]
    )
    return table.assign(
        parent_text="",
        weight=1.0,
        kind="own" if own else "public",
        source="buatan",
        group_id=table.index.astype(str),
    )


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return _tokenizer([NORMALIZER(text) for text, _ in POSTS])


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer) -> Path:
    torch.manual_seed(3)
    folder = tmp_path_factory.mktemp("base")
    BertForMaskedLM(
        BertConfig(
            vocab_size=tokenizer.get_vocab_size(), hidden_size=32, num_hidden_layers=2,
            num_attention_heads=2, intermediate_size=64, max_position_embeddings=128,
        )
    ).save_pretrained(folder)  # fmt: skip
    return folder


def trained(
    rows: pd.DataFrame, base: Path, out: Path, tokenizer: Tokenizer
) -> BertForSequenceClassification:
    return finetune(
        rows,
        frame(POSTS),
        base=base,
        out=out,
        tokenizer=tokenizer,
        normalizer=NORMALIZER,
        settings=SETTINGS,
    )


def probabilities(
    model: BertForSequenceClassification, tokenizer: Tokenizer, text: str
) -> list[float]:
    ids = torch.tensor([tokenizer.encode(NORMALIZER(text)).ids])
    with torch.no_grad():
        return torch.sigmoid(model(input_ids=ids).logits[0]).tolist()


def test_each_set_teaches_only_the_labels_it_knows(
    base: Path, tmp_path: Path, tokenizer: Tokenizer
) -> None:
    """A set that knows only hate must not teach that its hateful posts are no hoaxes."""
    hate_only = [(text, (UNKNOWN, 1.0, UNKNOWN)) for text in HATE]
    calm = [(text, (UNKNOWN, 0.0, UNKNOWN)) for text in NEUTRAL]
    always_hoax = [(text, (UNKNOWN, UNKNOWN, 1.0)) for text in HOAX]
    model = trained(frame(hate_only + calm + always_hoax), base, tmp_path, tokenizer)
    for text in HATE:
        assert probabilities(model, tokenizer, text)[1] > 0.7
    for text in NEUTRAL:
        assert probabilities(model, tokenizer, text)[1] < 0.3
    # Nobody ever showed a post that is no hoax, so all look like one.
    assert min(probabilities(model, tokenizer, text)[2] for text in NEUTRAL) > 0.5


def test_rows_of_no_weight_teach_nothing(base: Path, tmp_path: Path, tokenizer: Tokenizer) -> None:
    right = frame([(text, (1.0, 0.0, 0.0)) for text in SUPPORT])
    right = pd.concat([right, frame([(text, (0.0, 0.0, 0.0)) for text in NEUTRAL])])
    wrong = frame([(text, (0.0, 0.0, 0.0)) for text in SUPPORT], copies=3).assign(weight=0.0)
    model = trained(pd.concat([right, wrong], ignore_index=True), base, tmp_path, tokenizer)
    found = [probabilities(model, tokenizer, text)[0] for text in SUPPORT]
    # 5 of the 13 rows that count carry the label; with the others it would be 5 of 28.
    assert min(found) > 0.3, found


def test_a_fine_tuned_model_becomes_a_bundle_with_figures_and_floor(
    base: Path, tmp_path: Path, tokenizer: Tokenizer
) -> None:
    rows = frame(POSTS, copies=4)
    model = trained(rows, base, tmp_path / "trainer", tokenizer)
    negatives = frame([(text, (0.0, 0.0, 0.0)) for text in NEUTRAL], own=False, copies=3)
    public = frame(POSTS, own=False, copies=2)
    frames = Frames(
        public=public, own=rows, relabelled=rows.iloc[:0],
        calibrate=pd.concat([public, rows], ignore_index=True),
        validate=pd.concat([public, rows], ignore_index=True), negatives=negatives,
    )  # fmt: skip
    history = {
        "pretraining": {
            "layers": 2, "hidden": 32, "tokens": 1000, "elapsed": 60.0, "device": "cpu",
            "held_out_loss": 5.0,
        },
        "finetuning": {},
    }  # fmt: skip
    bundle = release(
        tmp_path / "bundle",
        model=model,
        masked_language_model=BertForMaskedLM.from_pretrained(base),
        tokenizer=tokenizer,
        normalizer=NORMALIZER,
        frames=frames,
        about=Release(name="uji-v0", version="0", license="uji", sources=[], history=history),
    )
    evaluation = json.loads((bundle.folder / "evaluation.json").read_text(encoding="utf-8"))
    card = (bundle.folder / "README.md").read_text(encoding="utf-8")
    for label in LABELS:
        assert evaluation["model"]["own"]["balanced"][label]["average_precision"] > 0.9
        f1 = evaluation["floor"]["own"]["balanced"][label]["f1"]
        line = next(line for line in card.splitlines() if f"(`{label}`)" in line)
        assert f"| {f1:.2f} |" in line
    scorer = Scorer.from_pretrained(bundle.folder)
    found = {text: scorer.score(text) for text in (*SUPPORT, *NEUTRAL)}
    surest = max(SUPPORT, key=lambda text: found[text].scores["candidate_support"])
    assert found[surest].decision == "flag"
    assert sum(found[text].decision == "clear" for text in NEUTRAL) > len(NEUTRAL) / 2
