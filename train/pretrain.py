"""Step 2. Masked-language-model pretraining of a compact BERT, on CPU or on one GPU.

    python train/pretrain.py --shards work/pretrain --out work/encoder --minutes 90

The learning rate follows the clock and reaches zero when the booked minutes are over, so every run
ends with a usable model. State is saved every few minutes; the same command with --resume goes on
after a stop or a kill. Weights released are the running average (EMA).

Whole words are masked, 30 % of them at first and 15 % at the end (Wettig et al. 2023; Cui et al.
2021); no next-sentence task, no dropout (Liu et al. 2019; Geiping & Goldstein 2023); the loss is
computed at masked places only; the embeddings start from static vectors.
"""

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch.nn.functional import cross_entropy
from transformers import BertConfig, BertForMaskedLM

EMA_DECAY = 0.999
WARM_UP = 0.05
MASKED_AT_START, MASKED_AT_END = 0.30, 0.15


def main() -> None:
    args = arguments()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(args.seed)
    if args.threads:
        torch.set_num_threads(args.threads)
    tokenizer = Tokenizer.from_file(str(args.shards / "tokenizer.json"))
    model = build(args, tokenizer).to(args.device)
    if args.device == "cpu":
        # The fused kernel spends its time setting up tiny products here: a fifth slower.
        model.set_attn_implementation("eager")
    average = {name: p.detach().float().clone() for name, p in model.named_parameters()}
    optimizer = torch.optim.AdamW(groups(model), lr=args.lr, betas=(0.9, 0.98), eps=1e-8)
    state = {"step": 0, "elapsed": 0.0, "tokens": 0, "epoch": 0, "batch": 0}
    if args.resume and (args.out / "state.json").exists():
        state = restore(args.out, model, average, optimizer)
    train(args, tokenizer, model, average, optimizer, state)


def train(args, tokenizer, model, average, optimizer, state) -> None:
    shards = sorted(args.shards.glob("shard-*.npz"))
    masker = Masker(tokenizer, args.device)
    booked, began, saved = args.minutes * 60, time.monotonic() - state["elapsed"], time.monotonic()
    recent: list[float] = []
    model.train()
    while state["elapsed"] < booked:
        for index, batch in enumerate(batches(shards, epoch=state["epoch"], args=args)):
            if index < state["batch"]:
                continue
            progress = min(1.0, state["elapsed"] / booked)
            for group in optimizer.param_groups:
                group["lr"] = args.lr * schedule(progress)
            loss = step(
                model,
                optimizer,
                masker,
                batch,
                progress,
                seed=args.seed + state["step"],
                device=args.device,
            )
            decay = min(EMA_DECAY, (1 + state["step"]) / (10 + state["step"]))
            with torch.no_grad():
                for name, p in model.named_parameters():
                    average[name].lerp_(p.float(), 1 - decay)
            state["step"] += 1
            state["batch"] = index + 1
            state["tokens"] += int((batch != masker.pad).sum())
            state["elapsed"] = time.monotonic() - began
            recent.append(loss)
            if state["step"] % 50 == 0:
                report(args, state, booked, float(np.mean(recent)))
                recent.clear()
            if time.monotonic() - saved > args.save_every:
                save(args.out, model, average, optimizer, state)
                saved = time.monotonic()
            if state["elapsed"] >= booked:
                break
        else:
            state |= {"epoch": state["epoch"] + 1, "batch": 0}
    save(args.out, model, average, optimizer, state)
    finish(args, tokenizer, model, average, masker, state)


def step(model, optimizer, masker, batch, progress, *, seed, device) -> float:
    ids = torch.from_numpy(batch.astype(np.int64)).to(device)
    share = MASKED_AT_START + (MASKED_AT_END - MASKED_AT_START) * progress
    loss = masked_loss(model, masker, ids, share=share, seed=seed)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return float(loss.detach())


def masked_loss(model, masker, ids, *, share, seed) -> torch.Tensor:
    """Return the mean cross-entropy at masked places of a batch of shape (posts, pieces)."""
    hidden_ids, places = masker(ids, share=share, seed=seed)
    with torch.autocast(ids.device.type, dtype=torch.bfloat16):
        states = model.bert(
            input_ids=hidden_ids, attention_mask=(ids != masker.pad).long()
        ).last_hidden_state
        logits = model.cls(states[places])
    return cross_entropy(logits.float(), ids[places])


