"""``netralitas label-errors``, ``sample --strategy`` and ``drift`` as people call them."""

import csv
import io
import json
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import typer
from report_run import make_run, post
from typer.testing import CliRunner, Result

from netralitas_nlp.cli.drift import drift
from netralitas_nlp.cli.label_errors import HEADER, label_errors
from netralitas_nlp.cli.sample import LABEL_HEADER, sample
from netralitas_nlp.labels import LABELS
from netralitas_nlp.model.bundle import Bundle
from netralitas_nlp.scoring.pipeline import score_files

WORDS = [
    "kami", "kita", "besok", "pagi", "sore", "bersama", "warga", "desa", "kantor", "lapangan",
    "pasar", "sekolah", "teman", "keluarga", "hujan", "cerah", "ramai", "tenang", "cepat",
    "lambat", "sudah", "belum", "akan", "semua", "banyak", "sedikit", "balai", "kecamatan",
]  # fmt: skip


def invoke(verb: Callable[..., None], *arguments: object) -> Result:
    app = typer.Typer()
    app.command()(verb)
    return CliRunner().invoke(app, [str(a) for a in arguments])


def sheet(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    chance = random.Random(1)
    path = tmp_path / "label.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text", *LABELS, "account"])
        for i in range(120):
            own = ["coblos", "menangkan", "paslon"] if i % 3 == 0 else ["arsip", "pupuk", "apel"]
            text = " ".join([*own, *chance.sample(WORDS, 7)])
            right = int(i % 3 == 0)
            label = 1 - right if i == 31 else right
            lead = "=1+1 " if i == 31 else ""
            writer.writerow([f"p{i}", lead + text, label, 0, 0, f"w{i % 12}"])
    return path


@pytest.mark.parametrize(("lang", "word"), [("id", "peluang"), ("en", "probability")])
def test_the_doubtful_row_comes_first_with_its_reason(
    labelled: Path, tmp_path: Path, lang: str, word: str
) -> None:
    out = tmp_path / "ragu.csv"
    told = invoke(label_errors, "--data", labelled, "--folds", 4, "--out", out, "--lang", lang)
    assert told.exit_code == 0, told.output
    rows = sheet(out)
    assert tuple(rows[0]) == HEADER
    assert len(rows) == 12
    assert (rows[0]["id"], rows[0]["given"]) == ("p31", "candidate_support")
    assert rows[0]["suggested"] == "none"
    assert word in rows[0]["reason"]
    assert rows[0]["text"].startswith("'=1+1")
    assert out.stat().st_mode & 0o777 == 0o600


def test_the_findings_come_as_json(labelled: Path) -> None:
    result = invoke(label_errors, "--data", labelled, "--folds", 4, "--n", 3, "--json")
    facts = json.loads(result.stdout)
    assert facts["rows"] == 120
    assert facts["grouped_by"] == "author"
    assert [s["rank"] for s in facts["suspects"]] == [1, 2, 3]
    assert facts["suspects"][0]["id"] == "p31"


def test_a_model_is_additional_evidence_with_a_warning(labelled: Path, tiny_bundle: Path) -> None:
    result = invoke(label_errors, "--data", labelled, "--folds", 4, "--model", tiny_bundle)
    assert result.exit_code == 0, result.output
    assert "menyembunyikan" in result.stdout
    assert "Skor model tambahan" in result.stdout


def test_filled_in_work_is_never_replaced_and_bad_options_are_refused(
    labelled: Path, tmp_path: Path
) -> None:
    out = tmp_path / "kerja.csv"
    out.write_text("kerja")
    assert invoke(label_errors, "--data", labelled, "--out", out).exit_code == 2
    assert out.read_text() == "kerja"
    assert invoke(label_errors, "--data", labelled, "--folds", 1).exit_code == 2
    missing = invoke(label_errors, "--data", tmp_path / "tiada.csv")
    assert missing.exit_code == 1
    assert "tiada.csv" in missing.output


@pytest.fixture
def run(tmp_path: Path) -> Path:
    scores = np.random.default_rng(0).beta(0.3, 6, (400, 3)).tolist()
    rows = [post(f"=unggahan {i}", tuple(s), account=f"w{i % 9}") for i, s in enumerate(scores)]
    rows += [post(f"gasspoll kuy {i} {WORDS[i]}", (0.69, 0, 0), account=f"z{i}") for i in range(20)]
    return make_run(tmp_path / "hasil", rows)


@pytest.mark.parametrize("strategy", ["uncertain", "diverse", "random", "slang"])
def test_a_sheet_to_label_has_empty_label_columns(
    run: Path, tmp_path: Path, tiny_bundle: Path, strategy: str
) -> None:
    out = tmp_path / "label.csv"
    arguments = ("--for", "training", "--strategy", strategy, "--n", 12, "--seed", 1)
    told = invoke(sample, run, *arguments, "--out", out, "--model", tiny_bundle)
    assert told.exit_code == 0, told.output
    rows = sheet(out)
    assert tuple(rows[0]) == LABEL_HEADER
    assert len(rows) == 12
    assert all(row[label] == "" for row in rows for label in LABELS)
    assert all((row["sampling_weight"] != "") == (strategy == "random") for row in rows)
    if strategy == "slang":
        assert "gasspoll" in told.stdout
        assert all("gasspoll" in row["text"] for row in rows)
    record = next((run / "samples").glob(f"training-{strategy}-*.json"))
    assert json.loads(record.read_text())["strategy"] == strategy


