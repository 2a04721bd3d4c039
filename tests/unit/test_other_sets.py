"""What the neutral, election and fact-checkers' sets say about the three labels."""

from pathlib import Path

import numpy as np
import pandas as pd
import tiny_public_sets as tiny

from netralitas_nlp.labels import LABELS
from netralitas_nlp.training.dataset import load_public


def shown(frame: pd.DataFrame) -> dict[str, str]:
    """Return text to three signs, ``?`` for an unknown label."""
    signs = frame[list(LABELS)].map(lambda value: "?" if np.isnan(value) else str(int(value)))
    return dict(zip(frame["text"], signs.agg("".join, axis=1), strict=True))


def test_official_notices_are_neutral_and_lose_their_hashtag_every_second_time(
    tmp_path: Path,
) -> None:
    rows = [["x", "kpu_awan", "2023", f"#TemanPemilih, rapat pleno {word}", "r"] for word in "abcd"]
    tiny.official(tmp_path, rows)
    frame = load_public(tmp_path, names=["official_election_tweets"])
    assert set(shown(frame).values()) == {"000"}
    assert frame["text"].str.contains("#").tolist() == [False, True, False, True]
    assert frame["group_id"].nunique() == 1


def test_everyday_tweets_are_neutral_without_anger_abuse_and_old_elections(tmp_path: Path) -> None:
    tiny.ibrohim_2019(tmp_path, [tiny.hs("pengisi")])
    rows = [["happy", "senang sekali hari ini [USERNAME] [URL]"], ["anger", "kesal sama semua"]]
    tiny.emotion(tmp_path, [*rows, ["love", "sayang pilpres kali ini"]])
    tiny.idsa(
        tmp_path, [[0, "makan bakso dulu"], [-1, "dasar goblok"], [1, "2019gantipresiden yuk"]]
    )
    frame = load_public(tmp_path, names=["emotion_tweets", "idsa_tweets"])
    assert shown(frame) == {
        "senang sekali hari ini @USER HTTPURL": "000",
        "makan bakso dulu": "000",
    }


def test_headlines_report_but_those_of_party_sites_and_other_sentiments_go(tmp_path: Path) -> None:
    tiny.headlines(
        tmp_path,
        [
            ["Bupati Awan “Resmikan” Pasar ...", "Kabar Awan", "1/1/2023", "https://kabar.test/a"],
            ["Siap Menangkan Jagoan Kita", "Fraksi Awan", "1/1/2023", "https://fraksi.test/b"],
        ],
        [
            ["Debat Pertama Digelar Besok", "Kabar", "2023", "https://kabar.test/c", "netral", ""],
            ["Debat Kedua Mengecewakan", "Kabar", "2023", "https://kabar.test/d", "negatif", ""],
        ],
        [["Cara Merawat Perahu", 1]],
    )
    frame = load_public(tmp_path, names=["election_headlines_2023", "headlines_2025"])
    assert shown(frame) == {
        "Debat Pertama Digelar Besok": "000",
        "Bupati Awan Resmikan Pasar": "000",
        "Cara Merawat Perahu": "000",
    }


def test_praise_of_a_target_is_support_and_sided_neutral_rows_go(tmp_path: Path) -> None:
    tiny.target_sentiment(
        tmp_path,
        [
            ["", "", "", "", ""],
            ["programnya paling masuk akal", "Positif", 1, 0, 0],
            ["partai perahu keren sekali", "1", 0, 0, 0],
            ["jadwal debat capres malam ini", "netral", 0, 1, 0],
            ["jadwal debat malam ini kampret", "netral", 0, 1, 0],
            ["hasil survei keluar #GanjarMenangTotal", "2", 0, 1, 0],
            ["tetap dukung beliau dong", "netral", 0, 1, 0],
            ["blacklist saja nomor itu", "negatif", 0, 0, 1],
            ["belum dinilai siapa pun", "", 0, 0, 1],
        ],
    )
    assert shown(load_public(tmp_path, names=["pilpres2024_target_sentiment"])) == {
        "programnya paling masuk akal": "1??",
        "jadwal debat capres malam ini": "000",
        "jadwal debat malam ini kampret": "0??",
    }


