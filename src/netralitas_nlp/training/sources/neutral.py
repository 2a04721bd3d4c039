"""The sets of everyday, official and newsroom text: all three labels 0, after a last filter."""

from pathlib import Path

import pandas as pd

from netralitas_nlp.training.sources.common import (
    PublicSet,
    leave_out,
    read_table,
    rows,
    without_checker_marks,
    without_tags_in_half,
)
from netralitas_nlp.training.sources.words import ELECTION_2019, PARTY_SITE, abuse_words, holds

OFFICIAL_TAGS = r"#(?:temanpemilih|sahabatbawaslu|kpumelayani)\b[\s,]*"


def neutral(text: "pd.Series[str]", file: str, *, weight: float, **columns: object) -> pd.DataFrame:
    """Return rows that carry none of the three labels."""
    return rows(
        text,
        file,
        candidate_support=0.0,
        hate_speech=0.0,
        hoax=0.0,
        weight=weight,
        **columns,  # type: ignore[arg-type]
    )


def _official(data: Path) -> pd.DataFrame:
    path = data / "neutral/official_election_tweets/official_election_tweets.csv"
    table = read_table(path, ["username", "created_at", "text"])
    text = without_tags_in_half(table["text"], OFFICIAL_TAGS)
    return neutral(text, path.name, weight=1.0, account=table["username"], date=table["created_at"])


def _election_headlines(data: Path) -> pd.DataFrame:
    folder = data / "neutral/election_headlines_2023"
    names = ["Headline", "Media", "Date", "url"]
    table = read_table(folder / "webscrape.csv", names, sep=";")
    frame = neutral(
        without_checker_marks(table["Headline"]), "webscrape.csv", weight=0.6, date=table["Date"]
    )
    frame = leave_out(frame, holds(table["Media"] + " " + table["url"], PARTY_SITE))
    names = ["judul_berita", "portal_media", "tanggal_publikasi", "url", "hasil_sentimen"]
    scored = read_table(folder / "media_sentiment_analysis.csv", names)
    title = without_checker_marks(scored["judul_berita"])
    date = scored["tanggal_publikasi"]
    more = neutral(title, "media_sentiment_analysis.csv", weight=0.6, date=date)
    cheering = holds(scored["portal_media"] + " " + scored["url"], PARTY_SITE)
    more = leave_out(more, cheering | (scored["hasil_sentimen"] != "netral"))
    return pd.concat([more, frame])


def _headlines_2025(data: Path) -> pd.DataFrame:
    path = data / "neutral/headlines_2025/berita_deteksi_clickbait.csv"
    text = without_checker_marks(read_table(path, ["Judul"])["Judul"])
    return neutral(text, path.name, weight=0.6)


def _idsa(data: Path) -> pd.DataFrame:
    path = data / "neutral/idsa_tweets/Indonesian Sentiment Twitter Dataset Labeled.csv"
    text = read_table(path, ["Tweet"], sep="\t")["Tweet"]
    # A third is Malay, and punctuation is gone: half the weight of a real post.
    frame = neutral(text, path.name, weight=0.5)
    return leave_out(frame, holds(text, abuse_words(data), ELECTION_2019))


def _emotion(data: Path) -> pd.DataFrame:
    path = data / "neutral/emotion_tweets/Twitter_Emotion_Dataset.csv"
    table = read_table(path, ["label", "tweet"])
    frame = neutral(table["tweet"], path.name, weight=0.8)
    calm = table["label"].str.strip().isin(["happy", "sadness", "fear", "love"])
    # Anger holds rants and insults to camps.
    return leave_out(frame, ~calm | holds(table["tweet"], ELECTION_2019))


SETS = (
    PublicSet("official_election_tweets", "neutral", _official),
    PublicSet("emotion_tweets", "neutral", _emotion),
    PublicSet("idsa_tweets", "neutral", _idsa),
    PublicSet("election_headlines_2023", "neutral", _election_headlines),
    PublicSet("headlines_2025", "neutral", _headlines_2025),
)
