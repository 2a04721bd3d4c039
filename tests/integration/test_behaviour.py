"""The figures of the suite and of the parity audit become part of a released bundle."""

import json
import shutil
from pathlib import Path

from netralitas_nlp import Scorer
from netralitas_nlp.training.behaviour import add_behaviour

SUITE = Path(__file__).parents[2] / "data/suite"


def test_figures_and_card_are_completed_and_the_checksums_hold(
    released_bundle: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(released_bundle, tmp_path / "model")
    before = Scorer.from_pretrained(folder).score("pilih nomor dua ya besok")
    bundle = add_behaviour(folder, SUITE, sources=[])
    evaluation = json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert evaluation["suite"]["cases"] == 1080
    assert 0 < evaluation["suite"]["passed"] < 1
    assert evaluation["parity"]["gender"]["posts"] > 100
    assert f"{100 * evaluation['suite']['passed']:.1f} % get exactly the right labels" in card
    assert "| gender |" in card
    assert Scorer.from_pretrained(bundle.folder).score("pilih nomor dua ya besok") == before
