"""What the columns of a table mean: the form of a preset file, checked when it is loaded."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from netralitas_nlp.io.paths import steps
from netralitas_nlp.io.times import iso_time
from netralitas_nlp.labels import TextKind

Role = Literal[
    "text", "repost_text", "parent_text", "account", "posted_at", "url", "post_id", "kind"
]
"""``repost_text`` is the full text of the post that a bare retweet repeats."""

LINK_SUFFIX = " hyperlink"


def _checked_source(source: str) -> str:
    if not source.removesuffix("*").endswith(LINK_SUFFIX):
        for part in source.split("+"):
            steps(part.removeprefix("^").removesuffix("*"))
    return source


def _checked_path(path: str) -> str:
    steps(path)
    return path


def _checked_either(paths: str) -> str:
    for path in paths.split("|"):
        steps(path)
    return paths


def _checked_pattern(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return pattern


def _checked_zone(zone: str) -> str:
    # A time that gets no offset from a zone shows that the zone is unknown.
    if len(iso_time("2024-01-01 00:00", zone=zone)) <= len("2024-01-01T00:00:00"):
        raise ValueError(f"unknown zone {zone!r}")
    return zone


Source = Annotated[str, AfterValidator(_checked_source)]
"""Where a value lies: ``column``, ``user.name``, ``a+b`` (joined), ``column*`` (inside the
address in that column), ``column hyperlink`` (behind the cell), ``^name`` (beside the list of
records rather than in the record)."""

Place = Annotated[str, AfterValidator(_checked_path)]
Either = Annotated[str, AfterValidator(_checked_either)]
Pattern = Annotated[str, AfterValidator(_checked_pattern)]
Zone = Annotated[str, AfterValidator(_checked_zone)]


class Strict(BaseModel):
    """A part of a preset; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Recognise(Strict):
    """How a tool is told.

    Attributes:
        all: Columns or paths that must exist; ``a|b`` is met by either.
        none: Columns or paths that must not.
        equals: Path to the values of which one must occur.
        starts: Path to the beginning of its values.
        format: Formats of the container, any where empty.
    """

    all: tuple[Either, ...] = ()
    none: tuple[Place, ...] = ()
    equals: dict[Place, tuple[str, ...]] = {}
    starts: dict[Place, str] = {}
    format: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> "Recognise":
        if not (self.all or self.equals or self.starts or self.format):
            raise ValueError("needs at least one of: all, equals, starts, format")
        return self


class KindRule(Strict):
    """One reason to call a text a repost, a reply and so on; the first that holds decides.

    Attributes:
        kind: The kind.
        when: Path whose value must be filled (blank, ``NA``, ``False``, ``[]`` are not).
        equals: Values that it must have, in lower case.
        matches: Regular expression that must be found in it.
        differs: Path whose value must be filled too, and another.
    """

    kind: TextKind
    when: Place
    equals: tuple[str, ...] = ()
    matches: Pattern | None = None
    differs: Place | None = None


class SkipRule(Strict):
    """Records that are not posts; they are counted, not read.

    Attributes:
        when: Path whose value must be filled.
        equals: Values that it must have, in lower case.
    """

    when: Place
    equals: tuple[str, ...] = ()


class Join(Strict):
    """A value that lies in another list of the same document.

    Attributes:
        role: What it gives.
        key: Path in the record to the id that is looked up.
        list: Path in the document to the list.
        match: Name of the id in the items of the list.
        take: Path in the item.
    """

    role: Role
    key: Place
    list: Place
    match: str
    take: Place


class Meaning(Strict):
    """What the columns of a table mean.

    Attributes:
        name: Short name of the tool, empty where the headers alone told.
        title: Name that people read.
        records: Paths to the lists of records in a document; empty: each document is one.
        recognise: How it is told.
        columns: Role to its sources, the first filled one wins.
        shown: Role to the words shown for it in place of the source.
        joins: Values in other lists of the document.
        kinds: Rules of ``text_kind``.
        default_kind: Kind where no rule holds.
        skip: Records that are not posts.
        drop: Columns that are never carried over: session parameters, addresses.
        links: Templates of the address where the export has none; ``{account}``, ``{post_id}``
            or a path.
        zone: Zone of times that carry none.
        zone_column: Column that holds the zone.
        id_prefix: Letters that the tool puts before ids.
        cut_when: Path that is true for texts cut by the tool.
        dots_cut: Whether three full stops at the end mean a cut.
        chat: Whether this is a private chat: telephone numbers become pseudonyms.
        nested: Names of presets of further lists of posts in the same documents.
        priority: Decides between presets that both fit; then the number of conditions.
    """

    name: str = ""
    title: str = ""
    records: tuple[Place, ...] = ()
    recognise: Recognise | None = None
    columns: dict[Role, tuple[Source, ...]] = {}
    shown: dict[Role, str] = {}
    joins: tuple[Join, ...] = ()
    kinds: tuple[KindRule, ...] = ()
    default_kind: TextKind = "own"
    skip: tuple[SkipRule, ...] = ()
    drop: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    zone: Zone | None = None
    zone_column: Place | None = None
    id_prefix: str = ""
    cut_when: Place | None = None
    dots_cut: bool = False
    chat: bool = False
    nested: tuple[str, ...] = ()
    priority: int = 0

    def sources(self, role: Role) -> tuple[str, ...]:
        """Return the sources of a role, best first."""
        return self.columns.get(role, ())


class PresetFile(Meaning):
    """A preset file: a meaning with a name, a title, a way to be told, and text."""

    name: str = Field(min_length=1, pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str = Field(min_length=1)
    recognise: Recognise

    @model_validator(mode="after")
    def _has_text(self) -> "PresetFile":
        if not self.columns.get("text"):
            raise ValueError("columns.text: needs at least one source")
        return self