def test_a_strategy_that_does_not_exist_or_fit_is_refused(run: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.csv"
    for options in (("training", "acak"), ("audit", "random")):
        result = invoke(sample, run, "--for", options[0], "--strategy", options[1], "--n", 60,
                        "--out", out)  # fmt: skip
        assert result.exit_code == 2
        assert options[1] in result.output
    assert not out.exists()


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory, tiny_bundle: Path) -> Path:
    folder = tmp_path_factory.mktemp("drift")
    chance = random.Random(2)
    with (folder / "ekspor.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id_str", "full_text", "username", "tweet_url", "lang"])
        for i in range(150):
            number = 1_700_000_000_000_000_000 + i
            url = f"https://x.com/w{i % 7}/status/{number}"
            text = " ".join(chance.sample(WORDS, 8))
            writer.writerow([number, text, f"w{i % 7}", url, "jv" if i % 5 == 0 else "in"])
    score_files([folder / "ekspor.csv"], out=folder / "hasil", model=tiny_bundle, jobs=1)
    return folder / "hasil"


def with_reference(bundle: Path, folder: Path) -> Path:
    """Return a copy of a bundle whose reference is a real one."""
    import shutil

    from netralitas_nlp import Scorer
    from netralitas_nlp.model.sums import write_sums
    from netralitas_nlp.training.reference import reference_of

    shutil.copytree(bundle, folder)
    chance = random.Random(3)
    texts = [" ".join(chance.sample(WORDS, 8)) for _ in range(200)]
    scorer = Scorer.from_pretrained(folder)
    scores = np.array([[p.scores[k] for k in LABELS] for p in scorer.score(texts)])
    reference = reference_of(
        texts, scores, bundle=scorer.bundle, points=scorer.bundle.operating_points
    )
    (folder / "reference.json").write_text(json.dumps(reference))
    write_sums(folder)
    return folder


def test_a_run_like_its_reference_is_alike_in_scores_and_words(
    scored: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    bundle = with_reference(tiny_bundle, tmp_path / "model")
    run = tmp_path / "hasil"
    score_files([scored.parent / "ekspor.csv"], out=run, model=bundle, jobs=1)
    told = invoke(drift, run, "--reference", bundle)
    assert told.exit_code == 0, told.output
    assert "SERUPA" in told.stdout
    assert "tidak menyimpannya" not in told.stdout
    page = (run / "drift.html").read_text("utf-8")
    assert page.count('<svg class="chart wide"') == 5
    facts = json.loads(invoke(drift, run, "--reference", bundle, "--json").stdout)
    assert facts["verdict"] == "none"
    assert facts["text_verdict"] == "none"
    assert set(facts["flags"]) == {*LABELS, "any"}
    assert facts["kinds"]["language"]["in"] == pytest.approx(0.8)
    assert facts["kinds"]["platform"] == {"x": 1.0}
    found, expected = facts["words"]["many"]
    assert found == pytest.approx(expected, abs=0.1)


def test_an_earlier_run_is_a_reference_too(scored: Path, tiny_bundle: Path, tmp_path: Path) -> None:
    other = tmp_path / "lain.csv"
    lines = ["full_text,username,lang"]
    lines += [f"ayo coblos nomor dua besok menangkan {i},w{i},in" for i in range(80)]
    other.write_text("\n".join(lines), encoding="utf-8")
    score_files([other], out=tmp_path / "lain", model=tiny_bundle, jobs=1)
    out = tmp_path / "geser.html"
    told = invoke(drift, tmp_path / "lain", "--reference", scored, "--lang", "en", "--out", out)
    assert told.exit_code == 0, told.output
    assert "FAR APART" in told.stdout
    assert out.read_text("utf-8").startswith("<!doctype html>")
    same = invoke(drift, scored, "--reference", scored, "--json")
    facts = json.loads(same.stdout)
    assert facts["verdict"] == facts["text_verdict"] == "none"
    assert all(mix["psi"] == 0 for mix in facts["mixes"].values())


def test_scores_of_another_model_are_not_compared(scored: Path, run: Path, tmp_path: Path) -> None:
    result = invoke(drift, run, "--reference", scored)
    assert result.exit_code == 2
    assert "model" in result.output


def test_a_bundle_without_a_reference_and_a_small_run_say_so(
    scored: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    assert Bundle.load(tiny_bundle).digest
    without = invoke(drift, scored, "--reference", tiny_bundle)
    assert without.exit_code == 2
    assert "reference.json" in without.output
    small = tmp_path / "kecil.csv"
    small.write_text("full_text,username\nrapat desa pagi,w1\n", encoding="utf-8")
    score_files([small], out=tmp_path / "kecil", model=tiny_bundle, jobs=1)
    few = invoke(drift, tmp_path / "kecil", "--reference", tmp_path / "kecil")
    assert few.exit_code == 2
    assert "50" in few.output


def test_the_released_reference_of_eleven_quantiles_is_read(released_bundle: Path) -> None:
    from netralitas_nlp.profiles import profile_of_reference

    reference = json.loads((released_bundle / "reference.json").read_text())
    profile = profile_of_reference(reference, point="balanced")
    assert profile.n == reference["rows"]
    assert set(profile.scores) == set(LABELS)
