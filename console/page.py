"""How incidents, deadlines and timelines look in a terminal. Pure: the same answer and moment give the same page."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from types import MappingProxyType

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from client.port import IncidentSummary
from console.address import address
from console.due_page import HOT, dues, left
from console.moment import clock, in_zone, named, span
from console.screen import grid
from domain.incident.clocks import Kept, WaitOver
from domain.incident.effects import Done
from domain.incident.event import Event
from domain.procedure.headline import WORDS
from domain.procedure.sitrep import DOES
from domain.procedure.sop import PROCEDURE
from domain.procedure.update_clocks import COM_2
from domain.report.view import View
from domain.value.line import AsTheyAre


def table(*columns: str) -> Table:
    """A table without lines; the last column takes what is left."""
    made = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for column in columns:
        made.add_column(column, overflow="fold", no_wrap=column in ("incident", "clause", "when", "left", "severity"))
    return made


def glances(
    found: Iterable[IncidentSummary], now: datetime, called: Mapping[str, str] = MappingProxyType({})
) -> RenderableType:
    """The list: how bad, which, what, who has it since when, and at the right what is left until its next deadline.

    `called`: what people call those whom, and what, the engine knows by id alone.
    """
    made = grid(2)
    for one in found:
        phase = WORDS.get(one.phase, one.phase) or "no worker has seen it yet"
        commander, service = (called.get(name, name) for name in (one.commander, one.service))
        who = f", {commander or 'nobody'} commands" if one.phase in ("triage", "active") else ""
        what = Text(f"{'DRILL ' if one.kind == 'drill' else ''}{service or '-'}: {one.title}", style="bold")
        what.append(f"\n{phase}{who}, opened {span(max(now - one.opened_at, timedelta()))} ago", "not bold dim")
        due = left(one.next_due_at, now) if one.next_due_at else "-"
        made.add_row(Text(one.severity or "-", style=HOT.get(one.severity, "")), one.id, what, due)
    return made if made.row_count else Text("No incident matches; `standfast list --all` shows closed ones too.")


def nothing(over: int) -> str:
    """The list while nothing is being fought, with how many are not followed up."""
    if not over:
        return "Nothing is open; `standfast list --all` shows closed ones too."
    return f"Nothing is being fought. {over} in follow-up: `standfast list --phase resolved`, or `standfast due`."


def glance(one: IncidentSummary, now: datetime, called: Mapping[str, str]) -> RenderableType:
    """What is known of an incident while no worker answers."""
    warning = Text("No worker answers: this is what the engine itself knows, and it may be a moment old.", "yellow")
    return Group(warning, glances([one], now, called))


def view(one: View, now: datetime, zone: tzinfo = UTC) -> RenderableType:
    """One incident: what it is, who does what, what is due next, what is owed to the world."""
    parts: list[RenderableType] = [_head(one, now, zone)]
    parts += [Text(f"    {words}") for words in _people(one)] + [_facts(one, now, zone)]
    parts += [dues(one.due, now, zone)] if one.due else [Text("Nothing is due.")]
    if one.owed:
        parts += [Text("Being tried:"), *(Text(f"  {what}") for what in one.owed)]
    phase = WORDS.get(one.phase, one.phase)
    foot = [f"{one.id}, {phase}", f"#{one.room}" if one.room else "", named(now, zone)]
    return Group(*parts, Text("  ".join(part for part in foot if part), "dim"), Text(address(one.id), "dim"))


def _head(one: View, now: datetime, zone: tzinfo) -> RenderableType:
    """Severity and title, and since when; the end where it is over."""
    drill = "DRILL " if one.kind == "drill" else ""
    severity = one.severity or f"{one.proposed}?"
    since, over = clock(one.fired_at, now, zone), one.resolved_at
    lasted = f"took {span(over - one.fired_at)}" if over else span(max(now - one.fired_at, timedelta()))
    about = f"{one.service_title}: {one.title}" if one.service_title else one.title
    title = Text(f"{drill}{severity}  {about}", style=HOT.get(one.severity or "", "bold"))
    made = grid(0)
    made.add_row(title, Text(f"since {since}, {lasted}"))
    return made


def _people(one: View) -> list[str]:
    """Who does what, the command first; that nobody commands is said too."""
    order = sorted(one.roles.items(), key=lambda held: list(DOES).index(held[0]) if held[0] in DOES else len(DOES))
    held: dict[str, list[str]] = {}
    for role, person in order:
        held.setdefault(person, []).append(DOES.get(role) or f"is {one.role_titles.get(role, role)}")
    said = [f"{_name(one, person)} {' and '.join(doing)}" for person, doing in held.items()]
    vacant = [] if "commander" in one.roles or one.resolved_at else ["nobody commands"]
    return [", ".join([*vacant, *said])]


def _name(one: View, person: str) -> str:
    return one.names.get(person, person).split(" ")[0] or person


def _facts(one: View, now: datetime, zone: tzinfo) -> RenderableType:
    """What the pinned card says; of an older worker what was found last, and where customers read of it."""
    found, ended = one.found, one.resolved_at
    said = {name: in_zone(words, one.card_moments, now, zone) for name, words in one.card}
    said.setdefault(
        "Found last", f"{_name(one, found.by)}, {clock(found.at, now, zone)}: {found.text}" if found else "-"
    )
    again = next((due.due_at for due in one.due if due.clause == COM_2.id and due.due_at > now), None)
    hear = f"hear again by {clock(again, now, zone)}" if again else ""
    said["Customers"] = ", ".join(filter(None, [said.get("Customers"), hear])) or "-"
    wait = f"update {one.draft.number} ({one.draft.status}) waits for approval" if one.draft else "-"
    where = "-" if one.environment in ("", "production") else f"{one.environment}, {one.service} (team {one.team})"
    solved = f"{clock(ended, now, zone)}: {one.summary}" if ended else "-"
    own = {"Status page": one.status_page or "-", "Waiting": wait, "Where": where, "Solved": solved}
    return Padding(_named(said | own), (0, 0, 0, 4))


def postmortem(one: View, now: datetime, zone: tzinfo) -> RenderableType:
    """The follow-up of one incident: the document, what is known, and what is still due (PM-1 to GDP-2)."""
    breach = {True: "yes", False: "no", None: "not answered yet (GDP-1)"}[one.breach]
    owed = one.postmortem_due_at or not one.resolved_at
    facts = {
        "document": one.postmortem or ("not opened yet" if owed else f"none is owed for a {one.severity}"),
        "due": clock(one.postmortem_due_at, now, zone) if one.postmortem_due_at else "-",
        "completed": clock(one.postmortem_completed_at, now, zone) if one.postmortem_completed_at else "-",
        "root cause": one.root_cause or ("not named yet (PM-3)" if owed else "-"),
        "repeats": one.repeat_of or "-",
        "data breached": breach,
        "action items": str(one.items),
    }
    title = Text(f"Post-mortem of {one.id} {one.title}", style="bold")
    later = [due for due in one.due if _comes_after(due.clause)]
    return Group(title, _named(facts), Text(""), dues(later, now, zone), Text(named(now, zone), "dim"))


def _named(facts: Mapping[str, str]) -> Table:
    """Names and values, without those that have none."""
    made = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    for name, value in facts.items():
        if value != "-":
            made.add_row(Text(name, style="dim"), Text(value))
    return made


def _comes_after(clause: str) -> bool:
    """Whether a clause's clock belongs to the follow-up: no end of the incident stops it, and it has no target."""
    promise = PROCEDURE.promises.get(clause)
    return promise is not None and promise.outlives and not promise.optional


def is_quiet(event: Event) -> bool:
    """What a reader need not see at first: the software's own errands, and promises that were kept."""
    own = isinstance(event.what, Done) and event.what.unseen
    return event.what.upkeep or own or isinstance(event.what, Kept | WaitOver)


def lines(events: Iterable[Event]) -> Text:
    """What happened as lines under each other, for a terminal that is followed."""
    return Text("\n").join(Text(f"{e.at:%H:%M:%S}  {e.clause:<6} {e.by:<10} {told(e)}") for e in events)


def told(event: Event) -> str:
    """One event in a line: its words, the clock it is about, and where it can be looked at."""
    line = event.what.line(AsTheyAre())
    return " · ".join(part for part in (line.words, f"{line.label} {line.detail}".strip(), line.url) if part)
