"""What the hate sets say about ``hate_speech``, and what they leave open."""

from pathlib import Path

import pytest
import tiny_public_sets as tiny

from netralitas_nlp.training import dataset
from netralitas_nlp.training.sources import hate

pytest.importorskip("pandas")


def labels(data: Path, name: str, *, release_only: bool = True) -> dict[str, float]:
    frame = dataset.load_public(data, names=[name], release_only=release_only)
    assert frame["candidate_support"].isna().all()
    assert frame["hoax"].isna().all()
    return dict(zip(frame["text"], frame["hate_speech"], strict=True))


def test_the_2019_set_is_hate_only_where_a_ground_is_marked_or_named(tmp_path: Path) -> None:
    tiny.ibrohim_2019(
        tmp_path,
        [
            tiny.hs("usir pengikut dewa kabut dari lembah", HS=1, HS_Religion=1, HS_Group=1),
            tiny.hs("dasar cebong semua di sini", HS=1, Abusive=1, HS_Group=1, HS_Other=1),
            tiny.hs("mereka semua bau sekali", HS=1, Abusive=1, HS_Group=1, HS_Other=1),
            tiny.hs("kamu bodoh sekali pak lurah", HS=1, Abusive=1, HS_Individual=1, HS_Other=1),
            tiny.hs("bubarkan panitia lomba perahu", HS=1, HS_Group=1, HS_Other=1),
            tiny.hs("orang cacat jangan ikut rapat", HS=1, HS_Group=1, HS_Physical=1),
            tiny.hs("hidungmu besar sekali kawan", HS=1, Abusive=1, HS_Individual=1, HS_Physical=1),
            tiny.hs("anjir hujan lagi di kota awan", Abusive=1),
            tiny.hs("selamat pagi warga kota awan"),
        ],
    )
    assert labels(tmp_path, "ibrohim-budi-2019-multilabel") == {
        "usir pengikut dewa kabut dari lembah": 1,
        "dasar cebong semua di sini": 1,
        "kamu bodoh sekali pak lurah": 0,
        "orang cacat jangan ikut rapat": 1,
        "hidungmu besar sekali kawan": 0,
        "anjir hujan lagi di kota awan": 0,
        "selamat pagi warga kota awan": 0,
    }


def test_personal_insults_weigh_less_than_sure_rows(tmp_path: Path) -> None:
    insult = tiny.hs("kamu bodoh pak lurah", HS=1, Abusive=1, HS_Individual=1, HS_Other=1)
    tiny.ibrohim_2019(tmp_path, [insult, tiny.hs("selamat pagi semua warga")])
    frame = dataset.load_public(tmp_path, names=["ibrohim-budi-2019-multilabel"])
    assert frame["weight"].tolist() == [0.4, 1.0]


def test_the_closing_apostrophe_and_escapes_of_the_2019_set_are_undone(tmp_path: Path) -> None:
    text = r"USER: panen raya\ndi lembah \xf0\x9f\x98\x80 URL'"
    tiny.ibrohim_2019(tmp_path, [tiny.hs(text), tiny.hs("USER USER USER")])
    assert list(labels(tmp_path, "ibrohim-budi-2019-multilabel")) == [
        "@USER: panen raya di lembah 😀 HTTPURL"
    ]


def test_the_2018_set_gives_zero_for_its_first_two_classes_only(tmp_path: Path) -> None:
    rows = [[1, "cuaca cerah hari ini"], [2, "anjir cerah banget hari ini"], [3, "hei kamu bau"]]
    tiny.ibrohim_2018(tmp_path, rows)
    assert labels(tmp_path, "ibrohim-budi-2018-abusive") == {
        "cuaca cerah hari ini": 0,
        "anjir cerah banget hari ini": 0,
    }


def test_a_row_left_out_of_an_earlier_hate_set_stays_out_of_a_later_one(tmp_path: Path) -> None:
    tiny.ibrohim_2019(tmp_path, [tiny.hs("Bubarkan panitia lomba!", HS=1, HS_Other=1)])
    tiny.ibrohim_2018(tmp_path, [[1, "bubarkan panitia lomba"], [1, "perahu sudah dicat"]])
    names = ["ibrohim-budi-2019-multilabel", "ibrohim-budi-2018-abusive"]
    frame = dataset.load_public(tmp_path, names=names)
    assert frame["text"].tolist() == ["perahu sudah dicat"]


