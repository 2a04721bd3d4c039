"""The sets on hate, abuse and toxicity, mapped to ``hate_speech``.

None of them uses our definition. A 1 needs a ground (belief, origin, gender, disability or a
political camp used as a slur); profanity and insults to one person are 0. They say nothing about
the other two labels.
"""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from netralitas_nlp.training.sources.common import (
    UNKNOWN,
    FloatArray,
    PublicSet,
    choose,
    leave_out,
    numbers,
    read_sheet,
    read_table,
    rows,
    without_links,
    without_stray_quote,
)
from netralitas_nlp.training.sources.words import CAMP, DISABILITY, IDENTITY, SLUR, holds

_HS = ("HS", "Abusive", "HS_Individual", "HS_Group", "HS_Religion", "HS_Race", "HS_Physical")
_HS_COLUMNS = ("Tweet", *_HS, "HS_Gender", "HS_Other")


def _ibrohim_2019(data: Path) -> pd.DataFrame:
    path = data / "hate/ibrohim-budi-2019-multilabel/re_dataset.csv"
    table = read_table(path, _HS_COLUMNS, encoding="latin-1")
    label, weight = _hs_label(table, good=1.0, grounds=(CAMP, IDENTITY))
    text = without_stray_quote(table["Tweet"])
    return rows(text, path.name, hate_speech=label, weight=weight)


def _hs_label(
    table: pd.DataFrame, *, good: float, grounds: tuple[re.Pattern[str], ...]
) -> tuple[FloatArray, FloatArray]:
    flags = numbers(table, _HS_COLUMNS[1:])
    text, hs, abusive = table["Tweet"], flags["HS"], flags["Abusive"]
    protected = hs & (flags["HS_Religion"] | flags["HS_Race"] | flags["HS_Gender"])
    physical = hs & ~protected & flags["HS_Physical"]
    other = hs & ~protected & ~flags["HS_Physical"]
    group_slur = other & flags["HS_Group"] & abusive
    cases = [
        (protected, 1.0, good),
        (physical & holds(text, DISABILITY), 1.0, 0.6),
        (physical, 0.0, 0.4),
        (group_slur & holds(text, *grounds), 1.0, 0.7),
        (group_slur, UNKNOWN, 0.0),
        (other & flags["HS_Individual"] & abusive, 0.0, 0.4),
        (other, UNKNOWN, 0.0),  # three in four are political criticism or a demand
        (~hs, 0.0, 1.0),
    ]
    return choose(cases, length=len(table))


def _ibrohim_2018(data: Path) -> pd.DataFrame:
    path = data / "hate/ibrohim-budi-2018-abusive/re_dataset_three_labels.csv"
    table = read_table(path, ["Label", "Tweet"], encoding="latin-1")
    # Label 3 takes the label that the same text has in the 2019 set, which comes first.
    cases = [(table["Label"].str.strip().isin(["1", "2"]), 0.0, 1.0)]
    label, weight = choose(cases, length=len(table))
    text = without_stray_quote(table["Tweet"])
    return rows(text, path.name, hate_speech=label, weight=weight)


_QUOTE = re.compile(r"\[quote[^\]]*\](?:(?!\[quote).)*?\[/quote\]", re.IGNORECASE | re.DOTALL)
_MEDIA = re.compile(r"\[(img|youtube)[^\]]*\].*?\[/\1\]", re.IGNORECASE | re.DOTALL)
_BBCODE = re.compile(r"\[/?[A-Za-z]{1,12}(?:=[^\]]*)?\]|\[\*\]|<[^<>]{1,80}>")


def without_quotes(text: str) -> str:
    """Return a forum post without the posts it quotes, innermost first, and without markup."""
    before = None
    while before != text:
        before, text = text, _QUOTE.sub(" ", text)
    return _BBCODE.sub(" ", _MEDIA.sub(" ", text))


def _netifier(data: Path) -> pd.DataFrame:
    frames = []
    for name in ("raw_train.csv.gz", "raw_test.csv"):
        columns = ("original_text", "sara", "pencemaran_nama_baik")
        table = read_table(data / "hate/netifier-2018" / name, columns)
        sara = table["sara"].str.strip() == "1"
        insult = table["pencemaran_nama_baik"].str.strip() == "1"
        cases = [(sara & insult, 1.0, 0.7), (sara, UNKNOWN, 0.0), (~sara, 0.0, 0.9)]
        label, weight = choose(cases, length=len(table))
        text = table["original_text"].map(without_quotes)
        frames.append(rows(text, name, hate_speech=label, weight=weight))
    return pd.concat(frames)


_CATEGORIES = ("religion_creed", "race_ethnicity", "gender_sexualorientation")


