"""Somebody who looks at the board without a window."""

import re
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


def due(page: str) -> list[tuple[str, str]]:
    """The clocks in the list of what is due, by incident and clause, in order."""
    return re.findall(r'id="due-(INC-\w{5})-([\w-]+)"', page)


async def read(http: httpx.AsyncClient, path: str = "/") -> str:
    answer = await http.get(path)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", answer.text)


def words(page: str) -> str:
    """A page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
