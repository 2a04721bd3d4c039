"""Which text encoding a file is in, told from all of its bytes, and how to read it."""

import codecs
import io
import re
from dataclasses import dataclass
from typing import BinaryIO, Final

from netralitas_nlp.errors import InputError
from netralitas_nlp.io.sources import CHUNK, Source

HEAD: Final = 1 << 16
"""Bytes at the start of a file that decide between the UTF-16 forms."""

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_TEXT: Final = frozenset(
    {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"}
)

_MULTIBYTE: Final = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH: Final = re.compile(rb"[\x80-\xff]+")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes of a file become text.

    Attributes:
        name: Python's name of the encoding, as reported to the user.
        damaged: Whether some bytes do not fit it; they are read as U+FFFD and counted.
        foreign: Whether the file claims UTF-8 by a mark at its start but holds other bytes.
        nul: Whether NUL bytes occur.
    """

    name: str
    damaged: bool = False
    foreign: bool = False
    nul: bool = False


def encoding_of(source: Source, *, override: str | None = None) -> Encoding:
    """Return the encoding of a source.

    The order is: the user's word, a byte-order mark, UTF-16 without a mark, strict UTF-8, UTF-8
    with some damaged rows, cp1252. A mark does not prove UTF-8: a file that has the mark and no
    other UTF-8 in it is read byte by byte as latin-1, which loses nothing.

    Raises:
        InputError: Unknown encoding name, or a source that cannot be read.
    """
    with source.open() as stream:
        head = stream.read(HEAD)
        if override is not None:
            return Encoding(_chosen(override, head, source.name), damaged=True, nul=True)
        mark = next((name for bom, name in _BOMS if head.startswith(bom)), None)
        wide = mark if mark not in (None, "utf-8-sig") else _unmarked_utf16(head)
        if wide is not None:
            return Encoding(wide, damaged=True, nul=True)
        strict, nul = _strict_utf8(head, stream)
    name = mark or "utf-8"
    if strict:
        return Encoding(name, nul=nul)
    good, bad = _tally(source)
    if good > bad:
        return Encoding(name, damaged=True, nul=nul)
    if mark:
        return Encoding("latin-1", foreign=True, nul=nul)
    return Encoding("cp1252", damaged=True, nul=nul)


def open_text(source: Source, encoding: Encoding, *, newline: str = "") -> io.TextIOWrapper:
    """Start a pass over the text of a source, line ends untouched.

    Lines end at CR, LF and CRLF alike, or only at ``newline`` where it is given.
    ``stream.buffer`` is the byte stream, whose trouble tells why a packed file broke off.
    """
    stream = source.open()
    if encoding.foreign:
        stream.read(len(codecs.BOM_UTF8))
    return io.TextIOWrapper(stream, encoding=encoding.name, errors="replace", newline=newline)


def decoded_head(source: Source, encoding: Encoding, *, size: int) -> str:
    """Return the first ``size`` characters of a source.

    Raises:
        InputError: The bytes cannot be decoded at all.
    """
    with open_text(source, encoding) as text:
        try:
            return text.read(size)
        except UnicodeError:
            raise InputError(
                "encoding_mismatch", file=source.name, encoding=encoding.name
            ) from None


def _chosen(name: str, head: bytes, file: str) -> str:
    try:
        info = codecs.lookup(name)
        # Codecs such as zip or rot13 turn no text into bytes and are no text encodings.
        ok = isinstance("".encode(info.name), bytes) and info.name not in _NOT_TEXT
    except (LookupError, ValueError, TypeError):
        ok = False
    if not ok:
        raise InputError("encoding_unknown", file=file, encoding=name)
    marked = info.name == "utf-8" and head.startswith(codecs.BOM_UTF8)
    return "utf-8-sig" if marked else info.name


def _unmarked_utf16(head: bytes) -> str | None:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(len(head) // 2, 1)
    # Latin letters in UTF-16 have a NUL in every second byte, and nearly none in the others.
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _strict_utf8(head: bytes, rest: BinaryIO) -> tuple[bool, bool]:
    """Say whether every byte is UTF-8, and whether NUL bytes occur."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    strict, nul, chunk = True, False, head
    while chunk:
        nul = nul or b"\0" in chunk
        if strict and not (chunk.isascii() and decoder.getstate()[0] == b""):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                strict = False
        chunk = rest.read(CHUNK)
    if strict and decoder.getstate()[0]:
        strict = False
    return strict, nul


def _tally(source: Source) -> tuple[int, int]:
    """Count the well-formed UTF-8 sequences and the stray bytes among the non-ASCII bytes."""
    good = stray = 0
    carried = b""
    with source.open() as stream:
        if stream.peek(3)[:3] == codecs.BOM_UTF8:  # type: ignore[attr-defined]
            stream.read(3)
        while chunk := stream.read(CHUNK):
            data = carried + chunk
            # A sequence may be cut by the end of the chunk: it waits for the next one.
            cut = len(data) - next((n for n in (1, 2, 3) if data[-n:][:1] >= b"\xc2"), 0)
            body, carried = data[:cut], data[cut:]
            sequences = _MULTIBYTE.findall(body)
            good += len(sequences)
            stray += sum(map(len, _HIGH.findall(body))) - sum(map(len, sequences))
    return good + len(_MULTIBYTE.findall(carried)), stray + (
        not _MULTIBYTE.search(carried) and bool(carried)
    )
