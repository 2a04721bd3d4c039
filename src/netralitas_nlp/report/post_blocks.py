"""One confirmed post on paper: its words, its origin, what it is held against, who decided."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from netralitas_nlp.errors import phrase
from netralitas_nlp.evidence import Span, segments
from netralitas_nlp.labels import LABEL_NAMES
from netralitas_nlp.policy.clauses import Clause
from netralitas_nlp.report.blocks import (
    Block,
    Fact,
    Facts,
    Grid,
    Heading,
    Paragraph,
    Piece,
    Quote,
)
from netralitas_nlp.report.case import CasePost
from netralitas_nlp.report.teller import Teller
from netralitas_nlp.report.words import words


def post_blocks(post: CasePost, number: int, tell: Teller) -> Iterator[Block]:
    """Yield everything the dossier says about a post.

    Args:
        post: The post.
        number: Its place in the dossier, from 1.
        tell: How the dossier speaks.
    """
    labels = tell.labels(post.confirmed)
    yield Heading(tell.say("post", n=number, labels=labels), level=3)
    yield from text_blocks(post, tell)
    yield Facts([*origin_facts(post, tell), *rule_facts(post, tell), *_model_facts(post, tell)])
    yield from _verdicts(post, tell)
    yield from _captures(post, tell)


def text_blocks(post: CasePost, tell: Teller) -> Iterator[Block]:
    """Yield the words of a post, and those it responds to."""
    if post.row["parent_text"]:
        yield Paragraph(tell.say("parent"), note=True)
        yield Quote([Piece(post.row["parent_text"])], aside=True)
        yield Paragraph(tell.say("own_words"), note=True)
    yield Quote(pieces(post.text, post.marks))
    yield Paragraph(tell.say("marks" if post.marks else "marks_none"), note=True)
    if post.marks_dropped:
        yield Paragraph(tell.say("marks_dropped", n=post.marks_dropped), note=True)
    if post.row["truncated"]:
        yield Paragraph(tell.say("truncated"), note=True)
    if "hoax" in post.confirmed:
        yield Paragraph(tell.say("hoax"), note=True)


def pieces(text: str, marks: Sequence[Span]) -> tuple[Piece, ...]:
    """Return a text cut where marks begin and end, whatever their labels; joined, it is itself."""
    cut = groupby(segments(text, marks), key=lambda part: bool(part.labels))
    return tuple(Piece("".join(part.text for part in parts), marked) for marked, parts in cut)


def origin_facts(post: CasePost, tell: Teller) -> Iterator[Fact]:
    """Yield when and where a post stood, and from which row of which file it comes."""
    row = post.row
    shown, href = tell.address(row["url"])
    kind = row["text_kind"] or "unknown"
    yield Fact(tell.say("time"), tell.times(row["posted_at"]))
    yield Fact(tell.say("link"), [shown], href=href)
    yield Fact(tell.say("kind"), [words(tell.lang).plain(f"kind_{kind}")])
    file = tell.hidden(row["source_file"] or "")
    yield Fact(tell.say("source"), [tell.say("source_row", file=file, row=row["source_row"])])
    if row["post_id"]:
        yield Fact(tell.say("post_id"), [row["post_id"]], code=True)
    yield Fact(tell.say("row_id"), [row["row_id"]], code=True)
    yield Fact(tell.say("row_sha256"), [post.row_sha256], code=True)
    yield Fact(tell.say("text_sha256"), [post.text_sha256], code=True)
    yield Fact(tell.say("file_sha256"), [post.file_sha256 or tell.say("unknown")], code=True)


def rule_facts(post: CasePost, tell: Teller) -> Iterator[Fact]:
    """Yield clause, stage and acts of the joint decree."""
    found = post.provisions
    yield Fact(
        tell.say("clause"), [*_clause_lines(found.clauses, tell)] or [tell.say("clause_none")]
    )
    names = tell.case.policy.elections
    stages = [
        f"{names[s.election].name.in_(tell.lang)}: {s.words(tell.lang)}" for s in found.stages
    ]
    yield Fact(tell.say("stage"), stages or [tell.say("stage_none")])
    acts = [f"{act.title}, {act.article}: {act.text.in_(tell.lang)}" for act in found.acts]
    if acts:
        yield Fact(tell.say("act"), [*acts, tell.say("act_note")])
    if post.row["claim_url"] or post.row["claim_title"]:
        yield Fact(tell.say("claim"), [*_claim_lines(post, tell)])
    if post.chain is not None:
        yield Fact(tell.say("chain"), [*_chain_lines(post, tell)])


def _clause_lines(clauses: Sequence[Clause], tell: Teller) -> Iterator[str]:
    """Yield what each label falls under; the wording of a point stands once."""
    for clause in clauses:
        name = LABEL_NAMES[tell.lang][clause.label]
        yield f"{name}: {clause.district}, {_standing(clause, tell)}"
    wordings = {clause.citation: clause for clause in clauses if clause.wording}
    for clause in wordings.values():
        yield f"“{clause.wording}”"
        if clause.pledge is not None:
            yield tell.say("pledge", day=tell.day(clause.pledge.date))
            for source in clause.pledge.source:
                yield tell.say("pledge_source", publisher=source.publisher, title=source.title)
    for caution in dict.fromkeys(c for clause in wordings.values() for c in clause.cautions):
        yield phrase("policy_caution", caution, lang=tell.lang)


def _standing(clause: Clause, tell: Teller) -> str:
    also = ", ".join(map(str, clause.placement.also)) if clause.placement else ""
    first = tell.case.policy.district(clause.district).pledge[0].date
    return phrase(
        "policy_standing",
        "found_also" if also else clause.standing,
        lang=tell.lang,
        point=clause.point,
        also=also,
        first=first,
    )


def _claim_lines(post: CasePost, tell: Teller) -> Iterator[str]:
    row = post.row
    yield row["claim_title"] or tell.say("unknown")
    if row["claim_url"]:
        yield row["claim_url"]
    if row["claim_similarity"] is not None:
        yield tell.say("claim_similarity", similarity=tell.number(row["claim_similarity"]))
    if row["claim_stance"]:
        yield tell.say("claim_stance", stance=_stance(row["claim_stance"], tell))
    yield tell.say("claim_note")


def _stance(stance: str, tell: Teller) -> str:
    known = ("asserts", "denies", "asks", "reports")
    return tell.say(f"stance_{stance}") if stance in known else stance


def _chain_lines(post: CasePost, tell: Teller) -> Iterator[str]:
    chain = post.chain
    if chain is None:
        return
    yield tell.say("chain_count", n=chain.copies, accounts=chain.accounts)
    if chain.first_row == post.row["row_id"]:
        yield tell.say("chain_first")
    else:
        author, when = tell.account(chain.first_account), tell.short_time(chain.first_at)
        yield tell.say("chain_copy", row=chain.first_row, account=author, time=when)


def _model_facts(post: CasePost, tell: Teller) -> Iterator[Fact]:
    row = post.row
    limits = tell.case.manifest["bundle"].get("thresholds", {})
    scores = []
    for label in post.confirmed:
        score, limit = tell.score(row[f"score_{label}"]), limits.get(label, {}).get("flag")
        said = tell.say("score_line", label=tell.labels([label]), score=score)
        if limit is not None:
            said += " " + tell.say("score_limit", at=tell.score(limit))
        scores.append(said)
    yield Fact(tell.say("score"), scores)
    model = {"bundle": row["bundle"], "point": row["operating_point"]}
    yield Fact(tell.say("model"), [tell.say("model_line", **model)])
    versions = [tell.say("policy_now", version=tell.case.policy.version)]
    if row["policy_version"] and row["policy_version"] != tell.case.policy.version:
        versions.append(tell.say("policy_then", version=row["policy_version"]))
    yield Fact(tell.say("policy"), versions)


def _verdicts(post: CasePost, tell: Teller) -> Iterator[Block]:
    yield Paragraph(tell.say("verdicts"))
    head = [tell.say(f"verdict_{name}") for name in ("label", "answer", "reviewer", "time")]
    rows = [
        (
            tell.labels([verdict.label]),
            tell.say(f"answer_{verdict.answer}"),
            tell.reviewer(verdict.reviewer),
            tell.at(verdict.decided_at),
        )
        for verdict in post.verdicts
    ]
    yield Grid(head, rows)
    others = sorted({v.bundle for v in post.verdicts} - {"", post.row["bundle"]})
    if others:
        yield Paragraph(tell.say("verdict_bundle", bundle=", ".join(others)), note=True)


def _captures(post: CasePost, tell: Teller) -> Iterator[Block]:
    if not post.captures:
        yield Paragraph(tell.say("captures_none"), note=True)
        return
    yield Paragraph(tell.say("captures"))
    for shot in post.captures:
        lines = [shot.captured_at, tell.say(f"capture_{shot.standing}")]
        name = tell.hidden(shot.file)
        yield Facts([Fact(name, lines), Fact(tell.say("capture_sha256"), [shot.sha256], code=True)])
