"""The table at the demo's end: every clause, met, missed or not applicable."""

from datetime import timedelta

from rich.table import Table

from domain.incident.incident import Incident
from domain.report.scorecard import Verdict, scorecard
from domain.value.model import spoken

COLOURS = {"met": "green", "late": "yellow", "missed": "bold red", "waived": "cyan"}


def scores(incident: Incident) -> Table:
    """The scorecard of a closed incident."""
    table = Table(title=f"{incident.id}: the clauses of the SOP", title_justify="left", box=None, pad_edge=False)
    for heading in ("clause", "verdict", "what it asks"):
        table.add_column(heading, no_wrap=heading != "what it asks", overflow="ellipsis")
    for verdict in scorecard(incident, incident.events[-1].at):
        colour = COLOURS.get(verdict.verdict, "dim")
        table.add_row(verdict.clause, f"[{colour}]{_said(verdict)}[/]", verdict.title)
    return table


def _said(verdict: Verdict) -> str:
    if verdict.late:
        return f"late by {spoken(verdict.late) if verdict.late >= timedelta(seconds=0.5) else 'under a second'}"
    return verdict.verdict.replace("_", " ")
