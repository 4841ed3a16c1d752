"""What the engine knows of the incidents on the stage: how the followed one stands, what happened, what is due."""

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from client.port import OPEN, IncidentFilter, IncidentReader, NotTaken, Unanswered
from domain.incident.effects import Done
from domain.incident.event import Event
from domain.report.due import Due
from domain.report.view import View
from domain.value.model import said_count

SHOWN = 6
ONCE = {
    "page": "page", "open_room": "room", "publish_update": "public update", "send_mail": "mail", "open_item": "ticket",
}  # fmt: skip
"""What is done once however often it was tried, by the duty's name."""
ASKED = 4
"""Incidents that are asked what is due in them."""
WITHIN = 2.0
"""Seconds after which a page is shown without it."""


@dataclass(frozen=True)
class Outlook:
    """As it was at one look."""

    followed: View | None = None
    """The incident that the steps are of."""
    events: tuple[Event, ...] = ()
    """What happened in it."""
    newer: str = ""
    """The newest incident, where that is another."""
    due: list[Due] = field(default_factory=list)
    known: bool = False
    """Whether anybody answered."""

    @property
    def once(self) -> str:
        """What came of the followed incident: its alerts, and what was done in the world for them."""
        done = Counter(event.what.duty for event in self.events if isinstance(event.what, Done))
        counts = [(ONCE[duty], done[duty]) for duty in ONCE if done[duty]]
        alerts = self.followed.alerts if self.followed else 0
        return ", ".join(said_count(count, what) for what, count in [("alert", alerts), *counts])


async def look(reader: IncidentReader | None, follows: str = "") -> Outlook:
    """Ask, and do without where nobody answers; the newest is followed until one is, and once that is closed."""
    if reader is None:
        return Outlook()
    try:
        async with asyncio.timeout(WITHIN):
            newest = await reader.list_incidents(IncidentFilter(every=True), limit=1)
            fought = await reader.list_incidents(OPEN, limit=ASKED)
            last = newest[0].id if newest else ""
            views = {id: await reader.view(id) for id in {last, *(one.id for one in fought)} - {""}}
            with suppress(NotTaken):  # it was followed before a restart that kept nothing else
                views |= {follows: await reader.view(follows)} if follows not in views and follows else {}
            chosen = follows if follows in views and views[follows].phase != "closed" else last
            events = await _events(reader, chosen) if chosen else ()
    except (Unanswered, NotTaken, TimeoutError):
        return Outlook()
    due = sorted((due for one in fought for due in views[one.id].due), key=lambda one: one.order)
    return Outlook(views.get(chosen), events, last if last != chosen else "", due[:SHOWN], known=True)


async def _events(reader: IncidentReader, incident: str) -> tuple[Event, ...]:
    """Everything that happened, page after page."""
    found = tuple(await reader.timeline(incident))
    while found and (more := await reader.timeline(incident, found[-1].number)):
        found += tuple(more)
    return found
