"""Static vectors of word pieces, a better start for embeddings than noise.

Factorising the shifted positive pointwise mutual information is what skip-gram with negative
sampling does implicitly (Levy & Goldberg, NeurIPS 2014), and takes a minute instead of many.
"""

import numpy as np
import numpy.typing as npt
from scipy import sparse

FloatArray = npt.NDArray[np.float32]


def cooccurrence(
    ids: npt.NDArray[np.integer], *, size: int, window: int, breaks: int
) -> sparse.csr_array:
    """Return symmetric counts of pieces within a window, near ones counting more.

    Args:
        ids: Pieces of all texts in a row, shape (n,).
        size: Entries of the vocabulary.
        window: Largest distance; a pair at distance d counts 1/d.
        breaks: Id that starts each text; pairs with it or across it do not count.
    """
    total = sparse.csr_array((size, size), dtype=np.float32)
    for chunk in np.array_split(ids, max(1, len(ids) // 4_000_000)):
        text = (chunk == breaks).cumsum()
        for distance in range(1, window + 1):
            left, right = chunk[:-distance], chunk[distance:]
            keep = (text[:-distance] == text[distance:]) & (left != breaks)
            pairs = sparse.coo_array(
                (np.full(keep.sum(), 1 / distance, np.float32), (left[keep], right[keep])),
                shape=(size, size),
            )
            total = total + pairs.tocsr()
    return (total + total.T).tocsr()


def ppmi_vectors(
    counts: sparse.csr_array, *, dim: int, shift: float = 1.0, seed: int = 0
) -> FloatArray:
    """Return vectors of shape (pieces, dim), centred, with a standard deviation of 0.02.

    Pieces that were never seen get noise of the same size.

    Args:
        counts: What ``cooccurrence`` returned.
        dim: Width of the embeddings.
        shift: log of the number of negative samples that is subtracted.
        seed: Of the randomised factorisation (Halko et al. 2011).
    """
    from sklearn.utils.extmath import randomized_svd

    table = counts.tocoo()
    context = np.power(np.asarray(counts.sum(axis=0)).ravel(), 0.75)  # smoothing of rare contexts
    word = np.asarray(counts.sum(axis=1)).ravel()
    pmi = np.log(table.data * context.sum() / (word[table.row] * context[table.col])) - shift
    keep = pmi > 0
    matrix = sparse.csr_array(
        (pmi[keep].astype(np.float32), (table.row[keep], table.col[keep])), shape=counts.shape
    )
    left, values, _ = randomized_svd(matrix, n_components=dim, n_iter=4, random_state=seed)
    vectors = left * np.sqrt(values)
    seen = word > 0
    vectors -= vectors[seen].mean(axis=0)
    vectors *= 0.02 / vectors[seen].std()
    vectors[~seen] = np.random.default_rng(seed).normal(0, 0.02, (int((~seen).sum()), dim))
    return np.asarray(vectors, dtype=np.float32)
