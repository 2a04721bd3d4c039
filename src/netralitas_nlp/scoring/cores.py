"""How many processes can score at full speed on this machine."""

import ctypes
import math
import os
import sys
from pathlib import Path
from typing import Final

_CPUS: Final = Path("/sys/devices/system/cpu")
_CGROUPS: Final = Path("/sys/fs/cgroup")


def physical_cores(*, cpus: Path = _CPUS, cgroups: Path = _CGROUPS) -> int:
    """Return how many cores this process may use, two threads of one core counted once.

    Each worker computes on one thread and keeps the arithmetic units of a core busy by itself, so
    that a second one on the same core takes memory and gains little. A quota of the container
    (``docker --cpus``) counts as well: more workers than it grants would only wait for each other.
    Windows does not say which threads share a core; there all of them count.

    Args:
        cpus: Where Linux describes its processors.
        cgroups: Where it describes the limits of this process.
    """
    cores = _affinity(cpus) if hasattr(os, "sched_getaffinity") else _from_system()
    quota = _quota(cgroups)
    return max(1, cores if quota is None else min(cores, math.ceil(quota)))


def _affinity(cpus: Path) -> int:
    siblings = set()
    for cpu in os.sched_getaffinity(0):
        place = cpus / f"cpu{cpu}/topology/thread_siblings_list"
        try:
            siblings.add(place.read_text(encoding="ascii").strip())
        except (OSError, UnicodeDecodeError):
            siblings.add(str(cpu))
    return len(siblings)


def _from_system() -> int:
    found = _sysctl(b"hw.physicalcpu") if sys.platform == "darwin" else None
    return found or os.cpu_count() or 1


def _sysctl(name: bytes) -> int | None:
    """Return a number that macOS knows by a name."""
    value, size = ctypes.c_int(0), ctypes.c_size_t(ctypes.sizeof(ctypes.c_int))
    try:
        call = ctypes.CDLL(None).sysctlbyname
    except (OSError, AttributeError, TypeError):
        return None
    failed = call(name, ctypes.byref(value), ctypes.byref(size), None, ctypes.c_size_t(0))
    return None if failed else value.value


def _quota(cgroups: Path) -> float | None:
    """Return the processor time granted, in cores; nothing where there is no limit."""
    try:
        granted, period = (cgroups / "cpu.max").read_text(encoding="ascii").split()
        return None if granted == "max" else int(granted) / int(period)
    except (OSError, ValueError, ZeroDivisionError):
        pass
    try:
        first = int((cgroups / "cpu/cpu.cfs_quota_us").read_text(encoding="ascii"))
        return first / int((cgroups / "cpu/cpu.cfs_period_us").read_text()) if first > 0 else None
    except (OSError, ValueError, ZeroDivisionError):
        return None
