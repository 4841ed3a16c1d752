"""One incident as its page shows it, read again from its events."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from domain.company.core_role import CoreRole
from domain.incident.clocks import Kept, Missed
from domain.incident.effects import Done, in_past
from domain.incident.entry import STANDFAST
from domain.incident.event import Event
from domain.incident.incident import Incident
from domain.procedure.changes import ChangeAnswered
from domain.procedure.headline import links
from domain.procedure.repeats import seen_before, was_searched
from domain.report.checklist import ChecklistPhase, checklist, is_left
from domain.report.deeds import remarks, taken_beside
from domain.report.due import Due
from domain.report.ended import PromiseEnd, no_longer_owed
from domain.report.promises import State
from domain.report.view import View, view
from domain.rule.names import InRoom, with_titles
from domain.run.agenda import owed
from domain.value.key import ItemKey
from domain.value.line import Line, in_words
from domain.value.model import said_count, said_span
from ingress.board.access import PRIVATE, UNSAID
from ingress.board.answers import CUSTOMERS, HeadAnswers, answers, final_words, parts_of
from ingress.board.lane import LaneGroup, broken, counted, lanes
from ingress.board.names import BoardNames
from ingress.board.page import web
from ingress.board.proof import ProvedVerdict, proved

LINES, NEWEST = 200, 12
"""Events on one page, and those of them that are not folded away where no others are asked for."""
FEW = 3
"""Promises that were late or never kept which stand beside their count; each lane has its own."""
PARTS: dict[str, tuple[str, Callable[[Event], bool]]] = {
    "people": ("People", lambda event: event.by != STANDFAST),
    "promises": ("Promises", lambda event: isinstance(event.what, Kept | Missed)),
    "customers": ("Customers", lambda event: event.clause.startswith(CUSTOMERS)),
    "news": ("Everything", lambda event: True),
}
"""The parts of a timeline that can be looked at alone: the name, and which events they hold, upkeep apart."""
USUAL = "people"
"""The part that is shown where none is asked for."""

SAY = "say"
"""The duty that tells the room of an event."""
LOOKS = ("read_pages", "read_item", "read_document", "read_status")
"""Duties that only look how something stands; that they did is no news."""


class AskedLines(NamedTuple):
    """Which events are asked for, as the address says it."""

    before: int = 0
    quiet: bool = False
    part: str = USUAL
    at: str = ""

    def holds(self, event: Event) -> bool:
        """Whether an event is among them, as far as that can be told without its line."""
        return (not self.before or event.number < self.before) and (not self.part or PARTS[self.part][1](event))

    @property
    def csv(self) -> str:
        """The address of everything as a spreadsheet."""
        return "?" + urlencode({name: value for name, value in (("at", self.at), ("format", "csv")) if value})

    def where(self, **change: Any) -> str:
        """The address of the same page with other events."""
        asked = self._replace(**change)
        said = {
            "at": asked.at,
            "show": asked.part if asked.part != USUAL else "",
            "before": asked.before,
            "all": int(asked.quiet),
        }
        return "?" + urlencode({name: value for name, value in said.items() if value})


class Decided(NamedTuple):
    """A change that was decided: what, when, and by whose word (FIX-1, FIX-2)."""

    words: str
    at: datetime
    by: str
    due: datetime | None = None
    """Until when what brings it back is due."""


@dataclass
class IncidentPage:
    """What the page is made of; for a private incident only what everybody may see."""

    view: View
    whole: bool
    as_of: datetime
    owed: tuple[str, ...] = ()
    lines: list[tuple[Event, Line]] = field(default_factory=list)
    earlier: int = 0
    links: tuple[tuple[str, str], ...] = ()
    decided: tuple[Decided, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    stages: tuple[ChecklistPhase, ...] = ()
    verdicts: tuple[ProvedVerdict, ...] = ()
    lanes: tuple[LaneGroup, ...] = ()
    answers: HeadAnswers | None = None
    asked: AskedLines = field(default_factory=AskedLines)
    counts: dict[str, int] = field(default_factory=dict)
    """How many events the parts of the timeline hold."""
    remarks: dict[int, tuple[State, str]] = field(default_factory=dict)
    """What became of the promise that an event kept, by the event's number."""
    said_at: dict[int, str] = field(default_factory=dict)
    """Where the room reads of an event, by its number."""
    ended: tuple[PromiseEnd, ...] = ()
    """What was neither kept nor missed, and why."""
    waiting: tuple[Due, ...] = ()
    """What leaves by itself at a moment, unless somebody says it before."""

    @property
    def moments(self) -> tuple[tuple[str, datetime], ...]:
        """When what happened, as far as it has."""
        seen = self.view
        named = {
            "fired": seen.fired_at,
            "opened": seen.opened_at,
            "acknowledged": seen.acknowledged_at,
            "declared": seen.declared_at,
            "resolved": seen.resolved_at,
            "closed": seen.closed_at,
        }
        return tuple((name, at) for name, at in named.items() if at)

    @property
    def due(self) -> list[Due]:
        """What is due: overdue longest first, then what is due next."""
        return sorted((*self.view.due, *self.waiting), key=lambda one: one.order)

    def context(self) -> dict[str, Any]:
        """The names that the template knows."""
        severity = self.view.severity or f"{self.view.proposed}?"
        said: dict[str, Any] = {
            "moments": self.moments,
            "severity_name": severity,
            "parts": PARTS,
            "proof_at": self.proof_at,
        }
        unfolded = LINES if self.asked.before or self.asked.quiet else NEWEST
        said |= {"promised": counted(self.lanes), "broken": broken(self.lanes)[:FEW], "unfolded": unfolded}
        return {**self.__dict__, **said, "due": self.due}

    def proof_at(self, number: int) -> str:
        """Where an event can be read: on this page, or on the one that begins with it."""
        here = any(event.number == number for event, _ in self.lines)
        return f"{'' if here else self.asked.where(before=number + 1, quiet=True, part='')}#event-{number}"


