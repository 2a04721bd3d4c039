"""Who scores: this process, or several workers of one thread each. Order is always kept."""

import contextlib
import multiprocessing
import os
import queue
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

from netralitas_nlp import evidence as spans
from netralitas_nlp.errors import NetralitasError, RunError
from netralitas_nlp.labels import Label
from netralitas_nlp.schema import Prediction
from netralitas_nlp.scoring.rows import Chunk, Outcome, Question, outcome_of

if TYPE_CHECKING:
    from netralitas_nlp.thresholds import Threshold

Scored = tuple[Chunk, list[Outcome | None]]

JOBS_PER_WORKER: Final = 2
"""One being scored and one waiting, so that a worker never stands idle while we write."""

WINDOW: Final = 4
"""Chunks per worker that are under way or waiting for an earlier one: the bound on memory."""

_GRACE: Final = 5.0
"""Seconds that a worker gets to end before it is killed."""


class BundleLike(Protocol):
    """What a run needs to know of a model."""

    @property
    def name(self) -> str:
        """Short name of the model."""

    @property
    def digest(self) -> str:
        """SHA-256 over the files of the model."""

    @property
    def evaluation(self) -> Mapping[str, Any] | None:
        """Measured figures of the model, where it carries them."""


class ScorerLike(Protocol):
    """What a run needs of a scorer; ``predictor.Scorer`` is one."""

    @property
    def bundle(self) -> BundleLike:
        """The model."""

    @property
    def operating_point(self) -> str:
        """Name of the thresholds in use."""

    @property
    def thresholds(self) -> "Mapping[Label, Threshold]":
        """The thresholds in use."""

    def normal_form(self, text: str) -> str:
        """Return what the model reads of a text: equal forms have equal scores."""

    def score_stream(self, texts: Iterable[Question]) -> Iterator[Prediction]:
        """Yield a prediction per text, in order."""

    def evidence(
        self, questions: Sequence[Question], predictions: Sequence[Prediction]
    ) -> Sequence[Sequence[spans.Span]]:
        """Return the words that carry the scores of posts that are not ``clear``."""


@runtime_checkable
class Closes(Protocol):
    """A scorer that holds something open."""

    def close(self) -> None:
        """Let it go."""


MakeScorer = Callable[[], ScorerLike]
"""Makes a scorer in any process; has to be picklable where several workers are wanted."""


class Engine(Protocol):
    """Scores chunks."""

    def score(self, chunks: Iterator[Chunk]) -> Iterator[Scored]:
        """Yield each chunk with its outcomes, in order, holding only a few at a time."""

    def close(self) -> None:
        """End everything that was started."""


class OneProcess:
    """Scores in this process.

    Args:
        scorer: The model.
        evidence: Whether flagged and near posts are explained.
    """

    def __init__(self, scorer: ScorerLike, *, evidence: bool = False) -> None:
        self._scorer = scorer
        self._evidence = evidence

    def score(self, chunks: Iterator[Chunk]) -> Iterator[Scored]:
        """Yield each chunk with its outcomes, in order."""
        for chunk in chunks:
            yield chunk, _outcomes(self._scorer, chunk.questions(), self._evidence)

    def close(self) -> None:
        """Let go of what the scorer holds open, such as a cache."""
        if isinstance(self._scorer, Closes):
            self._scorer.close()


@dataclass(slots=True)
class _Worker:
    number: int
    process: Any
    jobs: Connection
    results: Connection
    waiting: int = 0


@dataclass(slots=True)
class _Job:
    chunk: Chunk
    outcomes: list[Outcome | None] | None = field(default=None)


