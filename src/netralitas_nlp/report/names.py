"""Names of accounts where they must not stand: in file names, and in addresses of posts."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, parse_qs, unquote

LEAST_LETTERS: Final = 4
"""Letters and digits from which a name is looked for inside longer words as well."""

_CODE: Final = re.compile(r"[A-Za-z0-9_.-]{1,200}")


class Names:
    """Names of accounts, found in any case, percent-encoded, or with other signs in between.

    ``Budi.Santoso`` is found in ``/BUDI%2Esantoso_1/`` and ``/budi-santoso/``. A name of fewer
    than ``LEAST_LETTERS`` letters and digits counts only where it stands alone.

    Args:
        accounts: As exported; empty ones are left out.
    """

    def __init__(self, accounts: Iterable[str]) -> None:
        plain = {_plain(account).strip().removeprefix("@") for account in accounts} - {""}
        self._long = {_letters(name) for name in plain if len(_letters(name)) >= LEAST_LETTERS}
        self._short = [
            re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
            for name in plain
            if len(_letters(name)) < LEAST_LETTERS
        ]

    def within(self, text: str) -> bool:
        """Say whether one of the names stands in a text."""
        return any(self._stands_in(_plain(level)) for level in _levels(text))

    def _stands_in(self, plain: str) -> bool:
        letters = _letters(plain)
        return any(name in letters for name in self._long) or any(
            name.search(plain) for name in self._short
        )


def nameless(
    url: str, parts: SplitResult, host: str, *, account: str = "", profiles: bool = True
) -> str:
    """Return an address that opens the same post without naming an account; empty without one.

    Platforms put the author into most addresses of posts. X and Instagram also open a post by its
    id alone; of the other ones, only forms that have no place for an author are kept, and rebuilt
    without further parameters.

    Args:
        url: A web address.
        parts: The same, split.
        host: Its site, in ASCII.
        account: Author as exported; no address that holds this name is returned.
        profiles: Also return none that may name another account: one of a platform in no known
            form, or a part of the path that begins with ``@``.
    """
    *_, decoded = _levels(parts.path)
    path = re.sub("/+", "/", decoded)
    forms = _forms(host)
    address, free = url, url
    for form in forms or ():
        values = form.values(path, parts)
        if values is not None:
            address, free = form.shown.format(**values), " ".join(values.values())
            break
    else:
        rest = path.strip("/") or parts.query or parts.fragment
        if profiles and ((forms is not None and rest) or "/@" in path):
            return ""
    return "" if Names([account]).within(free) else address


def may_name(text: str, *, account: str = "", profiles: bool = True) -> bool:
    """Say whether what is no web address names the author, or may name an account.

    Args:
        text: The beginning of it that is shown, or more.
        account: Author as exported.
        profiles: Whether a platform, ``@`` or ``at:`` is enough.
    """
    suspect = profiles and any(_SUSPECT.search(_plain(level)) for level in _levels(text))
    return suspect or Names([account]).within(text)


@dataclass(frozen=True, slots=True)
class _Form:
    """An address of a post that needs no author.

    Attributes:
        path: Pattern of the whole path, with the values to keep as named groups.
        shown: The address with its values.
        query: Parameters that have to be there, and are kept.
    """

    path: str
    shown: str
    query: Sequence[str] = ()

    def values(self, path: str, parts: SplitResult) -> dict[str, str] | None:
        """Return what is kept of an address; ``None`` where it does not have this form."""
        found = re.fullmatch(self.path, path, re.ASCII)
        if found is None:
            return None
        try:
            given = parse_qs(parts.query, max_num_fields=100) if self.query else {}
        except ValueError:
            return None
        asked = {key: given.get(key, [""])[0] for key in self.query}
        if not all(_CODE.fullmatch(value) for value in asked.values()):
            return None
        return {**found.groupdict(), **asked}


_PLATFORMS: Final[tuple[tuple[tuple[str, ...], tuple[_Form, ...]], ...]] = (
    (
        ("x.com", "twitter.com"),
        (_Form(r"(?:/.*)?/status(?:es)?/(?P<id>\d{1,20})(?:/.*)?", "https://x.com/i/status/{id}"),),
    ),
    (
        ("instagram.com",),
        (
            _Form(
                r"(?:/[^/]+)?/(?P<kind>p|reels?|tv)/(?P<id>[\w-]{1,80})(?:/.*)?",
                "https://www.instagram.com/{kind}/{id}/",
            ),
        ),
    ),
    (
        ("fb.watch",),
        (_Form(r"/(?P<id>[\w-]{1,80})/?", "https://fb.watch/{id}/"),),
    ),
    (
        ("facebook.com", "fb.com"),
        (
            _Form(r"/watch/?", "https://www.facebook.com/watch/?v={v}", ("v",)),
            _Form(
                r"/photo(?:\.php|/)?",
                "https://www.facebook.com/photo.php?fbid={fbid}",
                ("fbid",),
            ),
            _Form(r"/reel/(?P<id>\d+)/?", "https://www.facebook.com/reel/{id}"),
            _Form(
                r"/share/(?P<kind>[prv])/(?P<id>[\w-]{1,80})/?",
                "https://www.facebook.com/share/{kind}/{id}/",
            ),
            _Form(
                r"/groups/(?P<group>[\w.-]{1,80})/(?:posts|permalink)/(?P<id>\d+)/?",
                "https://www.facebook.com/groups/{group}/posts/{id}/",
            ),
        ),
    ),
    (
        ("vm.tiktok.com", "vt.tiktok.com"),
        (_Form(r"/(?P<id>[\w-]{1,80})/?", "https://vt.tiktok.com/{id}/"),),
    ),
    (
        ("tiktok.com",),
        (
            _Form(r"/t/(?P<id>[\w-]{1,80})/?", "https://www.tiktok.com/t/{id}/"),
            _Form(r"/v/(?P<id>\d+)\.html", "https://m.tiktok.com/v/{id}.html"),
        ),
    ),
    (
        ("youtube.com",),
        (
            _Form(r"/watch", "https://www.youtube.com/watch?v={v}&lc={lc}", ("v", "lc")),
            _Form(r"/watch", "https://www.youtube.com/watch?v={v}", ("v",)),
            _Form(
                r"/(?P<kind>shorts|live|embed|post)/(?P<id>[\w-]{1,80})/?",
                "https://www.youtube.com/{kind}/{id}",
            ),
        ),
    ),
    (("youtu.be",), (_Form(r"/(?P<id>[\w-]{1,80})", "https://youtu.be/{id}"),)),
    (
        ("threads.net", "threads.com"),
        (_Form(r"/t/(?P<id>[\w-]{1,80})/?", "https://www.threads.net/t/{id}"),),
    ),
    (
        ("linkedin.com",),
        (
            _Form(
                r"/feed/update/urn:li:(?P<kind>activity|share|ugcPost):(?P<id>\d+)/?",
                "https://www.linkedin.com/feed/update/urn:li:{kind}:{id}/",
            ),
        ),
    ),
    (("t.me", "telegram.me"), ()),
    (("bsky.app",), ()),
)
"""Platforms by their domains, and the forms of their addresses in which no author stands."""

_SUSPECT: Final = re.compile(
    r"@|^\s*at:|(?<![a-z0-9-])(?:"
    + "|".join(re.escape(domain) for domains, _ in _PLATFORMS for domain in domains)
    + r")(?![a-z0-9-])"
)


def _forms(host: str) -> tuple[_Form, ...] | None:
    """Return the forms of a platform; ``None`` for every other site."""
    site = host.casefold().rstrip(".")
    for domains, forms in _PLATFORMS:
        if any(site == domain or site.endswith("." + domain) for domain in domains):
            return forms
    return None


def _plain(text: str) -> str:
    """Return a text in small letters, with accents apart from their letters."""
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())


def _letters(plain: str) -> str:
    return "".join(c for c in plain if c.isalnum())


def _levels(text: str) -> Iterator[str]:
    """Yield a text as it is, decoded from percent signs, and so on until nothing is encoded."""
    yield text
    while (once := unquote(text)) != text:
        text = once
        yield text
