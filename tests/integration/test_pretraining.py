"""The pretraining script on a toy corpus: it learns, stops on time, and survives a kill."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from transformers import BertForMaskedLM, BertForSequenceClassification

from netralitas_nlp.text.normalize import Normalizer
from netralitas_nlp.training.wordpiece import train_wordpiece

ROOT = Path(__file__).parents[2]
SENTENCES = [
    f"{who} {does} di {where} {when}"
    for who in ("pak camat", "bu guru", "perawat", "satpam")
    for does in ("rapat", "makan siang", "piket", "membaca surat")
    for where in ("kantor", "sekolah", "puskesmas")
    for when in ("pagi ini", "kemarin", "besok")
]


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shards")
    tokenizer = train_wordpiece(SENTENCES * 5, size=120)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "normalizer.json").write_text(json.dumps(Normalizer().to_settings()))
    rows = [np.array(tokenizer.encode(text).ids, np.uint16) for text in SENTENCES * 10]
    for name, part in (("shard-000", rows[:-64]), ("held_out", rows[-64:])):
        lengths = np.array([len(row) for row in part], np.uint16)
        np.savez(folder / f"{name}.npz", ids=np.concatenate(part), lengths=lengths)
    return folder


def command(shards: Path, out: Path, minutes: float, *more: str) -> list[str]:
    size = ["--layers", "1", "--hidden", "32", "--heads", "2", "--max-tokens", "32"]
    pace = ["--minutes", str(minutes), "--tokens-per-step", "512", "--threads", "1", "--lr", "5e-3"]
    script = str(ROOT / "train" / "pretrain.py")
    return [sys.executable, script, "--shards", str(shards), "--out", str(out), *size, *pace, *more]


def test_pretraining_lowers_the_held_out_loss_and_leaves_a_folder_that_loads(
    shards: Path, tmp_path: Path
) -> None:
    losses = {}
    for name, minutes in (("short", 0.01), ("long", 0.2)):
        subprocess.run(command(shards, tmp_path / name, minutes), check=True, capture_output=True)
        losses[name] = json.loads((tmp_path / name / "pretraining.json").read_text())
    assert losses["long"]["held_out_loss"] < 0.7 * losses["short"]["held_out_loss"]
    assert losses["long"]["elapsed"] < 0.2 * 60 + 10
    BertForMaskedLM.from_pretrained(tmp_path / "long")
    BertForSequenceClassification.from_pretrained(tmp_path / "long", num_labels=3)


def test_a_killed_run_goes_on_where_its_last_checkpoint_was(shards: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    run = subprocess.Popen(
        command(shards, out, 5, "--save-every", "1"), stdout=subprocess.DEVNULL, process_group=0
    )
    deadline = time.monotonic() + 120
    while not (out / "state.safetensors").exists() and time.monotonic() < deadline:
        time.sleep(0.2)
    time.sleep(2)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    saved = json.loads((out / "state.json").read_text())
    assert saved["step"] > 0
    again = command(shards, out, saved["elapsed"] / 60 + 0.05, "--resume")
    shown = subprocess.run(again, check=True, capture_output=True, text=True).stdout
    done = json.loads((out / "pretraining.json").read_text())
    assert "resumed at step" in shown
    assert done["step"] > saved["step"]
    assert done["tokens"] > saved["tokens"]
