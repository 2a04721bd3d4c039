"""``netralitas train`` from a file to a bundle: one command, resumable, on several processes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from made_labels import posts, write_csv
from typer.testing import CliRunner, Result

from netralitas_nlp import Scorer
from netralitas_nlp.cli.train import train
from netralitas_nlp.errors import RunError
from netralitas_nlp.labels import LABELS
from netralitas_nlp.model.bundle import Bundle
from netralitas_nlp.training import retrain as room
from netralitas_nlp.training.finetune import FinetuneSettings, _arguments

pytestmark = pytest.mark.slow
CONFIG = "epochs = 6\nlearning_rate = 2e-3\nbatch_size = 16\ndropout = 0.0\nlayer_decay = 1.0\n"


def invoke(*arguments: object) -> Result:
    import typer

    app = typer.Typer()
    app.command()(train)
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    (folder / "config.toml").write_text(CONFIG)
    return write_csv(folder / "data.csv", posts(8))


@pytest.fixture(scope="module")
def trained(
    data: Path, tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Result]:
    out = tmp_path_factory.mktemp("out") / "milik-saya"
    result = invoke(
        "--data", data, "--base", tiny_bundle, "--out", out, "--without-released",
        "--config", data.parent / "config.toml",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    return out, result


def test_one_command_makes_a_bundle_that_scores(trained: tuple[Path, Result]) -> None:
    out, _ = trained
    bundle = Bundle.load(out)
    assert bundle.name == "milik-saya"
    found = Scorer.from_pretrained(out).score("ayo coblos nomor dua besok, Pak Sutan Ranggawe")
    assert set(found.scores) == set(LABELS)
    assert not out.with_name("milik-saya.training").exists()


def test_the_card_says_what_was_fitted_what_was_kept_and_what_it_was_compared_with(
    trained: tuple[Path, Result],
) -> None:
    out, result = trained
    card = (out / "README.md").read_text(encoding="utf-8")
    evaluation = json.loads((out / "evaluation.json").read_text(encoding="utf-8"))
    kept = {one["what"] for one in evaluation["kept"]}
    assert "precision" in kept
    assert "Operating point `precision`" in card
    assert "that of the base is kept" in card
    assert "netralitas-tiny-2x32-v0" in card
    assert evaluation["data"]["splits"]["test"] > 10
    assert "flips" not in evaluation["comparison"]["posts"]
    assert "Terlalu sedikit baris" in result.stdout
    assert "Manusia" in card
    thresholds = json.loads((out / "thresholds.json").read_text())["operating_points"]
    assert set(thresholds) == {"balanced", "precision", "recall"}
    assert out.with_name("milik-saya.compare.html").is_file()


def test_no_text_of_the_user_travels_in_the_bundle(
    trained: tuple[Path, Result], data: Path
) -> None:
    out, _ = trained
    texts = [row["text"][:40] for row in posts(8)]
    for name in ("evaluation.json", "README.md", "reference.json", "thresholds.json"):
        content = (out / name).read_text(encoding="utf-8")
        assert not any(text in content for text in texts), name


def test_a_dry_run_shows_the_balance_and_trains_nothing(
    data: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    result = invoke("--data", data, "--base", tiny_bundle, "--out", tmp_path / "b",
                    "--without-released", "--dry-run", "--lang", "en")  # fmt: skip
    assert result.exit_code == 0
    assert "candidate support    yes" in result.stdout
    assert list(tmp_path.iterdir()) == []


def test_training_goes_on_after_a_kill_and_ends_with_the_weights_it_would_have_had(
    data: Path, tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from netralitas_nlp.labeled.files import read_labelled

    settings = room.TrainSettings(
        epochs=3, learning_rate=2e-3, batch_size=16, dropout=0.0, patience=2, bf16=False
    )
    planned = room.plan(read_labelled(data), base=tiny_bundle, settings=settings, replay=False)
    weights = []

    def keep(model, *_args, **_options):  # the bundle itself is the business of other tests
        weights.append({k: v.clone() for k, v in model.state_dict().items()})
        return Bundle.load(tiny_bundle), {}, None

    monkeypatch.setattr(room, "rerelease", keep)

    class KilledError(Exception):
        pass

    def die(done: int, total: int, figures: object) -> None:
        if done > total / 2:
            raise KilledError

    room.retrain(planned, out=tmp_path / "whole", name="x")
    with pytest.raises(KilledError):
        room.retrain(planned, out=tmp_path / "b", name="x", on_step=die)
    with pytest.raises(RunError) as caught:
        room.retrain(planned, out=tmp_path / "b", name="x")
    assert caught.value.code == "train_unfinished"
    other = room.plan(
        read_labelled(data), base=tiny_bundle, replay=False,
        settings=settings.model_copy(update={"seed": 1}),
    )  # fmt: skip
    with pytest.raises(RunError) as caught:
        room.retrain(other, out=tmp_path / "b", name="x", resume=True)
    assert caught.value.code == "train_other"
    assert "settings" in str(caught.value)
    seen = []
    room.retrain(
        planned, out=tmp_path / "b", name="x", resume=True,
        on_step=lambda done, total, figures: seen.append(done),
    )  # fmt: skip
    assert min(seen) > 1
    for name, value in weights[0].items():
        assert torch.allclose(value, weights[1][name], atol=1e-5), name


def test_two_processes_train_one_bundle(data: Path, tiny_bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "berdua"
    command = [
        sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2",
        "-m", "netralitas_nlp", "train", "--data", str(data), "--base", str(tiny_bundle),
        "--out", str(out), "--without-released", "--config", str(data.parent / "config.toml"),
    ]  # fmt: skip
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=280,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.count("Kartu model") == 1
    assert Bundle.load(out).name == "berdua"


def test_a_foreign_encoder_with_few_rows_has_no_invented_operating_point(
    data: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    from transformers import BertModel

    base = tmp_path / "indobert"
    BertModel.from_pretrained(tiny_bundle).save_pretrained(base)
    shutil.copy(tiny_bundle / "tokenizer.json", base)
    few = write_csv(tmp_path / "few.csv", posts(3))
    result = invoke("--data", few, "--base", base, "--out", tmp_path / "b", "--without-released",
                    "--config", data.parent / "config.toml")  # fmt: skip
    assert result.exit_code == 0, result.output
    bundle = Bundle.load(tmp_path / "b")
    assert list(bundle.operating_points) == ["uncalibrated"]
    card = (tmp_path / "b" / "README.md").read_text(encoding="utf-8")
    assert "left out" in card
    assert "without its masked-language head" in card


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--labels-col", "etiket"], 1, "text, labels, account, platform"),
        (["--map", "salah"], 1, "KATA=LABEL"),
        (["--name", "nama buruk"], 2, "--name"),
        (["--with-released", "--released", "tidak-ada.csv"], 1, "tidak-ada.csv"),
    ],
)
def test_what_cannot_work_is_refused_before_training(
    data: Path, tiny_bundle: Path, tmp_path: Path, options: list[str], code: int, said: str
) -> None:
    result = invoke("--data", data, "--base", tiny_bundle, "--out", tmp_path / "b", *options)
    assert result.exit_code == code
    assert said in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("package", ["torch", "pandas"])
def test_a_missing_extra_names_the_install_command(
    data: Path, tmp_path: Path, package: str
) -> None:
    program = (
        f"import sys; sys.modules[{package!r}] = None\n"
        f"sys.argv = ['netralitas', 'train', '--data', {str(data)!r}, '--out', 'b']\n"
        "from netralitas_nlp.cli.app import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 1
    assert "pip install 'netralitas-nlp[train]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_large_data_stop_early_by_steps_and_small_ones_by_epochs(tmp_path: Path) -> None:
    settings = FinetuneSettings(patience=2, batch_size=10, gradient_accumulation=2)
    small = _arguments(tmp_path, settings, rows=1000)
    large = _arguments(tmp_path, settings, rows=100_000)
    assert (small.eval_strategy, large.eval_strategy) == ("epoch", "steps")
    assert small.load_best_model_at_end
    assert small.gradient_accumulation_steps == 2
    assert not _arguments(tmp_path, FinetuneSettings(), rows=10).load_best_model_at_end
