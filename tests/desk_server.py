"""The desk as people start it: the command in a process of its own, spoken to over its port."""

import os
import queue
import re
import subprocess
import sys
import threading
from pathlib import Path

from netralitas_nlp.cli import app as command_line

START = "import sys; from netralitas_nlp.cli.app import main; main()"
SOURCE = Path(command_line.__file__).resolve().parents[2]


class Served:
    """A running ``netralitas review open``; ``link()`` gives each one-time address once."""

    def __init__(self, store: Path, *options: str) -> None:
        command = [sys.executable, "-u", "-c", START, "review", "open", "--store", str(store)]
        self.process = subprocess.Popen(
            [*command, "--no-browser", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(SOURCE)},
        )
        self.lines: list[str] = []
        self._links: queue.Queue[str] = queue.Queue()
        self._errors: list[str] = []
        readers = (self._read, lambda: self._errors.extend(self.process.stderr))
        self._readers = [threading.Thread(target=read, daemon=True) for read in readers]
        for reader in self._readers:
            reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.lines.append(line)
            if found := re.search(r"http://127\.0\.0\.1:\d+/open\?token=\S+", line):
                self._links.put(found[0])

    def link(self) -> str:
        """Return the next one-time address."""
        return self._links.get(timeout=60)

    def close(self) -> str:
        """Interrupt the command as Ctrl+C does; return what it wrote to standard error."""
        self.process.send_signal(2)
        self.process.wait(timeout=30)
        for reader in self._readers:
            reader.join(timeout=30)
        return "".join(self._errors)
