"""Data files of the project: where they lie, and TOML that is checked when it is read."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from netralitas_nlp.errors import InputError
from netralitas_nlp.labels import Language

MAX_BYTES: Final = 2_000_000
"""Largest data file that is read: anything bigger is not one of ours."""

ShapeT = TypeVar("ShapeT", bound="Shape")
ItemT = TypeVar("ItemT")
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", max_length=80)]


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


Many = Annotated[tuple[ItemT, ...], BeforeValidator(_as_tuple)]
"""A TOML array; everything else about a shape is strict."""


class Shape(BaseModel):
    """What a data file may hold: unknown keys and wrong types are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Words(Shape):
    """The same words in both languages."""

    id: Name
    en: Name

    def in_(self, lang: Language) -> str:
        """Return the words in one language."""
        return self.id if lang == "id" else self.en


def data_folder(name: str) -> Path:
    """Return a folder of the project's data, in an installed package or in a checkout.

    Args:
        name: ``policy``, ``rosters`` or ``lexicon``.

    Raises:
        InputError: The package was installed without it.
    """
    for folder in _places(name):
        if folder.is_dir():
            return folder
    raise InputError("data_folder_missing", name=name)


def data_file(name: str) -> Path:
    """Return a single file of the project's data, as ``data_folder`` does.

    Args:
        name: ``sources.toml``.

    Raises:
        InputError: The package was installed without it.
    """
    for file in _places(name):
        if file.is_file():
            return file
    raise InputError("data_folder_missing", name=name)


def _places(name: str) -> tuple[Path, Path]:
    packaged = Path(str(files("netralitas_nlp"))) / "_data" / name
    return packaged, Path(__file__).resolve().parents[2] / "data" / name


def read_shape(path: Path, shape: type[ShapeT]) -> ShapeT:
    """Return what a TOML file holds.

    Raises:
        InputError: The file cannot be read, is not TOML, or a key is missing, unknown or wrong;
            the message has the file, the key and the reason.
    """
    try:
        return shape.model_validate(_table(path))
    except ValidationError as error:
        raise _refusal(path, error.errors()[0]) from None


def _table(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError("data_file_large", file=path, limit=MAX_BYTES // 1_000_000)
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError("data_file_unreadable", file=path, reason=error.strerror) from None
    except (ValueError, RecursionError) as error:
        raise InputError("data_file_not_toml", file=path, reason=error) from None


_CODES: Final[Mapping[str, str]] = {
    "missing": "data_key_missing",
    "extra_forbidden": "data_key_unknown",
    "date_type": "data_key_date",
    "literal_error": "data_key_choice",
    "string_too_short": "data_key_empty",
    "string_pattern_mismatch": "data_key_id",
    "string_type": "data_key_text",
    "int_type": "data_key_whole",
    "bool_type": "data_key_bool",
    "tuple_type": "data_key_list",
    "too_short": "data_key_empty",
    "model_type": "data_key_table",
    "dict_type": "data_key_table",
    "greater_than_equal": "data_key_range",
    "less_than_equal": "data_key_range",
}


def _refusal(path: Path, problem: ErrorDetails) -> InputError:
    """Return the error for the first thing that is wrong with a file.

    A validator of ours raises ``PydanticCustomError`` with the code of a message as its type.
    """
    code = problem["type"]
    code = code if code.startswith("data_") else _CODES.get(code, "data_key_bad")
    values: dict[str, object] = dict(problem.get("ctx", {}))
    values |= {"file": path, "key": _key(problem["loc"]), "reason": problem["msg"]}
    values["value"] = problem["input"]
    return InputError(code, **values)


def _key(loc: tuple[int | str, ...]) -> str:
    key = ""
    for step in loc:
        key += f"[{step + 1}]" if isinstance(step, int) else f".{step}"
    return key.removeprefix(".") or "-"