class ManyProcesses:
    """Scores in worker processes, started as they are needed.

    Args:
        make_scorer: Makes the scorer of each worker.
        jobs: Most workers.
        digest: The model that every worker has to have loaded.
        evidence: Whether flagged and near posts are explained.
    """

    def __init__(
        self, make_scorer: MakeScorer, *, jobs: int, digest: str, evidence: bool = False
    ) -> None:
        self._make_scorer = make_scorer
        self._most = jobs
        self._digest = digest
        self._evidence = evidence
        self._workers: list[_Worker] = []
        self._context = multiprocessing.get_context("spawn")

    def score(self, chunks: Iterator[Chunk]) -> Iterator[Scored]:
        """Yield each chunk with its outcomes, in order.

        Raises:
            RunError: A worker died or failed.
        """
        jobs: dict[int, _Job] = {}
        order: deque[int] = deque()
        number = 0
        more = True
        while more or order:
            while more and len(order) < WINDOW * self._most:
                worker = self._free_worker()
                if worker is None:
                    break
                chunk = next(chunks, None)
                if chunk is None:
                    more = False
                    break
                jobs[number] = self._submit(worker, number, chunk)
                order.append(number)
                number += 1
            while order and jobs[order[0]].outcomes is not None:
                job = jobs.pop(order.popleft())
                yield job.chunk, job.outcomes or []
            if order and jobs[order[0]].outcomes is None:
                self._collect(jobs)

    def _submit(self, worker: _Worker, number: int, chunk: Chunk) -> _Job:
        questions = chunk.questions()
        if not questions:
            return _Job(chunk, [])
        try:
            worker.jobs.send((number, questions))
        except OSError:
            raise self._death(worker) from None
        worker.waiting += 1
        return _Job(chunk)

    def _free_worker(self) -> _Worker | None:
        idle = min(self._workers, key=lambda w: w.waiting, default=None)
        if idle is not None and idle.waiting == 0:
            return idle
        if len(self._workers) < self._most:
            return self._start()
        return idle if idle is not None and idle.waiting < JOBS_PER_WORKER else None

    def _start(self) -> _Worker:
        number = len(self._workers) + 1
        theirs_in, ours_out = self._context.Pipe(duplex=False)
        ours_in, theirs_out = self._context.Pipe(duplex=False)
        process = self._context.Process(
            target=_work,
            args=(theirs_in, theirs_out, self._make_scorer, self._digest, self._evidence),
            name=f"netralitas-{number}",
            daemon=True,
        )
        with _deaf_to_interrupts():
            process.start()
        theirs_in.close()
        theirs_out.close()
        worker = _Worker(number, process, ours_out, ours_in)
        self._workers.append(worker)
        return worker

    def _collect(self, jobs: dict[int, _Job]) -> None:
        by_pipe = {worker.results: worker for worker in self._workers}
        for pipe in wait(list(by_pipe)):
            worker = by_pipe[pipe]  # type: ignore[index]
            try:
                number, answer = worker.results.recv()
            except (EOFError, OSError):
                raise self._death(worker) from None
            if isinstance(answer, NetralitasError):
                raise answer
            if isinstance(answer, str):
                raise RunError("worker_failed", worker=worker.number, error=answer)
            worker.waiting -= 1
            jobs[number].outcomes = answer

    def _death(self, worker: _Worker) -> RunError:
        worker.process.join(_GRACE)
        return RunError(
            "worker_died",
            worker=worker.number,
            pid=worker.process.pid,
            exit=worker.process.exitcode,
        )

    def close(self) -> None:
        """End all workers."""
        for worker in self._workers:
            worker.process.terminate()
            worker.jobs.close()
        for worker in self._workers:
            worker.process.join(_GRACE)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            worker.results.close()
        self._workers.clear()


def _outcomes(
    scorer: ScorerLike, questions: list[Question], evidence: bool
) -> list[Outcome | None]:
    if not questions:
        return []
    predictions = list(scorer.score_stream(questions))
    if not evidence:
        return [outcome_of(prediction) for prediction in predictions]
    return [
        outcome_of(prediction, None if prediction.decision == "clear" else spans.to_json(found))
        for prediction, found in zip(
            predictions, scorer.evidence(questions, predictions), strict=True
        )
    ]


def _work(
    jobs: Connection, results: Connection, make_scorer: MakeScorer, digest: str, evidence: bool
) -> None:
    """Life of a worker: load the model, answer until nobody asks any more."""
    # Ctrl-C reaches every process of a terminal; the first process decides what happens then.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    waiting: queue.SimpleQueue[tuple[int, list[Question]]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(jobs, waiting), daemon=True).start()
    number = -1
    try:
        scorer = make_scorer()
        if scorer.bundle.digest != digest:
            raise RunError("bundle_changed", bundle=scorer.bundle.name)
        while True:
            number, questions = waiting.get()
            results.send((number, _outcomes(scorer, questions, evidence)))
    except NetralitasError as error:
        answer: NetralitasError | str = error
    except OSError:
        return  # Nobody is left to answer to.
    except Exception as error:
        answer = f"{type(error).__name__}: {error}"
    with contextlib.suppress(OSError):
        results.send((number, answer))


def _listen(jobs: Connection, waiting: "queue.SimpleQueue[tuple[int, list[Question]]]") -> None:
    """Take jobs off the pipe at once: the other side must never wait for us while we wait for it.

    When the other side is gone, however it ended, so are we.
    """
    try:
        while True:
            waiting.put(jobs.recv())
    except (EOFError, OSError):
        os._exit(0)


@contextlib.contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Let a process start without hearing Ctrl-C before it can choose not to."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
