"""The policy as a whole: the packaged files, and folders of the user laid over them."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from netralitas_nlp.datafiles import Shape, data_folder, read_shape
from netralitas_nlp.errors import InputError, UsageError
from netralitas_nlp.policy.shapes import (
    District,
    Election,
    Institution,
    Institutions,
    Rule,
    Rules,
)

TEMPLATE: Final = "template.toml"
"""A form to copy; never read."""

ShapeT = TypeVar("ShapeT", bound=Shape)
EntryT = TypeVar("EntryT", Rule, Institution)
_KABUPATEN = re.compile(r"^kab(?:upaten|\.)?\s+")


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that applies somewhere on some day.

    Attributes:
        districts: By the folded name.
        elections: By id.
        rules: In the order of the files.
        institutions: In the order of the files.
        version: Day of the latest revision and a short digest of all that was loaded, for
            example ``2026-11-21-1f2e3d4c``; it changes with any value in any file.
    """

    districts: Mapping[str, District]
    elections: Mapping[str, Election]
    rules: tuple[Rule, ...]
    institutions: tuple[Institution, ...]
    version: str
    names: Mapping[str, str]

    def district(self, name: str) -> District:
        """Return a district by its name or an alias, with or without ``Kabupaten``.

        Raises:
            UsageError: No file describes it; the message names those that are known.
        """
        key = self.names.get(folded(name))
        if key is not None:
            return self.districts[key]
        known = ", ".join(sorted(d.district for d in self.districts.values()))
        near = get_close_matches(folded(name), self.names, n=1)
        code = "policy_district_near" if near else "policy_district_unknown"
        meant = self.districts[self.names[near[0]]].district if near else ""
        raise UsageError(code, district=name, known=known, near=meant)

    def election(self, name: str) -> Election:
        """Return an election by its id.

        Raises:
            UsageError: No calendar of that name is known.
        """
        if name not in self.elections:
            raise UsageError(
                "policy_election_unknown", election=name, known=", ".join(sorted(self.elections))
            )
        return self.elections[name]


def load_policy(*folders: str | Path) -> Policy:
    """Return the packaged policy with folders of the user laid over it, the last one on top.

    A district or election of a later folder replaces the one of the same name; entries of
    ``rules.toml`` and ``institutions.toml`` replace those of the same id.

    Raises:
        InputError: A folder holds no policy, or a file is refused, with file, key and reason.
    """
    districts: dict[str, District] = {}
    elections: dict[str, Election] = {}
    rules: dict[str, Rule] = {}
    institutions: dict[str, Institution] = {}
    revised: list[date] = []
    for folder in (data_folder("policy"), *map(Path, folders)):
        found = _Folder(folder)
        districts |= found.districts
        elections |= found.elections
        rules |= found.rules
        institutions |= found.institutions
        revised += found.revised
    shapes: list[Mapping[str, Shape]] = [districts, elections, rules, institutions]
    return Policy(
        districts=districts,
        elections=elections,
        rules=tuple(rules.values()),
        institutions=tuple(institutions.values()),
        version=f"{max(revised)}-{_digest(shapes)}",
        names=_names(districts.values()),
    )


@cache
def released_policy() -> Policy:
    """Return the policy of the package alone, read once."""
    return load_policy()


def folded(name: str) -> str:
    """Return the form under which a district is looked up."""
    plain = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return _KABUPATEN.sub("", plain)


class _Folder:
    """What one policy folder holds."""

    def __init__(self, folder: Path) -> None:
        pledges, stages = _tomls(folder / "pledges"), _tomls(folder / "stages")
        rules, institutions = folder / "rules.toml", folder / "institutions.toml"
        if not (pledges or stages or rules.is_file() or institutions.is_file()):
            raise InputError("policy_folder_empty", folder=folder)
        self.revised: list[date] = []
        self.districts: dict[str, District] = {}
        for file in pledges:
            district = self._read(file, District)
            _add(self.districts, folded(district.district), district, file)
        self.elections: dict[str, Election] = {}
        for file in stages:
            election = self._read(file, Election)
            _add(self.elections, election.election, election, file)
        self.rules: dict[str, Rule] = {}
        if rules.is_file():
            self.rules = _by_id(self._read(rules, Rules).rule, rules)
        self.institutions: dict[str, Institution] = {}
        if institutions.is_file():
            entries = self._read(institutions, Institutions).institution
            self.institutions = _by_id(entries, institutions)

    def _read(self, file: Path, shape: type[ShapeT]) -> ShapeT:
        read = read_shape(file, shape)
        self.revised.append(getattr(read, "revised"))  # noqa: B009 - every shape read here has it
        return read


def _tomls(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(f for f in folder.iterdir() if f.suffix == ".toml" and f.name != TEMPLATE)


def _add(found: dict[str, ShapeT], key: str, value: ShapeT, file: Path) -> None:
    if key in found:
        raise InputError("data_name_twice", file=file, name=key)
    found[key] = value


def _by_id(entries: Iterable[EntryT], file: Path) -> dict[str, EntryT]:
    found: dict[str, EntryT] = {}
    for entry in entries:
        _add(found, entry.id, entry, file)
    return found


def _names(districts: Iterable[District]) -> dict[str, str]:
    """Return every name and alias with the key it stands for; two districts may share none."""
    names: dict[str, str] = {}
    for district in districts:
        key = folded(district.district)
        for name in (district.district, *district.aliases):
            if names.setdefault(folded(name), key) != key:
                raise InputError("policy_alias_twice", name=name, district=district.district)
    return names


def _digest(shapes: list[Mapping[str, Shape]]) -> str:
    plain = [{k: v.model_dump(mode="json") for k, v in sorted(s.items())} for s in shapes]
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:8]
