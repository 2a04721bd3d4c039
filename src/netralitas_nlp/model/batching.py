"""The order in which windows are computed: each distinct one once, in chunks of bounded size."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from netralitas_nlp.model.tokenizer import TokenizedPost, Window

CHUNK_POSTS: Final = 1024
CHUNK_CHARS: Final = 1_000_000
"""A chunk ends at either bound, so a stream of very long posts takes no more memory."""


class Backend(Protocol):
    """What turns a window into logits."""

    def logits(self, window: Window) -> NDArray[np.float32]:
        """Return the logits of one window, shape (labels,)."""


def post_logits(
    posts: Sequence[TokenizedPost], backend: Backend, *, pool: ThreadPoolExecutor | None = None
) -> list[NDArray[np.float32]]:
    """Return per post the largest logit of each label over its windows, shape (labels,).

    Every post must have a window. Copied posts are computed once. Windows are never mixed in one
    call: see ``backend_onnx``.

    Args:
        posts: In any order; the results keep it.
        backend: Computes one window.
        pool: Computes several at the same time.
    """
    distinct = {window.key: window for post in posts for window in post.windows}
    # Longest first: the memory arena grows once, and threads end together.
    queue = sorted(distinct.values(), key=lambda window: -len(window.ids))
    run: Callable[..., Iterable[NDArray[np.float32]]] = pool.map if pool else map
    computed = {
        window.key: logits for window, logits in zip(queue, run(backend.logits, queue), strict=True)
    }
    return [np.max([computed[window.key] for window in post.windows], axis=0) for post in posts]


def chunks(posts: Iterable[tuple[str, str | None]]) -> Iterator[list[tuple[str, str | None]]]:
    """Yield posts, each a text and its parent, in lists that are small enough to hold."""
    chunk: list[tuple[str, str | None]] = []
    chars = 0
    for text, parent in posts:
        chunk.append((text, parent))
        chars += len(text)
        if len(chunk) >= CHUNK_POSTS or chars >= CHUNK_CHARS:
            yield chunk
            chunk, chars = [], 0
    if chunk:
        yield chunk
