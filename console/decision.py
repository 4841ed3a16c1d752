"""The decisions of an incident: what customers are told, what is changed, whether it is over."""

from enum import StrEnum
from typing import Annotated

import typer

from console.act import Reason, send
from console.session import AsJson, By, IncidentArg
from domain.procedure.changes import AuthoriseChange, RecordChange
from domain.procedure.customer_mail import ApproveMail
from domain.procedure.resolution import Reopen, Resolve
from domain.procedure.status_page import ApproveUpdate, DraftUpdate

app = typer.Typer()
update = typer.Typer(no_args_is_help=True, help="Draft and approve what customers are told (COM-3, COM-5).")
change = typer.Typer(no_args_is_help=True, help="Record what is changed, and authorise a bypass (FIX-1, FIX-2).")
app.add_typer(update, name="update")
app.add_typer(change, name="change")


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
