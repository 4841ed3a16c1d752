"""The readings: which incidents there are, how one stands, what is due, what happened."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from typing import Annotated

import typer
from rich.live import Live

from client.port import IncidentClient, IncidentFilter, IncidentSummary, NoWorker
from console import page
from console.code import UNANSWERED
from console.ending import Refusing
from console.moment import local
from console.screen import complain, out, show, show_json
from console.session import AsJson, IncidentArg, build, run
from domain.incident.event import Event
from domain.report.view import Due, View
from domain.value.incident_id import spelled

app = typer.Typer()
Utc = Annotated[bool, typer.Option("--utc", help="Times in UTC, not in this machine's zone.")]
AT_ONCE = 8
"""Incidents asked at the same time, so that a long list does not wait for each."""


@app.command("list")
def list_incidents(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Resolved and closed ones too.")] = False,
    phase: Annotated[
        str, typer.Option("--phase", help="Only in this phase: alerting, triage, active, resolved or closed.")
    ] = "",
    severity: Annotated[str, typer.Option("--severity", help="Only this severity, declared or proposed.")] = "",
    service: Annotated[str, typer.Option("--service", help="Only on this service.")] = "",
    as_json: AsJson = False,
) -> None:
    """List the incidents that are open, the newest first; needs no worker."""

    async def work(link: IncidentClient) -> int:
        wanted = build(IncidentFilter, every=every, phase=phase, severity=severity.upper(), service=service)
        found = await link.list_incidents(wanted)
        show_json(found) if as_json else show(page.glances(found, datetime.now(UTC)))
        return 0

    run(context, work)


@app.command("show")
def show_incident(
    context: typer.Context,
    incident: IncidentArg,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Stay, with the clocks counting down.")] = False,
    utc: Utc = False,
    as_json: AsJson = False,
) -> None:
    """Show how an incident stands: who, since when, what is due, what is owed."""

    async def work(link: IncidentClient) -> int:
        if follow and as_json:
            raise Refusing("--follow is for people and --json for programs: take one")
        return await (watch(link, incident, seconds()) if follow else once(link, incident, as_json, utc=utc))

    run(context, work)


async def once(link: IncidentClient, incident: str, as_json: bool, *, utc: bool = False) -> int:
    """Show it once; while no worker answers, what the engine itself knows."""
    try:
        view = await link.view(incident)
    except NoWorker as unanswered:
        seen = await link.describe(incident)
        complain(f"{unanswered}; `standfast doctor` says what is wrong")
        show_json(seen) if as_json else show(page.glance(seen, datetime.now(UTC)))
        return UNANSWERED
    show_json(view) if as_json else show(page.view(view, datetime.now(UTC), zone(utc)))
    return 0


async def watch(link: IncidentClient, incident: str, moments: AsyncIterator[datetime]) -> int:
    """Show it again at every moment, until it is closed or the person has seen enough (Ctrl-C)."""
    with Live(console=out(), auto_refresh=False) as live, suppress(asyncio.CancelledError):
        async for now in moments:
            try:
                view: View | None = await link.view(incident)
            except NoWorker:
                view = None
            shown = page.view(view, now, zone()) if view else page.glance(await link.describe(incident), now)
            live.update(shown, refresh=True)
            if view and view.phase == "closed":
                break
    return 0


async def seconds() -> AsyncIterator[datetime]:
    """Now, and every second from now on."""
    while True:
        yield datetime.now(UTC)
        await asyncio.sleep(1)


@app.command()
def due(
    context: typer.Context,
    incident: Annotated[str, typer.Argument(metavar="[INCIDENT]", help="Only this incident.")] = "",
    utc: Utc = False,
    as_json: AsJson = False,
) -> None:
    """Show every running deadline across all incidents, the next first: what, who owes it, when."""

    async def work(link: IncidentClient) -> int:
        wanted = IncidentFilter(followed_up=True)
        one = spelled(incident) if incident else ""
        found = (await link.describe(one),) if one else await link.list_incidents(wanted)
        views, silent = await ask_all(link, found)
        dues: list[Due] = sorted((each for view in views for each in view.due), key=lambda each: each.due_at)
        show_json(dues) if as_json else show(page.due_everywhere(dues, datetime.now(UTC), zone(utc)))
        for seen in silent:
            complain(_said_of(seen))
        return UNANSWERED if silent else 0

    run(context, work)


async def ask_all(link: IncidentClient, found: Iterable[IncidentSummary]) -> tuple[list[View], list[IncidentSummary]]:
    """The views of those that answer, and the glances of those that don't."""
    gate, views, silent = asyncio.Semaphore(AT_ONCE), list[View](), list[IncidentSummary]()

    async def ask(seen: IncidentSummary) -> None:
        async with gate:
            try:
                views.append(await link.view(seen.id))
            except NoWorker:
                silent.append(seen)

    await asyncio.gather(*(ask(seen) for seen in found))
    return views, silent


def zone(utc: bool = False) -> tzinfo:
    """In which time moments are shown."""
    return UTC if utc else local()


def _said_of(seen: IncidentSummary) -> str:
    next_due = f"its next deadline is {seen.next_due_at:%d %b %H:%M:%S} UTC" if seen.next_due_at else "nothing is known"
    return f"{seen.id}: no worker answered; as last seen, {next_due}"


@app.command()
def timeline(
    context: typer.Context,
    incident: IncidentArg,
    after: Annotated[int, typer.Option("--after", help="Only events after this number.", min=0)] = 0,
    every: Annotated[bool, typer.Option("--all", help="The software's own errands too.")] = False,
    utc: Utc = False,
    as_json: AsJson = False,
) -> None:
    """Show everything that happened in an incident, with who and when (WAR-6)."""

    async def work(link: IncidentClient) -> int:
        try:
            events = await whole(link, incident, after)
        except NoWorker:
            return await once(link, incident, as_json, utc=utc)
        told = page.timeline(events, datetime.now(UTC), zone(utc), every=every)
        show_json(events) if as_json else show(told)
        return 0

    run(context, work)


async def whole(link: IncidentClient, incident: str, after: int) -> list[Event]:
    """Every event after a number, page by page."""
    events: list[Event] = []
    while True:
        more = await link.timeline(incident, after)
        events += more
        if not more:
            return events
        after = more[-1].number
