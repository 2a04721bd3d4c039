"""What ``netralitas evaluate`` writes: figures as JSON, and one page over all of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netralitas_nlp.errors import UsageError
from netralitas_nlp.labels import Language


@dataclass(frozen=True, slots=True)
class Measured:
    """What one mode found.

    Attributes:
        name: Of its file, without ``.json``.
        figures: What the file holds.
        lines: What is printed of it.
    """

    name: str
    figures: Mapping[str, Any]
    lines: Sequence[str] = ()


def write_figures(path: Path, figures: Mapping[str, Any]) -> Path:
    """Write figures as JSON and return where they lie.

    Raises:
        UsageError: The folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError("report_unwritable", file=path, reason=error.strerror) from None
    return path


def write_page(folder: Path, lang: Language) -> Path:
    """Write the page over everything that lies in the folder, whichever run wrote it.

    Raises:
        UsageError: The folder cannot be written.
    """
    from netralitas_nlp.report.evaluation import PAGE, write_evaluation_page

    try:
        return write_evaluation_page(folder, lang=lang)
    except OSError as error:
        raise UsageError("report_unwritable", file=folder / PAGE, reason=error.strerror) from None
