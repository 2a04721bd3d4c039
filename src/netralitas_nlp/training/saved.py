"""Folders that ``datasets`` has saved, as rows by split."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from datasets import Dataset, DatasetDict, load_from_disk

from netralitas_nlp.errors import InputError


def saved_parts(folder: Path) -> Mapping[str, Iterable[Mapping[str, Any]]]:
    """Return split name to rows of what ``save_to_disk`` wrote; the name is empty for one set.

    Raises:
        InputError: The folder is damaged.
    """
    try:
        loaded: Dataset | DatasetDict = load_from_disk(str(folder))
    except Exception as error:  # datasets raises those of arrow, of files and its own
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError("labelled_row", file=folder, row=1, reason=reason) from None
    return dict(loaded) if isinstance(loaded, DatasetDict) else {"": loaded}
