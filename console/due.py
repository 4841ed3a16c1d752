"""The command `due`: what comes next across all incidents. Asked again and again, it imports next to nothing."""

import os
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from client.error import Unanswered
from console import due_page as page
from console.code import UNANSWERED
from console.completion import incidents
from console.due_page import Seen
from console.screen import complain, show, show_json
from console.session import AsJson, Utc, finish, linked, spelled, zone
from console.upcoming import DueReader, upcoming
from records.place import DEFAULT, VARIABLE, lacking_file

app = typer.Typer()
NEXT = 50
"""Deadlines that are shown unless all are asked for."""


@app.command()
def due(
    context: typer.Context,
    incident: Annotated[
        str, typer.Argument(metavar="[INCIDENT]", help="Only this incident.", autocompletion=incidents)
    ] = "",
    every: Annotated[bool, typer.Option("--all", help=f"Not only the next {NEXT}.")] = False,
    utc: Utc = False,
    as_json: AsJson = False,
) -> None:
    """Show what is due next in all incidents: by whom, when.

    As JSON all of it, not the nearest alone.
    """

    async def work(link: DueReader) -> int:
        one = spelled(incident) if incident else ""
        listing = link.list_incidents if every or as_json else link.list_owing
        found = (await link.describe(one),) if one else await listing()
        told = await upcoming(link, found, None if every or as_json or one else NEXT)
        now = datetime.now(UTC)
        if as_json:
            show_json(told.due)
        elif told.due or not told.silent:  # where nobody answers, nothing is known to be due
            show(page.due_everywhere(told.due, found, now, zone(utc)))
        for seen in told.silent[:NEXT]:
            complain(_said_of(seen))
        if left := len(told.silent[NEXT:]):
            complain(f"nor did {left} more answer; `standfast doctor` says what is wrong")
        if (told.later or told.more) and not as_json:
            show(page.due_later(told.more, told.later, now=now, zone=zone(utc)))
        return UNANSWERED if told.silent else 0

    async def without(why: Any) -> int:
        _look_for_records(why)
        from console.last_known import tell_due  # costs what an engine that answers does not need

        one = spelled(incident) if incident else ""
        return await tell_due(why, one, None if every or as_json else NEXT, as_json=as_json, zone=zone(utc))

    finish(linked(context.obj or _engine(), work, without))


def _engine() -> Any:
    """How the engine is asked for no more than this."""
    from client.glance import reach

    return reach


def _look_for_records(why: Exception) -> None:
    """Say so where there are none to ask either, before a database's library is waited for."""
    lacks = lacking_file(os.environ.get(VARIABLE, DEFAULT))
    if lacks and isinstance(why, Unanswered):
        raise type(why)(f"{why}\nWhat is due is not known: there are no records at {lacks} either.")


def _said_of(seen: Seen) -> str:
    next_due = f"its next deadline is {seen.next_due_at:%d %b %H:%M:%S} UTC" if seen.next_due_at else "nothing is known"
    return f"{seen.id}: no worker answered; as last seen, {next_due}"
