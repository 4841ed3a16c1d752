"""What a policy brings about in an incident, one line each: the lines that two readings are compared by."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.incident.clocks import Missed, Reminded
from domain.incident.effects import Done
from domain.incident.entry import STANDFAST
from domain.incident.event import Event
from domain.incident.fact import Fact
from domain.incident.incident import Incident
from domain.incident.lifecycle import Closed, Reopened, Resolved
from domain.incident.record import Refused
from domain.incident.severity import SeverityDeclared
from domain.procedure.paging import level_of
from domain.rule.names import InRoom

Sort = Literal[
    "proposed", "declared", "page", "reminder", "miss", "room", "manager", "update", "resolved", "reopened", "closed"
]


COMPARED: Mapping[type[Fact], Sort] = {
    Reminded: "reminder",
    Missed: "miss",
    SeverityDeclared: "declared",
    Resolved: "resolved",
    Reopened: "reopened",
    Closed: "closed",
}


@dataclass(frozen=True, slots=True)
class Consequence:
    """One thing: `sort` and `key` say whether it is the same in another reading."""

    sort: Sort
    key: str
    at: datetime
    says: str


def happenings(incident: Incident) -> Iterator[Consequence]:
    """Everything that is compared, in its order."""
    count: Counter[str] = Counter()
    yield Consequence("proposed", "", incident.opened_at, f"{incident.opened.proposed}: {incident.opened.because}")
    for event in incident.events:
        found = _event(incident, event) or _effect(incident, event)
        if found:
            count[f"{found.sort} {found.key}"] += 1
            number = count[f"{found.sort} {found.key}"]
            if number == 1:
                yield found
            elif found.sort != "miss":
                yield Consequence(found.sort, f"{found.key} #{number}", found.at, found.says)


def _event(incident: Incident, event: Event) -> Consequence | None:
    """What is compared by its kind, in its own line, which both readings have in today's words."""
    what, names = event.what, InRoom(incident)
    sort = COMPARED.get(type(what))
    if sort is None:
        return None
    said = what.line(names).said_by("Standfast" if event.by == STANDFAST else event.signed(names))
    if isinstance(what, Missed) and not what.kept_late:
        return Consequence(sort, what.key, event.at, f"{said}, {_fate(incident, what.key)}")
    return Consequence(sort, what.key if isinstance(what, Reminded | Missed) else "", event.at, said)


def _fate(incident: Incident, key: str) -> str:
    """What became of a promise that was missed."""
    ends = (one for _, one in incident.all(Missed) if one.key == key and one.kept_late)
    return next((one.line(InRoom(incident)).words for one in ends), "never kept")


def _effect(incident: Incident, event: Event) -> Consequence | None:
    """What was done for people, by what it was: its summary may be in the words of an older release."""
    match event.what:
        case Done(duty="page") as done:
            return Consequence("page", done.about, event.at, _page(incident, done))
        case Done(duty="open_room"):
            return Consequence("room", "", event.at, "the war room opened")
        case Done(duty="invite", clause="WAR-5"):
            return Consequence("manager", "", event.at, "the manager was brought in")
        case Done(duty="publish_update") as done:
            update = incident.updates[int(done.about)]
            by = " by standfast" if update.approved_by == STANDFAST else ""
            return Consequence("update", str(update.number), event.at, f"{update.status}{by}")
    return None


def _page(incident: Incident, done: Done) -> str:
    """Whom a page was for: the level of the ladder and who was reached."""
    people = ", ".join(map(incident.called, done.outcome.people)) or "whoever was on call"
    return f"{level_of(incident, done.about)}: {people}"


def refusals(incident: Incident, before: Incident) -> tuple[str, ...]:
    """The acts that were refused and had not been before, each with its reason."""
    then = {(event.by, event.at, refused.act, refused.reason) for event, refused in before.all(Refused)}
    return tuple(
        f"{incident.called(event.by)}: {refused.act.replace('_', ' ')}: {refused.reason}"
        for event, refused in incident.all(Refused)
        if (event.by, event.at, refused.act, refused.reason) not in then
    )
