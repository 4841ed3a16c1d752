"""Compare the engine with the records, and let the records have what they lack."""

from typing import Annotated

import typer
from rich.text import Text
from temporalio.service import RPCError

from client.port import EngineUnavailable
from client.reconciling import Compared, Reconciler
from console import page
from console.code import CHECK_FAILED
from console.completion import incidents
from console.database import opened
from console.reach import engine
from console.screen import show, show_json
from console.session import AsJson, finish
from domain.value.incident_id import spelled
from domain.value.model import said_count

app = typer.Typer()


@app.command()
def reconcile(
    which: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[INCIDENT]...", help="Only these; every open one without any.", autocompletion=incidents
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Closed incidents too.")] = False,
    mend: Annotated[bool, typer.Option("--mend", help="Write to the records what only the engine has.")] = False,
    as_json: AsJson = False,
) -> None:
    """Compare the engine with the records, event by event, and say what to do: nothing is changed without --mend."""
    finish(_reconcile(which or [], every, mend=mend, as_json=as_json))


async def _reconcile(which: list[str], every: bool, *, mend: bool, as_json: bool) -> int:
    try:
        client = await engine()
        async with opened() as records:
            reconciler = Reconciler(client, records)
            wanted = [spelled(one) for one in which] or await reconciler.incidents(every=every)
            found = [await reconciler.compare(one, mend=mend) for one in wanted]
    except RPCError as error:
        raise EngineUnavailable(f"Temporal refused: {error.message}") from None
    show_json(found) if as_json else say(found)
    return 0 if all(one.well for one in found) else CHECK_FAILED


def say(found: list[Compared]) -> None:
    """A line for each that differs, and how many are the same now."""
    told = page.table("incident", "state", "engine", "records", "what", "what to do")
    for one in found:
        if one.state != "same":
            told.add_row(one.incident, one.state, str(one.engine), str(one.records), Text(one.said), Text(one.do))
    same, mended = sum(one.well for one in found), sum(one.state == "mended" for one in found)
    now = f", {mended} of them since now" if mended else ""
    show(
        told if told.row_count else Text("Nothing differs."),
        Text(f"{same} of {said_count(len(found), 'incident')} are the same on both sides{now}."),
    )
