"""The folder in which a training under way keeps its checkpoints, so that a kill costs little."""

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from netralitas_nlp.errors import RunError
from netralitas_nlp.labeled.rows import LabelledPosts

STATE_FILE: Final = "training.json"
CHECKPOINTS: Final = "checkpoints"


@dataclass(frozen=True, slots=True)
class State:
    """A training under way.

    Attributes:
        folder: Beside the bundle that is to come, removed when it is there.
        going_on: Whether checkpoints of an earlier attempt are to be continued.
    """

    folder: Path
    going_on: bool

    @property
    def checkpoints(self) -> Path:
        """Where the Trainer keeps its state."""
        return self.folder / CHECKPOINTS

    def remove(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


def folder_of(out: Path) -> Path:
    """Return the folder of the training that makes a bundle."""
    return out.with_name(out.name + ".training")


def begin(
    out: Path, facts: Mapping[str, Any], *, resume: bool, fresh: bool, first: bool = True
) -> State:
    """Return the state of a training that begins or goes on.

    Args:
        out: The bundle that is to come.
        facts: What must be the same for checkpoints to fit: digests of data, base and settings.
        resume: Go on with an earlier attempt; without one, begin.
        fresh: Throw an earlier attempt away.
        first: Whether this is the first of several processes: it alone touches the folder.

    Raises:
        RunError: An earlier attempt is there and neither was asked for, or it was another
            training; the message names what differs.
    """
    folder = folder_of(out)
    if not first:
        return State(folder, going_on=resume)
    file = folder / STATE_FILE
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    if file.is_file():
        if not resume:
            raise RunError("train_unfinished", folder=folder)
        _require_same(file, facts)
        return State(folder, going_on=True)
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(dict(facts), indent=1) + "\n", encoding="utf-8")
    return State(folder, going_on=False)


def digest_of(posts: LabelledPosts) -> str:
    """Return a digest of texts, labels and splits, in hexadecimal."""
    digest = hashlib.sha256()
    for text, parent, labels, split in zip(
        posts.text, posts.parent, posts.labels.tolist(), posts.split, strict=True
    ):
        line = json.dumps([text, parent, [str(value) for value in labels], split])
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def _require_same(file: Path, facts: Mapping[str, Any]) -> None:
    try:
        old = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        old = {}
    wanted = json.loads(json.dumps(dict(facts)))
    differs = [
        name for name in wanted if not isinstance(old, dict) or old.get(name) != wanted[name]
    ]
    if differs:
        raise RunError("train_other", folder=file.parent, differs=", ".join(differs))
