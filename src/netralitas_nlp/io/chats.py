"""WhatsApp chat exports: plain text whose lines start with a date, in the phone's own spelling."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, time
from typing import Final, Literal

from netralitas_nlp.io.encodings import Encoding, open_text
from netralitas_nlp.io.lines import limited_lines
from netralitas_nlp.io.sources import Source, trouble_of
from netralitas_nlp.io.tables import RawRecord, RawTable
from netralitas_nlp.schema import MAX_RAW, Reject

Order = Literal["ymd", "dmy", "mdy"]

COLUMNS: Final = ("date", "time", "sender", "message", "notice")
"""``notice`` holds what WhatsApp itself wrote in place of a message: media left out, deleted."""

MAX_SENDER: Final = 120
"""Longest name before the first ``: `` in characters; WhatsApp allows 25, groups of names more."""

_MARKS: Final = "\u200e\u200f\u202a\u202b\u202c\ufeff"
_START: Final = re.compile(
    r"""
    [\u200e\u200f\u202a\u202b\u202c\ufeff]*\[?
    (?P<a>\d{1,4})(?P<sep>[./-])(?P<b>\d{1,2})(?P=sep)(?P<c>\d{1,4})
    ,?\s+(?:(?:pukul|at)\s+)?
    (?P<hour>\d{1,2})[.:](?P<minute>\d{2})(?:[.:](?P<second>\d{2}))?
    (?:\s?(?P<half>[ap])\.?\s?m\.?)?
    (?:\]\s?|\s[-\u2013]\s)
    (?P<rest>.*)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_SENDER: Final = re.compile(rf"([^:]{{1,{MAX_SENDER}}}):(?: (.*)|$)", re.DOTALL)
_EVENT: Final = re.compile(
    r"\b(?:changed (?:the (?:subject|group|description)|this group)|created group|membuat grup"
    r"|mengubah (?:subjek|nama|deskripsi|ikon))",
    re.IGNORECASE,
)
_NOTICE: Final = re.compile(
    r"""
    <(?:media\ omitted|media\ tidak\ disertakan|media\ dihilangkan|lampiran:[^>]*|attached:[^>]*)>
    | (?:image|video|audio|sticker|gif|document|contact\ card|video\ note|voice\ message)\ omitted
    | (?:gambar|video|audio|stiker|gif|dokumen|kartu\ kontak)\ (?:tidak\ disertakan|dihilangkan)
    | [^\n]{1,200}\ \((?:file\ attached|file\ terlampir|berkas\ terlampir)\)
    | (?:this\ message\ was\ deleted|you\ deleted\ this\ message)\.?
    | (?:pesan\ ini\ telah\ dihapus|anda\ (?:telah\ )?menghapus\ pesan\ ini)\.?
    """,
    re.VERBOSE | re.IGNORECASE,
)


def looks_like_chat(text: str) -> bool:
    """Say whether the first line of a text starts a chat message."""
    return _START.match(text.lstrip().partition("\n")[0]) is not None


def chat_table(source: Source, encoding: Encoding) -> RawTable:
    """Return the messages of a chat as a table with ``COLUMNS``.

    The order of day and month is decided once over the whole file: by a number above twelve,
    else by the order that lets time run backwards least, else day first.
    """
    table = RawTable(
        file=source.name,
        path=source.path,
        sheet=None,
        format="whatsapp",
        encoding=encoding.name,
        delimiter=None,
        header_row=None,
        columns=COLUMNS,
        read=lambda: iter(()),
        problems=Counter(whatsapp_private=1),
        notes=Counter(whatsapp_private=1),
    )
    order = _date_order(source, encoding)

    def read() -> Iterator[RawRecord | Reject]:
        return _records(source, encoding, order, table.begin_pass())

    table.read = read
    return table


@dataclass(slots=True)
class _Message:
    start: re.Match[str]
    lines: list[str] = field(default_factory=list)


