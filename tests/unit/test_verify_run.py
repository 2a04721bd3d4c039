"""A run is checked against its own digests, its inputs, and the model that scored it."""

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import tiny_roster

from netralitas_nlp.errors import RunError, UsageError
from netralitas_nlp.predictor import Scorer
from netralitas_nlp.scoring.pipeline import score_files
from netralitas_nlp.scoring.run import RunFolder
from netralitas_nlp.scoring.verify import verify_run
from netralitas_nlp.text.rosters import Rosters

POSTS = [
    "ayo coblos nomor dua besok, Pak Sutan Ranggawe pasti menang",
    "rapat koordinasi posyandu desa Sukamaju dimulai pukul delapan",
    "pendatang cuma kutu, jangan kasih hidup di sini",
    "",
    "VIRALKAN sebelum dihapus, surat suara sudah tercoblos tujuh kontainer",
]


@pytest.fixture(scope="module")
def scored(tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verifikasi")
    lines = ["id,text,username", *(f'{n},"{text}",a{n}' for n, text in enumerate(POSTS * 30))]
    (folder / "ekspor.csv").write_text("\n".join(lines), encoding="utf-8")
    score_files(
        [folder / "ekspor.csv"], out=folder / "hasil", model=tiny_bundle, jobs=1, rows_per_part=40,
        formats=["parquet"], report=False,
    )  # fmt: skip
    return folder


@pytest.fixture
def run(scored: Path, tmp_path: Path) -> Path:
    shutil.copytree(scored, tmp_path / "x")
    return tmp_path / "x" / "hasil"


def test_an_untouched_run_gets_identical_scores(run: Path, tiny_bundle: Path) -> None:
    found = verify_run(run, sample=50, model=tiny_bundle)
    assert found.ok
    assert (found.population, found.sampled, found.identical) == (120, 50, 50)
    assert found.largest == 0.0
    assert found.inputs == (("ekspor.csv", "same"),)


def test_a_run_with_marked_contestants_is_scored_again_with_its_roster(
    tiny_bundle: Path, tmp_path: Path
) -> None:
    bundle = tiny_roster.with_marks_learnt(tiny_bundle, tmp_path / "model")
    export = tmp_path / "ekspor.csv"
    export.write_text("\n".join(["text", *(f'"{t}"' for t in tiny_roster.POSTS)]), "utf-8")
    score_files(
        [export], out=tmp_path / "hasil", model=bundle, jobs=1, formats=["parquet"],
        rosters=Rosters.load([tiny_roster.ROSTER]), report=False,
    )  # fmt: skip
    found = verify_run(tmp_path / "hasil", model=bundle)
    assert found.ok
    assert found.identical == found.sampled == len(tiny_roster.POSTS)
    plain = verify_run(
        tmp_path / "hasil",
        load=lambda _, point: Scorer.from_pretrained(bundle, operating_point=point),
    )
    assert plain.identical < plain.sampled  # the marks did move scores
    path = tmp_path / "hasil" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["rosters"][0]["content"] = "{}"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(RunError, match=r"manifest\.json"):
        verify_run(tmp_path / "hasil", model=bundle)


def test_an_altered_part_is_named_and_nothing_is_scored(run: Path, tiny_bundle: Path) -> None:
    part = run / "parts" / "00001.parquet"
    table = pq.read_table(part)
    pq.write_table(table.set_column(1, "text", [["lain"] * table.num_rows]), part)
    found = verify_run(run, model=tiny_bundle)
    assert not found.ok
    assert found.damaged == (1,)
    assert found.sampled == 0


def test_a_missing_part_is_named(run: Path, tiny_bundle: Path) -> None:
    (run / "parts" / "00002.parquet").unlink()
    assert verify_run(run, model=tiny_bundle).damaged == (2,)
    (run / "parts" / "00002.done.json").unlink()
    assert not verify_run(run, model=tiny_bundle).ok


def test_counts_of_the_manifest_are_compared_with_the_rows(run: Path, tiny_bundle: Path) -> None:
    manifest = json.loads((run / "manifest.json").read_text())
    manifest["counts"]["flag"] += 1
    (run / "manifest.json").write_text(json.dumps(manifest))
    found = verify_run(run, sample=0, model=tiny_bundle)
    assert not found.counts_agree
    assert not found.ok


def test_an_input_is_same_changed_or_absent(run: Path, tiny_bundle: Path) -> None:
    export = run.parent / "ekspor.csv"
    export.write_text(export.read_text() + "\n")
    found = verify_run(run, sample=0, model=tiny_bundle)
    assert found.inputs == (("ekspor.csv", "changed"),)
    assert not found.ok
    export.unlink()
    found = verify_run(run, sample=0, model=tiny_bundle)
    assert found.inputs == (("ekspor.csv", "absent"),)
    assert found.ok


def test_another_model_is_told_apart_by_its_digest(run: Path, tiny_bundle: Path) -> None:
    manifest = json.loads((run / "manifest.json").read_text())
    manifest["bundle"]["sha256"] = "0" * 64
    (run / "manifest.json").write_text(json.dumps(manifest))
    found = verify_run(run, model=tiny_bundle)
    assert not found.ok
    assert found.sampled == 0
    assert found.trouble is not None
    assert found.trouble.code == "verify_other_bundle"


def test_a_missing_model_is_trouble_and_the_files_are_still_checked(run: Path) -> None:
    found = verify_run(run, model=run / "tidak_ada")
    assert found.trouble is not None
    assert found.counts_agree
    assert not found.ok


def test_the_manifest_cannot_choose_a_folder_to_load(run: Path, tmp_path: Path) -> None:
    manifest = json.loads((run / "manifest.json").read_text())
    manifest["bundle"]["name"] = str(tmp_path)
    (run / "manifest.json").write_text(json.dumps(manifest))
    asked: list[object] = []

    def load(model: object, point: str) -> Scorer:
        asked.append(model)
        return Scorer.from_pretrained(run / "tidak_ada")

    assert verify_run(run, load=load).trouble is not None
    assert asked == [None]


def test_scores_that_moved_and_decisions_that_differ_are_reported(
    run: Path, tiny_bundle: Path
) -> None:
    class Shifted(Scorer):
        def _prediction(self, logits, n_tokens, n_windows):  # type: ignore[no-untyped-def]
            return super()._prediction([x + 3 for x in logits], n_tokens, n_windows)

    found = verify_run(
        run, sample=30, load=lambda model, point: Shifted.from_pretrained(tiny_bundle)
    )
    assert not found.ok
    assert found.largest > 1e-4
    assert found.identical < 30
    assert found.differences


def test_one_seed_draws_the_same_rows(run: Path, tiny_bundle: Path) -> None:
    drawn: list[list[str]] = []

    class Listening(Scorer):
        def score_stream(self, texts):  # type: ignore[no-untyped-def]
            some = list(texts)
            drawn.append([text for text, _ in some])
            return super().score_stream(some)

    for seed in (1, 1, 2):
        verify_run(
            run,
            sample=20,
            seed=seed,
            load=lambda model, point: Listening.from_pretrained(tiny_bundle),
        )
    assert drawn[0] == drawn[1] != drawn[2]


def test_bad_requests_are_refused(run: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        verify_run(run, sample=-1)
    with pytest.raises(RunError):
        verify_run(tmp_path)


def test_an_unfinished_run_is_not_ok(run: Path, tiny_bundle: Path) -> None:
    opened = RunFolder.open(run)
    opened.set_state("interrupted")
    assert not verify_run(run, sample=0, model=tiny_bundle).ok
