"""The files that people open, made from the parts of a run: scored rows, rejects, the page."""

import json
from collections.abc import Callable, Sequence
from typing import BinaryIO

from netralitas_nlp.io.durable import whole_file
from netralitas_nlp.io.view_layout import ViewLayout, view_layout
from netralitas_nlp.io.writers import VIEW_COLUMNS, write_jsonl, write_views
from netralitas_nlp.labels import Language
from netralitas_nlp.policy.policies import Policy
from netralitas_nlp.scoring.contestants import write_contestants
from netralitas_nlp.scoring.parts import reject_line
from netralitas_nlp.scoring.run import REJECTS, REPORT, RunFolder
from netralitas_nlp.scoring.trouble import writing


def make_views(
    run: RunFolder,
    formats: Sequence[str],
    *,
    lang: Language,
    report: bool,
    policy: Policy | None = None,
    advance: Callable[[int], None],
) -> dict[str, int]:
    """Write the scored files, the rejects and the page.

    Args:
        run: A run whose rows are all scored, and whose manifest knows its counts.
        formats: Scored files to write.
        lang: Language of the page.
        report: Whether to write the page.
        policy: Wordings for the page; the packaged ones where ``None``.
        advance: Called with the number of rows of each batch written.

    Returns:
        Message codes of what a format could not hold, counted.

    Raises:
        RunError: The disk is full or read-only, or a part is damaged.
    """
    with writing(run.path):
        notes = write_views(
            run.path,
            formats,
            layout=layout(run),
            batches=lambda: run.batches(VIEW_COLUMNS),
            advance=advance,
        )
        with whole_file(run.path / REJECTS) as file:
            for reject in run.rejects():
                line = json.dumps(reject_line(reject), ensure_ascii=True)
                file.write(line.encode("ascii") + b"\n")
        named = write_contestants(run)
        if named:
            run.manifest["views"]["contestants"] = named
            run.save()
        if report:
            _write_report(run, lang, policy)
    views = run.manifest["views"]
    views["formats"] = sorted({*views.get("formats", ()), *formats})
    views["notes"] = {**views.get("notes", {}), **notes}
    if report:
        views["lang"] = lang
    return dict(notes)


def missing_views(
    run: RunFolder, formats: Sequence[str], *, lang: Language, report: bool
) -> tuple[tuple[str, ...], bool]:
    """Return the scored files that are not there, and whether the page has to be written."""
    absent = tuple(name for name in formats if not (run.path / f"scored.{name}").is_file())
    stale = not (run.path / REPORT).is_file() or run.manifest["views"].get("lang") != lang
    return absent, report and stale


def stream_jsonl(run: RunFolder, file: BinaryIO) -> None:
    """Write the scored rows as JSON lines to an open file, such as standard output."""
    write_jsonl(file, layout=layout(run), batches=lambda: run.batches(VIEW_COLUMNS))


def layout(run: RunFolder) -> ViewLayout:
    """Return the columns of the scored files of a run."""
    tables = [table for source in run.manifest["inputs"] for table in source["tables"]]
    return view_layout(
        [table["column_names"] for table in tables],
        types=[table["column_types"] for table in tables],
    )


def _write_report(run: RunFolder, lang: Language, policy: Policy | None) -> None:
    from netralitas_nlp.report.page import write_report

    write_report(run.path, out=run.path / REPORT, lang=lang, policy=policy)
