"""A real process, killed without warning: what it answered 202 is there."""

import asyncio
import os
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from ingress.webhook.inbox import Inbox
from tests.ingress.setting import START, Clock, MemoryEngine, monitor, relay_of

ERRORS = {"alertname": "Errors", "service": "checkout"}


@asynccontextmanager
async def serving(where: str, listener: socket.socket) -> AsyncIterator[Process]:
    """Serve on a socket that listens already, so that a request waits for the process and nobody polls."""
    command = (sys.executable, "-m", "uvicorn", "--factory", "tests.ingress.serve:ingress", "--log-level", "error")
    process = await asyncio.create_subprocess_exec(
        *command,
        "--fd",
        str(listener.fileno()),
        env={**os.environ, "STANDFAST_INBOX": where, "PYTHONPATH": str(Path(__file__).parents[2])},
        pass_fds=[listener.fileno()],
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.sop("DET-6")
async def test_every_answered_webhook_outlives_a_kill_without_warning(where: str, engine: MemoryEngine) -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/webhooks/alertmanager"
    request = monitor().press_fire(START, **ERRORS)
    answered: list[int] = []
    enough = asyncio.Event()

    async def hammer(http: httpx.AsyncClient) -> None:
        while True:
            answer = await http.post(url, content=request.body, headers=request.headers)
            answered.append(answer.json()["row"])
            if len(answered) >= 20:
                enough.set()

    async with httpx.AsyncClient(timeout=30) as http, serving(where, listener) as process:
        hammers = [asyncio.create_task(hammer(http)) for _ in range(8)]
        await enough.wait()
        process.kill()
        await process.wait()
        for one in hammers:
            one.cancel()
        ends = await asyncio.gather(*hammers, return_exceptions=True)
        assert all(isinstance(end, httpx.TransportError | asyncio.CancelledError) for end in ends)
    async with httpx.AsyncClient(timeout=30) as http, serving(where, listener):
        answer = await http.post(url, content=request.body, headers=request.headers)
        answered.append(answer.json()["row"])
    inbox = Inbox(where, now=Clock())
    kept = [row.row for row in await inbox.unrelayed(10_000)]
    assert set(answered) <= set(kept)
    assert kept[-1] == answered[-1]
    await relay_of(inbox, engine, Clock()).step()
    assert not set(answered) & {row.row for row in await inbox.unrelayed(10_000)}
    assert [(digest.group, digest.last_row) for digest in engine.taken] == [("checkout/production", kept[-1])]
    await inbox.close()
    listener.close()
