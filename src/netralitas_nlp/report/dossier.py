"""The dossier of one account, and the sheet for the person concerned, written to files."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from netralitas_nlp.accounts import whole_run
from netralitas_nlp.errors import UsageError
from netralitas_nlp.io.durable import make_private_folder, write_whole
from netralitas_nlp.labels import Language
from netralitas_nlp.policy.policies import load_policy
from netralitas_nlp.pseudonyms import log_reveal, run_key
from netralitas_nlp.report.blocks import Paper
from netralitas_nlp.report.case import gather_case
from netralitas_nlp.report.clarification import clarification_paper
from netralitas_nlp.report.deadline import Deadline, deadline
from netralitas_nlp.report.dossier_blocks import dossier_paper
from netralitas_nlp.report.moments import WIB
from netralitas_nlp.report.paper_docx import paper_docx, require_docx
from netralitas_nlp.report.paper_html import paper_html
from netralitas_nlp.report.teller import Teller
from netralitas_nlp.scoring.trouble import writing

FORMATS: Final = ("html", "docx")
FOLDER: Final = "dossier"
"""Folder inside the run where dossiers go unless told otherwise."""


@dataclass(frozen=True, slots=True)
class DossierFiles:
    """What was written.

    Attributes:
        files: In the order of the formats, the dossier before the sheet.
        pseudonym: Of the account; the files are named after it.
        n_posts: Confirmed posts.
        due: Time left to report; nothing where the day of becoming known is not given.
    """

    files: tuple[Path, ...]
    pseudonym: str
    n_posts: int
    due: Deadline | None


def write_dossier(  # noqa: PLR0913 - one keyword per choice of the user
    run: str | Path,
    account: str,
    *,
    verdicts: str | Path,
    out: str | Path | None = None,
    formats: Sequence[str] = ("html",),
    sheet: bool = False,
    reveal: bool = False,
    reviewer_names: bool = False,
    known_on: date | None = None,
    captures: str | Path | None = None,
    policy_folders: Sequence[str | Path] = (),
    lang: Language = "id",
    today: date | None = None,
) -> DossierFiles:
    """Write the dossier of an account: its posts that a human confirmed, and nothing else.

    Args:
        run: Folder of a finished run.
        account: Handle, or the account's pseudonym in this run.
        verdicts: ``verdicts.jsonl``; the last word per post and label counts.
        out: Folder for the files; ``dossier`` inside the run where ``None``.
        formats: ``html``, ``docx`` (needs the extra ``docs``).
        sheet: Also write the neutral sheet for the person concerned.
        reveal: Print the name of the account; this is noted in ``reveal.log`` of the run first.
        reviewer_names: Print the names of reviewers instead of numbers.
        known_on: Day on which the event became known to whoever reports it.
        captures: CSV of screenshots: ``row_id,captured_at,sha256,file``.
        policy_folders: Folders with policy files of the user.
        lang: Language of the paper.
        today: Day of making, in WIB; the present one where ``None``.

    Raises:
        UsageError: A format is unknown, or ``known_on`` lies in the future.
        MissingExtraError: DOCX is wanted and python-docx is not installed.
        InputError: Account, verdicts or captures do not fit; see ``gather_case``.
        RunError: The run is foreign, incomplete or cannot be written.
    """
    wanted = known_formats(formats)
    day = today or datetime.now(WIB).date()
    due = deadline(known_on, today=day) if known_on else None
    opened = whole_run(run)
    case = gather_case(
        opened,
        account,
        verdicts=Path(verdicts),
        policy=load_policy(*policy_folders),
        key=run_key(opened.path),
        captures=Path(captures) if captures else None,
    )
    tell = Teller(case, lang, reveal=reveal, reviewer_names=reviewer_names)
    papers = {"dossier": dossier_paper(tell, today=day, due=due)}
    if sheet:
        papers["klarifikasi"] = clarification_paper(tell, today=day)
    contents = {
        f"{name}-{case.pseudonym}.{format_}": _content(paper, format_, lang)
        for format_ in wanted
        for name, paper in papers.items()
    }
    folder = Path(out) if out is not None else opened.path / FOLDER
    if reveal:
        command = ["netralitas", "dossier", str(run), case.pseudonym, "--reveal"]
        log_reveal(opened.path, shlex.join(command))
    with writing(folder):
        make_private_folder(folder)
        for name, content in contents.items():
            write_whole(folder / name, content)
    files = tuple(folder / name for name in contents)
    return DossierFiles(files, case.pseudonym, len(case.posts), due)


def known_formats(formats: Sequence[str]) -> tuple[str, ...]:
    """Return the formats wanted, each once.

    Raises:
        UsageError: One of them is unknown, or none is given.
        MissingExtraError: DOCX is wanted and python-docx is not installed.
    """
    wanted = tuple(dict.fromkeys(name.strip().lower() for name in formats if name.strip()))
    if not wanted or not set(wanted) <= set(FORMATS):
        raise UsageError("dossier_format", value=",".join(formats))
    if "docx" in wanted:
        require_docx()
    return wanted


def _content(paper: Paper, format_: str, lang: Language) -> bytes:
    return paper_html(paper, lang=lang) if format_ == "html" else paper_docx(paper)
