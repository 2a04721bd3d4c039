"""Files in the layout of the public sets, a few invented rows each."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

Rows = Sequence[Sequence[object]]
HS_COLUMNS = [
    "Tweet", "HS", "Abusive", "HS_Individual", "HS_Group", "HS_Religion", "HS_Race", "HS_Physical",
    "HS_Gender", "HS_Other", "HS_Weak", "HS_Moderate", "HS_Strong",
]  # fmt: skip
HS_FLAGS = HS_COLUMNS[1:]


def write(
    path: Path, columns: Sequence[str], rows: Rows, *, sep: str = ",", enc: str = "utf-8"
) -> None:
    """Write a table as the published file of that name would be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    frame = pd.DataFrame(list(rows), columns=list(columns))
    if path.suffix == ".xlsx":
        frame.to_excel(path, index=False, engine="openpyxl")
        return
    data = frame.to_csv(index=False, sep=sep).encode(enc)
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)


def hs(text: str, **flags: int) -> list[object]:
    """Return one row of the 2019 layout."""
    return [text, *(flags.get(name, 0) for name in HS_FLAGS)]


def ibrohim_2019(data: Path, rows: Rows) -> None:
    folder = data / "hate/ibrohim-budi-2019-multilabel"
    write(folder / "re_dataset.csv", HS_COLUMNS, rows, enc="latin-1")
    write(folder / "abusive.csv", ["ABUSIVE"], [["goblok"], ["tolol"]])


def ibrohim_2018(data: Path, rows: Rows) -> None:
    path = data / "hate/ibrohim-budi-2018-abusive/re_dataset_three_labels.csv"
    write(path, ["Label", "Tweet"], rows)


def netifier(data: Path, train: Rows, test: Rows = ()) -> None:
    columns = [
        "original_text",
        "source",
        "pornografi",
        "sara",
        "radikalisme",
        "pencemaran_nama_baik",
    ]
    write(data / "hate/netifier-2018/raw_train.csv.gz", columns, train)
    write(data / "hate/netifier-2018/raw_test.csv", columns, test)


def alamsyah(data: Path, kinds: Rows, categories: Rows) -> None:
    folder = data / "hate/alamsyah-sagama-2024-toxicity"
    names = [
        "comment_text",
        "identity_attack",
        "insult",
        "profanity",
        "threat",
        "sexually_explicit",
    ]
    write(folder / "online-toxicity-type.csv", names, kinds)
    names = ["comment_text", "religion_creed", "race_ethnicity", "physical_disability"]
    names += ["gender_sexualorientation", "other"]
    write(folder / "targeted-online-toxicity-cat.csv", names, categories)


def hendrawan(data: Path, rows: Rows, *, old: int) -> None:
    filler = [hs(f"baris lama nomor {number}") for number in range(old)]
    path = data / "hate/hendrawan-2020-codemixed/HateSpeechText_new.csv.gz"
    write(path, HS_COLUMNS, [*filler, *rows], sep=";")


def putri(data: Path, javanese: Rows, sundanese: Rows = ()) -> None:
    for name, rows in (("Javanese.csv", javanese), ("Sundanese.csv", sundanese)):
        path = data / "hate/putri-2021-javanese-sundanese" / name
        write(path, ["isi_tweet", "uk", "hs"], rows)


def insults(data: Path, rows: Sequence[str]) -> None:
    """Write the three sets of insults with the same rows, told apart by a word."""
    name = "Abusive Language Detection on Indonesian Online News Comments Dataset .xlsx"
    path = data / "hate/desrul-2019-news-comments" / name
    write(path, ["Kalimat", "label"], [[f"berita {row}", 3] for row in rows])
    path = data / "hate/cahkanor-cyberbullying/id-cyberbullying-instagram.xlsx"
    write(path, ["no", "text", "label"], [[1, f"balasan {row}", "CB"] for row in rows])
    folder = data / "hate/luqyana-2018-instagram-cyberbullying"
    path = folder / "dataset_komentar_instagram_cyberbullying.csv"
    columns = ["Id", "Sentiment", "Instagram Comment Text"]
    write(path, columns, [[1, "negative", f"gosip {row}"] for row in rows])


def official(data: Path, rows: Rows) -> None:
    path = data / "neutral/official_election_tweets/official_election_tweets.csv"
    write(path, ["source", "username", "created_at", "text", "rule"], rows)


