"""Step 3. Labelled rows + pretrained encoder -> fine-tuned classifier.

    python train/finetune.py --data DIR --base work/encoder --out work/finetuned

DIR holds `labeled/{hate,support,hoax,neutral}`. The posts written for the project and our labels of
real posts are read from data/labeled/ where those files exist.
"""

import argparse
import copy
import json
import shutil
import time
import tomllib
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from netralitas_nlp.evaluation.held_out import is_neutral
from netralitas_nlp.training.finetune import FinetuneSettings, finetune
from netralitas_nlp.training.frames import Frames, load_frames
from netralitas_nlp.training.roster_augmentation import (
    RosterSettings,
    augment,
    with_marks_learnt,
)
from netralitas_nlp.training.wordpiece import save_normalizer, text_settings


def main() -> None:
    args = arguments()
    start = time.monotonic()
    frames = load_frames(
        args.data / "labeled",
        own=args.own if args.own.exists() else None,
        relabel=args.relabel if args.relabel.exists() else None,
    )
    print({k: len(v) for k, v in vars(frames).items()}, flush=True)
    tokenizer, normalizer = text_settings(args.base)
    config = tomllib.loads(args.config.read_text("utf-8"))
    roster = RosterSettings(**config.get("roster", {}))
    normalizer = with_marks_learnt(normalizer, roster)
    stages = copy.deepcopy(config["stage"])
    base = args.base
    for stage in stages:
        name, rows = stage.pop("name"), stage.pop("rows")
        train = select(frames, rows, public_rows=stage.pop("public_rows", None), share=args.share)
        if train.empty or (rows[0] == "own" and frames.own.empty):
            continue
        if roster.active:
            train = augment(train, **asdict(roster), seed=args.seed)
        settings = FinetuneSettings(**stage, seed=args.seed)
        print(f"stage {name}: {len(train):,} rows, {settings}", flush=True)
        model = finetune(
            train,
            frames.calibrate,
            base=base,
            out=args.out / name / "trainer",
            tokenizer=tokenizer,
            normalizer=normalizer,
            settings=settings,
            resume=args.resume,
        )
        base = args.out / name
        model.save_pretrained(base)
        shutil.rmtree(base / "trainer", ignore_errors=True)
    for file in ("tokenizer.json", "pretraining.json"):
        shutil.copy(args.base / file, base / file)
    save_normalizer(normalizer, base)
    shutil.copytree(base, args.out, dirs_exist_ok=True)
    minutes = (time.monotonic() - start) / 60
    (args.out / "finetuning.json").write_text(
        json.dumps(
            {
                "stages": config["stage"],
                "roster": asdict(roster),
                "minutes": round(minutes, 1),
                "seed": args.seed,
                "rows": {name: len(frame) for name, frame in vars(frames).items()},
            },
            indent=1,
        )
    )
    print(f"done in {minutes:.1f} minutes: {args.out}")


def select(
    frames: Frames, rows: list[str], *, public_rows: int | None, share: float
) -> pd.DataFrame:
    """Return the rows of a stage; ``public_rows`` limits public rows to that many neutral ones."""
    public = frames.public
    if public_rows is not None:
        neutral = public[is_neutral(public)]
        public = neutral.sample(min(public_rows, len(neutral)), random_state=0)
    kinds = {"own": frames.own, "relabelled": frames.relabelled, "public": public}
    together = pd.concat([kinds[name] for name in rows], ignore_index=True)
    return together.sample(frac=share, random_state=0) if share < 1 else together


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--own", type=Path, default=Path("data/labeled/posts.csv"))
    parser.add_argument("--relabel", type=Path, default=Path("data/labeled/relabel.csv"))
    parser.add_argument("--base", type=Path, default=Path("work/encoder"))
    parser.add_argument("--out", type=Path, default=Path("work/finetuned"))
    parser.add_argument("--config", type=Path, default=Path(__file__).with_name("finetune.toml"))
    parser.add_argument(
        "--share", type=float, default=1.0, help="share of the rows, for a rehearsal"
    )
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--resume", action="store_true", help="continue from the last checkpoint")
    return parser.parse_args()


if __name__ == "__main__":
    main()
