"""What a paper is made of, before anyone decides between a page and a text document.

Every string is plain text and may come from strangers: the renderers make it safe.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text, marked or not."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """Start of a section (level 2) or of a part of it (level 3)."""

    kind: ClassVar[str] = "heading"
    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences; ``note`` is small print."""

    kind: ClassVar[str] = "paragraph"
    text: str
    note: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """What nobody may overlook: framed, with a title."""

    kind: ClassVar[str] = "notice"
    title: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and what stands behind it.

    Attributes:
        name: What it is.
        values: One line each; none leaves a line to fill in by hand.
        href: Address that the first line opens; empty for none.
        code: Whether the lines are digests or ids, to be set in even width.
    """

    name: str
    values: Sequence[str] = ()
    href: str = ""
    code: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values below each other."""

    kind: ClassVar[str] = "facts"
    facts: Sequence[Fact]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a stranger, unaltered."""

    kind: ClassVar[str] = "quote"
    pieces: Sequence[Piece]
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list; ``boxes`` are ticked by hand."""

    kind: ClassVar[str] = "items"
    items: Sequence[str]
    boxes: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; every row as wide as ``head``."""

    kind: ClassVar[str] = "grid"
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Lines:
    """Empty lines to write on."""

    kind: ClassVar[str] = "lines"
    count: int


Block = Heading | Paragraph | Notice | Facts | Quote | Items | Grid | Lines


@dataclass(frozen=True, slots=True)
class Paper:
    """A document.

    Attributes:
        title: On top and in the title bar.
        subtitle: What it is and what it is not.
        running: At the foot of every printed page.
        blocks: Its content.
    """

    title: str
    subtitle: str
    running: str
    blocks: Sequence[Block]
