"""Where models lie: the released one, folders given by path, and names of installed ones."""

import os
import sys
from importlib.resources import files
from pathlib import Path
from typing import Final

from netralitas_nlp.errors import BundleError
from netralitas_nlp.model.sums import SUMS_FILE

SEARCH_VARIABLE: Final = "NETRALITAS_MODELS"
"""Environment variable: folders that hold models, separated as in ``PATH``."""


def find_folder(model: str | Path | None) -> Path:
    """Return the folder of a model.

    Args:
        model: ``None`` for the released model, the path of a folder, or the name of a folder in
            one of ``search_places()``. An existing path wins over a name.

    Raises:
        BundleError: There is no such folder; the message lists the places looked in.
    """
    if model is None:
        return _released()
    path = Path(model).expanduser()
    if path.is_dir():
        return path
    if path.exists():
        raise BundleError("bundle_not_a_folder", model=model)
    if len(path.parts) == 1 and not path.is_absolute():
        for place in search_places():
            if (place / path).is_dir():
                return place / path
    looked = ", ".join(str(place) for place in search_places())
    raise BundleError("bundle_not_found", model=model, looked=looked)


def search_places() -> list[Path]:
    """Return the folders in which a model is looked up by name, first match first."""
    listed = os.environ.get(SEARCH_VARIABLE, "").split(os.pathsep)
    return [*(Path(place) for place in listed if place), _data_folder() / "netralitas" / "models"]


def _data_folder() -> Path:
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    if sys.platform == "darwin":
        return home / "Library" / "Application Support"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")


def _released() -> Path:
    packaged = Path(str(files("netralitas_nlp"))) / "_bundle"
    checkout = Path(__file__).resolve().parents[3] / "model"
    for folder in (packaged, checkout):
        if (folder / SUMS_FILE).is_file():
            return folder
    raise BundleError("bundle_no_default")
