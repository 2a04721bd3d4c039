"""The manifest of a run: what was scored, by what, how it went; its digests and its comparison."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, NotRequired, TypedDict, cast

from netralitas_nlp.errors import RunError
from netralitas_nlp.labels import LABELS

FORMAT: Final = 1
"""Version of the layout of a run folder."""

State = Literal["running", "finished", "interrupted"]
STATES: Final = ("running", "finished", "interrupted")


class ProblemFacts(TypedDict):
    """Something noticed while reading, counted over a table."""

    code: str
    count: int
    text_id: str
    text_en: str


class PartialFacts(TypedDict):
    """What the merging of shards needs to know of a table of which one shard read some rows.

    Attributes:
        columns_seen: Column to the row in which it was first met.
        opened: Message code to count of what was noticed on opening, the same in every shard.
        values: What the placeholders of the messages stand for.
    """

    columns_seen: dict[str, int]
    opened: dict[str, int]
    values: dict[str, dict[str, str | int]]


class ShardFacts(TypedDict):
    """Which part of a run a folder holds; ``note_id`` and ``note_en`` say so in words."""

    number: int
    of: int
    inputs_sha256: str
    note_id: str
    note_en: str


class TableFacts(TypedDict):
    """A table of an input: how it was understood and how many rows it held."""

    name: str
    sheet: str | None
    format: str
    encoding: str | None
    preset: str | None
    columns: dict[str, str | None]
    column_names: list[str]
    column_types: dict[str, str]
    n_records: int
    n_rejects: int
    n_empty_text: int
    problems: list[ProblemFacts]
    partial: NotRequired[PartialFacts]


class InputFacts(TypedDict):
    """An input file: its name without folders of the user, its digest and size."""

    file: str
    sha256: str
    bytes: int
    tables: list[TableFacts]


class BundleFacts(TypedDict):
    """The model that scored the run."""

    name: str
    sha256: str
    operating_point: str
    thresholds: dict[str, dict[str, float]]
    evaluation: NotRequired[dict[str, Any]]


class ChainFacts(TypedDict):
    """The chains of near copies: how many, of how many posts, found how, and their digest."""

    chains: int
    posts: int
    min_words: int
    likeness: float
    long: int
    long_likeness: float
    sha256: str


class Counts(TypedDict):
    """Totals of a run. ``records`` = ``rows`` + ``rejects``; ``rows`` = scored + empty + not."""

    records: int
    rows: int
    scored: int
    empty_text: int
    not_scored: int
    rejects: int
    flag: int
    review: int
    clear: int
    labels: dict[str, int]


class Manifest(TypedDict):
    """Content of ``manifest.json``."""

    format: int
    state: State
    created_at: str
    finished_at: str | None
    inputs: list[InputFacts]
    config: dict[str, Any]
    config_sha256: str
    bundle: BundleFacts
    versions: dict[str, str]
    counts: Counts
    seconds: dict[str, float]
    views: dict[str, Any]
    rosters: NotRequired[list[dict[str, str]]]
    chains: NotRequired[ChainFacts]
    shard: NotRequired[ShardFacts]
    merged: NotRequired[list[dict[str, Any]]]


def new_manifest(
    *,
    inputs: list[InputFacts],
    config: dict[str, Any],
    bundle: BundleFacts,
    versions: dict[str, str],
) -> Manifest:
    """Return the manifest of a run that starts now."""
    return {
        "format": FORMAT,
        "state": "running",
        "created_at": now(),
        "finished_at": None,
        "inputs": inputs,
        "config": config,
        "config_sha256": config_digest(config),
        "bundle": bundle,
        "versions": versions,
        "counts": no_counts(),
        "seconds": {},
        "views": {},
    }


def inputs_digest(inputs: Iterable[InputFacts]) -> str:
    """Return the SHA-256 that stands for all inputs of a run: names, digests, sizes, order."""
    told = [[i["file"], i["sha256"], i["bytes"]] for i in inputs]
    return hashlib.sha256(json.dumps(told).encode("ascii")).hexdigest()


def no_counts() -> Counts:
    """Return counts of nothing."""
    return {
        "records": 0,
        "rows": 0,
        "scored": 0,
        "empty_text": 0,
        "not_scored": 0,
        "rejects": 0,
        "flag": 0,
        "review": 0,
        "clear": 0,
        "labels": dict.fromkeys(LABELS, 0),
    }


def add_counts(parts: Iterable[Counts]) -> Counts:
    """Return the sum of counts, key by key."""
    total = no_counts()
    plain = cast(dict[str, Any], total)
    for part in parts:
        for key, value in part.items():
            if key != "labels":
                plain[key] += value
        for label, n in part["labels"].items():
            total["labels"][label] += n
    return total


def config_digest(config: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a configuration, the same for the same values in any order."""
    canonical = json.dumps(config, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def now() -> str:
    """Return the present moment, UTC, ISO 8601 to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def read_manifest(path: Path) -> Manifest:
    """Read ``manifest.json``.

    Raises:
        RunError: It is missing, not ours, or of a later version.
    """
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise RunError("run_not_a_run", folder=path.parent.name) from None
    except (OSError, ValueError, RecursionError) as error:
        raise RunError("run_manifest_damaged", folder=path.parent.name, error=error) from None
    missing = _missing_key(content)
    if missing:
        raise RunError("run_manifest_damaged", folder=path.parent.name, error=missing)
    if content["format"] != FORMAT:
        raise RunError("run_format", folder=path.parent.name, format=content["format"], ours=FORMAT)
    return cast(Manifest, content)


def _missing_key(content: object) -> str | None:
    if not isinstance(content, dict):
        return "JSON"
    expected: dict[str, type | tuple[type, ...]] = {
        "format": int,
        "state": str,
        "inputs": list,
        "config": dict,
        "config_sha256": str,
        "bundle": dict,
        "counts": dict,
        "versions": dict,
        "seconds": dict,
        "views": dict,
    }
    for key, kind in expected.items():
        if not isinstance(content.get(key), kind):
            return key
    if content["state"] not in STATES:
        return "state"
    shard = content.get("shard", {"number": 1, "of": 1, "inputs_sha256": ""})
    wanted = {"number": int, "of": int, "inputs_sha256": str}
    whole = isinstance(shard, dict) and all(isinstance(shard.get(k), t) for k, t in wanted.items())
    return None if whole else "shard"


def require_same_run(old: Manifest, new: Manifest, *, folder: str) -> None:
    """Refuse to go on in a folder whose input, configuration or model is another one.

    Raises:
        RunError: Naming which of the three differs, and in what.
    """
    files_then = [(i["file"], i["sha256"]) for i in old["inputs"]]
    files_now = [(i["file"], i["sha256"]) for i in new["inputs"]]
    if files_then != files_now:
        raise RunError("run_other_input", folder=folder, then=_files(old), now=_files(new))
    then, today = old.get("shard"), new.get("shard")
    if _shard(then) != _shard(today):
        raise RunError("run_other_shard", folder=folder, then=_shard(then), now=_shard(today))
    if old["bundle"].get("sha256") != new["bundle"]["sha256"]:
        raise RunError(
            "run_other_bundle",
            folder=folder,
            then=_model(old["bundle"]),
            now=_model(new["bundle"]),
        )
    if old["config_sha256"] != new["config_sha256"]:
        raise RunError(
            "run_other_config",
            folder=folder,
            differences=differences(old["config"], new["config"]),
        )


def _shard(shard: ShardFacts | None) -> str:
    return f"{shard['number']}/{shard['of']}" if shard else "-"


def _files(manifest: Manifest) -> str:
    return ", ".join(f"{i['file']} (sha256 {i['sha256'][:12]})" for i in manifest["inputs"])


def _model(bundle: BundleFacts) -> str:
    return f"{bundle.get('name')} (sha256 {str(bundle.get('sha256'))[:12]})"


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """Return the keys whose values differ, with both values."""
    keys = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    return "; ".join(f"{key}: {old.get(key)!r} -> {new.get(key)!r}" for key in keys)
