"""A scorer that asks the model about each text once and remembers the answer.

Scores are kept by what the model reads, the normal form of a text and of the post it answers:
posts that differ in what normalising takes away have the same scores to the last bit, since the
model is given the same bytes. Evidence is kept by the raw text, in which its places are counted.
"""

import contextlib
import json
import platform
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any, Final

from netralitas_nlp.errors import RunError
from netralitas_nlp.evidence import Span
from netralitas_nlp.io.durable import temporary_name
from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.schema import Prediction
from netralitas_nlp.scoring.cache import KEY_BYTES, AnswerCache
from netralitas_nlp.scoring.engines import BundleLike, MakeScorer, ScorerLike
from netralitas_nlp.scoring.rows import Question
from netralitas_nlp.thresholds import Threshold, decide

BATCH: Final = 256
_SCORE: Final = struct.Struct("<Bd")
_COUNTS: Final = struct.Struct("<II")


class CachedScorer:
    """Scores as another scorer does, bit for bit.

    Args:
        scorer: The model.
        cache: What is remembered.
        context: What decides a score beside the text: another context is another question.
        own: Whether the cache was made for this run alone, to save work and nothing else: where
            it fails, it is left aside. One that the user named must not fail unnoticed.
    """

    def __init__(
        self, scorer: ScorerLike, cache: AnswerCache, *, context: str, own: bool = False
    ) -> None:
        self._scorer = scorer
        self._cache: AnswerCache | None = cache
        self._own = own
        limits = json.dumps({k: dict(v) for k, v in scorer.thresholds.items()}, sort_keys=True)
        # Scores do not depend on thresholds, evidence does: below them nothing is explained.
        self._kinds = {"score": _digest(context, "score"), "why": _digest(context, "why", limits)}

    @property
    def bundle(self) -> BundleLike:
        """The model."""
        return self._scorer.bundle

    @property
    def operating_point(self) -> str:
        """Name of the thresholds in use."""
        return self._scorer.operating_point

    @property
    def thresholds(self) -> Mapping[Label, Threshold]:
        """The thresholds in use."""
        return self._scorer.thresholds

    def normal_form(self, text: str) -> str:
        """Return what the model reads of a text."""
        return self._scorer.normal_form(text)

    def score_stream(self, texts: Iterable[Question]) -> Iterator[Prediction]:
        """Yield a prediction per text, in order."""
        waiting = iter(texts)
        while some := list(islice(waiting, BATCH)):
            yield from self._scored(some)

    def _scored(self, questions: Sequence[Question]) -> list[Prediction]:
        forms = [
            (self.normal_form(text), self.normal_form(parent) if parent else None)
            for text, parent in questions
        ]
        keys = [_key(self._kinds["score"], form) for form in forms]
        known = {key: _prediction(v, self.thresholds) for key, v in self._get(keys).items()}
        asked: dict[bytes, Question] = {}
        for key, question in zip(keys, questions, strict=True):
            if key not in known:
                asked.setdefault(key, question)
        fresh = dict(zip(asked, self._scorer.score_stream([*asked.values()]), strict=True))
        self._put({key: _packed(prediction) for key, prediction in fresh.items()})
        known |= fresh
        return [known[key] for key in keys]

    def evidence(
        self, questions: Sequence[Question], predictions: Sequence[Prediction]
    ) -> list[tuple[Span, ...]]:
        """Return the words that carry the scores of posts that are not ``clear``."""
        found: list[tuple[Span, ...]] = [()] * len(questions)
        places = [i for i, prediction in enumerate(predictions) if prediction.decision != "clear"]
        keys = {i: _key(self._kinds["why"], questions[i]) for i in places}
        known = self._get([*keys.values()])
        asked = {keys[i]: i for i in reversed(places) if keys[i] not in known}
        order = sorted(asked.values())
        told = self._scorer.evidence([questions[i] for i in order], [predictions[i] for i in order])
        fresh = {keys[i]: _packed_spans(spans) for i, spans in zip(order, told, strict=True)}
        self._put(fresh)
        known |= fresh
        for i in places:
            found[i] = _spans(known[keys[i]], questions[i][0])
        return found

    def close(self) -> None:
        """Let the cache go."""
        if self._cache is not None:
            self._cache.close()
            self._cache = None

    def _get(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        if self._cache is None:
            return {}
        try:
            return self._cache.get({*keys})
        except RunError:
            if not self._own:
                raise
            self.close()
            return {}

    def _put(self, answers: Mapping[bytes, bytes]) -> None:
        if self._cache is None:
            return
        try:
            self._cache.put(answers)
        except RunError:
            if not self._own:
                raise
            self.close()


def cached(make: MakeScorer, *, path: Path, context: str, own: bool) -> ScorerLike:
    """Return the scorer of a process with its cache; picklable as a ``partial``.

    Raises:
        RunError: The cache that the user named cannot be used.
    """
    scorer = make()
    try:
        cache = AnswerCache(path)
    except RunError:
        # Such as a disk that SQLite cannot lock: a run without copies once computed is still right.
        if own:
            return scorer
        raise
    return CachedScorer(scorer, cache, context=context, own=own)


@dataclass(frozen=True, slots=True)
class CachePlace:
    """Where the answers of a run are kept, and whether they are kept for this run alone."""

    path: Path
    own: bool

    def around(self, make: MakeScorer, context: str) -> MakeScorer:
        """Return what makes scorers that share this cache; see ``CachedScorer``."""
        return partial(cached, make, path=self.path, context=context, own=self.own)


@contextlib.contextmanager
def cache_place(run: Path, named: str | Path | None) -> Iterator[CachePlace]:
    """Say where the answers of a run are kept; those of one run go when the block ends.

    Args:
        run: The run folder, which holds what is kept for one run.
        named: Cache of the user, kept from run to run; ``None`` for one of this run alone.
    """
    if named is not None:
        yield CachePlace(Path(named).absolute(), own=False)
        return
    place = temporary_name(run / "answers.sqlite")
    try:
        yield CachePlace(place, own=True)
    finally:
        for end in ("", "-wal", "-shm", "-journal"):
            with contextlib.suppress(OSError):
                place.with_name(place.name + end).unlink()


def require_cache(named: str | Path | None) -> None:
    """Make sure that the cache the user named can be used, before anything is scored.

    Raises:
        RunError: It cannot.
    """
    if named is not None:
        AnswerCache(Path(named)).close()


def context_of(scorer: ScorerLike, *, backend: str, config: Mapping[str, Any]) -> str:
    """Return what decides a score beside the text: model, packages, backend, rosters, machine.

    Another processor computes sums in another order, so that scores may differ in their last
    digits: a cache from elsewhere gives no answers rather than those.

    Args:
        scorer: The model.
        backend: What computes its logits.
        config: Of the run.
    """
    facts = {
        "bundle": scorer.bundle.digest,
        "backend": backend,
        "scorer": f"{type(scorer).__module__}.{type(scorer).__qualname__}",
        "packages": config.get("packages"),
        "rosters": config.get("rosters"),
        "machine": [platform.system(), platform.machine(), _processor()],
    }
    return json.dumps(facts, sort_keys=True)


def _processor() -> str:
    told: dict[str, str] = {}
    with contextlib.suppress(OSError, UnicodeDecodeError):
        for line in Path("/proc/cpuinfo").read_text(encoding="ascii").splitlines():
            name, _, value = line.partition(":")
            if name.strip() in ("model name", "flags", "Features", "CPU part"):
                told.setdefault(name.strip(), value.strip())
    return json.dumps(told, sort_keys=True) if told else platform.processor()


def _digest(*values: str) -> bytes:
    digest = blake2b(digest_size=32)
    for value in values:
        raw = value.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(raw) + raw)
    return digest.digest()


