"""How incidents, deadlines and timelines look in a terminal. Pure: the same answer and moment give the same page."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from client.port import IncidentSummary
from domain.incident.effects import Done
from domain.incident.event import Event
from domain.procedure.headline import WORDS
from domain.procedure.sop import PROCEDURE
from domain.report.view import Due, View
from domain.value.line import AsTheyAre
from domain.value.model import write_span

HOT = {"P1": "bold red", "P2": "bold yellow"}
SOON = timedelta(minutes=5)


def span(length: timedelta) -> str:
    """A time as a person says it: seconds only below an hour, minutes only below a day."""
    seconds = int(length.total_seconds())
    unit = 1 if seconds < 3600 else 60 if seconds < 86_400 else 3600
    return write_span(timedelta(seconds=seconds // unit * unit))


def ago(moment: datetime | None, now: datetime) -> str:
    """A moment with how long ago it was; a dash for never."""
    return f"{moment:%d %b %H:%M:%S} UTC ({span(max(now - moment, timedelta()))} ago)" if moment else "-"


def left(due_at: datetime, now: datetime) -> Text:
    """What is left until a deadline, counted down; late in red, soon in yellow."""
    if due_at <= now:
        return Text(f"{span(now - due_at)} late", style="bold red")
    return Text(f"in {span(due_at - now)}", style="yellow" if due_at - now <= SOON else "")


def table(*columns: str) -> Table:
    """A table without lines; the last column takes what is left."""
    made = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for column in columns:
        made.add_column(column, overflow="fold", no_wrap=column in ("incident", "clause", "when", "left", "severity"))
    return made


def glances(found: Iterable[IncidentSummary], now: datetime) -> RenderableType:
    """The list: one incident a line."""
    made = table("incident", "severity", "phase", "service", "commander", "next due", "open for", "title")
    for one in found:
        made.add_row(
            one.id,
            Text(one.severity or "-", style=HOT.get(one.severity, "")),
            one.phase or "no worker has seen it yet",
            one.service or "-",
            one.commander or "-",
            left(one.next_due_at, now) if one.next_due_at else "-",
            span(max(now - one.opened_at, timedelta())),
            Text(("DRILL " if one.kind == "drill" else "") + one.title),
        )
    return made if made.row_count else Text("No incident matches; `standfast list --all` shows closed ones too.")


def glance(one: IncidentSummary, now: datetime) -> RenderableType:
    """What is known of an incident while no worker answers."""
    warning = Text("No worker answers: this is what the engine itself knows, and it may be a moment old.", "yellow")
    return Group(warning, glances([one], now))


def view(one: View, now: datetime) -> RenderableType:
    """One incident: where it stands, who does what, what is due and what is owed."""
    drill = "DRILL " if one.kind == "drill" else ""
    severity = one.severity or f"{one.proposed} proposed"
    title = Text(f"{drill}{one.id} [{severity}] {one.title}", style=HOT.get(one.severity or "", "bold"))
    parts: list[RenderableType] = [title, _facts(one, now), Text("")]
    parts += [dues(one.due, now, incident=False)] if one.due else [Text("Nothing is due.")]
    if one.owed:
        parts += [Text("\nOwed to the world, and being tried:"), *(Text(f"  {what}") for what in one.owed)]
    return Group(*parts)


def _facts(one: View, now: datetime) -> Table:
    roles = ", ".join(f"{role.replace('_', ' ')} {person}" for role, person in one.roles.items()) or "nobody yet"
    facts = {
        "phase": WORDS.get(one.phase, one.phase),
        "service": f"{one.service} (team {one.team}), {one.environment}",
        "kind": one.kind,
        "roles": roles,
        "fired": ago(one.fired_at, now),
        "acknowledged": ago(one.acknowledged_at, now),
        "declared": ago(one.declared_at, now),
        "resolved": ago(one.resolved_at, now),
        "closed": ago(one.closed_at, now),
        "war room": f"#{one.room}" if one.room else "-",
        "status page": one.status_page or "-",
        "summary": one.summary or "-",
        "so far": f"{one.alerts} alert(s), {one.events} events, {one.items} action item(s), {one.misses} missed",
    }
    return _named(facts)


def postmortem(one: View, now: datetime) -> RenderableType:
    """The follow-up of one incident: the document, what is known, and what is still due (PM-1 to GDP-2)."""
    breach = {True: "yes", False: "no", None: "not answered yet (GDP-1)"}[one.breach]
    facts = {
        "document": one.postmortem or "not opened yet",
        "due": f"{one.postmortem_due_at:%d %b %H:%M} UTC" if one.postmortem_due_at else "-",
        "completed": ago(one.postmortem_completed_at, now),
        "root cause": one.root_cause or "not named yet (PM-3)",
        "repeats": one.repeat_of or "-",
        "data breached": breach,
        "action items": str(one.items),
    }
    title = Text(f"Post-mortem of {one.id} {one.title}", style="bold")
    later = [due for due in one.due if _comes_after(due.clause)]
    return Group(title, _named(facts), Text(""), dues(later, now, incident=False))


def _named(facts: Mapping[str, str]) -> Table:
    """Names and values, without those that have none."""
    made = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    for name, value in facts.items():
        if value != "-":
            made.add_row(Text(name, style="dim"), Text(value))
    return made


def dues(found: Iterable[Due], now: datetime, *, incident: bool = True) -> RenderableType:
    """Running deadlines, the next first."""
    made = table(*(["incident"] if incident else []), "clause", "left", "when", "who", "what")
    for one in sorted(found, key=lambda due: due.due_at):
        cells: list[str | Text] = [one.incident] if incident else []
        who = f"{one.person} ({one.owner})" if one.person else one.owner
        made.add_row(*cells, one.key, left(one.due_at, now), f"{one.due_at:%d %b %H:%M:%S} UTC", who, Text(one.says))
    return made if made.row_count else Text("Nothing is due.")


def _comes_after(clause: str) -> bool:
    """Whether a clause's clock belongs to the follow-up: no end of the incident stops it, and it has no target."""
    promise = PROCEDURE.promises.get(clause)
    return promise is not None and promise.outlives and not promise.optional


def is_small(event: Event) -> bool:
    """Whether an event only says that something else was told or shown."""
    return isinstance(event.what, Done) and event.what.upkeep


def lines(events: Iterable[Event]) -> Text:
    """What happened as lines under each other, for a terminal that is followed."""
    return Text("\n").join(Text(f"{e.at:%H:%M:%S}  {e.clause:<6} {e.by:<10} {told(e)}") for e in events)


def timeline(events: Iterable[Event]) -> RenderableType:
    """What happened, with who and when (WAR-6)."""
    made = table("#", "when", "clause", "who", "what")
    for event in events:
        made.add_row(str(event.number), f"{event.at:%d %b %H:%M:%S}", event.clause, event.by, Text(told(event)))
    return made if made.row_count else Text("Nothing has happened yet.")


def told(event: Event) -> str:
    """One event in a line: its words, the clock it is about, and where it can be looked at."""
    line = event.what.line(AsTheyAre())
    return " · ".join(part for part in (line.words, f"{line.label} {line.detail}".strip(), line.url) if part)
