"""The whole table: each measurement after the other, on which machine, and what the rest of it did meanwhile.

`python -m bench [NAME ...]`: says what each measurement says as it ends, and writes all of it to build/bench.json. One
that takes longer than its time is ended, and the table says so.
"""

import json
import os
import platform
import resource
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.proc import busy

TABLE = {
    "door": ("door",),
    "ring": ("ring", "--services", "40"),
    "ring, payloads encrypted": ("ring", "--services", "40", "--rounds", "1"),
    "webhook": ("webhook",),
    "back": ("back", "100"),
    "open": ("open", "10", "100", "--severity", "info"),
    "press": ("press", "10", "100"),
    "board": ("board", "--rounds", "10"),
    "records": ("records", "--rounds", "10", "--seconds", "20"),
    "storm": ("storm", "--keys", "20000"),
}
"""What is measured, in turn, with what is asked of it."""
MOST = 240.0
"""Seconds for each."""
KEY = "A" * 43 + "="
WRITTEN = Path(__file__).parents[1] / "build/bench.json"


def machine() -> dict[str, Any]:
    """What it is measured on."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    named = (line.partition(": ")[2] for line in lines if line.startswith("model name"))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "processor": next(named, platform.machine()),
        "memory_gb": round(memory / 1e9),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def own() -> float:
    """Seconds of CPU of what was measured so far, and of everything that it has started and seen end."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def measured(name: str, asks: tuple[str, ...]) -> dict[str, Any]:
    """One measurement in a process group of its own: what it says, and how many cores others used."""
    others, used, began = busy(), own(), time.monotonic()
    environment = {**os.environ, **({"STANDFAST_CODEC_KEYS": KEY} if "encrypted" in name else {})}
    command = [sys.executable, "-m", f"bench.{asks[0]}", *asks[1:]]
    running = subprocess.Popen(  # noqa: S603 (ours)
        command, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True
    )
    try:
        said, _ = running.communicate(timeout=MOST)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGTERM)
        said, _ = running.communicate()
    wall = time.monotonic() - began
    rest = max(busy() - others - (own() - used), 0) / wall
    row = {"asked": asks, "exit": running.returncode, "wall_s": round(wall), "cores_of_others": round(rest, 2)}
    return row | {"said": figures(said)}


def figures(said: str) -> Any:
    """The JSON that ends what was said; else JSON line by line, and the lines that are none."""
    lines = said.splitlines()
    ends = "\n".join(lines[lines.index("{") :]) if "{" in lines else said
    whole = _read(ends)
    return whole if whole != ends else [_read(line) for line in lines]


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def main(names: list[str]) -> int:
    """Each in turn; 1 where one failed."""
    found: dict[str, Any] = {"machine": machine()}
    print(json.dumps(found["machine"]), flush=True)
    for name in names or TABLE:
        found[name] = measured(name, TABLE[name])
        print(json.dumps({name: found[name]}), flush=True)
        WRITTEN.parent.mkdir(exist_ok=True)
        WRITTEN.write_text(json.dumps(found, indent=1) + "\n")
    return max(abs(row["exit"]) for name, row in found.items() if name in TABLE) and 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
