"""Protocols on invented folds: they train per fold and judge on what it never saw."""

import gzip
import json
import random
from pathlib import Path

import pandas as pd
import pytest
import torch
from test_finetune_release import NORMALIZER
from tiny import HATE, NEUTRAL, POSTS, _tokenizer
from transformers import BertConfig, BertForMaskedLM

from netralitas_nlp.errors import InputError
from netralitas_nlp.evaluation.metrics import average_precision
from netralitas_nlp.evaluation.protocols.folds import Fold, judged, summary
from netralitas_nlp.evaluation.protocols.hs1 import GROUP, HS, PROTECTED, hs1, read_fold


def write_fold(folder: Path, fold: int, *, copied: bool = False) -> None:
    """Write train, dev and test; with ``copied`` one test post also stands in train."""
    draw = random.Random(fold)
    for part in ("train", "dev", "test"):
        rows = [f"Tweet,HS,{','.join(PROTECTED)}"]
        for i in range(12 if part == "train" else 6):
            hate, calm = HATE[i % len(HATE)], NEUTRAL[i % len(NEUTRAL)]
            other = " ".join("".join(draw.choices("abdegiklmnoprstu", k=6)) for _ in range(14))
            rows += [f'"{hate} {other}",1,1,0,0', f'"{other} {calm}",0,0,0,0']
        if copied and part != "dev":
            rows.append('"kalimat yang sama persis ada di dua bagian lipatan ini",1,0,0,0')
        path = folder / f"benchmarks/hs1-folds/{part}{fold}.csv.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(("\n".join(rows) + "\n").encode()))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(3)
    folder = tmp_path_factory.mktemp("encoder")
    tokenizer = _tokenizer([NORMALIZER(text) for text, _ in POSTS])
    BertForMaskedLM(
        BertConfig(
            vocab_size=tokenizer.get_vocab_size(), hidden_size=32, num_hidden_layers=2,
            num_attention_heads=2, intermediate_size=64, max_position_embeddings=128,
        )
    ).save_pretrained(folder)  # fmt: skip
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = json.dumps(NORMALIZER.to_settings())
    (folder / "normalizer.json").write_text(settings, encoding="utf-8")
    return folder


def test_a_fold_is_read_with_both_labels(tmp_path: Path) -> None:
    write_fold(tmp_path, 0)
    frame = read_fold(tmp_path, "test", 0)
    assert len(frame) == 12
    assert frame[HS].sum() == 6
    assert frame[GROUP].sum() == 6
    assert frame["candidate_support"].isna().all()


def test_a_missing_fold_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"train0\.csv\.gz"):
        read_fold(tmp_path, "train", 0)


def test_each_fold_has_figures_with_floor_and_without_copies(tmp_path: Path, base: Path) -> None:
    write_fold(tmp_path, 0, copied=True)
    write_fold(tmp_path, 1)
    found = hs1(tmp_path, base, out=tmp_path / "out", folds=(0, 1))
    first, second = found["folds"]
    assert first["test"] - first["without_copies"] == 1
    assert second["test"] == second["without_copies"]
    for name in ("HS_f1", "HS_floor_f1", "group_f1", "group_f1_without_copies"):
        assert 0 <= found["mean"][name] <= 1
        assert found["mean"][name] == pytest.approx((first[name] + second[name]) / 2)


def test_a_fold_is_judged_beside_its_floor_with_intervals(tmp_path: Path, base: Path) -> None:
    def frame(texts: list[tuple[str, float]]) -> pd.DataFrame:
        table = pd.DataFrame(texts, columns=["text", "hate_speech"]).assign(
            parent_text="", weight=1.0, candidate_support=float("nan"), hoax=float("nan")
        )
        return table.assign(group_id=[f"g{i}" for i in range(len(table))])

    texts = [(text, 1.0) for text in HATE * 3] + [(text, 0.0) for text in NEUTRAL * 3]
    fold = Fold("something", frame(texts), frame(texts), frame(texts))
    figures = judged(
        [fold], label="hate_speech", measure=average_precision, base=base, out=tmp_path, seed=1
    )
    found = summary("named", base, figures, measure="average precision")
    assert found["folds"][0]["left_out"] == "something"
    assert found["folds"][0]["positive"] == 3 * len(HATE)
    for name in ("model", "floor"):
        low, high = found["folds"][0][f"{name}_interval"]
        assert low <= found["mean"][name] <= high
