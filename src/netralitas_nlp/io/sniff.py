"""What a file is, told from its bytes and never from its extension."""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from netralitas_nlp.errors import InputError
from netralitas_nlp.io.archives import zip_names
from netralitas_nlp.io.chats import looks_like_chat
from netralitas_nlp.io.encodings import HEAD, Encoding, decoded_head, encoding_of
from netralitas_nlp.io.sources import Source, trouble_of


class Kind(StrEnum):
    """The containers that can be opened."""

    EMPTY = "empty"
    DELIMITED = "csv"
    JSON = "json"
    JSONL = "jsonl"
    X_ARCHIVE = "x-archive"
    WHATSAPP = "whatsapp"
    XLSX = "xlsx"
    PARQUET = "parquet"
    GZIP = "gz"
    ZIP = "zip"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What a file is.

    Attributes:
        kind: The container.
        encoding: Of text containers, else ``None``.
        what: Name of the foreign thing, where ``kind`` is ``FOREIGN``.
    """

    kind: Kind
    encoding: Encoding | None = None
    what: str = ""


SAMPLE: Final = 1 << 18
"""Characters at the start of a text that decide what it is."""

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC: Final = (
    (b"PAR1", Kind.PARQUET, ""),
    (b"\x1f\x8b", Kind.GZIP, ""),
    (_OLE, Kind.FOREIGN, "xls"),
    (b"%PDF", Kind.FOREIGN, "PDF"),
    (b"\x89PNG", Kind.FOREIGN, "PNG"),
    (b"\xff\xd8\xff", Kind.FOREIGN, "JPEG"),
    (b"GIF8", Kind.FOREIGN, "GIF"),
    (b"7z\xbc\xaf\x27\x1c", Kind.FOREIGN, "7z"),
    (b"Rar!", Kind.FOREIGN, "RAR"),
    (b"BZh", Kind.FOREIGN, "bzip2"),
    (b"\xfd7zXZ\0", Kind.FOREIGN, "xz"),
    (b"\x28\xb5\x2f\xfd", Kind.FOREIGN, "zstd"),
    (b"SQLite format 3\0", Kind.FOREIGN, "SQLite"),
)
_X_ARCHIVE: Final = re.compile(r"\s*(?:window\.)?YTD\.[\w.]+\s*=\s*[\[{]")
_HTML: Final = re.compile(r"\s*<(?:!doctype html|html|\?xml|head|body)\b", re.IGNORECASE)
_CONTROL: Final = bytes(set(range(32)) - {9, 10, 12, 13}) + b"\x7f"


def sniff(source: Source, *, encoding: str | None = None) -> Sniffed:
    """Return what a source is.

    Args:
        source: The bytes.
        encoding: Text encoding named by the user, which wins over what is found.

    Raises:
        InputError: The source cannot be read, or its encoding is unknown.
    """
    with source.open() as stream:
        head = stream.read(HEAD)
        trouble = trouble_of(stream)
    if not head and trouble is not None:
        raise InputError("archive_cut", file=source.name)
    if not head:
        return Sniffed(Kind.EMPTY)
    for magic, kind, what in _MAGIC:
        if head.startswith(magic):
            return Sniffed(kind, what=what)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed(source)
    if head[257:262] == b"ustar":
        return Sniffed(Kind.FOREIGN, what="tar")
    found = encoding_of(source, override=encoding)
    if _is_junk(head, found, told=encoding is not None):
        return Sniffed(Kind.FOREIGN, what="biner / binary")
    return _text_kind(decoded_head(source, found, size=SAMPLE), found)


def _packed(source: Source) -> Sniffed:
    names = zip_names(source)
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return Sniffed(Kind.XLSX)
    if "[Content_Types].xml" in names or "mimetype" in names:
        return Sniffed(Kind.FOREIGN, what="dokumen Office / Office document")
    return Sniffed(Kind.ZIP)


def _is_junk(head: bytes, found: Encoding, *, told: bool) -> bool:
    if told or found.name.startswith("utf-16") or found.name.startswith("utf-32"):
        return False
    control = len(head) - len(head.translate(None, _CONTROL))
    # Compressed or random bytes hold one control byte in nine and are never UTF-8; the worst
    # real text seen, cut down from UTF-16, holds one in forty-five.
    limit = 0.3 if found.name.startswith("utf-8") else 0.07
    return control > limit * len(head)


def _text_kind(text: str, encoding: Encoding) -> Sniffed:
    body = text.lstrip("\ufeff \t\r\n")
    if not body:
        return Sniffed(Kind.EMPTY)
    if _X_ARCHIVE.match(body):
        return Sniffed(Kind.X_ARCHIVE, encoding)
    if _HTML.match(body):
        return Sniffed(Kind.FOREIGN, what="HTML/XML")
    if body[0] == "[" and not looks_like_chat(body):
        return (
            Sniffed(Kind.JSON, encoding) if _opens_json(body) else Sniffed(Kind.DELIMITED, encoding)
        )
    if body[0] == "{":
        return Sniffed(_object_kind(body), encoding)
    if looks_like_chat(body):
        return Sniffed(Kind.WHATSAPP, encoding)
    return Sniffed(Kind.DELIMITED, encoding)


def _opens_json(body: str) -> bool:
    """Tell a JSON array from a line of prose or a table cell that starts with a bracket."""
    after = body[1:].lstrip()
    return (
        not after
        or after[0] in '[{"]'
        or re.match(r"-?\d|true\b|false\b|null\b", after) is not None
    )


def _object_kind(body: str) -> Kind:
    line, _, _ = body.partition("\n")
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        # A first line longer than the sample belongs to a line-by-line file of long records,
        # or to one object written without line breaks: both are read the same way.
        return Kind.JSON
    return Kind.JSONL


def require_readable(source: Source, sniffed: Sniffed) -> None:
    """Stop with the way out where a source is empty or of a kind that cannot be read.

    Raises:
        InputError: Empty, an old or locked workbook, an archive of another kind, or no text.
    """
    if sniffed.kind is Kind.EMPTY:
        raise InputError("input_empty", file=source.name)
    if sniffed.kind is Kind.FOREIGN:
        code = {"xls": "old_workbook", "HTML/XML": "input_markup"}.get(sniffed.what)
        if code is None:
            code = "input_packed" if sniffed.what in _PACKERS else "input_binary"
        raise InputError(code, file=source.name, what=sniffed.what)


_PACKERS: Final = frozenset({"7z", "RAR", "bzip2", "xz", "zstd", "tar"})
