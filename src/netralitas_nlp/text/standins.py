"""Stand-ins: what must not move a score is written alike in every post before a model reads it.

``Pilih nomor 3, jangan nomor 1`` and ``Pilih nomor 5, jangan nomor 2`` are the same post for a
neutrality pledge. Both are read as ``pilih nomor 2, jangan nomor 1``: the first number of a post
becomes the first stand-in, another number the second, and so on; names of districts, faiths and
peoples likewise. So exchanging them cannot flip a label, whatever the weights. (Counterfactual
token fairness by blindness, Garg et al. 2019, Counterfactual Fairness in Text Classification
through Robustness, AIES.)
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

_WORD: Final = re.compile(r"\w+(?:[-']\w+)*")
_BESIDE: Final = re.compile(r"[ .:#-]{1,3}")
"""What may stand between a cue and what it announces: ``no. 2``, ``# nomor: 2``."""

Place = tuple[int, int, int, int]
"""Start, one past the end, identity and form of a mention."""


@dataclass(frozen=True, slots=True)
class StandinGroup:
    """Words of which each may stand for every other.

    Attributes:
        name: Of the group, such as ``district``.
        words: Per identity its forms in lower case; the first identity stands for whichever a
            post names first. Forms at one place are alike (``2``, ``dua``).
        after: Words of which one must stand right before a mention.
        cued: First forms of the identities that need one; all of them where empty and ``after``
            is not.
    """

    name: str
    words: tuple[tuple[str, ...], ...]
    after: tuple[str, ...] = ()
    cued: tuple[str, ...] = ()

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> "StandinGroup":
        """Return the group that a table of ``standins.toml`` or ``normalizer.json`` describes.

        Raises:
            TypeError: A key is unknown.
        """
        values = {key: tuple(value) for key, value in settings.items() if key != "name"}
        values["words"] = tuple(
            (one,) if isinstance(one, str) else tuple(one) for one in values.get("words", ())
        )
        return cls(name=str(settings.get("name", "")), **values)


class Standins:
    """Writes the stand-ins of some groups. Pure, and idempotent in what it replaces.

    Args:
        groups: Applied one after the other.
    """

    def __init__(self, groups: Sequence[StandinGroup]) -> None:
        self._groups = [_Group(group) for group in groups]

    def __call__(self, text: str) -> str:
        """Return a normal form with its mentions replaced."""
        for group in self._groups:
            text = group.replaced(text)
        return text


class _Group:
    def __init__(self, group: StandinGroup) -> None:
        self._words = group.words
        self._after = frozenset(group.after)
        cued = frozenset(group.cued)
        self._need = [bool(group.after) and (not cued or forms[0] in cued) for forms in group.words]
        # First word to (all words, identity, form), longest first: `luwu utara` before `luwu`.
        self._starting: dict[str, list[tuple[list[str], int, int]]] = {}
        for identity, forms in enumerate(group.words):
            for form, written in enumerate(forms):
                words = _WORD.findall(written)
                self._starting.setdefault(words[0], []).append((words, identity, form))
        for found in self._starting.values():
            found.sort(key=lambda one: -len(one[0]))

    def replaced(self, text: str) -> str:
        """Return the text with every mention under the name of its stand-in."""
        order: dict[int, int] = {}
        parts, at = [], 0
        for start, end, identity, form in self._mentions(text):
            forms = self._words[order.setdefault(identity, len(order))]
            parts += [text[at:start], forms[form] if form < len(forms) else forms[0]]
            at = end
        return "".join([*parts, text[at:]]) if parts else text

    def _mentions(self, text: str) -> Iterator[Place]:
        words = list(_WORD.finditer(text))
        number = 0
        while number < len(words):
            found = self._mention(text, words, number)
            if found is None:
                number += 1
                continue
            length, identity, form = found
            yield words[number].start(), words[number + length - 1].end(), identity, form
            number += length

    def _mention(
        self, text: str, words: Sequence[re.Match[str]], at: int
    ) -> tuple[int, int, int] | None:
        for wanted, identity, form in self._starting.get(words[at][0], ()):
            here = words[at : at + len(wanted)]
            if [word[0] for word in here] != wanted:
                continue
            if any(text[a.end() : b.start()] != " " for a, b in pairwise(here)):
                continue
            if not self._need[identity] or self._announced(text, words, at):
                return len(wanted), identity, form
        return None

    def _announced(self, text: str, words: Sequence[re.Match[str]], at: int) -> bool:
        if at == 0 or words[at - 1][0] not in self._after:
            return False
        return _BESIDE.fullmatch(text[words[at - 1].end() : words[at].start()]) is not None
