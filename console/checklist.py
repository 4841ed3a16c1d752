"""What is done and what is left in each stage of one incident (WAR-8)."""

from collections.abc import Sequence
from datetime import UTC, datetime

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from console.moment import named
from console.reading import tell_all
from console.screen import show, show_json
from console.session import AsJson, IncidentArg, Utc, zone
from domain.incident.event import Event
from domain.procedure.headline import WORDS
from domain.report.checklist import ChecklistLine, ChecklistPhase, checklist
from domain.run import read

app = typer.Typer()
MARKS = {"done": "✓", "late": "✓", "waived": "-", "never": "✗", "open": "○", "overdue": "!"}
TOLD = ("late", "never", "waived", "overdue")
"""What a mark alone does not say."""
STYLES = {"never": "red", "overdue": "bold red", "open": "bold", "late": "yellow"}


@app.command("checklist")
def show_checklist(context: typer.Context, incident: IncidentArg, utc: Utc = False, as_json: AsJson = False) -> None:
    """Show what is done and left in each stage (WAR-8)."""

    def tell(events: Sequence[Event]) -> None:
        read_again = read.read(events, excusing=True)
        found = checklist(read_again, datetime.now(UTC))
        show_json(found) if as_json else show(page(incident, WORDS[read_again.phase], found, utc=utc))

    tell_all(context, incident, tell)


def page(incident: str, phase: str, stages: Sequence[ChecklistPhase], *, utc: bool) -> RenderableType:
    """The stages, one step a line."""
    lines = [Text(f"{incident}, {phase}", style="bold")]
    for stage in stages:
        left = sum(step.left for step in stage.steps)
        lines.append(Text(f"{stage.name}: {f'{left} left' if left else 'complete'}", style="bold"))
        lines += [_line(step, utc=utc) for step in stage.steps]
    if any(step.due_at for stage in stages for step in stage.steps):
        lines.append(Text(named(datetime.now(UTC), zone(utc)), style="dim"))
    return Group(*lines)


def _line(step: ChecklistLine, *, utc: bool) -> Text:
    due = f", by {step.due_at.astimezone(zone(utc)):%d %b %H:%M}" if step.due_at else ""
    who = f" ({step.owner}{due})" if step.owner else ""
    said = f", {step.said}" if step.state in TOLD else ""
    return Text(f"  {MARKS[step.state]} {step.clause:<6} {step.says}{said}{who}", style=STYLES.get(step.state, ""))
