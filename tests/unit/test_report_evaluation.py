"""The page of an evaluation: what lies in the folder is shown, as it is, and nothing else."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import made_evaluation as made
import pytest
from test_fixed_sets import Judge, rows
from test_suite import Told
from test_suite import write as write_suite

from netralitas_nlp.binomial import upper_bound
from netralitas_nlp.evaluation.fixed import evaluate_fixed
from netralitas_nlp.evaluation.suite import run_suite
from netralitas_nlp.labeled.suite import load_suite
from netralitas_nlp.labels import LABELS
from netralitas_nlp.report.evaluation import exchanged, write_evaluation_page
from netralitas_nlp.report.evaluation_charts import observed_interval, reliability_svg
from netralitas_nlp.report.evaluation_files import read_evaluations
from netralitas_nlp.report.words import catalogue

SECTIONS = {
    "fixed": {"ukuran", "prevalensi", "keandalan", "irisan"},
    "suite": {"suite"},
    "parity": {"kesetaraan"},
    "roster": {"daftar"},
    "hs1": {"protokol"},
    "unseen_election": {"protokol"},
    "lain": {"lain"},
}


class Cells(HTMLParser):
    """The rows of all tables as text, a cell's parts joined by one space."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.open = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.rows[-1].append("")
            self.open = True

    def handle_endtag(self, tag: str) -> None:
        self.open = self.open and tag not in ("th", "td")

    def handle_data(self, data: str) -> None:
        if self.open:
            joined = f"{self.rows[-1][-1]} {data}".replace("\u00a0", " ")
            self.rows[-1][-1] = " ".join(joined.split())


def page(folder: Path, lang: str = "id") -> str:
    return write_evaluation_page(folder, lang=lang).read_text(encoding="utf-8")  # type: ignore[arg-type]


def part(html: str, section: str) -> str:
    return html[html.index(f'<section id="{section}">') :].split("</section>", maxsplit=1)[0]


def table(html: str, section: str) -> list[list[str]]:
    cells = Cells()
    cells.feed(part(html, section))
    return cells.rows


@pytest.mark.parametrize("name", SECTIONS)
def test_only_the_sections_of_the_files_present_appear(name: str, tmp_path: Path) -> None:
    content = {"unseen_election": made.protocol, "lain": lambda: {"apa": 1}}.get(name)
    html = page(made.write(tmp_path, **{name: (content or getattr(made, name))()}))
    assert set(re.findall(r'<section id="(\w+)">', html)) == SECTIONS[name]
    assert set(re.findall(r'<li><a href="#(\w+)">', html)) == SECTIONS[name]


def test_an_empty_folder_says_what_to_run(tmp_path: Path) -> None:
    html = page(tmp_path)
    assert "netralitas evaluate --suite" in html
    assert "<section" not in html


def test_figures_are_those_of_the_file_with_the_floor_of_the_same_rows(tmp_path: Path) -> None:
    html = page(made.write(tmp_path, fixed=made.fixed()))
    own = table(html, "ukuran")
    assert own[1] == [
        "kepentingan calon", "40", "0,93", "0,28", "0,43 0,38–0,48", "0,03 0,00–0,08", "0,81",
        "0,81",
    ]  # fmt: skip
    text = " ".join(re.sub(r"<[^>]+>", "", part(html, "ukuran")).replace("\xa0", " ").split())
    assert "22 dari 1.219 = 1,8 % (selang 95 %: 1,0 % sampai 3,0 %). Lantai: 1,4 %." in text
    assert "ia diukur pada 1.500 unggahan, bukan pada himpunan ini" in text
    assert text.count("Lantai F1") == 2  # own rows alone, at both operating points


def test_precision_stands_at_each_prevalence(tmp_path: Path) -> None:
    found = table(page(made.write(tmp_path, fixed=made.fixed())), "prevalensi")
    assert found[0] == ["Bila yang melanggar", "0,2 %", "1 %", "2 %", "3 %", "10 %"]
    assert found[1] == ["kepentingan calon", *["46,5 %"] * 5]
    assert found[2][0] == "lantai kepentingan calon"


