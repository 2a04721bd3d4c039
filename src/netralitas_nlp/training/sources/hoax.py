"""The fact-checkers' sets, mapped to ``hoax``.

A 1 is what circulated, without the words of the checker. A 0 is what the checkers wrote
themselves (debunks are the hard negatives), claims that turned out true, and news.
"""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from netralitas_nlp.training.sources.common import (
    UNKNOWN,
    PublicSet,
    choose,
    leave_out,
    opening,
    read_lines,
    read_sheet,
    read_table,
    rows,
    without_checker_marks,
)

FALSE_TAG = r"SALAH|HOAX|HOAKS|FALSE|DISINFORMASI|MISINFORMASI|FITNAH|HASUT"
NOT_A_HOAX = ("BERITA", "EDUKASI", "INFORMASI", "INFO", "FAKTA", "EVENT", "EVENTS")
SCAM = ("scam", "lowongan", "bantuan", "hadiah")

NOT_RELEASED = "turnbackhoax_2025_2026"
"""Its terms allow academic research only; derived sets hold rows of it."""


def _posts(data: Path) -> pd.DataFrame:
    path = data / "hoax/hoax_posts/hoax_posts.jsonl.gz"
    names = ["text", "source", "date", "category", "factchecker_tag", "text_is_title"]
    table = read_lines(path, names)
    tag = table["factchecker_tag"].fillna("").astype(str).str.strip().str.upper()
    category = table["category"].fillna("").astype(str).str.lower()
    scam = (tag == "PENIPUAN") | category.isin(SCAM)
    cases = [
        (tag.isin(NOT_A_HOAX), UNKNOWN, 0.0),
        (table["text_is_title"].astype(bool), 1.0, 0.4),  # mostly the checker's paraphrase
        (scam, 1.0, 0.5),  # false, in a register unlike election hoaxes
        (tag == "LABEL1", 1.0, 0.7),
        (~scam, 1.0, 0.9),
    ]
    label, weight = choose(cases, length=len(table))
    return rows(
        without_checker_marks(table["text"]), path.name, hoax=label, weight=weight,
        date=table["date"].fillna("").astype(str), released=table["source"] != NOT_RELEASED,
    )  # fmt: skip


def _satria(data: Path) -> pd.DataFrame:
    folder = data / "hoax/satria_bdc2020"
    table = read_table(folder / "data.csv", ["ID", "narasi", "tanggal"])
    tags = read_table(folder / "factchecker_tag_join.csv", ["ID", "factchecker_tag"])
    tag = table["ID"].map(tags.drop_duplicates("ID").set_index("ID")["factchecker_tag"]).fillna("")
    # Its hoaxes are read from hoax_posts, without the checker's prose; the competition's own
    # label is wrong for a third of class 0, so that only the checker's tag counts.
    cases = [(tag == "BENAR", 0.0, 0.5), (_not_a_hoax(tag), 0.0, 0.4)]
    label, weight = choose(cases, length=len(table))
    text = without_checker_marks(table["narasi"])
    return rows(text, "data.csv", hoax=label, weight=weight, date=table["tanggal"])


def _not_a_hoax(tag: "pd.Series[str]") -> "pd.Series[bool]":
    return tag.str.contains("BERITA|EDUKASI|INFORMASI") & ~tag.str.contains(FALSE_TAG)


DEBUNK_WORDS = 45
"""Longest opening of a debunk, near the length of a long hoax, so that length tells nothing."""


