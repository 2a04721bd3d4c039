"""Times of every tool as ISO 8601, with a zone only where the export has one."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final

from netralitas_nlp.schema import JsonValue

FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2100
"""Outside these years a number is not the time of a post."""

_MONTH_NAMES: Final = (
    "jan januari january",
    "feb februari february peb pebruari",
    "mar maret march mrt",
    "apr april",
    "mei may",
    "jun juni june",
    "jul juli july",
    "agu agt ags agustus aug august agust",
    "sep sept september",
    "okt oktober oct october",
    "nov november nop nopember",
    "des desember dec december",
)
_MONTHS: Final = {
    name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()
}

_ZONES: Final = {
    **{"z": 0, "utc": 0, "gmt": 0, "wib": 7, "wita": 8, "wit": 9},
    **{"se asia standard time": 7, "singapore standard time": 8, "tokyo standard time": 9},
    **{"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7},
}
"""Hours from UTC. The Windows names are what twint writes; the American ones CrowdTangle's."""

_CLOCK: Final = (
    r"(?P<h>\d{1,2})[:.](?P<mi>\d{2})(?:[:.](?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"\s*(?P<ap>[AaPp]\.?\s?[Mm]\.?)?"
)
_ZONE: Final = r"(?P<z>[A-Za-z][A-Za-z ]*|\(?(?:UTC|GMT)?[+-]\d{1,2}:?\d{2}\)?)?"
_TAIL: Final = rf"(?:[\sT,|]*\(?{_CLOCK}\)?)?\s*{_ZONE}"
_DAY_NAME: Final = r"(?:[A-Za-z']{3,9}\.?,?\s+)?"
_YEAR: Final = r"(?P<y>\d{4}|\d{2})(?!\d)"
_NAME: Final = r"(?P<name>[A-Za-z]{3,9})\.?"

_ISO: Final = re.compile(rf"(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}}){_TAIL}")
_NUMERIC: Final = re.compile(
    rf"{_DAY_NAME}(?P<a>\d{{1,2}})\s*[/.\- ]\s*(?P<b>\d{{1,2}})\s*[/.\- ]\s*{_YEAR}{_TAIL}"
)
_NAMED: Final = re.compile(rf"{_DAY_NAME}(?P<d>\d{{1,2}})[\s\-/.]*{_NAME}[\s\-/.,]*{_YEAR}{_TAIL}")
_AMERICAN: Final = re.compile(
    rf"{_DAY_NAME}{_NAME}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}}){_TAIL}"
)
_X_STYLE: Final = re.compile(
    r"[A-Z][a-z]{2} (?P<name>[A-Z][a-z]{2}) (?P<d>\d{1,2}) "
    r"(?P<h>\d{2}):(?P<mi>\d{2}):(?P<s>\d{2}) (?P<z>[+-]\d{4}|UTC) (?P<y>\d{4})"
)
_EPOCH: Final = re.compile(r"(?P<n>\d{9,16})(?:\.\d+)?")
_OFFSET: Final = re.compile(r"(?:utc|gmt)?([+-])(\d{1,2}):?(\d{2})")
_UNIT: Final = (
    r"(?:detik|menit|jam|hari|minggu|bulan|tahun|mnt|thn|bln"
    r"|second|minute|hour|day|week|month|year)s?"
)
_RELATIVE: Final = re.compile(
    rf"(?:\d+|satu|an?)?\s*(?:se)?{_UNIT}\s+(?:(?:yang|yg)\s+)?(?:lalu|ago)\b.*"
    r"|\d+\s*(?:s|m|h|d|w|y|j|mg|mgg|th|dtk|hr)"
    r"|(?:kemarin|yesterday|hari ini|baru saja|just now).*",
    re.IGNORECASE | re.DOTALL,
)
_SLASHED: Final = re.compile(
    r"\s*(\d{1,2})[/.\-](\d{1,2})[/.\-](?:\d{4}|\d{2})(?!\d)(.*)", re.DOTALL
)
_LONGEST: Final = 64


def iso_time(value: JsonValue, *, zone: str | None = None, month_first: bool = False) -> str:
    """Return a time as ISO 8601, or an empty string where it is relative or unreadable.

    Args:
        value: A cell, a JSON string, or seconds, milliseconds or microseconds since 1970.
        zone: Zone of times that carry none: ``UTC``, ``WIB``, ``+07:00`` …; ``None`` leaves
            them without.
        month_first: Read ``3/4/2025`` as 4 March; the column decides, see ``is_month_first``.
    """
    if isinstance(value, bool) or value is None or isinstance(value, list | dict):
        return ""
    if isinstance(value, int | float):
        return _from_epoch(float(value))
    if len(value) > _LONGEST * 4:
        return ""
    return _iso(value, zone, month_first)


