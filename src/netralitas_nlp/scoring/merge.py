"""Puts the shards of a run together into the run folder that one machine would have written."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge as in_order
from pathlib import Path
from typing import Any

from netralitas_nlp.errors import RunError, UsageError
from netralitas_nlp.io.remote import require_local
from netralitas_nlp.io.writers import known_formats
from netralitas_nlp.labels import Language
from netralitas_nlp.policy.policies import load_policy
from netralitas_nlp.scoring.attempt import Attempt, Filled, RunSummary
from netralitas_nlp.scoring.manifest import Manifest, add_counts, new_manifest
from netralitas_nlp.scoring.merged_inputs import merged_inputs
from netralitas_nlp.scoring.parts import Part
from netralitas_nlp.scoring.pipeline import DEFAULT_FORMATS, enter
from netralitas_nlp.scoring.progress import OnProgress, Progress
from netralitas_nlp.scoring.run import RunFolder
from netralitas_nlp.scoring.same import require_one_run

Place = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part on its way into the merged run."""

    part: Part
    run: RunFolder


def merge_runs(
    runs: Sequence[str | Path],
    *,
    out: str | Path,
    fresh: bool = False,
    formats: Sequence[str] = DEFAULT_FORMATS,
    policy_folders: Sequence[str] = (),
    lang: Language = "id",
    report: bool = True,
    progress: OnProgress | None = None,
) -> RunSummary:
    """Merge the shards of a run, going on where an earlier attempt ended.

    Parts are copied as they are, in the order of the inputs, each compared with its digest; then
    copies of texts, contestants, the page and the scored files are made from all rows, as
    ``score_files`` does. The inputs themselves are not needed.

    Args:
        runs: The folders of all shards, in any order.
        out: Folder of the whole run.
        fresh: Replace a run that is already there.
        formats: Scored files to write.
        policy_folders: Policy folders that the shards were scored with.
        lang: Language of the page.
        report: Whether to write the page.
        progress: Called now and then.

    Raises:
        UsageError: No folder is named, one is an address in a store, or a format is unknown.
        RunError: The folders are not all shards of one run, one is missing, named twice,
            unfinished or damaged, or ``out`` cannot be written.
    """
    wanted = known_formats(formats)
    require_local(out, "--out")
    for path in runs:
        require_local(path, "merge")
    if not runs:
        raise UsageError("merge_nothing")
    shards = require_one_run([RunFolder.open(path, shards=True) for path in runs])
    manifest = _manifest([shard.manifest for shard in shards])
    policy = load_policy(*policy_folders)
    then = manifest["config"].get("policy", {}).get("version")
    if then != policy.version:
        raise RunError("merge_other_policy", then=then, now=policy.version)
    with enter(Path(out), manifest, fresh=fresh) as run:
        attempt = Attempt(
            run, formats=wanted, lang=lang, report=report, policy=policy, progress=progress
        )
        if run.manifest["state"] == "finished" and not run.damaged:
            return attempt.refresh()
        return attempt.complete(lambda: _gather(run, shards, manifest, progress), stage="merge")


def _manifest(shards: Sequence[Manifest]) -> Manifest:
    """Return the manifest of the whole run; ``merged`` tells where each shard was scored."""
    first = shards[0]
    made = new_manifest(
        inputs=merged_inputs(shards),
        config=first["config"],
        bundle=first["bundle"],
        versions=first["versions"],
    )
    if "rosters" in first:
        made["rosters"] = first["rosters"]
    made["merged"] = [_told(shard) for shard in shards]
    return made


def _told(shard: Manifest) -> dict[str, Any]:
    keys = ("created_at", "finished_at", "versions", "counts", "seconds")
    told: dict[str, Any] = {"number": shard["shard"]["number"]}
    whole: Mapping[str, Any] = shard
    return told | {key: whole[key] for key in keys}


def _gather(
    run: RunFolder, shards: Sequence[RunFolder], manifest: Manifest, progress: OnProgress | None
) -> Filled:
    """Copy what the folder does not hold yet."""
    total = add_counts(shard.manifest["counts"] for shard in shards)["records"]
    position = kept = index = 0
    for index, piece in enumerate(_pieces(shards), start=1):
        part, number = piece.part, index - 1
        stop = position + part.stop - part.first
        there = run.sound.get(number)
        if there is not None and _same(there, part, position):
            kept += stop - position
        else:
            _copy(run, piece, number, first=position, stop=stop)
        position = stop
        if progress:
            progress(Progress("merge", position, total, position - kept))
    run.drop_parts_from(index)
    return Filled(manifest["inputs"], kept)


def _pieces(shards: Sequence[RunFolder]) -> Iterator[_Piece]:
    """Yield the parts of all shards in the order of the inputs.

    Several parts of one place, of a record that holds very many posts, are of one shard and stay
    in its order.
    """

    def of(number: int, shard: RunFolder) -> Iterator[tuple[Place, int, int, _Piece]]:
        for part in shard.parts:
            if part.place is None:
                raise _damage(shard, part)
            yield part.place, number, part.first, _Piece(part, shard)

    streams = (of(number, shard) for number, shard in enumerate(shards))
    yield from (piece for *_, piece in in_order(*streams))


def _same(there: Part, part: Part, position: int) -> bool:
    length = part.stop - part.first
    ends = (position, position + length)
    return (there.sha256, there.first, there.stop) == (part.sha256, *ends)


def _copy(run: RunFolder, piece: _Piece, index: int, *, first: int, stop: int) -> None:
    try:
        content = piece.part.path.read_bytes()
        facts = piece.part.facts()
    except (OSError, ValueError):
        raise _damage(piece.run, piece.part) from None
    if hashlib.sha256(content).hexdigest() != piece.part.sha256:
        raise _damage(piece.run, piece.part)
    run.take_part(content, {**facts, "part": index, "first": first, "stop": stop})


def _damage(run: RunFolder, part: Part) -> RunError:
    return RunError("merge_damaged", folder=run.path.name, file=part.path.name)
