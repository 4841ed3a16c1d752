"""Tells the story of an incident live: clause, planned and actual time, who."""

import asyncio
from datetime import timedelta
from typing import Any

from rich.console import Console
from rich.text import Text
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError

from domain.incident.entry import STANDFAST
from domain.incident.event import Event
from domain.value.line import AsTheyAre

LOOK_EVERY = 0.3
COLOURS = {"bad": "bold red", "good": "green", "warn": "yellow", "quiet": "dim", "": "default"}


class Teller:
    """Follows one incident and prints each event that matters to somebody who watches."""

    def __init__(self, console: Console, handle: WorkflowHandle[Any, Any]) -> None:
        self._console, self._handle = console, handle
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
            self.events += page

    def _tell(self, event: Event) -> None:
        words = said(event)
        if not words:
            return
        since = event.at - (self.events[0].at if self.events else event.at)
        line = Text(f"  {event.at:%H:%M:%S}  {_seconds(since):>7}  {event.clause:<6} ", style="dim")
        line.append(words, style=COLOURS[event.what.line(AsTheyAre()).tone])
        self._console.print(line, soft_wrap=True)


def said(event: Event) -> str:
    """One line for an event; empty when it needs none."""
    line = event.what.line(AsTheyAre())
    if line.tone == "quiet" or (event.what.minor and not line.label):
        return ""
    who = "" if event.by == STANDFAST else event.signed(AsTheyAre())
    return " ".join(part for part in (line.label, line.said_by(who), line.url) if part)


def _seconds(span: timedelta) -> str:
    return f"+{span.total_seconds():.1f}s"
