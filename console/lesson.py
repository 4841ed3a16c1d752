"""What follows an incident: action items, the post-mortem, the breach checkpoint, and what is waived."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from client.port import IncidentClient
from console import page
from console.act import send
from console.screen import show, show_json
from console.session import AsJson, By, IncidentArg, run
from domain.procedure.action_items import AddItem, CloseItem
from domain.procedure.data_breach import AnswerBreach, RecordNotification
from domain.procedure.evidence import WaiveClause
from domain.procedure.postmortem import CompletePostmortem, NameCause, WaiveItems

app = typer.Typer()
action = typer.Typer(no_args_is_help=True, help="Add action items and bring them to their end (ACT-1, ACT-2).")
postmortem = typer.Typer(no_args_is_help=True, help="Name the root cause and complete the post-mortem (PM-1, PM-3).")
breach = typer.Typer(no_args_is_help=True, help="Was personal data breached, and was it notified (GDP-1, GDP-2)?")
app.add_typer(action, name="action")
app.add_typer(postmortem, name="postmortem")
app.add_typer(breach, name="breach")

ZONED = ["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"]
Item = Annotated[str, typer.Argument(metavar="ITEM", help="The action item's key, or its id in the tracker.")]
Why = Annotated[str, typer.Option("--reason", help="Why.")]
Grounds = Annotated[str, typer.Argument(metavar="REASON", help="What the answer rests on.")]
Title = Annotated[str, typer.Option("--title", help="What it is, where the key is new to the policy.")]


@action.command()
def add(
    context: typer.Context,
    incident: IncidentArg,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="What is to be done.")],
    owner: Annotated[str, typer.Option("--owner", help="Who is to do it: a person of the catalog.")],
    by: By,
    body: Annotated[str, typer.Option("--body", help="More about it.")] = "",
    due_at: Annotated[
        datetime | None, typer.Option("--due-at", help="Until when, with its offset.", formats=ZONED)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Add an action item; it becomes an issue in the tracker, due when the policy says or earlier (ACT-1)."""
    send(context, incident, AddItem, by, as_json, title=title, owner=owner, body=body, due_at=due_at)


@action.command()
def close(context: typer.Context, incident: IncidentArg, item: Item, by: By, as_json: AsJson = False) -> None:
    """Say that an action item is done."""
    send(context, incident, CloseItem, by, as_json, item=item, state="done")


@action.command()
def decline(
    context: typer.Context, incident: IncidentArg, item: Item, by: By, reason: Why, as_json: AsJson = False
) -> None:
    """Say that an action item will not be done, and why."""
    send(context, incident, CloseItem, by, as_json, item=item, state="declined", reason=reason)


@postmortem.command()
def cause(
    context: typer.Context,
    incident: IncidentArg,
    key: Annotated[str, typer.Argument(metavar="CAUSE", help="The root cause by its key, such as capacity.")],
    by: By,
    title: Title = "",
    as_json: AsJson = False,
) -> None:
    """Name the root cause (PM-3); the same one within 90 days is said at once (REP-1)."""
    send(context, incident, NameCause, by, as_json, cause=key.lower(), title=title)


@postmortem.command("waive-items")
def waive_items(context: typer.Context, incident: IncidentArg, by: By, reason: Why, as_json: AsJson = False) -> None:
    """Say why nothing is to be done, so that it can be completed without an action item (PM-3)."""
    send(context, incident, WaiveItems, by, as_json, reason=reason)


@postmortem.command()
def complete(
    context: typer.Context,
    incident: IncidentArg,
    by: By,
    key: Annotated[str, typer.Option("--cause", help="The root cause by its key, if nobody named it yet.")] = "",
    title: Title = "",
    as_json: AsJson = False,
) -> None:
    """Complete the post-mortem: with a root cause, an action item, and the breach checkpoint passed (PM-3)."""
    send(context, incident, CompletePostmortem, by, as_json, cause=key.lower() or None, title=title)


@postmortem.command("show")
def show_postmortem(context: typer.Context, incident: IncidentArg, as_json: AsJson = False) -> None:
    """Show where the post-mortem is, what is known and what is still due."""

    async def work(link: IncidentClient) -> int:
        view = await link.view(incident)
        show_json(view) if as_json else show(page.postmortem(view, datetime.now(UTC)))
        return 0

    run(context, work)


@breach.command()
def yes(
    context: typer.Context,
    incident: IncidentArg,
    reason: Grounds,
    by: By,
    aware_at: Annotated[
        datetime | None, typer.Option("--aware-at", help="Since when it is known, with its offset.", formats=ZONED)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Personal data was breached; it starts the 72 hours of GDP-2, from the moment of awareness."""
    send(context, incident, AnswerBreach, by, as_json, breach=True, reason=reason, aware_at=aware_at)


@breach.command()
def no(context: typer.Context, incident: IncidentArg, reason: Grounds, by: By, as_json: AsJson = False) -> None:
    """Personal data was not breached (GDP-1)."""
    send(context, incident, AnswerBreach, by, as_json, breach=False, reason=reason)


@breach.command()
def notified(
    context: typer.Context,
    incident: IncidentArg,
    by: By,
    reference: Annotated[str, typer.Option("--reference", help="Of the notification; none while none was sent.")] = "",
    authority: Annotated[str, typer.Option("--authority", help="Who was notified.")] = "",
    notified_at: Annotated[
        datetime | None, typer.Option("--at", help="When it was sent, with its offset; now without it.", formats=ZONED)
    ] = None,
    nature: Annotated[str, typer.Option("--nature", help="Whom and what, how many: Article 33(3)(a).")] = "",
    contact: Annotated[str, typer.Option("--contact", help="The contact point: Article 33(3)(b).")] = "",
    consequences: Annotated[str, typer.Option("--consequences", help="Likely ones: Article 33(3)(c).")] = "",
    measures: Annotated[str, typer.Option("--measures", help="Taken or proposed: Article 33(3)(d).")] = "",
    late_reason: Annotated[str, typer.Option("--late-reason", help="Why later than 72 hours: Article 33(1).")] = "",
    as_json: AsJson = False,
) -> None:
    """Record the notification of the authority, or with --late-reason alone why there is none yet (GDP-2)."""
    said = {"reference": reference, "authority": authority, "notified_at": notified_at, "late_reason": late_reason}
    said |= {"nature": nature, "contact": contact, "consequences": consequences, "measures": measures}
    send(context, incident, RecordNotification, by, as_json, **said)


@app.command()
def waive(
    context: typer.Context,
    incident: IncidentArg,
    clause: Annotated[
        str, typer.Argument(metavar="CLAUSE", help="Such as WAR-4; which may be is the policy's to say.")
    ],
    by: By,
    reason: Why,
    as_json: AsJson = False,
) -> None:
    """Say that a clause is not held in this incident, and why (SOC-1)."""
    send(context, incident, WaiveClause, by, as_json, clause=clause.upper(), reason=reason)
