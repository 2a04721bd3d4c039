"""``netralitas compare`` as a user meets it: the truth in one line, a safe page, JSON."""

import json
import re
import shutil
from pathlib import Path

import pytest
import typer
from made_labels import posts, write_csv
from typer.testing import CliRunner, Result

from netralitas_nlp.cli.compare import compare
from netralitas_nlp.labels import LABELS
from netralitas_nlp.model.sums import write_sums
from netralitas_nlp.report.comparison import render_comparison
from netralitas_nlp.report.words import catalogue


def invoke(*arguments: object) -> Result:
    app = typer.Typer()
    app.command()(compare)
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rows = [row | {"split": "test" if n % 3 == 0 else "dev"} for n, row in enumerate(posts(8))]
    return write_csv(tmp_path / "data.csv", rows)


@pytest.fixture
def deaf(tiny_bundle: Path, tmp_path: Path) -> Path:
    """The same model with thresholds that nothing reaches."""
    folder = Path(shutil.copytree(tiny_bundle, tmp_path / "tuli"))
    never = {label: {"flag": 1.0, "review": 1.0} for label in LABELS}
    (folder / "thresholds.json").write_text(json.dumps({"operating_points": {"balanced": never}}))
    write_sums(folder)
    return folder


def test_a_model_beside_itself_shows_no_difference(tiny_bundle: Path, data: Path) -> None:
    result = invoke(tiny_bundle, tiny_bundle, "--on", data, "--no-suite")
    assert result.exit_code == 0, result.output
    assert "Kesimpulan: tidak terlihat perbedaan pada 168 unggahan" in result.stdout
    english = invoke(tiny_bundle, tiny_bundle, "--on", data, "--no-suite", "--lang", "en")
    assert "no difference shown" in english.stdout


def test_a_model_that_flags_nothing_is_shown_to_be_worse_with_its_flips_in_words(
    tiny_bundle: Path, deaf: Path, data: Path, tmp_path: Path
) -> None:
    page = tmp_path / "banding.html"
    result = invoke(tiny_bundle, deaf, "--on", data, "--no-suite", "--out", page, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["verdict"]["kind"] in ("worse", "mixed")
    assert any(name.startswith("f1:") for name in found["verdict"]["worse"])
    assert not any(name.startswith("ap:") for name in found["verdict"]["worse"])
    assert found["n_flips"] == len(found["flips"]) > 0
    assert all(flip["second"] == [] for flip in found["flips"])
    assert set(found["slices"]) >= {"platform"}
    html = page.read_text(encoding="utf-8")
    assert 'lang="id"' in html
    assert found["flips"][0]["text"] in html


def test_one_split_alone_can_be_judged(tiny_bundle: Path, data: Path) -> None:
    options = (tiny_bundle, tiny_bundle, "--on", data, "--no-suite", "--json")
    found = json.loads(invoke(*options, "--split", "uji").stdout)
    assert found["data"]["posts"] == 56
    result = invoke(*options, "--split", "train")
    assert result.exit_code == 1
    assert "train" in result.stderr


def test_suite_and_parity_stand_beside_the_posts(
    tiny_bundle: Path, deaf: Path, data: Path, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    result = invoke(tiny_bundle, deaf, "--on", data, "--out", page)
    assert result.exit_code == 0, result.output
    assert "Suite perilaku: A" in result.stdout
    html = page.read_text(encoding="utf-8")
    assert 'id="suite"' in html
    assert "Kesetaraan" in html


def test_texts_of_strangers_cannot_run_in_the_page(
    tiny_bundle: Path, deaf: Path, tmp_path: Path
) -> None:
    rows = posts(8)
    rows[0]["text"] += " <script>alert(1)</script><img src=x onerror=alert(2)> \u202eterbalik"
    rows[0]["platform"] = "<b>x</b>"
    page = tmp_path / "page.html"
    file = write_csv(tmp_path / "<i>.csv", rows)
    assert invoke(tiny_bundle, deaf, "--on", file, "--no-suite", "--out", page).exit_code == 0
    html = page.read_text(encoding="utf-8")
    assert "<script" not in html
    assert "<img" not in html
    assert "<i>.csv" not in html
    assert "default-src &#39;none&#39;" in html
    assert not re.search(r'(?:src|href)="(?!#)', html)


def test_a_page_without_suite_slices_or_flips_is_whole(tiny_bundle: Path, data: Path) -> None:
    result = invoke(tiny_bundle, tiny_bundle, "--on", data, "--no-suite", "--json")
    found = json.loads(result.stdout) | {"slices": {}}
    html = render_comparison(found, verdict="tidak terlihat perbedaan", lang="en")
    assert "Both models flag the same posts." in html
    assert 'id="irisan"' not in html


def test_every_word_of_the_page_is_used_and_has_both_languages(
    request: pytest.FixtureRequest,
) -> None:
    room = request.config.rootpath / "src/netralitas_nlp/report"
    source = "".join(
        (room / name).read_text() for name in ("comparison.py", "templates/compare.html.j2")
    )
    for key, entry in catalogue("compare_words").items():
        assert set(entry) == {"id", "en"}
        assert all(entry.values()), key
        built = re.match(r"(slice|figure|flips|suite)_", key)
        assert built or re.search(rf"['\"]{key}['\"]", source), key
