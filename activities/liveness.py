"""Says that this process is alive to whoever runs it: systemd on its socket, and a probe by a file that is touched."""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

from pydantic_settings import BaseSettings

from activities.beside import beside

log = logging.getLogger("standfast.liveness")
EVERY = 5.0
"""Seconds between two beats of the loop."""


class Settings(BaseSettings):
    """What a probe looks at."""

    standfast_alive_file: Path | None = None
    """Touched every few seconds for as long as the process's loop runs."""


def tell(*lines: str) -> None:
    """Tell systemd, in the words of sd_notify(3); where none listens or reads, nobody: it holds up nothing."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ours:
        ours.setblocking(False)
        ours.connect(f"\0{address[1:]}" if address.startswith("@") else address)
        ours.send("\n".join(lines).encode())


@asynccontextmanager
async def alive(*beats: Callable[[], None]) -> AsyncIterator[None]:
    """Ready at once, for what a process waits for is no reason to end it; it beats for as long as its loop runs."""
    async with beside(partial(_beat, [*beats, *_file(Settings().standfast_alive_file)])):
        tell("READY=1")
        try:
            yield
        finally:
            tell("STOPPING=1")


async def _beat(beats: list[Callable[[], None]]) -> None:
    while True:
        tell("WATCHDOG=1")
        for beat in beats:
            beat()
        await asyncio.sleep(EVERY)


def _file(path: Path | None) -> list[Callable[[], None]]:
    """The beat that touches the file; one that cannot be touched is said, and ends nothing."""

    def touch() -> None:
        try:
            assert path is not None
            path.touch()
        except OSError as error:
            log.warning("STANDFAST_ALIVE_FILE: %s", error)

    return [touch] if path else []