class Masker:
    """Chooses whole words and hides them: 80 % behind [MASK], 10 % behind another piece."""

    def __init__(self, tokenizer: Tokenizer, device: str) -> None:
        vocabulary = tokenizer.get_vocab()
        self.size = len(vocabulary)
        self.pad, self.mask = vocabulary["[PAD]"], vocabulary["[MASK]"]
        self.inside = torch.zeros(self.size, dtype=torch.bool, device=device)
        for piece, i in vocabulary.items():
            self.inside[i] = piece.startswith("##")
        self.special = torch.zeros(self.size, dtype=torch.bool, device=device)
        self.special[[vocabulary[t] for t in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")]] = True

    def __call__(self, ids, *, share, seed):
        source = torch.Generator(device=ids.device).manual_seed(seed)
        word = (~self.inside[ids]).long().cumsum(1)
        drawn = (
            torch.rand((ids.shape[0], int(word.max()) + 1), generator=source, device=ids.device)
            < share
        )
        places = drawn.gather(1, word) & ~self.special[ids]
        if not places.any():
            places[0, 1] = True
        fate = torch.rand(ids.shape, generator=source, device=ids.device)
        other = torch.randint(self.size, ids.shape, generator=source, device=ids.device)
        hidden = torch.where(places & (fate < 0.8), self.mask, ids)
        return torch.where(places & (fate >= 0.8) & (fate < 0.9), other, hidden), places


def batches(shards: list[Path], *, epoch: int, args) -> Iterator[np.ndarray]:
    """Yield batches of posts of like length, about ``tokens_per_step`` pieces each, in an order
    that depends on the seed and the epoch only, so that a resumed run meets the same ones.
    """
    draw = np.random.default_rng((args.seed, epoch))
    for shard in draw.permutation(len(shards)):
        stored = np.load(shards[shard])
        ids, lengths = stored["ids"], stored["lengths"].astype(np.int64)
        starts = np.concatenate([[0], lengths.cumsum()[:-1]])
        order = draw.permutation(len(lengths))
        for window in np.array_split(order, max(1, len(order) // 40_000)):
            by_length = window[np.argsort(lengths[window], kind="stable")]
            cuts = cut_by_budget(lengths[by_length], args.tokens_per_step)
            for group in draw.permutation(len(cuts)):
                rows = by_length[slice(*cuts[group])]
                yield padded(ids, starts[rows], lengths[rows])


def cut_by_budget(lengths: np.ndarray, budget: int) -> list[tuple[int, int]]:
    cuts, begin = [], 0
    for end in range(1, len(lengths) + 1):
        if end == len(lengths) or rounded(lengths[end]) * (end + 1 - begin) > budget:
            cuts.append((begin, end))
            begin = end
    return cuts


def rounded(length: int) -> int:
    return -(-int(length) // 8) * 8


def padded(ids: np.ndarray, starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    batch = np.zeros((len(starts), rounded(lengths.max())), dtype=np.uint16)
    for row, (start, length) in enumerate(zip(starts, lengths, strict=True)):
        batch[row, :length] = ids[start : start + length]
    return batch


def schedule(progress: float) -> float:
    return progress / WARM_UP if progress < WARM_UP else (1 - progress) / (1 - WARM_UP)


def build(args, tokenizer: Tokenizer) -> BertForMaskedLM:
    if args.init:
        return BertForMaskedLM.from_pretrained(
            args.init, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
        )
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=args.hidden,
        num_hidden_layers=args.layers,
        num_attention_heads=args.heads,
        intermediate_size=4 * args.hidden,
        max_position_embeddings=args.max_tokens,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        pad_token_id=tokenizer.token_to_id("[PAD]"),
    )
    model = BertForMaskedLM(config)
    vectors = args.shards / "vectors.npy"
    if vectors.exists() and np.load(vectors, mmap_mode="r").shape[1] == args.hidden:
        with torch.no_grad():
            model.bert.embeddings.word_embeddings.weight.copy_(torch.from_numpy(np.load(vectors)))
    return model


def groups(model) -> list[dict]:
    plain = [p for n, p in model.named_parameters() if p.ndim < 2 or "LayerNorm" in n]
    decayed = [p for n, p in model.named_parameters() if not (p.ndim < 2 or "LayerNorm" in n)]
    return [{"params": decayed, "weight_decay": 0.05}, {"params": plain, "weight_decay": 0.0}]


def save(folder: Path, model, average, optimizer, state) -> None:
    tensors = {f"model.{n}": p.detach() for n, p in model.named_parameters()}
    tensors |= {f"average.{n}": p for n, p in average.items()}
    for name, p in model.named_parameters():
        for key in ("exp_avg", "exp_avg_sq"):
            if p in optimizer.state:
                tensors[f"{key}.{name}"] = optimizer.state[p][key]
    save_file(
        {k: v.contiguous().cpu() for k, v in tensors.items()},
        str(folder / "state.new"),
        metadata={"state": json.dumps(state)},
    )
    (folder / "state.new").replace(folder / "state.safetensors")
    (folder / "state.json").write_text(json.dumps(state))


def restore(folder: Path, model, average, optimizer) -> dict:
    from safetensors import safe_open

    path = str(folder / "state.safetensors")
    with safe_open(path, "pt") as stored:
        state = json.loads(stored.metadata()["state"])
    tensors = load_file(path)
    with torch.no_grad():
        for name, p in model.named_parameters():
            p.copy_(tensors[f"model.{name}"])
            average[name].copy_(tensors[f"average.{name}"])
            if f"exp_avg.{name}" in tensors:
                optimizer.state[p] = {
                    "step": torch.tensor(float(state["step"])),
                    "exp_avg": tensors[f"exp_avg.{name}"].to(p.device),
                    "exp_avg_sq": tensors[f"exp_avg_sq.{name}"].to(p.device),
                }
    print(f"resumed at step {state['step']:,}, {state['tokens']:,} tokens", flush=True)
    return state


def report(args, state, booked, loss) -> None:
    rate = state["tokens"] / max(state["elapsed"], 1)
    line = {
        "step": state["step"],
        "minutes": round(state["elapsed"] / 60, 1),
        "tokens": state["tokens"],
        "epoch": state["epoch"],
        "loss": round(loss, 4),
        "tokens_per_s": round(rate),
    }
    with (args.out / "log.jsonl").open("a") as log:
        log.write(json.dumps(line) + "\n")
    left = (booked - state["elapsed"]) / 60
    print(
        f"step {state['step']:6,}  loss {loss:.3f}  {state['tokens'] / 1e6:6.1f}M tokens  "
        f"{rate:6,.0f} tokens/s  {left:5.1f} min left",
        flush=True,
    )


def finish(args, tokenizer, model, average, masker, state) -> None:
    """Write the averaged weights as a Hugging Face folder, with the held-out loss."""
    with torch.no_grad():
        for name, p in model.named_parameters():
            p.copy_(average[name])
    stored = np.load(args.shards / "held_out.npz")
    lengths = stored["lengths"].astype(np.int64)
    starts = np.concatenate([[0], lengths.cumsum()[:-1]])
    model.eval()
    losses = []
    with torch.no_grad():
        for begin in range(0, len(lengths), 64):
            rows = np.argsort(lengths)[begin : begin + 64]
            ids = torch.from_numpy(
                padded(stored["ids"], starts[rows], lengths[rows]).astype(np.int64)
            ).to(args.device)
            losses.append(float(masked_loss(model, masker, ids, share=MASKED_AT_END, seed=begin)))
    before = history(args.init) if args.init else {}
    figures = {
        **state,
        # A folder continued from has a history of its own.
        "tokens": state["tokens"] + before.get("tokens", 0),
        "elapsed": state["elapsed"] + before.get("elapsed", 0.0),
        "sittings": before.get("sittings", 1) + 1 if before else 1,
        "held_out_loss": round(float(np.mean(losses)), 4),
        "layers": model.config.num_hidden_layers,
        "hidden": model.config.hidden_size,
        "device": args.device,
        "threads": torch.get_num_threads(),
    }
    model.save_pretrained(args.out)
    tokenizer.save(str(args.out / "tokenizer.json"))
    (args.out / "normalizer.json").write_bytes((args.shards / "normalizer.json").read_bytes())
    (args.out / "pretraining.json").write_text(json.dumps(figures, indent=1))
    print(json.dumps(figures), flush=True)


def history(folder: Path) -> dict:
    """Return what a folder gone on from says of its own pretraining: an encoder or a release."""
    if (folder / "pretraining.json").exists():
        return json.loads((folder / "pretraining.json").read_text("utf-8"))
    if (folder / "evaluation.json").exists():
        stored = json.loads((folder / "evaluation.json").read_text("utf-8"))
        return stored.get("history", {}).get("pretraining", {})
    return {}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--shards", type=Path, default=Path("work/pretrain"))
    parser.add_argument("--out", type=Path, default=Path("work/encoder"))
    parser.add_argument(
        "--init", type=Path, help="folder to continue from instead of starting afresh"
    )
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--hidden", type=int, default=256)
    parser.add_argument("--heads", type=int, default=4)
    parser.add_argument("--max-tokens", type=int, default=128)
    parser.add_argument("--minutes", type=float, default=90)
    parser.add_argument("--tokens-per-step", type=int, default=8192)
    parser.add_argument("--lr", type=float, default=1.5e-3)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--save-every", type=float, default=180, help="seconds")
    parser.add_argument("--resume", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
