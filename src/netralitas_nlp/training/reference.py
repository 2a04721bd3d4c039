"""``reference.json``: what everyday posts look like to a bundle, so that drift can be seen."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from netralitas_nlp.labels import LABELS
from netralitas_nlp.model.bundle import Bundle
from netralitas_nlp.model.tokenizer import PostTokenizer
from netralitas_nlp.model.words import piece_counter
from netralitas_nlp.profiles import EVERYDAY, FORMAT, LENGTHS, QUANTILES, READ, hundredths
from netralitas_nlp.rising import MANY_PIECES, words_of
from netralitas_nlp.text.normalize import Normalizer

FloatArray = npt.NDArray[np.float64]


def reference_of(
    texts: Sequence[str],
    scores: FloatArray,
    *,
    bundle: Bundle,
    points: Mapping[str, Mapping[str, Mapping[str, float]]],
    about: str = EVERYDAY,
) -> dict[str, Any]:
    """Return the content of ``reference.json``.

    Args:
        texts: Everyday posts that trained nothing.
        scores: (texts, labels) calibrated probabilities.
        bundle: Whose tokenizer and text settings count; its calibration does not matter.
        points: ``{operating point: {label: {"flag", "review"}}}``.
        about: What the posts are, in words.
    """
    return {
        "format": FORMAT,
        "about": about,
        "rows": len(scores),
        "score_quantiles": {label: _table(scores[:, j]) for j, label in enumerate(LABELS)},
        "decided": {name: _decided(scores, point) for name, point in points.items()},
        "text": _text(texts[:READ], bundle),
    }


def _table(values: FloatArray) -> dict[str, float]:
    if not len(values):
        return {}
    return {str(q): float(np.quantile(values, q, method="inverted_cdf")) for q in QUANTILES}


def _decided(scores: FloatArray, point: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    if not len(scores):
        return {}
    flag, review = (
        scores >= np.array([point[label][kind] for label in LABELS]) for kind in ("flag", "review")
    )
    shares = {label: float(flag[:, j].mean()) for j, label in enumerate(LABELS)}
    flagged = flag.any(axis=1)
    band = review.any(axis=1) & ~flagged
    return {"flag": shares | {"any": float(flagged.mean())}, "review": float(band.mean())}


def _text(texts: Sequence[str], bundle: Bundle) -> dict[str, Any]:
    if not texts:
        return {}
    normalize = Normalizer.from_settings(bundle.normalizer or {})
    tokenizer = PostTokenizer.from_folder(bundle.folder, bundle.windows)
    lengths = [len(tokenizer.pieces(normalize(text))) for text in texts]
    ratios = [hundredths(text, n) / 100 for text, n in zip(texts, lengths, strict=True)]
    count = piece_counter(bundle)
    counts = np.array([count(word) for text in texts for word in words_of(text)], dtype=int)
    return {
        "rows": len(texts),
        "length_quantiles": _table(np.minimum(lengths, LENGTHS).astype(np.float64)),
        "ratio_quantiles": _table(np.array(ratios)),
        "words": {
            "words": len(counts),
            "many": int((counts >= MANY_PIECES).sum()),
            "unknown": int((counts == 0).sum()),
        },
    }