_BYLINE = re.compile(r"^\s*hasil periksa fakta\b[^.(]{0,60}(?:\([^)]*\))?[\s.]*", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_DENIES = re.compile(
    r"\bfakta(?:nya)?\b|\btidak benar\b|\bhoa(?:ks|x)\b|\bkeliru\b|\bsalah\b|\bmembantah\b|\bbantah"
    r"|\bmenyesatkan\b|\bpalsu\b|\bsuntingan\b|\bditelusuri\b|\bpenelusuran\b|\bditemukan\b"
    r"|\bklarifikasi\b|\bpenipuan\b|\bbukan(?:lah)?\b|\bternyata\b|\btidak (?:ada|pernah)\b",
    re.IGNORECASE,
)


def denial(text: str) -> str:
    """Return a checker's text from its first denying sentence on, shortened; empty if none denies.

    What comes before it repeats the claim, and a repeated claim is no debunk.
    """
    sentences = _SENTENCE.split(_BYLINE.sub("", text))
    for place, sentence in enumerate(sentences):
        if _DENIES.search(sentence):
            return opening(" ".join(sentences[place:]), words=DEBUNK_WORDS)
    return ""


def _debunks(path: Path, columns: tuple[str, str]) -> pd.DataFrame:
    table = read_table(path, columns)
    frames = []
    for column in columns:
        text = without_checker_marks(table[column].map(denial))
        # The guideline: what quotes in order to debunk carries none of the labels.
        frame = rows(
            text, f"{path.name}#{column}", candidate_support=0.0, hate_speech=0.0, hoax=0.0,
            weight=0.6,
        )  # fmt: skip
        frames.append(leave_out(frame, text.str.count(r"\S+") < 4))
    return pd.concat(frames)


def _turnbackhoax_1k(data: Path) -> pd.DataFrame:
    path = data / "hoax/turnbackhoax_1k/hoax_1k.csv.gz"
    return _debunks(path, ("fact", "conclusion"))


def _turnbackhoax_2025(data: Path) -> pd.DataFrame:
    path = data / "hoax/turnbackhoax_2025_2026/turnbackhoax_articles.csv.gz"
    return _debunks(path, ("penjelasan", "kesimpulan"))


_BRACKET = re.compile(r"^\s*[\[(]([^\])]*)[\])]\s*:?\s*")
_MEDIUM = re.compile(r"^(?:(?:foto|video|akun|gambar)\b\W*)+", re.IGNORECASE)


_DENYING_TITLE = re.compile(r"\bini bukan\b|\btidak benar\b|\bhoa(?:ks|x)\s*:", re.IGNORECASE)


def without_title_marks(title: str) -> str:
    """Return a fact-checker's title as the bare claim: no verdict, no "Foto", "Video", "Akun"."""
    return _MEDIUM.sub("", _BRACKET.sub("", title).lstrip(' "“‘')).strip()


def _titles_2021(data: Path) -> pd.DataFrame:
    name = "Scrapping Result (Heading and Link).xlsx"
    table = read_sheet(data / "hoax/turnbackhoax_2015_2021" / name, ["Header", "Link"])
    tag = table["Header"].str.extract(_BRACKET)[0].fillna("").str.upper().str.strip()
    debunk = tag.str.contains("KLARIFIKASI")
    cases = [
        (debunk, 0.0, 0.4),
        (tag == "FALSE", UNKNOWN, 0.0),  # translations into English
        (table["Header"].str.contains(_DENYING_TITLE), UNKNOWN, 0.0),
        (tag.str.contains(FALSE_TAG), 1.0, 0.3),
        ((tag == "BENAR") | _not_a_hoax(tag), 0.0, 0.4),
    ]
    label, weight = choose(cases, length=len(table))
    text = without_checker_marks(table["Header"].map(without_title_marks))
    date = table["Link"].str.extract(r"/(\d{4}/\d{2}/\d{2})/")[0].fillna("")
    return rows(text, name, hoax=label, weight=weight, date=date)


def _pilpres_titles(data: Path) -> pd.DataFrame:
    path = data / "hoax/pilpres_hoax_titles_2023/data_berita.csv"
    table = read_table(path, ["Judul Artikel", "Link", "Berita_Hoax"])
    false, news = table["Berita_Hoax"] == "True", table["Berita_Hoax"] == "False"
    cases = [(false, 1.0, 0.3), (news, 0.0, 0.5)]
    label, weight = choose(cases, length=len(table))
    plain = np.where(news, 0.0, UNKNOWN)  # headlines report: no support, no hate
    text = without_checker_marks(table["Judul Artikel"].map(without_title_marks))
    return rows(
        text, path.name, candidate_support=plain, hate_speech=plain, hoax=label, weight=weight
    )


SETS = (
    PublicSet("hoax_posts", "hoax", _posts),
    PublicSet("satria_bdc2020", "hoax", _satria),
    PublicSet("turnbackhoax_1k", "hoax", _turnbackhoax_1k),
    PublicSet(NOT_RELEASED, "hoax", _turnbackhoax_2025, release=False),
    PublicSet("turnbackhoax_2015_2021", "hoax", _titles_2021),
    PublicSet("pilpres_hoax_titles_2023", "hoax", _pilpres_titles),
)
