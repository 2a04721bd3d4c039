"""What the README tells people to type works as it says."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


@pytest.fixture
def folder_with_an_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(ROOT / "data" / "examples" / "tweet-harvest.csv", tmp_path / "ekspor.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_library_example_runs(folder_with_an_export: Path) -> None:
    (program,) = blocks("python")
    script = folder_with_an_export / "contoh.py"
    script.write_text(program, encoding="utf-8")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (folder_with_an_export / "hasil" / "report.html").is_file()


def test_the_commands_run(folder_with_an_export: Path) -> None:
    lines = [line.split("#")[0].strip() for line in "\n".join(blocks("sh")).splitlines()]
    commands = [line for line in lines if line.startswith("netralitas ")]
    assert len(commands) >= 2
    for command in commands:
        program = [str(Path(sys.executable).parent / "netralitas"), *command.split()[1:]]
        done = subprocess.run(program, capture_output=True, text=True)
        assert done.returncode == 0, (command, done.stderr)
    for name in ("scored.csv", "scored.parquet", "report.html"):
        assert (folder_with_an_export / "hasil" / name).is_file()


def test_the_files_it_points_to_exist() -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    missing = [target for target in targets if not (ROOT / target).exists()]
    assert not missing


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
