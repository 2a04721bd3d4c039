"""Which words of a post carry its scores: proposed word by word, confirmed by taking them away.

Occlusion (Zeiler & Fergus 2014; Li, Monroe & Jurafsky 2016, "Understanding Neural Networks through
Representation Erasure") at the price of about one more scoring: what the model says of each word
alone proposes the words, and the post is scored once more without them. Words are taken out of the
raw text, which is then normalised anew, so that places are exact whatever normalising changes.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from netralitas_nlp.calibration import probability
from netralitas_nlp.evidence import Span
from netralitas_nlp.labels import Label
from netralitas_nlp.model.batching import Backend, post_logits
from netralitas_nlp.model.bundle import Bundle
from netralitas_nlp.model.pieces import PieceLogits
from netralitas_nlp.model.tokenizer import PostTokenizer, TokenizedPost
from netralitas_nlp.proposals import FIRST, SECOND, Cut, Words, WordScores, halves, runs, strongest
from netralitas_nlp.schema import Prediction
from netralitas_nlp.text.normalize import Normalizer
from netralitas_nlp.text.raw_words import together, without
from netralitas_nlp.thresholds import Threshold

Question = tuple[str, str | None]
Cuts = dict[Label, Cut]
Scores = Mapping[Label, float]

MIN_DROP: Final = 0.01
"""A calibrated score that falls by less does not rest on the words taken out."""

SEARCHED_WINDOWS: Final = 4
"""Longer posts are not searched stretch by stretch, which would cost twenty scorings of them."""

DIGITS: Final = 4
"""Of a weight."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A prediction and the words that carry it.

    Attributes:
        prediction: As ``Scorer.score`` gives it.
        spans: Places in the text, by label and then by place. Only labels that reach their review
            threshold are explained. One without spans rests on no few words of this text: on the
            text as a whole, or on the post that it answers, whose words are not reported.
    """

    prediction: Prediction
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """Spans of one label, each with its strength, and the drop without them."""

    cut: Cut
    drop: float


class Explainer:
    """Finds the words behind the predictions of one bundle at one operating point.

    What it says of a post is a function of the post: neither its company nor its turn matters.

    Args:
        bundle: The model.
        normalize: Its normaliser.
        tokenizer: Its tokenizer.
        backend: What computes its logits.
        thresholds: Labels at or above ``review`` are explained.
        pool: Computes several windows at the same time.
    """

    def __init__(
        self,
        bundle: Bundle,
        *,
        normalize: Normalizer,
        tokenizer: PostTokenizer,
        backend: Backend,
        thresholds: Mapping[Label, Threshold],
        pool: ThreadPoolExecutor | None = None,
    ) -> None:
        self._labels = bundle.labels
        self._lines = bundle.calibration
        self._normalize = normalize
        self._tokenizer = tokenizer
        self._backend = backend
        self._thresholds = thresholds
        self._pool = pool
        pieces = PieceLogits(tokenizer, backend, labels=len(bundle.labels), folder=bundle.folder)
        self._words = WordScores(normalize, tokenizer, pieces, self._calibrated)

    def spans(
        self, questions: Sequence[Question], predictions: Sequence[Prediction]
    ) -> list[tuple[Span, ...]]:
        """Return the spans of each post; none where the prediction is ``clear``.

        Args:
            questions: Raw texts and the raw posts that they answer; copies are explained once.
            predictions: Of the same posts.
        """
        asked = {q: p for q, p in zip(questions, predictions, strict=True) if p.decision != "clear"}
        words = {question: self._words.of(question[0]) for question in asked}
        found: dict[Question, dict[Label, _Found]] = {question: {} for question in asked}
        for limits in (FIRST, SECOND):
            trials: dict[Question, Cuts] = {}
            for question, prediction in asked.items():
                cuts = {
                    label: strongest(words[question], label, limits, prediction.n_windows)
                    for label in self._explained(prediction)
                    if label not in found[question]
                }
                trials[question] = {label: cut for label, cut in cuts.items() if cut}
            after = self._scores_without([(q, tuple(c.values())) for q, c in trials.items()])
            for (question, cuts), left in zip(trials.items(), after, strict=True):
                for label, cut in cuts.items():
                    drop = asked[question].scores[label] - left.get(label, 0.0)
                    if drop >= MIN_DROP:
                        found[question][label] = _Found(cut, drop)
        for question, prediction in asked.items():
            for label in self._explained(prediction):
                if label not in found[question] and prediction.n_windows <= SEARCHED_WINDOWS:
                    self._search(question, words[question], prediction, label, found[question])
        return [tuple(self._as_spans(q[0], found.get(q, {}))) for q in questions]

    def _explained(self, prediction: Prediction) -> Iterator[Label]:
        for label, score in prediction.scores.items():
            if score >= self._thresholds[label]["review"]:
                yield label

    def _search(
        self,
        question: Question,
        words: Words,
        prediction: Prediction,
        label: Label,
        found: dict[Label, _Found],
    ) -> None:
        """Look for the stretch that matters most by leaving out one after the other.

        For the rare post in which no word is strong alone.
        """
        tried = runs(words)
        best: _Found | None = None
        while tried:
            after = self._scores_without([(question, (cut,)) for cut in tried])
            drops = [prediction.scores[label] - left.get(label, 0.0) for left in after]
            place = max(range(len(drops)), key=lambda i: drops[i])
            if drops[place] < max(MIN_DROP, best.drop / 2 if best else 0.0):
                break
            best = _Found(tried[place], drops[place])
            tried = halves(words, best.cut)
        if best is not None:
            found[label] = best

    def _as_spans(self, text: str, found: Mapping[Label, _Found]) -> Iterator[Span]:
        for label in self._labels:
            if label not in found:
                continue
            one = found[label]
            total = sum(one.cut.values())
            for (start, end), strength in one.cut.items():
                weight = max(round(one.drop * strength / total, DIGITS), 10**-DIGITS)
                yield Span(label, start, end, text[start:end], weight)

    def _calibrated(self, logits: Sequence[float]) -> dict[Label, float]:
        return {
            label: probability(logit, self._lines[label].a, self._lines[label].b)
            for label, logit in zip(self._labels, logits, strict=True)
        }

    def _scores_without(self, cuts: Sequence[tuple[Question, tuple[Cut, ...]]]) -> list[Scores]:
        """Return the calibrated scores of each post without some of its words.

        Empty where no word is left: a text without words has no score.
        """
        posts = [self._tokenized(question, some) for question, some in cuts]
        logits = iter(post_logits([p for p in posts if p.windows], self._backend, pool=self._pool))
        return [self._calibrated(next(logits).tolist()) if p.windows else {} for p in posts]

    def _tokenized(self, question: Question, cuts: tuple[Cut, ...]) -> TokenizedPost:
        text, parent = question
        if not cuts:
            return TokenizedPost(0, ())
        left = without(text, together([place for cut in cuts for place in cut]))
        return self._tokenizer(self._normalize(left), self._normalize(parent) if parent else None)
