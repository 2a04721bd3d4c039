"""The tools that are known: preset files, and which of them a table fits."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from pydantic import ValidationError

from netralitas_nlp.errors import InputError
from netralitas_nlp.io.meaning import Meaning, PresetFile, Recognise
from netralitas_nlp.io.sample import Sample


def preset_for(sample: Sample) -> Meaning | None:
    """Return the preset that a table fits best, or ``None``.

    Of several, the one of higher priority wins, then the one with more conditions.
    """
    presets = released_presets()
    inner = {name for preset in presets.values() for name in preset.nested}
    fitting = [p for p in presets.values() if p.name not in inner and fits(p, sample)]
    return max(fitting, key=lambda p: (p.priority, _conditions(p.recognise), p.name), default=None)


def nested_presets(preset: Meaning, sample: Sample) -> list[Meaning]:
    """Return the presets of further lists of posts that lie inside the records of a table."""
    presets = released_presets()
    return [presets[name] for name in preset.nested if fits(presets[name], sample)]


def fits(preset: Meaning, sample: Sample) -> bool:
    """Say whether a table has what a preset asks for."""
    asked = preset.recognise
    if asked is None or (asked.format and sample.format not in asked.format):
        return False
    if any(sample.has(path) for path in asked.none):
        return False
    if not all(any(sample.has(path) for path in either.split("|")) for either in asked.all):
        return False
    for path, wanted in asked.equals.items():
        if not any(str(value).strip() in wanted for value in sample.values(path)):
            return False
    return all(
        any(str(value).startswith(begin) for value in sample.values(path))
        for path, begin in asked.starts.items()
    )


@cache
def released_presets() -> Mapping[str, PresetFile]:
    """Return the presets of the package by name."""
    return load_presets(files("netralitas_nlp.io").joinpath("presets"))


def load_presets(folder: Path | Traversable) -> dict[str, PresetFile]:
    """Return every preset of a folder by name.

    Raises:
        InputError: A file is not TOML, lacks a key, has an unknown one or a wrong value, takes
            a name twice, or names a nested preset that does not exist.
    """
    presets: dict[str, PresetFile] = {}
    for source in sorted(folder.iterdir(), key=lambda file: file.name):
        if source.name.endswith(".toml"):
            preset = _loaded(source)
            if preset.name in presets:
                raise InputError("preset_twice", file=source.name, name=preset.name)
            presets[preset.name] = preset
    for preset in presets.values():
        missing = [name for name in preset.nested if name not in presets]
        if missing:
            raise InputError(
                "preset_bad",
                file=f"{preset.name}.toml",
                key="nested",
                reason=f"{missing[0]!r} does not exist",
            )
    return presets


def _loaded(source: Path | Traversable) -> PresetFile:
    try:
        return PresetFile.model_validate(tomllib.loads(source.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError("preset_bad", file=source.name, key="-", reason=str(error)) from None
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"])) or "-"
        raise InputError("preset_bad", file=source.name, key=key, reason=first["msg"]) from None


def _conditions(asked: Recognise | None) -> int:
    if asked is None:
        return 0
    return len(asked.all) + len(asked.equals) + len(asked.starts) + len(asked.format)
