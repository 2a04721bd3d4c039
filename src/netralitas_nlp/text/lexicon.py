"""Words and signs of election talk: hints for readers and slices, never labels."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from netralitas_nlp.datafiles import Key, Many, Name, Shape, Words, data_folder, read_shape
from netralitas_nlp.errors import InputError
from netralitas_nlp.text.folding import keys, tokens
from netralitas_nlp.text.numbers import FILE as NUMBERS
from netralitas_nlp.text.numbers import NumberForms, load_numbers
from netralitas_nlp.text.phrases import PhraseIndex

SPELLING: Final = "spelling.toml"
EVERYDAY: Final = "everyday.toml"


class Entry(Shape):
    """Terms of one meaning, and what a reader has to know about them."""

    id: Key
    terms: Annotated[Many[Name], Field(min_length=1)]
    note: Words


class EntryFile(Shape):
    """A file of entries of one group."""

    revised: dt.date
    group: Annotated[str, Field(pattern=r"^[a-z][a-z_]*$", max_length=40)]
    entry: Annotated[Many[Entry], Field(min_length=1)]


class Variant(Shape):
    """A word and how it is written in everyday style."""

    word: Name
    forms: Annotated[Many[Name], Field(min_length=1)]
    note: Words


class SpellingFile(Shape):
    """The file ``spelling.toml``."""

    revised: dt.date
    variant: Many[Variant]


class EverydayFile(Shape):
    """The file ``everyday.toml``."""

    revised: dt.date
    note: Words
    words: Many[Name]


@dataclass(frozen=True, slots=True)
class Hint:
    """A term in a text.

    Attributes:
        start: First character in the raw text; ``end``: one past the last.
        text: The characters between them.
        group: ``camp_slur``, ``gesture``, ``coded_support`` or a group of the user.
        entry: Id of the entry; its note says how the term is also said innocently.
    """

    start: int
    end: int
    text: str
    group: str
    entry: str


class Lexicon:
    """The entries of one or more folders, the last on top.

    Attributes:
        entries: By id.
        groups: Id of an entry to its group.
        spelling: Key of a form to the word that it stands for.
        everyday: Keys of everyday words.
        numbers: Forms of ballot numbers.

    Args:
        folders: Where to read; the first one must hold every file.

    Raises:
        InputError: A file is refused, with file, key and reason.
    """

    def __init__(self, *folders: Path) -> None:
        self.entries: dict[str, Entry] = {}
        self.groups: dict[str, str] = {}
        for folder in folders:
            self._lay_over(folder)
        self.spelling: Mapping[str, str] = _spelling(_last(folders, SPELLING))
        words = read_shape(_last(folders, EVERYDAY), EverydayFile).words
        self.everyday = frozenset(key for word in words for key in keys(word))
        self.numbers: NumberForms = load_numbers(_last(folders, NUMBERS))
        self._index: PhraseIndex[str] = PhraseIndex()
        for name, entry in self.entries.items():
            for term in entry.terms:
                self._index.add(term, name)

    def find(self, text: str) -> list[Hint]:
        """Return the terms of a raw text, in order; a term of two entries gives two hints."""
        words = list(tokens(text))
        return [
            Hint(start, end, text[start:end], self.groups[name], name)
            for found in self._index.find(words)
            for start, end in [(words[found.first].start, words[found.last].end)]
            for name in found.payloads
        ]

    def standard(self, word: str) -> str:
        """Return the standard spelling of a word; the word itself where none is known."""
        found = keys(word)
        return self.spelling.get(found[0], word) if len(found) == 1 else word

    def _lay_over(self, folder: Path) -> None:
        seen: set[str] = set()
        if not folder.is_dir():
            raise InputError("lexicon_folder_missing", folder=folder)
        for file in sorted(folder.glob("*.toml")):
            if file.name in {NUMBERS, SPELLING, EVERYDAY}:
                continue
            read = read_shape(file, EntryFile)
            for entry in read.entry:
                if entry.id in seen:
                    raise InputError("data_name_twice", file=file, name=entry.id)
                seen.add(entry.id)
                self.entries[entry.id] = entry
                self.groups[entry.id] = read.group


def load_lexicon(*folders: str | Path) -> Lexicon:
    """Return the packaged lexicon with folders of the user laid over it.

    Raises:
        InputError: A folder is missing, or a file is refused, with file, key and reason.
    """
    return Lexicon(data_folder("lexicon"), *map(Path, folders))


@cache
def released_lexicon() -> Lexicon:
    """Return the packaged lexicon, read once."""
    return load_lexicon()


def _last(folders: tuple[Path, ...], name: str) -> Path:
    return next((f / name for f in reversed(folders) if (f / name).is_file()), folders[0] / name)


def _spelling(file: Path) -> dict[str, str]:
    words: dict[str, str] = {}
    for variant in read_shape(file, SpellingFile).variant:
        for form in variant.forms:
            for key in keys(form):
                if words.setdefault(key, variant.word) != variant.word:
                    raise InputError("data_name_twice", file=file, name=form)
    return words
