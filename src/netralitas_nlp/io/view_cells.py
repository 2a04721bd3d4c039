"""One cell on its way out: as text, as valid Unicode, harmless in a spreadsheet."""

import json
import re
from typing import Final

from netralitas_nlp.schema import JsonValue

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
_SURROGATE = re.compile("[\ud800-\udfff]")

_LEADING = r"\s\x00-\x1f'\"`\u00b4\u2018-\u201f\u2032\u2033\uff02\uff07\u200b-\u200f\u2060\ufeff"
_OPERATORS = r"=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212"
_RUNS = re.compile(rf"[\t\r\n]|[{_LEADING}]*[{_OPERATORS}]")
"""What a spreadsheet may take for a formula. Some programs drop leading blanks, quotes and
invisible characters, and some read full-width signs as plain ones (OWASP, CSV injection)."""


def harmless(text: str) -> str:
    """Return text that a spreadsheet shows and never runs: ``'`` before what looks like a formula.

    Reversible: ``original`` gives back what was there.
    """
    return "'" + text if _RUNS.match(text) else text


def original(cell: str) -> str:
    """Return what ``harmless`` was given."""
    return cell[1:] if cell.startswith("'") and _RUNS.match(cell[1:]) else cell


def as_text(value: JsonValue) -> str:
    """Return a value as the text of a cell; nothing becomes an empty cell, nesting JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value, ensure_ascii=False)


def without_surrogates(text: str) -> str:
    """Return text that UTF-8 can hold: half of a surrogate pair becomes U+FFFD."""
    return _SURROGATE.sub(REPLACEMENT, text)


def utf8(text: str) -> bytes:
    """Return the bytes of text, damaged characters replaced by U+FFFD."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return without_surrogates(text).encode("utf-8")
