"""Names of input files: people name exports after the account that they hold."""

from collections.abc import Iterable, Sequence

from netralitas_nlp.report.names import Names
from netralitas_nlp.report.words import Words


class FileNames:
    """Calls an input file by its name, or by its number where the name holds that of an account.

    Args:
        files: Inputs in the order of the manifest.
        hidden: Accounts whose names must not be shown, as exported.
        words: Language of the page.
    """

    def __init__(self, files: Sequence[str], hidden: Iterable[str], words: Words) -> None:
        self._files = files
        self._hidden = Names(hidden)
        self._words = words
        self._known: dict[str, str] = {}

    def shown(self, file: str) -> str:
        """Return how a file is called; tables of it (``file#sheet``, ``file!member``) likewise."""
        if file not in self._known:
            named = self._hidden.within(file)
            self._known[file] = self._numbered(file) if named else file
        return self._known[file]

    def _numbered(self, file: str) -> str:
        within = [n for n, name in enumerate(self._files, 1) if file.startswith(name)]
        number = max(within, key=lambda n: len(self._files[n - 1]), default=None)
        return self._words.plain("file_withheld", n="?" if number is None else number)
