"""Senders that are proved by what must be fetched, and that ask to be confirmed."""

from pathlib import Path

import httpx

from domain.alerting.alert import WebhookContent
from domain.port.duty import VendorError
from ingress.webhook.app import app
from ingress.webhook.door import Door
from ingress.webhook.inbox import Inbox
from vendors.door import Request, Undecided


async def posted(inbox: Inbox, door: Door) -> httpx.Response:
    """Post one webhook to this door."""
    transport = httpx.ASGITransport(app=app(inbox, {"sns": door}))
    async with httpx.AsyncClient(transport=transport, base_url="http://ingress") as http:
        return await http.post("/webhooks/sns?token=door", content=b"{}")


async def test_a_sender_whose_certificate_is_away_is_asked_to_come_again(tmp_path: Path) -> None:
    async def undecided(request: Request) -> None:
        raise Undecided("the certificate could not be fetched")

    inbox = Inbox(str(tmp_path / "inbox.db"))
    answer = await posted(inbox, Door(undecided, lambda request: WebhookContent()))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert not await inbox.unrelayed(10)
    await inbox.close()


async def test_a_subscription_is_confirmed_once_it_is_proved_and_kept(tmp_path: Path) -> None:
    greeted: list[Request] = []

    async def proved(request: Request) -> None:
        assert request.query == {"token": "door"}

    async def greet(request: Request) -> str:
        greeted.append(request)
        return "confirmed"

    inbox = Inbox(str(tmp_path / "inbox.db"))
    answer = await posted(inbox, Door(proved, lambda request: WebhookContent(), greet=greet))
    assert answer.status_code == 202
    assert len(greeted) == len(await inbox.unrelayed(10)) == 1
    await inbox.close()


async def test_a_subscription_that_could_not_be_confirmed_is_sent_again(tmp_path: Path) -> None:
    async def proved(request: Request) -> None:
        return None

    async def greet(request: Request) -> None:
        raise VendorError("sns", "no answer", retryable=True)

    inbox = Inbox(str(tmp_path / "inbox.db"))
    answer = await posted(inbox, Door(proved, lambda request: WebhookContent(), greet=greet))
    assert answer.status_code == 503
    await inbox.close()
