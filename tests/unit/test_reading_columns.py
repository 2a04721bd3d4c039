"""Unknown tables: header words and values tell the roles, and never a label or a cleaned copy."""

from pathlib import Path

import pytest
from making import ID, ID_2, OTHER, TEXT, table

from netralitas_nlp.errors import InputError
from netralitas_nlp.io.readers import open_export, require_text_column
from netralitas_nlp.io.tables import ColumnMap, Overrides, Table
from netralitas_nlp.io.vocabulary import header_score, role_of
from netralitas_nlp.schema import Post

CLEAN = "rapat warga desa sukamaju besok pukul balai"
CLEAN_OTHER = "terima kasih bu rahma lampu jalan kampung melati sudah menyala lagi"


def read(tmp_path: Path, data: bytes, **overrides: str) -> Table:
    path = tmp_path / "tabel.csv"
    path.write_bytes(data)
    (found,) = open_export(str(path), overrides=Overrides(**overrides))
    return found


def columns(tmp_path: Path, header: list[str], *rows: list[object], **overrides: str) -> ColumnMap:
    return read(tmp_path, table(header, *rows), **overrides).columns


@pytest.mark.parametrize(
    "header", ["Full_Text", "ISI KOMENTAR", "teks", "isi-postingan", "Text Tweet"]
)
def test_header_words_ignore_case_blanks_and_marks(header: str) -> None:
    assert role_of(header) == "text"


@pytest.mark.parametrize(
    "header", ["sentimen", "label", "komentar_clean", "bio", "Pasangan Calon", "hastag"]
)
def test_some_columns_are_never_text(header: str) -> None:
    assert role_of(header) == "never"


def test_a_header_scores_above_data_and_pivots() -> None:
    assert header_score(["created_at", "full_text", "username"]) > header_score(["Tahun", "Jumlah"])
    assert header_score([TEXT, "7", "positif"]) == 0


@pytest.mark.parametrize(
    ("raw", "copy"),
    [
        ("komentar", "komentar_clean"),
        ("tweet", "tweet_proc"),
        ("asli_banget", "text"),
        ("kolom_x", "komentar"),
    ],
)
def test_the_raw_column_is_taken_before_its_cleaned_copy(
    tmp_path: Path, raw: str, copy: str
) -> None:
    rows = [[CLEAN, TEXT], [CLEAN_OTHER, OTHER], [CLEAN, TEXT]]
    assert columns(tmp_path, [copy, raw], *rows).text == raw


def test_a_caption_repeated_beside_its_comments_is_the_parent(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Jadwal posyandu bulan ini", f"Siap bu, saya datang nomor {n}"] for n in range(8)
    ]
    found = read(tmp_path, table(["caption", "komentar"], *rows))
    assert (found.columns.text, found.columns.parent_text) == ("komentar", "caption")
    post = next(iter(found))
    assert isinstance(post, Post) and post.parent_text == "Jadwal posyandu bulan ini"


def test_numbers_called_comments_are_no_text(tmp_path: Path) -> None:
    rows: list[list[object]] = [[4, TEXT, "budi"], [17, OTHER, "rahma"]]
    assert columns(tmp_path, ["comments", "caption", "username"], *rows).text == "caption"


def test_account_and_id_come_from_the_address_where_it_alone_has_them(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Budi S", TEXT, f"https://x.com/budi_s/status/{ID}"],
        ["Rahma", OTHER, f"https://x.com/rahma/status/{ID_2}"],
    ]
    found = read(tmp_path, table(["name", "tweet", "tweet_url"], *rows))
    assert (found.columns.account, found.columns.post_id) == ("tweet_url*", "tweet_url*")
    posts = [row for row in found if isinstance(row, Post)]
    assert [(post.account, post.post_id) for post in posts] == [("budi_s", ID), ("rahma", ID_2)]


def test_the_address_of_a_page_with_many_comments_is_not_the_posts_own(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        [f"Selamat bertugas nomor {n}", "https://contoh.invalid/berita/1"] for n in range(9)
    ]
    assert columns(tmp_path, ["komentar", "url"], *rows).url is None