def test_only_positive_rows_of_the_2019_election_count_and_mojibake_is_repaired(
    tmp_path: Path,
) -> None:
    broken = "pilihan terbaik " + "👇".encode().decode("cp1252", "replace").replace("�", "\x8d")
    rows = [[0, "positif", broken], [1, "netral", "tusuk nomor itu"], [2, "negatif", "gagal terus"]]
    tiny.pilpres_2019(tmp_path, rows)
    frame = load_public(tmp_path, names=["pilpres2019_sentiment"])
    assert shown(frame) == {"pilihan terbaik 👇": "1??"}
    assert frame["weight"].tolist() == [0.6]


def test_articles_are_cut_to_their_opening_and_the_newer_judgement_stands(tmp_path: Path) -> None:
    body = '["' + "Kalimat panjang tentang perahu. " * 100 + '"]'
    newer = [
        ["tokoh", "pilkada", "Pilih Perahu", body, "for"],
        ["t", "p", "Tolak", body, "against"],
    ]
    older = [[1, "t", "Tolak", body, "for"], [2, "t", "Lain Lagi", body, "unknown"]]
    tiny.stance(tmp_path, newer, older)
    frame = load_public(tmp_path, names=["stance_articles"])
    assert frame["text"].str.startswith("Pilih Perahu. Kalimat").tolist() == [True]
    assert frame["text"].str.split().str.len().max() <= 60


def test_a_campaign_account_supports_from_the_first_day_of_the_campaign(tmp_path: Path) -> None:
    tiny.dki_2017(
        tmp_path,
        [
            ["AhokDjarot", "2016-10-28 08:00:00", "ayo menangkan perahu biru"],
            ["AhokDjarot", "2016-10-27 08:00:00", "taman baru sudah dibuka"],
            ["AgusSylvi", "2016-10-01 08:00:00", "selamat sore semua"],
        ],
    )
    assert shown(load_public(tmp_path, names=["pilgub_dki2017_campaign_accounts"])) == {
        "ayo menangkan perahu biru": "1??",
        "taman baru sudah dibuka": "0??",
    }


def test_unlabelled_tweets_give_campaign_tag_newsrooms_and_argument_only(tmp_path: Path) -> None:
    folder = tmp_path / "support"
    tagged = [["2024", f"warga hadir {word} #JakartaMenyala", f"u{word}", ""] for word in "ab"]
    tiny.tweets(folder / "pilgub_dki2024_x/data_1.csv", tagged)
    tiny.tweets(
        folder / "prabowo_gibran_2023_x/Raw_Data/Prabowo-Gibran_01122023.csv",
        [
            ["2023", "KPU gelar rapat pleno", "kompascom", ""],
            ["2023", "lihat ini #GanjarPresiden2024", "kompascom", ""],
            ["2023", "paslon favorit saya", "warga_awan", ""],
        ],
        sep=";",
    )
    tiny.tweets(
        folder / "pemilu_sept2024_x/labelled_tweets.csv",
        [
            ["2024", "parpol sibuk bagi kursi", "warga", "negative"],
            ["2024", "dasar kadrun parpol", "warga", "negative"],
            ["2024", "ayo coblos nomor dua", "warga", "positive"],
        ],
    )
    names = ["pilgub_dki2024_x", "prabowo_gibran_2023_x", "pemilu_sept2024_x"]
    assert shown(load_public(tmp_path, names=names)) == {
        "warga hadir a": "1??",
        "warga hadir b #JakartaMenyala": "1??",
        "KPU gelar rapat pleno": "000",
        "parpol sibuk bagi kursi": "00?",
    }


