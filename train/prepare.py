"""Step 1. Unlabelled text -> tokenizer, text settings and packed shards for pretraining.

    python train/prepare.py --data DIR --out work/pretrain --words 24000000

With `--like model` the tokenizer and text settings of a release are kept, so that pretraining can
go on from it. DIR holds `corpus/*.txt.zst` and `labeled/`: texts that carry a label anywhere below
`labeled/` are left out, so that no validation or test text is seen in pretraining.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from netralitas_nlp.text.normalize import Normalizer, NormalizerSettings
from netralitas_nlp.training.corpus import labelled_keys, mixture, normal_forms
from netralitas_nlp.training.vectors import cooccurrence, ppmi_vectors
from netralitas_nlp.training.wordpiece import emoji_tables, text_settings, train_wordpiece

GENRES = {
    "social": ["social.txt.zst", "social_2.txt.zst"],
    "news": ["news.txt.zst", "news_web_2.txt.zst"],
    "other": ["wiki_web.txt.zst", "subtitles_other.txt.zst"],
}
SHARES = {"social": 0.70, "news": 0.24, "other": 0.06}
HELD_OUT = 2_000
SHORTEST = 4


def main() -> None:
    args = arguments()
    args.out.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - start:7.0f} s  {what}", flush=True)

    paths = {
        genre: [args.data / "corpus" / name for name in names] for genre, names in GENRES.items()
    }
    texts = list(mixture(paths, SHARES, words=args.words, seed=args.seed))
    say(f"{len(texts):,} documents drawn")
    excluded = labelled_keys(args.data / "labeled")
    say(f"{len(excluded):,} labelled texts are kept out")

    if args.like:
        tokenizer, normalizer = text_settings(args.like)
    else:
        tokens, words = emoji_tables(texts)
        normalizer = Normalizer(NormalizerSettings(emoji_tokens=tokens, emoji_words=words))
    clean = list(normal_forms(texts, normalizer, excluded=excluded))
    say(f"{len(clean):,} documents normalised, {len(texts) - len(clean):,} left out")
    (args.out / "normalizer.json").write_text(
        json.dumps(normalizer.to_settings(), ensure_ascii=False, indent=1), encoding="utf-8"
    )

    if not args.like:
        tokenizer = train_wordpiece(clean, size=args.vocab, emoji_tokens=tokens)
    tokenizer.save(str(args.out / "tokenizer.json"))
    say(f"tokenizer of {tokenizer.get_vocab_size():,} pieces")

    ids, lengths = pack(clean, tokenizer, longest=args.max_tokens)
    np.savez(args.out / "held_out.npz", **split(ids, lengths, last=HELD_OUT)[1])
    np.savez(args.out / "shard-000.npz", **split(ids, lengths, last=HELD_OUT)[0])
    say(f"{len(lengths):,} sequences, {len(ids):,} tokens, mean {len(ids) / len(lengths):.1f}")

    breaks = tokenizer.token_to_id("[CLS]")
    sample = ids[: args.vector_tokens].astype(np.int32)
    counts = cooccurrence(sample, size=tokenizer.get_vocab_size(), window=5, breaks=breaks)
    np.save(args.out / "vectors.npy", ppmi_vectors(counts, dim=args.hidden, seed=args.seed))
    say("vectors of word pieces")


def pack(texts: list[str], tokenizer: Tokenizer, *, longest: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the ids of all sequences in a row (uint16), each framed by [CLS] and [SEP],
    and their lengths. A long document becomes several sequences.
    """
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    rows: list[np.ndarray] = []
    for chunk in chunks(texts):
        for encoding in tokenizer.encode_batch_fast(chunk, add_special_tokens=False):
            pieces = encoding.ids
            for begin in range(0, len(pieces), longest - 2):
                window = pieces[begin : begin + longest - 2]
                if len(window) >= SHORTEST:
                    rows.append(np.array([cls, *window, sep], dtype=np.uint16))
    np.random.default_rng(0).shuffle(rows)
    return np.concatenate(rows), np.array([len(row) for row in rows], dtype=np.uint16)


def chunks(texts: list[str], size: int = 20_000) -> list[list[str]]:
    return [texts[i : i + size] for i in range(0, len(texts), size)]


def split(ids: np.ndarray, lengths: np.ndarray, *, last: int) -> tuple[dict, dict]:
    cut = int(lengths[:-last].astype(np.int64).sum())
    return {"ids": ids[:cut], "lengths": lengths[:-last]}, {
        "ids": ids[cut:],
        "lengths": lengths[-last:],
    }


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("work/pretrain"))
    parser.add_argument("--like", type=Path, help="release or encoder whose tokenizer is kept")
    parser.add_argument("--words", type=int, default=24_000_000)
    parser.add_argument("--vocab", type=int, default=16_000)
    parser.add_argument("--hidden", type=int, default=256)
    parser.add_argument("--max-tokens", type=int, default=128)
    parser.add_argument("--vector-tokens", type=int, default=12_000_000)
    parser.add_argument("--seed", type=int, default=13)
    return parser.parse_args()


if __name__ == "__main__":
    main()
