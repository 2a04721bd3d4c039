"""Roles of columns where no tool is recognised: by header words, and by what the values are."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from netralitas_nlp.io.ids import account_from_url, column_is_rounded, id_from_url, is_damaged
from netralitas_nlp.io.kinds import kind_of_word
from netralitas_nlp.io.looks import Look, look_at
from netralitas_nlp.io.meaning import KindRule, Meaning, Role
from netralitas_nlp.io.sample import Sample
from netralitas_nlp.io.vocabulary import folded, rank_of, role_of

_PERSONS: Final = frozenset(
    {
        "user",
        "author",
        "owner",
        "from",
        "account",
        "sender",
        "profile",
        "channel",
        "creator",
        "page",
    }
)
_ELSEWHERE: Final = (
    "reply",
    "replied",
    "retweet",
    "repost",
    "quote",
    "mention",
    "parent",
    "shared",
    "media",
    "entit",
    "place",
    "image",
    "video",
    "music",
    "referenced",
)
_REPLY_COLUMNS: Final = (
    "inreplyto",
    "replyto",
    "membalas",
    "balasanuntuk",
    "isreply",
    "parentid",
    "repliesto",
    "parentcommentid",
    "induk",
)
_REPOST_COLUMNS: Final = frozenset({"isretweet", "isrepost", "retweetedstatusid"})
_CLOCKS: Final = frozenset({"jam", "pukul", "waktu", "time", "hour"})
_DAYS: Final = frozenset({"tanggal", "tgl", "hari", "day", "date", "tanggalangka"})
_TRUE: Final = ("true", "1", "1.0", "yes", "ya", "t", "y")


@dataclass(frozen=True, slots=True)
class _Column:
    look: Look
    role: str | None
    rank: int

    @property
    def path(self) -> str:
        return self.look.path


def meaning_by_words(sample: Sample) -> Meaning:
    """Return what the columns of an unknown table mean, as far as they tell.

    Never text: sentiment and label columns, cleaned copies, keywords, profile texts. Of a text
    and its cleaned copy the raw one is taken, whatever the two are called.
    """
    columns = [_column(path, sample) for path in sample.paths()]
    text = _text(columns)
    url = _url(columns)
    roles: dict[Role, tuple[str, ...]] = {
        "text": (text.path,) if text else (),
        "parent_text": _parent_text(columns, text),
        "posted_at": _times(columns),
        "url": (url.path,) if url else (),
        "kind": tuple(c.path for c in columns if c.role == "kind" and _names_kinds(c)),
    }
    handle = _found(columns, "account")
    number = _found(columns, "id")
    behind = (f"{url.path}*",) if url else ()
    roles["account"] = (*(c.path for c in handle), *(behind if _any(url, account_from_url) else ()))
    roles["post_id"] = (*(c.path for c in number), *(behind if _any(url, id_from_url) else ()))
    zone = next((c.path for c in columns if folded(c.path) in ("timezone", "zonawaktu")), None)
    return Meaning(
        columns={role: sources for role, sources in roles.items() if sources},
        kinds=tuple(_kinds(columns, number)),
        default_kind="unknown",
        zone_column=zone,
    )


def likeliest_text(sample: Sample) -> str | None:
    """Return the column that looks most like what people write, whatever it is called."""
    looks = (look_at(path, sample.values(path)) for path in sample.paths())
    prose = [look for look in looks if look.filled and not look.not_words and look.mean_words >= 2]
    best = max(
        prose, key=lambda look: (look.mean_words * look.distinct, look.rawness), default=None
    )
    return best.path if best else None


def _column(path: str, sample: Sample) -> _Column:
    return _Column(look_at(path, sample.values(path)), _role(path), rank_of(_leaf(path)))


def _role(path: str) -> str | None:
    if path == "postUrl":
        # Spelled so it is the parent in comment exports; "post url" is the post itself.
        return "parent"
    whole = role_of(path)
    if whole or not ("." in path or "/" in path):
        return whole
    *above, leaf = path.replace("/", ".").split(".")
    parents = [folded(part) for part in above]
    if any(word in parent for parent in parents for word in _ELSEWHERE):
        return None
    role = role_of(leaf)
    if any(parent in _PERSONS for parent in parents):
        return role if role in ("account", "name") else None
    return role


def _leaf(path: str) -> str:
    return path if role_of(path) else path.replace("/", ".").rsplit(".", 1)[-1]


def _text(columns: Sequence[_Column]) -> _Column | None:
    for role in ("text", "title"):
        named = [c for c in columns if c.role == role and not c.look.not_words]
        if named:
            # A caption that stands beside each of its comments repeats; the comments do not.
            best = min(named, key=lambda c: (not c.look.filled, c.look.repeats, c.rank))
            return _raw_for(best, columns)
    return None


def _raw_for(best: _Column, columns: Sequence[_Column]) -> _Column:
    rivals = (c for c in columns if c is not best and c.role in ("text", None))
    others = [c for c in rivals if not c.look.not_words and c.look.is_raw_of(best.look)]
    return max(others, key=lambda c: c.look.rawness, default=best)


def _parent_text(columns: Sequence[_Column], text: _Column | None) -> tuple[str, ...]:
    named = [c for c in columns if c.role == "parent_text" and c.look.filled]
    beside = [
        c for c in columns
        if text and c is not text and c.role == "text" and c.look.repeats and not c.look.not_words
        and not text.look.repeats
    ]  # fmt: skip
    return tuple(c.path for c in sorted(named, key=lambda c: c.rank) + beside)


def _url(columns: Sequence[_Column]) -> _Column | None:
    named = [c for c in columns if c.role == "url" and c.look.addresses and not _is_page(c.look)]
    return min(named, key=lambda c: c.rank, default=None)


def _is_page(look: Look) -> bool:
    """Tell the address of a page with many comments from that of a single post."""
    videos = sum("youtube.com/watch" in cell and "lc=" not in cell for cell in look.filled)
    return look.repeats or videos * 2 > len(look.filled)


def _found(columns: Sequence[_Column], role: str) -> list[_Column]:
    named = [c for c in columns if c.role == role]
    if role == "account":
        # A number names an account only where no handle does.
        named = [c for c in named if c.look.mean_words < 6]
        named.sort(key=lambda c: (not c.look.filled, c.look.numeric, c.rank))
    else:
        named = [c for c in named if not c.look.repeats or _damaged(c.look)]
        named.sort(key=lambda c: (not c.look.filled, c.rank))
    return named


def _damaged(look: Look) -> bool:
    return any(map(is_damaged, look.filled)) or column_is_rounded(look.filled)


def _times(columns: Sequence[_Column]) -> tuple[str, ...]:
    together = _joined_date(columns)
    named = [c for c in columns if c.role == "time" and not (c.look.filled and c.look.clock_only)]
    named.sort(key=lambda c: (not c.look.filled, not c.look.times, c.rank))
    named = [c for c in named if c.look.times] or named[:1]
    return (*together, *(c.path for c in named if c.path not in "+".join(together).split("+")))


def _joined_date(columns: Sequence[_Column]) -> tuple[str, ...]:
    by_name = {folded(c.path): c for c in reversed(columns)}
    clock = next(
        (by_name[n].path for n in by_name if n in _CLOCKS and by_name[n].look.clock_only), None
    )
    month = next((by_name[n].path for n in ("bulan", "month") if n in by_name), None)
    year = next((by_name[n].path for n in ("tahun", "year") if n in by_name), None)
    day = next((by_name[n].path for n in by_name if n in _DAYS and _is_day(by_name[n].look)), None)
    if day and month and year:
        return ("+".join(part for part in (day, month, year, clock) if part),)
    dates = sorted(
        (c for c in columns if c.role == "time" and c.look.date_only), key=lambda c: c.rank
    )
    return (f"{dates[0].path}+{clock}",) if dates and clock else ()


def _is_day(look: Look) -> bool:
    return bool(look.filled) and all(
        c.isdecimal() and 1 <= int(c) <= 31 for c in look.filled if len(c) < 5
    )


def _kinds(columns: Sequence[_Column], numbers: Sequence[_Column]) -> Iterable[KindRule]:
    for column in columns:
        if folded(column.path) in _REPOST_COLUMNS:
            yield KindRule(kind="repost", when=column.path, equals=_TRUE)
    for column in columns:
        if folded(column.path).startswith(_REPLY_COLUMNS):
            yield KindRule(kind="reply", when=column.path)
    root = next(
        (c.path for c in columns if folded(c.path) in ("conversationid", "conversationidstr")), None
    )
    if root and numbers:
        yield KindRule(kind="reply", when=root, differs=numbers[0].path)


def _names_kinds(column: _Column) -> bool:
    return any(kind_of_word(cell) for cell in column.look.filled)


def _any(column: _Column | None, found: Callable[[str], str]) -> bool:
    return column is not None and any(found(cell) for cell in column.look.filled)
