"""Step 3b. Fine-tuned teachers and TF-IDF -> one student that learnt what they agree on.

    python train/distil.py --data DIR --base work/encoder --teachers work/t1 work/t2

The student starts from the pretrained encoder. It sees our own posts and the relabelled real ones
(half their label, half the teachers' opinion), and real posts on which the teachers alone speak:
texts of the public sets and unlabelled posts of DIR/corpus that mention politics or groups.
"""

import argparse
import json
import re
import shutil
import time
import tomllib
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from transformers import BertForSequenceClassification

from netralitas_nlp.evaluation.metrics import average_precision
from netralitas_nlp.evaluation.parity import load_attributes
from netralitas_nlp.labels import LABELS
from netralitas_nlp.text.dedup import letters_key
from netralitas_nlp.training.corpus import documents, hash_key
from netralitas_nlp.training.distil import agreed, bert_logits, softened, tfidf_logits
from netralitas_nlp.training.finetune import FinetuneSettings, finetune
from netralitas_nlp.training.frames import Frames, load_frames
from netralitas_nlp.training.groups import near_any
from netralitas_nlp.training.identities import exchanged, with_standins
from netralitas_nlp.training.roster_augmentation import (
    RosterSettings,
    augment,
    with_marks_learnt,
)
from netralitas_nlp.training.sources.common import clean
from netralitas_nlp.training.wordpiece import save_normalizer, text_settings

TOPIC = re.compile(
    r"\b(?:pemilu|pilkada|pilpres|pileg|pilgub|pilbup|caleg|capres|cagub|cabup|paslon|coblos|kpu"
    r"|bawaslu|calon|presiden|gubernur|bupati|walikota|wali kota|partai|kampanye|suara|tps|dukung"
    r"|asn|pns|netral"
    r"|kadrun|cebong|kampret|kafir|cina|china|aseng|pribumi|pendatang|papua|islam|kristen|lgbt"
    r"|hoax|hoaks|sebarkan|viralkan|vaksin|chip|komunis|pki|nomor (?:urut )?[1-5]|0[1-3])\b",
    re.IGNORECASE,
)
MOST_WORDS = 80


def main() -> None:
    args = arguments()
    start = time.monotonic()
    settings = tomllib.loads(args.config.read_text("utf-8"))
    frames = load_frames(
        args.data / "labeled",
        own=args.own if args.own.exists() else None,
        relabel=args.relabel if args.relabel.exists() else None,
    )
    tokenizer, normalizer = text_settings(args.base)
    ours = pd.concat([frames.own, frames.relabelled], ignore_index=True)
    others = pool(args.data, frames, **settings["pool"])
    dev = frames.calibrate[frames.calibrate["kind"] != "public"].reset_index(drop=True)
    rows = pd.concat([ours, others], ignore_index=True)
    print(f"{len(ours):,} posts with our labels, {len(others):,} without", flush=True)
    teachers = [(tfidf_logits(ours, rows), tfidf_logits(ours, dev))]
    for folder in args.teachers:
        model = BertForSequenceClassification.from_pretrained(folder).eval()
        model.to("cuda" if torch.cuda.is_available() else "cpu")
        both = (
            bert_logits(model, part, tokenizer=tokenizer, normalizer=normalizer)
            for part in (rows, dev)
        )
        teachers.append((next(both), next(both)))
        print(f"{time.monotonic() - start:6.0f} s  {folder} has spoken", flush=True)
    truth = dev[list(LABELS)].to_numpy(dtype=np.float64)
    for name, (_, said) in zip(["tfidf", *map(str, args.teachers)], teachers, strict=True):
        print(f"  {name:<30} {precisions(truth, said)}")
    soft, said = agreed(teachers, truth)
    print(f"  {'together':<30} {precisions(truth, said)}", flush=True)
    train = softened(rows, soft, hard=settings["hard"])
    # Our own posts come by several times an epoch, with and without their parents.
    train = pd.concat([*[train[: len(ours)]] * settings["copies"], train[len(ours) :]])
    # Teachers have spoken on the posts as they are; only the student meets marks and other names.
    roster = RosterSettings(**settings.get("roster", {}))
    normalizer = with_standins(with_marks_learnt(normalizer, roster), args.standins)
    if roster.active:
        train = augment(train, **asdict(roster), seed=args.seed)
    share = settings.get("identities", {}).get("share", 0.0)
    if share:
        attributes = load_attributes(args.identities)
        train = exchanged(train, attributes, share=share, seed=args.seed)
    student = finetune(
        train,
        dev,
        base=args.base,
        out=args.out / "trainer",
        tokenizer=tokenizer,
        normalizer=normalizer,
        settings=FinetuneSettings(**settings["student"], seed=args.seed),
        resume=args.resume,
    )
    student.save_pretrained(args.out)
    shutil.rmtree(args.out / "trainer", ignore_errors=True)
    for file in ("tokenizer.json", "pretraining.json"):
        shutil.copy(args.base / file, args.out / file)
    save_normalizer(normalizer, args.out)
    minutes = (time.monotonic() - start) / 60
    history = {
        "teachers": ["tfidf", *(folder.name for folder in args.teachers)],
        "settings": settings,
        "minutes": round(minutes, 1),
        "seed": args.seed,
        "rows": {name: len(frame) for name, frame in vars(frames).items()} | {"pool": len(others)},
    }
    (args.out / "finetuning.json").write_text(json.dumps(history, indent=1))
    print(f"done in {minutes:.1f} minutes: {args.out}")