def test_netifier_needs_a_group_and_an_insult_and_quotes_are_cut(tmp_path: Path) -> None:
    quoted = (
        "[QUOTE=budi;1][B]kata orang lain[/B] [quote]lebih dalam[/quote][/QUOTE]jawabku sendiri"
    )
    tiny.netifier(
        tmp_path,
        [
            ["suku kabut maling semua", "kaskus", 0, 1, 0, 1],
            ["apa itu suku kabut ya", "twitter", 0, 1, 0, 0],
            ["kamu maling ayam tetangga", "twitter", 0, 0, 0, 1],
            [quoted, "kaskus", 0, 0, 0, 0],
        ],
        [["acara bom buku di perpustakaan", "twitter", 0, 0, 1, 0]],
    )
    assert labels(tmp_path, "netifier-2018") == {
        "suku kabut maling semua": 1,
        "kamu maling ayam tetangga": 0,
        "jawabku sendiri": 0,
        "acara bom buku di perpustakaan": 0,
    }


def test_alamsyah_joins_the_ground_on_the_text_and_loses_its_links(tmp_path: Path) -> None:
    tiny.alamsyah(
        tmp_path,
        [
            ["suku kabut pemalas", 1, 0, 0, 0, 0],
            ["dasar kadrun gagal paham", 1, 1, 0, 0, 0],
            ["orang sana aneh aneh", 1, 0, 0, 0, 0],
            ["Jembatan Awan Dibuka https://t.co/abc123", 0, 0, 0, 0, 0],
        ],
        [["suku kabut pemalas", 0, 1, 0, 0, 0]],
    )
    assert labels(tmp_path, "alamsyah-sagama-2024-toxicity") == {
        "suku kabut pemalas": 1,
        "dasar kadrun gagal paham": 1,
        "Jembatan Awan Dibuka": 0,
    }


def test_only_the_new_rows_of_hendrawan_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hate, "HENDRAWAN_NEW", 3)
    fresh = [
        tiny.hs("go away people of the mist", HS=1, HS_Race=1, HS_Group=1),
        tiny.hs("boo boo sports fans", HS=1, Abusive=1, HS_Group=1, HS_Other=1),
        tiny.hs("nice weather today"),
    ]
    tiny.hendrawan(tmp_path, fresh, old=3)
    assert labels(tmp_path, "hendrawan-2020-codemixed") == {
        "go away people of the mist": 1,
        "nice weather today": 0,
    }


def test_regional_swearing_is_no_hate_unless_an_identity_is_named(tmp_path: Path) -> None:
    rows = [["pekok tenan koe'", 1, 0], ["modar koe", 1, 1], ["wong papua ngaliho", 1, 1]]
    tiny.putri(tmp_path, rows, [["hayu urang dahar", 0, 0]])
    assert labels(tmp_path, "putri-2021-javanese-sundanese") == {
        "pekok tenan koe": 0,
        "wong papua ngaliho": 1,
        "hayu urang dahar": 0,
    }


def test_insults_of_persons_are_zero_and_rows_with_a_slur_go(tmp_path: Path) -> None:
    tiny.insults(tmp_path, ["pak camat lamban sekali", "kampret semua kalian"])
    for name, word in (
        ("desrul-2019-news-comments", "berita"),
        ("cahkanor-cyberbullying", "balasan"),
    ):
        assert labels(tmp_path, name) == {f"{word} pak camat lamban sekali": 0}


def test_a_set_for_personal_use_is_read_only_when_nothing_is_released(tmp_path: Path) -> None:
    tiny.insults(tmp_path, ["pak camat lamban sekali"])
    name = "luqyana-2018-instagram-cyberbullying"
    assert labels(tmp_path, name, release_only=False) == {"gosip pak camat lamban sekali": 0}
    assert dataset.load_public(tmp_path, names=[name, "cahkanor-cyberbullying"])[
        "source"
    ].tolist() == ["cahkanor-cyberbullying"]
