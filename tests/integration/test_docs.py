"""The guides name only commands, options and files that exist."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main

from netralitas_nlp.cli import app as command_line

ROOT = Path(__file__).parents[2]
GUIDES = sorted((ROOT / "docs").glob("*.md"))


@pytest.fixture(scope="module")
def commands() -> Any:
    """The command line with every verb registered, as ``main`` does it."""
    found: list[Any] = []

    def stop() -> None:
        found.append(typer.main.get_command(command_line.app))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(command_line.app), "__call__", lambda self: stop())
        command_line.main()
    return found[0]


def typed(guide: Path) -> list[list[str]]:
    """Return the words of every command in a guide: whole lines of blocks, and quoted ones."""
    text = guide.read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL))
    quoted = re.findall(r"`(netralitas [^`]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    lines = [*blocks.splitlines(), *(" ".join(one.split()) for one in quoted)]
    return [shlex.split(line)[1:] for line in lines if line.startswith("netralitas ")]


def wrong(words: list[str], commands: Any) -> str:
    """Return what a command line names that does not exist; empty where all is well."""
    command = commands
    rest = list(words)
    # Typer brings a Click of its own, so a group is known by what it holds.
    while hasattr(command, "commands"):
        name = rest.pop(0) if rest else ""
        if name not in command.commands:
            return f"verb {name}"
        command = command.commands[name]
    options = {one for parameter in command.params for one in parameter.opts}
    unknown = [word for word in rest if word.startswith("--") and word not in options]
    return f"option {unknown}" if unknown else ""


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_every_command_in_a_guide_exists(guide: Path, commands: Any) -> None:
    found = {" ".join(words): wrong(words, commands) for words in typed(guide)}
    assert not {line: problem for line, problem in found.items() if problem}


def test_the_check_sees_what_does_not_exist(commands: Any) -> None:
    assert wrong(["score", "x.csv", "--out", "y"], commands) == ""
    assert wrong(["score", "x.csv", "--outt", "y"], commands)
    assert wrong(["scor"], commands)
    assert wrong(["data", "chekc"], commands)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_the_files_a_guide_points_to_exist(guide: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", guide.read_text(encoding="utf-8"))
    assert not [target for target in targets if not (guide.parent / target).exists()]


def test_the_citation_says_what_the_package_says() -> None:
    import tomllib

    import yaml

    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert citation["cff-version"] == "1.2.0"
    assert citation["version"] == project["version"]
    assert citation["license"] == project["license"]
    assert {"message", "title", "authors"} <= citation.keys()
