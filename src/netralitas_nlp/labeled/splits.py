"""Which labelled posts train, which choose, which are reported: by group, never by row."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from netralitas_nlp.errors import InputError
from netralitas_nlp.labeled.rows import LabelledPosts
from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.text.dedup import letters_key
from netralitas_nlp.training.groups import group_ids, near_pairs

FEWEST_POSTS: Final = 50
"""Posts under which nothing is trained: dev and test would hold a handful each."""

FEWEST_GROUPS: Final = 10
LARGE_SHARE: Final = 0.1
"""A group with a larger share of all posts trains: in dev or test it would be all there is."""

DEALT: Final = ("train", "train", "dev", "train", "test", "train", "train")
"""Where groups with the same labels go in turn: five of seven train; rare labels reach test."""


@dataclass(frozen=True, slots=True)
class Balance:
    """How many posts of one split carry, do not carry, or do not say a label."""

    yes: int
    no: int
    unknown: int


def groups_of(posts: LabelledPosts) -> list[str]:
    """Return one id per post, equal for near copies, for one author, and for a named group."""
    keys = [letters_key(text) for text in posts.text]
    named = [
        f"group {group}" if group else (f"account {account}" if account else "")
        for group, account in zip(posts.group, posts.account, strict=True)
    ]
    return group_ids(keys, list(posts.text), named)


def dealt(posts: LabelledPosts) -> tuple[LabelledPosts, list[str]]:
    """Return the posts with a split each, and their groups; a given split is kept and checked.

    Groups with the same labels are dealt in turn in the order of their digests, so that every
    split has its share of every label and the same file always gives the same splits. Where the
    file names only some splits, what is missing is taken from ``train``.

    Raises:
        InputError: There are too few posts or groups, a label was never seen in two forms, or a
            text of ``test`` or ``dev`` lies in ``train`` as well; the rows are named.
    """
    require_enough(posts)
    groups = groups_of(posts)
    if any(posts.split):
        refuse_leaks(posts)
        posts = _completed(posts, groups)
    else:
        posts = posts.with_split(_deal(posts, groups, ("train", "dev", "test")))
    for name in ("train", "dev", "test"):
        if name not in posts.split:
            raise InputError("split_empty", file=posts.file, split=name)
    return posts, groups


def require_enough(posts: LabelledPosts) -> None:
    """Raise ``InputError`` where the posts are too few or all alike to train on."""
    if len(posts) < FEWEST_POSTS:
        raise InputError("train_few", file=posts.file, n=len(posts), least=FEWEST_POSTS)
    if not taught(posts):
        seen = balance(posts)
        shown = "; ".join(f"{label}: 1 × {one.yes}, 0 × {one.no}" for label, one in seen.items())
        raise InputError("train_one_class", file=posts.file, seen=shown)


def taught(posts: LabelledPosts) -> tuple[Label, ...]:
    """Return the labels of which the posts hold both forms, with and without."""
    return tuple(label for label, one in balance(posts).items() if one.yes and one.no)


def balance(posts: LabelledPosts) -> dict[Label, Balance]:
    """Return the counts of each label."""
    return {
        label: Balance(
            yes=int((posts.labels[:, j] == 1).sum()),
            no=int((posts.labels[:, j] == 0).sum()),
            unknown=int(np.isnan(posts.labels[:, j]).sum()),
        )
        for j, label in enumerate(LABELS)
    }


def refuse_leaks(posts: LabelledPosts) -> None:
    """Raise ``InputError`` where a text, or a near copy of it, lies in two splits.

    Figures on such a test would measure memory: the file must be mended, not worked around.
    """
    # Posts of emoji alone have no letters; they are copies where they are equal.
    keys = [letters_key(text) or text.strip() for text in posts.text]
    seen: dict[str, int] = {}
    pairs = []
    for row, key in enumerate(keys):
        first = seen.setdefault(key, row)
        if posts.split[first] != posts.split[row]:
            pairs.append((first, row))
    for kept in ("test", "dev"):
        inside = [i for i, name in enumerate(posts.split) if name == kept]
        outside = [i for i, name in enumerate(posts.split) if name not in (kept, "dev")]
        order = [*inside, *outside]
        near = near_pairs([keys[i] for i in order], across=len(inside))
        pairs += [(order[left], order[right]) for left, right in near]
    if pairs:
        one, other = pairs[0]
        raise InputError(
            "split_leak", file=posts.file, n=len(set(pairs)), row=posts.row[one],
            split=posts.split[one], other_row=posts.row[other], other_split=posts.split[other],
            text=posts.text[other][:80],
        )  # fmt: skip


def _completed(posts: LabelledPosts, groups: Sequence[str]) -> LabelledPosts:
    missing = [name for name in ("dev", "test") if name not in posts.split]
    if not missing or "train" not in posts.split:
        return posts
    train = [i for i, name in enumerate(posts.split) if name == "train"]
    again = _deal(posts.take(train), [groups[i] for i in train], ("train", *missing))
    split = list(posts.split)
    for i, name in zip(train, again, strict=True):
        split[i] = name
    return posts.with_split(split)


def _deal(posts: LabelledPosts, groups: Sequence[str], wanted: Sequence[str]) -> list[str]:
    sizes = Counter(groups)
    if len(sizes) < FEWEST_GROUPS:
        raise InputError("split_groups", file=posts.file, n=len(sizes), least=FEWEST_GROUPS)
    labels: defaultdict[str, set[int]] = defaultdict(set)
    for group, row in zip(groups, posts.labels, strict=True):
        labels[group] |= {j for j, value in enumerate(row) if value == 1}
    kinds: defaultdict[tuple[int, ...], list[str]] = defaultdict(list)
    split_of = {}
    for group, size in sizes.items():
        if size > max(LARGE_SHARE * len(groups), 3):
            split_of[group] = "train"
        else:
            kinds[tuple(sorted(labels[group]))].append(group)
    for members in kinds.values():
        for place, group in enumerate(sorted(members, key=_digest)):
            name = DEALT[place % len(DEALT)]
            split_of[group] = name if name in wanted else "train"
    return [split_of[group] for group in groups]


def _digest(group: str) -> str:
    return hashlib.sha256(f"deal {group}".encode()).hexdigest()
