"""Whether folders are the shards of one run: all of them, each once, whole, and scored alike."""

from collections.abc import Sequence

from netralitas_nlp.errors import RunError
from netralitas_nlp.scoring.manifest import Manifest, add_counts, differences, inputs_digest
from netralitas_nlp.scoring.run import RunFolder

_SHOWN = 20
"""Numbers of missing shards that a message lists."""


def require_one_run(runs: Sequence[RunFolder]) -> list[RunFolder]:
    """Return the shards of one run in the order of their numbers.

    Whether each part agrees with its digest is seen when it is copied.

    Args:
        runs: At least one folder, opened.

    Raises:
        RunError: The message says what was expected, which folder differs, and what to do.
    """
    for run in runs:
        if "shard" not in run.manifest:
            raise RunError("merge_not_a_shard", folder=run.path.name)
    first = runs[0]
    for run in runs[1:]:
        _require_alike(first, run)
    by_number: dict[int, RunFolder] = {}
    for run in runs:
        number = run.manifest["shard"]["number"]
        twin = by_number.setdefault(number, run)
        if twin is not run:
            of = run.manifest["shard"]["of"]
            folders = {"one": twin.path.name, "two": run.path.name}
            raise RunError("merge_twice", number=number, of=of, **folders)
    of = first.manifest["shard"]["of"]
    absent = [number for number in range(1, of + 1) if number not in by_number]
    if absent:
        shown = ", ".join(f"{number}/{of}" for number in absent[:_SHOWN])
        more = " …" if len(absent) > _SHOWN else ""
        raise RunError("merge_missing", of=of, found=len(by_number), absent=shown + more)
    for run in runs:
        _require_whole(run)
    return [by_number[number] for number in sorted(by_number)]


def _require_alike(first: RunFolder, run: RunFolder) -> None:
    """Compare what decides the rows; the first folder named is the measure."""
    one, two = first.manifest, run.manifest
    folders = {"one": first.path.name, "two": run.path.name}
    if one["shard"]["of"] != two["shard"]["of"]:
        counts = {"then": one["shard"]["of"], "now": two["shard"]["of"]}
        raise RunError("merge_other_count", **folders, **counts)
    if inputs_digest(one["inputs"]) != inputs_digest(two["inputs"]):
        raise RunError("merge_other_input", **folders, differences=_inputs(one, two))
    for key in ("sha256", "operating_point", "thresholds", "name"):
        if one["bundle"].get(key) != two["bundle"].get(key):
            told = {"then": _short(one, key), "now": _short(two, key)}
            raise RunError("merge_other_bundle", **folders, **told)
    if one["config_sha256"] != two["config_sha256"]:
        told = {"differences": differences(one["config"], two["config"])}
        raise RunError("merge_other_config", **folders, **told)
    if one.get("rosters") != two.get("rosters"):
        raise RunError("merge_other_config", **folders, differences="rosters")


def _require_whole(run: RunFolder) -> None:
    manifest = run.manifest
    shard = manifest["shard"]
    if manifest["state"] != "finished":
        told = {"number": shard["number"], "of": shard["of"], "state": manifest["state"]}
        raise RunError("merge_unfinished", folder=run.path.name, **told)
    if inputs_digest(manifest["inputs"]) != shard["inputs_sha256"]:
        raise RunError("merge_damaged", folder=run.path.name, file="manifest.json")
    if run.damaged:
        raise RunError("merge_damaged", folder=run.path.name, file=f"{run.damaged[0]:05d}.parquet")
    # A last part that is gone with its marker leaves no gap, but it leaves the count.
    parts = run.parts
    if add_counts(part.counts for part in parts) != manifest["counts"] or len(parts) < len(
        run.sound
    ):
        raise RunError("merge_damaged", folder=run.path.name, file=f"{len(parts):05d}.parquet")


def _inputs(one: Manifest, two: Manifest) -> str:
    """Return the first place at which two lists of inputs differ."""
    left = [(i["file"], i["sha256"][:12]) for i in one["inputs"]]
    right = [(i["file"], i["sha256"][:12]) for i in two["inputs"]]
    if sorted(left) == sorted(right):
        then, now = ([file for file, _ in side] for side in (left, right))
        return f"{', '.join(then)} -> {', '.join(now)}"
    told = [_side(left, right), _side(right, left)]
    return " -> ".join(told)


def _side(own: list[tuple[str, str]], other: list[tuple[str, str]]) -> str:
    alone = [f"{file} (sha256 {digest})" for file, digest in own if (file, digest) not in other]
    return ", ".join(alone[:3]) + (" …" if len(alone) > 3 else "") if alone else "-"


def _short(manifest: Manifest, key: str) -> str:
    bundle = manifest["bundle"]
    point = bundle.get("operating_point")
    words = f"{bundle.get('name')}, {point}, sha256 {str(bundle.get('sha256'))[:12]}"
    return f"{words}, {bundle.get('thresholds')}" if key == "thresholds" else words
