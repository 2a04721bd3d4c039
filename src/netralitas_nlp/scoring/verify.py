"""Scores a random sample of a run again and checks that nothing in its folder has changed."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final, Literal

from netralitas_nlp.errors import BundleError, NetralitasError, RunError, UsageError
from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.scoring.contestants import rosters_of
from netralitas_nlp.scoring.engines import ScorerLike
from netralitas_nlp.scoring.manifest import Manifest, add_counts
from netralitas_nlp.scoring.parts import count_rows, read_part
from netralitas_nlp.scoring.run import PARTS, RunFolder
from netralitas_nlp.text.rosters import Rosters

SAMPLE: Final = 200
TOLERANCE: Final = 1e-4
"""Largest difference of a score between two machines that counts as the same score."""

Load = Callable[[str | Path | None, str], ScorerLike]
"""Returns a scorer for a model and the name of an operating point."""

InputState = Literal["same", "changed", "absent"]
_COLUMNS: Final = (
    "row_id", "text", "parent_text", "decision", "labels", *(f"score_{name}" for name in LABELS),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is decided otherwise when it is scored again.

    Attributes:
        row_id: Of the row.
        then: Decision and labels in the run.
        now: The same, scored again.
        score: Largest difference of its scores.
    """

    row_id: str
    then: str
    now: str
    score: float


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found.

    Attributes:
        state: Of the run: ``finished``, ``running`` or ``interrupted``.
        damaged: Numbers of parts that are missing, torn or altered.
        counts_agree: Whether manifest, markers and rows count the same.
        inputs: Input file to whether it is still there, and the same.
        trouble: Why the model of the run could not be used; nothing where it was.
        packages: Package to its version then and now, where they differ.
        population: Scored rows of the run.
        sampled: Rows scored again.
        identical: Rows among them whose scores are equal to the last bit.
        largest: Largest difference of a score.
        differences: Rows among them that are decided otherwise.
    """

    state: str
    damaged: tuple[int, ...]
    counts_agree: bool
    inputs: tuple[tuple[str, InputState], ...]
    trouble: NetralitasError | None
    packages: tuple[tuple[str, str, str], ...]
    population: int
    sampled: int
    identical: int
    largest: float
    differences: tuple[Difference, ...]

    @property
    def ok(self) -> bool:
        """Whether the run can be trusted as it stands; absent inputs are no fault."""
        changed = any(state == "changed" for _, state in self.inputs)
        sound = self.state == "finished" and not self.damaged and self.counts_agree
        same = self.largest <= TOLERANCE and not self.differences
        return sound and same and not changed and self.trouble is None


def verify_run(
    run: str | Path,
    *,
    sample: int = SAMPLE,
    seed: int = 0,
    model: str | Path | None = None,
    backend: str = "onnx",
    input_folders: Sequence[str | Path] = (),
    load: Load | None = None,
) -> Verification:
    """Return what a second look at a run finds.

    Args:
        run: Its folder.
        sample: Most rows to score again; 0 checks the files alone.
        seed: Of the sample; the same seed draws the same rows.
        model: Folder or name of the bundle; the released one, or one of the name that the manifest
            gives, where ``None``. Its digest must be that of the manifest.
        backend: ``onnx`` or ``torch``; a run does not say which one scored it.
        input_folders: Where the inputs may lie; the manifest knows their names alone. The current
            folder and that of the run are looked at as well.
        load: Returns a scorer for a model and an operating point; for tests.

    Raises:
        UsageError: ``sample`` is negative.
        RunError: The folder is no run, or a part that is said to be whole cannot be read.
    """
    if sample < 0:
        raise UsageError("verify_sample", value=sample)
    opened = RunFolder.open(run, shards=True)
    damaged = _damaged(opened)
    population, agree = (0, False) if damaged else _recount(opened)
    scorer: ScorerLike | None = None
    trouble: NetralitasError | None = None
    rosters = _rosters(opened)
    try:
        load = load or partial(_load, backend=backend, rosters=rosters)
        scorer = _scorer(opened.manifest, model, load)
    except (BundleError, UsageError) as error:
        trouble = error
    drawn = [] if damaged or scorer is None else list(_draw(opened, population, sample, seed))
    identical, largest, differences = _again(drawn, scorer)
    return Verification(
        state=opened.manifest["state"],
        damaged=damaged,
        counts_agree=agree,
        inputs=tuple(_inputs(opened, input_folders)),
        trouble=trouble,
        packages=tuple(_packages(opened.manifest)),
        population=population,
        sampled=len(drawn),
        identical=identical,
        largest=largest,
        differences=differences,
    )


def _damaged(run: RunFolder) -> tuple[int, ...]:
    """Return the parts that are not as their markers say; reads every byte."""
    numbers = {*run.sound, *run.damaged}
    files = (run.path / PARTS).glob("[0-9]*.parquet")
    numbers |= {int(file.stem) for file in files if file.stem.isdigit()}
    parts = run.path / PARTS
    bad = {number for number in numbers if read_part(parts, number, verify=True) is None}
    gap = len(run.parts) < len(run.sound)
    return tuple(sorted(bad | ({len(run.parts)} if gap else set())))


def _recount(run: RunFolder) -> tuple[int, bool]:
    """Return the scored rows, and whether rows, markers and manifest count the same."""
    import pyarrow as pa

    found = []
    for batch in run.batches(["decision", "labels", "text_kind"]):
        found.append(count_rows(pa.Table.from_batches([batch]), n_rejects=0))
    rows, marked = add_counts(found), run.counts()
    rows["rejects"] = sum(1 for _ in run.rejects())
    rows["records"] = rows["rows"] + rows["rejects"]
    return rows["scored"], rows == marked == run.manifest["counts"]


def _scorer(manifest: Manifest, model: str | Path | None, load: Load) -> ScorerLike:
    """Return the scorer of a run.

    Raises:
        BundleError: No model with the digest of the manifest was found.
    """
    facts = manifest["bundle"]
    refused: BundleError | None = None
    for candidate in _candidates(model, str(facts.get("name"))):
        try:
            scorer = load(candidate, str(facts.get("operating_point")))
        except BundleError as error:
            refused = refused or error
            continue
        if scorer.bundle.digest == facts.get("sha256"):
            return scorer
        refused = BundleError(
            "verify_other_bundle",
            name=facts.get("name"),
            then=str(facts.get("sha256"))[:12],
            other=scorer.bundle.name,
            now=scorer.bundle.digest[:12],
        )
    raise refused or BundleError("bundle_no_default")


def _candidates(model: str | Path | None, name: str) -> tuple[str | Path | None, ...]:
    if model is not None:
        return (model,)
    # A manifest from elsewhere may name an installed model, but no path of its choosing.
    plain = Path(name).name == name and not Path(name).exists()
    return (None, name) if plain else (None,)


def _rosters(run: RunFolder) -> Rosters:
    """Return the rosters that a run was scored with: they moved its scores where it marked."""
    try:
        return rosters_of(run.manifest)
    except (KeyError, TypeError, ValueError) as error:
        raise RunError("run_manifest_damaged", folder=run.path, error=error) from None


def _load(
    model: str | Path | None, operating_point: str, *, backend: str, rosters: Rosters
) -> ScorerLike:
    from netralitas_nlp.predictor import Scorer

    return Scorer.from_pretrained(
        model, operating_point=operating_point, backend=backend, roster=rosters
    )


def _draw(run: RunFolder, population: int, sample: int, seed: int) -> Iterator[dict[str, Any]]:
    """Yield random scored rows in the order of the run; memory holds the sample alone."""
    wanted = iter(sorted(random.Random(seed).sample(range(population), min(sample, population))))  # noqa: S311 -- a sample, not a secret
    number, following = 0, next(wanted, None)
    for batch in run.batches(_COLUMNS):
        if following is None:
            return
        kept = batch.filter(batch["decision"].is_valid())
        picked = []
        while following is not None and following < number + kept.num_rows:
            picked.append(following - number)
            following = next(wanted, None)
        number += kept.num_rows
        yield from kept.take(picked).to_pylist() if picked else ()


def _again(
    rows: Sequence[dict[str, Any]], scorer: ScorerLike | None
) -> tuple[int, float, tuple[Difference, ...]]:
    """Return rows with identical scores, the largest difference, and rows decided otherwise."""
    if scorer is None:
        return 0, 0.0, ()
    identical, largest = 0, 0.0
    found: list[Difference] = []
    questions = ((row["text"] or "", row["parent_text"]) for row in rows)
    for row, prediction in zip(rows, scorer.score_stream(questions), strict=True):
        gap = max((_gap(row, label, prediction.scores.get(label)) for label in LABELS), default=0.0)
        identical += gap == 0.0
        largest = max(largest, gap)
        then = _outcome(row["decision"], row["labels"] or "")
        now = _outcome(prediction.decision, ";".join(prediction.labels))
        if then != now:
            found.append(Difference(row["row_id"], then, now, gap))
    return identical, largest, tuple(found)


def _gap(row: dict[str, Any], label: Label, score: float | None) -> float:
    then = row[f"score_{label}"]
    if then is None or score is None:
        return 0.0 if then is score else 1.0
    return abs(float(then) - score)


def _outcome(decision: str, labels: str) -> str:
    return f"{decision} {labels}".strip()


def _inputs(run: RunFolder, folders: Sequence[str | Path]) -> Iterator[tuple[str, InputState]]:
    import hashlib

    places = [*map(Path, folders), Path(), run.path.resolve().parent]
    for facts in run.manifest["inputs"]:
        state: InputState = "absent"
        tails = dict.fromkeys((Path(facts["file"]), Path(Path(facts["file"]).name)))
        for file in dict.fromkeys(place / tail for place in places for tail in tails):
            try:
                with file.open("rb") as stream:
                    digest = hashlib.file_digest(stream, "sha256").hexdigest()
            except OSError:
                continue
            state = "same" if digest == facts["sha256"] else "changed"
            if state == "same":
                break
        yield facts["file"], state


def _packages(manifest: Manifest) -> Iterator[tuple[str, str, str]]:
    for name, then in sorted(manifest["versions"].items()):
        if name == "python":
            continue
        try:
            now = version(name)
        except PackageNotFoundError:
            now = "–"
        if now != then:
            yield name, then, now
