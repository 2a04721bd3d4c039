"""What stands beside a listed post: a checked claim, its chain of copies, points of a pledge."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from markupsafe import Markup

from netralitas_nlp.claims.match import THRESHOLD, repeats_debunked
from netralitas_nlp.claims.stance import STANCES
from netralitas_nlp.policy.policies import Policy, released_policy
from netralitas_nlp.report.listed import SeenClaim
from netralitas_nlp.report.untrusted import Link, link, shorten, visible
from netralitas_nlp.report.words import Words

MAX_TITLE: Final = 300
"""Longest title of a claim shown, in characters."""


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim as the page shows it.

    Attributes:
        claim: As the run has it.
        words: Language of the page.
        threshold: Least similarity of a match that may be called debunked.
        reveal: Show account names in addresses.
        account: Author of the post.
    """

    claim: SeenClaim
    words: Words
    threshold: float
    reveal: bool
    account: str = ""

    @property
    def debunked(self) -> bool:
        """Whether the post asserts a claim that was found false."""
        claim = self.claim
        return repeats_debunked(
            stance=claim.stance,
            verdict=claim.verdict,
            similarity=claim.similarity,
            threshold=self.threshold,
        )

    @property
    def title(self) -> Markup:
        """The claim."""
        return visible(shorten(self.claim.title, MAX_TITLE))

    @property
    def link(self) -> Link | None:
        """The verdict of the checker."""
        # The checker is no account under review, and a human needs the check.
        return link(self.claim.url, account=self.account, profiles=False, reveal=self.reveal)

    @property
    def stance(self) -> str:
        """What the post does with the claim."""
        known = self.claim.stance in STANCES
        return self.words.plain(f"stance_{self.claim.stance}" if known else "unknown")

    @property
    def verdict(self) -> Markup:
        """What the checker found."""
        found = shorten(self.claim.verdict, 60)
        return visible(self.words.verdict(found) or found or self.words.plain("unknown"))

    @property
    def day(self) -> str:
        """Day of the verdict."""
        try:
            return self.words.day(date.fromisoformat(self.claim.date))
        except ValueError:
            return self.words.plain("claim_no_date")

    @property
    def similarity(self) -> str:
        """How alike post and claim are."""
        return self.words.decimal(self.claim.similarity)


def claims_threshold(manifest: Mapping[str, Any]) -> float:
    """Return the threshold of the run, never below the audited one."""
    facts = manifest["config"].get("claims")
    given = facts.get("threshold") if isinstance(facts, dict) else None
    return max(THRESHOLD, float(given)) if isinstance(given, int | float) else THRESHOLD


@dataclass(frozen=True, slots=True)
class Pledges:
    """What a run lets the page say of pledges.

    Attributes:
        policy: Wordings and calendars of the run; ``None`` where they are not at hand.
        wanted: Whether the run was told the district of its posts, one way or another.
    """

    policy: Policy | None = None
    wanted: bool = False


def pledges_of(manifest: Mapping[str, Any], policy: Policy | None) -> Pledges:
    """Return what may be said of pledges: never in the words of a policy the run did not use.

    Args:
        manifest: Of the run.
        policy: What its posts were held against; the packaged one where ``None``.
    """
    facts = manifest["config"].get("policy")
    if not isinstance(facts, dict):  # Scored before posts were held against pledges.
        return Pledges()
    known = policy or released_policy()
    wanted = any(facts.get(name) for name in ("district", "column", "accounts_sha256"))
    return Pledges(known if known.version == facts.get("version") else None, wanted)


def spread_words(seconds: float | None, w: Words) -> str:
    """Return how long a chain took from its first to its last post."""
    if seconds is None:
        return w.plain("spread_unknown")
    for name, unit in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= unit:
            return w.plain(f"spread_{name}", n=round(seconds / unit))
    return w.plain("spread_moment")
