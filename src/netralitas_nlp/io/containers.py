"""From the name of a file to the raw tables inside it."""

from dataclasses import replace
from itertools import islice
from typing import BinaryIO, cast

from netralitas_nlp.errors import InputError
from netralitas_nlp.io.archives import gunzipped, zip_members
from netralitas_nlp.io.chats import chat_table
from netralitas_nlp.io.columnar import parquet_table
from netralitas_nlp.io.delimited import delimited_table
from netralitas_nlp.io.headers import folded_names_known
from netralitas_nlp.io.jsonlike import Format, json_table
from netralitas_nlp.io.sniff import Kind, Sniffed, require_readable, sniff
from netralitas_nlp.io.sources import Source, source_of
from netralitas_nlp.io.spreadsheet import workbook_tables
from netralitas_nlp.io.tables import Overrides, RawTable


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
