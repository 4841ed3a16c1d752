"""What this process started and has not ended: no test may leave one behind."""

import os
from pathlib import Path


def children(parent: int | None = None) -> dict[int, str]:
    """Name the living children of a process by their id; empty where the system has no /proc."""
    parent = os.getpid() if parent is None else parent
    found = (_stat(path) for path in Path("/proc").glob("[0-9]*/stat"))
    return {pid: name for pid, name, state, above in filter(None, found) if above == parent and state != "Z"}


def _stat(path: Path) -> tuple[int, str, str, int] | None:
    """Read a process's id, name, state and parent; None when it ended while we looked."""
    try:
        text = path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The name stands in parentheses and may hold any character, parentheses too.
    pid, _, rest = text.partition(" (")
    name, _, fields = rest.rpartition(") ")
    state, above = fields.split()[:2]
    return int(pid), name, state, int(above)
