"""Scores exports into a run folder: read, score, keep in parts, write the files people open."""

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from typing import Any, Final

from netralitas_nlp import __version__
from netralitas_nlp.errors import RunError, UsageError
from netralitas_nlp.io.tables import Overrides
from netralitas_nlp.io.writers import known_formats
from netralitas_nlp.labels import Language
from netralitas_nlp.scoring.chains import are_sound, write_chains
from netralitas_nlp.scoring.claims import ClaimChecks, opened_claims
from netralitas_nlp.scoring.clauses import Citations, Where
from netralitas_nlp.scoring.contestants import roster_config
from netralitas_nlp.scoring.engines import (
    Engine,
    MakeScorer,
    ManyProcesses,
    OneProcess,
    Scored,
    ScorerLike,
    physical_cores,
)
from netralitas_nlp.scoring.inputs import Source, open_sources
from netralitas_nlp.scoring.manifest import BundleFacts, Counts, Manifest, new_manifest
from netralitas_nlp.scoring.plan import ROWS_PER_PART, plan, records
from netralitas_nlp.scoring.progress import OnProgress, Progress, Stage, Totals
from netralitas_nlp.scoring.rows import table_of
from netralitas_nlp.scoring.run import REPORT, RunFolder, is_run
from netralitas_nlp.scoring.views import make_views, missing_views
from netralitas_nlp.text.rosters import Rosters

DEFAULT_FORMATS: Final = ("csv", "parquet")
_SCORING_PACKAGES: Final = ("onnxruntime", "tokenizers")
_NOTED_PACKAGES: Final = ("numpy", "pyarrow", *_SCORING_PACKAGES)


@dataclass(frozen=True, slots=True)
class RunSummary:
    """How a run ended.

    Attributes:
        path: The run folder.
        counts: Its totals.
        files: The scored files that are there now.
        report: The page to read.
        passed_over: Records that an earlier attempt had done.
        redone: Numbers of parts that were damaged and have been scored again.
        notes: Message codes of what a format could not hold, counted.
        already_finished: Whether nothing was left to score.
        contestants: Rows that name somebody of a roster; ``None`` where the run has none.
        marked: Whether the model saw them marked.
    """

    path: Path
    counts: Counts
    files: tuple[Path, ...]
    report: Path
    passed_over: int = 0
    redone: tuple[int, ...] = ()
    notes: tuple[tuple[str, int], ...] = ()
    already_finished: bool = False
    contestants: int | None = None
    marked: bool = False