def test_rounded_ids_come_back_from_the_address_or_stay_empty(tmp_path: Path) -> None:
    rounded = [ID[:15] + "0000", ID_2[:15] + "0000"]
    urls = [f"https://x.com/a/status/{n}" for n in (ID, ID_2)]
    rows: list[list[object]] = [[rounded[0], TEXT, urls[0]], [rounded[1], OTHER, urls[1]]]
    found = read(tmp_path, table(["id", "text", "url"], *rows))
    assert found.columns.post_id == "url*"
    assert [post.post_id for post in found if isinstance(post, Post)] == [ID, ID_2]
    assert found.problems["id_recovered"] == 2
    without = read(tmp_path, table(["id", "text"], *[row[:2] for row in rows]))
    assert without.columns.post_id is None
    assert [post.post_id for post in without if isinstance(post, Post)] == ["", ""]
    assert without.problems["id_damaged"] == 2


def test_doubtful_dates_are_read_day_first_and_said(tmp_path: Path) -> None:
    found = read(tmp_path, table(["teks", "tanggal"], [TEXT, "3/4/2025"], [OTHER, "5/6/2025"]))
    assert [post.posted_at for post in found if isinstance(post, Post)] == [
        "2025-04-03",
        "2025-06-05",
    ]
    assert found.problems["date_order_assumed"] == 1


def test_one_date_far_down_decides_the_order_of_all(tmp_path: Path) -> None:
    rows: list[list[object]] = [[f"Selamat pagi {n}", "3/4/2025"] for n in range(500)]
    rows.append(["Selamat malam", "3/24/2025"])
    found = read(tmp_path, table(["teks", "tanggal"], *rows))
    first = next(iter(found))
    assert isinstance(first, Post) and first.posted_at == "2025-03-04"


def test_the_kind_of_a_row_comes_from_its_type_column(tmp_path: Path) -> None:
    kinds = ["postingan", "komentar", "bagikan", "suka", "lain"]
    rows: list[list[object]] = [[TEXT, kind] for kind in kinds]
    found = read(tmp_path, table(["teks", "jenis"], *rows))
    got = [post.text_kind for post in found if isinstance(post, Post)]
    assert got == ["own", "reply", "share", "like", "unknown"]


def test_what_the_user_names_wins(tmp_path: Path) -> None:
    header = ["teks", "catatan", "akun", "petugas", "hari", "pukul"]
    rows: list[list[object]] = [[TEXT, OTHER, "budi", "rahma", "2024-03-02", "08:15"]] * 2
    found = read(
        tmp_path,
        table(header, *rows),
        text_col="catatan",
        account_col="Petugas",
        time_col="hari+pukul",
    )
    assert (found.columns.text, found.columns.account) == ("catatan", "petugas")
    post = next(iter(found))
    assert isinstance(post, Post)
    assert (post.text, post.account, post.posted_at) == (OTHER, "rahma", "2024-03-02T08:15:00")


def test_a_named_column_that_is_missing_is_an_error_with_the_columns_seen(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, table(["teks", "akun"], [TEXT, "budi"]), account_col="pemilik")
    assert "--account-col" in str(caught.value) and "teks, akun" in str(caught.value)


def test_without_a_text_column_scoring_stops_with_the_best_guess(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        table(
            ["akun", "curahan", "tanggal"],
            ["budi", TEXT, "2024-03-02"],
            ["rahma", OTHER, "2024-03-02"],
        ),
    )
    assert found.columns.text is None
    with pytest.raises(InputError) as caught:
        require_text_column(found)
    assert "--text-col 'curahan'" in caught.value.render("id")
    assert "akun, curahan, tanggal" in caught.value.render("id")


def test_without_a_header_scoring_stops_until_a_number_is_given(tmp_path: Path) -> None:
    data = f"{TEXT};1\n{OTHER};0\n".encode()
    found = read(tmp_path, data)
    assert found.columns.text == "0"
    with pytest.raises(InputError, match="--text-col 0"):
        require_text_column(found)
    require_text_column(found, Overrides(text_col="0"))
    named = read(tmp_path, data, text_col="0")
    assert [post.text for post in named if isinstance(post, Post)] == [TEXT, OTHER]
