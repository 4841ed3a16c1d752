"""The home of one person: what they owe, what is open, and Declare."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime

from client.port import OPEN, IncidentSummary, NotTaken, Unanswered
from domain.port.conversation import HomeOpened
from domain.report.view import View
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
                seen = await self._seen(listed)
        except (TimeoutError, Unanswered):
            log.warning("the home of %s is published without incidents: the engine is away", user)
            await front.show_home(user, lost_home())
            return
        names = self._conversation.names
        now, person = self._now(), names.person(user)
        owed = [due for one in seen for due in one.due if due.person == person]
        rooms = {one.id: one.room_url for one in seen if not one.security or person in one.roles.values()}
        await front.show_home(user, home(names.titled(listed), owed, now, names.short(), names.on_call(now), rooms))

    async def _seen(self, listed: tuple[IncidentSummary, ...]) -> list[View]:
        """How the open incidents stand, those that answer."""
        asked = await asyncio.gather(*(self._view(one.id) for one in listed[:ASKED]))
        return [view for view in asked if view]

    async def _view(self, incident: str) -> View | None:
        try:
            return await self._conversation.engine.view(incident)
        except NotTaken:
            return None
