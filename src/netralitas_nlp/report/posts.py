"""A post of the list as the page shows it: every string already safe, every number in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from netralitas_nlp.labels import LABELS, Decision, Label
from netralitas_nlp.policy.pledges import Cited, cited, stage_words
from netralitas_nlp.pseudonyms import bare_name, pseudonym
from netralitas_nlp.report.beside import ClaimView, Pledges, spread_words
from netralitas_nlp.report.charts import score_bar
from netralitas_nlp.report.contestants import mentioned
from netralitas_nlp.report.file_names import FileNames
from netralitas_nlp.report.levels import (
    Thresholds,
    level,
    level_words,
    limits,
    score_words,
)
from netralitas_nlp.report.listed import ListedPost, Place
from netralitas_nlp.report.moments import moment
from netralitas_nlp.report.untrusted import Link, link, marked, shorten, visible
from netralitas_nlp.report.words import Words
from netralitas_nlp.scoring.clusters import Chain
from netralitas_nlp.text.rosters import Rosters

MAX_NAME = 60
"""Longest account name shown, in characters."""

MAX_WORDS = 8
"""Marked words that are named under a post."""

MAX_STAGE = 400
"""Longest list of stages, in characters."""

MAX_WORD = 80
"""Longest of them, in characters."""


@dataclass(frozen=True, slots=True)
class ScoreView:
    """One label of one post."""

    name: str
    shown: str
    level: Decision
    beside: str
    bar: Markup


@dataclass(frozen=True, slots=True)
class ReasonView:
    """Why the model gave one label its score: words, and the score without them.

    Attributes:
        label: The label.
        name: Its name.
        words: The strongest marked words, safe; none where the score rests on no few words.
        more: How many further places are marked.
        change: The score, and what it is without the marked words.
        beyond: Whether some places lie behind the part of the text that is shown.
    """

    label: Label
    name: str
    words: Sequence[Markup]
    more: int
    change: Markup
    beyond: bool


@dataclass(frozen=True, slots=True)
class PostView:
    """Wraps a ``ListedPost`` with what the template asks for.

    Attributes:
        post: The post.
        number: Its place in the list, from 1.
        words: Language of the page.
        thresholds: Of the run.
        key: Secret of the run's pseudonyms.
        reveal: Show account names.
        file_names: How input files are called.
        claims_threshold: Least similarity of a claim that may be called debunked.
        chains: Chains of near copies by the row id of their first post.
        rosters: Contestants that are named beside the post.
        pledges: What may be said of pledges.
    """

    post: ListedPost
    number: int
    words: Words
    thresholds: Thresholds
    key: bytes
    reveal: bool
    file_names: FileNames
    claims_threshold: float
    chains: Mapping[str, Chain]
    rosters: Rosters = field(default_factory=lambda: Rosters([]))
    pledges: Pledges = field(default_factory=Pledges)

    @property
    def contestants(self) -> list[tuple[str, str]]:
        """Words that name a contestant, and whom they may mean."""
        return mentioned(self.post.text, self.rosters)

    @property
    def kind(self) -> str:
        """Kind of text."""
        return self.post.text_kind

    @property
    def decision(self) -> Decision:
        """Decision of the run."""
        return self.post.decision

    @property
    def raised(self) -> Sequence[Label]:
        """Labels at or above their review threshold."""
        scores = self.post.scores
        return [
            label
            for label in LABELS
            if label in scores and level(scores[label], self.thresholds, label) != "clear"
        ]

    @property
    def scores(self) -> Iterator[ScoreView]:
        """The labels in their fixed order."""
        for label in LABELS:
            if label in self.post.scores:
                score = self.post.scores[label]
                decision = level(score, self.thresholds, label)
                bar = score_bar(score, decision, limits(self.thresholds, label))
                beside = (score, self.thresholds, label, self.words)
                yield ScoreView(
                    self.words.label(label),
                    score_words(*beside),
                    decision,
                    level_words(*beside),
                    bar,
                )

    @property
    def text(self) -> Markup:
        """The post, shortened and made visible, its evidence marked."""
        names = {label: self.words.label(label) for label in LABELS}
        return marked(self.post.text, self.post.spans, names)

    @property
    def reasons(self) -> Iterator[ReasonView]:
        """The labels that were explained, in their fixed order."""
        for label in self.raised if self.post.explained else ():
            spans = [span for span in self.post.spans if span.label == label]
            weight: dict[str, float] = {}
            for span in spans:
                weight[span.text] = weight.get(span.text, 0.0) + span.weight
            ranked = sorted(weight, key=lambda text: -weight[text])
            score = self.post.scores[label]
            yield ReasonView(
                label=label,
                name=self.words.label(label),
                words=[visible(shorten(text, MAX_WORD)) for text in ranked[:MAX_WORDS]],
                more=len(ranked[MAX_WORDS:]),
                change=self.words(
                    "reason_change",
                    score=score_words(score, self.thresholds, label, self.words),
                    left=self.words.score(max(score - sum(weight.values()), 0.0)),
                ),
                beyond=any(span.end > len(self.post.text) for span in spans),
            )

    @property
    def parent(self) -> Markup:
        """The text responded to; empty where there is none."""
        return visible(self.post.parent_text)

    def shortened(self, *, parent: bool = False) -> str:
        """Return a note on how much is shown, empty where all of it is."""
        text = self.post.parent_text if parent else self.post.text
        whole = self.post.n_parent_chars if parent else self.post.n_chars
        if len(text) == whole:
            return ""
        return self.words.plain("shortened", shown=len(text), n=whole)

    def account(self, place: Place | None = None) -> Markup:
        """Return the account by its pseudonym, or by its name where ``reveal`` is set."""
        name = bare_name((place or self.post.place).account)
        if not name:
            return self.words("account_unknown")
        if self.reveal:
            shown = visible(name if len(name) <= MAX_NAME else name[: MAX_NAME - 1] + "…")
        else:
            shown = escape(pseudonym(name, key=self.key))
        return Markup('{} <bdi class="account">{}</bdi>').format(self.words("account"), shown)

    def time(self, place: Place | None = None) -> str:
        """Return when it was written, in words."""
        when = moment((place or self.post.place).posted_at)
        return self.words.moment(when) if when else self.words.plain("time_unknown")

    def link(self, place: Place | None = None) -> Link | None:
        """Return the address to open."""
        place = place or self.post.place
        return link(place.url, account=place.account, reveal=self.reveal)

    def withheld(self, place: Place | None = None) -> Markup:
        """Return where to look for an address that names an account."""
        return self.words("link_withheld", row=str((place or self.post.place).source_row))

    def where(self, place: Place | None = None) -> Markup:
        """Return file and row."""
        place = place or self.post.place
        file = Markup("<bdi>{}</bdi>").format(visible(self.file_names.shown(place.source_file)))
        return self.words("where", file=file, row=str(place.source_row))

    @property
    def claim(self) -> ClaimView | None:
        """The checked claim that it repeats."""
        seen = self.post.claim
        if seen is None:
            return None
        author = self.post.place.account
        return ClaimView(seen, self.words, self.claims_threshold, self.reveal, author)

    @property
    def cited(self) -> list[Cited]:
        """The points of the pledge that its row cites; silent where no district was asked for."""
        if not self.pledges.wanted:
            return []
        # A row of a raised post without an entry is one whose district nothing names.
        clause, when = self.post.clause or "?unnamed", self.post.place.posted_at
        policy, lang = self.pledges.policy, self.words.lang
        return cited(clause, when, policy=policy, lang=lang)[: len(LABELS)]

    @property
    def stage(self) -> Markup:
        """The stages of elections that ran on its day; empty where there were none."""
        when, policy = self.post.place.posted_at, self.pledges.policy
        said = stage_words(self.post.stage, when, policy=policy, lang=self.words.lang)
        return visible(shorten(said, MAX_STAGE))

    @property
    def chain(self) -> Markup:
        """The chain of near copies that it belongs to, in words; empty where there is none."""
        chain = self.chains.get(self.post.chain)
        if chain is None:
            return Markup("")
        first = Place("", 0, chain.first_account, chain.first_at, "")
        return self.words(
            "chain",
            count=chain.count,
            accounts=chain.accounts,
            spread=spread_words(chain.spread, self.words),
            first=self.account(first),
            time=self.time(first),
        )

    @property
    def copies_unlisted(self) -> int:
        """Copies that are only counted."""
        return self.post.copies - 1 - len(self.post.others)