def emotion(data: Path, rows: Rows) -> None:
    path = data / "neutral/emotion_tweets/Twitter_Emotion_Dataset.csv"
    write(path, ["label", "tweet"], rows)


def idsa(data: Path, rows: Rows) -> None:
    path = data / "neutral/idsa_tweets/Indonesian Sentiment Twitter Dataset Labeled.csv"
    write(path, ["sentimen", "Tweet"], rows, sep="\t")


def headlines(data: Path, scraped: Rows, scored: Rows, recent: Rows) -> None:
    folder = data / "neutral/election_headlines_2023"
    write(folder / "webscrape.csv", ["Headline", "Media", "Date", "url"], scraped, sep=";")
    names = ["judul_berita", "portal_media", "tanggal_publikasi", "url", "hasil_sentimen"]
    write(folder / "media_sentiment_analysis.csv", [*names, "olahan_teks"], scored)
    path = data / "neutral/headlines_2025/berita_deteksi_clickbait.csv"
    write(path, ["Judul", "Label"], recent)


def target_sentiment(data: Path, rows: Rows) -> None:
    path = data / "support/pilpres2024_target_sentiment/dataset.csv"
    names = ["full_text", "sentimen (positif 1, netral 2, negatif3)", "anies", "ganjar", "prabowo"]
    write(path, names, rows)


def pilpres_2019(data: Path, rows: Rows) -> None:
    path = data / "support/pilpres2019_sentiment/tweet.csv"
    write(path, ["Unnamed: 0", "sentimen", "tweet"], rows)


def stance(data: Path, newer: Rows, older: Rows) -> None:
    folder = data / "support/stance_articles"
    names = ["Tokoh", "Event", "Judul Artikel", "Isi Artikel", "stance final"]
    path = folder / "dataset_stance_2_label_2018_building_by_rini.csv"
    write(path, names, newer, sep=";")
    path = folder / "dataset_stance_3_label_2016_building_by_cakra.csv.gz"
    write(path, ["no", "topic", "title", "content", "stance"], older)


def dki_2017(data: Path, rows: Rows) -> None:
    path = data / "support/pilgub_dki2017_campaign_accounts/dataset.xlsx"
    write(path, ["Paslon", "Time", "Tweet"], rows)


def tweets(path: Path, rows: Rows, *, sep: str = ",") -> None:
    write(path, ["created_at", "full_text", "username", "label"], rows, sep=sep)


def hoax_posts(data: Path, rows: Sequence[dict[str, object]]) -> None:
    path = data / "hoax/hoax_posts/hoax_posts.jsonl.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    usual = {
        "source": "satria_bdc2020", "source_id": "1", "title": "", "date": "2020-01-01",
        "category": "", "factchecker_tag": "SALAH", "extraction": "verbatim",
        "election_related": False, "text_is_title": False,
    }  # fmt: skip
    lines = "".join(json.dumps({**usual, **row}, ensure_ascii=False) + "\n" for row in rows)
    path.write_bytes(gzip.compress(lines.encode(), mtime=0))


def satria(data: Path, rows: Rows, tags: Rows) -> None:
    folder = data / "hoax/satria_bdc2020"
    write(folder / "data.csv", ["ID", "label", "tanggal", "judul", "narasi", "nama"], rows)
    write(folder / "factchecker_tag_join.csv", ["ID", "label", "factchecker_tag", "url"], tags)


def debunks(data: Path, rows: Rows, recent: Rows = ()) -> None:
    path = data / "hoax/turnbackhoax_1k/hoax_1k.csv.gz"
    write(path, ["status", "title", "content", "fact", "conclusion"], rows)
    path = data / "hoax/turnbackhoax_2025_2026/turnbackhoax_articles.csv.gz"
    write(path, ["url", "classification", "narasi", "penjelasan", "kesimpulan"], recent)


def titles(data: Path, tagged: Rows, pilpres: Rows) -> None:
    name = "Scrapping Result (Heading and Link).xlsx"
    write(data / "hoax/turnbackhoax_2015_2021" / name, ["Header", "Link"], tagged)
    path = data / "hoax/pilpres_hoax_titles_2023/data_berita.csv"
    write(path, ["Judul Artikel", "Link", "Waktu_Scraping", "Berita_Hoax"], pilpres)
