"""The dossier on paper, section by section."""

from collections.abc import Iterator, Sequence
from datetime import date

from netralitas_nlp.policy.rules import doubtful, overseers_on
from netralitas_nlp.policy.shapes import Institution, Rule
from netralitas_nlp.policy.stages import day_of
from netralitas_nlp.report.blocks import (
    Block,
    Fact,
    Facts,
    Grid,
    Heading,
    Items,
    Lines,
    Notice,
    Paper,
    Paragraph,
)
from netralitas_nlp.report.deadline import Deadline
from netralitas_nlp.report.post_blocks import post_blocks
from netralitas_nlp.report.teller import Teller

CHECKS = (
    "capture", "link", "time", "owner", "hijacked", "fake", "edited", "context", "spouse", "hoax",
    "clarify", "chain", "private",
)  # fmt: skip
"""What has to stand beside a post before anybody reports it; keys of the catalogue."""
RIGHTS = ("5", "6", "7", "8", "10")
"""Articles of UU 27/2022 that give the person concerned a right here."""


def dossier_paper(tell: Teller, *, today: date, due: Deadline | None) -> Paper:
    """Return the dossier of a case.

    Args:
        tell: How it speaks, and the case.
        today: Day of making.
        due: Until when a report can be made; nothing where the day of becoming known is not given.
    """
    blocks = [
        *_opening(tell, today),
        *_summary(tell),
        *_due(tell, due),
        *_forms(tell, today, due),
        *_posts(tell),
        *_rules(tell),
        *rights(tell),
        *_checks(tell),
        *_provenance(tell),
        *_signature(tell),
    ]
    name = tell.account(tell.case.account)
    return Paper(
        title=tell.say("title"),
        subtitle=tell.say("subtitle"),
        running=tell.say("running", account=name, day=tell.day(today)),
        blocks=blocks,
    )


def rights(tell: Teller) -> Iterator[Block]:
    """Yield the right of reply and of correction of the person concerned."""
    yield Heading(tell.say("rights_title"))
    yield Paragraph(tell.say("rights"))
    yield Items([tell.say(f"right_{article}") for article in RIGHTS])
    yield Paragraph(tell.say("rights_limits"), note=True)


def _opening(tell: Teller, today: date) -> Iterator[Block]:
    names = ", ".join(tell.reviewer(name) for name in tell.case.reviewers)
    lines = [
        tell.say("human", names=names, when=_decided(tell)),
        tell.say("no_proof"),
        tell.say("suspected"),
    ]
    if not tell.reviewer_names:
        lines.append(tell.say("reviewers_hidden"))
    yield Notice(tell.say("notice"), lines)
    facts = [Fact(tell.say("account"), [tell.account(tell.case.account)])]
    if not tell.reveal:
        facts.append(Fact(tell.say("account_name"), [tell.say("account_hidden")]))
    facts.append(Fact(tell.say("n_posts"), [str(len(tell.case.posts))]))
    facts.append(Fact(tell.say("made"), [tell.day(today)]))
    yield Facts(facts)


def _decided(tell: Teller) -> str:
    """Return when people decided: one moment where it reads as one."""
    said = [v.decided_at for post in tell.case.posts for v in post.verdicts]
    first, last = tell.at(min(said)), tell.at(max(said))
    return tell.say("said_once" if first == last else "said_between", first=first, last=last)


def _summary(tell: Teller) -> Iterator[Block]:
    yield Heading(tell.say("summary_title"))
    head = [tell.say(f"summary_{name}") for name in ("number", "time", "label", "clause", "stage")]
    rows = []
    for number, post in enumerate(tell.case.posts, 1):
        cited = dict.fromkeys(c.citation for c in post.provisions.clauses if c.citation)
        stages = ", ".join(answer.code for answer in post.provisions.stages)
        rows.append(
            (
                str(number),
                tell.short_time(post.row["posted_at"]),
                tell.labels(post.confirmed),
                ", ".join(cited) or "–",
                stages or "–",
            )
        )
    yield Grid(head, rows)
    yield Paragraph(tell.say("summary_note"), note=True)


def _due(tell: Teller, due: Deadline | None) -> Iterator[Block]:
    yield Heading(tell.say("due_title"))
    if due is None:
        yield Paragraph(tell.say("due_unknown"))
    else:
        standing = "due_left" if due.left > 0 else "due_today" if due.left == 0 else "due_past"
        values = {"known": tell.day(due.known_on), "last": tell.day(due.last)}
        yield Paragraph(tell.say(standing, n=abs(due.left), **values))
    yield Paragraph(tell.say("due_note"), note=True)


def _forms(tell: Teller, today: date, due: Deadline | None) -> Iterator[Block]:
    bodies = overseers_on(today, policy=tell.case.policy)
    election = next((body for body in bodies if body.id == "bawaslu"), None)
    others = [body for body in bodies if body.id not in {"bawaslu", "ppk"}]
    yield Heading(tell.say("forms_title"))
    yield Paragraph(tell.say("forms_note"))
    yield Heading(tell.say("form_election", body=election.short if election else "–"), level=3)
    yield from _formal(tell, due)
    yield from _material(tell)
    yield Heading(tell.say("form_staff", body=", ".join(b.short for b in others) or "–"), level=3)
    fields = ("reporter_nik", "nip", "person", "position", "agency", "unit")
    blanks = [Fact(tell.say(f"field_{name}")) for name in fields]
    yield Facts([*blanks, Fact(tell.say("field_event"), [_event(tell)])])
    yield from _receivers(bodies, tell)