def dossier(incident: Incident, naming: BoardNames, as_of: datetime, asked: AskedLines) -> IncidentPage:
    """Everything, for somebody who may read it, with the events that are asked for."""
    lines, seen = _lines(incident, naming, asked), view(incident, ())
    return IncidentPage(
        view=seen,
        whole=True,
        as_of=as_of,
        owed=tuple(in_words(duty.summary) for duty in owed(incident) if is_left(duty, as_of)),
        lines=lines[:LINES],
        earlier=lines[LINES - 1][0].number if len(lines) > LINES else 0,
        links=_links(incident),
        decided=tuple(_decided(incident, naming)),
        facts=_facts(incident, naming),
        stages=checklist(incident, as_of),
        verdicts=proved(incident, as_of),
        lanes=lanes(incident, as_of),
        answers=answers(seen, naming, parts_of(incident.policy), incident),
        asked=asked,
        counts=_counts(incident.events, naming),
        remarks=remarks(incident, as_of),
        said_at=dict(_said_at(incident)),
        ended=tuple(no_longer_owed(incident, InRoom(incident))),
        waiting=tuple(final_words(incident)),
    )


def _said_at(incident: Incident) -> Iterator[tuple[int, str]]:
    """Each message that the chat gave an address, with the number of the event that it tells."""
    for _, done in incident.all(Done):
        if done.duty == SAY and done.about.isdigit() and web(done.outcome.url):
            yield int(done.about), done.outcome.url


def veiled(seen: View, naming: BoardNames, parts: Mapping[CoreRole, str], as_of: datetime) -> IncidentPage:
    """A security incident for everybody else: that it is there, how grave, which clocks run."""
    due = tuple(one.model_copy(update=UNSAID) for one in seen.due)
    hidden: dict[str, Any] = {"title": PRIVATE, "due": due}
    hidden |= dict.fromkeys(("summary", "room", "status_page", "root_cause"), "")
    hidden |= {
        "words": {},
        "tasks": {},
        "open_items": {},
        "findings": {},
        "card": (),
        "card_moments": (),
    } | dict.fromkeys(("found", "draft", "mail"))
    shown = seen.model_copy(update=hidden)
    return IncidentPage(view=shown, whole=False, as_of=as_of, answers=answers(shown, naming, parts))


