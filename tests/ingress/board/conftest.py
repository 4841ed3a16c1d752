"""An empty night, and somebody who looks at its board."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser

from tests.ingress.board.guest import looking_at
from tests.ingress.board.night import Night, night_at
from tests.ingress.board.window import chromium


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page waits for the incidents that are asked, however busy this machine is."""
    monkeypatch.setattr("ingress.board.snapshot.SOON", timedelta(minutes=1))


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Night]:
    async with night_at(tmp_path) as night:
        yield night


@pytest.fixture
async def http(night: Night) -> AsyncIterator[httpx.AsyncClient]:
    async with looking_at(night.board) as client:
        yield client


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser
