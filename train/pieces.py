"""Step 5, for bundles written before it: adds ``pieces.npy``, what the model says of each piece.

python train/pieces.py model

Explanations need these figures (``netralitas_nlp/explain.py``). Without the file they are computed
as they are met, which makes the first thousands of explained posts slower. It takes 15 seconds.
"""

import argparse
from pathlib import Path

from netralitas_nlp.model.backend_onnx import OnnxBackend
from netralitas_nlp.model.bundle import Bundle
from netralitas_nlp.model.pieces import write_pieces
from netralitas_nlp.model.sums import write_sums
from netralitas_nlp.model.tokenizer import PostTokenizer


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="a bundle; its checksums are written anew")
    folder = parser.parse_args().folder
    bundle = Bundle.from_folder(folder)
    tokenizer = PostTokenizer.from_folder(folder, bundle.windows)
    logits = write_pieces(folder, tokenizer, OnnxBackend(bundle), labels=len(bundle.labels))
    write_sums(folder)
    print(
        f"{len(logits)} word pieces -> {folder / 'pieces.npy'}; {Bundle.from_folder(folder).digest}"
    )


if __name__ == "__main__":
    main()
