"""WhatsApp chats are read in the spellings of every phone."""

from pathlib import Path

import pytest

from netralitas_nlp.io.containers import open_tables
from netralitas_nlp.io.tables import Overrides, RawRecord, RawTable


def chat(tmp_path: Path, text: str) -> RawTable:
    path = tmp_path / "chat.txt"
    path.write_text(text, encoding="utf-8", newline="")
    (table,) = open_tables(str(path), overrides=Overrides())
    assert table.format == "whatsapp"
    return table


def rows(table: RawTable) -> list[dict[str, object]]:
    return [dict(item.fields) for item in table.read() if isinstance(item, RawRecord)]


@pytest.mark.parametrize(
    ("line", "day", "clock"),
    [
        ("30/08/25 18.00 - Pak Darma: halo", "2025-08-30", "18:00"),
        ("30/08/25 pukul 18.00 - Pak Darma: halo", "2025-08-30", "18:00"),
        ("[30/08/25 18.00.07] Pak Darma: halo", "2025-08-30", "18:00:07"),
        ("15.04.2016, 15:04 - Pak Darma: halo", "2016-04-15", "15:04"),
        ("[15-01-20 02:22:56] Pak Darma: halo", "2020-01-15", "02:22:56"),
        ("23/06/2018, 01:55 p.m. - Pak Darma: halo", "2018-06-23", "13:55"),
        ("3/15/21, 9:05 PM - Pak Darma: halo", "2021-03-15", "21:05"),
        ("[14/10/2021, 12:34:09\u202fAM] Pak Darma: halo", "2021-10-14", "00:34:09"),
        ("\u200e[14/10/2021, 3:34:09\u202fPM] Pak Darma: \u200ehalo", "2021-10-14", "15:34:09"),
        ("2024-02-27, 08:09 - Pak Darma: halo", "2024-02-27", "08:09"),
    ],
)
def test_each_spelling_of_the_date_is_read(tmp_path: Path, line: str, day: str, clock: str) -> None:
    (row,) = rows(chat(tmp_path, line + "\n"))
    assert row == {
        "date": day,
        "time": clock,
        "sender": "Pak Darma",
        "message": "halo",
        "notice": "",
    }


def test_one_day_above_twelve_decides_for_the_whole_file(tmp_path: Path) -> None:
    table = chat(tmp_path, "3/4/21, 9:05 PM - A: satu\n3/25/21, 9:06 PM - A: dua\n")
    assert [row["date"] for row in rows(table)] == ["2021-03-04", "2021-03-25"]


def test_time_that_runs_forward_decides_where_no_day_is_above_twelve(tmp_path: Path) -> None:
    table = chat(tmp_path, "1/9/21, 9:05 - A: satu\n2/3/21, 9:06 - A: dua\n")
    assert [row["date"] for row in rows(table)] == ["2021-01-09", "2021-02-03"]


def test_without_any_hint_the_day_comes_first(tmp_path: Path) -> None:
    table = chat(tmp_path, "03/04/21, 09:05 - A: satu\n")
    assert [row["date"] for row in rows(table)] == ["2021-04-03"]


def test_lines_without_a_date_continue_the_message(tmp_path: Path) -> None:
    text = "30/08/25 18.00 - Bu Sari: satu\r\ndua: tiga\r\n\r\nempat\r\n30/08/25 18.01 - A: x\r\n"
    assert [row["message"] for row in rows(chat(tmp_path, text))] == [
        "satu\ndua: tiga\n\nempat",
        "x",
    ]


def test_system_lines_are_skipped_and_counted(tmp_path: Path) -> None:
    text = (
        "30/08/25 18.00 - Pesan dan panggilan terenkripsi secara end-to-end.\n"
        '30/08/25 18.00 - Bu Sari mengubah subjek dari "Rapat" menjadi "Info: Rapat"\n'
        "30/08/25 18.01 - Bu Sari: halo\n"
    )
    table = chat(tmp_path, text)
    assert [row["sender"] for row in rows(table)] == ["Bu Sari"]
    assert table.problems["whatsapp_system_lines"] == 2


@pytest.mark.parametrize(
    "notice",
    [
        "<Media omitted>",
        "<Media tidak disertakan>",
        "image omitted",
        "stiker tidak disertakan",
        "Pesan ini telah dihapus",
        "This message was deleted.",
        "<lampiran: 0001-FOTO.jpg>",
        "IMG-20250830-WA0001.jpg (file terlampir)",
    ],
)
def test_notices_are_no_words_of_the_sender(tmp_path: Path, notice: str) -> None:
    text = f"30/08/25 18.00 - A: {notice}\n30/08/25 18.01 - A: \u200e{notice}\nini fotonya\n"
    found = rows(chat(tmp_path, text))
    assert [row["message"] for row in found] == ["", "ini fotonya"]
    assert [row["notice"] for row in found] == [notice, notice]


def test_words_that_only_begin_like_a_notice_are_kept(tmp_path: Path) -> None:
    text = "30/08/25 18.00 - A: Pesan ini telah dihapus katanya, padahal belum\n"
    assert [row["message"] for row in rows(chat(tmp_path, text))] == [
        "Pesan ini telah dihapus katanya, padahal belum"
    ]


def test_an_empty_message_is_a_record(tmp_path: Path) -> None:
    assert [row["message"] for row in rows(chat(tmp_path, "30/08/25 18.00 - A:\n"))] == [""]


def test_a_day_that_does_not_exist_is_left_as_written(tmp_path: Path) -> None:
    assert rows(chat(tmp_path, "31/02/2025 18.00 - A: x\n"))[0]["date"] == "31/02/2025"


def test_the_user_is_warned_of_private_data(tmp_path: Path) -> None:
    table = chat(tmp_path, "30/08/25 18.00 - A: x\n")
    assert table.problems["whatsapp_private"] == 1
