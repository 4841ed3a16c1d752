"""Serves an application on a free loopback port, for those who need a real socket: a vendor's own client, the demo."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext

import uvicorn
from starlette.types import ASGIApp


class _Server(uvicorn.Server):
    """A server that leaves the process's signals to the process."""

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        return nullcontext()


@asynccontextmanager
async def serve(app: ASGIApp, port: int = 0) -> AsyncIterator[str]:
    """Serve the application in this event loop and answer its base URL; the port is closed at the end.

    The socket listens before the server runs, so nobody who has the URL is turned away.
    """
    listener = socket.create_server(("127.0.0.1", port))
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1)
    server = _Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
        listener.close()


@asynccontextmanager
async def serve_all(*apps: ASGIApp) -> AsyncIterator[list[str]]:
    """Serve several applications, each on a port of its own; they end together, for each takes a moment to end."""
    servers = [serve(app) for app in apps]
    urls = [await server.__aenter__() for server in servers]
    try:
        yield urls
    finally:
        await asyncio.gather(*[server.__aexit__(None, None, None) for server in servers])