def _key(kind: bytes, question: Question) -> bytes:
    digest = blake2b(key=kind, digest_size=KEY_BYTES)
    for value in question:
        raw = b"" if value is None else value.encode("utf-8", "surrogatepass")
        digest.update((b"-" if value is None else b"%d:" % len(raw)) + raw)
    return digest.digest()


def _packed(prediction: Prediction) -> bytes:
    """Return scores in the order of the model, then tokens and windows."""
    scores = prediction.scores.items()
    packed = b"".join(_SCORE.pack(LABELS.index(label), score) for label, score in scores)
    return packed + _COUNTS.pack(prediction.n_tokens, prediction.n_windows)


def _prediction(value: bytes, thresholds: Mapping[Label, Threshold]) -> Prediction:
    body = value[: -_COUNTS.size]
    scores = {LABELS[place]: score for place, score in _SCORE.iter_unpack(body)}
    decision, labels = decide(scores, thresholds)
    n_tokens, n_windows = _COUNTS.unpack(value[-_COUNTS.size :])
    return Prediction(scores, labels, decision, n_tokens, n_windows)


def _packed_spans(spans: Sequence[Span]) -> bytes:
    """Return places and weights: the words themselves are in the text of who asks again."""
    told = [[LABELS.index(s.label), s.start, s.end, s.weight] for s in spans]
    return json.dumps(told).encode("ascii")


def _spans(value: bytes, text: str) -> tuple[Span, ...]:
    return tuple(
        Span(LABELS[label], start, end, text[start:end], weight)
        for label, start, end, weight in json.loads(value)
    )
