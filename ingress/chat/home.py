"""The home of one person: what they owe, what is open, and Declare."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime

from client.port import OPEN, IncidentSummary, NotTaken, Unanswered
from domain.port.conversation import HomeOpened
from domain.report.view import Due
from ingress.chat.answer import home, lost_home
from ingress.chat.conversation import Conversation

log = logging.getLogger("standfast.ingress.chat")

ASKED = 20
"""Incidents asked what somebody owes; the home says which are open in any case."""


class Home:
    """Publishes homes; publishing one twice shows the same."""

    def __init__(self, conversation: Conversation, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._conversation, self._now = conversation, now

    async def opened(self, opened: HomeOpened) -> None:
        """Publish the home; with the engine away it says so."""
        front, user = self._conversation.front, opened.user
        try:
            async with asyncio.timeout(self._conversation.asking.patience.reading.total_seconds()):
                listed = await self._conversation.engine.list_incidents(OPEN)
                owed = await self._owed(self._conversation.names.person(user), listed)
        except (TimeoutError, Unanswered):
            log.warning("the home of %s is published without incidents: the engine is away", user)
            await front.show_home(user, lost_home())
            return
        names = self._conversation.names
        now = self._now()
        await front.show_home(user, home(names.titled(listed), owed, now, names.people(), names.on_call(now)))

    async def _owed(self, person: str, listed: tuple[IncidentSummary, ...]) -> list[Due]:
        """What one person owes in the open incidents, the next first."""
        asked = await asyncio.gather(*(self._due(one.id) for one in listed[:ASKED]))
        mine = [due for answer in asked for due in answer if due.person == person]
        return sorted(mine, key=lambda due: due.order)

    async def _due(self, incident: str) -> tuple[Due, ...]:
        try:
            return (await self._conversation.engine.view(incident)).due
        except NotTaken:
            return ()
