"""Ids and accounts as text: damage by spreadsheets is recognised, addresses give them back."""

import hashlib
import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from netralitas_nlp.io.paths import BLANKS
from netralitas_nlp.schema import JsonValue

EXACT_DIGITS: Final = 15
"""Digits that a spreadsheet keeps of a number; the rest become zeros."""

_SCIENTIFIC: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE]\+?\d+")
_FORMULA: Final = re.compile(r'="+(.*?)"+')
_PAGES: Final = re.compile(
    r"i|web|status|p|reels?|tv|watch|groups|permalink\.php|story\.php|profile\.php|photo(?:\.php)?"
    r"|photos|videos?|search|hashtag|explore|c|s|intent|home|events|stories|channel|posts|comment"
    r"|t|v|share|people|pages|joinchat"
)
"""First parts of addresses that are pages of the platform, not people."""

_PHONE: Final = re.compile(r"\+?[\d\s\-().\u2011]{8,24}")
_INVISIBLE: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def clean_id(value: JsonValue) -> str:
    """Return an id as text without spreadsheet wrapping; empty where there is none."""
    if value is None or isinstance(value, bool | list | dict):
        return ""
    if isinstance(value, float):
        # A float holds 53 bits: beyond that the digits are invented.
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    word = str(value).strip()
    wrapped = _FORMULA.fullmatch(word)
    word = wrapped[1] if wrapped else word.removeprefix("'")
    if word.endswith(".0") and word[:-2].isdecimal():
        word = word[:-2]
    return "" if word.casefold() in BLANKS else word


def is_damaged(post_id: str) -> bool:
    """Say whether an id went through scientific notation (``1,69E+18``), which loses digits."""
    return _SCIENTIFIC.fullmatch(post_id) is not None


def looks_rounded(post_id: str) -> bool:
    """Say whether a long id ends in the zeros that 15-digit rounding leaves.

    One such id may be chance (1 in 10,000 at 19 digits), so a column is judged as a whole.
    """
    digits = post_id
    return (
        len(digits) > EXACT_DIGITS + 1
        and digits.isdecimal()
        and not digits[EXACT_DIGITS:].strip("0")
    )


def column_is_rounded(ids: Sequence[str]) -> bool:
    """Say whether a column of ids was rounded to 15 digits as a whole."""
    long = [post_id for post_id in ids if len(post_id) > EXACT_DIGITS + 1 and post_id.isdecimal()]
    return len(long) >= 2 and sum(map(looks_rounded, long)) * 2 > len(long)


def clean_account(value: JsonValue) -> str:
    """Return a handle or account id as written, without ``ID:``; empty for stand-ins."""
    word = _INVISIBLE.sub("", clean_id(value)).strip()
    if word[:3].casefold() == "id:":
        word = word[3:].strip()
    bare = word.lstrip("@").casefold()
    return "" if bare in BLANKS else word


def is_phone(account: str) -> bool:
    """Say whether a sender is shown as a telephone number."""
    word = _INVISIBLE.sub("", account).replace("\u00a0", " ").strip().removeprefix("~").strip()
    digits = sum(c.isdecimal() for c in word)
    return 8 <= digits <= 15 and _PHONE.fullmatch(word) is not None


def pseudonym(phone: str) -> str:
    """Return the same short name for the same number, however it is spaced.

    Indonesian numbers count as one whether written ``08…`` or ``+62 8…``.
    """
    digits = "".join(c for c in phone if c.isdecimal())
    digits = "62" + digits[1:] if digits.startswith("0") else digits
    return "telepon-" + hashlib.sha256(b"telepon:" + digits.encode()).hexdigest()[:8]


def id_from_url(url: str) -> str:
    """Return the post id inside the address of a post, or an empty string."""
    return _parts(url)[1]


def account_from_url(url: str) -> str:
    """Return the handle inside the address of a post or profile, or an empty string."""
    account = _parts(url)[0]
    word = account.casefold()
    return "" if word in BLANKS or _PAGES.fullmatch(word) else account


def _parts(url: str) -> tuple[str, str]:
    if not url.startswith(("http://", "https://", "at://", "//")):
        return "", ""
    try:
        split = urlsplit(url.strip())
        host = (
            (split.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("mobile.")
        )
        query = parse_qs(split.query, max_num_fields=100)
    except ValueError:
        return "", ""
    path = [unquote(part) for part in split.path.split("/") if part]
    if split.scheme == "at":
        return (split.netloc, path[-1]) if path else (split.netloc, "")
    for domains, parse in _SITES:
        if any(host == domain or host.endswith("." + domain) for domain in domains):
            return parse(path, query)
    return "", ""


def _x(path: list[str], _query: dict[str, list[str]]) -> tuple[str, str]:
    found = re.match(r"\d+", _after(path, ("status", "statuses")))
    return (path[0] if path else ""), (found[0] if found else "")


def _at_sign(path: list[str], _query: dict[str, list[str]]) -> tuple[str, str]:
    account = path[0][1:] if path and path[0].startswith("@") else ""
    return account, _after(path, ("video", "photo", "post", "t"))


def _instagram(path: list[str], query: dict[str, list[str]]) -> tuple[str, str]:
    comment = _after(path, ("c",)) or query.get("comment_id", [""])[0]
    code = _after(path, ("p", "reel", "reels", "tv"))
    return (path[0] if path else ""), comment or code


def _facebook(path: list[str], query: dict[str, list[str]]) -> tuple[str, str]:
    for key in ("reply_comment_id", "comment_id", "story_fbid", "fbid", "v", "multi_permalinks"):
        if key in query:
            return (path[0] if path else ""), query[key][0]
    found = _after(path, ("posts", "permalink", "videos", "reel", "photos"))
    if path and path[0] == "groups" and not found:
        found = path[2] if len(path) > 2 else ""
    single = path[0] if len(path) == 1 and re.fullmatch(r"\d+_\d+", path[0]) else ""
    return ("" if single else path[0] if path else ""), found or single


def _youtube(path: list[str], query: dict[str, list[str]]) -> tuple[str, str]:
    account = path[0] if path and path[0].startswith("@") else ""
    return account, query.get("lc", [""])[0]


def _bluesky(path: list[str], _query: dict[str, list[str]]) -> tuple[str, str]:
    return _after(path, ("profile",)), _after(path, ("post",))


def _telegram(path: list[str], _query: dict[str, list[str]]) -> tuple[str, str]:
    path = path[1:] if path[:1] == ["s"] else path
    number = path[-1] if len(path) > 1 and path[-1].isdecimal() else ""
    return (path[0] if path else ""), number


def _preview(path: list[str], _query: dict[str, list[str]]) -> tuple[str, str]:
    return "", _after(path, ("preview",))


def _after(path: Sequence[str], words: tuple[str, ...]) -> str:
    for place, part in enumerate(path[:-1]):
        if part in words:
            return path[place + 1]
    return ""


_SITES: Final = (
    (("twitter.com", "x.com"), _x),
    (("tiktok.com", "threads.net", "threads.com"), _at_sign),
    (("instagram.com",), _instagram),
    (("facebook.com", "fb.com"), _facebook),
    (("youtube.com", "youtu.be"), _youtube),
    (("bsky.app",), _bluesky),
    (("t.me", "telegram.me"), _telegram),
    (("exportcomments.com",), _preview),
)
