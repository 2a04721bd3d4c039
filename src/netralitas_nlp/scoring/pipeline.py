"""Scores exports into a run folder: read, score, keep in parts, write the files people open."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from typing import Any, Final

from netralitas_nlp import __version__
from netralitas_nlp.errors import UsageError, phrase
from netralitas_nlp.io.remote import require_local
from netralitas_nlp.io.tables import Overrides
from netralitas_nlp.io.writers import known_formats
from netralitas_nlp.labels import Language
from netralitas_nlp.scoring.attempt import Attempt, Filled, RunSummary
from netralitas_nlp.scoring.cached import cache_place, context_of, require_cache
from netralitas_nlp.scoring.claims import ClaimChecks, opened_claims
from netralitas_nlp.scoring.clauses import Citations, Where
from netralitas_nlp.scoring.contestants import roster_config
from netralitas_nlp.scoring.cores import physical_cores
from netralitas_nlp.scoring.engines import (
    Engine,
    MakeScorer,
    ManyProcesses,
    OneProcess,
    Scored,
    ScorerLike,
)
from netralitas_nlp.scoring.inputs import Source, open_sources
from netralitas_nlp.scoring.manifest import (
    BundleFacts,
    Manifest,
    ShardFacts,
    inputs_digest,
    new_manifest,
)
from netralitas_nlp.scoring.plan import ROWS_PER_PART, plan, records
from netralitas_nlp.scoring.progress import OnProgress, Progress, Totals
from netralitas_nlp.scoring.rows import table_of
from netralitas_nlp.scoring.run import RunFolder, is_run
from netralitas_nlp.scoring.shards import Dealing, Shard
from netralitas_nlp.text.rosters import Rosters

__all__ = ["DEFAULT_FORMATS", "RunSummary", "enter", "score_files"]

DEFAULT_FORMATS: Final = ("csv", "parquet")
_SCORING_PACKAGES: Final = ("onnxruntime", "tokenizers")
_NOTED_PACKAGES: Final = ("numpy", "pyarrow", *_SCORING_PACKAGES)


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
    shard: Shard | None = None,
    cache: str | Path | None = None,
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
        shard: Score only this part of the rows. The folder then holds the parts and nothing that
            needs all rows: neither ``formats`` nor ``report`` are written; ``merge`` does it.
        cache: File that keeps scores and evidence from run to run; made where it is missing. A text
            that was scored before, by the same model on the same kind of machine, is not computed
            again. Within a run copies are computed once in any case.
        make_scorer: Makes the scorer in place of ``model``, ``operating_point`` and ``backend``;
            has to be picklable where ``jobs`` is more than one.

    Raises:
        UsageError: Options that do not fit; ``out`` or ``cache`` is an address in a store.
        InputError: An export or the index of claims cannot be read at all.
        BundleError: The model is missing or altered.
        RunError: The folder is another run, in use, or cannot be written; the cache is no cache,
            damaged, or cannot be written.
        KeyboardInterrupt: The run was interrupted; what is done is kept.
    """
    wanted = known_formats(formats)
    chosen = overrides or Overrides()
    workers = physical_cores() if jobs is None else jobs
    if workers < 1:
        raise UsageError("jobs_range", jobs=workers)
    require_local(out, "--out")
    require_local(cache, "--cache")
    require_cache(cache)
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
        dealing: Dealing | None = None
        if shard is not None:
            manifest["shard"] = _shard_facts(shard, manifest)
            sizes = [source.size for source in sources]
            dealing = Dealing(sizes, shard=shard, block=rows_per_part)
        with enter(Path(out), manifest, fresh=fresh) as run:
            attempt = Attempt(
                run,
                formats=wanted,
                lang=lang,
                report=report,
                policy=citations.policy,
                progress=progress,
            )
            if run.manifest["state"] == "finished" and not run.damaged:
                return attempt.refresh()
            scoring = _Scoring(run, sources, dealing, progress, citations, checks)
            totals = None
            if progress:
                totals = Totals(sources, overrides=chosen, share=shard.of if shard else 1)
            context = context_of(scorer, backend=backend, config=manifest["config"])
            with cache_place(run.path, cache) as place:
                if workers > 1:
                    engine: Engine = ManyProcesses(
                        place.around(make, context),
                        jobs=workers,
                        digest=scorer.bundle.digest,
                        evidence=evidence,
                    )
                else:
                    held = scorer
                    engine = OneProcess(place.around(lambda: held, context)(), evidence=evidence)
                del scorer
                return attempt.complete(lambda: scoring.fill(engine, totals), stage="score")


class _Scoring:
    """Fills a run folder by scoring what it lacks."""

    def __init__(
        self,
        run: RunFolder,
        sources: list[Source],
        dealing: Dealing | None,
        progress: OnProgress | None,
        citations: Citations,
        claims: ClaimChecks | None = None,
    ) -> None:
        self._run = run
        self._citations = citations
        self._claims = claims
        self._sources = sources
        self._dealing = dealing
        self._tell = progress or (lambda moment: None)
        self._passed_over = 0
        self._done = 0

    def fill(self, engine: Engine, totals: Totals | None) -> Filled:
        """Score what is missing, and end the engine."""
        with contextlib.closing(engine):
            self._score(engine, totals)
        partial_only = self._dealing is not None
        inputs = [source.facts(partial=partial_only) for source in self._sources]
        return Filled(inputs, self._passed_over)

    def _score(self, engine: Engine, totals: Totals | None) -> None:
        run = self._run
        config = run.manifest["config"]
        chunks = plan(
            records(self._sources, self._dealing),
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
            done = self._done + self._passed_over
            total = max(done, totals.estimate()) if totals else None
            self._tell(Progress("score", done, total, self._done))
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
            place=gathered[0][0].place,
        )

    def _skip(self, n: int) -> None:
        self._passed_over += n


def enter(path: Path, manifest: Manifest, *, fresh: bool) -> RunFolder:
    """Return the folder of a run, held by this process: gone on with, or new.

    Raises:
        RunError: It is another run, in use, or cannot be written.
    """
    if not fresh and is_run(path):
        return RunFolder.resume(path, manifest)
    return RunFolder.create(path, manifest, fresh=fresh)


def _shard_facts(shard: Shard, manifest: Manifest) -> ShardFacts:
    words = {"number": shard.number, "of": shard.of}
    return {
        "number": shard.number,
        "of": shard.of,
        "inputs_sha256": inputs_digest(manifest["inputs"]),
        "note_id": phrase("shard_note", "text", lang="id", **words),
        "note_en": phrase("shard_note", "text", lang="en", **words),
    }


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
