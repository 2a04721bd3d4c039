"""The same words where they must not meet: across splits, in the suite, in the public sets."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from netralitas_nlp.labeled.schema import Problem, Row
from netralitas_nlp.text.dedup import letters_key
from netralitas_nlp.training.groups import near_pairs

SHORT: Final = 12
"""Letters under which two texts may be equal by chance ("mantap", "siap pak")."""


def copies(rows: Sequence[Row]) -> Iterator[Problem]:
    """Yield posts that repeat another post with the same parent, however short."""
    first: dict[tuple[str, str], int] = {}
    for number, row in enumerate(rows, start=1):
        key = (letters_key(row["text"]), letters_key(row["parent_text"]))
        if not key[0]:
            key = (row["text"], key[1])
        if first.setdefault(key, number) != number:
            yield Problem("copy", number, "text", row["text"], f"#{first[key]}")


def across_splits(rows: Sequence[Row]) -> Iterator[Problem]:
    """Yield near copies that lie in different splits, and scenarios of one group that do."""
    keys = [letters_key(row["text"]) for row in rows]
    by_key: defaultdict[str, list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        if len(key) >= SHORT:
            by_key[key].append(index)
    equal = ((same[0], other) for same in by_key.values() for other in same[1:])
    for left, right in (*equal, *near_pairs(keys)):
        if rows[left]["split"] != rows[right]["split"]:
            yield Problem("leak_split", right + 1, "text", rows[right]["text"], rows[left]["id"])


def between(
    rows: Sequence[Row], others: Sequence[str], *, code: str, of_row: str = "id"
) -> Iterator[Problem]:
    """Yield rows that are near copies of one of the other texts.

    Args:
        rows: Labelled posts.
        others: Texts they must not meet.
        code: Of the problem.
        of_row: Column that names a row in ``expected``.
    """
    keys = [letters_key(row["text"]) for row in rows]
    outside = sorted({key for key in map(letters_key, others) if len(key) >= SHORT})
    known = set(outside)
    near = {index for index, key in enumerate(keys) if key in known}
    pairs = near_pairs([*keys, *outside], across=len(keys))
    for index in sorted(near | {left for left, _ in pairs}):
        yield Problem(code, index + 1, "text", rows[index]["text"], rows[index][of_row])
