"""Memory and processor time of a server: the process that was started and all that it started."""

import time
from pathlib import Path

_PROC = Path("/proc")


class Processes:
    """The process tree under one process, as Linux accounts for it."""

    def __init__(self, pid: int) -> None:
        self.pids = _tree(pid)

    def cpu_seconds(self) -> float:
        """Time on a processor so far, of every thread, to the nanosecond."""
        spent = 0
        for pid in self.pids:
            for thread in (_PROC / str(pid) / "task").iterdir():
                spent += int((thread / "schedstat").read_text().split()[0])
        return spent / 1e9

    def memory_mb(self) -> float:
        """Resident memory, pages that processes share counted in each."""
        return sum(_status(pid, "VmRSS") for pid in self.pids) / 1_024

    def each_mb(self) -> list[float]:
        """Resident memory of each process, the one that was started first."""
        return [_status(pid, "VmRSS") / 1_024 for pid in self.pids]


def peak_mb(pid: int) -> float:
    """The most memory a process had so far; 0 when it is no more."""
    try:
        return _status(pid, "VmHWM") / 1_024
    except OSError:
        return 0.0


def is_known() -> bool:
    """Whether this system tells what the bench asks."""
    return (_PROC / "self" / "schedstat").exists()


def quiet_share(seconds: float = 1.0) -> float:
    """The share of the processors that nobody used for a moment; well below 1, others share the machine."""
    before = _idle_and_all()
    time.sleep(seconds)
    idle, everything = (after - first for after, first in zip(_idle_and_all(), before, strict=True))
    return idle / max(everything, 1)


def _idle_and_all() -> tuple[int, int]:
    ticks = [int(part) for part in (_PROC / "stat").read_text().splitlines()[0].split()[1:9]]
    return ticks[3] + ticks[4], sum(ticks)


def _tree(pid: int) -> list[int]:
    found = [pid]
    for thread in (_PROC / str(pid) / "task").iterdir():
        for child in (thread / "children").read_text().split():
            found += _tree(int(child))
    return found


def _status(pid: int, name: str) -> int:
    for line in (_PROC / str(pid) / "status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    return 0
