"""The figures of the suite and of the parity audit become part of a released bundle."""

import json
import shutil
from pathlib import Path

from netralitas_nlp import Scorer
from netralitas_nlp.training.behaviour import Behaviour, add_behaviour
from netralitas_nlp.training.dataset import load_constructed

SUITE = Path(__file__).parents[2] / "data/suite"
POSTS = SUITE.parent / "labeled/posts.csv"


def test_figures_and_card_are_completed_and_the_checksums_hold(
    released_bundle: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(released_bundle, tmp_path / "model")
    before = Scorer.from_pretrained(folder).score("pilih nomor dua ya besok")
    figures = [{"left_out": "pilgub-x", "test": 120, "positive": 60,
                "model": 0.71, "model_interval": [0.6, 0.8],
                "floor": 0.66, "floor_interval": [0.5, 0.7]}]  # fmt: skip
    protocol = {"protocol": "unseen-election", "base": "encoder", "measure": "average precision",
                "folds": figures, "mean": {"model": 0.71, "floor": 0.66}}  # fmt: skip
    (tmp_path / "protocols").mkdir()
    (tmp_path / "protocols/unseen-election.json").write_text(json.dumps(protocol))
    posts = load_constructed(POSTS)
    test = posts[posts["split"] == "test"].head(150).reset_index(drop=True).assign(kind="own")
    what = Behaviour(SUITE, own=POSTS, validate=test, protocols=tmp_path / "protocols")
    bundle, moved = add_behaviour(folder, what, sources=[])
    evaluation = json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert evaluation["suite"]["cases"] == 1080
    assert 0 < evaluation["suite"]["passed"] < 1
    assert evaluation["parity"]["gender"]["posts"] > 100
    assert f"{100 * evaluation['suite']['passed']:.1f} % get exactly the right labels" in card
    assert "| gender |" in card
    assert moved["gender"].posts == evaluation["parity"]["gender"]["posts"]
    assert evaluation["slices"]["platform"]
    assert len(evaluation["reliability"]["own"]["hoax"][0]) == 3
    assert "| platform | whatsapp |" in card
    assert "| unseen-election | pilgub-x | 120 | 0.71 (0.60–0.80) | 0.66 |" in card
    assert Scorer.from_pretrained(bundle.folder).score("pilih nomor dua ya besok") == before