def _alamsyah(data: Path) -> pd.DataFrame:
    folder = data / "hate/alamsyah-sagama-2024-toxicity"
    kind_path = folder / "online-toxicity-type.csv"
    kinds = read_table(kind_path, ["comment_text", "identity_attack"])
    named = read_table(folder / "targeted-online-toxicity-cat.csv", ["comment_text", *_CATEGORIES])
    target = named.groupby("comment_text")[list(_CATEGORIES)].max()
    joined = kinds[["comment_text"]].join(target, on="comment_text").fillna("0")
    ground = numbers(joined, _CATEGORIES)
    attack = kinds["identity_attack"].str.strip() == "1"
    cases = [
        (attack & holds(kinds["comment_text"], CAMP), 1.0, 0.9),
        (attack & (ground["religion_creed"] | ground["race_ethnicity"]), 1.0, 0.7),
        (attack & ground["gender_sexualorientation"], 1.0, 0.7),
        (attack, UNKNOWN, 0.0),
        (~attack, 0.0, 1.0),
    ]
    label, weight = choose(cases, length=len(kinds))
    text = without_links(kinds["comment_text"])
    return rows(text, kind_path.name, hate_speech=label, weight=weight)


def _putri(data: Path) -> pd.DataFrame:
    frames = []
    for name in ("Javanese.csv", "Sundanese.csv"):
        path = data / "hate/putri-2021-javanese-sundanese" / name
        table = read_table(path, ["isi_tweet", "uk", "hs"])
        hateful = table["hs"].str.strip() == "1"
        cases = [
            (hateful & holds(table["isi_tweet"], CAMP, IDENTITY), 1.0, 0.5),
            (hateful, UNKNOWN, 0.0),
            (~hateful, 0.0, 1.0),
        ]
        label, weight = choose(cases, length=len(table))
        text = without_stray_quote(table["isi_tweet"])
        frames.append(rows(text, name, hate_speech=label, weight=weight))
    return pd.concat(frames)


HENDRAWAN_NEW = 13_169
"""Rows before this one are the 2019 set again."""


def _hendrawan(data: Path) -> pd.DataFrame:
    path = data / "hate/hendrawan-2020-codemixed/HateSpeechText_new.csv.gz"
    table = read_table(path, _HS_COLUMNS, sep=";").iloc[HENDRAWAN_NEW:]
    # Sports banter between nations fills its catch-all class: only camps count there.
    label, weight = _hs_label(table, good=0.7, grounds=(CAMP,))
    text = without_stray_quote(table["Tweet"])
    return rows(text, path.name, hate_speech=label, weight=weight)


def _insults(text: "pd.Series[str]", file: str, *, weight: float) -> pd.DataFrame:
    """Return insults and criticism of persons as 0, those with a slur on a group left out."""
    frame = rows(text, file, hate_speech=np.zeros(len(text)), weight=weight)
    return leave_out(frame, holds(text, CAMP, SLUR))


def _desrul(data: Path) -> pd.DataFrame:
    name = "Abusive Language Detection on Indonesian Online News Comments Dataset .xlsx"
    path = data / "hate/desrul-2019-news-comments" / name
    return _insults(read_sheet(path, ["Kalimat", "label"])["Kalimat"], path.name, weight=0.7)


def _cahkanor(data: Path) -> pd.DataFrame:
    path = data / "hate/cahkanor-cyberbullying/id-cyberbullying-instagram.xlsx"
    return _insults(read_sheet(path, ["text", "label"])["text"], path.name, weight=0.5)


def _luqyana(data: Path) -> pd.DataFrame:
    folder = data / "hate/luqyana-2018-instagram-cyberbullying"
    path = folder / "dataset_komentar_instagram_cyberbullying.csv"
    column = "Instagram Comment Text"
    return _insults(read_table(path, [column])[column], path.name, weight=0.5)


SETS = (
    PublicSet("ibrohim-budi-2019-multilabel", "hate", _ibrohim_2019),
    PublicSet("ibrohim-budi-2018-abusive", "hate", _ibrohim_2018),
    PublicSet("netifier-2018", "hate", _netifier),
    PublicSet("alamsyah-sagama-2024-toxicity", "hate", _alamsyah),
    PublicSet("hendrawan-2020-codemixed", "hate", _hendrawan),
    PublicSet("putri-2021-javanese-sundanese", "hate", _putri),
    PublicSet("desrul-2019-news-comments", "hate", _desrul),
    PublicSet("cahkanor-cyberbullying", "hate", _cahkanor),
    PublicSet("luqyana-2018-instagram-cyberbullying", "hate", _luqyana, release=False),
)
