"""How the published files are opened, repaired and brought into one shape."""

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import ftfy
import numpy as np
import numpy.typing as npt
import pandas as pd

from netralitas_nlp.errors import InputError
from netralitas_nlp.labels import LABELS
from netralitas_nlp.text.normalize import URL, USER, mask

Family = Literal["hate", "neutral", "support", "hoax"]
FloatArray = npt.NDArray[np.float64]

UNKNOWN: Final = float("nan")
"""A label that a set says nothing about: its loss is masked."""


@dataclass(frozen=True, slots=True)
class PublicSet:
    """One published set and the function that maps it to our labels.

    Attributes:
        name: Name of its folder below the folder of its family; also the ``source`` of its rows.
        family: ``hate``, ``neutral``, ``support`` or ``hoax``.
        read: Takes the data folder, returns what ``rows`` returns.
        release: Whether weights trained on it may be released by us.
    """

    name: str
    family: Family
    read: Callable[[Path], pd.DataFrame]
    release: bool = True


def rows(
    text: "pd.Series[str]",
    file: str,
    *,
    candidate_support: float | FloatArray = UNKNOWN,
    hate_speech: float | FloatArray = UNKNOWN,
    hoax: float | FloatArray = UNKNOWN,
    weight: float | FloatArray = 1.0,
    account: "pd.Series[str] | str" = "",
    date: "pd.Series[str] | str" = "",
    released: "bool | pd.Series[bool]" = True,
) -> pd.DataFrame:
    """Return one frame in the common shape.

    A row whose labels are all unknown is *left out*: it takes part in the search for copies, so
    that a later set cannot bring the same text back with a label, and is dropped after it.

    Args:
        text: Words of the author; the index is the place of the row in its file, from 0.
        file: Name of the file, for ``row_key``.
        candidate_support: 0, 1 or unknown.
        hate_speech: As above.
        hoax: As above.
        weight: Confidence in the labels, 0 to 1.
        account: Author as published; hashed when loaded.
        date: As published.
        released: Whether released weights may be trained on the row.
    """
    columns: dict[str, object] = {
        "row_key": [f"{file}:{number + 1}" for number in text.index],
        "text": text,
        "candidate_support": candidate_support,
        "hate_speech": hate_speech,
        "hoax": hoax,
        "weight": weight,
        "account": account,
        "date": date,
        "released": released,
    }
    frame = pd.DataFrame(columns, index=text.index)
    numbers = [*LABELS, "weight"]
    frame[numbers] = frame[numbers].astype("float64")
    return frame


def leave_out(frame: pd.DataFrame, where: "pd.Series[bool]") -> pd.DataFrame:
    """Return the frame with all labels unknown where the condition holds."""
    frame.loc[where, list(LABELS)] = UNKNOWN
    return frame


def choose(
    cases: Iterable[tuple["pd.Series[bool]", float, float]], *, length: int
) -> tuple[FloatArray, FloatArray]:
    """Return labels and weights by the first condition that holds; unknown where none does.

    Args:
        cases: Condition, label, weight.
        length: Rows.
    """
    conditions, labels, weights = [], [], []
    for condition, label, weight in cases:
        conditions.append(condition.to_numpy(dtype=bool))
        labels.append(np.full(length, label))
        weights.append(np.full(length, weight))
    return np.select(conditions, labels, UNKNOWN), np.select(conditions, weights, 0.0)


def read_table(
    path: Path, columns: Iterable[str], *, sep: str = ",", encoding: str = "utf-8-sig"
) -> pd.DataFrame:
    """Return a delimited file as text cells.

    Raises:
        InputError: The file is missing or lacks a column.
    """
    _must_exist(path)
    table = pd.read_csv(
        path,
        sep=sep,
        dtype=str,
        keep_default_na=False,
        encoding=encoding,
        encoding_errors="replace",
    )
    return _checked(table, path, columns)


def read_sheet(path: Path, columns: Iterable[str], *, sheet: str | int = 0) -> pd.DataFrame:
    """Return a sheet of a workbook as text cells; as ``read_table``."""
    _must_exist(path)
    table = pd.read_excel(path, sheet_name=sheet, dtype=str, engine="calamine")
    return _checked(table.fillna(""), path, columns)


def read_lines(path: Path, columns: Iterable[str]) -> pd.DataFrame:
    """Return a JSONL file as a frame; as ``read_table``."""
    _must_exist(path)
    return _checked(pd.read_json(path, lines=True, dtype=False), path, columns)


def _must_exist(path: Path) -> None:
    if not path.is_file():
        raise InputError("public_set_missing", file=path.name, folder=path.parent)


def _checked(table: pd.DataFrame, path: Path, columns: Iterable[str]) -> pd.DataFrame:
    wanted = list(columns)
    missing = [name for name in wanted if name not in table.columns]
    if missing:
        seen = ", ".join(map(str, table.columns))
        raise InputError(
            "public_set_columns", file=path, wanted=", ".join(wanted), missing=missing[0], seen=seen
        )
    return table


def numbers(table: pd.DataFrame, names: Iterable[str]) -> dict[str, "pd.Series[bool]"]:
    """Return columns of 0 and 1 as conditions."""
    return {name: table[name].str.strip() == "1" for name in names}


