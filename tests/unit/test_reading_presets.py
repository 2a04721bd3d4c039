"""Preset files are data: one file adds a tool, and a bad file is refused with its key."""

from pathlib import Path

import pytest

from netralitas_nlp.errors import InputError
from netralitas_nlp.io.presets import fits, load_presets, released_presets
from netralitas_nlp.io.sample import Sample

GOOD = """
name = "alat-baru"
title = "Alat Baru"
zone = "WIB"
[recognise]
all = ["isi_kiriman", "pemilik|akun"]
none = ["bukan"]
[columns]
text = ["isi_kiriman"]
account = ["pemilik"]
[[kinds]]
kind = "reply"
when = "balasan_untuk"
"""


def load(folder: Path, text: str) -> object:
    (folder / "alat.toml").write_text(text, encoding="utf-8")
    return load_presets(folder)["alat-baru"]


def sample(*columns: str) -> Sample:
    return Sample(columns, "csv", (dict.fromkeys(columns, "x"),))


def test_one_file_adds_a_tool(tmp_path: Path) -> None:
    preset = load(tmp_path, GOOD)
    assert fits(preset, sample("isi_kiriman", "akun"))  # type: ignore[arg-type]
    assert not fits(preset, sample("isi_kiriman"))  # type: ignore[arg-type]
    assert not fits(preset, sample("isi_kiriman", "akun", "bukan"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('title = "Alat Baru"', "", "title"),
        ('name = "alat-baru"', 'name = "Alat Baru"', "name"),
        ('zone = "WIB"', 'zone = "Mars"', "zone"),
        ('kind = "reply"', 'kind = "balasan"', "kinds.0.kind"),
        ('text = ["isi_kiriman"]', "", "columns.text"),
        ('account = ["pemilik"]', 'account = ["a[b"]', "columns.account.0"),
        ('account = ["pemilik"]', 'akun = ["pemilik"]', "columns.akun"),
        ('none = ["bukan"]', 'nihil = ["bukan"]', "recognise.nihil"),
        ("all = [", "all [", "-"),
        ('zone = "WIB"', 'nested = ["tidak-ada"]', "nested"),
    ],
)
def test_a_bad_file_is_refused_with_file_key_and_reason(
    tmp_path: Path, old: str, new: str, key: str
) -> None:
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        load(tmp_path, GOOD.replace(old, new))
    words = caught.value.render("id") + str(caught.value)
    assert "alat" in words and key in words
    assert len(str(caught.value.values["reason"])) > 5


def test_a_name_is_taken_once(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.toml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(InputError, match=r"b\.toml"):
        load_presets(tmp_path)


def test_released_presets_are_sound_and_named_by_their_files() -> None:
    presets = released_presets()
    assert len(presets) >= 21
    assert all(preset.name == name for name, preset in presets.items())
