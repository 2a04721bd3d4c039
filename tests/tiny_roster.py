"""The tiny bundle as if it had been trained with marked contestants, and posts about them."""

import json
import shutil
from pathlib import Path

from netralitas_nlp.model.sums import write_sums

ROSTER = "pilkada-rantau-selasih"
POSTS = [
    "Pak Lembuwangi hadir di acara itu",
    "Ayo menangkan Tirtabuana, coblos nomor 1!",
    "Rapat posyandu pukul delapan",
    "gas #DuaAja ✌️",
]


def with_marks_learnt(bundle: Path, folder: Path) -> Path:
    """Return a copy of a bundle whose text settings say that it knows the mark."""
    shutil.copytree(bundle, folder)
    path = folder / "normalizer.json"
    settings = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(settings | {"roster": True}), encoding="utf-8")
    write_sums(folder)
    return folder
