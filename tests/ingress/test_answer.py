"""Each sender's own signed request opens its real door, and is answered with the status which that sender wants."""

from pathlib import Path

import httpx
import pytest

from ingress.serve import doors
from ingress.webhook.app import app
from ingress.webhook.inbox import Inbox
from tests.ingress.setting import Clock
from tests.vendors.delivery import NOW
from tests.vendors.sender import PROVED_BY, SENDERS, secret
from vendors.door import Request

AT_WEBHOOKS = [name for name in SENDERS if name != "slack"]
WANT = {"linear": 200}
"""Whose documentation names the status; any 2xx tells the others."""


async def answers(name: str, where: Path, *requests: Request) -> tuple[list[int], list[str]]:
    """How the real door answers, and what was kept."""
    clock = Clock()
    clock.now = NOW
    inbox = Inbox(str(where / "inbox.db"), now=clock)
    transport = httpx.ASGITransport(app(inbox, doors(), now=clock))
    async with httpx.AsyncClient(transport=transport, base_url="http://standfast") as http:
        found = [
            await http.post(f"/webhooks/{name}", content=one.body, headers=one.headers, params=one.query)
            for one in requests
        ]
    kept = [row.door for row in await inbox.unrelayed(10)]
    await inbox.close()
    return [answer.status_code for answer in found], kept


@pytest.mark.sop("DET-6")
@pytest.mark.parametrize("name", AT_WEBHOOKS)
async def test_a_signed_request_is_answered_as_its_sender_wants_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PROVED_BY[name], secret(name))
    request = SENDERS[name]()
    forged = request.model_copy(update={"headers": {}, "query": {"token": "guess"}})
    statuses, kept = await answers(name, tmp_path, request, forged)
    assert (statuses, kept) == ([WANT.get(name, 202), 401], [name])


@pytest.mark.parametrize("name", AT_WEBHOOKS)
async def test_a_door_without_its_secret_does_not_exist(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(PROVED_BY[name], raising=False)
    assert await answers(name, tmp_path, SENDERS[name]()) == ([404], [])