def is_relative(value: JsonValue) -> bool:
    """Say whether a time only counts back from an unknown day (``3 minggu yang lalu``)."""
    return isinstance(value, str) and _RELATIVE.fullmatch(value.strip()[:_LONGEST]) is not None


def is_month_first(values: Iterable[str]) -> bool | None:
    """Return the order of slashed dates that a column proves.

    Returns:
        ``True`` month first, ``False`` day first, ``None`` where every field is below 13.
        A column that proves both counts as day first, the custom here.
    """
    proof: bool | None = None
    for value in values:
        found = _SLASHED.match(value)
        if not found:
            continue
        first, second = int(found[1]), int(found[2])
        if first > 12:
            return False
        if second > 12:
            proof = True
    return proof


def is_slashed(value: str) -> bool:
    """Say whether a date is written in numbers with the year last."""
    return _SLASHED.match(value) is not None


def joined(values: Sequence[str]) -> str:
    """Return a date that lies in several columns as one string that ``iso_time`` reads.

    Args:
        values: Date and clock, or day, month, year and clock, in the order of the columns.
    """
    cells = [value.strip() for value in values if value.strip()]
    if len(cells) >= 2 and ":" in cells[-1]:
        # Spreadsheets give a date midnight, and a clock a day of its own (1899-12-31).
        cells[0] = re.sub(r"[T ]00:00(:00(\.0+)?)?$", "", cells[0])
        cells[-1] = re.sub(r"^(1899|1900)-\d\d-\d\d[T ]", "", cells[-1])
    return " ".join(cells)


@lru_cache(maxsize=4096)
def _iso(value: str, zone: str | None, month_first: bool) -> str:
    text = (
        value.replace("\u202f", " ").replace("\u00a0", " ").replace("\u200e", "").strip().strip('"')
    )
    if not text or len(text) > _LONGEST:
        return ""
    epoch = _EPOCH.fullmatch(text)
    if epoch:
        return _from_epoch(float(text))
    for pattern in (_X_STYLE, _ISO, _NUMERIC, _NAMED, _AMERICAN):
        found = pattern.fullmatch(text)
        if found:
            return _written(found.groupdict(), zone, month_first)
    return ""


def _written(parts: dict[str, str | None], zone: str | None, month_first: bool) -> str:
    date = _date(parts, month_first)
    if date is None:
        return ""
    hour, minute, second = (int(parts[key] or 0) for key in ("h", "mi", "s"))
    meridiem = (parts.get("ap") or "").casefold()
    if meridiem and 1 <= hour <= 12:
        hour = hour % 12 + (12 if meridiem.startswith("p") else 0)
    fraction = int((parts.get("f") or "0").ljust(6, "0")[:6])
    try:
        moment = datetime(*date, hour, minute, second, fraction)
    except ValueError:
        return ""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return ""
    if parts["h"] is None and not parts.get("z"):
        return moment.date().isoformat()
    offset = _offset(parts.get("z") or "") or _offset(zone or "")
    return (moment if offset is None else moment.replace(tzinfo=offset)).isoformat()


def _date(parts: dict[str, str | None], month_first: bool) -> tuple[int, int, int] | None:
    year = int(parts["y"] or 0)
    year += 2000 if year < 100 else 0
    if parts.get("name"):
        month = _MONTHS.get((parts["name"] or "").casefold())
        return (year, month, int(parts["d"] or 0)) if month else None
    if parts.get("m"):
        return year, int(parts["m"] or 0), int(parts["d"] or 0)
    first, second = int(parts["a"] or 0), int(parts["b"] or 0)
    # A field above 12 can only be the day, whatever the column does.
    if second > 12 or (month_first and first <= 12):
        first, second = second, first
    return year, second, first


def _offset(word: str) -> timezone | None:
    word = " ".join(word.casefold().strip("() ").split())
    if word in _ZONES:
        return timezone(timedelta(hours=_ZONES[word]))
    found = _OFFSET.fullmatch(word)
    if not found or int(found[2]) > 14 or int(found[3]) > 59:
        return None
    sign = -1 if found[1] == "-" else 1
    return timezone(sign * timedelta(hours=int(found[2]), minutes=int(found[3])))


def _from_epoch(number: float) -> str:
    # 10^11 seconds lie in the year 5138: larger numbers count milli- or microseconds.
    if not abs(number) < 1e17:
        return ""
    seconds = number / 1e6 if number > 1e14 else number / 1e3 if number > 1e11 else number
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return ""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return ""
    return moment.isoformat(timespec="microseconds" if moment.microsecond else "seconds")