def score_files(  # noqa: PLR0913 - one keyword per choice of the user
    inputs: Sequence[str | Path],
    *,
    out: str | Path,
    model: str | Path | None = None,
    operating_point: str = "balanced",
    backend: str = "onnx",
    jobs: int | None = None,
    fresh: bool = False,
    formats: Sequence[str] = DEFAULT_FORMATS,
    overrides: Overrides | None = None,
    where: Where | None = None,
    policy_folders: Sequence[str] = (),
    rosters: Rosters | None = None,
    claims: str | Path | None = None,
    evidence: bool = True,
    lang: Language = "id",
    report: bool = True,
    progress: OnProgress | None = None,
    rows_per_part: int = ROWS_PER_PART,
    make_scorer: MakeScorer | None = None,
) -> RunSummary:
    """Score exports into a run folder, going on where an earlier attempt ended.

    Args:
        inputs: Files to score; ``-`` is standard input.
        out: The run folder.
        model: Folder or name of a bundle; the released one where ``None``.
        operating_point: Named set of thresholds.
        backend: ``onnx`` or ``torch``.
        jobs: Worker processes; the number of physical cores where ``None``. One means none
            beside this process.
        fresh: Replace a run that is already in the folder.
        formats: Scored files to write: ``csv``, ``xlsx``, ``jsonl``, ``parquet``.
        overrides: What the user says about the columns.
        where: How the district of a post is known, for the clause it falls under.
        policy_folders: Folders with policy files of the user, over the packaged ones.
        rosters: Contestants to recognise; the model sees them marked if it was trained so.
        claims: Index of checked claims; flagged posts and those near it are looked up in it.
        evidence: Whether flagged and near posts are explained: the column ``evidence``.
        lang: Language of the page.
        report: Whether to write the page.
        progress: Called after each chunk.
        rows_per_part: Records per part; part of the configuration, so that a run keeps it.
        make_scorer: Makes the scorer in place of ``model``, ``operating_point`` and ``backend``;
            has to be picklable where ``jobs`` is more than one.

    Raises:
        UsageError: Options that do not fit.
        InputError: An export or the index of claims cannot be read at all.
        BundleError: The model is missing or altered.
        RunError: The folder is another run, in use, or cannot be written.
        KeyboardInterrupt: The run was interrupted; what is done is kept.
    """
    wanted = known_formats(formats)
    chosen = overrides or Overrides()
    workers = physical_cores() if jobs is None else jobs
    if workers < 1:
        raise UsageError("jobs_range", jobs=workers)
    make = make_scorer or partial(
        _load_scorer, model, operating_point, backend, rosters.facts() if rosters else []
    )
    with (
        opened_claims(claims) as checks,
        open_sources(inputs, overrides=chosen) as sources,
    ):
        scorer = make()
        review = {label: at["review"] for label, at in scorer.thresholds.items()}
        citations = Citations(where or Where(), folders=policy_folders, review=review)
        manifest = new_manifest(
            inputs=[source.facts() for source in sources],
            config=_config(scorer, chosen, rows_per_part)
            | {"policy": citations.facts(), "evidence": evidence}
            | roster_config(rosters, scorer)
            | ({"claims": checks.facts()} if checks else {}),
            bundle=_bundle_facts(scorer),
            versions=_versions(),
        )
        if rosters:
            manifest["rosters"] = rosters.facts()
        with _enter(Path(out), manifest, fresh=fresh) as run:
            job = _Job(run, sources, wanted, lang, report, progress, citations, checks)
            if run.manifest["state"] == "finished" and not run.damaged:
                return job.refresh_views()
            engine: Engine = OneProcess(scorer, evidence=evidence)
            if workers > 1:
                engine = ManyProcesses(
                    make, jobs=workers, digest=scorer.bundle.digest, evidence=evidence
                )
            del scorer
            return job.do(engine, Totals(sources, overrides=chosen) if progress else None)