def _lines(incident: Incident, naming: BoardNames, asked: AskedLines) -> list[tuple[Event, Line]]:
    """One more than a page of them, the newest first."""
    found: list[tuple[Event, Line]] = []
    told = incident.events
    beside = taken_beside(told) if asked.part == USUAL else frozenset()
    for event in reversed(told):
        if not asked.holds(event) or event.number in beside:
            continue
        line = event.what.line(naming)
        line = line._replace(words=with_titles(in_past(line.words), incident))
        if asked.quiet or not _is_upkeep(event, line):
            found.append((event, line))
        if len(found) > LINES:
            break
    return found


def _is_upkeep(event: Event, line: Line) -> bool:
    return line.tone == "quiet" or (isinstance(event.what, Done) and event.what.duty in LOOKS)


def _counts(events: Iterable[Event], naming: BoardNames) -> dict[str, int]:
    """How many events each part of the timeline holds."""
    events = [*events]
    told = [event for event in events if not _is_upkeep(event, event.what.line(naming))]
    found = {name: sum(holds(event) for event in told) for name, (_, holds) in PARTS.items()}
    return {**found, USUAL: found[USUAL] - len(taken_beside(events))}


def _links(incident: Incident) -> tuple[tuple[str, str], ...]:
    """Where to look: the room first, then what the alert and the catalog name; only addresses of the web."""
    room = [(f"War room #{incident.room_name}", incident.room_url)] if incident.open_room else []
    items = [(f"Action item: {item.title}", item.url) for item in incident.items.values()]
    found = [*room, *items, *((link.label, link.url) for link in links(incident))]
    named = {
        url: label for label, url in reversed(found) if web(url) and url != incident.policy.board_page(incident.id)
    }
    return tuple((label, url) for label, url in found if named.pop(url, "") == label)


def _decided(incident: Incident, naming: BoardNames) -> Iterator[Decided]:
    """The changes that count, the newest first: who decided each, who allowed it, what brings it back."""
    allowed = {said.number: event.by for event, said in incident.all(ChangeAnswered) if said.granted}
    for change in reversed(incident.changes.values()):
        if change.counts:
            item = incident.items.get(ItemKey.change(change.number))
            back = f"{item.ref or item.title} {item.state}" if item else ""
            word = f"allowed by {naming.first(allowed[change.number])}" if change.number in allowed else ""
            who = "; ".join(filter(None, [naming.first(change.by), word, back]))
            due = item.due_at if item else None
            yield Decided(f"{change.description or change.change} ({change.change})", change.at, who, due)


def _facts(incident: Incident, naming: BoardNames) -> tuple[tuple[str, str], ...]:
    opened, learning = incident.opened, incident.learning
    left = sum(item.state == "open" for item in incident.items.values())
    moved = sum(item.redated for item in incident.items.values())
    found = {
        f"Why {opened.proposed}": opened.because,
        "Team": naming.team(incident.service.team),
        "Environment": opened.environment,
        "Alerts": f"{len(incident.alerts)}, from {naming.person(opened.source)}",
        "Seen before": seen_before(opened.repeats, incident.opened_at) if opened.repeats else "",
        "Took": said_span(incident.resolved_at - opened.fired_at) if incident.resolved_at else "",
        "Root cause": learning.cause_title or learning.cause,
        "Same cause as": same_cause(incident),
        "Action items": f"{left} of {len(incident.items)} open" if incident.items else "",
        "Days of action items": f"moved {said_count(moved, 'time')}" if moved else "",
    }
    return tuple((name, value) for name, value in found.items() if value)


def same_cause(incident: Incident) -> str:
    """REP-1: the others with its root cause; that there is none is known once somebody has looked."""
    if not incident.learning.cause or incident.opened.drill:
        return ""
    found = ", ".join(one.incident for one in incident.learning.repeats)
    return found or ("no other incident" if was_searched(incident) else "not looked up yet")
