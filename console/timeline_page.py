"""What happened in an incident, as a terminal shows it: who did what when, in sentences, the clause last (WAR-6)."""

from collections.abc import Container
from datetime import datetime, tzinfo

from rich.console import Group, RenderableType
from rich.text import Text

from console.moment import clock, named
from console.page import is_quiet
from console.screen import grid
from domain.incident.clocks import Missed, Reminded
from domain.incident.effects import in_past
from domain.incident.entry import STANDFAST
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.report.deeds import remarks, taken_beside
from domain.report.promises import State
from domain.rule.names import ToPeople, with_titles
from domain.value.clip import clipped
from domain.value.line import Names
from vendors.vendor import spelled

LONGEST = 160
"""Characters of what somebody wrote; --all has it whole, and the addresses."""
HUES: dict[State, str] = {"late": "bold red"}


def timeline(incident: Incident, now: datetime, zone: tzinfo, *, after: int = 0, every: bool = False) -> RenderableType:
    """What happened, without the software's own errands and reminders unless all are wanted, then with numbers."""
    events = [event for event in incident.events if event.number > after]
    beside, said = taken_beside(incident.events), remarks(incident, now)
    late = {(event.at, event.clause) for event in events if (remark := said.get(event.number)) and remark[0] == "late"}
    shown = events if every else [event for event in events if not (_is_quiet(event, beside) or _is_said(event, late))]
    if not shown:
        return Text("Nothing has happened yet." if not events else "Nothing but errands; --all has them.")
    made = grid(3 if every else 2)
    names = ToPeople(incident)
    for event in shown:
        words = _said(event, names, said.get(event.number), every=every)
        number = [str(event.number)] if every else []
        made.add_row(*number, clock(event.at, now, zone), _who(event, names), words, event.clause)
    rest = "" if len(shown) == len(events) else f"{len(shown)} of {len(events)} events; --all has the rest.  "
    return Group(made, Text(f"{rest}{named(now, zone)}", style="dim"))


def _is_quiet(event: Event, beside: Container[int]) -> bool:
    return is_quiet(event) or isinstance(event.what, Reminded) or event.number in beside


def _is_said(event: Event, late: Container[tuple[datetime, str]]) -> bool:
    """Whether how late it was stands at what somebody did."""
    return isinstance(event.what, Missed) and event.what.kept_late and (event.at, event.clause) in late


def _who(event: Event, names: Names) -> str:
    return "Standfast" if event.by == STANDFAST else spelled(names.person(event.by))


def _said(event: Event, names: ToPeople, remark: tuple[State, str] | None, *, every: bool) -> Text:
    """One event in a sentence, how early or late it was, what somebody wrote; with all, where it can be looked at."""
    line = event.what.line(names)
    detail = line.detail if every else clipped(line.detail, LONGEST)
    said = Text(with_titles(in_past(line.words), names.incident).removeprefix(f"{_who(event, names)} "))
    if remark:
        said.append(f", {remark[1]}", HUES.get(remark[0], ""))
    return said.append(f": {detail}" if detail else "").append(f" {line.url}" if every and line.url else "")