def test_circulating_posts_are_hoaxes_weighed_by_how_they_were_found(tmp_path: Path) -> None:
    tiny.hoax_posts(
        tmp_path,
        [
            {"text": "Narasi: “VIRALKAN! surat suara bulan sudah tercoblos…” [arsip]"},
            {"text": "Judul dari pemeriksa", "text_is_title": True},
            {"text": "Hadiah perahu gratis klik sekarang", "category": "Hadiah"},
            {"text": "Hanya menurut lomba", "factchecker_tag": "label1"},
            {"text": "Acara literasi digital", "factchecker_tag": "EVENT"},
            {"text": "Baru-baru ini saja", "source": "turnbackhoax_2025_2026"},
        ],
    )
    frame = load_public(tmp_path, names=["hoax_posts"])
    assert shown(frame) == {
        "VIRALKAN! surat suara bulan sudah tercoblos": "??1",
        "Judul dari pemeriksa": "??1",
        "Hadiah perahu gratis klik sekarang": "??1",
        "Hanya menurut lomba": "??1",
    }
    assert frame["weight"].tolist() == [0.9, 0.4, 0.5, 0.7]
    everything = load_public(tmp_path, names=["hoax_posts"], release_only=False)
    assert "Baru-baru ini saja" in set(everything["text"])


def test_the_competition_is_read_by_the_checkers_tag_not_by_its_own_label(tmp_path: Path) -> None:
    narratives = [
        "kabar benar adanya",
        "rumor atau bantahan",
        "hoaks tersembunyi",
        "kelas literasi",
        "x y",
    ]
    rows = [[i, 0, "1-Jan-20", "", text, ""] for i, text in enumerate(narratives)]
    tags = ["BENAR", "KLARIFIKASI", "DISINFORMASI", "EDUKASI", ""]
    tiny.satria(tmp_path, rows, [[i, 0, tag, ""] for i, tag in enumerate(tags)])
    assert shown(load_public(tmp_path, names=["satria_bdc2020"])) == {
        "kabar benar adanya": "??0",
        "kelas literasi": "??0",
    }


def test_debunks_start_where_they_deny_and_carry_no_label(tmp_path: Path) -> None:
    fact = "Beredar kabar bulan dibeli dinas. Faktanya, kabar itu keliru menurut dinas perahu."
    empty = "Sebuah akun menulis bahwa bulan dibeli."
    tiny.debunks(
        tmp_path,
        [["Salah", "", "", fact, "Klaim tersebut tidak benar."], ["Salah", "", "", empty, "-"]],
        [["u", "SALAH", "", fact, "Klaim lain itu tidak benar."]],
    )
    names = ["turnbackhoax_1k", "turnbackhoax_2025_2026"]
    assert shown(load_public(tmp_path, names=names)) == {
        "Faktanya, kabar itu keliru menurut dinas perahu.": "000",
        "Klaim tersebut tidak benar.": "000",
    }
    everything = load_public(tmp_path, names=names, release_only=False)
    assert "Klaim lain itu tidak benar." in set(everything["text"])


def test_titles_follow_their_tag_and_lose_it(tmp_path: Path) -> None:
    tiny.titles(
        tmp_path,
        [
            ['[SALAH] Video: "Bupati Awan Terbang ke Bulan"', "https://cek.test/2020/02/03/a/"],
            ["[KLARIFIKASI] Bupati Awan Tidak Terbang", "https://cek.test/2020/02/04/b/"],
            ["[BENAR] Pasar Awan Tutup Sementara", "https://cek.test/2020/02/05/c/"],
            ["[FALSE] The Moon Was Sold", "https://cek.test/2020/02/06/d/"],
            ["[SALAH] Ini Bukan Foto Bulan", "https://cek.test/2020/02/07/e/"],
            ["[ACARA] Temu Pembaca", "https://cek.test/2020/02/08/f/"],
        ],
        [
            ["Gubernur Awan Menyewa Bintang", "https://cek.test/g", "2023", "True"],
            ["KPU Awan Tetapkan Jadwal", "https://kabar.test/h", "2023", "False"],
        ],
    )
    names = ["turnbackhoax_2015_2021", "pilpres_hoax_titles_2023"]
    frame = load_public(tmp_path, names=names)
    assert shown(frame) == {
        "Bupati Awan Terbang ke Bulan": "??1",
        "Bupati Awan Tidak Terbang": "??0",
        "Pasar Awan Tutup Sementara": "??0",
        "Gubernur Awan Menyewa Bintang": "??1",
        "KPU Awan Tetapkan Jadwal": "000",
    }
    assert frame["date"].iloc[0] == "2020/02/03"
