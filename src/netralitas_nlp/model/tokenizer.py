"""Word pieces of a post, cut into overlapping windows so that nothing is left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from netralitas_nlp.errors import BundleError
from netralitas_nlp.model.settings import MAX_JSON_BYTES, WindowSettings, check_size

PASSAGE_CHARS: Final = 20_000
"""Longer texts are tokenised passage by passage: an encoding costs some 100 bytes a character."""

_WORD_END: Final = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Window:
    """What the model sees at once: ``[CLS] text [SEP]``, then ``parent [SEP]`` where there is one.

    Attributes:
        ids: Word pieces, shape (length,), int64.
        n_first: Positions of the first segment; the rest belongs to the parent.
    """

    ids: NDArray[np.int64]
    n_first: int

    @property
    def type_ids(self) -> NDArray[np.int64]:
        """Segment of each position, shape (length,): 0 the post, 1 its parent."""
        kinds = np.ones_like(self.ids)
        kinds[: self.n_first] = 0
        return kinds

    @property
    def key(self) -> tuple[bytes, int]:
        """Equal exactly where the model must give the same answer."""
        return self.ids.tobytes(), self.n_first


@dataclass(frozen=True, slots=True)
class TokenizedPost:
    """A post as windows.

    Attributes:
        n_tokens: Word pieces of the text, each counted once, specials and parent not counted.
        windows: At least one, unless the text holds no word piece.
    """

    n_tokens: int
    windows: tuple[Window, ...]


class PostTokenizer:
    """Cuts normalised posts into windows.

    Each window but the last is full, and the last ends with the text, so neighbours share at
    least ``window_overlap`` pieces. Of a parent text each window sees the first
    ``max_parent_tokens`` pieces: it is context, not what is scored.

    Args:
        tokenizer: Of the model.
        settings: Lengths in word pieces.

    Raises:
        ValueError: The tokenizer has no ``[CLS]`` or ``[SEP]``.
    """

    def __init__(self, tokenizer: Tokenizer, settings: WindowSettings) -> None:
        self._tokenizer = tokenizer
        # A post that spells out "[SEP]" must not be able to end its own segment.
        self._tokenizer.encode_special_tokens = True
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._settings = settings
        self._cls, self._sep = (_special(tokenizer, name) for name in ("[CLS]", "[SEP]"))

    @property
    def unknown_id(self) -> int | None:
        """The piece that stands for what the vocabulary lacks; ``None`` where it has none."""
        found = self._tokenizer.token_to_id("[UNK]")
        return None if found is None else int(found)

    @classmethod
    def from_folder(cls, folder: Path, settings: WindowSettings) -> "PostTokenizer":
        """Return the tokenizer that ``tokenizer.json`` of a bundle describes.

        Raises:
            BundleError: The file is too large, damaged, or no BERT tokenizer.
        """
        path = folder / "tokenizer.json"
        check_size(path, MAX_JSON_BYTES)
        try:
            return cls(Tokenizer.from_str(path.read_text(encoding="utf-8")), settings)
        except Exception as error:  # tokenizers raises bare Exception for a damaged file
            raise BundleError("bundle_tokenizer_broken", folder=folder, problem=error) from None

    def __call__(self, text: str, parent: str | None = None) -> TokenizedPost:
        """Return a normalised text, with its normalised parent if any, as windows."""
        pieces = self.pieces(text)
        if not pieces.size:
            return TokenizedPost(0, ())
        second = self.pieces(parent)[: self._settings.max_parent_tokens] if parent else pieces[:0]
        tail = np.concatenate((second, [self._sep])) if second.size else second
        room = self._settings.max_tokens - 2 - len(tail)
        windows = tuple(
            Window(
                np.concatenate(([self._cls], pieces[start:end], [self._sep], tail)), end - start + 2
            )
            for start, end in spans(len(pieces), room=room, overlap=self._settings.window_overlap)
        )
        return TokenizedPost(len(pieces), windows)

    @property
    def vocabulary(self) -> int:
        """One more than the largest number of a word piece."""
        return int(max(self._tokenizer.get_vocab(with_added_tokens=True).values())) + 1

    def alone(self, piece: int) -> Window:
        """Return the window that holds one word piece and nothing else."""
        return Window(np.array([self._cls, piece, self._sep], dtype=np.int64), 3)

    def pieces(self, text: str) -> NDArray[np.int64]:
        """Return the word pieces of a text of any length, shape (n,), without specials."""
        found = [
            self._tokenizer.encode(passage, add_special_tokens=False).ids
            for passage in passages(text, limit=PASSAGE_CHARS)
        ]
        return np.array([piece for ids in found for piece in ids], dtype=np.int64)


def spans(length: int, *, room: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of windows that cover ``range(length)``; ``room`` exceeds ``overlap``."""
    start = 0
    while start + room < length:
        yield start, start + room
        start += room - overlap
    yield max(0, length - room), length


def passages(text: str, *, limit: int) -> Iterator[str]:
    """Yield a text in passages of about ``limit`` characters, cut only at white space.

    A BERT tokenizer splits at white space first, so the pieces are those of the whole text.
    """
    start = 0
    while start + limit < len(text):
        end = _WORD_END.search(text, start + limit)
        if end is None:
            break
        yield text[start : end.start()]
        start = end.start()
    yield text[start:]


def _special(tokenizer: Tokenizer, name: str) -> int:
    found = tokenizer.token_to_id(name)
    if found is None:
        raise ValueError(f"no {name} in the vocabulary")
    return int(found)
