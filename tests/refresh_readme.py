"""Writes what the README's commands print into the README, after a new model or a changed message.

    python tests/refresh_readme.py

Runs them in order in a folder of its own, writes the example verdicts anew where the sample has
changed, puts the real lines in place of those shown, and the figures of the model's card in its
table; what is cut (``…``) stays cut. Lines of a
language that is not run (``console``) and all prose are left: read the difference before keeping
it.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path

import example_verdicts
from readme_blocks import CUT, README, ROOT, blocks, differences, lay_out

from netralitas_nlp.labels import LABELS

LIKE = 0.55
"""Least likeness of two lines, digits aside, for one to be the other as it is now."""


def refreshed(shown: str, real: str) -> str:
    """Return the shown text with the lines that are printed now.

    Args:
        shown: A text block of the README, lines or parts of lines cut to ``…``.
        real: The output that belongs there.
    """
    if not differences(shown, real):
        return shown
    now = [line.rstrip() for line in real.splitlines() if line.strip()]
    lines, at, cut = [], 0, False
    for old in shown.splitlines():
        if not old.strip():
            lines.append(old)
            continue
        if old.strip() == CUT:
            lines.append(old)
            cut = True
            continue
        place = _place(old, now, at)
        if place is None:
            continue
        if not cut:
            lines += now[at:place]
        lines.append(_cut_alike(old, now[place]))
        at, cut = place + 1, False
    if not cut:
        lines += now[at:]
    return "".join(f"{line}\n" for line in lines)


def _place(old: str, now: Sequence[str], at: int) -> int | None:
    same = (i for i in range(at, len(now)) if not differences(f"{old}\n", f"{now[i]}\n"))
    if (exact := next(same, None)) is not None:
        return exact
    likeness = [SequenceMatcher(None, _bare(old), _bare(new)).ratio() for new in now[at:]]
    best = max(range(len(likeness)), key=likeness.__getitem__, default=None)
    return None if best is None or likeness[best] < LIKE else at + best


def _bare(line: str) -> str:
    return re.sub(r"\d+", "0", line.replace(CUT, " "))


def _cut_alike(old: str, new: str) -> str:
    """Return the new line, cut after and before as many words as the old one shows."""
    if not differences(f"{old}\n", f"{new}\n"):
        return old
    if CUT not in old:
        return new
    before, *_, after = old.split(CUT)
    words = list(re.finditer(r"\S+", new))
    head, tail = len(before.split()), len(after.split())
    first = new[: words[head - 1].end()] if head else ""
    last = new[words[-tail].start() :] if tail else ""
    left, right = " " * before.endswith(" "), " " * after.startswith(" ")
    return f"{first}{left}{CUT}{right}{last}"


def main() -> None:
    """Run, compare, write; say which blocks have changed."""
    text, root = README, Path(tempfile.mkdtemp(prefix="readme-"))
    lay_out(root)
    for block in blocks("sh"):
        real = ""
        for words in block.commands():
            if words[0] == "netralitas":
                real += _printed([sys.executable, "-m", "netralitas_nlp", *words[1:]], root)
            if words[1:2] == ["sample"]:
                for out in (root / "coba", ROOT / "data" / "examples"):
                    example_verdicts.write(
                        root / "coba" / "hasil", root / "coba" / "contoh.csv", out
                    )
        text = _replaced(text, block.shown, real)
    for block in blocks("python"):
        (root / "coba" / "contoh.py").write_text(block.body, encoding="utf-8")
        text = _replaced(text, block.shown, _printed([sys.executable, "contoh.py"], root))
    (ROOT / "README.md").write_text(_with_figures(text), encoding="utf-8")
    shutil.rmtree(root)


def _with_figures(text: str) -> str:
    """Return the README with the rows of the card, cells in the order of its own table."""
    card = (ROOT / "model" / "README.md").read_text(encoding="utf-8")
    for label in LABELS:
        row = next(line for line in card.splitlines() if f"(`{label}`)" in line)
        name, _, precision, recall, f1, floor, ap, floor_ap, _ = (
            cell.strip() for cell in row.strip("|").split("|")
        )
        cells = (name, f1, floor, precision, recall, ap, floor_ap)
        old = re.search(rf"^\| [^|]*\(`{label}`\) \|.*$", text, re.MULTILINE)
        if old:
            text = text.replace(old[0], f"| {' | '.join(cells)} |")
    return text


def _printed(words: Sequence[str], root: Path) -> str:
    wide = os.environ | {"COLUMNS": "80", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(words, capture_output=True, text=True, cwd=root / "coba", env=wide)
    if done.returncode:
        raise SystemExit(f"{' '.join(words[3:])}: {done.stderr}")
    return done.stdout


def _replaced(text: str, shown: str | None, real: str) -> str:
    if shown is None:
        return text
    new = refreshed(shown, real)
    if new != shown:
        print(f"--- was\n{shown}+++ is\n{new}")
    return text.replace(f"```text\n{shown}```", f"```text\n{new}```")


if __name__ == "__main__":
    main()
