"""The readings: which incidents there are, how one stands, what happened."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated

import typer

from client.port import IncidentClient, IncidentFilter, IncidentNotFound, IncidentSummary, NoWorker, Unanswered
from console import page
from console.code import UNANSWERED
from console.completion import called, services, severities
from console.ending import CommandRefused
from console.older_policy import say_older
from console.recorded import Teller, as_known, as_timeline, as_view, from_records, say_after
from console.screen import complain, out, show, show_json
from console.session import AsJson, IncidentArg, Utc, build, run, zone
from domain.incident.event import Event
from domain.report.view import View
from domain.run import read as fold

app = typer.Typer()


@app.command("list")
def list_incidents(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Resolved and closed ones too.")] = False,
    phase: Annotated[
        str, typer.Option("--phase", help="Only in this phase: alerting, triage, active, resolved or closed.")
    ] = "",
    severity: Annotated[
        str, typer.Option("--severity", help="Only this severity, declared or proposed.", autocompletion=severities)
    ] = "",
    service: Annotated[str, typer.Option("--service", help="Only on this service.", autocompletion=services)] = "",
    as_json: AsJson = False,
) -> None:
    """List the incidents that are open, the newest first; needs no worker, and without Temporal asks the records."""

    def tell(found: Sequence[IncidentSummary]) -> None:
        show_json(found) if as_json else show(page.glances(found, datetime.now(UTC), called()))

    async def work(link: IncidentClient) -> int:
        found = await link.list_incidents(wanted())
        if not found and wanted() == IncidentFilter() and not as_json:
            show(page.nothing(len(await link.list_incidents(IncidentFilter(phase="resolved")))))
            return 0
        if wanted().every or wanted().phase == "closed":
            from console.last_known import let_go  # costs a database's library

            older = await let_go(wanted(), [one.id for one in found], quiet=as_json)
            found = tuple(sorted((*found, *older), key=lambda one: one.opened_at, reverse=True))
        tell(found)
        return 0

    async def without(why: Unanswered | IncidentNotFound) -> int:
        from console.last_known import last_known  # costs a database's library

        tell([one.seen for one in await last_known(why, wanted())])
        return UNANSWERED

    def wanted() -> IncidentFilter:
        return build(IncidentFilter, every=every, phase=phase, severity=severity.upper(), service=service)

    run(context, work, without)


@app.command("show")
def show_incident(
    context: typer.Context,
    incident: IncidentArg,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Stay, with the clocks counting down.")] = False,
    at: Annotated[str, typer.Option("--at", help="As it was known then: 03:12, 25m after it opened, or a date.")] = "",
    utc: Utc = False,
    as_json: AsJson = False,
) -> None:
    """Show how an incident stands, or stood at a moment: who, since when, what is due, what is owed."""

    async def work(link: IncidentClient) -> int:
        if follow and as_json:
            raise CommandRefused("--follow is for people and --json for programs: take one")
        if at:
            as_known(at, as_json, zone(utc))(await whole(link, incident, 0))
            return 0
        return await (watch(link, incident, seconds()) if follow else once(link, incident, as_json, utc=utc))

    tell = as_known(at, as_json, zone(utc)) if at else as_view(as_json, zone(utc))
    after = None if at or as_json else zone(utc)
    run(context, work, lambda why: from_records(incident, why, tell, after))


async def once(link: IncidentClient, incident: str, as_json: bool, *, utc: bool = False) -> int:
    """Show it once; while no worker answers, what the records have, or else what the engine itself knows."""
    try:
        view = await link.view(incident)
    except NoWorker as unanswered:
        with suppress(NoWorker):
            after = None if as_json else zone(utc)
            return await from_records(incident, unanswered, as_view(as_json, zone(utc)), after)
        seen = await link.describe(incident)
        complain(f"{unanswered}; `standfast doctor` says what is wrong")
        show_json(seen) if as_json else show(page.glance(seen, datetime.now(UTC), called()))
        return UNANSWERED
    if as_json:
        show_json(view)
        return 0
    show(page.view(view, datetime.now(UTC), zone(utc)))
    if view.phase != "closed":
        with suppress(NoWorker):
            say_older(await link.timeline(incident))
    await say_after(view.phase, incident, zone(utc))
    return 0


async def watch(link: IncidentClient, incident: str, moments: AsyncIterator[datetime]) -> int:
    """Show it again at every moment, until it is closed or the person has seen enough (Ctrl-C)."""
    from rich.live import Live

    with Live(console=out(), auto_refresh=False) as live, suppress(asyncio.CancelledError):
        async for now in moments:
            try:
                view: View | None = await link.view(incident)
            except NoWorker:
                view = None
            shown = page.view(view, now, zone()) if view else page.glance(await link.describe(incident), now, called())
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
            events = await whole(link, incident, after if as_json else 0)
        except NoWorker as unanswered:
            with suppress(NoWorker):
                return await from_records(incident, unanswered, tell, after_end)
            return await once(link, incident, as_json, utc=utc)
        tell(events)
        if after_end:
            await say_after(fold.read(events, excusing=True).phase, incident, after_end)
        return 0

    tell = as_timeline(after, as_json, zone=zone(utc), every=every)
    after_end = None if as_json else zone(utc)
    run(context, work, lambda why: from_records(incident, why, tell, after_end))


def tell_all(context: typer.Context, incident: str, tell: Teller) -> None:
    """Tell what is made of all that happened: as the engine has it, or else the records."""

    async def work(link: IncidentClient) -> int:
        try:
            events = await whole(link, incident, 0)
        except NoWorker as unanswered:
            return await from_records(incident, unanswered, tell)
        tell(events)
        return 0

    run(context, work, lambda why: from_records(incident, why, tell))


async def whole(link: IncidentClient, incident: str, after: int) -> list[Event]:
    """Every event after a number, page by page."""
    events: list[Event] = []
    while True:
        more = await link.timeline(incident, after)
        events += more
        if not more:
            return events
        after = more[-1].number
