"""What commands print, as pictures; of `standfast show --follow` its last frame at a real terminal."""

import asyncio
import fcntl
import io
import os
import pty
import re
import signal
import struct
import sys
import termios
from collections.abc import Mapping

from rich.console import Console
from rich.text import Text

from demo.stack import ROOT

COLUMNS, LINES = 104, 40
ENOUGH = 3
"""Frames that prove that it follows."""
SECONDS = 5.0
"""How long it is followed: the clocks must have moved."""
AGAIN = re.compile(r"(?:\r?\x1b\[(?:2K|1A|\d*A))+")
"""How the live view goes back to write itself anew."""
CURSOR = re.compile(r"\x1b\[\?25[lh]")


async def follow(incident: str, environment: Mapping[str, str]) -> str:
    """Run the command at a terminal for a while; its last frame as SVG. The clocks must have counted down."""
    written = CURSOR.sub("", await _written(incident, environment))
    frames = [frame for frame in AGAIN.split(written) if incident in frame]
    if len(frames) < ENOUGH or frames[0] == frames[-1]:
        raise AssertionError(f"the clocks stand still in {len(frames)} frames")
    return drawn(frames[-1], f"standfast show {incident} --follow")


async def printed(*words: str) -> str:
    """What a command prints, as SVG."""
    command = [sys.executable, str(ROOT / "starter.py"), *words]
    known = {**os.environ, "COLUMNS": str(COLUMNS)}
    child = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, env=known, cwd=ROOT)
    said, _ = await child.communicate()
    assert child.returncode == 0, said
    return drawn(said.decode(), f"standfast {' '.join(words)}")


def drawn(frame: str, title: str) -> str:
    """A frame as SVG, in whatever fonts the reader has."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO())
    console.print(Text.from_ansi(frame.replace("\r", "").rstrip()))
    return re.sub(r"@font-face \{.*?\}", "", console.export_svg(title=title), flags=re.DOTALL)


async def _written(incident: str, environment: Mapping[str, str]) -> str:
    """Everything the command writes to its terminal until Ctrl-C."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    known = {**os.environ, **environment, "TERM": "xterm-256color", "COLUMNS": str(COLUMNS), "LINES": str(LINES)}
    command = [sys.executable, str(ROOT / "starter.py"), "show", incident, "--follow"]
    child = await asyncio.create_subprocess_exec(
        *command, stdin=theirs, stdout=theirs, stderr=theirs, env=known, start_new_session=True
    )
    os.close(theirs)
    written = bytearray()
    asyncio.get_running_loop().add_reader(ours, lambda: written.extend(_read(ours)))
    for _ in range(100):
        await asyncio.sleep(0.2)
        if incident.encode() in written:
            break
    await asyncio.sleep(SECONDS)
    child.send_signal(signal.SIGINT)
    await child.wait()
    asyncio.get_running_loop().remove_reader(ours)
    os.close(ours)
    return written.decode(errors="replace")


def _read(terminal: int) -> bytes:
    """What is there; nothing once the other end is closed."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
