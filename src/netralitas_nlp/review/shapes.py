"""The values that the desk hands out: posts that wait, verdicts, what remains."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from netralitas_nlp.evidence import Span
from netralitas_nlp.labels import Decision, Label
from netralitas_nlp.report.levels import Thresholds
from netralitas_nlp.verdicts import Answer

Queue = Literal["likely", "uncertain", "random", "account", "disagreements", "checks"]
QUEUES: Final[tuple[Queue, ...]] = get_args(Queue)
"""Orders of the work.

``likely``: flagged posts, then the band below, each by its largest score. ``uncertain``: the same
posts, nearest to a flag threshold first. ``random``: the audit sample of each run, in random
order. ``account``: the posts of one account that wait; without a name, of the account with most
waiting posts. ``disagreements``: posts on which two reviewers differ, for an adjudicator.
``checks``: known cases alone.
"""

Said = Literal["yes", "no", "unsure", "withdrawn"]
Kind = Literal["first", "second", "adjudication", "undo", "check", "import"]
"""``check``: an answer on a known case; it says something about the reviewer, not the post."""

Answers = Mapping[Label, Answer]


@dataclass(frozen=True, slots=True)
class QueuedPost:
    """A post as a reviewer gets it. Everything in it was written by strangers: escape it.

    Attributes:
        row_id: Of the scored row; unique in the store.
        run_id: Number of the run in the store, from 1.
        text: Whole text; empty after it was forgotten.
        parent_text: What it answers or shares; empty where there is none.
        text_kind: Whose words ``text`` holds.
        url: As exported; may name the account: show it through ``report.untrusted.link``.
        posted_at: As exported; empty where unknown.
        account_key: Pseudonym under the secret of the store; empty where no author is named.
        scores: Calibrated probability per label in [0, 1]; empty in a blind review.
        labels: Labels that the model flagged; empty in a blind review.
        decision: Of the model; ``None`` in a blind review and for rows that were never scored.
        evidence: What the score rests on; empty in a blind review.
        clause: Clause cited, or a code that says why none is (see ``scoring.clauses``).
        stage: Stage of the election.
        policy_version: Version of the policy file.
        claim_url: Matching checked claim; empty where there is none, as are the others.
        claim_title: Its title.
        claim_similarity: In [0, 1]; ``None`` without a claim.
        claim_stance: How the post stands to it.
        claim_verdict: What the checker found; empty too where an older store did not keep it.
        claim_date: Day of the check as ``YYYY-MM-DD``; as ``claim_verdict``.
        claim_threshold: Least similarity from which the run may call a claim debunked.
        chain_id: ``row_id`` of the copy that stands for this text: the first of those that the
            model thought gravest; a post without copies is its own.
        chain_size: Copies in the store, this one included.
        bundle: Model that scored it.
        operating_point: Name of the thresholds in force.
        thresholds: These, per label; empty in a blind review.
        sampling_weight: Rows that this one stands for; ``None`` outside the audit sample.
        order: Queue it was handed out by; ``None`` where it was asked for by name.
        seeded: A known case. Never to be shown to the reviewer.
    """

    row_id: str
    run_id: int
    text: str
    parent_text: str
    text_kind: str
    url: str
    posted_at: str
    account_key: str
    scores: Mapping[Label, float]
    labels: tuple[Label, ...]
    decision: Decision | None
    evidence: tuple[Span, ...]
    clause: str
    stage: str
    policy_version: str
    claim_url: str
    claim_title: str
    claim_similarity: float | None
    claim_stance: str
    claim_verdict: str
    claim_date: str
    claim_threshold: float
    chain_id: str
    chain_size: int
    bundle: str
    operating_point: str
    thresholds: Thresholds
    sampling_weight: float | None
    order: Queue | None = None
    seeded: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What stands around a post.

    Attributes:
        account: Other posts of its account in order of time, neutral ones included.
        n_account: How many there are in all.
        chain: Other copies of the text in order of time, whoever published them.
        n_chain: How many there are in all.
        chain_accounts: Different authors of the text, that of this post among them; posts without
            author are not counted.
        chain_first: ``posted_at`` of its earliest copy, this post counted; empty where unknown.
        chain_last: Of its latest copy.
    """

    account: tuple[QueuedPost, ...]
    n_account: int
    chain: tuple[QueuedPost, ...]
    n_chain: int
    chain_accounts: int
    chain_first: str
    chain_last: str


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One answer of one person about one label of one row. Rows are only ever added.

    Attributes:
        seq: Number of the row, from 1 without gaps.
        row_id: The row that was judged.
        label: Label that was judged.
        verdict: ``withdrawn`` takes back the row ``previous``.
        reviewer: Name of the person.
        decided_at: UTC, ISO 8601.
        bundle: Model whose output was shown.
        policy_version: Policy whose wording was shown.
        sampling_weight: As in ``QueuedPost``.
        blind: The scores were hidden.
        kind: What sort of act it was.
        previous: ``seq`` of the answer of the same person about the same label that this one
            replaces; ``None`` for the first.
        seconds: Time taken over the post; ``None`` where unknown.
        note: Free words; empty once they were forgotten.
        prev_hash: ``hash`` of the row before; 64 zeros for the first.
        hash: SHA-256 in hexadecimal, see ``chain``.
    """

    seq: int
    row_id: str
    label: Label
    verdict: Said
    reviewer: str
    decided_at: str
    bundle: str
    policy_version: str
    sampling_weight: float | None
    blind: bool
    kind: Kind
    previous: int | None
    seconds: float | None
    note: str
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left to do, and how much it may matter.

    Attributes:
        count: Posts of this order that still wait for this reviewer; copies count once.
        expected_violations: Violating posts expected among the undecided ones of all runs,
            whatever the order; ``None`` until the audit sample allows an estimate.
        low: Lower end of its 95 % interval.
        high: Upper end; here every ``unsure`` counts as a violation.
        found: Violating posts found so far, copies included.
        may_stop: The interval allows to say that at least ``RECALL_GOAL`` of the violating posts
            have been found, or that less than one is left. Always false without an estimate.
    """

    count: int
    expected_violations: float | None
    low: float | None
    high: float | None
    found: int
    may_stop: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """A post on which reviewers differ, or on which both are unsure.

    Attributes:
        post: The post.
        answers: Reviewer to answers; shown to adjudicators alone.
        notes: Reviewer to note.
    """

    post: QueuedPost
    answers: Mapping[str, Answers]
    notes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RunFacts:
    """A run in the store.

    Attributes:
        run_id: Number in the store, from 1.
        folder: Name of the folder it came from, without its path.
        digest: SHA-256 over configuration, model and parts.
        bundle: Name of the model.
        operating_point: Name of the thresholds.
        rows: Rows that this run brought.
        scored: Those with a decision.
        waiting: Flagged and borderline posts; copies of one text count once.
        audit: Posts of the audit sample.
        known: Rows that an earlier run had brought already; they keep what that run said, and a
            run with such rows gets no audit sample.
        forgotten: Rows left out because their account was forgotten.
        new: False where the very same run was in the store already.
        copies: Flagged and borderline posts that are copies of a text in the store; 0 also
            for runs that were added before copies were counted.
    """

    run_id: int
    folder: str
    digest: str
    bundle: str
    operating_point: str
    rows: int
    scored: int
    waiting: int
    audit: int
    known: int
    forgotten: int
    new: bool
    copies: int = 0
