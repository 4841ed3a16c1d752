"""The least that a durable door does, as a process: HMAC over the body, one commit for those that came together, 202.

`python -m bench.floor PORT FILE`: what the ingress is measured beside. It reads nothing of what is said.
"""

import asyncio
import hashlib
import hmac
import json
import os
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import uvicorn
from uvicorn.loops.auto import auto_loop_factory

SECRET = "bench"  # noqa: S105


class Floor:
    """The application: no routes, no refusals but one."""

    def __init__(self, file: str) -> None:
        self._database = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE row (body BLOB)")
        self._thread = ThreadPoolExecutor(1)
        self._waiting: list[tuple[bytes, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Prove, keep, answer."""
        body, more = b"", True
        while more:
            part = await receive()
            body, more = body + part["body"], part.get("more_body", False)
        sent = dict(scope["headers"])
        told = signature(sent[b"x-standfast-timestamp"].decode(), body)
        proved = hmac.compare_digest(told.encode(), sent[b"x-standfast-signature"])
        if proved:
            await self._keep(body)
        head = [(b"content-type", b"application/json"), (b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 202 if proved else 401, "headers": head})
        await send({"type": "http.response.body", "body": json.dumps({}).encode()})

    async def _keep(self, body: bytes) -> None:
        kept = asyncio.get_running_loop().create_future()
        self._waiting.append((body, kept))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        await kept

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            bodies = [(body,) for body, _ in batch]
            await asyncio.get_running_loop().run_in_executor(self._thread, self._commit, bodies)
            for _, kept in batch:
                kept.set_result(None)

    def _commit(self, bodies: list[tuple[bytes]]) -> None:
        self._database.execute("BEGIN IMMEDIATE")
        self._database.executemany("INSERT INTO row VALUES (?)", bodies)
        self._database.execute("COMMIT")


def signature(timestamp: str, body: bytes, secret: str = SECRET) -> str:
    """How the generic door wants to be told who speaks."""
    return "v1=" + hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def main() -> None:
    config = uvicorn.Config(
        Floor(sys.argv[2]), port=int(sys.argv[1]), log_config=None, access_log=False, lifespan="off"
    )
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(uvicorn.Server(config).serve())
    os._exit(0)


if __name__ == "__main__":
    main()