class _Job:
    """One attempt at a run."""

    def __init__(
        self,
        run: RunFolder,
        sources: list[Source],
        formats: tuple[str, ...],
        lang: Language,
        report: bool,
        progress: OnProgress | None,
        citations: Citations,
        claims: ClaimChecks | None = None,
    ) -> None:
        self._run = run
        self._citations = citations
        self._claims = claims
        self._sources = sources
        self._formats = formats
        self._lang = lang
        self._report = report
        self._tell = progress or (lambda moment: None)
        self._passed_over = 0
        self._done = 0

    def do(self, engine: Engine, totals: Totals | None) -> RunSummary:
        """Score what is missing, then write the files."""
        run = self._run
        redone = tuple(run.damaged)
        try:
            with contextlib.closing(engine):
                run.manifest.pop("chains", None)
                run.set_state("running")
                with self._timed("score"):
                    self._score(engine, totals)
            run.manifest["inputs"] = [source.facts() for source in self._sources]
            run.manifest["counts"] = run.counts()
            with self._timed("copies"):
                write_chains(run, advance=self._counter("copies"))
            run.save()
            earlier = tuple(run.manifest["views"].get("formats", ()))
            with self._timed("write"):
                notes = self._write(known_formats((*earlier, *self._formats)))
            run.set_state("finished")
        except BaseException:
            # What is done stays done; a full disk must not hide the error that brought us here.
            with contextlib.suppress(RunError):
                run.set_state("interrupted")
            raise
        return self._summary(redone=redone, notes=notes)

    def refresh_views(self) -> RunSummary:
        """Write only the files that a finished run does not have yet."""
        missing, report = missing_views(
            self._run, self._formats, lang=self._lang, report=self._report
        )
        notes: dict[str, int] = {}
        if not are_sound(self._run):
            if "chains" not in self._run.manifest:  # Scored before there were any.
                earlier = self._run.manifest["views"].get("formats", ())
                missing, report = known_formats((*earlier, *missing)), self._report
            write_chains(self._run, advance=self._counter("copies"))
            self._run.save()
        if missing or report:
            notes = self._write(missing, report=report)
            self._run.save()
        return self._summary(notes=notes, already_finished=True)

    def _score(self, engine: Engine, totals: Totals | None) -> None:
        run = self._run
        config = run.manifest["config"]
        chunks = plan(
            records(self._sources),
            rows_per_part=config["rows_per_part"],
            done=dict(run.sound),
            forget=run.forget_part,
            skipped=self._skip,
        )
        gathered: list[Scored] = []
        for chunk, outcomes in engine.score(chunks):
            gathered.append((chunk, outcomes))
            self._done += len(chunk)
            if chunk.closes:
                self._keep(gathered)
                gathered = []
            self._tell(
                Progress(
                    "score",
                    self._done + self._passed_over,
                    totals.estimate() if totals else None,
                    self._done,
                )
            )
        run.drop_parts_from(len(run.parts))

    def _keep(self, gathered: list[Scored]) -> None:
        bundle = self._run.manifest["bundle"]
        table = table_of(
            gathered,
            bundle=bundle["name"],
            operating_point=bundle["operating_point"],
            citations=self._citations,
            claims=self._claims,
        )
        self._run.write_part(
            gathered[0][0].part,
            table,
            first=gathered[0][0].first,
            stop=gathered[-1][0].stop,
            rejects=[reject for chunk, _ in gathered for reject in chunk.rejects],
        )

    def _skip(self, n: int) -> None:
        self._passed_over += n

    def _write(self, formats: tuple[str, ...], *, report: bool | None = None) -> dict[str, int]:
        return make_views(
            self._run,
            formats,
            lang=self._lang,
            report=self._report if report is None else report,
            policy=self._citations.policy,
            advance=self._counter("write"),
        )

    def _counter(self, stage: Stage) -> Callable[[int], None]:
        """Return what tells how many rows of the run a stage has behind it."""
        total = self._run.manifest["counts"]["rows"]
        done = 0

        def advance(rows: int) -> None:
            nonlocal done
            done += rows
            self._tell(Progress(stage, done, total, done))

        return advance

    @contextlib.contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        start = time.monotonic()
        try:
            yield
        finally:
            seconds = self._run.manifest["seconds"]
            seconds[stage] = round(seconds.get(stage, 0.0) + time.monotonic() - start, 3)

    def _summary(
        self,
        *,
        redone: tuple[int, ...] = (),
        notes: dict[str, int] | None = None,
        already_finished: bool = False,
    ) -> RunSummary:
        path, manifest = self._run.path, self._run.manifest
        return RunSummary(
            path=path,
            counts=manifest["counts"],
            files=tuple(path / f"scored.{name}" for name in self._formats),
            report=path / REPORT,
            passed_over=self._passed_over,
            redone=redone,
            notes=tuple((notes or {}).items()),
            already_finished=already_finished,
            contestants=manifest["views"].get("contestants", {}).get("posts"),
            marked=manifest["config"].get("rosters_marked", False),
        )


def _enter(path: Path, manifest: Manifest, *, fresh: bool) -> RunFolder:
    if not fresh and is_run(path):
        return RunFolder.resume(path, manifest)
    return RunFolder.create(path, manifest, fresh=fresh)


def _load_scorer(
    model: str | Path | None,
    operating_point: str,
    backend: str,
    rosters: Sequence[Mapping[str, str]],
) -> ScorerLike:
    from netralitas_nlp.predictor import Scorer

    return Scorer.from_pretrained(
        model,
        operating_point=operating_point,
        backend=backend,
        roster=Rosters.from_facts(rosters),
    )


def _config(scorer: ScorerLike, overrides: Overrides, rows_per_part: int) -> dict[str, Any]:
    return {
        "operating_point": scorer.operating_point,
        "rows_per_part": rows_per_part,
        "overrides": asdict(overrides),
        "packages": {"netralitas-nlp": __version__, **_installed(_SCORING_PACKAGES)},
    }


def _bundle_facts(scorer: ScorerLike) -> BundleFacts:
    facts: BundleFacts = {
        "name": scorer.bundle.name,
        "sha256": scorer.bundle.digest,
        "operating_point": scorer.operating_point,
        "thresholds": {
            label: {"flag": at["flag"], "review": at["review"]}
            for label, at in scorer.thresholds.items()
        },
    }
    if scorer.bundle.evaluation:
        facts["evaluation"] = dict(scorer.bundle.evaluation)
    return facts


def _versions() -> dict[str, str]:
    return {
        "netralitas-nlp": __version__,
        "python": python_version(),
        **_installed(_NOTED_PACKAGES),
    }


def _installed(names: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found
