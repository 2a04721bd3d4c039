"""What the guide to several machines tells people to type works, and prints what it shows."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from readme_blocks import ROOT, blocks, differences

GUIDE = (ROOT / "docs/skala.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_commands_of_the_guide_print_what_it_shows(
    tmp_path: Path, released_bundle: Path
) -> None:
    shutil.copytree(ROOT / "data/examples", tmp_path / "coba")
    (tmp_path / "coba/tweet-harvest.csv").rename(tmp_path / "coba/ekspor.csv")
    wide = os.environ | {"COLUMNS": "80", "PYTHONIOENCODING": "utf-8"}
    wide["PYTHONPATH"] = str(ROOT / "src")
    seen = 0
    for block in blocks("sh", GUIDE):
        for words in block.commands():
            program = [sys.executable, "-m", "netralitas_nlp", *words[1:]]
            done = subprocess.run(
                program, capture_output=True, text=True, cwd=tmp_path / "coba", env=wide
            )
            assert done.returncode == 0, (words, done.stderr)
            if block.shown is not None:
                assert differences(block.shown, done.stdout) == []
                seen += 1
    assert seen == 3
