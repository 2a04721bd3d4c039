"""Step 6, for bundles written before it: the int8 form of a bundle in fp32.

python train/int8.py --data DIR --bundle model --out work/int8

The weights stay as they are. ``model.onnx`` is written anew, and with it all that rests on its
scores: calibration, thresholds, ``pieces.npy``, every figure and the card. Nothing is written where
int8 costs more than 0.3 points of macro-F1 or of average precision on the posts with our labels.
"""

import argparse
import json
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from transformers import BertForMaskedLM, BertForSequenceClassification

from netralitas_nlp.model.bundle import Bundle
from netralitas_nlp.training.behaviour import Behaviour, add_behaviour
from netralitas_nlp.training.bundle_writer import check_place, put_in_place
from netralitas_nlp.training.frames import load_frames
from netralitas_nlp.training.precision import PrecisionError
from netralitas_nlp.training.release import Release, release
from netralitas_nlp.training.wordpiece import text_settings


def main() -> None:
    args = arguments()
    check_place(args.out)
    earlier = Bundle.from_folder(args.bundle)
    figures: dict[str, Any] = dict(earlier.evaluation or {})
    tokenizer, normalizer = text_settings(args.bundle)
    sources = tomllib.loads(args.sources.read_text("utf-8"))["set"]
    frames = load_frames(args.data / "labeled", own=args.own, relabel=args.relabel)
    about = Release(
        name=args.name or earlier.name,
        version=args.version or earlier.version,
        license=(args.bundle / "LICENSE").read_text("utf-8"),
        sources=sources,
        history=figures["history"],
        caution=figures.get("caution", ""),
    )
    with tempfile.TemporaryDirectory() as scratch:
        made, protocols = Path(scratch) / "bundle", Path(scratch) / "protocols"
        try:
            release(
                made,
                model=BertForSequenceClassification.from_pretrained(args.bundle),
                masked_language_model=BertForMaskedLM.from_pretrained(args.bundle),
                tokenizer=tokenizer,
                normalizer=normalizer,
                frames=frames,
                about=about,
            )
        except PrecisionError as error:
            raise SystemExit(f"Refused: {error}") from None
        # Trained anew for each fold, so the form of this bundle has no part in them.
        protocols.mkdir()
        for number, one in enumerate(figures.get("protocols", [])):
            (protocols / f"{number:02}.json").write_text(json.dumps(one), encoding="utf-8")
        what = Behaviour(
            suite=args.suite, own=args.own, validate=frames.validate, protocols=protocols
        )
        add_behaviour(made, what, sources=sources)
        bundle = put_in_place(made, args.out)
    print(json.dumps((bundle.evaluation or {})["precision"], indent=1))
    print(f"{bundle.name} {bundle.digest[:12]} -> {args.out}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--bundle", type=Path, default=Path("model"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--own", type=Path, default=Path("data/labeled/posts.csv"))
    parser.add_argument("--relabel", type=Path, default=Path("data/labeled/relabel.csv"))
    parser.add_argument("--sources", type=Path, default=Path("data/sources.toml"))
    parser.add_argument("--suite", type=Path, default=Path("data/suite"))
    parser.add_argument("--name", help="that of the bundle if left out")
    parser.add_argument("--version", help="that of the bundle if left out")
    return parser.parse_args()


if __name__ == "__main__":
    main()
