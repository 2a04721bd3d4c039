"""The README as a program: its blocks, the commands in them, and the output it promises."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_PSEUDONYM = re.compile(r"\b[2-9BCDFGHJKMNPQRSTVWXYZ]{5}-[2-9BCDFGHJKMNPQRSTVWXYZ]{5}\b")
CUT = "…"


@dataclass(frozen=True)
class Block:
    """A fenced block, and the text block right below it."""

    start: int
    language: str
    body: str
    shown: str | None

    def commands(self) -> Iterator[list[str]]:
        """Yield the words of every line, comments left out and continued lines joined."""
        for line in self.body.replace("\\\n", " ").splitlines():
            if words := shlex.split(line.removeprefix("$ "), comments=True):
                yield words


def blocks(language: str, page: str = README) -> list[Block]:
    """Return the blocks of a language, in order."""
    found = list(_BLOCK.finditer(page))
    kept = []
    for here, after in zip(found, [*found[1:], None], strict=True):
        shown = after[2] if after and _belongs(here, after, page) else None
        if here[1] == language:
            kept.append(Block(here.start(), language, here[2], shown))
    return kept


def lay_out(root: Path) -> Path:
    """Return the folder that the README has people make, by its own line, below an empty one."""
    (root / "data").mkdir()
    for path in (ROOT / "data").iterdir():
        if path.name == "examples":
            shutil.copytree(path, root / "data" / path.name)
        else:
            (root / "data" / path.name).symlink_to(path)
    (line,) = (b.body for b in blocks("sh") if b.body.startswith("cp -r data/examples coba"))
    subprocess.run(line, shell=True, check=True, cwd=root)
    return root / "coba"


def _belongs(here: re.Match[str], after: re.Match[str], page: str) -> bool:
    return after[1] == "text" and not page[here.end() : after.start()].strip()


def differences(shown: str, real: str) -> list[str]:
    """Return the lines shown that the real output does not have there, in its order.

    ``…`` in a line stands for any characters, ``…`` alone for any lines; without it every line
    has to be shown. Pseudonyms are another one in every run; of them only the form counts.
    """
    lines = [_plain(line) for line in real.splitlines() if line.strip()]
    wanted = [_plain(line) for line in shown.splitlines() if line.strip()]
    wrong, at, free = [], 0, False
    for line in wanted:
        if line == CUT:
            free = True
            continue
        pattern = re.compile(".*".join(map(re.escape, line.split(CUT))))
        places = range(at, len(lines)) if free else range(at, min(at + 1, len(lines)))
        place = next((i for i in places if pattern.fullmatch(lines[i])), None)
        if place is None:
            wrong.append(line)
        at = at + 1 if place is None else place + 1
        free = False
    if at < len(lines) and not free and not wrong:
        wrong.append(f"not shown: {lines[at]}")
    return wrong


def _plain(line: str) -> str:
    return _PSEUDONYM.sub("XXXXX-XXXXX", line.rstrip())
