"""The number of workers a machine gets by default: cores, not threads, and what it is granted."""

import os
from pathlib import Path

import pytest

from netralitas_nlp.scoring import cores
from netralitas_nlp.scoring.cores import physical_cores


def machine(folder: Path, siblings: dict[int, str]) -> Path:
    for cpu, shared in siblings.items():
        place = folder / f"cpu{cpu}/topology"
        place.mkdir(parents=True)
        (place / "thread_siblings_list").write_text(shared + "\n")
    return folder


@pytest.fixture
def eight_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)


@pytest.mark.usefixtures("eight_threads")
def test_two_threads_of_a_core_count_once(tmp_path: Path) -> None:
    cpus = machine(tmp_path / "cpu", {n: f"{n % 4},{n % 4 + 4}" for n in range(8)})
    assert physical_cores(cpus=cpus, cgroups=tmp_path / "none") == 4


def test_only_cores_this_process_may_use_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cpus = machine(tmp_path / "cpu", {n: f"{n % 4},{n % 4 + 4}" for n in range(8)})
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {1, 5, 2}, raising=False)
    assert physical_cores(cpus=cpus, cgroups=tmp_path / "none") == 2


@pytest.mark.usefixtures("eight_threads")
def test_a_machine_that_does_not_tell_counts_every_processor(tmp_path: Path) -> None:
    assert physical_cores(cpus=tmp_path, cgroups=tmp_path) == 8


@pytest.mark.usefixtures("eight_threads")
@pytest.mark.parametrize(
    ("limit", "granted"),
    [("max 100000", 8), ("250000 100000", 3), ("50000 100000", 1), ("900000 100000", 8),
     ("nonsense", 8), ("100000 0", 8)],
)  # fmt: skip
def test_the_quota_of_a_container_is_kept(tmp_path: Path, limit: str, granted: int) -> None:
    (tmp_path / "cpu.max").write_text(limit + "\n")
    assert physical_cores(cpus=tmp_path, cgroups=tmp_path) == granted


@pytest.mark.usefixtures("eight_threads")
@pytest.mark.parametrize(("quota", "granted"), [("-1", 8), ("150000", 2)])
def test_the_quota_of_an_older_kernel_is_kept(tmp_path: Path, quota: str, granted: int) -> None:
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu/cpu.cfs_quota_us").write_text(quota)
    (tmp_path / "cpu/cpu.cfs_period_us").write_text("100000")
    assert physical_cores(cpus=tmp_path, cgroups=tmp_path) == granted


def test_elsewhere_the_system_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 12)
    assert physical_cores(cgroups=tmp_path) == 12
    monkeypatch.setattr(cores.sys, "platform", "darwin")
    monkeypatch.setattr(cores, "_sysctl", lambda name: 6)
    assert physical_cores(cgroups=tmp_path) == 6


def test_a_number_that_the_system_does_not_know_is_nothing() -> None:
    assert cores._sysctl(b"hw.no_such_number") is None
