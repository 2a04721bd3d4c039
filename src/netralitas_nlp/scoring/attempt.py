"""One attempt at a run folder: fill it, find the copies, write the files that people open."""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from netralitas_nlp.errors import RunError
from netralitas_nlp.io.writers import known_formats
from netralitas_nlp.labels import Language
from netralitas_nlp.policy.policies import Policy
from netralitas_nlp.scoring.chains import are_sound, write_chains
from netralitas_nlp.scoring.manifest import Counts, InputFacts
from netralitas_nlp.scoring.progress import OnProgress, Progress, Stage
from netralitas_nlp.scoring.run import REPORT, RunFolder
from netralitas_nlp.scoring.shards import Shard
from netralitas_nlp.scoring.views import make_views, missing_views


@dataclass(frozen=True, slots=True)
class RunSummary:
    """How a run ended.

    Attributes:
        path: The run folder.
        counts: Its totals.
        files: The scored files that are there now.
        report: The page to read; a shard has none.
        passed_over: Records that an earlier attempt had done.
        redone: Numbers of parts that were damaged and have been scored again.
        notes: Message codes of what a format could not hold, counted.
        already_finished: Whether nothing was left to score.
        contestants: Rows that name somebody of a roster; ``None`` where the run has none.
        marked: Whether the model saw them marked.
        shard: Which part of a run this is; ``None`` where it is a whole one.
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
    shard: Shard | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """What came of filling a folder with parts: the inputs as they were read, records kept."""

    inputs: list[InputFacts]
    passed_over: int


class Attempt:
    """One attempt at a run.

    Args:
        run: The folder, held by this process.
        formats: Scored files to write.
        lang: Language of the page.
        report: Whether to write the page.
        policy: Wordings for the page.
        progress: Told how far each stage is.
    """

    def __init__(
        self,
        run: RunFolder,
        *,
        formats: tuple[str, ...],
        lang: Language,
        report: bool,
        policy: Policy,
        progress: OnProgress | None,
    ) -> None:
        self._run = run
        self._policy = policy
        self._formats = formats
        self._lang = lang
        self._report = report
        self._tell = progress or (lambda moment: None)
        shard = run.manifest.get("shard")
        self._shard = Shard(shard["number"], shard["of"]) if shard else None

    def complete(self, fill: Callable[[], Filled], *, stage: Stage) -> RunSummary:
        """Fill the folder, then finish it.

        A shard is finished once it is filled: copies, contestants, the page and the scored files
        need all rows.

        Args:
            fill: Writes the parts that are missing.
            stage: What that is called among the seconds of the manifest.
        """
        run = self._run
        redone = tuple(run.damaged)
        notes: dict[str, int] = {}
        try:
            run.manifest.pop("chains", None)
            run.set_state("running")
            with self._timed(stage):
                filled = fill()
            run.manifest["inputs"] = filled.inputs
            run.manifest["counts"] = run.counts()
            if self._shard is None:
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
        return self._summary(redone=redone, notes=notes, passed_over=filled.passed_over)

    def refresh(self) -> RunSummary:
        """Write only the files that a finished run does not have yet."""
        if self._shard is not None:
            return self._summary(already_finished=True)
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

    def _write(self, formats: tuple[str, ...], *, report: bool | None = None) -> dict[str, int]:
        return make_views(
            self._run,
            formats,
            lang=self._lang,
            report=self._report if report is None else report,
            policy=self._policy,
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
        passed_over: int = 0,
        already_finished: bool = False,
    ) -> RunSummary:
        path, manifest = self._run.path, self._run.manifest
        files = tuple(path / f"scored.{name}" for name in self._formats)
        return RunSummary(
            path=path,
            counts=manifest["counts"],
            files=files if self._shard is None else (),
            report=path / REPORT,
            passed_over=passed_over,
            redone=redone,
            notes=tuple((notes or {}).items()),
            already_finished=already_finished,
            contestants=manifest["views"].get("contestants", {}).get("posts"),
            marked=manifest["config"].get("rosters_marked", False),
            shard=self._shard,
        )
