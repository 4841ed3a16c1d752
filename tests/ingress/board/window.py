"""A window to look at the board through: the board on a loopback port, and headless Chromium in front of it."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Browser, Page, Request, async_playwright
from starlette.applications import Starlette

from ingress.board.route import Board
from ingress.board.snapshot import STALE
from tests.ingress.board.night import NOW, Night

AGAIN = int(STALE.total_seconds()) + 1
"""Seconds after which a look of the board is taken anew."""

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
"""The browser of tests and pictures."""
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
)


@asynccontextmanager
async def served(board: Board) -> AsyncIterator[str]:
    """The board on a port of this machine; answers its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(Starlette(routes=board.routes()), log_level="error", proxy_headers=False, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
        listener.close()


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser that speaks to nobody by itself."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET])
        try:
            yield browser
        finally:
            await browser.close()


class Window:
    """A page of the board, and what the browser complained of or asked of others meanwhile."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        page.on("console", lambda said: self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._note)

    def _note(self, asked: Request) -> None:
        if urlsplit(asked.url).netloc != urlsplit(self.url).netloc and not asked.url.startswith("data:"):
            self.strangers.append(asked.url)

    async def opens(self, path: str) -> None:
        answer = await self.page.goto(self.url + path, wait_until="load")
        assert answer is not None
        assert answer.status == 200

    async def passes(self, night: Night, seconds: int) -> None:
        """Time passes on both sides, at once: nothing is asked or answered half way."""
        night.clock.passes(seconds=seconds)
        await self.page.clock.fast_forward(seconds * 1000)

    async def looks(self, night: Night) -> None:
        """Time passes until the page has looked again, at a look that the board has taken anew."""
        async with self.page.expect_response("**/*part=live*") as answered:
            await self.passes(night, AGAIN)
        await (await answered.value).finished()
        await self.page.evaluate("0")  # what waited for the answer has run


@asynccontextmanager
async def window(browser: Browser, night: Night, *, clock: bool = True, **how: Any) -> AsyncIterator[Window]:
    """A window in which time stands still until told, and in which nothing may go wrong."""
    async with served(night.board) as url:
        context = await browser.new_context(**how)
        page = await context.new_page()
        if clock:
            await page.clock.install(time=NOW - timedelta(minutes=1))
            await page.clock.pause_at(NOW)
        seen = Window(page, url)
        yield seen
        await context.close()
    assert (seen.complaints, seen.strangers) == ([], [])


async def faults_of(page: Page, *, whole: bool) -> list[str]:
    """What axe finds; of a page that it knows already, only whether its colours can be told apart."""
    options = {"resultTypes": ["violations"], **({} if whole else {"runOnly": ["color-contrast"]})}
    found = await Axe().run(page, options=options)
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found.response["violations"]]
