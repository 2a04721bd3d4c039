"""The election sets, mapped to ``candidate_support``.

None of them carries that label: what a set knows (sentiment towards a candidate, whose account,
which hashtag) stands for it where strict readers found it to hold, with a weight near the share
they found. Rows that nobody has read, or whose class is mixed, are left out.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from netralitas_nlp.training.sources.common import (
    UNKNOWN,
    PublicSet,
    choose,
    leave_out,
    opening,
    read_sheet,
    read_table,
    rows,
    without_tags_in_half,
)
from netralitas_nlp.training.sources.words import (
    CAMP,
    CAMPAIGN_TAG,
    CANDIDATES_2024,
    DECLARES,
    MEDIA_ACCOUNTS,
    SLUR,
    holds,
)

_SENTIMENT = "sentimen (positif 1, netral 2, negatif3)"
_TARGETS = ("anies", "ganjar", "prabowo")


def _target_sentiment(data: Path) -> pd.DataFrame:
    path = data / "support/pilpres2024_target_sentiment/dataset.csv"
    table = read_table(path, ["full_text", _SENTIMENT, *_TARGETS])
    text, sentiment = table["full_text"], table[_SENTIMENT].str.strip().str.lower()
    praise = sentiment.isin(["1", "positif", "posiitf", "positig"])
    running = (table[list(_TARGETS)] == "1").any(axis=1) | holds(text, CANDIDATES_2024)
    neutral = sentiment.isin(["2", "netral"])
    sided = holds(text, CAMPAIGN_TAG, DECLARES)
    cases = [(praise & running, 1.0, 0.85), (neutral & ~sided, 0.0, 0.8)]
    label, weight = choose(cases, length=len(table))
    calm = np.where((label == 0) & ~holds(text, CAMP, SLUR), 0.0, UNKNOWN)
    return rows(
        text, path.name, candidate_support=label, hate_speech=calm, hoax=calm, weight=weight
    )


def _pilpres_2019(data: Path) -> pd.DataFrame:
    path = data / "support/pilpres2019_sentiment/tweet.csv"
    table = read_table(path, ["sentimen", "tweet"])
    # "netral" holds 28 % support and "negatif" was never read: both left out.
    cases = [(table["sentimen"].str.strip() == "positif", 1.0, 0.6)]
    label, weight = choose(cases, length=len(table))
    return rows(table["tweet"], path.name, candidate_support=label, weight=weight)


ARTICLE_WORDS = 60
"""Longest opening of an article: every article supports, so length must not tell."""


def _stance_articles(data: Path) -> pd.DataFrame:
    folder = data / "support/stance_articles"
    newer = folder / "dataset_stance_2_label_2018_building_by_rini.csv"
    older = folder / "dataset_stance_3_label_2016_building_by_cakra.csv.gz"
    first = read_table(newer, ["Judul Artikel", "Isi Artikel", "stance final"], sep=";")
    second = read_table(older, ["title", "content", "stance"])
    # The newer file judged the older one's articles again: its judgement stands.
    parts = [
        _articles(first["Judul Artikel"], first["Isi Artikel"], first["stance final"], newer.name),
        _articles(second["title"], second["content"], second["stance"], older.name),
    ]
    frame = pd.concat(parts)
    title = frame.pop("title").str.lower().str.replace(r"\W+", "", regex=True)
    return frame[~title.duplicated()]


def _articles(
    title: "pd.Series[str]", body: "pd.Series[str]", stance: "pd.Series[str]", file: str
) -> pd.DataFrame:
    text = (title + ". " + body.map(_paragraphs)).map(lambda t: opening(t, words=ARTICLE_WORDS))
    label, weight = choose([(stance.str.strip() == "for", 1.0, 0.5)], length=len(text))
    frame = rows(text, file, candidate_support=label, weight=weight)
    return frame.assign(title=title)


def _paragraphs(cell: str) -> str:
    try:
        parts = json.loads(cell)
    except ValueError:
        return cell.strip('[]"').replace('","', " ")
    return " ".join(map(str, parts)) if isinstance(parts, list) else cell


CAMPAIGN_2016 = "2016-10-28"
"""First day of the campaign for the governor of Jakarta."""


def _dki_2017(data: Path) -> pd.DataFrame:
    path = data / "support/pilgub_dki2017_campaign_accounts/dataset.xlsx"
    table = read_sheet(path, ["Paslon", "Time", "Tweet"])
    campaign = table["Time"] >= CAMPAIGN_2016
    government = ~campaign & (table["Paslon"] == "AhokDjarot")
    # Before the campaign that account gave the news of the city government.
    cases = [(campaign, 1.0, 0.75), (government, 0.0, 0.6)]
    label, weight = choose(cases, length=len(table))
    account = table["Paslon"].where(campaign, table["Paslon"] + " before the campaign")
    return rows(
        table["Tweet"], path.name, candidate_support=label, weight=weight,
        account=account, date=table["Time"],
    )  # fmt: skip


def _dki_2024(data: Path) -> pd.DataFrame:
    path = data / "support/pilgub_dki2024_x/data_1.csv"
    table = read_table(path, ["full_text", "username", "created_at"])
    text = without_tags_in_half(table["full_text"], r"#\w*menyala\w*")
    return rows(
        text, path.name, candidate_support=1.0, weight=0.85,
        account=table["username"], date=table["created_at"],
    )  # fmt: skip


def _media(data: Path) -> pd.DataFrame:
    folder = data / "support/prabowo_gibran_2023_x/Raw_Data"
    frames = []
    for path in sorted(folder.glob("*.csv")) or [folder / "Prabowo-Gibran_01122023.csv"]:
        table = read_table(path, ["full_text", "username", "created_at"], sep=";")
        news = table["username"].str.lower().isin(MEDIA_ACCOUNTS)
        news &= ~holds(table["full_text"], CAMPAIGN_TAG)
        label = np.where(news, 0.0, UNKNOWN)
        frame = rows(
            table["full_text"], path.name, candidate_support=label, hate_speech=label,
            hoax=label, weight=0.8, account=table["username"], date=table["created_at"],
        )  # fmt: skip
        frames.append(frame)
    return pd.concat(frames)


def _sept_2024(data: Path) -> pd.DataFrame:
    path = data / "support/pemilu_sept2024_x/labelled_tweets.csv"
    table = read_table(path, ["full_text", "username", "created_at"])
    text = table["full_text"]
    frame = rows(
        text, path.name, candidate_support=0.0, hate_speech=0.0, weight=0.6,
        account=table["username"], date=table["created_at"],
    )  # fmt: skip
    return leave_out(frame, holds(text, CAMP, SLUR, CAMPAIGN_TAG, DECLARES))


SETS = (
    PublicSet("pilpres2024_target_sentiment", "support", _target_sentiment),
    PublicSet("pilpres2019_sentiment", "support", _pilpres_2019),
    PublicSet("stance_articles", "support", _stance_articles),
    PublicSet("pilgub_dki2017_campaign_accounts", "support", _dki_2017),
    PublicSet("pilgub_dki2024_x", "support", _dki_2024),
    PublicSet("prabowo_gibran_2023_x", "support", _media),
    PublicSet("pemilu_sept2024_x", "support", _sept_2024),
)
