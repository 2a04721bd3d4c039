"""What the model says of a word piece alone: a cheap guess of which words carry a score."""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from netralitas_nlp.errors import BundleError
from netralitas_nlp.model.batching import Backend
from netralitas_nlp.model.tokenizer import PostTokenizer

PIECES_FILE: Final = "pieces.npy"
"""Logits of every piece of the vocabulary, shape (vocabulary, labels), float32. Without it they
are computed as they are met, about half a millisecond each."""

FloatArray = NDArray[np.float32]


class PieceLogits:
    """Logits of ``[CLS] piece [SEP]``, each computed once.

    Args:
        tokenizer: Of the model.
        backend: Computes a window.
        labels: How many logits there are.
        folder: Bundle that may hold ``pieces.npy``.

    Raises:
        BundleError: ``pieces.npy`` is damaged or belongs to another model.
    """

    def __init__(
        self,
        tokenizer: PostTokenizer,
        backend: Backend,
        *,
        labels: int,
        folder: Path | None = None,
    ) -> None:
        self._tokenizer = tokenizer
        self._backend = backend
        shape = (tokenizer.vocabulary, labels)
        path = None if folder is None else folder / PIECES_FILE
        stored = None if path is None or not path.is_file() else _read(path, shape)
        self._known = np.full(shape, np.nan, np.float32) if stored is None else stored

    def of(self, pieces: NDArray[np.int64]) -> FloatArray:
        """Return the logits of pieces, shape (pieces, labels)."""
        found: FloatArray = self._known[pieces]
        new = np.isnan(found[:, 0])
        if not new.any():
            return found
        for piece in set(pieces[new].tolist()):
            self._known[piece] = self._backend.logits(self._tokenizer.alone(piece))
        return self._known[pieces]


def write_pieces(
    folder: Path, tokenizer: PostTokenizer, backend: Backend, *, labels: int
) -> FloatArray:
    """Compute the logits of the whole vocabulary, write ``pieces.npy`` and return them.

    The checksums of the folder have to be written afterwards.
    """
    table = PieceLogits(tokenizer, backend, labels=labels)
    logits = table.of(np.arange(tokenizer.vocabulary))
    np.save(folder / PIECES_FILE, logits, allow_pickle=False)
    return logits


def _read(path: Path, shape: tuple[int, int]) -> FloatArray:
    try:
        found: FloatArray = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise BundleError(
            "bundle_pieces", folder=path.parent, file=path.name, problem=error
        ) from None
    good = isinstance(found, np.ndarray) and found.dtype == np.float32 and found.shape == shape
    if not good or not np.isfinite(found).all():
        said = getattr(found, "dtype", type(found).__name__), getattr(found, "shape", "")
        raise BundleError("bundle_pieces", folder=path.parent, file=path.name, problem=said)
    return found
