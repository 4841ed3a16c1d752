"""The people of the demo: they press the buttons people press, whose signed requests come to the ingress."""

import asyncio
from collections.abc import Callable

import httpx

from demo.chosen import Chosen, SignedRequest
from demo.stack import Stack
from demo.stopped import Stopped
from standins.slack.hand import has_button
from vendors.door import Request

LOOK_EVERY = 0.2
PATIENCE = 30.0
"""Seconds after which the demo says what it waited for in vain."""


class Stuck(Stopped):
    """Something the script waits for did not happen."""


class People:
    """Everybody of the company, by their id in the catalog."""

    def __init__(self, stack: Stack, http: httpx.AsyncClient, chosen: Chosen) -> None:
        self._stack, self._http, self.chosen = stack, http, chosen
        self._slack = stack.stage.slack

    def slack_id(self, person: str) -> str:
        """How Slack knows somebody."""
        return self._stack.company.catalog.people[person].at("slack")

    async def delivers(self, sent: SignedRequest) -> None:
        """A vendor tells of what was done there."""
        await self.send(sent.door, sent.request)

    async def send(self, door: str, request: Request) -> None:
        """Deliver a vendor's signed request to the ingress."""
        answer = await self._http.post(f"{self._stack.url}{door}", content=request.body, headers=request.headers)
        if not answer.is_success:
            raise Stuck(f"{door} answered {answer.status_code}: {answer.text[:200]}")

    async def presses(self, person: str, label: str, *channels: str) -> None:
        """Press the newest button with this label in the first of the channels that has one, once it is there.

        What they are told alone, they look at last.
        """
        user, where = self.slack_id(person), " or ".join(f"#{one}" for one in channels)
        looked_at = (*channels, user)
        await until(lambda: self._newest(label, looked_at) is not None, f"a button {label!r} in {where} for {person}")
        found = self._newest(label, looked_at)
        assert found is not None
        channel, stamp = found
        await self.send("/slack/events", self._slack.press(channel, stamp, label, user))

    async def fills_in(self, person: str, label: str, channel: str, **values: str) -> None:
        """Press a button that opens a form, fill it in and send it."""
        before = set(self._slack.views)
        await self.presses(person, label, channel)
        await until(lambda: bool(set(self._slack.views) - before), f"the form behind {label!r}")
        view = next(iter(set(self._slack.views) - before))
        await self.send("/slack/events", self._slack.submit(view, values, self.slack_id(person)))

    async def types(self, person: str, words: str, channel: str) -> None:
        """Type the command with these words in a channel."""
        await self.send("/slack/events", self._slack.command(words, self.slack_id(person), f"#{channel}"))

    def _newest(self, label: str, channels: tuple[str, ...]) -> tuple[str, str] | None:
        """Where the button is: the channel's id, and its message's timestamp."""
        rooms = {room.name: room for room in self._slack.workspace.rooms}
        for room in (rooms[one] for one in channels if one in rooms):
            found = [one for one in self._slack.messages(room.id) if has_button(one, label)]
            if found:
                return room.id, str(found[-1]["ts"])
        return None


async def until(holds: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Wait until something holds; raises `Stuck` with what it was."""
    for _ in range(int(patience / LOOK_EVERY)):
        if holds():
            return
        await asyncio.sleep(LOOK_EVERY)
    raise Stuck(f"waited {patience:.0f} s in vain for {what}")
