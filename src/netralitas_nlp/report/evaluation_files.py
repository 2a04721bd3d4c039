"""What lies in the folder of `netralitas evaluate`: files of a known shape, and the others.

The folder is the user's and may hold anything; a file that is not what its name says is listed
with the others, and nothing is guessed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeVar

from pydantic import ValidationError

from netralitas_nlp.report.evaluation_shapes import (
    Figures,
    Fixed,
    Head,
    Hs1,
    ParityFigures,
    Protocol,
    RosterGain,
    SuiteFigures,
)

MAX_BYTES: Final = 32_000_000
"""Largest file that is read; the suite with all its outcomes takes less than one."""

Reason = Literal["unknown", "malformed", "unreadable"]


ShapeT = TypeVar("ShapeT", bound=Figures)


@dataclass(frozen=True, slots=True)
class OtherFile:
    """A file that the page does not interpret, its size in bytes, and why not."""

    name: str
    size: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Evaluations:
    """What a folder holds; ``None`` or empty where there is nothing of the kind."""

    fixed: Fixed | None
    suite: SuiteFigures | None
    parity: ParityFigures | None
    roster: RosterGain | None
    hs1: Hs1 | None
    protocols: tuple[Protocol, ...]
    others: tuple[OtherFile, ...]

    @property
    def heads(self) -> dict[str, Head]:
        """The models of the files by file name; protocols train their own."""
        found = {
            "fixed.json": self.fixed,
            "suite.json": self.suite,
            "parity.json": self.parity,
            "roster.json": self.roster,
        }
        return {name: head for name, head in found.items() if head is not None}


def read_evaluations(folder: Path) -> Evaluations:
    """Return what the JSON files of a folder hold, subfolders left out.

    Raises:
        OSError: The folder cannot be listed.
    """
    found: dict[type[Figures], Figures] = {}
    protocols: list[Protocol] = []
    others: list[OtherFile] = []
    for path in sorted(folder.glob("*.json")):
        read = _read(path)
        if isinstance(read, OtherFile):
            others.append(read)
        elif isinstance(read, Protocol):
            protocols.append(read)
        else:
            found[type(read)] = read
    return Evaluations(
        fixed=_of(Fixed, found),
        suite=_of(SuiteFigures, found),
        parity=_of(ParityFigures, found),
        roster=_of(RosterGain, found),
        hs1=_of(Hs1, found),
        protocols=tuple(protocols),
        others=tuple(others),
    )


_SHAPES: Final[Mapping[str, type[Figures]]] = {
    "fixed.json": Fixed,
    "suite.json": SuiteFigures,
    "parity.json": ParityFigures,
    "roster.json": RosterGain,
    "hs1.json": Hs1,
}


def _read(path: Path) -> Figures | OtherFile:
    size = 0
    try:
        size = path.stat().st_size
        # What is no plain file may never come to an end.
        if size > MAX_BYTES or not path.is_file():
            return OtherFile(path.name, size, "unreadable")
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return OtherFile(path.name, size, "unreadable")
    shape = _SHAPES.get(path.name)
    if shape is None and isinstance(content, dict) and "protocol" in content:
        shape = Protocol
    if shape is None:
        return OtherFile(path.name, size, "unknown")
    try:
        return shape.model_validate(content)
    except ValidationError:
        return OtherFile(path.name, size, "malformed")


def _of(shape: type[ShapeT], found: Mapping[type[Figures], Figures]) -> ShapeT | None:
    one = found.get(shape)
    return one if isinstance(one, shape) else None
