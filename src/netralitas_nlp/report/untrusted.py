"""What strangers wrote, made safe to show: marked-up text, links, pseudonyms."""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from markupsafe import Markup, escape

from netralitas_nlp.evidence import Span, segments
from netralitas_nlp.labels import Label

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
_X_POST: Final = re.compile(r"/[A-Za-z0-9_]{1,20}/status(?:es)?/([0-9]{1,20})(?:/.*)?")
_X_HOSTS: Final = frozenset(
    {"x.com", "www.x.com", "twitter.com", "www.twitter.com", "mobile.twitter.com", "mobile.x.com"}
)
_ALPHABET: Final = "23456789BCDFGHJKMNPQRSTVWXYZ"
"""No vowels, so that a pseudonym never spells a word; no signs that look alike."""


@dataclass(frozen=True, slots=True)
class Link:
    """The address of a post.

    Attributes:
        href: What a click opens; empty where the address is not one to open.
        host: Site, in ASCII, as shown.
        shown: What is printed.
    """

    href: str
    host: str
    shown: str


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


def link(url: str, *, reveal: bool = False) -> Link | None:
    """Return how an address is shown, or ``None`` where there is none.

    Only ``http`` and ``https`` without user name become links. Unless ``reveal``, the account
    is taken out of addresses that work without it (X).
    """
    url = url.strip()
    if not url:
        return None
    parts = _web_address(url)
    if parts is None:
        return Link(href="", host="", shown=shorten(url, 120))
    host = _ascii_host(parts.hostname or "")
    anonymous = _X_POST.fullmatch(parts.path) if host in _X_HOSTS and not reveal else None
    if anonymous:
        url = f"https://x.com/i/status/{anonymous[1]}"
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


def pseudonym(account: str, *, key: bytes) -> str:
    """Return a name such as ``K7Q-2MX``: the same for one account under one key.

    Args:
        account: Handle or id, not empty.
        key: Secret of the run; without it a list of handles cannot be tried out.
    """
    digest = hmac.digest(key, account.encode("utf-8", "surrogatepass"), hashlib.sha256)
    number = int.from_bytes(digest[:8], "big")
    signs = []
    for _ in range(6):
        number, index = divmod(number, len(_ALPHABET))
        signs.append(_ALPHABET[index])
    return "".join(signs[:3]) + "-" + "".join(signs[3:])