def _formal(tell: Teller, due: Deadline | None) -> Iterator[Block]:
    yield Paragraph(tell.say("formal"))
    yield Facts(
        [
            Fact(tell.say("field_reporter"), []),
            Fact(tell.say("field_reporter_address"), []),
            Fact(tell.say("field_account"), [tell.account(tell.case.account)]),
            Fact(tell.say("field_person"), []),
            Fact(tell.say("field_nip"), []),
            Fact(tell.say("field_agency"), []),
            Fact(tell.say("field_when"), _moments(tell)),
            Fact(tell.say("field_known"), [tell.day(due.known_on)] if due else []),
        ]
    )


def _material(tell: Teller) -> Iterator[Block]:
    yield Paragraph(tell.say("material"))
    count = len(tell.case.posts)
    evidence = [tell.say("evidence_posts", n=count), tell.say("evidence_captures", n=_shots(tell))]
    yield Facts(
        [
            Fact(tell.say("field_event"), [_event(tell)]),
            Fact(tell.say("field_place"), [tell.say("place_online")]),
            Fact(tell.say("field_place_real"), []),
            Fact(tell.say("field_evidence"), evidence),
            Fact(tell.say("field_witness", n=1), []),
            Fact(tell.say("field_witness", n=2), []),
        ]
    )


def _receivers(bodies: Sequence[Institution], tell: Teller) -> Iterator[Block]:
    if bodies:
        yield Paragraph(tell.say("receivers"))
        yield Items(
            [f"{b.short} ({b.name.in_(tell.lang)}): {b.role.in_(tell.lang)}" for b in bodies]
        )


def _event(tell: Teller) -> str:
    labels = dict.fromkeys(label for post in tell.case.posts for label in post.confirmed)
    values = {"n": len(tell.case.posts), "labels": tell.labels(labels)}
    return tell.say("event", account=tell.account(tell.case.account), **values)


def _moments(tell: Teller) -> list[str]:
    return [
        tell.say("moment", n=number, time=tell.short_time(post.row["posted_at"]))
        for number, post in enumerate(tell.case.posts, 1)
    ]


def _shots(tell: Teller) -> int:
    return sum(len(post.captures) for post in tell.case.posts)


def _posts(tell: Teller) -> Iterator[Block]:
    yield Heading(tell.say("posts_title"))
    yield Paragraph(tell.say("posts_note"))
    for number, post in enumerate(tell.case.posts, 1):
        yield from post_blocks(post, number, tell)


def _rules(tell: Teller) -> Iterator[Block]:
    yield Heading(tell.say("rules_title"))
    yield Paragraph(tell.say("rules_note"))
    found: dict[str, tuple[Rule, bool]] = {}
    for post in tell.case.posts:
        on = day_of(post.row["posted_at"] or "")
        for rule in post.provisions.rules:
            doubt = found.get(rule.id, (rule, False))[1]
            found[rule.id] = (rule, doubt or (on is not None and doubtful(rule, on)))
    if not found:
        yield Paragraph(tell.say("rules_none"))
    facts = []
    for rule, doubt in found.values():
        lines = [rule.text.in_(tell.lang)]
        lines += [rule.note.in_(tell.lang)] if rule.note else []
        lines += [tell.say("rule_check")] if doubt else []
        facts.append(Fact(f"{rule.title}, {rule.article}", lines))
    yield Facts(facts)


def _checks(tell: Teller) -> Iterator[Block]:
    yield Heading(tell.say("checks_title"))
    yield Paragraph(tell.say("checks_note"))
    yield Items([tell.say(f"check_{name}") for name in CHECKS], boxes=True)


def _provenance(tell: Teller) -> Iterator[Block]:
    manifest = tell.case.manifest
    bundle = manifest["bundle"]
    yield Heading(tell.say("provenance_title"))
    limits = [
        tell.say("limit", label=tell.labels([name]), at=tell.score(at["flag"]))  # type: ignore[list-item]
        for name, at in bundle.get("thresholds", {}).items()
    ]
    yield Facts(
        [
            Fact(tell.say("run"), [tell.hidden(tell.case.folder)]),
            Fact(tell.say("model"), [tell.say("model_line", bundle=bundle.get("name"),
                 point=bundle.get("operating_point"))]),
            Fact(tell.say("bundle_sha256"), [str(bundle.get("sha256"))], code=True),
            Fact(tell.say("limits"), limits),
            Fact(tell.say("policy"), [tell.case.policy.version]),
            Fact(tell.say("config_sha256"), [manifest["config_sha256"]], code=True),
            *(
                Fact(tell.say("input", file=tell.hidden(f["file"])), [f["sha256"]], code=True)
                for f in manifest["inputs"]
            ),
            Fact(tell.say("verdicts_file", file=tell.hidden(tell.case.verdicts_file)),
                 [tell.case.verdicts_sha256], code=True),
        ]
    )  # fmt: skip
    yield Paragraph(tell.say("provenance_note"), note=True)


def _signature(tell: Teller) -> Iterator[Block]:
    yield Heading(tell.say("signature_title"))
    yield Paragraph(tell.say("signature"))
    yield Facts([Fact(tell.say(f"signature_{name}"), []) for name in ("name", "day", "sign")])
    yield Paragraph(tell.say("remarks"))
    yield Lines(4)
