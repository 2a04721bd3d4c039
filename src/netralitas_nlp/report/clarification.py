"""The sheet for the person concerned: what was found, by which rule, how to answer or correct."""

from collections.abc import Iterator
from datetime import date

from netralitas_nlp.report.blocks import (
    Block,
    Fact,
    Facts,
    Heading,
    Items,
    Lines,
    Notice,
    Paper,
    Paragraph,
)
from netralitas_nlp.report.dossier_blocks import rights
from netralitas_nlp.report.post_blocks import rule_facts, text_blocks
from netralitas_nlp.report.teller import Teller

ANSWERS = ("not_mine", "hijacked", "context", "quoted", "mistaken", "true", "corrected", "silent")
"""What a person may answer; keys of the catalogue."""


def clarification_paper(tell: Teller, *, today: date) -> Paper:
    """Return the neutral sheet of a case.

    Args:
        tell: How it speaks, and the case.
        today: Day of making.
    """
    name = tell.account(tell.case.account)
    return Paper(
        title=tell.say("sheet_title"),
        subtitle=tell.say("sheet_subtitle"),
        running=tell.say("sheet_running", account=name, day=tell.day(today)),
        blocks=[
            *_opening(tell, name),
            *_posts(tell),
            *_answers(tell),
            *rights(tell),
            *_where(tell),
        ],
    )


def _opening(tell: Teller, name: str) -> Iterator[Block]:
    lines = [tell.say("sheet_open", account=name, n=len(tell.case.posts)), tell.say("sheet_fair")]
    yield Notice(tell.say("sheet_notice"), lines)
    yield Heading(tell.say("sheet_how_title"))
    bundle = tell.case.manifest["bundle"]
    model = {"bundle": bundle.get("name"), "point": bundle.get("operating_point")}
    yield Paragraph(tell.say("sheet_how", **model))


def _posts(tell: Teller) -> Iterator[Block]:
    yield Heading(tell.say("sheet_posts_title"))
    for number, post in enumerate(tell.case.posts, 1):
        yield Heading(tell.say("sheet_post", n=number), level=3)
        yield from text_blocks(post, tell)
        shown, href = tell.address(post.row["url"])
        yield Facts(
            [
                Fact(tell.say("sheet_about"), [tell.labels(post.confirmed)]),
                Fact(tell.say("time"), tell.times(post.row["posted_at"])),
                Fact(tell.say("link"), [shown], href=href),
                *rule_facts(post, tell),
            ]
        )


def _answers(tell: Teller) -> Iterator[Block]:
    yield Heading(tell.say("answer_title"))
    yield Paragraph(tell.say("answer"))
    yield Items([tell.say(f"reply_{name}") for name in ANSWERS], boxes=True)
    yield Paragraph(tell.say("answer_words"))
    yield Lines(7)


def _where(tell: Teller) -> Iterator[Block]:
    yield Heading(tell.say("contact_title"))
    yield Paragraph(tell.say("contact"))
    fields = ("contact_name", "contact_address", "contact_until")
    yield Facts([Fact(tell.say(name), []) for name in fields])
    yield Paragraph(tell.say("contact_sign"))
    signed = ("signature_name", "signature_day", "signature_sign")
    yield Facts([Fact(tell.say(name), []) for name in signed])
