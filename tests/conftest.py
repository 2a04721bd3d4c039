"""What all tests share: a tiny real model, built once, and the place of the public data."""

import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes depends on what else the machine does.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

ROOT = Path(__file__).resolve().parent.parent


def pytest_configure() -> None:
    """Let children be interrupted: a shell that runs us in the background ignores SIGINT."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def tiny_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a two-layer BERT with every file of a bundle; do not write into it."""
    from tiny import build

    return build(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="session")
def released_bundle() -> Path:
    """Folder of the released model; skips where it has not been built yet."""
    folder = ROOT / "model"
    if not (folder / "SHA256SUMS").is_file():
        pytest.skip("model/ holds no released bundle yet")
    return folder


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Folder of the public data sets and real exports; skips where it is absent."""
    folder = Path(os.environ.get("NETRALITAS_SHARED") or ROOT.parent / "shared")
    if not (folder / "exports").is_dir():
        pytest.skip(f"no public data at {folder}; set NETRALITAS_SHARED to its folder")
    return folder
