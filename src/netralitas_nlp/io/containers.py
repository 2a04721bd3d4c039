"""From the name of a file to the raw tables inside it."""

from collections.abc import Mapping
from typing import BinaryIO, Final

from netralitas_nlp.errors import InputError
from netralitas_nlp.io.archives import gunzipped, zip_members
from netralitas_nlp.io.chats import chat_table
from netralitas_nlp.io.columnar import parquet_table
from netralitas_nlp.io.delimited import delimited_table
from netralitas_nlp.io.jsonlike import Format, json_table
from netralitas_nlp.io.sniff import Kind, Sniffed, require_readable, sniff
from netralitas_nlp.io.sources import Source, source_of
from netralitas_nlp.io.spreadsheet import workbook_tables
from netralitas_nlp.io.tables import Overrides, RawTable

SHOWN: Final = 12
"""Names of archive members that a message lists."""


def open_tables(
    path: str, *, overrides: Overrides | None = None, standard_input: BinaryIO | None = None
) -> list[RawTable]:
    """Return the raw tables of a file, at least one.

    Args:
        path: A file as the user named it, or ``-`` for standard input.
        overrides: What the user says about the file.
        standard_input: Stream read for ``-`` instead of ``sys.stdin``.

    Raises:
        InputError: Missing, a folder, empty, no records, no text, damaged at its root, locked,
            a bomb, or of a kind that is not read.
    """
    told = overrides if overrides is not None else Overrides()
    source = source_of(path, standard_input=standard_input)
    sniffed = sniff(source, encoding=told.encoding)
    if sniffed.kind is Kind.ZIP:
        return _zip_tables(source, told)
    if sniffed.kind is Kind.GZIP:
        source = gunzipped(source)
        sniffed = sniff(source, encoding=told.encoding)
        if sniffed.kind in (Kind.ZIP, Kind.GZIP):
            raise InputError("archive_nested", file=source.name, member=sniffed.kind)
    require_readable(source, sniffed)
    tables = _tables(source, sniffed, told)
    if not any(_has_records(table) for table in tables):
        columns = ", ".join(name for table in tables for name in table.columns)
        raise InputError("no_records", file=source.name, columns=columns)
    return tables


def _tables(source: Source, sniffed: Sniffed, told: Overrides) -> list[RawTable]:
    if sniffed.kind is Kind.XLSX:
        return workbook_tables(source, told)
    if sniffed.kind is Kind.PARQUET:
        return [parquet_table(source)]
    encoding = sniffed.encoding
    if encoding is None:
        raise InputError("input_binary", file=source.name, what=sniffed.kind)
    if sniffed.kind is Kind.WHATSAPP:
        return [chat_table(source, encoding)]
    if sniffed.kind is Kind.DELIMITED:
        return [delimited_table(source, encoding, told)]
    return [json_table(source, encoding, form=_JSON_FORMS[sniffed.kind])]


_JSON_FORMS: Final[Mapping[Kind, Format]] = {
    Kind.JSON: "json",
    Kind.JSONL: "jsonl",
    Kind.X_ARCHIVE: "x-archive",
}


def _zip_tables(source: Source, told: Overrides) -> list[RawTable]:
    """Return the tables of the members that look like exports; the others are named in a note."""
    sure: list[RawTable] = []
    unsure: list[RawTable] = []
    left: list[str] = []
    for member in zip_members(source):
        sniffed = sniff(member, encoding=told.encoding)
        if sniffed.kind in (Kind.ZIP, Kind.GZIP):
            raise InputError("archive_nested", file=source.name, member=member.name)
        if sniffed.kind in (Kind.EMPTY, Kind.FOREIGN):
            left.append(member.name)
            continue
        found = [table for table in _tables(member, sniffed, told) if _has_records(table)]
        if not found:
            left.append(member.name)
        # Text without a known header may be a note that lies beside the exports.
        (unsure if any(map(_is_doubtful, found)) else sure).extend(found)
    tables = sure or unsure
    if not tables:
        raise InputError("zip_without_export", file=source.name, names=_listed(left))
    if sure:
        left += [table.file for table in unsure]
    if left:
        tables[0].values["members_left_out"] = {"names": _listed(left), "count": len(left)}
        tables[0].notes["members_left_out"] = len(left)
        tables[0].begin_pass()
    return tables


def _is_doubtful(table: RawTable) -> bool:
    return table.format == "csv" and any(
        code in table.problems for code in ("header_absent", "header_guessed")
    )


def _has_records(table: RawTable) -> bool:
    """Say whether a table holds anything, broken rows included."""
    found = next(table.read(), None) is not None
    table.begin_pass()
    return found


def _listed(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