def precisions(truth: np.ndarray, logits: np.ndarray) -> str:
    """Return the average precision of each label, for the log."""
    each = []
    for j, label in enumerate(LABELS):
        known = ~np.isnan(truth[:, j])
        each.append(f"{label} {average_precision(truth[known, j], logits[known, j]):.3f}")
    return "  ".join(each)


def pool(data: Path, frames: Frames, *, public: int, unlabelled: int, seed: int) -> pd.DataFrame:
    """Return posts whose labels the teachers give; no near copy of a text kept for evaluation."""
    known = frames.public.sample(min(public, len(frames.public)), random_state=seed)
    held = pd.concat([frames.validate["text"], frames.calibrate["text"], frames.negatives["text"]])
    kept = set(held.map(letters_key)) | set(known["text"].map(letters_key))
    found = pd.DataFrame({"text": _unlabelled(data, unlabelled, kept)})
    found = found.assign(
        parent_text="", source="unlabelled", row_key=found.index.astype(str), kind="unlabelled",
        group_id="unlabelled:" + found.index.astype(str),
    )  # fmt: skip
    together = pd.concat([known, found], ignore_index=True).assign(weight=1.0)
    together[list(LABELS)] = np.nan
    copies = near_any(together["text"].map(letters_key).tolist(), set(held.map(letters_key)))
    return together.drop(index=sorted(copies)).reset_index(drop=True)


def _unlabelled(data: Path, number: int, kept: set[str]) -> list[str]:
    """Return that many posts on the topic, drawn by their hash so that every source has a share."""
    found: dict[str, str] = {}
    for name in ("social", "social_2"):
        for text in documents(data / "corpus" / f"{name}.txt.zst"):
            if TOPIC.search(text) and len(text.split()) <= MOST_WORDS:
                key = letters_key(text)
                if key and key not in kept:
                    found[key] = text
    chosen = sorted(found, key=hash_key)[:number]
    return [clean(found[key]) for key in chosen]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--own", type=Path, default=Path("data/labeled/posts.csv"))
    parser.add_argument("--relabel", type=Path, default=Path("data/labeled/relabel.csv"))
    parser.add_argument("--base", type=Path, default=Path("work/encoder"))
    parser.add_argument("--teachers", type=Path, nargs="*", default=[])
    parser.add_argument("--out", type=Path, default=Path("work/student"))
    parser.add_argument("--config", type=Path, default=Path(__file__).with_name("distil.toml"))
    parser.add_argument("--identities", type=Path, default=Path("data/suite/parity.toml"))
    parser.add_argument("--standins", type=Path, default=Path(__file__).with_name("standins.toml"))
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--resume", action="store_true", help="continue from the last checkpoint")
    return parser.parse_args()


if __name__ == "__main__":
    main()