def _records(
    source: Source, encoding: Encoding, order: Order, problems: Counter[str]
) -> Iterator[RawRecord | Reject]:
    row = 0
    with open_text(source, encoding) as stream:
        last: _Message | None = None
        for item in _messages(limited_lines(stream, file=source.name)):
            if isinstance(item, str):
                row += 1
                yield Reject(source.name, row, "reject_chat_no_start", raw=item[:MAX_RAW])
                continue
            if last is not None:
                record = _record(last, row + 1, order, problems)
                if record is not None:
                    row += 1
                    yield record
            last = item
        trouble = trouble_of(stream.buffer)
    if last is None:
        return
    if trouble is not None:
        raw = "".join([last.start.group(), *last.lines])[:MAX_RAW]
        yield Reject(source.name, row + 1, trouble.code, values=trouble.values, raw=raw)
        return
    record = _record(last, row + 1, order, problems)
    if record is not None:
        yield record


def _messages(lines: Iterable[str]) -> Iterator[_Message | str]:
    current: _Message | None = None
    for line in lines:
        match = _START.match(line)
        if match is not None:
            if current is not None:
                yield current
            current = _Message(match)
        elif current is not None:
            current.lines.append(line)
        elif line.strip(_MARKS + " \r\n"):
            yield line
    if current is not None:
        yield current


def _record(message: _Message, row: int, order: Order, problems: Counter[str]) -> RawRecord | None:
    body = "".join([message.start["rest"], *message.lines]).rstrip("\r\n").replace("\r\n", "\n")
    match = _SENDER.match(body)
    if match is None or _EVENT.search(match[1]):
        problems["whatsapp_system_lines"] += 1
        return None
    sender = match[1].strip(_MARKS + " ")
    text = (match[2] or "").strip(_MARKS)
    day, clock = _day(message.start, order), _clock(message.start)
    notice = _NOTICE.match(text)
    shown = ""
    # Words that only begin like a notice are the sender's own.
    if notice is not None and text[notice.end() :].strip(_MARKS)[:1] in ("", "\n"):
        shown, text = notice.group(), text[notice.end() :].strip(_MARKS + "\n ")
        problems["whatsapp_notices"] += 1
    fields = {"date": day, "time": clock, "sender": sender, "message": text, "notice": shown}
    return RawRecord(row, fields)


def _day(match: re.Match[str], order: Order) -> str:
    numbers = {"a": int(match["a"]), "b": int(match["b"]), "c": int(match["c"])}
    try:
        return date(*_year_month_day(numbers["a"], numbers["b"], numbers["c"], order)).isoformat()
    except ValueError:
        return match["sep"].join((match["a"], match["b"], match["c"]))


def _year_month_day(a: int, b: int, c: int, order: Order) -> tuple[int, int, int]:
    year, month, day = {"ymd": (a, b, c), "dmy": (c, b, a), "mdy": (c, a, b)}[order]
    return year + 2000 if year < 100 else year, month, day


def _clock(match: re.Match[str]) -> str:
    hour, minute, second = int(match["hour"]), int(match["minute"]), match["second"]
    if match["half"]:
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    try:
        moment = time(hour, minute, int(second or 0))
    except ValueError:
        return f"{match['hour']}:{match['minute']}"
    return moment.isoformat() if second else moment.isoformat("minutes")


def _date_order(source: Source, encoding: Encoding) -> Order:
    orders: tuple[Order, ...] = ("dmy", "mdy", "ymd")
    backwards: Counter[Order] = Counter()
    impossible: Counter[Order] = Counter()
    previous: dict[Order, date] = {}
    with open_text(source, encoding) as stream:
        for line in limited_lines(stream, file=source.name):
            match = _START.match(line)
            if match is None:
                continue
            for order in orders:
                found = _parsed(match, order)
                if found is None:
                    impossible[order] += 1
                    continue
                backwards[order] += found < previous.get(order, found)
                previous[order] = found
    return min(orders, key=lambda order: (impossible[order], backwards[order], orders.index(order)))


def _parsed(match: re.Match[str], order: Order) -> date | None:
    year_at = match["a"] if order == "ymd" else match["c"]
    other = match["c"] if order == "ymd" else match["a"]
    # The year has two or four digits, and only the year has four.
    if len(year_at) not in (2, 4) or len(other) > 2:
        return None
    try:
        found = date(*_year_month_day(int(match["a"]), int(match["b"]), int(match["c"]), order))
    except ValueError:
        return None
    # WhatsApp began in 2009: an earlier year is a day or a month misread.
    return found if 2009 <= found.year < 2100 else None