def test_slices_keep_counts_and_mark_the_small_ones(tmp_path: Path) -> None:
    found = table(page(made.write(tmp_path, fixed=made.fixed()), "en"), "irisan")
    assert found[1] == ["<u>x</u>", "900", "0.55", "0.87", "5 of 400"]
    assert found[2] == ["facebook", "60 few", "–", "0.87", "5 of 400"]
    assert found[4] == ["religion", "120", "0.42"]


def test_a_bin_is_drawn_at_its_score_with_its_count_and_binomial_interval(tmp_path: Path) -> None:
    html = page(made.write(tmp_path, fixed=made.fixed()))
    found = table(html, "keandalan")
    assert ["0,300", "0,250", "0,09–0,49", "20"] in found
    low, high = observed_interval((0.3, 0.25, 20.0))
    assert high == pytest.approx(upper_bound(5, 20, confidence=0.975))
    assert low == pytest.approx(0.0866, abs=1e-3)  # Clopper and Pearson, 5 of 20
    drawing = part(html, "keandalan")
    assert "<title>Skor 0,30, teramati 0,25 (0,09–0,49), 20 unggahan</title>" in drawing
    assert "skor rata-rata; 19–20 unggahan per kotak" in drawing


def test_a_perfect_bin_lies_on_the_diagonal() -> None:
    drawing = str(reliability_svg({"hoax": [(0.25, 0.25, 40.0)]}, "en"))
    at = {name: float(value) for name, value in re.findall(r'(\w\d|c\w)="([\d.]+)"', drawing)}
    line = re.search(r'class="diagonal" x1="(.+?)" y1="(.+?)" x2="(.+?)" y2="(.+?)"', drawing)
    assert line is not None
    x1, y1, x2, y2 = map(float, line.groups())
    assert at["cx"] == pytest.approx(x1 + 0.25 * (x2 - x1), abs=0.02)
    assert at["cy"] == pytest.approx(y1 + 0.25 * (y2 - y1), abs=0.02)


def test_weak_abilities_are_called_weak_in_words_and_come_first(tmp_path: Path) -> None:
    html = page(made.write(tmp_path, suite=made.suite()))
    found = [row for row in table(html, "suite") if len(row) == 2]
    abilities = [row for row in found if "ajakan" in row[0]]
    assert [row[1] for row in abilities] == [
        "9 dari 20 45,0 % lemah", "16 dari 20 80,0 %", "19 dari 20 95,0 %",
    ]  # fmt: skip
    assert ["Pelanggaran yang sampai ke peninjau", "82,2 %"] in found
    assert ["Kelompok kontras yang lulus utuh", "44 dari 112"] in found
    assert "1 dari 3 kemampuan lemah" in html
    assert html.count('<article class="flip">') == 2


def test_parity_shows_flips_examples_and_who_is_over_the_limit(tmp_path: Path) -> None:
    html = page(made.write(tmp_path, parity=made.parity()))
    found = table(html, "kesetaraan")
    assert found[1] == ["agama", "13 dari 215 6,0 % lewat batas", "0,202", "0,554", "43"]
    assert found[2] == ["partai", "0 dari 30 0,0 %", "0,010", "0,020", "5"]
    assert "Kepala sekolah <mark>Katolik</mark> itu arogan." in html
    assert "agama: 1 contoh dari 13 varian" in html


def test_only_the_words_that_differ_are_marked() -> None:
    pieces = exchanged("pilih nomor 2 ya, nomor 2!", "pilih nomor 3 ya, nomor 3!")
    assert [text for text, changed in pieces if changed] == ["3", "3!"]
    assert "".join(text for text, _ in pieces) == "pilih nomor 3 ya, nomor 3!"


def test_protocols_stand_beside_the_floor(tmp_path: Path) -> None:
    folder = made.write(tmp_path, hs1=made.hs1(), unseen_election=made.protocol())
    found = table(page(folder, "en"), "protokol")
    assert found[1] == ["1", "2,634", "0.851", "0.843", "0.822", "0.612", "0.601", "0.540"]
    assert ["pilkada-a", "0.71 0.62–0.78", "0.60 0.50–0.69", "120", "300", "12,000"] in found


