"""What processes, and the whole machine, have used, by /proc (proc(5))."""

import os
from pathlib import Path
from typing import NamedTuple

TICK = os.sysconf("SC_CLK_TCK")


class Used(NamedTuple):
    """What a process has used: processor seconds, and megabytes that it holds."""

    cpu: float
    memory: float


def used(pid: int) -> Used:
    """Fields 14 and 15 of stat, and the resident set."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return Used((int(fields[11]) + int(fields[12])) / TICK, pages * os.sysconf("SC_PAGE_SIZE") / 1e6)


def busy() -> float:
    """Seconds of CPU that the whole machine has worked: `cpu` of stat without idle and iowait."""
    fields = [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICK
