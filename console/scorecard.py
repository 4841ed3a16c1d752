"""What one incident says of every clause (SOC-1): counted, then what was not kept in time."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from console.debrief import HUES, no_longer_owed
from console.reading import tell_all
from console.screen import grid, show, show_json
from console.session import AsJson, IncidentArg
from domain.incident.event import Event
from domain.procedure.headline import WORDS
from domain.report.scorecard import Verdict, said_counts, scorecard
from domain.run import read

app = typer.Typer()


@app.command("scorecard")
def show_scorecard(
    context: typer.Context,
    incident: IncidentArg,
    every: Annotated[bool, typer.Option("--all", help="Every clause that applied, kept ones too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what an incident says of every clause: kept, late, never kept (SOC-1)."""

    def tell(events: Sequence[Event]) -> None:
        read_again = read.read(events, excusing=True)
        found = scorecard(read_again, datetime.now(UTC))
        show_json(found) if as_json else show(page(incident, WORDS[read_again.phase], found, every=every))

    tell_all(context, incident, tell)


def page(incident: str, phase: str, found: Sequence[Verdict], *, every: bool) -> RenderableType:
    """The count, and the clauses that are worth a look."""
    worth = tuple(one for one in found if every or one.verdict not in ("met", "not_applicable"))
    head = Text(f"{said_counts(found)}\n{incident}, {phase}", style="bold")
    more = "the clauses that were kept" + (" and what was no longer owed" if any(one.ended for one in found) else "")
    rest = no_longer_owed(found) if every else [Text(f"--all shows {more} too.", style="dim")]
    return Group(head, *([_verdicts(worth)] if worth else []), *rest)


def _verdicts(found: Sequence[Verdict]) -> RenderableType:
    """A line for each clause: what became of it, and what it asks for."""
    made = grid(2, last=False)
    for one in found:
        if one.verdict != "not_applicable":
            made.add_row(one.clause, Text(one.now, style=HUES.get(one.verdict, "")), Text(one.said))
    return made
