"""A paper as one HTML file: nothing to load, no script, laid out for A4."""

import base64
import hashlib
from functools import cache
from importlib.resources import files

import jinja2
from markupsafe import Markup

from netralitas_nlp.labels import Language
from netralitas_nlp.report.blocks import Paper
from netralitas_nlp.report.untrusted import escaping, spelled

MAX_FOOT = 110
"""Characters that fit beside the page number."""


def paper_html(paper: Paper, *, lang: Language) -> bytes:
    """Return a paper as UTF-8 HTML under a content security policy that lets nothing in."""
    style = _style() + _foot(paper.running)
    page = _template().render(
        paper=paper,
        lang=lang,
        csp=f"default-src 'none'; base-uri 'none'; form-action 'none'; style-src {_hash(style)}",
        style=Markup(style),  # noqa: S704 -- our own file
    )
    return page.encode("utf-8", "replace")


@cache
def _template() -> jinja2.Template:
    return escaping("netralitas_nlp.report").get_template("paper.html.j2")


@cache
def _style() -> str:
    source = files("netralitas_nlp.report").joinpath("templates", "paper.css")
    return source.read_text(encoding="utf-8").replace("\r\n", "\n")


def _foot(text: str) -> str:
    """Return the rule that prints a line at the foot of every page, so that loose sheets tell."""
    # Escaped by number, any character is only a character: no quote, no end of the style.
    escaped = "".join(f"\\{ord(c):x} " for c in spelled(text)[:MAX_FOOT])
    return f'@page {{ @bottom-left {{ content: "{escaped}"; font: 7pt sans-serif; }} }}\n'


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
