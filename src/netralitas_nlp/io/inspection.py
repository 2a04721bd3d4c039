"""What a file turned out to be: one report per table, after one pass over its rows."""

from collections import Counter
from dataclasses import asdict, dataclass

from netralitas_nlp.errors import phrase
from netralitas_nlp.io.estimate import Estimate, estimate
from netralitas_nlp.io.presets import released_presets
from netralitas_nlp.io.readers import is_headerless, knows_text, open_export
from netralitas_nlp.io.tables import Overrides, Table
from netralitas_nlp.labels import Language
from netralitas_nlp.schema import JsonValue, Reject


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that had to be done, or could not be, while reading.

    Attributes:
        code: Key of the words in the catalogue.
        count: How often.
        text: The words, in the language asked for.
    """

    code: str
    count: int
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """One table of a file.

    Attributes:
        file: As the user gave it, with ``!member`` for a member of an archive.
        sheet: Worksheet, if any.
        format: Of the container.
        encoding: Of the text, ``None`` for binary containers.
        tool: Name of the tool that wrote it, ``None`` where only the headers told.
        n_records: Posts and rejects.
        n_empty_text: Posts without text.
        n_rejects: Rows that could not be read.
        columns: Role to source column, ``None`` where there is none.
        problems: What was noticed.
        estimate: Cost of scoring.
        text_known: Whether ``score`` would go on without ``--text-col``.
    """

    file: str
    sheet: str | None
    format: str
    encoding: str | None
    tool: str | None
    n_records: int
    n_empty_text: int
    n_rejects: int
    columns: dict[str, str | int | None]
    problems: tuple[Problem, ...]
    estimate: Estimate
    text_known: bool

    def as_json(self) -> dict[str, JsonValue]:
        """Return the report as ``inspect --json`` prints it."""
        data: dict[str, JsonValue] = asdict(self)
        data["problems"] = [asdict(problem) for problem in self.problems]
        return data


def inspected(path: str, *, overrides: Overrides, lang: Language) -> list[Report]:
    """Return a report on each table of a file. Every row is read, none is kept.

    Raises:
        InputError: The file cannot be read at all.
    """
    return [_report(table, overrides, lang) for table in open_export(path, overrides=overrides)]


def _report(table: Table, overrides: Overrides, lang: Language) -> Report:
    records = empty = rejects = characters = 0
    for row in table:
        records += 1
        if isinstance(row, Reject):
            rejects += 1
        elif row.text.strip():
            characters += len(row.text)
        else:
            empty += 1
    texts = records - rejects - empty
    return Report(
        file=table.raw.file,
        sheet=table.raw.sheet,
        format=table.raw.format,
        encoding=table.raw.encoding,
        tool=_title(table),
        n_records=records,
        n_empty_text=empty,
        n_rejects=rejects,
        columns=_columns(table),
        problems=problems_of(table, lang=lang),
        estimate=estimate(n_records=records, n_texts=texts, n_characters=characters),
        text_known=knows_text(table, overrides),
    )


def problems_of(table: Table, *, lang: Language) -> tuple[Problem, ...]:
    """Return what was noticed in a table, once its rows were read, most frequent first."""
    counts: Counter[str] = Counter(table.raw.problems)
    counts.update(table.problems)
    found = []
    for code, count in counts.most_common():
        if count > 0:
            values = {"count": count, **table.raw.values.get(code, {})}
            found.append(Problem(code, count, phrase(code, "text", lang=lang, **values)))
    return tuple(found)


def _title(table: Table) -> str | None:
    return released_presets()[table.preset].title if table.preset else None


def _columns(table: Table) -> dict[str, str | int | None]:
    columns: dict[str, str | int | None] = asdict(table.columns)
    if is_headerless(table.raw):
        # Numbers, not names: a column called "0" would be something else.
        return {
            role: int(c) if isinstance(c, str) and c.isdecimal() else c
            for role, c in columns.items()
        }
    return columns