_ESCAPED_BYTES = re.compile(r"(?:\\x[0-9a-fA-F]{2})+")
_ESCAPED_UNIT = re.compile(r"(?:(?:\\|%)u[0-9a-fA-F]{4})+")
_ESCAPED_SPACE = re.compile(r"\\[nrt]")
_CUT_ESCAPE = re.compile(r"\\x[0-9a-fA-F]?(?![0-9a-fA-F])|\\+$")
_USER_WORD = re.compile(r"\[USERNAME\]|<USERNAME>|(?<![@\w])USER(?:NAME)?\b")
_URL_WORD = re.compile(
    r"\[URL\]|<URL>|(?<!\w)URL\b|\bpic\.twitter\.com/\w+|\bhttps?\b:?/{0,2}\W?(?=\s|$)"
)
_REST = re.compile(r"@(?!USER(?!\w))\w[\w.]*")
_DAMAGE = re.compile(r"ð[^\s\w]{0,4}|[Ðâï][\x80-\x9f]\S{0,2}|â€\S?|Ã\S|Â(?=\W|$)|ÔøΩ|�")
_GBK = re.compile(r"馃[\u3000-\u30ff\u4e00-\u9fff\ue000-\uf8ff]*")
_MAC = re.compile(r"(?:[\uf8ffü‚√][^\x00-\x7f]+)+")
_SPACE = re.compile(r"\s+")

MOST_LAYERS: Final = 8
"""Damage comes in layers (``&amp;amp;gt;``); more than three have not been seen."""


def clean(text: str) -> str:
    """Return the text as its author saw it, with persons and addresses masked.

    Undoes escapes, entities and mojibake, brings the sets' own placeholders to ours, masks
    handles, links, phone numbers and e-mail addresses, and folds white space. Idempotent.
    """
    for _ in range(MOST_LAYERS):
        cleaned = _cleaned_once(text)
        if cleaned == text:
            break
        text = cleaned
    return text


def _cleaned_once(text: str) -> str:
    if "&" in text:
        text = html.unescape(text)
    if "\\" in text or "%u" in text:
        text = _unescape(text)
    if not text.isascii():
        text = _GBK.sub(_from_gbk, _MAC.sub(_from_mac, ftfy.fix_encoding(text)))
        text = _DAMAGE.sub(" ", text)
    text = _URL_WORD.sub(URL, _USER_WORD.sub(USER, text))
    text = mask(text)
    if "@" in text:  # handles glued to a word or written in another script
        text = _REST.sub(f" {USER}", text)
    return _SPACE.sub(" ", text).strip()


def _from_gbk(match: re.Match[str]) -> str:
    return match[0].encode("gb18030", "ignore").decode("utf-8", "ignore")


def _from_mac(match: re.Match[str]) -> str:
    try:
        return match[0].encode("mac_roman").decode("utf-8")
    except UnicodeError:
        return match[0]


def _unescape(text: str) -> str:
    def decode_bytes(match: re.Match[str]) -> str:
        return bytes.fromhex(match[0].replace("\\x", "")).decode("utf-8", "ignore")

    def decode_units(match: re.Match[str]) -> str:
        raw = bytes.fromhex(re.sub(r"[\\%]u", "", match[0]))
        return raw.decode("utf-16-be", "ignore")

    text = _ESCAPED_UNIT.sub(decode_units, _ESCAPED_BYTES.sub(decode_bytes, text))
    return _CUT_ESCAPE.sub("", _ESCAPED_SPACE.sub(" ", text)).replace("\\/", "/")


def without_stray_quote(text: "pd.Series[str]") -> "pd.Series[str]":
    """Return texts without the closing ``'`` that marks a collection batch and leaks labels."""
    return text.str.replace(r"'\s*$", "", regex=True)


def without_links(text: "pd.Series[str]") -> "pd.Series[str]":
    """Return texts without links, where their presence gives the label away."""
    return text.str.replace(r"https?://\S+|\bt\.co/\S+", " ", regex=True)


def without_tags_in_half(text: "pd.Series[str]", tags: str) -> "pd.Series[str]":
    """Return texts without the hashtags that gave the label, in every second row."""
    second = pd.Series(np.arange(len(text)) % 2 == 0, index=text.index)
    return text.mask(second, text.str.replace(tags, " ", regex=True, flags=re.IGNORECASE))


_CHECKER_MARK = re.compile(
    r"^\s*(?:[\[(][^\])]{2,60}[\])]\s*)+|\[(?:arsip|sic|\.{3}|…)\]|\bnarasi\s*:|={3,}"
    r"|[\"“”„«»‘`]|(?<!\w)['’]|['’](?!\w)|…|\.{2,}",
    re.IGNORECASE,
)


def without_checker_marks(text: "pd.Series[str]") -> "pd.Series[str]":
    """Return texts without the typography of fact-checkers: tags, quotation marks, ellipses."""
    return text.str.replace(_CHECKER_MARK, " ", regex=True)


def opening(text: str, *, words: int) -> str:
    """Return the first sentences, at most so many words, so that length tells nothing."""
    kept = text.split()[:words]
    for last in range(len(kept) - 1, words // 2, -1):
        if kept[last][-1] in ".!?":
            return " ".join(kept[: last + 1])
    return " ".join(kept)
