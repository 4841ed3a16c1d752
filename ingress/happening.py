"""What happens in the workspace by itself: pins become the timeline (WAR-6), and the home shows what is open."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from client.port import OPEN, IncidentSummary, NotTaken, Unanswered
from domain.procedure.findings import Note
from domain.report.view import Due
from ingress.answer import home, lost_home
from ingress.asking import Tell
from ingress.conversation import Conversation
from vendors.slack.front import Pinned
from vendors.slack.heard import Happened
from vendors.slack.menu import HOME, stacked

log = logging.getLogger("standfast.ingress.slack")

PINS = frozenset({"pushpin", "round_pushpin"})
"""The reactions that put a message on the timeline."""
DECLARE, NOTE = "declare", "note"
"""The callback ids of the app's two shortcuts: the global one, and the one of messages."""
ASKED = 20
"""Incidents asked what somebody owes; the home says which are open in any case."""
LONGEST = 2800


class Happening:
    """Pins, reactions, and the home; everything else that happens is not ours."""

    def __init__(self, conversation: Conversation, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._conversation, self._now = conversation, now
        self.taken: dict[str, Callable[[Mapping[str, Any], datetime], Awaitable[None]]] = {
            "reaction_added": self._reacted,
            "pin_added": self._pin,
            "app_home_opened": self._home_opened,
            "shortcut": self._shortcut,
            "message_action": self._message_shortcut,
        }
        """What is ours, by Slack's name for it."""

    async def happened(self, happened: Happened) -> None:
        """Take what is ours; the same event again comes to the same."""
        if happened.type in self.taken:
            await self.taken[happened.type](happened.event, happened.at)

    async def _reacted(self, event: Mapping[str, Any], at: datetime) -> None:
        if event.get("reaction") in PINS:
            await self._pinned(str(event["user"]), event.get("item") or {}, at)

    async def _pin(self, event: Mapping[str, Any], at: datetime) -> None:
        item = event.get("item") or {}
        place = {"channel": event.get("channel_id"), "ts": (item.get("message") or {}).get("ts")}
        await self._pinned(str(event["user"]), {**item, **place}, at)

    async def _home_opened(self, event: Mapping[str, Any], at: datetime) -> None:
        if event.get("tab", "home") == "home":
            await self._home(str(event["user"]))

    async def _shortcut(self, payload: Mapping[str, Any], at: datetime) -> None:
        """The lightning bolt: declare from anywhere."""
        if payload.get("callback_id") == DECLARE:
            await self._conversation.offer_declaration(str(payload["user"]["id"]), str(payload["trigger_id"]))

    async def _message_shortcut(self, payload: Mapping[str, Any], at: datetime) -> None:
        """What stands behind a message's three dots: put it on the timeline."""
        if payload.get("callback_id") == NOTE:
            place = {"type": "message", "channel": payload["channel"]["id"], "ts": payload["message_ts"]}
            await self._pinned(str(payload["user"]["id"]), place, at)

    async def _pinned(self, user: str, item: Mapping[str, Any], at: datetime) -> None:
        """A message that somebody pointed at becomes a note; our own pins of our own card do not."""
        channel, ts = str(item.get("channel") or ""), str(item.get("ts") or "")
        if item.get("type") != "message" or not (channel and ts) or user == await self._conversation.front.me():
            return
        incident = await self._conversation.places.incident_in(channel)
        message = await self._conversation.front.message(channel, ts) if incident else None
        if message is None:
            return
        by = self._conversation.naming.person(user)
        note = Note(text=self._words(message), url=message.url, by=by, via="slack", id=f"pin/{channel}/{ts}", at=at)
        said = await self._conversation.asking.ask(incident, note, self._logged(incident))
        if not said.accepted:
            log.warning("%s: a pin is not on the timeline: %s", incident, said.text)

    def _words(self, message: Pinned) -> str:
        author = self._conversation.naming.person(message.author) if message.author else ""
        named = self._conversation.naming.people().get(author, "")
        text = message.text[:LONGEST] or "(a message without words)"
        return f"{named}: {text}" if named else text

    def _logged(self, incident: str) -> Tell:
        async def tell(text: str) -> None:
            log.info("%s: a pin that waited: %s", incident, text)

        return tell

    async def _home(self, user: str) -> None:
        """Publish the home; with the engine away it says so."""
        try:
            async with asyncio.timeout(self._conversation.asking.patience.reading.total_seconds()):
                listed = await self._conversation.engine.list_incidents(OPEN)
                owed = await self._owed(self._conversation.naming.person(user), listed)
        except (TimeoutError, Unanswered):
            log.warning("the home of %s is published without incidents: the engine is away", user)
            await self._conversation.front.show_home(user, stacked(lost_home(), HOME))
            return
        await self._conversation.front.show_home(user, stacked(home(listed, owed, self._now()), HOME))

    async def _owed(self, person: str, listed: tuple[IncidentSummary, ...]) -> list[Due]:
        """What one person owes in the open incidents, the next first."""
        asked = await asyncio.gather(*(self._due(one.id) for one in listed[:ASKED]))
        mine = [due for answer in asked for due in answer if due.person == person]
        return sorted(mine, key=lambda due: due.due_at)

    async def _due(self, incident: str) -> tuple[Due, ...]:
        try:
            return (await self._conversation.engine.view(incident)).due
        except NotTaken:
            return ()
