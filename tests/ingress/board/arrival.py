"""Somebody who comes to the board over the company's OIDC provider."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from config.company import Company
from config.company import Settings as CompanySettings
from tests import yaml
from tests.house.source import ROOT
from tests.ingress.board.guest import looking_at, words
from tests.ingress.board.night import Night, night_at
from tests.ingress.board.provider import CLIENT, ISSUER, SECRET, Provider

BOARD = "https://board.harbourline.example"
OIDC = {
    "standfast_oidc_issuer": ISSUER, "standfast_oidc_client_id": CLIENT, "standfast_oidc_client_secret": SECRET,
    "listen": "0.0.0.0:8080",
}  # fmt: skip


@dataclass
class Visit:
    """A browser before the board, and the provider that it is sent to."""

    night: Night
    http: httpx.AsyncClient
    provider: Provider
    company: Path

    async def there(self, onward: str = "/") -> str:
        """Where the browser is sent back to."""
        sent = await self.http.get("/sign-in/oidc", params={"next": onward})
        assert sent.status_code == 303, sent.text
        async with self.provider.http() as browser:
            back = await browser.get(sent.headers["location"])
        assert back.status_code == 302, back.text
        return back.headers["location"].removeprefix(BOARD)

    async def signs_in(self, onward: str = "/") -> httpx.Response:
        return await self.http.get(await self.there(onward))

    async def refused(self, status: int = 403) -> str:
        """What is said to somebody who is not let in."""
        answer = await self.signs_in()
        assert (answer.status_code, "standfast_person" in str(answer.headers)) == (status, False)
        assert await self.status() == 401
        return words(answer.text)

    async def status(self) -> int:
        return (await self.http.get("/")).status_code


@asynccontextmanager
async def arriving(folder: Path, peer: str = "203.0.113.9", **settings: Any) -> AsyncIterator[Visit]:
    company, provider = reachable(folder), Provider(lambda: night.clock().timestamp())
    async with (
        provider.http() as asks,
        night_at(folder, company=company, http=asks, **{**OIDC, **settings}) as night,
        looking_at(night.board, BOARD, peer) as http,
    ):
        yield Visit(night, http, provider, folder / "catalog.yaml")


def reachable(folder: Path) -> Company:
    """The shipped company in a folder, with an address of its board."""
    policy = yaml.safe_load((ROOT / "policy.yaml").read_text())
    (folder / "policy.yaml").write_text(yaml.safe_dump({**policy, "board": BOARD}))
    (folder / "catalog.yaml").write_text((ROOT / "catalog.yaml").read_text())
    return Company(CompanySettings(standfast_policy=folder / "policy.yaml", standfast_catalog=folder / "catalog.yaml"))
