"""JSON in all its wrappings: arrays, objects, one object per line, objects in a row, X archives."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final, Literal, TextIO

from netralitas_nlp.io.encodings import Encoding, open_text
from netralitas_nlp.io.lines import limited_lines, next_text
from netralitas_nlp.io.sources import Source
from netralitas_nlp.io.tables import RawRecord, RawTable
from netralitas_nlp.io.tails import without_cut_tail
from netralitas_nlp.schema import MAX_RAW, JsonValue, Reject

Format = Literal["json", "jsonl", "x-archive"]

READ: Final = 1 << 20
"""Characters read at a time."""

MAX_DOCUMENT: Final = 1 << 29
"""Most characters of one document (512 Mi), which is held in memory while it is read."""

LOOKED_AT: Final = 200
"""First records whose keys become the columns."""

_SPACE: Final = re.compile(r"[ \t\r\n\ufeff]*")
_GAP: Final = re.compile(r"[ \t\r\n\ufeff,;\x1e]*")
_CUT: Final = 16
"""An error this close to the end of what has been read may be a value that is not all there."""


def json_table(source: Source, encoding: Encoding, *, form: Format) -> RawTable:
    """Return the top-level documents of a JSON text as records.

    Array items, lines or the single object are the records; lists inside them stay as they are.
    Integers are exact, ``NaN`` and ``Infinity`` become null, lone surrogates are kept.
    """
    table = RawTable(
        file=source.name,
        path=source.path,
        sheet=None,
        format=form,
        encoding=encoding.name,
        delimiter=None,
        header_row=None,
        columns=(),
        read=lambda: iter(()),
    )

    def read() -> Iterator[RawRecord | Reject]:
        return _rows(source, encoding, form, table.begin_pass())

    table.read = read
    table.columns = _columns(read())
    table.problems.clear()
    return table


def _columns(items: Iterator[RawRecord | Reject]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for item in islice(items, LOOKED_AT):
        if isinstance(item, RawRecord):
            names.update(dict.fromkeys(item.fields))
    return tuple(names)


def _rows(
    source: Source, encoding: Encoding, form: Format, problems: Counter[str]
) -> Iterator[RawRecord | Reject]:
    with open_text(source, encoding) as stream:
        if form == "jsonl":
            items = _lines(stream, source.name, problems)
        else:
            items = _documents(stream, source.name)
        if source.seekable:
            yield from items
        else:
            yield from without_cut_tail(items, stream=stream.buffer, file=source.name)


def _lines(stream: TextIO, file: str, problems: Counter[str]) -> Iterator[RawRecord | Reject]:
    row = 0
    for number, line in enumerate(limited_lines(stream, file=file), start=1):
        text = line.strip(" \t\r\n\ufeff\x1e\0")
        if not text:
            problems["blank_lines"] += 1
            continue
        row += 1
        try:
            value = _DECODER.decode(text.rstrip(","))
        except json.JSONDecodeError as error:
            yield _broken(file, row, text, line=number, column=error.colno, left=len(text))
        except (RecursionError, ValueError):
            yield Reject(file, row, "reject_json_depth", {"line": number}, text[:MAX_RAW])
        else:
            yield _record(file, row, value, text)


class _Scanner:
    """Reads one value after another from a stream, with only the current one in memory."""

    def __init__(self, stream: TextIO, *, file: str) -> None:
        self._stream = stream
        self._file = file
        self._text = ""
        self._at = 0
        self._line = 1
        self._ended = False

    def skip(self, gap: re.Pattern[str]) -> str:
        """Skip what stands between values; return the next character, empty at the end."""
        while True:
            match = gap.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text) or self._ended:
                return self._text[self._at : self._at + 1]
            self._more()

    def step(self) -> None:
        """Pass one character."""
        self._at += 1

    def past(self, sign: str) -> bool:
        """Go to the next ``sign``; return whether there is one."""
        while (found := self._text.find(sign, self._at)) < 0:
            if self._ended:
                return False
            self._more()
        self._at = found
        return True

    def value(self) -> JsonValue:
        """Return the next value.

        Raises:
            json.JSONDecodeError: Not JSON, or cut off; ``rest`` gives what remains.
            RecursionError: Nested deeper than the machine can follow.
        """
        while True:
            try:
                value: JsonValue
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._ended or not self._may_be_cut(error):
                    raise
            else:
                # A number at the edge of what has been read may go on.
                if end < len(self._text) or self._ended:
                    self._at = end
                    return value
            self._more()

    def rest(self) -> tuple[str, int, int]:
        """Return the start of what remains, its line and its length, and go to the end."""
        line = self._line + self._text.count("\n", 0, self._at)
        raw, length = self._text[self._at : self._at + MAX_RAW], len(self._text) - self._at
        while chunk := next_text(self._stream, READ, file=self._file):
            length += len(chunk)
            raw = raw if len(raw) >= MAX_RAW else (raw + chunk)[:MAX_RAW]
        self._text, self._at, self._ended = "", 0, True
        return raw, line, length

    def _may_be_cut(self, error: json.JSONDecodeError) -> bool:
        held = len(self._text) - self._at
        near_end = error.pos >= len(self._text) - _CUT
        return held <= MAX_DOCUMENT and (near_end or error.msg.startswith("Unterminated string"))

    def _more(self) -> None:
        # What is held doubles, so that a document of any size is scanned a few times only.
        held = self._text[self._at :]
        self._line += self._text.count("\n", 0, self._at)
        chunk = next_text(self._stream, max(READ, len(held)), file=self._file)
        self._ended = not chunk
        self._text, self._at = held + chunk, 0


def _documents(stream: TextIO, file: str) -> Iterator[RawRecord | Reject]:
    scanner = _Scanner(stream, file=file)
    first = scanner.skip(_SPACE)
    if first and first not in "[{":
        # ``window.YTD.tweets.part0 = [``: the archive's value starts at the first bracket.
        scanner.past("=")
        scanner.step()
        first = scanner.skip(_SPACE)
    if first == "[":
        scanner.step()
    row = 0
    while True:
        sign = scanner.skip(_GAP)
        if sign == "]" and first == "[":
            scanner.step()
            # A second array may follow, where files were joined.
            sign = scanner.skip(_GAP)
            if sign == "[":
                scanner.step()
                continue
            if not sign:
                return
            first = ""
        if not sign:
            if first == "[":
                yield Reject(file, row + 1, "reject_json_cut", {"after": row})
            return
        row += 1
        try:
            value = scanner.value()
        except json.JSONDecodeError as error:
            raw, line, left = scanner.rest()
            yield _broken(file, row, raw, line=line, column=error.colno, left=left)
            return
        except (RecursionError, ValueError):
            raw, line, _ = scanner.rest()
            yield Reject(file, row, "reject_json_depth", {"line": line}, raw)
            return
        yield _record(file, row, value, None)


def _record(file: str, row: int, value: JsonValue, raw: str | None) -> RawRecord | Reject:
    if isinstance(value, dict):
        return RawRecord(row, value)
    if isinstance(value, str):
        return RawRecord(row, {"text": value})
    shown = raw if raw is not None else json.dumps(value, ensure_ascii=False)
    return Reject(file, row, "reject_json_no_object", raw=shown[:MAX_RAW])


def _broken(file: str, row: int, raw: str, *, line: int, column: int, left: int) -> Reject:
    values = {"line": line, "column": column, "left": left}
    return Reject(file, row, "reject_json_broken", values, raw[:MAX_RAW])


def _no_number(_: str) -> None:
    return None


_DECODER: Final = json.JSONDecoder(strict=False, parse_constant=_no_number)
