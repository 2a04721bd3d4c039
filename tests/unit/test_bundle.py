"""A bundle is used only if every file is there, plain, known and unaltered."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from netralitas_nlp.errors import BundleError, catalogue
from netralitas_nlp.labels import LABELS
from netralitas_nlp.model import places
from netralitas_nlp.model.bundle import REQUIRED, Bundle
from netralitas_nlp.model.places import find_folder
from netralitas_nlp.model.sums import SUMS_FILE, file_digest, write_sums


@pytest.fixture
def copy(tiny_bundle: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_bundle, tmp_path / "bundle"))


def refusal(folder: Path) -> BundleError:
    with pytest.raises(BundleError) as caught:
        Bundle.load(folder)
    for lang in ("id", "en"):
        assert caught.value.render(lang)
    return caught.value


def rewrite(folder: Path, name: str, change: Callable[[dict], object]) -> None:
    value = json.loads((folder / name).read_text())
    change(value)
    (folder / name).write_text(json.dumps(value))
    write_sums(folder)


def test_a_whole_bundle_tells_its_name_labels_and_points(tiny_bundle: Path) -> None:
    bundle = Bundle.load(tiny_bundle)
    assert bundle.name == "netralitas-tiny-2x32-v0"
    assert bundle.labels == LABELS
    assert bundle.digest == file_digest(tiny_bundle / SUMS_FILE)
    assert set(bundle.operating_points) == {"balanced", "precision", "recall"}
    assert bundle.evaluation is not None


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    assert name in str(refusal(copy))


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_a_required_file_that_the_sums_leave_out_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    write_sums(copy)
    error = refusal(copy)
    assert error.code == "bundle_file_missing"
    assert name in str(error)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "thresholds.json", "README.md"])
def test_one_altered_byte_is_found_and_the_file_named(copy: Path, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    error = refusal(copy)
    assert error.code == "bundle_file_altered"
    assert name in str(error)


def test_a_model_file_beside_the_sums_is_named(copy: Path) -> None:
    (copy / "model.int8.onnx").write_bytes(b"x")
    error = refusal(copy)
    assert error.code == "bundle_file_unlisted"
    assert "model.int8.onnx" in str(error)


def test_a_listed_file_that_no_bundle_has_is_named(copy: Path) -> None:
    (copy / "run.py").write_text("print()")
    write_sums(copy)
    error = refusal(copy)
    assert error.code == "bundle_file_unknown"
    assert "run.py" in str(error)


def test_files_that_file_managers_leave_do_not_matter(copy: Path) -> None:
    (copy / ".DS_Store").write_bytes(b"x")
    (copy / "Thumbs.db").write_bytes(b"x")
    assert Bundle.load(copy).labels == LABELS


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pkl", "x.pt", "X.PTH"])
def test_a_pickle_is_refused_with_the_reason_and_the_way_out(copy: Path, name: str) -> None:
    (copy / name).write_bytes(b"\x80\x04.")
    error = refusal(copy)
    assert error.code == "bundle_pickle"
    assert name in str(error)
    assert "run code" in str(error)
    assert "save_pretrained" in str(error)


def test_a_folder_without_sums_is_refused(copy: Path) -> None:
    (copy / SUMS_FILE).unlink()
    assert refusal(copy).code == "bundle_no_sums"


@pytest.mark.parametrize(
    "line",
    [
        "0" * 64 + "  ../../etc/passwd",
        "0" * 64 + "  /etc/passwd",
        "0" * 64 + "  sub/model.onnx",
        "0" * 64 + "  ..",
        "0" * 64 + "  a\\b",
        "0" * 64 + " *model.onnx",
        "0" * 63 + "  model.onnx",
        "0" * 64 + "  SHA256SUMS",
        "\x00\xff",
    ],
)
def test_sums_that_name_anything_but_files_of_the_folder_are_refused(copy: Path, line: str) -> None:
    with (copy / SUMS_FILE).open("a") as stream:
        stream.write(line + "\n")
    error = refusal(copy)
    assert error.code == "bundle_sums_malformed"


def test_a_file_listed_twice_is_refused(copy: Path) -> None:
    content = (copy / SUMS_FILE).read_text()
    (copy / SUMS_FILE).write_text(content + content.splitlines()[0] + "\n")
    assert refusal(copy).code == "bundle_sums_malformed"


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links here")
@pytest.mark.parametrize("name", ["labels.json", SUMS_FILE])
def test_a_link_is_refused_even_if_its_target_has_the_right_content(copy: Path, name: str) -> None:
    (copy / name).rename(copy.parent / name)
    (copy / name).symlink_to(copy.parent / name)
    error = refusal(copy)
    assert error.code == "bundle_link"
    assert name in str(error)


def test_a_folder_in_the_place_of_a_file_is_refused(copy: Path) -> None:
    (copy / "labels.json").unlink()
    (copy / "labels.json").mkdir()
    assert refusal(copy).code == "bundle_link"


@pytest.mark.parametrize(
    ("name", "change", "key"),
    [
        ("labels.json", lambda v: v.update(labels=["hoax"]), "labels"),
        ("labels.json", lambda v: v.pop("labels"), "labels"),
        ("labels.json", lambda v: v.update(labels=["hoax", "hoax", "hate_speech"]), "hoax"),
        ("calibration.json", lambda v: v["labels"]["hoax"].update(a=-1), "labels.hoax.a"),
        ("calibration.json", lambda v: v["labels"].pop("hoax"), "hoax"),
        ("thresholds.json", lambda v: v.update(operating_points={}), "operating_points"),
        (
            "thresholds.json",
            lambda v: v["operating_points"]["recall"]["hoax"].update(flag=1.5),
            "operating_points.recall.hoax.flag",
        ),
        (
            "thresholds.json",
            lambda v: v["operating_points"]["recall"]["hoax"].update(flag=0.1, review=0.2),
            "operating_points.recall.hoax",
        ),
        ("config.json", lambda v: v.pop("netralitas"), "netralitas"),
        ("config.json", lambda v: v["netralitas"].update(max_tokens=4096), "max_tokens"),
        ("config.json", lambda v: v["netralitas"].update(window_overlap=31), "netralitas"),
        ("config.json", lambda v: v["netralitas"].update(name="../x"), "netralitas.name"),
        ("config.json", lambda v: v.update(model_type="gpt2"), "model_type"),
    ],
)
def test_a_wrong_key_is_named_with_its_file(
    copy: Path, name: str, change: object, key: str
) -> None:
    rewrite(copy, name, change)  # type: ignore[arg-type]
    error = refusal(copy)
    assert error.code == "bundle_json_key"
    assert name in str(error)
    assert key in str(error)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000])
def test_broken_json_is_refused(copy: Path, content: bytes) -> None:
    (copy / "labels.json").write_bytes(content)
    write_sums(copy)
    assert refusal(copy).code == "bundle_json_broken"


def test_a_folder_is_found_by_name_in_the_listed_places(
    copy: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NETRALITAS_MODELS", os.pathsep.join((str(tmp_path / "no"), str(tmp_path))))
    monkeypatch.chdir(copy)
    assert Bundle.load("bundle").folder == copy


def test_a_folder_is_found_by_name_in_the_data_folder_of_the_user(
    copy: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("NETRALITAS_MODELS", raising=False)
    monkeypatch.setattr(places, "_data_folder", lambda: tmp_path / "data")
    target = tmp_path / "data" / "netralitas" / "models" / "baru"
    target.parent.mkdir(parents=True)
    copy.rename(target)
    assert find_folder("baru") == target


def test_an_unknown_name_lists_the_places_looked_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NETRALITAS_MODELS", str(tmp_path))
    with pytest.raises(BundleError) as caught:
        Bundle.load("tidak-ada")
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize("name", ["../bundle", "..", "a/../../b"])
def test_a_name_cannot_climb_out_of_the_places(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    inner = tmp_path / "models"
    (tmp_path / "bundle").mkdir()
    inner.mkdir()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setenv("NETRALITAS_MODELS", str(inner))
    monkeypatch.chdir(tmp_path / "elsewhere")
    if name == "../bundle":
        assert find_folder(name).resolve() == tmp_path / "bundle"  # as a path from here
        monkeypatch.chdir(inner.parent)
    with pytest.raises(BundleError):
        Bundle.load(name)


def test_a_file_instead_of_a_folder_is_refused(copy: Path) -> None:
    assert refusal(copy / "model.onnx").code == "bundle_not_a_folder"


def test_every_message_of_this_room_speaks_both_languages() -> None:
    codes = [c for c in catalogue() if c.startswith(("bundle_", "hub_", "operating_point_"))]
    assert len(codes) > 20
    for code in codes:
        assert set(catalogue()[code]) == {"id", "en"}
        assert all(set(v) == {"expected", "found", "todo"} for v in catalogue()[code].values())
