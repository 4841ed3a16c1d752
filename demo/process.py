"""Child processes that end with their parent."""

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

PATIENCE = 8.0
"""Seconds a process gets to end by itself before it is killed."""


LISTENED = range(20_000, 32_000)
"""Below what systems give to connections that go out: one of those would take a port before its listener does."""


def free_port() -> int:
    """A loopback port nobody listens on just now, and no connection is given in the meantime."""
    return next(filter(is_free, iter(lambda: secrets.choice(LISTENED), None)))


def is_free(port: int) -> bool:
    """Whether nobody listens on this loopback port."""
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def program(name: str) -> str:
    """A program that a package put beside this interpreter, also where .venv/bin is not on PATH."""
    beside = Path(sys.executable).parent / name
    if not beside.exists():
        raise FileNotFoundError(f"{name} is not installed beside {sys.executable}: run `make demo`, or install [demo]")
    return str(beside)


class Child:
    """One process, with its output in a file; it can be killed and started again."""

    def __init__(
        self,
        name: str,
        command: list[str],
        log: Path,
        environment: Mapping[str, str] | None = None,
        *,
        alone_in: Path | None = None,
    ) -> None:
        """It has our environment and directory, or `alone_in` a directory nothing but its own settings and PATH."""
        self.name, self._command, self.log, self._folder = name, command, log, alone_in
        inherited = {"PATH": os.environ.get("PATH", "")} if alone_in else os.environ
        self._environment = {**inherited, **(environment or {})}
        self._process: asyncio.subprocess.Process | None = None
        self.ended = False
        """Whether it was ended on purpose, and not started since."""

    @property
    def running(self) -> bool:
        """Whether it has been started and not ended."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        """Its number; 0 before it was started."""
        return self._process.pid if self._process else 0

    async def start(self) -> None:
        """Start it, in a session of its own so that Ctrl-C reaches it through us alone."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.ended = False
        with self.log.open("ab") as out:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdout=out,
                stderr=out,
                env=self._environment,
                cwd=self._folder,
                start_new_session=True,
            )

    async def kill(self) -> None:
        """End it at once, as a crash would."""
        self.ended = True
        if self._process and self.running:
            self._process.send_signal(signal.SIGKILL)
            await self._process.wait()

    async def stop(self) -> None:
        """Ask it to end, and end it when it does not."""
        self.ended = True
        if self._process and self.running:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), PATIENCE)
            except TimeoutError:
                await self.kill()

    async def wait(self) -> None:
        """Wait until it has ended, by itself or otherwise."""
        if self._process:
            await self._process.wait()

    def last_words(self) -> str:
        """The end of its log, for when it ended unasked."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-8:]) if self.log.exists() else ""


@asynccontextmanager
async def running(child: Child) -> AsyncIterator[Child]:
    """The process, started; stopped when the block ends, however it ends."""
    await child.start()
    try:
        yield child
    finally:
        await asyncio.shield(child.stop())
