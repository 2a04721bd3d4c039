"""Texts in, predictions out: the one class that a program needs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from netralitas_nlp.calibration import probability
from netralitas_nlp.errors import BundleError, UsageError
from netralitas_nlp.evidence import Span
from netralitas_nlp.explain import Explainer, Explanation
from netralitas_nlp.labels import Label
from netralitas_nlp.model.batching import Backend, chunks, post_logits
from netralitas_nlp.model.bundle import Bundle
from netralitas_nlp.model.tokenizer import PostTokenizer
from netralitas_nlp.schema import Prediction
from netralitas_nlp.text.normalize import IDENTITY, Normalizer
from netralitas_nlp.text.rosters import RosterNormalizer, Rosters
from netralitas_nlp.thresholds import UNCALIBRATED, Threshold, decide, uncalibrated

if TYPE_CHECKING:
    from netralitas_nlp.scoring.pipeline import RunSummary

NOTHING = Prediction(scores={}, labels=(), decision="clear", n_tokens=0, n_windows=0)
"""Of a text without words: no score, because there is nothing to score."""

StreamItem = str | tuple[str, str | None]


class Scorer:
    """Scores texts with one bundle at one operating point.

    The same text gets the identical scores in any batch, order, thread or process count on one
    machine. Long texts are scored in overlapping windows; the largest score per label counts.

    Args:
        bundle: The model.
        tokenizer: Its tokenizer.
        backend: What computes its logits.
        operating_point: Name of a set of thresholds of the bundle.
        threads: Windows computed at the same time.
        rosters: Contestants that are marked before a text is read, so that no name moves a score;
            only a model that was trained with the mark sees it (``marks_contestants``).

    Raises:
        UsageError: The bundle has no such operating point; the message names those it has.
        BundleError: The bundle has no measured thresholds at all.
    """

    def __init__(
        self,
        bundle: Bundle,
        tokenizer: PostTokenizer,
        backend: Backend,
        *,
        operating_point: str = "balanced",
        threads: int = 1,
        rosters: Rosters | None = None,
    ) -> None:
        if threads < 1:
            raise UsageError("threads_invalid", threads=threads)
        self.bundle = bundle
        self.operating_point = operating_point
        self.thresholds: Mapping[Label, Threshold] = _point(bundle, operating_point)
        # How another process opens the same model.
        self._origin: dict[str, Any] = {"model": bundle.folder, "backend": "onnx"}
        self._tokenizer = tokenizer
        self._backend = backend
        self._pool = ThreadPoolExecutor(threads, "netralitas") if threads > 1 else None
        self._normalize = (
            Normalizer(IDENTITY)
            if bundle.normalizer is None
            else _normalizer(bundle.folder, bundle.normalizer)
        )
        self.rosters = rosters or Rosters([])
        if self.rosters:
            self._normalize = RosterNormalizer(self._normalize.settings, self.rosters)

    @classmethod
    def from_pretrained(
        cls,
        model: str | Path | None = None,
        *,
        operating_point: str = "balanced",
        backend: str = "onnx",
        threads: int = 1,
        verify: bool = True,
        roster: str | Path | Sequence[str | Path] | Rosters | None = None,
    ) -> "Scorer":
        """Return a scorer for a model.

        Args:
            model: A folder, the name of an installed model, or ``None`` for the released one. The
                torch backend also takes any Hugging Face BERT classification folder or hub name.
            operating_point: ``balanced``, ``precision`` or ``recall``, or what else the bundle
                has. A folder without measured thresholds has only ``uncalibrated`` (0.5), which
                must be asked for by name.
            backend: ``onnx`` or ``torch``.
            threads: Windows computed at the same time.
            verify: Compare the files with their recorded digests.
            roster: Roster file, or name of a packaged example, or several: see ``rosters`` above.

        Raises:
            BundleError: The folder is missing, incomplete or altered.
            InputError: A roster is missing or malformed.
            UsageError: An option has a value that does not exist.
            MissingExtraError: The torch backend is not installed.
        """
        if backend == "onnx":
            from netralitas_nlp.model.backend_onnx import OnnxBackend

            bundle = Bundle.load(model, verify=verify)
            tokenizer = PostTokenizer.from_folder(bundle.folder, bundle.windows)
            opened: Backend = OnnxBackend(bundle)
        elif backend == "torch":
            from netralitas_nlp.model.backend_torch import open_torch

            bundle, tokenizer, opened = open_torch(model, verify=verify)
        else:
            raise UsageError("backend_unknown", backend=backend)
        scorer = cls(
            bundle,
            tokenizer,
            opened,
            operating_point=operating_point,
            threads=threads,
            rosters=_rosters(roster),
        )
        scorer._origin = {"model": bundle.folder if model is None else model, "backend": backend}
        return scorer

    def with_roster(self, roster: str | Path | Sequence[str | Path] | Rosters) -> "Scorer":
        """Return a scorer of the same model that knows these contestants and no others.

        Raises:
            InputError: A roster is missing or malformed.
        """
        other = Scorer(
            self.bundle,
            self._tokenizer,
            self._backend,
            operating_point=self.operating_point,
            rosters=_rosters(roster),
        )
        other._pool, other._origin = self._pool, self._origin
        return other

    @property
    def marks_contestants(self) -> bool:
        """Whether rosters change what the model reads: it was trained with marked contestants."""
        return self._normalize.settings.roster

    @overload  # a string is a sequence of strings, and means one text here
    def score(self, text: str, parent: str | None = None) -> Prediction: ...  # type: ignore[overload-overlap]
    @overload
    def score(
        self, text: Sequence[str], parent: Sequence[str | None] | None = None
    ) -> list[Prediction]: ...
    def score(
        self, text: str | Sequence[str], parent: str | Sequence[str | None] | None = None
    ) -> Prediction | list[Prediction]:
        """Return the prediction of one text, or a list of predictions in the order of the texts.

        Args:
            text: As the author wrote it; the bundle's settings prepare it.
            parent: The post that it answers or shares; one per text where texts are a list.

        Raises:
            TypeError: A text is no string; its index is named.
            ValueError: There are not as many parents as texts.
        """
        found = list(self.score_stream(_asked(text, parent)))
        return found[0] if isinstance(text, str) else found

    @overload
    def explain(self, text: str, parent: str | None = None) -> Explanation: ...  # type: ignore[overload-overlap]
    @overload
    def explain(
        self, text: Sequence[str], parent: Sequence[str | None] | None = None
    ) -> list[Explanation]: ...
    def explain(
        self, text: str | Sequence[str], parent: str | Sequence[str | None] | None = None
    ) -> Explanation | list[Explanation]:
        """Return the prediction of one text and the words that carry it, or a list of those.

        Costs about one more scoring of each post that is not ``clear``.

        Args:
            text: As for ``score``; places are code points of this text.
            parent: As for ``score``.

        Raises:
            TypeError: A text is no string; its index is named.
            ValueError: There are not as many parents as texts.
        """
        found = []
        items = (_pair(index, item) for index, item in enumerate(_asked(text, parent)))
        for chunk in chunks(items):
            predictions = self._score_chunk(chunk)
            spans = self.evidence(chunk, predictions)
            found += [Explanation(*one) for one in zip(predictions, spans, strict=True)]
        return found[0] if isinstance(text, str) else found

    def evidence(
        self,
        questions: Sequence[tuple[str, str | None]],
        predictions: Sequence[Prediction],
    ) -> list[tuple[Span, ...]]:
        """Return the spans of posts that have been scored; none where a post is ``clear``.

        Args:
            questions: Texts and the posts that they answer.
            predictions: What ``score_stream`` said of them.
        """
        return self._explainer.spans(questions, predictions)

    @cached_property
    def _explainer(self) -> Explainer:
        return Explainer(
            self.bundle,
            normalize=self._normalize,
            tokenizer=self._tokenizer,
            backend=self._backend,
            thresholds=self.thresholds,
            pool=self._pool,
        )

    def normal_form(self, text: str) -> str:
        """Return what the model reads of a text: equal forms have equal scores."""
        return self._normalize(text)

    def score_stream(self, texts: Iterable[StreamItem]) -> Iterator[Prediction]:
        """Yield one prediction per text, in order, holding only a chunk of them at a time.

        Args:
            texts: Strings, or pairs of a text and its parent (or ``None``).

        Raises:
            TypeError: An item is neither; its index is named.
        """
        for chunk in chunks(_pair(index, item) for index, item in enumerate(texts)):
            yield from self._score_chunk(chunk)

    def score_file(
        self, paths: str | Path | Sequence[str | Path], *, out: str | Path, **options: Any
    ) -> "RunSummary":
        """Score exports into a run folder, as ``netralitas score`` does.

        Args:
            paths: One export or several.
            out: The run folder.
            options: Those of ``scoring.pipeline.score_files``, such as ``formats``. ``jobs`` is 1
                here: worker processes import the calling program anew, so that a script with
                more of them needs an ``if __name__ == "__main__"``.
        """
        from netralitas_nlp.scoring.pipeline import score_files

        inputs = [paths] if isinstance(paths, str | Path) else list(paths)
        given = {"operating_point": self.operating_point, "jobs": 1, **self._origin}
        given |= {"rosters": self.rosters, **options}
        return score_files(inputs, out=out, **given)

    def _score_chunk(self, chunk: Sequence[tuple[str, str | None]]) -> list[Prediction]:
        posts = [
            self._tokenizer(self._normalize(text), self._normalize(parent) if parent else None)
            for text, parent in chunk
        ]
        logits = iter(post_logits([p for p in posts if p.windows], self._backend, pool=self._pool))
        return [
            self._prediction(next(logits).tolist(), post.n_tokens, len(post.windows))
            if post.windows
            else NOTHING
            for post in posts
        ]

    def _prediction(self, logits: Sequence[float], n_tokens: int, n_windows: int) -> Prediction:
        lines = self.bundle.calibration
        scores = {
            label: probability(logit, lines[label].a, lines[label].b)
            for label, logit in zip(self.bundle.labels, logits, strict=True)
        }
        decision, labels = decide(scores, self.thresholds)
        return Prediction(scores, labels, decision, n_tokens, n_windows)


def _asked(
    text: str | Sequence[str], parent: str | Sequence[str | None] | None
) -> Iterable[StreamItem]:
    if isinstance(text, str):
        if parent is not None and not isinstance(parent, str):
            raise TypeError(f"parent of one text must be a string, not {type(parent).__name__}")
        return [(text, parent)]
    if isinstance(text, bytes) or not isinstance(text, Sequence):
        raise TypeError(f"expected a string or a list of strings, not {type(text).__name__}")
    if parent is None:
        return text
    if isinstance(parent, str) or len(parent) != len(text):
        raise ValueError("a list of texts needs one parent (or None) for each of them")
    return zip(text, parent, strict=True)


def _pair(index: int, item: object) -> tuple[str, str | None]:
    text, parent = item if isinstance(item, tuple) and len(item) == 2 else (item, None)
    if not isinstance(text, str):
        raise TypeError(f"text {index} must be a string, not {type(text).__name__}")
    if parent is not None and not isinstance(parent, str):
        raise TypeError(f"parent {index} must be a string or None, not {type(parent).__name__}")
    return text, parent


def _point(bundle: Bundle, name: str) -> Mapping[Label, Threshold]:
    points = bundle.operating_points
    if name in points:
        return points[name]
    if points:
        raise UsageError(
            "operating_point_unknown", bundle=bundle.name, point=name, available=", ".join(points)
        )
    if name == UNCALIBRATED:
        return uncalibrated(bundle.labels)
    raise UsageError("operating_point_uncalibrated", bundle=bundle.name, point=name)


def _rosters(roster: str | Path | Sequence[str | Path] | Rosters | None) -> Rosters | None:
    if roster is None or isinstance(roster, Rosters):
        return roster
    return Rosters.load([roster] if isinstance(roster, str | Path) else roster)


def _normalizer(folder: Path, settings: Mapping[str, Any]) -> Normalizer:
    try:
        return Normalizer.from_settings(settings)
    except (TypeError, ValueError) as error:
        raise BundleError(
            "bundle_json_key", folder=folder, file="normalizer.json", key="?", problem=error
        ) from None
