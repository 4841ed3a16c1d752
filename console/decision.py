"""The decisions of an incident: what customers are told, what is changed, whether it is over, what follows."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from console.act import Reason, send
from console.session import AsJson, By, IncidentArg
from domain.act import (
    AnswerBreach,
    ApproveMail,
    ApproveUpdate,
    AuthoriseChange,
    CloseItem,
    DraftUpdate,
    RecordChange,
    Reopen,
    Resolve,
)
from domain.lesson import AddItem

app = typer.Typer()
update = typer.Typer(no_args_is_help=True, help="Draft and approve what customers are told (COM-3, COM-5).")
change = typer.Typer(no_args_is_help=True, help="Record what is changed, and authorise a bypass (FIX-1, FIX-2).")
action = typer.Typer(no_args_is_help=True, help="Add action items and bring them to their end (ACT-1, ACT-2).")
app.add_typer(update, name="update")
app.add_typer(change, name="change")
app.add_typer(action, name="action")


class Status(StrEnum):
    """What a status page update can say."""

    investigating = "investigating"
    identified = "identified"
    monitoring = "monitoring"
    resolved = "resolved"


class Change(StrEnum):
    """The kinds of change that mend an incident."""

    rollback = "rollback"
    config = "config"
    hotfix = "hotfix"


class Answer(StrEnum):
    """Yes or no."""

    yes = "yes"
    no = "no"


Item = Annotated[str, typer.Argument(metavar="ITEM", help="The action item's key, or its id in the tracker.")]


@update.command()
def draft(
    context: typer.Context,
    incident: IncidentArg,
    text: Annotated[str, typer.Argument(metavar="TEXT")],
    by: By,
    status: Annotated[Status, typer.Option("--status", help="What the page is to say.")] = Status.investigating,
    as_json: AsJson = False,
) -> None:
    """Write a status page update; it waits for approval."""
    send(context, incident, DraftUpdate, by, as_json, status=status.value, body=text)


@update.command()
def approve(
    context: typer.Context,
    incident: IncidentArg,
    by: By,
    number: Annotated[int | None, typer.Option("--number", help="Which draft; the newest without it.")] = None,
    status: Annotated[Status | None, typer.Option("--status", help="Another status than the draft's.")] = None,
    text: Annotated[str | None, typer.Option("--text", help="Another text than the draft's.")] = None,
    as_json: AsJson = False,
) -> None:
    """Approve a status page update, edited or as it stands; it is published then."""
    said = status.value if status else None
    send(context, incident, ApproveUpdate, by, as_json, number=number, status=said, body=text)


@update.command()
def mail(
    context: typer.Context,
    incident: IncidentArg,
    by: By,
    subject: Annotated[str | None, typer.Option("--subject", help="Another subject than the draft's.")] = None,
    text: Annotated[str | None, typer.Option("--text", help="Another text than the draft's.")] = None,
    as_json: AsJson = False,
) -> None:
    """Approve the drafted customer e-mail, edited or as it stands; each account gets it once (COM-5)."""
    send(context, incident, ApproveMail, by, as_json, subject=subject, body=text)


@change.command()
def record(
    context: typer.Context,
    incident: IncidentArg,
    kind: Annotated[Change, typer.Argument(metavar="KIND", help="rollback, config or hotfix.")],
    description: Annotated[str, typer.Argument(metavar="TEXT", help="What is changed.")],
    by: By,
    bypass: Annotated[bool, typer.Option("--bypass", help="It bypasses the normal deployment (FIX-2).")] = False,
    as_json: AsJson = False,
) -> None:
    """Record a change, the commander's decision; a bypass waits for the engineering manager."""
    send(context, incident, RecordChange, by, as_json, change=kind.value, description=description, bypass=bypass)


@change.command()
def authorise(
    context: typer.Context,
    incident: IncidentArg,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The change's number.")],
    by: By,
    refuse: Annotated[bool, typer.Option("--refuse", help="It may not bypass the normal deployment.")] = False,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Let a change bypass the normal deployment, or not: the engineering manager alone."""
    send(context, incident, AuthoriseChange, by, as_json, number=number, granted=not refuse, reason=reason)


@app.command()
def resolve(
    context: typer.Context,
    incident: IncidentArg,
    summary: Annotated[str, typer.Argument(metavar="SUMMARY", help="What happened, as the final update says it.")],
    by: By,
    as_json: AsJson = False,
) -> None:
    """Declare the incident resolved (RES-1); the page, the status page and the war room follow."""
    send(context, incident, Resolve, by, as_json, summary=summary)


@app.command()
def reopen(
    context: typer.Context,
    incident: IncidentArg,
    reason: Annotated[str, typer.Argument(metavar="REASON")],
    by: By,
    as_json: AsJson = False,
) -> None:
    """Say that a resolved incident is not over (RES-3); its clocks run again."""
    send(context, incident, Reopen, by, as_json, reason=reason)


@app.command()
def breach(
    context: typer.Context,
    incident: IncidentArg,
    answer: Annotated[Answer, typer.Argument(metavar="yes|no")],
    reason: Annotated[str, typer.Argument(metavar="REASON", help="What the answer rests on.")],
    by: By,
    aware_at: Annotated[
        datetime | None,
        typer.Option("--aware-at", help="Since when it is known, with its offset.", formats=["%Y-%m-%dT%H:%M:%S%z"]),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Answer whether personal data was breached (GDP-1); yes starts the 72 hours of GDP-2."""
    send(context, incident, AnswerBreach, by, as_json, breach=answer == "yes", reason=reason, aware_at=aware_at)


@action.command()
def add(
    context: typer.Context,
    incident: IncidentArg,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="What is to be done.")],
    owner: Annotated[str, typer.Option("--owner", help="Who is to do it: a person of the catalog.")],
    by: By,
    body: Annotated[str, typer.Option("--body", help="More about it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Add an action item; it becomes an issue in the tracker, due when the policy says (ACT-1)."""
    send(context, incident, AddItem, by, as_json, title=title, owner=owner, body=body)


@action.command()
def close(context: typer.Context, incident: IncidentArg, item: Item, by: By, as_json: AsJson = False) -> None:
    """Say that an action item is done."""
    send(context, incident, CloseItem, by, as_json, item=item, state="done")


@action.command()
def decline(
    context: typer.Context,
    incident: IncidentArg,
    item: Item,
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="Why.")],
    as_json: AsJson = False,
) -> None:
    """Say that an action item will not be done, and why."""
    send(context, incident, CloseItem, by, as_json, item=item, state="declined", reason=reason)
