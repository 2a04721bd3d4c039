"""Errors that say what was expected, what was found and what to do next, in two languages.

The words live in ``messages/*.toml``, one file per room, as
``[code.id]`` and ``[code.en]`` tables with the keys ``expected``, ``found`` and ``todo``.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import ClassVar

from netralitas_nlp.labels import Language

MAX_SHOWN = 300
"""Longest value quoted in a message, in characters: a cell may hold megabytes."""


@cache
def catalogue() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return ``{code: {language: {part: words}}}`` from every message file of the package."""
    merged: dict[str, Mapping[str, Mapping[str, str]]] = {}
    for source in sorted(files("netralitas_nlp.messages").iterdir(), key=lambda f: f.name):
        if source.name.endswith(".toml"):
            merged.update(tomllib.loads(source.read_text(encoding="utf-8")))
    return merged


def phrase(code: str, part: str, *, lang: Language = "id", **values: object) -> str:
    """Return one part of a message with its values filled in.

    Args:
        code: Key of the message.
        part: ``expected``, ``found``, ``todo``, or ``text`` for a message of one part.
        lang: Language of the words.
        values: What the placeholders stand for; long values are shortened.

    Raises:
        KeyError: The catalogue has no such message.
    """
    shown = {key: _shown(value) for key, value in values.items()}
    return catalogue()[code][lang][part].format(**shown)


def _shown(value: object) -> object:
    if isinstance(value, int | float):
        return value
    text = str(value).encode("utf-8", "replace").decode("utf-8")
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


class NetralitasError(Exception):
    """Base of all errors a user can mend.

    Args:
        code: Key of the message in the catalogue.
        values: What the placeholders of the message stand for.

    ``str(error)`` is English, ``error.render("id")`` what the command line shows.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def render(self, lang: Language = "id") -> str:
        """Return three sentences: what was expected, what was found, what to do."""
        parts = (phrase(self.code, part, lang=lang, **self.values) for part in PARTS)
        return " ".join(part for part in parts if part)

    def __str__(self) -> str:
        return self.render("en")


PARTS = ("expected", "found", "todo")


class InputError(NetralitasError):
    """An export that cannot be read at all."""


class BundleError(NetralitasError):
    """A model folder that is missing, incomplete or altered."""


class RunError(NetralitasError):
    """A run folder that cannot be written, resumed or read."""


class ReviewError(NetralitasError):
    """A review store that cannot be opened, or an act that its rules do not allow."""


class UsageError(NetralitasError):
    """Options that do not fit together."""

    exit_code: ClassVar[int] = 2


class MissingExtraError(NetralitasError):
    """A feature whose packages are not installed; the message gives the install command."""
