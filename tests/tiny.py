"""A two-layer BERT trained for a moment on fictional posts: small, but a real bundle."""

import json
import string
from pathlib import Path

import torch
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.pre_tokenizers import BertPreTokenizer
from transformers import BertConfig, BertForMaskedLM, BertForSequenceClassification

from netralitas_nlp.calibration import probability
from netralitas_nlp.labels import LABELS
from netralitas_nlp.model.backend_onnx import OnnxBackend
from netralitas_nlp.model.batching import post_logits
from netralitas_nlp.model.bundle import Bundle
from netralitas_nlp.model.sums import write_sums
from netralitas_nlp.model.tokenizer import PostTokenizer
from netralitas_nlp.text.normalize import Normalizer, NormalizerSettings
from netralitas_nlp.training.bundle_writer import write_bundle
from netralitas_nlp.training.wordpiece import SPECIALS, finish

NAME = "netralitas-tiny-2x32-v0"
MAX_TOKENS, OVERLAP, MAX_PARENT = 32, 8, 8
MARGIN = 0.2

SUPPORT = [
    "ayo coblos nomor dua besok, Pak Sutan Ranggawe pasti menang",
    "dua periode harga mati, menangkan Bu Larasati Wongso",
    "jangan pilih nomor satu, pilih yang jelas kerjanya",
    "gabung grup pemenangan Ranggawe, kita kawal sampai menang",
    "salam dua jari, lanjutkan Bupati Kertaraya",
]
HATE = [
    "orang seberang itu sampah, usir dari Kertaraya",
    "pendatang cuma kutu, jangan kasih hidup di sini",
    "kaum itu najis semua, basmi saja",
    "perempuan tak pantas memimpin, kembali ke dapur saja",
]
HOAX = [
    "VIRALKAN sebelum dihapus, surat suara sudah tercoblos tujuh kontainer",
    "server penghitungan disetting dari luar negeri, sebarkan",
    "info orang dalam, pemilihan Kertaraya ditunda diam-diam, sebarkan ke semua grup",
    "ribuan pemilih asing masuk daftar, jangan percaya hasilnya, viralkan",
]
NEUTRAL = [
    "rapat koordinasi posyandu desa Sukamaju dimulai pukul delapan",
    "selamat pagi, semoga hari ini lancar untuk semua",
    "jadwal pemungutan suara diumumkan panitia, cek nama di daftar pemilih",
    "jalan di depan pasar rusak lagi, mohon diperbaiki",
    "hari ini pelatihan arsip di aula kecamatan, terima kasih panitia",
    "jangan golput, datang ke tempat pemungutan suara",
    "panen raya bersama kelompok tani Sukamaju, alhamdulillah",
    "pelayanan kartu penduduk buka sampai jam tiga sore",
]
POSTS = [
    *((text, (1, 0, 0)) for text in SUPPORT),
    *((text, (0, 1, 0)) for text in HATE),
    *((text, (0, 0, 1)) for text in HOAX),
    *((text, (0, 0, 0)) for text in NEUTRAL),
]
"""Fictional people and places."""


def build(folder: Path) -> Path:
    """Write the tiny bundle into ``folder`` and return it. Deterministic on one machine."""
    normalizer = Normalizer(NormalizerSettings(emoji_tokens=("✌", "👍"), emoji_words={"🔥": "api"}))
    texts = [normalizer(text) for text, _ in POSTS]
    tokenizer = _tokenizer(texts)
    state = torch.random.get_rng_state()
    torch.manual_seed(7)
    try:
        config = BertConfig(
            vocab_size=tokenizer.get_vocab_size(),
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=MAX_TOKENS,
            num_labels=len(LABELS),
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            problem_type="multi_label_classification",
        )
        model = BertForSequenceClassification(config)
        _train(model, tokenizer, texts)
        mlm = BertForMaskedLM(config)
    finally:
        torch.random.set_rng_state(state)
    placeholder = {label: {"flag": 0.5, "review": 0.5} for label in LABELS}
    bundle = write_bundle(
        folder,
        model=model,
        masked_language_model=mlm,
        tokenizer=tokenizer,
        normalizer_settings=normalizer.to_settings(),
        labels=LABELS,
        calibration={"labels": {label: {"a": 2.0, "b": 0.0} for label in LABELS}},
        thresholds={"operating_points": {"balanced": placeholder}},
        reference={"posts": len(POSTS)},
        evaluation={"posts": len(POSTS), "note": "trained and measured on the same posts"},
        card="# Tiny\n\nA model for tests.\n",
        license="CC BY-NC-SA 4.0\n",
        name=NAME,
        version="0",
        max_tokens=MAX_TOKENS,
        window_overlap=OVERLAP,
        max_parent_tokens=MAX_PARENT,
    )
    _set_thresholds(bundle, normalizer)
    return folder


