"""Step 4. Fine-tuned classifier -> released bundle in model/, with its figures and its card.

python train/release.py --data DIR --model work/finetuned --pretrained work/encoder --out model
"""

import argparse
import json
import shutil
import tomllib
from pathlib import Path

from transformers import BertForMaskedLM, BertForSequenceClassification

from netralitas_nlp.evaluation.parity import MOST_FLIPS, failures
from netralitas_nlp.training.behaviour import Behaviour, add_behaviour
from netralitas_nlp.training.frames import load_frames
from netralitas_nlp.training.release import Release, release
from netralitas_nlp.training.wordpiece import text_settings


def main() -> None:
    args = arguments()
    frames = load_frames(
        args.data / "labeled",
        own=args.own if args.own.exists() else None,
        relabel=args.relabel if args.relabel.exists() else None,
    )
    history = {
        name: json.loads((args.model / f"{name}.json").read_text("utf-8"))
        for name in ("pretraining", "finetuning")
    }
    tokenizer, normalizer = text_settings(args.model)
    sources = tomllib.loads(args.sources.read_text("utf-8"))["set"]
    # Beside its place, where it stays if the parity audit refuses it.
    beside = args.out.with_name(args.out.name + ".candidate")
    bundle = release(
        beside,
        model=BertForSequenceClassification.from_pretrained(args.model),
        masked_language_model=BertForMaskedLM.from_pretrained(args.pretrained),
        tokenizer=tokenizer,
        normalizer=normalizer,
        frames=frames,
        about=Release(
            name=args.name,
            version=args.version,
            license=args.license.read_text("utf-8"),
            sources=sources,
            history=history,
            caution=args.caution,
        ),
        precision=args.precision,
    )
    what = Behaviour(
        suite=args.suite,
        own=args.own if args.own.exists() else None,
        validate=frames.validate,
        protocols=args.protocols,
    )
    bundle, moved = add_behaviour(beside, what, sources=sources)
    print((beside / "README.md").read_text("utf-8"))
    unfair = failures(moved)
    if unfair and not args.despite_parity:
        raise SystemExit(
            f"Refused: exchanging {', '.join(unfair)} flips the labels of more than "
            f"{MOST_FLIPS:.0%} of the variants. The candidate lies in {beside}; train with "
            "exchanged names, or say --despite-parity and why in --caution."
        )
    if args.out.exists():
        shutil.rmtree(args.out)
    beside.rename(args.out)
    print(f"{bundle.name} {bundle.digest[:12]} -> {args.out}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--own", type=Path, default=Path("data/labeled/posts.csv"))
    parser.add_argument("--relabel", type=Path, default=Path("data/labeled/relabel.csv"))
    parser.add_argument("--model", type=Path, default=Path("work/finetuned"))
    parser.add_argument("--pretrained", type=Path, default=Path("work/encoder"))
    parser.add_argument("--out", type=Path, default=Path("model"))
    parser.add_argument("--sources", type=Path, default=Path("data/sources.toml"))
    parser.add_argument("--suite", type=Path, default=Path("data/suite"))
    parser.add_argument("--protocols", type=Path, help="folder with the JSON of protocols")
    parser.add_argument(
        "--despite-parity", action="store_true", help="release although exchanged names flip labels"
    )
    parser.add_argument(
        "--precision", choices=("int8", "fp32"), default="int8", help="of model.onnx"
    )
    parser.add_argument("--license", type=Path, default=Path(__file__).with_name("WEIGHTS_LICENSE"))
    parser.add_argument("--caution", default="", help="printed in the card beside the figures")
    parser.add_argument("--name", default="netralitas-bert-4x256-v2")
    parser.add_argument("--version", default="2")
    return parser.parse_args()


if __name__ == "__main__":
    main()
