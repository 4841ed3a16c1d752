"""Drills: a scenario played on the real engine, with people who practise, and the report at its end."""

import re
from datetime import UTC, datetime
from typing import Annotated
from uuid import uuid4

import typer

from client.port import IncidentClient, NoWorker
from config.company import Company, Settings
from console import debrief, page
from console.acts import deliver, make
from console.completion import people
from console.ending import CommandRefused
from console.reading import seconds, whole
from console.scenario import scenario_called
from console.screen import complain, show, show_json
from console.session import AsJson, build, run
from domain.company.catalog import Catalog, VendorRole
from domain.drill import DrillOptions, DrillPlan
from domain.procedure.resolution import EndDrill
from domain.report.debrief import debrief as debriefed
from domain.run import read as fold
from domain.simulation.drill import plan
from domain.simulation.scenario import Scenario
from domain.value.incident_id import spelled
from domain.value.model import UNITS, duration_of

app = typer.Typer()
INCIDENT = re.compile(r"(INC-)?[0-9A-HJKMNP-TV-Z]{5}", re.IGNORECASE)


@app.command()
def drill(
    context: typer.Context,
    what: Annotated[
        str, typer.Argument(metavar="SCENARIO|INCIDENT", help="A scenario to drill; or a drill, for its report.")
    ],
    people: Annotated[
        list[str] | None,
        typer.Option("--with", help="Who takes part; everybody else acts as the scenario says.", autocompletion=people),
    ] = None,
    pages: Annotated[bool, typer.Option("--page", help="Page those who take part for real.")] = False,
    room: Annotated[bool, typer.Option("--room", help="Use the real war room, marked DRILL.")] = False,
    speed: Annotated[float, typer.Option("--speed", min=1, max=3600, help="How much faster the clocks run.")] = 1,
    longest: Annotated[str, typer.Option("--for", help="When it ends at the latest.")] = "1h",
    detach: Annotated[bool, typer.Option("--detach", help="Start it and leave.")] = False,
    end: Annotated[bool, typer.Option("--end", help="End this drill now.")] = False,
    as_json: AsJson = False,
) -> None:
    """Practise: nobody but those named is reached, customers see nothing, and no figure counts it."""
    wanted: dict[VendorRole, bool] = {"pager": pages, "room": room}
    real = frozenset(role for role, asked in wanted.items() if asked)

    async def work(link: IncidentClient) -> int:
        if INCIDENT.fullmatch(what.strip()):
            return await _looked_at(link, spelled(what), end, as_json)
        company = Company(Settings())
        names = known(company.catalog, people or [])
        scenario = scenario_called(what, company.catalog)
        rehearsal = build(DrillOptions, people=names, real=real, speed=speed)
        unpaged = rehearsal.unpaged(company.catalog, scenario.service) if pages else ()
        if unpaged:
            raise CommandRefused(
                f"--page: the pager has no name for {', '.join(unpaged)} in the catalog; without, it would page others"
            )
        return await _begun(link, planned(scenario, rehearsal, longest), detach, as_json)

    run(context, work)


async def _looked_at(link: IncidentClient, incident: str, end: bool, as_json: bool) -> int:
    """End a drill, or tell how it went so far."""
    if end:
        return await deliver(link, incident, make(EndDrill, "standfast"), as_json)
    return await report(link, incident, as_json)


async def _begun(link: IncidentClient, planned: DrillPlan, detach: bool, as_json: bool) -> int:
    incident = await link.start_drill(planned)
    if detach:
        show_json({"incident": incident}) if as_json else show(f"{incident}: DRILL {planned.name} has begun")
        return 0
    if not as_json:
        show(f"{incident}: DRILL {planned.name}, until {planned.ends_at:%d %b %H:%M:%S} UTC at the latest")
        show(f"Ctrl-C leaves it running; `standfast drill {incident} --end` ends it, without --end its report is shown")
    await follow(link, incident, quiet=as_json)
    return await report(link, incident, as_json)


async def follow(link: IncidentClient, incident: str, quiet: bool) -> None:
    """Tell what happens as it happens, until the drill is over."""
    after = 0
    async for _ in seconds():
        try:
            events = await whole(link, incident, after)
        except NoWorker:
            events = []
        worth = [event for event in events if not event.what.upkeep]
        if worth and not quiet:
            show(page.lines(worth))
        after = events[-1].number if events else after
        if any(event.what.kind == "closed" for event in events):
            return


async def report(link: IncidentClient, incident: str, as_json: bool) -> int:
    """Who was how fast, and which clauses held."""
    told = debriefed(fold.read(await whole(link, incident, 0)), datetime.now(UTC))
    if not told.drill:
        complain(f"{incident} is no drill; its report all the same")
    show_json(told) if as_json else show(debrief.page(told))
    return 0


def planned(scenario: Scenario, rehearsal: DrillOptions, longest: str) -> DrillPlan:
    """The drill of a scenario, from now on."""
    span = duration_of(longest)
    if span is None:
        raise CommandRefused(
            f"--for: found {longest!r}, expected numbers with {', '.join(UNITS)}, such as 45m or 1h30m"
        )
    if rehearsal.real and not rehearsal.people:
        raise CommandRefused(
            "--with: found nobody, expected who is to be paged or invited: --page and --room reach people"
        )
    return plan(scenario, rehearsal, f"drill/{scenario.name}/{uuid4().hex[:8]}", datetime.now(UTC), span)


def known(catalog: Catalog, names: list[str]) -> tuple[str, ...]:
    """Who is meant, by any name the catalog knows; several may be given with commas."""
    found = []
    for name in (part.strip() for one in names for part in one.split(",")):
        person = catalog.person_called(name)
        if person is None:
            raise CommandRefused(f"--with: found {name!r}, expected one of {', '.join(catalog.people)}")
        found.append(person.id)
    return tuple(dict.fromkeys(found))
