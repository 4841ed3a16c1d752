"""Begin anew what the engine has lost, ended or cannot go on with."""

from typing import Annotated

import typer
from temporalio.service import RPCError

from client.port import EngineUnavailable
from client.restoring import Restored, Restorer
from client.temporal import Settings
from console.database import opened
from console.ending import CommandRefused
from console.reach import engine
from console.screen import out, show_json
from console.session import AsJson, By, finish
from domain.alerting.grouping import GROUPS
from domain.value.incident_id import spelled
from domain.value.model import said_count

app = typer.Typer()


@app.command()
def restore(
    which: Annotated[
        list[str] | None, typer.Argument(metavar="[INCIDENT|alerts/GROUP]...", help="What is to go on.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every incident that is open by the records and not alive in the engine.")
    ] = False,
    records_only: Annotated[
        bool, typer.Option("--records-only", help="Where a codec key is lost for good: what the records have goes on.")
    ] = False,
    who: By = "standfast",
    as_json: AsJson = False,
) -> None:
    """Begin an incident anew from its records: its clocks ran on, and nothing is done twice."""
    finish(_restore(which or [], who, as_json, every=every, records_only=records_only))


async def _restore(which: list[str], by: str, as_json: bool, *, every: bool, records_only: bool) -> int:
    if not which and not every:
        raise CommandRefused("which: found nothing, expected an incident's id, alerts/GROUP, or --all")
    try:
        client = await engine()
        async with opened() as records:
            restorer = Restorer(client, records, Settings().standfast_task_queue, records_only=records_only)
            wanted = [one if one.startswith(GROUPS) else spelled(one) for one in which]
            wanted += [one for one in await restorer.lost() if one not in wanted] if every else []
            done = [await restorer.restore(one, by) for one in wanted]
    except RPCError as error:
        raise EngineUnavailable(f"Temporal refused: {error.message}") from None
    show_json(done) if as_json else _say(done)
    return 0


def _say(done: list[Restored]) -> None:
    if not done:
        out().print("Everything that is open lives; nothing was begun anew.")
    for one in done:
        out().print(_said(one))


def _said(one: Restored) -> str:
    """What goes on from how much, and what is lost."""
    if one.records_until is None:
        return f"{one.workflow} goes on: {one.events} events, {said_count(one.sent_again, 'message')} sent again."
    since = f"{one.records_until:%Y-%m-%dT%H:%M:%SZ}"
    if one.workflow.startswith(GROUPS):
        heard = f"`standfast inbox relay --since {since}` lets it hear again what came since."
        return f"{one.workflow} goes on knowing its open incident alone: {heard}"
    left = f"; left out, say them again: {', '.join(one.left_out)}" if one.left_out else ""
    lost = f"lost is what the records did not have yet, after {since}{left}."
    return f"{one.workflow} goes on from the records alone, {one.events} events: {lost}"
