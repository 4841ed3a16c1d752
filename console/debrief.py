"""The report of a drill for a terminal: who was how fast, and which clauses held."""

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from console.moment import local, named
from console.page import table
from domain.report.debrief import Debrief, PromiseOutcome
from domain.report.scorecard import Verdict
from domain.value.model import spoken

HUES = {"met": "green", "late": "yellow", "missed": "bold red", "open": "yellow"}


def page(told: Debrief) -> RenderableType:
    """The whole report; clauses that did not apply are left out."""
    return Group(
        Text(f"\n{told.title} ({told.incident}), {spoken(told.lasted)}\n", style="bold"),
        Text("Who was how fast", style="bold"),
        _steps(told),
        Text("\nPromises of people", style="bold"),
        _promises(told.promises),
        Text("\nClauses", style="bold"),
        clauses(told.clauses),
    )


def _steps(told: Debrief) -> RenderableType:
    made = table("after", "clause", "who", "what")
    for one in told.steps:
        made.add_row(spoken(one.after), one.clause, one.by, one.step)
    return made if made.row_count else Text("Nobody did anything.")


def _promises(promises: tuple[PromiseOutcome, ...]) -> RenderableType:
    made = table("clause", "time", "who", "what")
    for one in promises:
        made.add_row(one.clause, Text(one.spoken, style="green" if one.late is None else "bold red"), one.who, one.says)
    return made if made.row_count else Text("None ran out or was kept.")


def clauses(found: tuple[Verdict, ...]) -> RenderableType:
    """What an incident says of every clause that applied."""
    made = table("clause", "verdict", "what")
    for one in found:
        if one.verdict != "not_applicable":
            made.add_row(one.clause, Text(one.now, style=HUES.get(one.verdict, "")), Text(one.said))
    return made


def no_longer_owed(found: Iterable[Verdict]) -> Iterator[RenderableType]:
    """What was neither kept nor missed, and why nobody owes it; nothing where there is none."""
    gone, zone = [one for verdict in found for one in verdict.ended], local()
    made = table("clause", "promise", "due", "not owed from", "because")
    for one in gone:
        due, ended = (f"{at.astimezone(zone):%d %b %H:%M}" for at in (one.due_at, one.ended_at))
        made.add_row(one.clause, one.says, due, ended, one.why)
    if gone:
        yield Text("\nNo longer owed before their time", style="bold")
        yield made
        yield Text(named(gone[-1].ended_at, zone), style="dim")
