"""What is worse than a crash, for no process ends: one that is frozen, a full disk, a locked database."""

import asyncio
import os
import random
import resource
import signal
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from demo.process import Child

CALM, LASTS = (3.0, 12.0), (1.0, 8.0)
"""Seconds, at least and at most, between two troubles, and of each."""
LOCK = 10.0
"""Seconds for which a lock is waited for."""


@dataclass
class Trouble:
    """Troubles by the dice, one at a time; `seen` counts them."""

    children: Mapping[str, Child]
    folder: Path
    chance: random.Random
    seen: Counter[str] = field(default_factory=Counter)

    async def befall(self) -> None:
        """Until it is cancelled; then nothing is left of it."""
        while True:
            await asyncio.sleep(self.chance.uniform(*CALM))
            span, name = self.chance.uniform(*LASTS), self.chance.choice(tuple(self.children))
            match self.chance.choice(("frozen", "full", "locked")):
                case "frozen":
                    self.seen[f"{name} frozen: accepts and never answers"] += 1
                    async with frozen(self.children[name]):
                        await asyncio.sleep(span)
                case "full" if name != "temporal":
                    self.seen[f"disk full under {name}"] += 1
                    async with full(self.children[name]):
                        await asyncio.sleep(span)
                case _:
                    database = self.chance.choice(("records", "inbox"))
                    self.seen[f"{database} locked"] += 1
                    async with locked(self.folder / f"{database}.db"):
                        await asyncio.sleep(span)


@asynccontextmanager
async def frozen(child: Child) -> AsyncIterator[None]:
    """The kernel takes its connections, and nobody answers there, as with a network that is silent."""
    pid = child.pid
    _signal(child, pid, signal.SIGSTOP)
    try:
        yield
    finally:
        _signal(child, pid, signal.SIGCONT)


def _signal(child: Child, pid: int, which: signal.Signals) -> None:
    if child.running and child.pid == pid:
        with suppress(ProcessLookupError):
            os.kill(pid, which)


@asynccontextmanager
async def full(child: Child) -> AsyncIterator[None]:
    """No file of the process may grow."""
    pid = child.pid
    _quota(child, pid, 0)
    try:
        yield
    finally:
        _quota(child, pid, resource.RLIM_INFINITY)


def _quota(child: Child, pid: int, size: int) -> None:
    if child.running and child.pid == pid:
        with suppress(ProcessLookupError):
            _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, most))


@asynccontextmanager
async def locked(database: Path) -> AsyncIterator[None]:
    """Somebody else writes and does not end."""
    with closing(sqlite3.connect(database, isolation_level=None, timeout=LOCK, check_same_thread=False)) as other:
        with suppress(sqlite3.OperationalError):  # it is locked already, and that is as good
            await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
        yield
