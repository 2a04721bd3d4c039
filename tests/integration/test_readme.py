"""What the README tells people to type works as it says, and prints what it shows."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from example_verdicts import answer
from readme_blocks import README, ROOT, Block, blocks, differences, lay_out
from refresh_readme import refreshed

from netralitas_nlp.labels import LABELS
from netralitas_nlp.verdicts import read_verdicts

FOR_RESEARCHERS = README.index("\n## Peneliti")
ELSEWHERE = ("review open", "train", "compare", "data pull")
"""Need a person, minutes or a network; each has tests of its own."""


def run(words: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "netralitas_nlp", *words[1:]]
    wide = os.environ | {"COLUMNS": "80", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(program, capture_output=True, text=True, cwd=folder, env=wide)


def commands(language: str) -> Iterator[list[str]]:
    for block in blocks(language):
        yield from (words for words in block.commands() if words[0] == "netralitas")


def in_order(chosen: Sequence[Block], folder: Path) -> list[str]:
    """Run the commands of the blocks; return what differs from the text below them."""
    wrong = []
    for block in chosen:
        real = ""
        for words in block.commands():
            if words[0] == "netralitas":
                done = run(words, folder)
                assert done.returncode == 0, (words, done.stderr)
                real += done.stdout
        if block.shown is not None:
            wrong += [f"{line}\n  in:\n{real}" for line in differences(block.shown, real)]
    return wrong


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(tmp_path_factory.mktemp("readme"))


@pytest.fixture(scope="module")
def first_part(folder: Path) -> list[str]:
    """What differs in the parts for watchdogs and supervisors; their run and desk are left."""
    return in_order([block for block in blocks("sh") if block.start < FOR_RESEARCHERS], folder)


@pytest.mark.slow
@pytest.mark.xdist_group("readme")
def test_the_commands_run_in_order_and_print_what_is_shown(
    folder: Path, first_part: list[str]
) -> None:
    assert len(list(commands("sh"))) >= 20
    assert first_part == []
    for name in ("scored.csv", "scored.parquet", "report.html", "contestants.csv"):
        assert (folder / "hasil" / name).is_file()


@pytest.mark.slow
@pytest.mark.xdist_group("readme")
@pytest.mark.usefixtures("first_part")
def test_what_it_says_about_the_example_run_is_so(folder: Path) -> None:
    rows = pq.read_table(folder / "hasil" / "scored.parquet").to_pylist()
    said = {r["row_id"]: [answer(r["source_row"], label) for label in LABELS] for r in rows}
    judged = {(v.row_id, v.label): v.answer for v in read_verdicts(folder / "putusan.jsonl")}
    sample = {row_id for row_id, _ in judged}
    assert judged == {(i, k): a for i in sample for k, a in zip(LABELS, said[i], strict=True)}

    def count(decision: str, of: str, among: set[str]) -> int:
        found = (r["row_id"] for r in rows if r["decision"] == decision)
        meant = {"yes": lambda a: "yes" in a, "no": lambda a: set(a) == {"no"}}[of]
        return sum(meant(said[row_id]) for row_id in found if row_id in among)

    every = set(said)
    violating = sum("yes" in said[row_id] for row_id in sample)
    flagged, near = count("flag", "yes", sample), count("review", "yes", sample)
    wrong, missed = count("flag", "no", every), count("clear", "yes", every)
    sentence = (
        f"Dari {violating} pelanggaran dalam contoh itu, model menandai {flagged} dan menaruh"
        f" {near} di pita batas; di seluruh ekspor ia menandai {wrong} unggahan yang menurut kami"
        f" netral dan melewatkan {missed} pelanggaran."
    )
    assert sentence in " ".join(README.split())


@pytest.mark.slow
@pytest.mark.xdist_group("readme")
@pytest.mark.usefixtures("first_part")
def test_the_commands_for_researchers_run_and_print_what_is_shown(folder: Path) -> None:
    assert in_order([b for b in blocks("sh") if b.start > FOR_RESEARCHERS], folder) == []


@pytest.mark.slow
@pytest.mark.xdist_group("readme")
def test_the_library_example_runs_and_prints_what_is_shown(folder: Path) -> None:
    (example,) = blocks("python")
    script = folder / "contoh.py"
    script.write_text(example.body, encoding="utf-8")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert (folder / "hasil-pustaka" / "report.html").is_file()
    assert example.shown is not None
    assert differences(example.shown, done.stdout) == []


def test_every_verb_is_shown_and_only_four_are_not_run(tmp_path: Path) -> None:
    shown = [" ".join(words[1:]) for language in ("sh", "console") for words in commands(language)]
    told = run(["netralitas", "--help"], tmp_path).stdout
    listed = re.findall(r"^  (\w+) ", told.split("Commands:")[1], re.MULTILINE)
    assert len(listed) >= 15
    assert [v for v in listed if not any(s.startswith(v + " ") for s in shown)] == []
    not_run = [" ".join(words[1:]) for words in commands("console")]
    setting_up = ("review user", "review set")
    assert [s for s in not_run if not s.startswith((*ELSEWHERE, *setting_up))] == []


def test_the_help_of_what_is_not_run_knows_every_option_shown(tmp_path: Path) -> None:
    seen = 0
    for words in commands("console"):
        verb = words[: next((n for n, w in enumerate(words) if not w.isalpha()), len(words))]
        told = ""
        while len(verb) > 1 and not told:
            done = run([*verb, "--help"], tmp_path)
            told = done.stdout if done.returncode == 0 else ""
            verb = verb[:-1]
        for option in (word for word in words if word.startswith("--")):
            seen += 1
            assert re.search(rf"{option}\b", told), (words, option)
    assert seen >= 8


def test_a_line_that_is_no_longer_printed_is_noticed() -> None:
    real = "satu 1\ndua B2C3D-F4G5H\ntiga\nempat\n"
    assert differences("satu …\ndua X9Z8W-K7M6N\n…\nempat\n", real) == []
    assert differences("satu 1\n…", real) == []
    assert differences("satu 2\n…", real) == ["satu 2"]
    assert differences("satu 1\ntiga\n…", real) == ["tiga"]
    assert differences("satu 1\n", real) == ["not shown: dua XXXXX-XXXXX"]


def test_what_is_printed_now_takes_the_place_of_what_is_shown() -> None:
    shown = "ditandai 25 dari 263\nakun D6VNY-6ZB9C: menunggu 8\n…\nwaktu … dan memori 9 MB\n"
    real = "ditandai 31 dari 263\nbaru 4\nakun B2C3D-F4G5H: menunggu 8\nwaktu 1 dan memori 12 MB\n"
    now = refreshed(shown, real)
    assert now == (
        "ditandai 31 dari 263\nbaru 4\nakun D6VNY-6ZB9C: menunggu 8\n…\nwaktu … dan memori 12 MB\n"
    )
    assert differences(now, real) == []
    assert refreshed(now, real) == now


def test_the_files_it_points_to_exist() -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", README) + re.findall(r'src="(.+?)"', README)
    missing = [target for target in targets if not (ROOT / target).exists()]
    assert not missing
    headings = re.findall(r"^#+ (.+)$", README, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", README)) <= anchors


def test_the_figures_shown_are_those_of_the_released_model() -> None:
    card = (ROOT / "model" / "README.md").read_text(encoding="utf-8")
    table = re.search(r"<!-- angka -->\n(.*?)<!-- /angka -->", README, flags=re.DOTALL)
    assert table is not None
    rows = [line for line in table[1].splitlines() if "(`" in line]
    assert len(rows) == 3
    for row in rows:
        label, f1, floor = (cell.strip() for cell in row.strip("|").split("|")[:3])
        name = re.search(r"`(\w+)`", label)
        assert name is not None
        of_card = next(line for line in card.splitlines() if f"(`{name[1]}`)" in line)
        cells = [cell.strip() for cell in of_card.strip("|").split("|")]
        assert f1 == cells[4]
        assert floor == cells[5]
