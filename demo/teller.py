"""Tells the story of an incident live: clause, planned and actual time, who."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from rich.console import Console
from rich.text import Text
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError

from domain.incident.clocks import Kept, Missed, Reminded
from domain.incident.effects import Done, Failed
from domain.incident.event import Event
from domain.incident.lifecycle import Closed, Reopened, Resolved
from domain.incident.opening import Opened
from domain.incident.ringing import Acknowledged
from domain.incident.severity import SeverityDeclared
from domain.procedure.changes import ChangeAnswered, ChangeRecorded
from domain.procedure.findings import FindingPosted
from domain.procedure.status_page import UpdateApproved
from domain.value.model import write_span

LOOK_EVERY = 0.3
QUIET = frozenset({"say", "show_headline", "show_card", "set_topic", "invite", "report_to_group", "archive_room"})
"""Duties that need no line of their own."""
COLOURS = {"missed": "bold red", "kept": "green", "reminded": "yellow", "failed": "red", "closed": "bold green"}


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
        line.append(words, style=COLOURS.get(event.what.kind, "default"))
        self._console.print(line, soft_wrap=True)


def said(event: Event) -> str:
    """One line for an event, with planned and actual time where it has both; empty when it needs none."""
    match event.what:
        case Opened(title=title, proposed=proposed, because=because):
            return f"{title} ({event.by}); proposed {proposed}: {because}"
        case Acknowledged():
            return f"{event.by} acknowledged"
        case SeverityDeclared(severity=severity):
            return f"{severity} declared by {event.by}"
        case FindingPosted(conditions=conditions):
            return f"{event.by} found: {conditions}"
        case UpdateApproved(number=number, status=status):
            return f"{event.by} approved status update {number} ({status})"
        case ChangeRecorded(change=change, description=description, bypass=bypass):
            asks = ", bypassing the deployment: waits for the manager" if bypass else ""
            return f"{event.by} decided a {change}{asks}: {description}"
        case ChangeAnswered(number=number, granted=granted):
            return f"{event.by} {'authorised' if granted else 'refused'} change {number}"
        case Resolved(summary=summary):
            return f"{event.by} resolved it: {summary}"
        case Reopened(reason=reason):
            return f"reopened: {reason}"
        case Closed(reason=reason):
            return f"closed: {reason.replace('_', ' ')}"
    return _timed(event) or _effected(event)


def _timed(event: Event) -> str:
    match event.what:
        case Reminded(key=key, says=says, owner=owner, due_at=due_at):
            return f"{key} reminder to {owner}: {says}, due {due_at:%H:%M:%S}"
        case Kept(key=key, says=says, due_at=due_at, stopped_at=stopped_at):
            return f"{key} kept: {says}; due {due_at:%H:%M:%S}, done {stopped_at:%H:%M:%S}, {_left(due_at, stopped_at)}"
        case Missed(key=key, says=says, due_at=due_at, stopped_at=stopped_at) if stopped_at:
            return f"{key} done late: {says}; due {due_at:%H:%M:%S}, done {stopped_at:%H:%M:%S}"
        case Missed(key=key, says=says, owner=owner, due_at=due_at):
            return f"{key} MISSED by {owner}: {says}; was due {due_at:%H:%M:%S}"
    return ""


def _effected(event: Event) -> str:
    match event.what:
        case Done(duty=duty, summary=summary, outcome=outcome) if duty not in QUIET:
            whom = f" -> {', '.join(outcome.people)}" if outcome.people else f" -> {outcome.url}" if outcome.url else ""
            return f"done: {summary}{whom}"
        case Failed(summary=summary, said=reason):
            return f"could not {summary}: {reason}"
    return ""


def _seconds(span: timedelta) -> str:
    return f"+{span.total_seconds():.1f}s"


def _left(due_at: datetime, stopped_at: datetime) -> str:
    return f"{write_span(timedelta(seconds=round((due_at - stopped_at).total_seconds())))} to spare"
