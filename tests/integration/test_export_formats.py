"""Every tool's export is read without configuration: columns, first and last post, all rows."""

from collections import Counter
from pathlib import Path

import pytest
from made_exports import MADE
from making import Made

from netralitas_nlp.io.presets import released_presets
from netralitas_nlp.io.readers import open_export
from netralitas_nlp.schema import Post

ROLES = ("text", "account", "posted_at", "url", "post_id", "parent_text")


@pytest.mark.parametrize("made", MADE, ids=lambda made: made.name)
def test_an_export_is_understood_without_configuration(made: Made, tmp_path: Path) -> None:
    tables = open_export(made.write(tmp_path))
    table = tables[made.table]
    rows = list(table)

    assert table.preset == (made.name if made.preset == "" else made.preset)
    assert {r: getattr(table.columns, r) for r in ROLES} == {r: made.columns.get(r) for r in ROLES}
    posts = [row for row in rows if isinstance(row, Post)]
    assert len(posts) == len(rows) == made.n
    for post, wanted in ((posts[0], made.first), (posts[-1], made.last)):
        assert {key: getattr(post, key) for key in wanted} == wanted


def test_every_preset_has_an_export_made_here() -> None:
    covered = {made.name if made.preset == "" else made.preset for made in MADE}
    assert set(released_presets()) <= covered


@pytest.mark.parametrize("made", MADE, ids=lambda made: made.name)
def test_rows_are_numbered_from_one_and_a_second_pass_gives_the_same(
    made: Made, tmp_path: Path
) -> None:
    table = open_export(made.write(tmp_path))[made.table]
    first, seen = list(table), Counter(table.problems)
    again = list(table)
    assert again == first
    assert table.problems == seen
    numbers = [row.source_row for row in first]
    assert numbers == sorted(set(numbers)) and numbers[0] >= 1


def test_input_columns_stay_as_read_while_the_text_is_repaired(tmp_path: Path) -> None:
    path = tmp_path / "k.csv"
    path.write_text("akun,komentar,label\nbudi,Setuju &amp; mantap,1\n", encoding="utf-8")
    (table,) = open_export(str(path))
    (post,) = list(table)
    assert isinstance(post, Post)
    assert dict(post.fields) == {"akun": "budi", "komentar": "Setuju &amp; mantap", "label": "1"}
    assert post.text == "Setuju & mantap"
    assert table.problems["text_repaired"] == 1


def test_sessions_numbers_and_addresses_are_never_carried_over(tmp_path: Path) -> None:
    secrets = ("rahasia-sesi", "812-0000-0001", "203.0.113.9", "Tono")
    for made in MADE:
        for table in open_export(made.write(tmp_path)):
            for row in table:
                assert not any(secret in repr(row) for secret in secrets), made.name


def test_one_telephone_number_gives_one_pseudonym(tmp_path: Path) -> None:
    path = tmp_path / "chat.txt"
    path.write_text(
        "30/08/24 18.01 - +62 812-0000-0001: Selamat sore\n"
        "30/08/24 18.02 - +62 812 0000 0001: Sore\n"
        "30/08/24 18.03 - +62 812-0000-0002: Halo\n",
        encoding="utf-8",
    )
    posts = [row for row in open_export(str(path))[0] if isinstance(row, Post)]
    accounts = [post.account for post in posts]
    assert accounts[0] == accounts[1] != accounts[2]
    assert all(account.startswith("telepon-") and len(account) == 16 for account in accounts)
    assert [post.fields["sender"] for post in posts] == accounts
