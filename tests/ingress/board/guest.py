"""Somebody who looks at the board without a window."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette

from ingress.board.route import Board
from tests.ingress.board.night import Night, night_at

AT_HOME = "http://127.0.0.1:8080"
OUTSIDE = "http://board.harbourline.example"
HTML = {"accept": "text/html,*/*"}


def looking_at(board: Board, url: str = AT_HOME, peer: str = "127.0.0.1") -> httpx.AsyncClient:
    """A browser on this machine unless told otherwise."""
    transport = httpx.ASGITransport(Starlette(routes=board.routes()), client=(peer, 40_000))
    return httpx.AsyncClient(transport=transport, base_url=url, headers=HTML)


@asynccontextmanager
async def visiting(
    folder: Path, url: str = AT_HOME, peer: str = "127.0.0.1", **settings: Any
) -> AsyncIterator[tuple[Night, httpx.AsyncClient]]:
    """An empty night with these settings of the board, and somebody from there."""
    async with night_at(folder, **settings) as night, looking_at(night.board, url, peer) as http:
        yield night, http
