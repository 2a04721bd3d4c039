"""A WordPiece tokenizer and the emoji tables, learnt from normalised text."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tokenizers import AddedToken, Tokenizer
from tokenizers.decoders import WordPiece as WordPieceDecoder
from tokenizers.models import WordPiece
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing
from tokenizers.trainers import WordPieceTrainer

from netralitas_nlp.text.normalize import CONTESTANT, PLACEHOLDERS, Normalizer

SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
CANDIDATE_PIECES = ("00", "01", "02", "03", "04", "05")
"""Ballot numbers in their two-digit form are words of their own."""


def emoji_tables(
    texts: Iterable[str], *, tokens: int = 300
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the most frequent emoji, and short Indonesian words for all others.

    Emoji are single code points here: the normal form drops skin tones, joiners and selectors.
    """
    import emoji

    emoji.config.load_language("id")
    visible = Normalizer()  # drops skin tones, which are listed as emoji too
    bare = ((mark.replace("\ufe0f", ""), data) for mark, data in emoji.EMOJI_DATA.items())
    names = {
        mark: data["id"].strip(":").replace("_", " ").replace("-", " ")
        for mark, data in bare
        if len(mark) == 1 and "id" in data and visible(mark)
    }
    counts: Counter[str] = Counter()
    for text in texts:
        if not text.isascii():
            counts.update(char for char in text if char in names)
    frequent = tuple(mark for mark, _ in counts.most_common(tokens))
    words = {mark: _short(name) for mark, name in sorted(names.items()) if mark not in frequent}
    return frequent, words


def _short(name: str) -> str:
    return " ".join(name.split()[:3])


def train_wordpiece(
    texts: Iterable[str], *, size: int = 16_000, emoji_tokens: tuple[str, ...] = ()
) -> Tokenizer:
    """Return a tokenizer for normal forms: it does not fold case or strip accents itself.

    Args:
        texts: Normal forms.
        size: Entries of the vocabulary, placeholders and specials included.
        emoji_tokens: Characters that must be in the vocabulary.
    """
    tokenizer = Tokenizer(WordPiece(unk_token=SPECIALS[1], max_input_chars_per_word=64))
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.decoder = WordPieceDecoder()
    trainer = WordPieceTrainer(
        vocab_size=size,
        min_frequency=5,
        special_tokens=[*SPECIALS, CONTESTANT, *PLACEHOLDERS, *CANDIDATE_PIECES],
        limit_alphabet=len(emoji_tokens) + 300,
        initial_alphabet=list(emoji_tokens),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return finish(tokenizer)


def text_settings(folder: Path) -> tuple[Tokenizer, Normalizer]:
    """Return the tokenizer and the normaliser that travel with an encoder or a classifier."""
    settings = json.loads((folder / "normalizer.json").read_text(encoding="utf-8"))
    return Tokenizer.from_file(str(folder / "tokenizer.json")), Normalizer.from_settings(settings)


def save_normalizer(normalizer: Normalizer, folder: Path) -> None:
    """Write ``normalizer.json`` of an encoder or a classifier."""
    text = json.dumps(normalizer.to_settings(), ensure_ascii=False, indent=1)
    (folder / "normalizer.json").write_text(text, encoding="utf-8")


def finish(tokenizer: Tokenizer) -> Tokenizer:
    """Return a copy in which only BERT's own tokens are special; pairs are framed as BERT does."""
    vocabulary = tokenizer.get_vocab(with_added_tokens=True)
    fresh = Tokenizer(WordPiece(vocabulary, unk_token=SPECIALS[1], max_input_chars_per_word=64))
    fresh.pre_tokenizer = BertPreTokenizer()
    fresh.decoder = WordPieceDecoder()
    fresh.add_special_tokens([AddedToken(token, special=True) for token in SPECIALS])
    fresh.add_tokens([AddedToken(token, normalized=False) for token in (CONTESTANT, *PLACEHOLDERS)])
    cls, sep = vocabulary["[CLS]"], vocabulary["[SEP]"]
    fresh.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", cls), ("[SEP]", sep)],
    )
    return fresh
