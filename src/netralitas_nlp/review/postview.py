"""A post as the desk shows it: every string already safe, every number in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from netralitas_nlp.labels import LABELS, Label
from netralitas_nlp.policy.pledges import Cited, cited, stage_words
from netralitas_nlp.report.beside import ClaimView
from netralitas_nlp.report.contestants import mentioned
from netralitas_nlp.report.levels import level_words, limits, score_words
from netralitas_nlp.report.listed import SeenClaim
from netralitas_nlp.report.untrusted import Link, link, marked, shorten, visible
from netralitas_nlp.report.words import Words
from netralitas_nlp.review.accounts import account_name
from netralitas_nlp.review.asking import Ask
from netralitas_nlp.review.rosters import rosters_of_run
from netralitas_nlp.review.shapes import Context, QueuedPost
from netralitas_nlp.review.words import time_words

MAX_SHOWN: Final = 50_000
"""Longest text shown on a page, in characters: thirty times the longest post of any platform."""

SNIPPET = 280
"""Characters of a post in a list."""


@dataclass(frozen=True, slots=True)
class ScoreView:
    """One label of one post, as the report shows it.

    Attributes:
        label: The label.
        name: Its name.
        shown: Its score in words.
        beside: Where the score stands, with the threshold that says so.
        length: Of its bar, 0–100.
        at: The flag threshold on the bar, 0–100; above it where none is used.
        flagged: Whether the model flagged it.
    """

    label: Label
    name: str
    shown: str
    beside: str
    length: int
    at: float
    flagged: bool


@dataclass(frozen=True, slots=True)
class PostView:
    """Wraps a post with what a template asks for.

    Attributes:
        post: The post.
        ask: For whom it is shown.
        blind: Show the text, and what it answers, and nothing else.
    """

    post: QueuedPost
    ask: Ask
    blind: bool = False

    @property
    def _w(self) -> Words:
        return self.ask.w

    @property
    def _author(self) -> str:
        """Name of the account, to keep it out of addresses."""
        key = self.post.account_key
        return account_name(self.ask.desk.store, key) if key else ""

    @property
    def text(self) -> Markup:
        """The text, its evidence marked unless the review is blind."""
        shown = self.post.text[:MAX_SHOWN]
        if self.blind:
            return visible(shown)
        names = {label: self._w.label(label) for label in LABELS}
        return marked(shown, self.post.evidence, names)

    @property
    def contestants(self) -> list[tuple[str, str]]:
        """Words that name a contestant of the run's rosters, and whom; nothing in a blind review.

        They are part of the text, but to point at them before the verdict would steer it.
        """
        if self.blind or not self.post.text:
            return []
        rosters = rosters_of_run(self.ask.desk.store, self.post.run_id)
        return mentioned(self.post.text[:MAX_SHOWN], rosters)

    @property
    def parent(self) -> Markup:
        """The text responded to; empty where there is none."""
        return visible(self.post.parent_text[:MAX_SHOWN])

    @property
    def parent_missing(self) -> bool:
        """Whether the text answers a post that the export did not hold."""
        answers = self.post.text_kind in ("reply", "share", "quote")
        return answers and bool(self.post.text) and not self.post.parent_text

    @property
    def snippet(self) -> Markup:
        """The beginning of the text, for lists."""
        short = shorten(self.post.text, SNIPPET)
        return visible(short) + ("…" if len(short) < len(self.post.text) else "")

    @property
    def cut(self) -> int:
        """Characters that are not shown."""
        return max(0, len(self.post.text) - MAX_SHOWN)

    @property
    def kind(self) -> str:
        """Whose words these are."""
        return self._w.plain(f"kind_{self.post.text_kind or 'unknown'}")

    @property
    def time(self) -> str:
        """When it was written, in the zone that the person has chosen."""
        return time_words(self.post.posted_at, self._w, zone=self.ask.session.zone)

    @property
    def link(self) -> Link | None:
        """The address to open; withheld where it names the account."""
        return link(self.post.url, account=self._author) if self.post.url else None

    @property
    def scores(self) -> Iterator[ScoreView]:
        """The labels in their fixed order; nothing in a blind review."""
        for label in LABELS:
            if label in self.post.scores and not self.blind:
                score = self.post.scores[label]
                beside = (score, self.post.thresholds, label, self._w)
                yield ScoreView(
                    label,
                    self._w.label(label),
                    score_words(*beside),
                    level_words(*beside),
                    length=round(100 * score),
                    at=100 * limits(self.post.thresholds, label)[0],
                    flagged=label in self.post.labels,
                )

    @property
    def point(self) -> Markup:
        """Which thresholds are meant: the operating point of the run, with what it prefers."""
        name = self.post.operating_point
        if self.blind or not name:
            return Markup("")
        known = f"point_{name}" in self._w.entries
        said = self._w.plain(f"point_{name}") if known else ""
        return self._w("thresholds_known" if said else "thresholds_of", point=name, said=said)

    @property
    def decision(self) -> str:
        """Decision of the model; empty in a blind review and where there is none."""
        return "" if self.blind else self.post.decision or ""

    @property
    def clauses(self) -> list[Cited]:
        """The points of the pledge that the row cites."""
        if self.blind:
            return []
        policy, lang = self.ask.desk.policy, self.ask.desk.lang
        return cited(self.post.clause, self.post.posted_at, policy=policy, lang=lang)

    @property
    def stage(self) -> str:
        """The stages of elections that ran on the day of the post, in words."""
        policy, lang = self.ask.desk.policy, self.ask.desk.lang
        if self.blind:
            return ""
        return stage_words(self.post.stage, self.post.posted_at, policy=policy, lang=lang)

    @property
    def claim(self) -> ClaimView | None:
        """The checked claim that the post repeats, told as on the page of the run."""
        post = self.post
        if not post.claim_title or self.blind:
            return None
        seen = SeenClaim(
            title=post.claim_title,
            url=post.claim_url,
            similarity=post.claim_similarity or 0.0,
            stance=post.claim_stance,
            verdict=post.claim_verdict,
            date=post.claim_date,
        )
        return ClaimView(seen, self._w, post.claim_threshold, reveal=False, account=self._author)


def chain_words(found: Context, ask: Ask) -> Markup:
    """Return how many posts hold a text, of how many accounts, and from when until when."""
    w, zone = ask.w, ask.session.zone
    count, n = found.n_chain + 1, found.chain_accounts
    accounts = w("chain_accounts", n=n) if n else w("account_unknown")
    if not found.chain_first:
        return w("chain_undated", count=count, accounts=accounts)
    first, last = (time_words(at, w, zone=zone) for at in (found.chain_first, found.chain_last))
    key = "chain_moment" if first == last else "chain_span"
    return w(key, count=count, accounts=accounts, first=first, last=last)
