"""A paper as one HTML file: nothing to load, no script, laid out for A4."""

from functools import cache

import jinja2
from markupsafe import Markup

from netralitas_nlp.labels import Language
from netralitas_nlp.report.assets import asset, security_policy
from netralitas_nlp.report.blocks import Paper
from netralitas_nlp.report.untrusted import escaping, spelled

MAX_FOOT = 110
"""Characters that fit beside the page number."""


def paper_html(paper: Paper, *, lang: Language) -> bytes:
    """Return a paper as UTF-8 HTML under a content security policy that lets nothing in."""
    style = asset("paper.css") + _foot(paper.running)
    page = _template().render(
        paper=paper,
        lang=lang,
        csp=security_policy(style),
        style=Markup(style),  # noqa: S704 -- our own file
    )
    return page.encode("utf-8", "replace")


@cache
def _template() -> jinja2.Template:
    return escaping("netralitas_nlp.report").get_template("paper.html.j2")


def _foot(text: str) -> str:
    """Return the rule that prints a line at the foot of every page, so that loose sheets tell."""
    # Escaped by number, any character is only a character: no quote, no end of the style.
    escaped = "".join(f"\\{ord(c):x} " for c in spelled(text)[:MAX_FOOT])
    return f'@page {{ @bottom-left {{ content: "{escaped}"; font: 7pt sans-serif; }} }}\n'