def test_texts_names_and_files_of_strangers_do_nothing(tmp_path: Path) -> None:
    folder = made.everything(tmp_path)
    (folder / "<img src=x onerror=alert(1)>.json").write_text("{}", encoding="utf-8")
    html = page(folder)
    for tag in ("<script", "<img", "<u>", "<s>odd", "<b>", "<i>"):
        assert tag not in html
    assert "\u202e" not in html
    assert "default-src &#39;none&#39;" in html
    assert not re.search(r'(?:src|href)="(?!#)', html)
    assert not re.search(r"\sstyle=", html)


def test_files_of_another_kind_or_shape_are_listed_and_not_interpreted(tmp_path: Path) -> None:
    wrong = made.suite() | {"passed": 1.7}
    flood = "[" * 100_000
    folder = made.write(tmp_path, lain={"apa": 1}, rusak="{", suite=wrong, parity=[1], dalam=flood)
    (folder / "folder.json").mkdir()
    found = read_evaluations(folder)
    assert {(file.name, file.reason) for file in found.others} == {
        ("dalam.json", "unreadable"), ("folder.json", "unreadable"),
        ("lain.json", "unknown"), ("parity.json", "malformed"),
        ("rusak.json", "unreadable"), ("suite.json", "malformed"),
    }  # fmt: skip
    assert found.suite is None
    html = page(folder)
    assert 'id="suite"' not in html
    assert ["lain.json", "10 B", "jenis yang tidak dikenal halaman ini"] in table(html, "lain")


def test_a_figure_that_is_undefined_is_a_dash(tmp_path: Path) -> None:
    figures = json.dumps(made.fixed()).replace("0.8126", "NaN").replace("0.4647", "null")
    html = page(made.write(tmp_path, fixed=figures))
    assert table(html, "ukuran")[1][-2:] == ["–", "–"]
    assert table(html, "prevalensi")[1] == ["kepentingan calon", *["–"] * 5]


def test_files_of_two_models_are_not_passed_off_as_one(tmp_path: Path) -> None:
    folder = made.write(tmp_path, suite=made.suite(), parity=made.parity())
    assert "bukan dari satu model" not in page(folder)
    made.write(folder, parity=made.parity() | {"digest": "cd" * 32})
    assert "bukan dari satu model" in page(folder)


def test_the_page_reads_what_evaluation_writes(tmp_path: Path) -> None:
    scorer = Judge()
    fixed = evaluate_fixed(scorer, rows())  # type: ignore[arg-type]
    result = run_suite(load_suite(write_suite(tmp_path / "s")), Told(pilih=(0.9, 0, 0)))  # type: ignore[arg-type]
    folder = made.write(tmp_path / "hasil", fixed=fixed, suite=result.as_dict())
    found = read_evaluations(folder)
    assert found.others == ()
    assert found.suite is not None
    assert [case.text for case in found.suite.worst] == ["coblos bu rina"]
    assert found.fixed is not None
    assert set(found.fixed.reliability["own"]) == set(LABELS)
    assert "Ajakan." in page(folder)
    assert "A call." in page(folder, "en")


def test_the_same_files_give_the_same_page(tmp_path: Path) -> None:
    assert page(made.everything(tmp_path / "a")) == page(made.everything(tmp_path / "b"))


def test_every_word_of_the_page_is_used_and_has_both_languages(
    request: pytest.FixtureRequest,
) -> None:
    room = request.config.rootpath / "src/netralitas_nlp/report"
    names = ("evaluation.py", "evaluation_charts.py", "templates/evaluation.html.j2")
    source = "".join((room / name).read_text(encoding="utf-8") for name in names)
    for key, entry in catalogue("evaluation_words").items():
        assert set(entry) == {"id", "en"}
        assert all(entry.values()), key
        built = re.match(r"(slice|kind|suite|target|attribute|protocol|measure|file)_", key)
        assert built or re.search(rf"['\"]{key}['\"]", source), key
