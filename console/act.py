"""The acts of people on call: acknowledge, page, declare the severity, take a role, post findings, note, snooze."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import uuid4

import typer

from client.port import IncidentClient, NoWorker
from console.ending import REFUSED, UNANSWERED, Refusing
from console.screen import complain, show, show_json
from console.session import AsJson, By, IncidentArg, build, run
from domain.procedure.acknowledgement import Acknowledge
from domain.procedure.evidence import Snooze
from domain.procedure.findings import Note, PostFinding
from domain.procedure.paging import PagePerson
from domain.procedure.roles import OfferRole, TakeRole
from domain.procedure.severity import Declare
from domain.value.act import Act
from domain.value.model import UNITS, span_of

app = typer.Typer()
role = typer.Typer(no_args_is_help=True, help="Take a role of the incident, or offer yours to somebody (WAR-3).")
app.add_typer(role, name="role")
AWAY = "noted; no worker answered, it will be answered when one is back (`standfast doctor` says what is wrong)"
Reason = Annotated[str, typer.Option("--reason", help="Why.")]
RoleArg = Annotated[str, typer.Argument(metavar="ROLE", help="commander, on_call, comms or manager.")]


def send(
    context: typer.Context, incident: str, model: type[Act], by: str, as_json: bool = False, **fields: object
) -> None:
    """Build the act of a person, have it decided, and print the answer."""

    async def work(link: IncidentClient) -> int:
        return await deliver(link, incident, make(model, by, **fields), as_json)

    run(context, work)


def make(model: type[Act], by: str, **fields: object) -> Act:
    """An act that came by the command line."""
    return build(model, id=str(uuid4()), by=by, via="cli", **fields)


async def deliver(link: IncidentClient, incident: str, act: Act, as_json: bool = False) -> int:
    """Ask for an answer; where no worker gives one in time, leave the act as a signal."""
    try:
        answer = await link.update(incident, act)
        accepted, text = answer.accepted, answer.text
    except NoWorker:
        await link.signal(incident, act)
        accepted, text = None, AWAY
    if as_json:
        show_json({"incident": incident, "act": act.kind, "id": act.id, "accepted": accepted, "text": text})
    elif accepted is False:
        complain(f"{incident}: refused: {text}")
    else:
        show(f"{incident}: {text}")
    return {True: 0, False: REFUSED, None: UNANSWERED}[accepted]


@app.command()
def ack(context: typer.Context, incident: IncidentArg, by: By, as_json: AsJson = False) -> None:
    """Acknowledge: "I am investigating" (ACK-1). Stops the paging, not the clocks of the later phases."""
    send(context, incident, Acknowledge, by, as_json)


@app.command("page")
def page_person(
    context: typer.Context,
    incident: IncidentArg,
    to: Annotated[str, typer.Argument(metavar="WHO", help="A person of the catalog, or a level such as secondary.")],
    by: By,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Have somebody paged, whatever the ladder does (ACK-2)."""
    send(context, incident, PagePerson, by, as_json, to=to, reason=reason)


@app.command()
def severity(
    context: typer.Context,
    incident: IncidentArg,
    level: Annotated[str, typer.Argument(metavar="SEVERITY", help="Such as P1, as the policy names it.")],
    by: By,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Declare the severity (TRI-3). Lower than proposed takes a reason and a second person (TRI-4)."""
    send(context, incident, Declare, by, as_json, severity=level.upper(), reason=reason)


@role.command()
def take(context: typer.Context, incident: IncidentArg, which: RoleArg, by: By, as_json: AsJson = False) -> None:
    """Take a role that is vacant, or accept one that was offered."""
    send(context, incident, TakeRole, by, as_json, role=which)


@role.command()
def offer(
    context: typer.Context,
    incident: IncidentArg,
    which: RoleArg,
    to: Annotated[str, typer.Option("--to", help="Who is to have it: a person of the catalog.")],
    by: By,
    as_json: AsJson = False,
) -> None:
    """Offer your role to somebody; it stays yours until they take it."""
    send(context, incident, OfferRole, by, as_json, role=which, to=to)


@app.command()
def finding(
    context: typer.Context,
    incident: IncidentArg,
    conditions: Annotated[str, typer.Argument(metavar="TEXT", help="What you see.")],
    by: By,
    actions: Annotated[str, typer.Option("--actions", help="What is being done.")] = "",
    needs: Annotated[str, typer.Option("--needs", help="What you need.")] = "",
    as_json: AsJson = False,
) -> None:
    """Post findings of the investigation (WAR-4); the clock for the next ones starts again."""
    send(context, incident, PostFinding, by, as_json, conditions=conditions, actions=actions, needs=needs)


@app.command()
def note(
    context: typer.Context,
    incident: IncidentArg,
    text: Annotated[str, typer.Argument(metavar="TEXT")],
    by: By,
    url: Annotated[str, typer.Option("--url", help="Where it can be read.")] = "",
    as_json: AsJson = False,
) -> None:
    """Note something for the timeline (WAR-6)."""
    send(context, incident, Note, by, as_json, text=text, url=url)


@app.command()
def snooze(
    context: typer.Context,
    incident: IncidentArg,
    clause: Annotated[str, typer.Argument(metavar="CLAUSE", help="Such as WAR-4.")],
    span: Annotated[str, typer.Argument(metavar="SPAN", help="How long, such as 15m or 1h30m.")],
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="Why.")],
    as_json: AsJson = False,
) -> None:
    """Keep the reminders of a clause quiet for a while; its deadline stays."""

    async def work(link: IncidentClient) -> int:
        quiet = span_of(span)
        if quiet is None:
            raise Refusing(f"span: found {span!r}, expected numbers with {', '.join(UNITS)}, such as 15m or 1h30m")
        act = make(Snooze, by, clause=clause.upper(), until=datetime.now(UTC) + quiet, reason=reason)
        return await deliver(link, incident, act, as_json)

    run(context, work)
