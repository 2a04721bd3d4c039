"""The dossier of an account, made at the desk from the run and the verdicts that lie here."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from netralitas_nlp.errors import ReviewError
from netralitas_nlp.labels import Language
from netralitas_nlp.review.accounts import account_name
from netralitas_nlp.review.exchange import export
from netralitas_nlp.review.journal import log
from netralitas_nlp.review.store import ReviewStore
from netralitas_nlp.verdicts import VERDICTS

DossierMaker = Callable[[int, str, str], bytes]
"""Makes a dossier, as one HTML file: from the number of a run, a pseudonym, and who asks."""


def dossier_maker(
    store: ReviewStore,
    runs: Mapping[int, Path],
    *,
    policy_folders: Sequence[str | Path] = (),
    lang: Language = "id",
) -> DossierMaker:
    """Return what makes dossiers of the accounts of a store. The papers show pseudonyms.

    Args:
        store: Posts and verdicts.
        runs: Folder of each run, by its number in the store.
        policy_folders: Folders with policy files of the user.
        lang: Language of the papers.
    """

    def make(run_id: int, account_key: str, who: str) -> bytes:
        from netralitas_nlp.report.dossier import write_dossier

        if run_id not in runs:
            raise ReviewError("desk_no_dossier")
        # The pseudonyms of a run follow its own secret; only the name means the same in all.
        name = account_name(store, account_key)
        with tempfile.TemporaryDirectory(prefix="netralitas-") as folder:
            verdicts = Path(folder) / VERDICTS
            export(store, verdicts, run_id=run_id, who=who)
            written = write_dossier(
                runs[run_id],
                name,
                verdicts=verdicts,
                out=Path(folder) / "dossier",
                policy_folders=policy_folders,
                lang=lang,
            )
            content = written.files[0].read_bytes()
        log(store, who, "dossier", f"{account_key} {run_id}")
        return content

    return make
