"""What to do with the last record of a stream that broke off: it is never taken for a post."""

import json
from collections.abc import Iterator

from netralitas_nlp.io.sources import trouble_of
from netralitas_nlp.io.tables import RawRecord
from netralitas_nlp.schema import MAX_RAW, Reject


def without_cut_tail(
    items: Iterator[RawRecord | Reject], *, stream: object, file: str
) -> Iterator[RawRecord | Reject]:
    """Yield the items, the last one as a ``Reject`` if the stream broke off inside it.

    Args:
        items: What a reader makes of the stream.
        stream: The byte stream, which remembers why it ended early.
        file: Name shown in the reject.
    """
    held: RawRecord | Reject | None = None
    for item in items:
        if held is not None:
            yield held
        held = item
    trouble = trouble_of(stream)
    if trouble is None:
        if held is not None:
            yield held
        return
    row, raw = 1, ""
    if isinstance(held, Reject):
        row, raw = held.source_row, held.raw
    elif held is not None:
        row, raw = held.row, json.dumps(dict(held.fields), ensure_ascii=False)
    yield Reject(file, row, trouble.code, values=trouble.values, raw=raw[:MAX_RAW])
