"""Tells the story of an incident live: what happens that somebody who watches must see, each once, with its clause."""

import asyncio
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.text import Text
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError

from domain.incident.clocks import Missed
from domain.incident.effects import DONE, Done, in_past
from domain.incident.entry import STANDFAST
from domain.incident.event import Event
from domain.incident.roles import RoleOffered, RoleTaken
from domain.procedure.sop import PROCEDURE
from domain.value.clip import clipped
from domain.value.line import AsTheyAre
from vendors.vendor import spelled

LOOK_EVERY = 0.3
LATE = 4
"""Promises that are told when their time passes; the end counts all of them."""
WIDTH = 80
COLOURS = {"bad": "bold red", "good": "green", "warn": "yellow", "quiet": "dim", "": "default"}
SKIPPED = frozenset({"kept", "reminded", "role_taken", "update_approved"})
"""What stands on the stage and the board, and is not told here."""
DUTIES = frozenset({"page", "open_room", "publish_update", "send_mail", "open_document"})
"""What is told of what was done for people; each of a kind and clause once."""


class Called(AsTheyAre):
    """People by the ids of the example company, which are their first names."""

    def people(self, ids: Iterable[str]) -> str:
        """Several, in one phrase."""
        return ", ".join(one.capitalize() for one in ids)

    def person(self, id: str) -> str:
        """One of them."""
        return id.capitalize()


class Follower:
    """Follows one incident and prints each event that matters to somebody who watches."""

    def __init__(self, console: Console, handle: WorkflowHandle[Any, Any]) -> None:
        self._console, self._handle = console, handle
        self._told: set[tuple[str, str]] = set()
        self.events: list[Event] = []

    async def follow(self) -> None:
        """Print until the workflow has ended; an engine or a worker that is away is waited for."""
        while True:
            try:
                ended = (await self._handle.describe()).close_time is not None
                await self._catch_up()
                if ended:
                    return
            except RPCError:
                pass
            await asyncio.sleep(LOOK_EVERY)

    async def _catch_up(self) -> None:
        while page := await self._handle.query("timeline", len(self.events), result_type=list[Event]):
            for event in page:
                self._tell(event)
                self.events.append(event)

    def _tell(self, event: Event) -> None:
        words = said(event) or handed_over(event, self.events)
        words = words[:1].upper() + words[1:]
        if not words or self._again(event):
            return
        since = event.at - (self.events[0].at if self.events else event.at)
        line = Text(f"{f'+{since.total_seconds():.0f} s':>6}  ", style="dim")
        line.append(clipped(words, WIDTH - 16), style=COLOURS[event.what.line(AsTheyAre()).tone])
        line.append(f"  {event.clause}", style="dim")
        self._console.print(line, soft_wrap=True)

    def _again(self, event: Event) -> bool:
        """Whether the like was told already: the second mail, or a promise that is late once more."""
        what = event.what
        kind = what.duty if isinstance(what, Done) else what.kind
        known = (kind, what.about if kind == "page" and isinstance(what, Done) else event.clause)
        again = known in self._told
        self._told.add(known)
        enough = sum(kind == what.kind for kind, _ in self._told) > LATE
        return (again and isinstance(what, Done | Missed)) or (enough and isinstance(what, Missed))


def said(event: Event) -> str:
    """One line for an event; empty when it needs none."""
    what, line = event.what, event.what.line(AsTheyAre())
    if what.kind in SKIPPED or line.tone == "quiet" or (what.minor and not line.label):
        return ""
    if isinstance(what, Done):
        paged = what.duty == "page" and bool(what.outcome.people)
        words = what.line(Called()).words if paged else f"{DONE}{what.summary}"
        return in_past(words) if what.duty in DUTIES else ""
    if isinstance(what, Missed):
        promise = PROCEDURE.promises.get(event.clause)
        owed = promise.owed(what.says) if promise else what.says
        return f"time is up before anybody {owed}"
    who = "" if event.by == STANDFAST else spelled(event.signed(AsTheyAre()))
    return line.said_by(who)


def handed_over(event: Event, before: Iterable[Event]) -> str:
    """Who took over a role that was offered to them; empty for anything else."""
    what, names = event.what, AsTheyAre()
    offers = (one.what for one in before if isinstance(one.what, RoleOffered))
    if not isinstance(what, RoleTaken) or (what.role, what.person) not in {(one.role, one.to) for one in offers}:
        return ""
    return f"{what.person} took over as {names.role(what.role)}"