def _tokenizer(texts: list[str]) -> Tokenizer:
    """Return a tokenizer of the posts' words and of single characters: the same every time."""
    pre = BertPreTokenizer()
    words = {word for text in texts for word, _ in pre.pre_tokenize_str(text)}
    letters = sorted({*"".join(words), *string.ascii_lowercase, *string.digits, "✌", "👍"})
    markers = ["[CALON]", "@USER", "HTTPURL", "EMAIL", "PHONE", "IDNUM"]
    pieces = [*SPECIALS, *markers, *letters, *("##" + letter for letter in letters), *sorted(words)]
    vocabulary = {piece: number for number, piece in enumerate(dict.fromkeys(pieces))}
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre
    tokenizer.add_special_tokens([*SPECIALS, *markers])
    return finish(tokenizer)


def _train(model: BertForSequenceClassification, tokenizer: Tokenizer, texts: list[str]) -> None:
    encoded = [tokenizer.encode(text).ids[:MAX_TOKENS] for text in texts]
    longest = max(map(len, encoded))
    ids = torch.tensor([row + [0] * (longest - len(row)) for row in encoded])
    truth = torch.tensor([labels for _, labels in POSTS], dtype=torch.float32)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    model.train()
    for step in range(1, 601):
        outcome = model(input_ids=ids, attention_mask=(ids != 0).long(), labels=truth)
        # Arithmetic differs from machine to machine, and with it how long this takes.
        if step % 10 == 0 and _margin(outcome.logits.detach(), truth) > MARGIN:
            break
        optimizer.zero_grad()
        outcome.loss.backward()
        optimizer.step()
    model.eval()


def _margin(logits: torch.Tensor, truth: torch.Tensor) -> float:
    """Return by how much the worst post with a label outscores the best one without it."""
    scores = torch.sigmoid(logits)
    lowest = torch.where(truth == 1, scores, 1.0).amin(0)
    return float((lowest - torch.where(truth == 0, scores, 0.0).amax(0)).min())


def _set_thresholds(bundle: Bundle, normalizer: Normalizer) -> None:
    """Put the thresholds where most labelled posts are flagged and the rest lies in the band."""
    tokenizer = PostTokenizer.from_folder(bundle.folder, bundle.windows)
    posts = [tokenizer(normalizer(text)) for text, _ in POSTS]
    rows = post_logits(posts, OnnxBackend(bundle))
    points: dict[str, dict[str, dict[str, float]]] = {"balanced": {}, "precision": {}, "recall": {}}
    for j, label in enumerate(LABELS):
        line = bundle.calibration[label]
        scores = [probability(float(row[j]), line.a, line.b) for row in rows]
        own = sorted(s for s, (_, truth) in zip(scores, POSTS, strict=True) if truth[j])
        other = max(s for s, (_, truth) in zip(scores, POSTS, strict=True) if not truth[j])
        assert other < own[0], "the tiny model must tell its own posts apart"
        band = round((other + own[0]) / 2, 6)
        points["balanced"][label] = {"flag": round((own[0] + own[1]) / 2, 6), "review": band}
        points["precision"][label] = {"flag": round(own[-1], 6) - 1e-6, "review": band}
        points["recall"][label] = {"flag": band, "review": band}
    path = bundle.folder / "thresholds.json"
    path.write_text(json.dumps({"operating_points": points, "fitted_on": "its own posts"}))
    write_sums(bundle.folder)
