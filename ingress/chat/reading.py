"""What people ask to read: menus and lists, what is due, what happened; told to them alone."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

from client.port import OPEN, IncidentClient, IncidentSummary, NotTaken, Unanswered
from config.company import Company
from domain.incident.event import Event
from domain.port.conversation import Reply, ShownMessage
from domain.report.offer import FIRST, offered
from domain.report.view import PAGE, View
from domain.rule.act import people_do
from ingress.chat.answer import blind_menu, due_lines, listing, lobby, menu, now_text, timeline_lines, which
from ingress.chat.names import titled
from ingress.chat.phrase import ParsedCommand
from ingress.chat.situation import escalation, people, place, status

READINGS = frozenset({"menu", "list", "due", "timeline", "status", "who", "where", "escalate"})
PATIENCE = 1.5
"""Seconds that a menu waits for its incident."""
PRIVATE = "{id} is a security incident: it is read in its own war room."


class Reading:
    """Reads the engine for people."""

    def __init__(
        self,
        engine: IncidentClient,
        command: str,
        company: Company,
        people: Callable[[], Mapping[str, str]],
        now: Callable[[], datetime],
    ) -> None:
        self._engine, self._command, self._company, self._people, self._now = engine, command, company, people, now

    async def read(self, asked: ParsedCommand, here: str, by: str = "") -> Reply:
        """The reading that is asked for, or which incident is meant; `here` is the incident of the room."""
        if asked.kind == "list":
            return _shown(listing(await self._open(), self._people()))
        if asked.kind == "menu":
            if asked.incident:
                return await self._menu(asked, by)
            return _shown(lobby(await self._open(), self._command, self._people()))
        if not asked.incident:
            return _shown(which(asked, await self._open(), self._people()))
        if asked.kind == "escalate":
            return _shown(escalation(asked))
        view = await self._engine.view(asked.incident)
        if view.kind == "security" and here != asked.incident:
            return Reply(PRIVATE.format(id=asked.incident))
        view = view.model_copy(update={"names": {**view.names, **self._people()}})
        if asked.kind in ("status", "who"):
            return _shown(status(view) if asked.kind == "status" else people(view))
        if asked.kind == "where":
            return _shown(place(view, here))
        if asked.kind == "due":
            moments = tuple(dict.fromkeys(due.due_at for due in view.due))
            return Reply(due_lines(view, self._people(), self._now()), moments=moments)
        return Reply(await self._timeline(view))

    async def _open(self) -> tuple[IncidentSummary, ...]:
        return titled(await self._engine.list_incidents(OPEN), self._company.catalog)

    async def only(self, asked: ParsedCommand) -> str:
        """The one open incident that something fits; empty where there are several, and for what is about them all."""
        if asked.kind in ("list", "menu"):
            return ""
        act = people_do().get(asked.kind)
        fits = [one.id for one in await self._open() if not (act and act.phases) or one.phase in act.phases]
        return fits[0] if len(fits) == 1 else ""

    async def severities(self, incident: str) -> tuple[str, ...]:
        """The severities that an incident knows: it keeps the policy it began under; none while it cannot be read."""
        try:
            async with asyncio.timeout(PATIENCE):
                return tuple((await self._engine.view(incident)).severities)
        except (NotTaken, Unanswered, TimeoutError):
            return ()

    async def usual(self, incident: str, by: str) -> str:
        """What this person may do there now, as it is typed; empty while the incident cannot be read."""
        try:
            async with asyncio.timeout(PATIENCE):
                seen = await self._engine.view(incident)
        except (NotTaken, Unanswered, TimeoutError):
            return ""
        acts = offered(seen, by, self._company.policy, self._company.catalog, usual=True)[:FIRST]
        return now_text(acts, self._command)

    async def _menu(self, asked: ParsedCommand, by: str) -> Reply:
        """What this person may do in the incident; everything while it cannot be read, for acts are taken then too."""
        try:
            async with asyncio.timeout(PATIENCE):
                seen = await self._engine.view(asked.incident)
        except (Unanswered, TimeoutError):
            return _shown(blind_menu(asked.incident))
        whole = "whole" in asked.fields
        acts = offered(seen, by, self._company.policy, self._company.catalog, usual=not whole)
        return _shown(menu(seen, acts, by=by, now=self._now(), whole=whole, people=self._people()))

    async def _timeline(self, view: View) -> str:
        events: list[Event] = await self._engine.timeline(view.id, max(view.events - PAGE, 0))
        return timeline_lines(view.id, events, self._people())


def _shown(shown: list[ShownMessage]) -> Reply:
    return Reply(shown=tuple(shown))
