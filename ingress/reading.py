"""What people ask to read: menus and lists, what is due, what happened; told to them alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from client.port import OPEN, IncidentClient
from domain.incident.event import Event
from domain.report.view import PAGE, View
from ingress.answer import due_lines, listing, lobby, menu, timeline_lines, which
from vendors.slack.menu import Part, read_out, stacked
from vendors.slack.message import TEXT, Block, clip, escape
from vendors.slack.phrase import Asked

READINGS = frozenset({"menu", "list", "due", "timeline"})
PRIVATE = "{id} is a security incident: it is read in its own war room."


@dataclass(frozen=True)
class Reply:
    """What is said to one person; `seen` when the change itself shows it already."""

    text: str
    blocks: list[Block] = field(default_factory=list)
    seen: bool = False

    @classmethod
    def say(cls, words: str, *, seen: bool = False) -> "Reply":
        """Words, in which nothing rings or links."""
        return cls(clip(escape(words), TEXT), seen=seen)

    @classmethod
    def of(cls, parts: list[Part]) -> "Reply":
        """Messages with their buttons."""
        return cls(read_out(parts), stacked(parts))

    def body(self) -> dict[str, Any]:
        """The answer to a command."""
        shown = {"blocks": self.blocks} if self.blocks else {}
        return {"response_type": "ephemeral", "text": self.text, **shown}


class Reading:
    """Reads the engine for people."""

    def __init__(
        self,
        engine: IncidentClient,
        command: str,
        people: Callable[[], Mapping[str, str]],
        now: Callable[[], datetime],
    ) -> None:
        self._engine, self._command, self._people, self._now = engine, command, people, now

    async def read(self, asked: Asked, here: str) -> Reply:
        """The reading that is asked for, or which incident is meant; `here` is the incident of the room."""
        if asked.kind == "list":
            return Reply.of(listing(await self._engine.list_incidents(OPEN)))
        if asked.kind == "menu":
            if asked.incident:
                return Reply.of(menu(asked.incident))
            return Reply.of(lobby(await self._engine.list_incidents(OPEN), self._command))
        if not asked.incident:
            return Reply.of(which(asked, await self._engine.list_incidents(OPEN)))
        view = await self._engine.view(asked.incident)
        if view.kind == "security" and here != asked.incident:
            return Reply.say(PRIVATE.format(id=asked.incident))
        words = due_lines(view, self._now()) if asked.kind == "due" else await self._timeline(view)
        return Reply.say(words)

    async def _timeline(self, view: View) -> str:
        events: list[Event] = await self._engine.timeline(view.id, max(view.events - PAGE, 0))
        return timeline_lines(view.id, events, self._people())
