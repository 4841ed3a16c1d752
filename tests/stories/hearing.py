"""The ingress of a story: webhooks come in at its doors, each twice, and what they say goes where it belongs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from client.afterwards import hear_afterwards, left_over
from ingress.serve import doors
from ingress.webhook.app import app
from ingress.webhook.deployments import Shelf
from ingress.webhook.inbox import Inbox
from ingress.webhook.relay import Relay
from ingress.webhook.sorting import Sorter
from tests.stories.story import Story
from vendors.door import Request


class Ingress:
    """Takes webhooks for one story."""

    def __init__(self, story: Story, inbox: Inbox, shelf: Shelf) -> None:
        entrances = doors()
        self._story, self.inbox = story, inbox
        ended = partial(hear_afterwards, story.ingress, shelf.records, story.queue)
        sort = Sorter(story.company)
        more: dict[str, Any] = {"shelf": shelf, "afterwards": ended, "left_over": partial(left_over, story.ingress)}
        self._ahead = timedelta()
        more["now"] = lambda: datetime.now(UTC) + self._ahead
        self._relay = Relay(inbox, entrances, story.ingress, sort, holder="story", **more)
        self._http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app(inbox, entrances)), base_url="http://standfast"
        )

    async def hears(self, door: str, request: Request) -> None:
        """A vendor delivers a webhook twice, and everybody whom it concerns is told."""
        for _ in range(2):
            answer = await self._http.post(f"/webhooks/{door}", content=request.body, headers=request.headers)
            assert answer.status_code == 202
        await self._relay.step()
        if await self.inbox.unrelayed(1):  # a group is told again after a pause
            self._ahead += timedelta(minutes=1)
            await self._relay.step()
        await self._story.settles()
        assert not await self.inbox.unrelayed(1)


@asynccontextmanager
async def listening(story: Story, folder: Path) -> AsyncIterator[Ingress]:
    """The doors are open, for vendors whose secret the environment has."""
    inbox, shelf = Inbox(str(folder / "inbox.db")), Shelf(story.settings.standfast_database_url)
    async with shelf.open():
        yield Ingress(story, inbox, shelf)
    await inbox.close()
