"""What strangers wrote, made safe to show: texts, links.

Texts are evidence and shown as written: who is mentioned in them, by ``@name`` or otherwise, stays
readable. What is ours to choose hides the author: see ``link`` and ``names``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

import jinja2
from markupsafe import Markup, escape

from netralitas_nlp.evidence import Span, segments
from netralitas_nlp.labels import Label
from netralitas_nlp.report.names import may_name, nameless

MAX_TEXT: Final = 1_500
"""Longest post shown, in characters; the scored file holds the whole."""

MAX_URL: Final = 2_000

_BIDI: Final = {
    "\u061c": "ALM",
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
}
"""Characters that turn the reading direction, by the short names of the Unicode standard."""

_HIDDEN: Final = {"\u200b": "ZWSP", "\u2060": "WJ", "\ufeff": "BOM", "\u00ad": "SHY"}
_SPECIAL: Final = re.compile(
    "([\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff" + "".join([*_BIDI, *_HIDDEN]) + "])"
)
_EMPTY_LINES: Final = re.compile(r"\n(?:[ \t]*\n){2,}")
_UNSAFE_IN_URL: Final = re.compile(
    r"[\x00-\x20\x7f-\xa0\\\"'<>`{}\ud800-\udfff" + "".join([*_BIDI, *_HIDDEN]) + "]"
)


@dataclass(frozen=True, slots=True)
class Link:
    """The address of a post.

    Attributes:
        href: What a click opens; empty where the address is not one to open.
        host: Site, in ASCII, as shown.
        shown: What is printed.
        withheld: Whether nothing of it is shown, because it names an account.
    """

    href: str
    host: str
    shown: str
    withheld: bool = False


WITHHELD: Final = Link(href="", host="", shown="", withheld=True)


def escaping(package: str) -> jinja2.Environment:
    """Return the templates of a package: every value is escaped, an unknown name is an error.

    Args:
        package: Import name of the package that holds a folder ``templates``.
    """
    made = jinja2.Environment(
        loader=jinja2.PackageLoader(package, "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["visible"] = visible
    return made


def visible(text: object, *, whole: bool = False) -> Markup:
    """Return ``text`` escaped, with every invisible control character written out.

    Args:
        text: What a stranger wrote.
        whole: Keep every empty line; otherwise three and more become one.
    """
    plain = str(text).replace("\r\n", "\n").replace("\r", "\n")
    if not whole:
        plain = _EMPTY_LINES.sub("\n\n", plain)
    pieces = _SPECIAL.split(plain)
    return Markup("").join(_control(p) if i % 2 else escape(p) for i, p in enumerate(pieces))


def spelled(text: object) -> str:
    """Return ``text`` as ``visible`` shows it whole, for paper without markup: ``[RLO]``."""
    plain = str(text).replace("\r\n", "\n").replace("\r", "\n")
    pieces = _SPECIAL.split(plain)
    return "".join(f"[{_name(p)}]" if i % 2 else p for i, p in enumerate(pieces))


def marked(text: str, spans: Sequence[Span], names: Mapping[Label, str]) -> Markup:
    """Return ``visible(text)`` with a ``mark`` around each span.

    Args:
        text: A text or the head of it.
        spans: Of that text.
        names: Of the labels, for the reader.
    """
    shown = []
    for part in segments(text, spans):
        inner = visible(part.text)
        if part.labels:
            title = ", ".join(names[label] for label in part.labels)
            inner = Markup('<mark class="{}" title="{}">{}</mark>').format(
                " ".join(part.labels), title, inner
            )
        shown.append(inner)
    return Markup("").join(shown)


def _control(char: str) -> Markup:
    return Markup('<span class="ctl" title="U+{code:04X}">{name}</span>').format(
        code=ord(char), name=_name(char)
    )


def _name(char: str) -> str:
    """Return the short name of a control character."""
    code = ord(char)
    # Unicode holds pictures of the C0 controls; the rest is named by its number.
    other = chr(0x2400 + code) if code < 0x20 else f"U+{code:04X}"
    return _BIDI.get(char) or _HIDDEN.get(char) or other


def shorten(text: str, limit: int = MAX_TEXT) -> str:
    """Return at most ``limit`` characters of ``text``, cut between words where one is near."""
    if len(text) <= limit:
        return text
    head = text[:limit]
    space = max(head.rfind(" "), head.rfind("\n"))
    return head[: space if space > limit - 40 else limit].rstrip()


def link(
    url: str, *, account: str = "", profiles: bool = True, reveal: bool = False
) -> Link | None:
    """Return how an address is shown, or ``None`` where there is none.

    Only ``http`` and ``https`` without user name become links. Unless ``reveal``, an address that
    names the author is shown without the name where the platform opens it so (see ``nameless``),
    and withheld otherwise.

    Args:
        url: As exported.
        account: Author as exported; empty where unknown.
        profiles: Also withhold what may name another account: an address of a platform that has a
            place for an author. Not meant for addresses of fact checks.
        reveal: Show every address as it is.
    """
    url = url.strip()
    if not url:
        return None
    parts = _web_address(url)
    if parts is None:
        seen = url[:MAX_URL]
        if not reveal and may_name(seen, account=account, profiles=profiles):
            return WITHHELD
        return Link(href="", host="", shown=shorten(url, 120))
    host = _ascii_host(parts.hostname or "")
    if not reveal:
        url = nameless(url, parts, host, account=account, profiles=profiles)
        if not url:
            return WITHHELD
    return Link(href=url, host=host.removeprefix("www."), shown=url)


def _web_address(url: str) -> SplitResult | None:
    if len(url) > MAX_URL or _UNSAFE_IN_URL.search(url):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where the port is not a number
    except ValueError:
        return None
    web = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    return parts if web else None


def _ascii_host(host: str) -> str:
    # A Cyrillic letter in a known name is seen only in this form.
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host
